package api

import (
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"github.com/guicheng/guicheng/definitions/report"
)

// The languages that sentences are written in.
const (
	hant = "zh-Hant"
	hans = "zh-Hans"
	en   = "en"
)

// languageOf is the one that a request asks for: by ?lang, by Accept-Language, or by who asks; "" = none.
func languageOf(c *gin.Context) string {
	if lang := report.Language(c.Query("lang")); lang != "" {
		return lang
	}
	if lang := accepted(c.GetHeader("Accept-Language")); lang != "" {
		return lang
	}
	return report.Language(callerOf(c).person.Lang)
}

// accepted picks from an Accept-Language header; of equal wishes the first.
func accepted(header string) string {
	best, weight := "", 0.0
	for part := range strings.SplitSeq(header, ",") {
		tag, params, _ := strings.Cut(part, ";")
		lang, q := report.Language(tag), 1.0
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
