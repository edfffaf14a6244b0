package formula

import (
	"slices"
	"sync"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common"
	"cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/env"
	"cel.dev/cel-go/common/operators"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/traits"
)

// Names that no author can write: @ keeps them apart.
const (
	hiddenContext = "@context" // the marking, the staff and the zone of an evaluation
	hiddenNames   = "@names"   // the data, to ask for the presence of a bare name
)

// CEL's types of the values that are ours.
var (
	celMoney = types.NewObjectType("money",
		traits.AdderType, traits.SubtractorType, traits.MultiplierType, traits.ComparerType)
	celWork    = types.NewObjectType("worktime")
	celContext = types.NewObjectType(hiddenContext)
	celAnyT    = types.NewTypeParamType("T")
)

// celBase is the part of every CEL environment that does not depend on a procedure.
type celBase struct {
	plain *cel.Env // parses without macros: the checker sees what the author wrote
	env   *cel.Env // is extended for each set of names
}

// base is built once for the process and never changes.
var base = sync.OnceValues(newBase)

func newBase() (*celBase, error) {
	limits := []cel.EnvOption{
		cel.ClearMacros(),
		cel.ParserRecursionLimit(MaxDepth),
		cel.ParserExpressionSizeLimit(MaxSource),
		cel.ParserErrorRecoveryLimit(4),
	}
	plain, err := cel.NewCustomEnv(limits...)
	if err != nil {
		return nil, err
	}
	opts := append(slices.Clip(limits),
		cel.StdLib(cel.StdLibSubset(&env.LibrarySubset{DisableMacros: true, IncludeFunctions: celOperators()})),
		cel.CrossTypeNumericComparisons(true),
		cel.DefaultUTCTimeZone(true),
		cel.CustomTypeAdapter(adapter{}),
		cel.Macros(cel.AllMacro, cel.ExistsMacro, cel.FilterMacro, cel.MapMacro, cel.GlobalMacro("has", 1, expandHas)),
		cel.Types(celMoney, celWork, celContext),
		cel.Variable(hiddenContext, celContext),
	)
	opts = append(opts, contextFunctions()...)
	opts = append(opts, spanFunctions()...)
	opts = append(opts, calendarFunctions()...)
	opts = append(opts, literalFunctions()...)
	opts = append(opts, arithmetic()...)
	opts = append(opts, moneyOperators()...)
	full, err := cel.NewCustomEnv(opts...)
	if err != nil {
		return nil, err
	}
	return &celBase{plain: plain, env: full}, nil
}

// celOperators are all of CEL's own library that a procedure needs. matches, the conversions and the parts of times
// are left out; arithmetic has + - * /.
func celOperators() []*env.Function {
	names := []string{
		operators.Conditional, operators.LogicalAnd, operators.LogicalOr, operators.LogicalNot, operators.Negate,
		operators.Equals, operators.NotEquals, operators.Less, operators.LessEquals, operators.Greater,
		operators.GreaterEquals, operators.Modulo, operators.Index, operators.In, operators.NotStrictlyFalse,
		"size", "contains", "startsWith", "endsWith",
	}
	out := make([]*env.Function, len(names))
	for i, name := range names {
		out[i] = env.NewFunction(name)
	}
	return out
}

// expandHas makes has(x) of a bare name a presence test on the data, as has(a.b) is one on a.
func expandHas(h cel.MacroExprFactory, _ ast.Expr, args []ast.Expr) (ast.Expr, *common.Error) {
	switch args[0].Kind() {
	case ast.SelectKind:
		s := args[0].AsSelect()
		return h.NewPresenceTest(s.Operand(), s.FieldName()), nil
	case ast.IdentKind:
		return h.NewPresenceTest(h.NewIdent(hiddenNames), args[0].AsIdent()), nil
	}
	return nil, h.NewError(args[0].ID(), "has takes a field or a name")
}

