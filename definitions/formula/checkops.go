package formula

import (
	"slices"
	"strings"

	"github.com/guicheng/guicheng/definitions/report"
)

func (c *checker) negate(n *node) {
	t := c.check(n.kids[0])
	if t.isNumber() || (c.exprs && (t.sort == tMoney || t.sort == tDuration)) || t.sort == tAny {
		n.typ = t
		return
	}
	c.report(wide(n, "type", "%s has no negative", t), "")
}

func (c *checker) binary(n *node) {
	a, b := c.check(n.kids[0]), c.check(n.kids[1])
	if a.sort == tAny || b.sort == tAny {
		n.typ = anyT
		if strings.ContainsAny(n.name, "=<>") || n.name == "in" {
			n.typ = boolT
		}
		return
	}
	switch n.name {
	case "==", "!=":
		n.typ = boolT
		c.comparable(n, a, b)
	case "<", "<=", ">", ">=":
		n.typ = boolT
		if !ordered(a, b) {
			c.mismatch(n, a, b)
		}
	case "in":
		n.typ = boolT
		c.in(n, a, b)
	case "..":
		n.typ = listOf(intT)
		if a.sort != tInt || b.sort != tInt {
			c.mismatch(n, a, b)
		}
	default:
		if n.typ = c.arithmetic(n.name, a, b); n.typ == nil {
			n.typ = anyT
			c.mismatch(n, a, b)
		}
	}
}

func (c *checker) mismatch(n *node, a, b *typ) {
	hint := ""
	pair := func(s, t sort) bool { return (a.sort == s && b.sort == t) || (a.sort == t && b.sort == s) }
	switch {
	case pair(tDuration, tInt):
		hint = "write the number as a duration: minutes(3), hours(2), days(30)"
	case pair(tTime, tString):
		hint = "compare with another time: now, today, a setting, or date('2026-11-24')"
	case pair(tMoney, tInt) || pair(tMoney, tFloat):
		hint = "an amount is compared and added with amounts: money('10.00'), or a setting of type money"
	case pair(tTime, tWork):
		hint = "working time counts from an event only: use it in within or after"
	case a.sort == tList && b.sort == tList && c.exprs && n.name == "+":
		hint = "join lists with concat(a, b)"
	case pair(tPerson, tString):
		hint = "compare its .id or .name"
	case pair(tBool, tString):
		hint = "compare with true or false, without quotes"
	case pair(tInt, tString) || pair(tFloat, tString):
		hint = "write the number without quotes"
	}
	c.report(fault(n, "type", "%s does not go between %s and %s", n.name, a, b), hint)
}

func (c *checker) comparable(n *node, a, b *typ) {
	switch {
	case a.isNumber() && b.isNumber():
	case a.sort != b.sort || !a.isScalar():
		c.mismatch(n, a, b)
	default:
		c.option(a, n.kids[1])
		c.option(b, n.kids[0])
	}
}

func ordered(a, b *typ) bool {
	if a.isNumber() && b.isNumber() {
		return true
	}
	if a.sort != b.sort {
		return false
	}
	switch a.sort {
	case tString, tTime, tDuration, tMoney:
		return true
	}
	return false
}

func (c *checker) in(n *node, a, b *typ) {
	if b.sort != tList || (b.elem.sort != tAny && a.sort != b.elem.sort && !(a.isNumber() && b.elem.isNumber())) ||
		!a.isScalar() {
		c.mismatch(n, a, b)
		return
	}
	c.option(b.elem, n.kids[0])
	if list := n.kids[1]; list.op == opList {
		for _, entry := range list.kids {
			c.option(a, entry)
		}
	}
}

// option refuses a literal that is none of the ids a text can be.
func (c *checker) option(t *typ, literal *node) {
	text, ok := literal.lit.(string)
	if literal.op != opLit || !ok || t.options == nil || slices.Contains(t.options, text) {
		return
	}
	hint := report.DidYouMean(text, t.options)
	if hint == "" && len(t.options) <= 12 {
		hint = "it is one of " + strings.Join(t.options, ", ")
	}
	c.report(fault(literal, t.code, "%q is no %s", text, t.what), hint)
}

// arithmetic gives the type of a op b; nil if there is none. A date moved by a duration may be in the middle of a day.
func (c *checker) arithmetic(op string, a, b *typ) *typ {
	if a.isNumber() && b.isNumber() {
		return c.numbers(op, a, b)
	}
	switch op {
	case "+":
		return c.plus(a, b)
	case "-":
		switch {
		case a.sort == tTime && b.sort == tDuration:
			return momentT
		case a.sort == tTime && b.sort == tTime:
			return durationT
		case a.sort == b.sort && (a.sort == tDuration || a.sort == tMoney):
			return a
		}
	case "*":
		switch {
		case (a.sort == tMoney || (c.exprs && a.sort == tDuration)) && b.sort == tInt:
			return a
		case c.exprs && a.sort == tInt && (b.sort == tMoney || b.sort == tDuration):
			return b
		}
	}
	return nil
}

func (c *checker) numbers(op string, a, b *typ) *typ {
	both := a.sort == tInt && b.sort == tInt
	switch {
	case op == "%":
		if !both {
			return nil
		}
		return intT
	case both && (op != "/" || !c.exprs):
		return intT
	}
	return floatT
}

func (c *checker) plus(a, b *typ) *typ {
	switch {
	case a.sort == tString && b.sort == tString:
		return stringT
	case a.sort == tTime && b.sort == tDuration:
		return momentT
	case a.sort == tDuration && b.sort == tTime:
		return momentT
	case a.sort == b.sort && (a.sort == tDuration || a.sort == tMoney):
		return a
	}
	return nil
}
