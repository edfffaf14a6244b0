package api

import (
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"
)

// The languages that sentences are written in.
const (
	hant = "zh-Hant"
	hans = "zh-Hans"
	en   = "en"
)

// languageOf is the one that a request asks for: by ?lang, by Accept-Language, or by who asks; "" = none.
func languageOf(c *gin.Context) string {
	if lang := known(c.Query("lang")); lang != "" {
		return lang
	}
	if lang := accepted(c.GetHeader("Accept-Language")); lang != "" {
		return lang
	}
	return known(callerOf(c).person.Lang)
}

// known brings a language tag to one of ours; "" = it is none. Regions stand for the script that is written there.
func known(tag string) string {
	tag = strings.ToLower(strings.ReplaceAll(strings.TrimSpace(tag), "_", "-"))
	first, rest, _ := strings.Cut(tag, "-")
	switch first {
	case "en":
		return en
	case "zh":
		for part := range strings.SplitSeq(rest, "-") {
			switch part {
			case "hans", "cn", "sg", "my":
				return hans
			case "hant", "tw", "hk", "mo":
				return hant
			}
		}
		return hant
	}
	return ""
}

// accepted picks from an Accept-Language header; of equal wishes the first.
func accepted(header string) string {
	best, weight := "", 0.0
	for part := range strings.SplitSeq(header, ",") {
		tag, params, _ := strings.Cut(part, ";")
		lang, q := known(tag), 1.0
		if text, ok := strings.CutPrefix(strings.TrimSpace(params), "q="); ok {
			parsed, err := strconv.ParseFloat(text, 64)
			if err != nil {
				continue
			}
			q = min(parsed, 1)
		}
		if lang != "" && q > weight {
			best, weight = lang, q
		}
	}
	return best
}
