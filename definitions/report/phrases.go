package report

import (
	_ "embed"
	"regexp"
	"slices"
	"strings"
	"sync"
)

// phrasesText says the messages and hints in Chinese: three lines each, in English, zh-Hant and zh-Hans. What stands in
// {1} and {2} is taken over, in Chinese if it is a phrase itself. One that begins with ~ is only a part of others.
//
//go:embed phrases.txt
var phrasesText string

// phrase is one way to say something.
type phrase struct {
	english *regexp.Regexp
	weight  int  // characters of it that are no hole
	opens   bool // it begins with words
	part    bool // it is only a part of others
	words   [2]string
}

var (
	hole       = regexp.MustCompile(`\{\d\}`)
	quotedHole = regexp.MustCompile(`\\\{\d\\\}`)
)

// phrases are those with holes, the most exact first, and beside them those without.
var phrases = sync.OnceValues(func() ([]phrase, map[string][2]string) {
	var list []phrase
	whole := map[string][2]string{}
	for block := range strings.SplitSeq(strings.TrimSpace(phrasesText), "\n\n") {
		lines := strings.SplitN(block, "\n", 3)
		if len(lines) < 3 {
			continue
		}
		words := [2]string{lines[1], lines[2]}
		english, part := strings.CutPrefix(lines[0], "~")
		if !hole.MatchString(english) {
			whole[english] = words
			continue
		}
		list = append(list, phrase{
			english: regexp.MustCompile("(?s)^" + quotedHole.ReplaceAllString(regexp.QuoteMeta(english), "(.+?)") + "$"),
			weight:  len(hole.ReplaceAllString(english, "")), words: words, part: part,
			opens: hole.FindStringIndex(english)[0] > 0,
		})
	}
	slices.SortStableFunc(list, func(a, b phrase) int { return b.weight - a.weight })
	return list, whole
})

// Say says an English message or hint in zh-Hant or zh-Hans; false where there is no phrase for it.
func Say(lang, text string) (string, bool) { return say(lang, text, false) }

func say(lang, text string, part bool) (string, bool) {
	at := slices.Index([]string{zhHant, zhHans}, lang)
	if at < 0 {
		return "", false
	}
	list, whole := phrases()
	if words, ok := whole[text]; ok {
		return words[at], true
	}
	var best *phrase
	first := len(text)
	for i := range list {
		if list[i].part && !part {
			continue
		}
		if got := list[i].english.FindStringSubmatchIndex(text); got != nil && list[i].begins(got) < first {
			best, first = &list[i], list[i].begins(got)
		}
	}
	if best == nil {
		return "", false
	}
	got := best.english.FindStringSubmatch(text)
	return hole.ReplaceAllStringFunc(best.words[at], func(h string) string {
		return sayPart(lang, got[h[1]-'0'])
	}), true
}

// begins is where the words of the phrase itself begin in a text that it fits: a message stands around its reasons, so
// the phrase whose words come first is the one that the message is.
func (p *phrase) begins(match []int) int {
	if p.opens {
		return 0
	}
	return match[3]
}

// sayPart says what stands in a hole: a phrase, a list of phrases, or a name as it is.
func sayPart(lang, text string) string {
	if said, ok := say(lang, text, true); ok {
		return said
	}
	parts := strings.Split(text, ", ")
	if len(parts) == 1 {
		return text
	}
	for i, part := range parts {
		if said, ok := say(lang, part, true); ok {
			parts[i] = said
		}
	}
	return strings.Join(parts, "、")
}
