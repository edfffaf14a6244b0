package report

import (
	"maps"
	"slices"
	"strings"
)

// The languages of the house. What is found is written in English, exactly; for the others stands what a code means and
// what would be right, in one sentence.
const (
	zhHant = "zh-Hant"
	zhHans = "zh-Hans"
)

// In puts the sentences of a language beside messages: what is wrong, and what would be right, for people who do not
// read English. A problem in English, or of a code that is not ours, stays as it is. source gives the text of a file,
// so that the sentence can name what stands under the caret; nil where it is not to be had.
func In(lang string, problems []Problem, source func(file string) []byte) []Problem {
	out := slices.Clone(problems)
	if lang != zhHant && lang != zhHans {
		return out
	}
	files := map[string][]string{}
	for i := range out {
		p := &out[i]
		lines, ok := files[p.File]
		if !ok && source != nil {
			lines = strings.Split(string(source(p.File)), "\n")
			files[p.File] = lines
		}
		p.Sentence = naming(Sentence(p.Code, lang), p.under(lines))
		p.Hint = hintIn(lang, p.Hint)
	}
	return out
}

// Sentence says what a code means and what would be right, in zh-Hant or zh-Hans. What stands in brackets is left out
// where {it}, the text under the caret, is not known. It is "" for any other language, whose words are the messages'
// own, and for a code that is not ours.
func Sentence(code, lang string) string {
	s, ok := sentences[code]
	switch {
	case !ok:
		return ""
	case lang == zhHant:
		return s[0]
	case lang == zhHans:
		return s[1]
	}
	return ""
}

// hints are the beginnings of the hints that are given most often; after them stand names, which have no language.
var hints = []struct {
	begin string
	words [2]string
}{
	{"did you mean ", [2]string{"是不是 ", "是不是 "}},
	{"it may have ", [2]string{"可以寫：", "可以写："}},
	{"it is one of ", [2]string{"只能是：", "只能是："}},
	{"use the half-width ", [2]string{"請用半形的 ", "请用半角的 "}},
	{"add it to ", [2]string{"請寫進 ", "请写进 "}},
}

// hintIn puts a hint into Chinese, if it is of a kind that is often given; any other stays as it is.
func hintIn(lang, hint string) string {
	for _, h := range hints {
		rest, ok := strings.CutPrefix(hint, h.begin)
		if !ok {
			continue
		}
		if name, asked := strings.CutSuffix(rest, "?"); asked {
			rest = name + "？"
		}
		if lang == zhHans {
			return h.words[1] + rest
		}
		return h.words[0] + rest
	}
	return hint
}

// longest is how much of what is under a caret a sentence repeats, in characters.
const longest = 40

// under is the text that the caret marks; "" if that is too long for a sentence, or not known.
func (p Problem) under(lines []string) string {
	if p.Line < 1 || p.Line > len(lines) || p.Width < 1 || p.Width > longest {
		return ""
	}
	runes := []rune(strings.TrimRight(lines[p.Line-1], "\r"))
	from := p.Column - 1
	if from < 0 || from+p.Width > len(runes) {
		return ""
	}
	return printable(string(runes[from : from+p.Width]))
}

// naming puts a name into a sentence, or leaves out the part in brackets that would have it.
func naming(sentence, it string) string {
	before, rest, ok := strings.Cut(sentence, "[")
	inside, after, closed := strings.Cut(rest, "]")
	if !ok || !closed {
		return sentence
	}
	if it == "" {
		return before + after
	}
	return before + strings.ReplaceAll(inside, "{it}", it) + after
}

// Codes lists every code that a finding may have, in order.
func Codes() []string { return slices.Sorted(maps.Keys(sentences)) }
