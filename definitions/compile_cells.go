package definitions

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/guicheng/guicheng/definitions/domain"
	"github.com/guicheng/guicheng/definitions/formula"
	"github.com/guicheng/guicheng/definitions/value"
)

// cell is one cell of a decision table: what an input must be. Several tests are alternatives.
type cell struct {
	tests []test
	not   bool
}

// test is a literal, an interval, or empty; none of it = anything.
type test struct {
	is      any
	lo, hi  *bound
	empty   bool
	setting string // compared with a setting, which nobody knows before a case runs
}

// bound is one end of an interval.
type bound struct {
	at   any
	text string // in CEL
	open bool
}

// anything tells the cell that fits all.
func (c *cell) anything() bool { return len(c.tests) == 0 }

// opaque tells cells of which nothing can be shown: they depend on a setting.
func (c *cell) opaque() bool {
	return slices.ContainsFunc(c.tests, func(t test) bool { return t.setting != "" })
}

// as is the cell with settings taken for literals; nil = of none.
func (c *cell) as(settings value.Record) *cell {
	if settings == nil || !c.opaque() {
		return c
	}
	out := &cell{not: c.not}
	for _, t := range c.tests {
		t.setting, t.lo, t.hi = "", t.lo.as(settings), t.hi.as(settings)
		out.tests = append(out.tests, t)
	}
	return out
}

func (b *bound) as(settings value.Record) *bound {
	if b == nil || b.at != nil {
		return b
	}
	return &bound{at: settings[strings.TrimPrefix(b.text, "settings.")], text: b.text, open: b.open}
}

func (c *cell) asksEmpty() bool {
	return slices.ContainsFunc(c.tests, func(t test) bool { return t.empty })
}

// cuts are the values with which the cell compares.
func (c *cell) cuts() []any {
	var out []any
	for _, t := range c.tests {
		if t.is != nil {
			out = append(out, t.is)
		}
		for _, b := range []*bound{t.lo, t.hi} {
			if b != nil && b.at != nil {
				out = append(out, b.at)
			}
		}
	}
	return out
}

// holds tells whether the cell fits a value; nil is empty.
func (c *cell) holds(v any) bool {
	if c.anything() {
		return true
	}
	if v == nil {
		return c.asksEmpty() != c.not
	}
	return slices.ContainsFunc(c.tests, func(t test) bool { return t.holds(v) }) != c.not
}

func (t test) holds(v any) bool {
	if t.empty {
		return false
	}
	if t.is != nil {
		if list, ok := v.([]string); ok {
			id, _ := t.is.(string)
			return slices.Contains(list, id)
		}
		if at, ok := v.(time.Time); ok {
			is, _ := t.is.(time.Time)
			return at.Equal(is)
		}
		return v == t.is
	}
	return (t.lo == nil || t.lo.holds(domain.Order(v, t.lo.at))) && (t.hi == nil || t.hi.holds(-domain.Order(v, t.hi.at)))
}

func (b *bound) holds(order int) bool { return order > 0 || order == 0 && !b.open }

// cel writes the cell as a condition on the column; "" = always.
func (c *cell) cel(in *Input, zone *time.Location) string {
	if c.anything() {
		return ""
	}
	name := in.Test.Source()
	if !in.Test.Names() {
		name = "(" + name + ")"
	}
	var parts []string
	for _, t := range c.tests {
		parts = append(parts, t.cel(name, in.field.Kind, zone))
	}
	text := strings.Join(parts, " || ")
	switch {
	case c.not:
		text = "!(" + text + ")"
	case len(parts) > 1:
		text = "(" + text + ")"
	}
	if in.asks && !c.asksEmpty() {
		text = "has(" + name + ") && " + text
	}
	return text
}

func (t test) cel(name string, kind value.Kind, zone *time.Location) string {
	switch {
	case t.empty:
		return "!has(" + name + ")"
	case t.is != nil && (kind == value.Choices || kind == value.Checklist || kind == value.Texts):
		return formula.Literal(t.is, value.Text, zone) + " in " + name
	case t.is != nil:
		return name + " == " + formula.Literal(t.is, kind, zone)
	}
	var parts []string
	if t.lo != nil {
		parts = append(parts, name+pickText(t.lo.open, " > ", " >= ")+t.lo.text)
	}
	if t.hi != nil {
		parts = append(parts, name+pickText(t.hi.open, " < ", " <= ")+t.hi.text)
	}
	return strings.Join(parts, " && ")
}

func pickText(yes bool, a, b string) string {
	if yes {
		return a
	}
	return b
}

var (
	interval   = regexp.MustCompile(`^([\[(])?\s*(\S.*?)?\s*\.\.\s*(\S.*?)?\s*([\])])?$`)
	comparison = regexp.MustCompile(`^(<=|>=|<|>|!=|=)\s*(.+)$`)
	negation   = regexp.MustCompile(`^not\s*\((.*)\)$`)
	settingRef = regexp.MustCompile(`^settings\.[a-z][a-z0-9_]*$`)
)

