package report

import (
	"maps"
	"slices"
	"strings"
)

// The languages of the house. What is found is written in English; for the others stands what a code means and what
// would be right, in one sentence, and then the message itself.
const (
	zhHant = "zh-Hant"
	zhHans = "zh-Hans"
	en     = "en"
)

// Language brings a language tag, as a browser or a terminal writes it, to one of the house's; "" = it is none. Regions
// stand for the script that is written there.
func Language(tag string) string {
	tag, _, _ = strings.Cut(strings.TrimSpace(tag), ".") // zh_TW.UTF-8
	tag, _, _ = strings.Cut(tag, "@")
	parts := strings.Split(strings.ToLower(strings.ReplaceAll(tag, "_", "-")), "-")
	switch parts[0] {
	case "en":
		return en
	case "zh":
		for _, part := range parts[1:] {
			switch part {
			case "hans", "cn", "sg", "my":
				return zhHans
			case "hant", "tw", "hk", "mo":
				return zhHant
			}
		}
		return zhHant
	}
	return ""
}

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
		p.Detail, _ = Say(lang, p.Message)
		p.Hint = ownPhrases().sayAny(lang, p.Hint)
		said, ok := p.WayIn[lang]
		if !ok {
			said = slices.Clone(p.Way)
			for i, line := range said {
				said[i] = ownPhrases().sayAny(lang, line)
			}
		}
		p.Way = said
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
