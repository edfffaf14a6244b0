package definitions

import (
	"regexp"
	"strings"

	"github.com/guicheng/guicheng/definitions/formula"
	"github.com/guicheng/guicheng/definitions/report"
)

var (
	keyForm   = regexp.MustCompile(`^[a-z][a-z0-9_-]*$`)
	afterForm = regexp.MustCompile(`^\s*[a-z][a-z0-9_.-]*\s*([:：]|[,，\]}］｝]|$)`)
	blockForm = regexp.MustCompile(`[:-]\s+[|>][+0-9-]*\s*$`)
)

// stray is a full-width sign where YAML wants a half-width one.
type stray struct {
	line, column int // from 1
	sign         rune
}

// strays finds full-width signs that were most likely typed for YAML's own. They are text to YAML, so that they are
// no errors by themselves: they explain one.
func (s *source) strays() []stray {
	w := &widths{}
	for i, line := range s.lines() {
		indent := 0
		for indent < len(line) && line[indent] == ' ' {
			indent++
		}
		blank := indent == len(line)
		if w.block >= 0 && w.inBlock && (blank || indent > w.block) {
			continue
		}
		w.inBlock = false
		w.scan(i+1, line)
		if w.depth == 0 && w.quote == 0 && blockForm.MatchString(string(line)) {
			w.inBlock, w.block = true, indent
		}
	}
	return w.found
}

// widths walks over a file as far as brackets, quotes and block texts are concerned.
type widths struct {
	found   []stray
	depth   int  // of flow brackets
	quote   rune // that is open
	inBlock bool
	block   int // indentation of the line that began the block text
}

func (w *widths) scan(number int, line []rune) {
	begin := 0 // of the key or value
	for begin < len(line) && (line[begin] == ' ' || line[begin] == '-') {
		begin++
	}
	first, keyed := begin, false
	fresh := true // nothing stands between begin and i
	restart := func(i int) { begin, fresh = i+1, true }
	for i := begin; i < len(line); i++ {
		r := line[i]
		switch {
		case w.quote != 0:
			if r == w.quote {
				w.quote = 0
			}
		case (r == '"' || r == '\'') && fresh:
			w.quote = r
			fresh = false
		case r == '#' && (i == 0 || line[i-1] == ' '):
			return
		case (r == '{' || r == '[') && (fresh || w.depth > 0):
			w.depth++
			restart(i)
			keyed = false
		case (r == '}' || r == ']') && w.depth > 0:
			w.depth--
		case r == ',' && w.depth > 0:
			restart(i)
			keyed = false
		case r == ':' && (i+1 == len(line) || line[i+1] == ' '):
			restart(i)
			keyed = true
		case w.typedFor(line, begin, first, i, keyed, fresh):
			w.found = append(w.found, stray{number, i + 1, r})
			keyed = keyed && r == '：'
			restart(i)
		case r != ' ':
			fresh = false
		}
	}
}

// nearby bounds what is looked at beside a sign, so that a line of a megabyte costs no more than its length.
const nearby = 80

// typedFor tells whether the character at i stands where one of YAML's own signs belongs.
func (w *widths) typedFor(line []rune, begin, first, i int, keyed, fresh bool) bool {
	switch line[i] {
	case '：':
		return !keyed && i-begin <= nearby && keyForm.MatchString(strings.TrimSpace(string(line[begin:i]))) &&
			(w.depth > 0 || begin == first)
	case '，', '、':
		return w.depth > 0 && !fresh && afterForm.MatchString(string(line[i+1:min(i+1+nearby, len(line))]))
	case '［', '｛':
		return fresh
	case '］', '｝':
		return true
	}
	return false
}

// explainWidths puts the full-width signs in the place of the errors that they caused.
func (b *bundler) explainWidths(f File, before int) {
	wrong, last := map[int]bool{}, 0
	for _, p := range b.problems[before:] {
		wrong[p.Line] = true
		if p.Code == "yaml" {
			last = p.Line
		}
	}
	if len(wrong) == 0 || len(f.Text) > MaxFile {
		return
	}
	src := &source{name: f.Name, text: f.Text, add: b.add}
	kept := b.problems[:before:before]
	explained := map[int]bool{}
	var found []stray
	for _, x := range src.strays() {
		if wrong[x.line] || x.line <= last {
			explained[x.line] = true
			found = append(found, x)
		}
	}
	if len(found) == 0 {
		return
	}
	for _, p := range b.problems[before:] {
		if !explained[p.Line] && p.Code != "yaml" {
			kept = append(kept, p)
		}
	}
	b.problems = kept
	for _, x := range found {
		b.add(report.Problem{Place: report.Place{File: f.Name, Line: x.line, Column: x.column}, Width: 1,
			Code: "full-width", Message: string(x.sign) + " is a full-width sign: YAML takes it for text",
			Hint: "use the half-width " + formula.HalfWidth(x.sign)})
	}
}

// fullWidth finds the first full-width sign of a name; false if there is none.
func (n *node) fullWidth() (offset int, sign rune, ok bool) {
	for i, r := range []rune(n.text) {
		if formula.HalfWidth(r) != "" {
			return i, r, true
		}
	}
	return 0, 0, false
}

// faultWidth reports a full-width sign at its own place, where a simple text cannot be what must stand here.
func (n *node) faultWidth() bool {
	offset, sign, ok := n.fullWidth()
	if !ok || n.kind != scalarNode {
		return false
	}
	n.src.add(report.Problem{Place: n.inside(offset), Width: 1, Code: "full-width",
		Message: string(sign) + " is a full-width sign", Hint: "use the half-width " + formula.HalfWidth(sign)})
	return true
}
