package formula

import (
	"strconv"
	"strings"
	"time"

	"github.com/guicheng/guicheng/definitions/value"
)

// Column is what a decision table compares: the left side of conditions. It is safe for concurrent use.
type Column struct{ p *celProgram }

// Column compiles a CEL text of any type that has values which can be written down.
func (e *Env) Column(text string, n Names) (*Column, []Fault) {
	p, faults := e.compileCEL(text, n)
	if len(faults) > 0 {
		return nil, faults
	}
	c := &Column{p}
	if c.Field().Kind == 0 && p.root.typ.sort != tAny { // of what has no known type it was said already
		f := wide(p.root, "result", "%s cannot be compared with what stands in a table", p.root.typ)
		if p.root.typ.sort == tPerson || p.root.typ.sort == tUnit {
			f.Hint = "write its .id or .name"
		}
		return nil, []Fault{*f}
	}
	return c, nil
}

// Source is the text as the author wrote it.
func (c *Column) Source() string { return c.p.source }

// Field describes the values of the column: kind and options. Kind 0 = they cannot be written down.
func (c *Column) Field() *value.Field {
	t := c.p.root.typ
	f := &value.Field{Name: c.p.source, Path: c.p.source, Kind: t.kind}
	elem := t
	switch t.sort {
	case tBool, tInt, tFloat, tString, tTime, tDuration, tMoney:
	case tList:
		elem = t.elem
		if t.rows || elem.sort != tString {
			return &value.Field{}
		}
	default:
		return &value.Field{}
	}
	for _, id := range elem.options {
		f.Options = append(f.Options, value.Option{ID: id, Title: id})
	}
	if root := c.p.root; root.op == opCall && t.sort == tInt {
		f.Min = int64(0) // size and times count
	}
	return f
}

// Names tells whether the column is a bare field or name, and not something computed.
func (c *Column) Names() bool {
	n := c.p.root
	for n.op == opField {
		n = n.kids[0]
	}
	return n.op == opName
}

// Uncovered is as for a Guard.
func (c *Column) Uncovered(known Known) []Read { return uncovered(c.p.root, known) }

// Reads lists every read of the text, covered or not, in the order of the text.
func (c *Column) Reads() []Read { return reads(c.p.root) }

// Literal writes a value as CEL has it.
func Literal(v any, kind value.Kind, zone *time.Location) string {
	switch x := v.(type) {
	case bool:
		return strconv.FormatBool(x)
	case int64:
		return strconv.FormatInt(x, 10)
	case float64:
		text := strconv.FormatFloat(x, 'f', -1, 64)
		if !strings.Contains(text, ".") {
			text += ".0"
		}
		return text
	case value.Money:
		return "money('" + x.String() + "')"
	case time.Duration:
		return "duration('" + value.FormatDuration(x) + "')"
	case time.Time:
		switch kind {
		case value.Date:
			return "date('" + x.In(zone).Format("2006-01-02") + "')"
		case value.Month:
			return "month('" + x.In(zone).Format("2006-01") + "')"
		}
		return "moment('" + x.UTC().Format(time.RFC3339) + "')"
	}
	text, _ := v.(string)
	return quoted(text)
}

// quoted writes a text in single quotes, as authors do.
func quoted(text string) string {
	q := strconv.Quote(text)
	q = strings.ReplaceAll(q[1:len(q)-1], `\"`, `"`)
	return "'" + strings.ReplaceAll(q, "'", `\'`) + "'"
}
