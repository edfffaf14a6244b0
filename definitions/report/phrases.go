package report

import (
	_ "embed"
	"regexp"
	"slices"
	"strings"
	"sync"
)

// phrasesText says the messages and hints of findings.
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
	filledHole = regexp.MustCompile(`\{=?\d\}`)
	quotedHole = regexp.MustCompile(`\\\{\d\\\}`)
)

// Phrases say English texts in Chinese.
type Phrases struct {
	holed []phrase             // the most exact first
	whole map[string][2]string // those without a hole
}

var ownPhrases = sync.OnceValue(func() *Phrases { return ReadPhrases(phrasesText) })

// Say says an English message or hint in zh-Hant or zh-Hans; false where there is no phrase for it.
func Say(lang, text string) (string, bool) { return ownPhrases().Say(lang, text) }

// ReadPhrases reads blocks of three lines with an empty line between, in English, zh-Hant and zh-Hans. What stands in
// {1} and {2} is taken over, in Chinese if it is a phrase itself; in {=1} as it is, for names to be written. One that
// begins with ~ is only a part of others.
func ReadPhrases(text string) *Phrases {
	p := &Phrases{whole: map[string][2]string{}}
	for block := range strings.SplitSeq(strings.TrimSpace(text), "\n\n") {
		lines := strings.SplitN(block, "\n", 3)
		if len(lines) < 3 {
			continue
		}
		words := [2]string{lines[1], lines[2]}
		english, part := strings.CutPrefix(lines[0], "~")
		if !hole.MatchString(english) {
			p.whole[english] = words
			continue
		}
		p.holed = append(p.holed, phrase{
			english: regexp.MustCompile("(?s)^" + quotedHole.ReplaceAllString(regexp.QuoteMeta(english), "(.+?)") + "$"),
			weight:  len(hole.ReplaceAllString(english, "")), words: words, part: part,
			opens: hole.FindStringIndex(english)[0] > 0,
		})
	}
	slices.SortStableFunc(p.holed, func(a, b phrase) int { return b.weight - a.weight })
	return p
}

// Say says a text in zh-Hant or zh-Hans; false where there is no phrase for it.
func (p *Phrases) Say(lang, text string) (string, bool) {
	said, ok := p.say(lang, text, false)
	return spaced(said), ok
}

// sayAny says a text, or a list of texts; what there is no phrase for stays as it is.
func (p *Phrases) sayAny(lang, text string) string { return spaced(p.sayPart(lang, text)) }

// spaced takes away the marks of names, and the room and the second quotation marks around them.
func spaced(said string) string {
	said = quotedName.ReplaceAllString(strings.ReplaceAll(said, arrow, "\x01"), "\x00$1\x00")
	return strings.ReplaceAll(besideName.ReplaceAllString(said, "$1"), "\x01", arrow)
}

const arrow = " → "

func (p *Phrases) say(lang, text string, part bool) (string, bool) {
	at := slices.Index([]string{zhHant, zhHans}, lang)
	if at < 0 {
		return "", false
	}
	if words, ok := p.whole[text]; ok {
		return words[at], true
	}
	var best *phrase
	first := len(text)
	for i := range p.holed {
		one := &p.holed[i]
		if one.part && !part {
			continue
		}
		if got := one.english.FindStringSubmatchIndex(text); got != nil && one.begins(got) < first {
			best, first = one, one.begins(got)
		}
	}
	if best == nil {
		return "", false
	}
	got := best.english.FindStringSubmatch(text)
	return filledHole.ReplaceAllStringFunc(best.words[at], func(h string) string {
		if name, verbatim := strings.CutPrefix(h, "{="); verbatim {
			return sayNames(at, strings.Join(entries(got[name[0]-'0']), "、"))
		}
		return sayNames(at, p.sayPart(lang, got[h[1]-'0']))
	}), true
}

var (
	// aName is what [Named] writes.
	aName = regexp.MustCompile(`(^|、|, | -> | → )([^、,→]+?) \(([a-z][a-z0-9-]*)\)`)
	// A name that stands in quotation marks needs no others around it, and no room between it and words.
	quotedName = regexp.MustCompile(`[「“]\x00([^\x00]*)\x00[」”]`)
	besideName = regexp.MustCompile(` *\x00([^\x00]*)\x00 *`)
	nameForms  = [2]string{"$1\x00「$2」（$3）\x00", "$1\x00“$2”（$3）\x00"}
)

// sayNames writes names as they are written in Chinese: 「Sign」（sign）.
func sayNames(at int, text string) string { return aName.ReplaceAllString(text, nameForms[at]) }

// begins is where the words of the phrase itself begin in a text that it fits: a message stands around its reasons, so
// the phrase whose words come first is the one that the message is.
func (p *phrase) begins(match []int) int {
	if p.opens {
		return 0
	}
	return match[3]
}

// sayPart says what stands in a hole: a phrase, a list of phrases, or a name as it is.
func (p *Phrases) sayPart(lang, text string) string {
	if said, ok := p.say(lang, text, true); ok {
		return said
	}
	parts := entries(text)
	if len(parts) == 1 {
		return text
	}
	for i, part := range parts {
		said, ok := p.say(lang, part, true)
		switch {
		case ok:
			parts[i] = said
		case strings.Count(part, " ") > 2:
			return text // a sentence with commas in it, and no list
		}
	}
	return strings.Join(parts, "、")
}

// entries are the parts of a list; one where the commas are those of a formula.
func entries(text string) []string {
	parts := strings.Split(text, ", ")
	for _, part := range parts {
		for _, pair := range []string{"()", "[]", "{}"} {
			if strings.Count(part, pair[:1]) != strings.Count(part, pair[1:]) {
				return []string{text}
			}
		}
		if strings.Count(part, "'")%2 != 0 || strings.Count(part, `"`)%2 != 0 {
			return []string{text}
		}
	}
	return parts
}
