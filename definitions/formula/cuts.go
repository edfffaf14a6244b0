package formula

import (
	"math"
	"slices"
	"strings"
	"time"

	"github.com/guicheng/guicheng/definitions/value"
)

// Cut is a value with which a condition compares a field: the condition gives one answer for all values between two
// neighbouring cuts.
type Cut struct {
	Path string
	At   any // of the field's own type
}

// Cuts lists the values with which the guard compares fields that have an order: numbers, money, times, spans. False:
// it does something else with one of them, so that its answer may change anywhere. Settings that are given count as
// literals.
func (g *Guard) Cuts(settings value.Record) ([]Cut, bool) {
	c := &cutter{zone: zoneOf(&Scope{}, g.p.opts), settings: settings}
	ok := c.cut(g.p.root)
	return c.cuts, ok
}

type cutter struct {
	zone     *time.Location
	settings value.Record
	cuts     []Cut
}

// hasOrder tells the sorts of which intervals are made.
func (t *typ) hasOrder() bool {
	return slices.Contains([]sort{tInt, tFloat, tMoney, tTime, tDuration, tWork}, t.sort)
}

func (c *cutter) cut(n *node) bool {
	switch n.op {
	case opHas:
		return true
	case opBinary:
		a, b := n.kids[0], n.kids[1]
		if n.name == "in" && a.orderedField() && b.op == opList {
			return !slices.ContainsFunc(b.kids, func(entry *node) bool { return !c.compare(a, entry) })
		}
		if turned[n.name] == "" {
			break
		}
		if b.orderedField() {
			a, b = b, a
		}
		if a.orderedField() {
			return c.compare(a, b)
		}
	}
	return !n.orderedField() && !slices.ContainsFunc(n.kids, func(kid *node) bool { return !c.cut(kid) })
}

func (n *node) orderedField() bool { return n.read && n.path != "" && n.plain() && n.typ.hasOrder() }

// compare notes where a comparison of a field with a literal divides the field's values.
func (c *cutter) compare(field, with *node) bool {
	v, ok := c.fixed(with)
	if !ok {
		return false
	}
	var at []any
	switch x := v.(type) {
	case int64:
		at = []any{x}
		if field.typ.sort == tFloat {
			at = []any{float64(x)}
		}
	case float64:
		at = []any{x}
		if field.typ.sort == tInt { // what lies between two whole numbers divides them
			at = []any{int64(math.Floor(x)), int64(math.Ceil(x))}
		}
	case value.Money, time.Duration:
		at = []any{x}
	case time.Time:
		day := x.In(c.zone)
		whole := day.Hour() == 0 && day.Minute() == 0 && day.Second() == 0
		if field.typ.kind == value.Date && !whole || field.typ.kind == value.Month && (!whole || day.Day() != 1) {
			return false
		}
		at = []any{x}
	}
	for _, one := range at {
		c.cuts = append(c.cuts, Cut{Path: field.path, At: one})
	}
	return len(at) > 0
}

// fixed is the value of a literal, or of a setting that is taken for one.
func (c *cutter) fixed(n *node) (any, bool) {
	if name, ok := strings.CutPrefix(n.text(), "settings."); ok {
		v := c.settings[name]
		return v, v != nil
	}
	return literalValue(n)
}

// literalValue is what a literal, or a span of a literal length, stands for.
func literalValue(n *node) (any, bool) {
	switch n.op {
	case opLit:
		return n.lit, n.lit != nil
	case opNeg:
		switch v := n.kids[0].lit.(type) {
		case int64:
			return -v, true
		case float64:
			return -v, true
		}
	case opCall:
		if n.lit != nil {
			return n.lit, true
		}
		unit := map[string]time.Duration{"minutes": time.Minute, "hours": time.Hour, "days": 24 * time.Hour}[n.name]
		if unit != 0 && len(n.kids) == 1 {
			if k, ok := n.kids[0].lit.(int64); ok {
				return time.Duration(k) * unit, true
			}
		}
	}
	return nil, false
}