// cellOf reads a cell: a literal, an interval, a comparison, not(…), empty, or - for anything.
func (c *compiler) cellOf(in *Input, n *node) *cell {
	out := &cell{}
	for _, item := range n.all() {
		text := strings.TrimSpace(item.str())
		if text == "-" {
			if len(n.all()) > 1 {
				item.fault("wrong-cell", "leave the others out", "- fits anything: beside it nothing else can stand")
			}
			return out
		}
		if inner := negation.FindStringSubmatch(text); inner != nil && !n.isList() {
			out.not = true
			for part := range strings.SplitSeq(inner[1], ",") {
				c.testOf(out, in, item, strings.TrimSpace(part))
			}
			continue
		}
		c.testOf(out, in, item, text)
	}
	if n.isList() && len(n.items) == 0 {
		n.fault("wrong-cell", "write '-' for anything", "an empty list fits nothing")
	}
	return out
}

func (c *compiler) testOf(out *cell, in *Input, n *node, text string) {
	if text == "empty" && !slices.ContainsFunc(in.field.Options, func(o value.Option) bool { return o.ID == text }) {
		if !in.Test.Names() {
			n.fault("wrong-cell", "", "%s is computed: it is never empty", in.Test.Source())
			return
		}
		out.tests = append(out.tests, test{empty: true})
		return
	}
	if ordered(in.field.Kind) {
		if t, ok := c.rangeOf(in, n, text); ok {
			if t != nil {
				out.tests = append(out.tests, *t)
			}
			return
		}
	}
	op := comparison.FindStringSubmatch(text)
	if len(op) > 0 && op[1] == "!=" {
		n.fault("wrong-cell", "not("+op[2]+")", "!= is written not(…) in a table")
		return
	}
	if b := c.boundOf(in, n, text); b != nil {
		out.tests = append(out.tests, test{is: b.at})
	}
}

func ordered(k value.Kind) bool {
	return k == value.Count || k == value.Number || k == value.Cash || k == value.Duration || k.IsTime()
}

// rangeOf reads an interval or a comparison; false: the text is neither.
func (c *compiler) rangeOf(in *Input, n *node, text string) (*test, bool) {
	t := &test{}
	if m := comparison.FindStringSubmatch(text); len(m) > 0 && m[1] != "!=" {
		b := c.boundOf(in, n, m[2])
		if b == nil {
			return nil, true
		}
		b.open = m[1] == "<" || m[1] == ">"
		switch m[1] {
		case "<", "<=":
			t.hi = b
		case ">", ">=":
			t.lo = b
		default:
			t.lo, t.hi = b, b
		}
		t.setting = b.setting()
		return t, true
	}
	m := interval.FindStringSubmatch(text)
	if m == nil {
		return nil, false
	}
	for i, side := range []**bound{&t.lo, &t.hi} {
		if m[2+i] == "" {
			continue
		}
		if *side = c.boundOf(in, n, m[2+i]); *side == nil {
			return nil, true
		}
		t.setting = cmp.Or(t.setting, (*side).setting())
	}
	if t.lo != nil {
		t.lo.open = m[1] == "("
	}
	if t.hi != nil {
		t.hi.open = m[4] == ")"
	}
	switch {
	case t.lo == nil && t.hi == nil:
		n.fault("wrong-cell", "write '-' for anything", "an interval without bounds")
	case t.setting == "" && t.lo != nil && t.hi != nil && (domain.Order(t.lo.at, t.hi.at) > 0 ||
		domain.Order(t.lo.at, t.hi.at) == 0 && (t.lo.open || t.hi.open)):
		n.fault("wrong-cell", "the smaller one stands first", "nothing lies in %s", clipped(text))
	}
	return t, true
}

// setting is the one that a bound is; "" = it is a literal.
func (b *bound) setting() string {
	if b.at == nil {
		return b.text
	}
	return ""
}

// boundOf reads a literal of the input's type, or a setting; nil and a report if it is neither.
func (c *compiler) boundOf(in *Input, n *node, text string) *bound {
	if settingRef.MatchString(text) && ordered(in.field.Kind) {
		return &bound{text: text}
	}
	v, hint, err := literalOf(in.field, text, c.b.zone())
	if err != nil {
		n.fault("wrong-cell", hint, "%s is compared here: %v", in.Test.Source(), err)
		return nil
	}
	return &bound{at: v, text: formula.Literal(v, in.field.Kind, c.b.zone())}
}

// literalOf reads one value of a field as it stands in a table; of a list, one entry.
func literalOf(f *value.Field, text string, zone *time.Location) (v any, hint string, err error) {
	kind := *f
	kind.Min, kind.Max, kind.Pattern = nil, nil, ""
	switch f.Kind {
	case value.Choices, value.Checklist:
		kind.Kind = value.Choice
	case value.Texts:
		kind.Kind = value.Text
	case value.YesNo:
		text = plainYes(f, text)
	}
	if (kind.Kind == value.Choice || kind.Kind == value.Post) && len(f.Options) > 0 {
		ids := make([]string, len(f.Options))
		for i, o := range f.Options {
			ids[i] = o.ID
		}
		if hint = hintAmong(text, ids); !slices.Contains(ids, text) {
			return nil, hint, &noOption{text}
		}
	}
	v, err = kind.Parse(text, zone)
	return v, "", err
}

// noOption is the fault of a word that is none of a choice's options.
type noOption struct{ text string }

func (e *noOption) Error() string { return clipped(e.text) + " is none of its options" }