// contextMacro turns f(x) into a call on the hidden context, which knows the case and the office.
func contextMacro(name string) cel.EnvOption {
	return cel.Macros(cel.GlobalMacro(name, 1,
		func(h cel.MacroExprFactory, _ ast.Expr, args []ast.Expr) (ast.Expr, *common.Error) {
			if name == "last" { // the failure of an empty table names it
				return h.NewMemberCall(name, h.NewIdent(hiddenContext), args[0],
					h.NewLiteral(types.String(exprText(args[0])))), nil
			}
			return h.NewMemberCall(name, h.NewIdent(hiddenContext), args[0]), nil
		}))
}

// contextMacro2 does so for a function of two arguments.
func contextMacro2(name string) cel.EnvOption {
	return cel.Macros(cel.GlobalMacro(name, 2,
		func(h cel.MacroExprFactory, _ ast.Expr, args []ast.Expr) (ast.Expr, *common.Error) {
			return h.NewMemberCall(name, h.NewIdent(hiddenContext), args...), nil
		}))
}

// exprText is the name that an expression is, else "".
func exprText(e ast.Expr) string {
	switch e.Kind() {
	case ast.IdentKind:
		return e.AsIdent()
	case ast.SelectKind:
		if left := exprText(e.AsSelect().Operand()); left != "" {
			return left + "." + e.AsSelect().FieldName()
		}
	}
	return ""
}

func contextFunctions() []cel.EnvOption {
	one := func(name string, arg, result *cel.Type, f func(*celScope, any) any) cel.EnvOption {
		return cel.Function(name, cel.MemberOverload(name+"_context", []*cel.Type{celContext, arg}, result,
			cel.BinaryBinding(bindContext(f))))
	}
	people := cel.ListType(celPerson)
	opts := []cel.EnvOption{
		one("open", cel.StringType, cel.BoolType, celOpen),
		one("done", cel.StringType, cel.BoolType, celDone),
		one("times", cel.StringType, cel.IntType, celTimes),
		one("done_by", cel.StringType, people, celDoneBy),
		one("heads", celUnit, people, celHeads),
		one("end_of", cel.TimestampType, cel.TimestampType, celEndOf),
		cel.Function("last", cel.MemberOverload("last_context",
			[]*cel.Type{celContext, cel.ListType(celAnyT), cel.StringType}, celAnyT, cel.FunctionBinding(celLast))),
	}
	for _, name := range []string{"open", "done", "times", "done_by", "heads", "end_of", "last"} {
		opts = append(opts, contextMacro(name))
	}
	return opts
}

func spanFunctions() []cel.EnvOption {
	span := func(name string, result *cel.Type) cel.EnvOption {
		return cel.Function(name, cel.Overload(name+"_int", []*cel.Type{cel.IntType}, result,
			cel.UnaryBinding(celSpan(name))))
	}
	return []cel.EnvOption{
		span("minutes", cel.DurationType), span("hours", cel.DurationType), span("days", cel.DurationType),
		span("workhours", celWork), span("workdays", celWork),
	}
}

// moneyOperators declares what amounts can do; the work is done by the traits of moneyVal.
func moneyOperators() []cel.EnvOption {
	two := func(name, id string, b, result *cel.Type) cel.EnvOption {
		return cel.Function(name, cel.Overload(id, []*cel.Type{celMoney, b}, result))
	}
	return []cel.EnvOption{
		two(operators.Add, "add_money", celMoney, celMoney),
		two(operators.Subtract, "subtract_money", celMoney, celMoney),
		two(operators.Multiply, "multiply_money", cel.IntType, celMoney),
		two(operators.Less, "less_money", celMoney, cel.BoolType),
		two(operators.LessEquals, "less_equals_money", celMoney, cel.BoolType),
		two(operators.Greater, "greater_money", celMoney, cel.BoolType),
		two(operators.GreaterEquals, "greater_equals_money", celMoney, cel.BoolType),
	}
}
