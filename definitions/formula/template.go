package formula

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/guicheng/guicheng/definitions/value"
)

// Template is a text with computed parts. It is safe for concurrent use.
type Template struct {
	source string
	parts  []part
	opts   *Options
}

// part is a fixed text, or a computation with the place of its own first character.
type part struct {
	text   string
	p      *exprProgram
	offset int
}

// Text compiles a text with {{Expr}} parts.
func (e *Env) Text(text string, n Names) (*Template, []Fault) {
	if len(text) > MaxText {
		return nil, []Fault{{Width: 1, Code: "limit", Message: fmt.Sprintf(
			"the text has %d bytes, the limit MaxText is %d", len(text), MaxText)}}
	}
	t := &Template{source: text, opts: &e.opts}
	var faults []Fault
	rest, at, computed := text, 0, 0
	for {
		fixed, behind, found := strings.Cut(rest, "{{")
		if fixed != "" {
			t.parts = append(t.parts, part{text: fixed})
		}
		if !found {
			return t.orFaults(faults)
		}
		at += utf8.RuneCountInString(fixed) + 2
		size := closing(behind)
		if size < 0 {
			faults = append(faults, Fault{Offset: at - 2, Width: 2, Code: "syntax", Message: "{{ is not closed by }}"})
			return t.orFaults(faults)
		}
		if computed++; computed > MaxParts {
			faults = append(faults, Fault{Offset: at - 2, Width: 2, Code: "limit", Message: fmt.Sprintf(
				"the text has more than %d computed parts (the limit MaxParts)", MaxParts)})
			return t.orFaults(faults)
		}
		p, bad := e.compileExpr(behind[:size], n)
		if len(bad) == 0 {
			bad = printable(p)
		}
		for _, f := range bad {
			f.Offset += at
			faults = append(faults, f)
		}
		t.parts = append(t.parts, part{p: p, offset: at})
		at += utf8.RuneCountInString(behind[:size]) + 2
		rest = behind[size+2:]
	}
}

func (t *Template) orFaults(faults []Fault) (*Template, []Fault) {
	if len(faults) > 0 {
		return nil, faults
	}
	return t, nil
}

func printable(p *exprProgram) []Fault {
	t := p.root.typ
	if t.sort == tList {
		t = t.elem
	}
	if t.sort == tRecord || t.sort == tGroups || t.sort == tList {
		return []Fault{*wide(p.root, "result", "%s cannot be printed inside a text", p.root.typ)}
	}
	return nil
}

// closing finds the }} behind a formula, outside its quotes; -1 if there is none.
func closing(text string) int {
	var quote rune
	escaped, nest := false, 0
	for i, r := range text {
		switch {
		case escaped:
			escaped = false
		case quote != 0:
			escaped = r == '\\' && quote != '`'
			if r == quote {
				quote = 0
			}
		case r == '"' || r == '\'' || r == '`':
			quote = r
		case r == '{':
			nest++
		case r == '}':
			if nest == 0 && strings.HasPrefix(text[i:], "}}") {
				return i
			}
			nest--
		}
	}
	return -1
}

// Eval prints the text for a person to read, in the office's zone; an empty field prints as nothing.
func (t *Template) Eval(s *Scope) (string, error) {
	var b strings.Builder
	for _, part := range t.parts {
		if part.p == nil {
			b.WriteString(part.text)
			continue
		}
		v, err := part.p.eval(s)
		if err != nil {
			var f *Failure
			if errors.As(err, &f) && f.Code == "absent" {
				continue
			}
			return "", err
		}
		b.WriteString(printer{scope: s, opts: t.opts}.text(v, part.p.root.typ))
		if b.Len() > MaxText+MaxString {
			return "", limitFailure("MaxString", MaxString)
		}
	}
	return b.String(), nil
}

// Source is the text as the author wrote it.
func (t *Template) Source() string { return t.source }

// Reads is as for a Value.
func (t *Template) Reads() []string {
	var out []string
	for _, part := range t.parts {
		if part.p != nil {
			out = pathsIn(part.p.root, out)
		}
	}
	return out
}

// Uncovered is as for a Guard. The places are those in the whole text.
func (t *Template) Uncovered(known Known) []Read {
	var out []Read
	for _, part := range t.parts {
		if part.p == nil {
			continue
		}
		for _, r := range uncovered(part.p.root, known) {
			r.Offset += part.offset
			out = append(out, r)
		}
	}
	return out
}

// Wire writes the text for another system: values in the form that they have in JSON, each passed through escape. An
// empty field is a *Failure.
func (t *Template) Wire(s *Scope, escape func(string) string) (string, error) {
	var b strings.Builder
	for _, part := range t.parts {
		if part.p == nil {
			b.WriteString(part.text)
			continue
		}
		v, err := part.p.eval(s)
		if err != nil {
			return "", err
		}
		b.WriteString(escape(wireText(v, part.p.root.typ, zoneOf(s, t.opts))))
		if b.Len() > MaxText+MaxString {
			return "", limitFailure("MaxString", MaxString)
		}
	}
	return b.String(), nil
}

func wireText(v any, t *typ, zone *time.Location) string {
	switch x := v.(type) {
	case time.Time:
		switch t.kind {
		case value.Date:
			return x.In(zone).Format("2006-01-02")
		case value.Month:
			return x.In(zone).Format("2006-01")
		}
		return x.UTC().Format(time.RFC3339)
	case time.Duration:
		return value.FormatDuration(x)
	case float64:
		return strconv.FormatFloat(x, 'f', -1, 64)
	case value.Person:
		return x.ID
	case value.Unit:
		return x.ID
	case []string:
		return strings.Join(x, ",")
	}
	return fmt.Sprint(v)
}
