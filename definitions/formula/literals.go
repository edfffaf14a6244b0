package formula

import (
	"maps"
	"slices"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/types"

	"github.com/guicheng/guicheng/definitions/value"
)

// literalKinds are the types that neither language can write down: their name makes a value of a quoted text, as in
// money('10.00') or date('2026-11-24').
var literalKinds = map[string]value.Kind{
	"money": value.Cash, "date": value.Date, "month": value.Month, "moment": value.Moment, "duration": value.Duration,
}

func literalSignature(name, example string) signature {
	return signature{cel: true, expr: true, least: 1, most: 1, usage: name + "('" + example + "')", result: literalOf}
}

// literalOf reads the text while the formula is checked: what is written wrong is an error at its place.
func literalOf(c *checker, n *node) *typ {
	kind := literalKinds[n.name]
	arg := n.kids[0]
	c.check(arg)
	text, ok := arg.lit.(string)
	if arg.op != opLit || !ok {
		c.report(wide(arg, "arguments", "%s takes a text in quotes", n.name), "write "+c.env.functions[n.name].usage)
		return typeOfLiteral(kind)
	}
	v, err := (&value.Field{Kind: kind}).Parse(text, c.env.opts.Zone)
	if err != nil {
		c.report(wide(arg, "wrong-value", "%v", err), "write "+c.env.functions[n.name].usage)
		return typeOfLiteral(kind)
	}
	n.lit = v
	return typeOfLiteral(kind)
}

func typeOfLiteral(kind value.Kind) *typ {
	switch kind {
	case value.Cash:
		return moneyT
	case value.Date:
		return dateT
	case value.Month:
		return monthT
	case value.Duration:
		return durationT
	}
	return momentT
}

// literalFunctions give CEL the same functions. The text was checked before: it is read in the office's zone.
func literalFunctions() []cel.EnvOption {
	results := map[string]*cel.Type{"money": celMoney, "duration": cel.DurationType}
	var opts []cel.EnvOption
	for _, name := range slices.Sorted(maps.Keys(literalKinds)) {
		result := results[name]
		if result == nil {
			result = cel.TimestampType
		}
		read := func(c *celScope, text any) any {
			s, _ := text.(string)
			v, err := (&value.Field{Kind: literalKinds[name]}).Parse(s, zoneOf(c.scope, c.opts))
			if err != nil {
				return types.WrapErr(&Failure{Code: "type", Message: err.Error()})
			}
			return v
		}
		opts = append(opts, contextMacro(name), cel.Function(name, cel.MemberOverload(name+"_context",
			[]*cel.Type{celContext, cel.StringType}, result, cel.BinaryBinding(bindContext(read)))))
	}
	return opts
}
