package formula

import (
	"math"
	"math/big"
	"strconv"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/operators"
	"cel.dev/cel-go/common/overloads"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
	"cel.dev/cel-go/common/types/traits"
)

// digits is how many decimal digits a float64 keeps whatever they are: a number of no more is what somebody wrote.
const digits = 15

// anyNumber is a function that no author can write: it hides from CEL's checker which sort of number it is given.
const anyNumber = "@number"

// reckon works on two numbers, of which at least one has decimals. As long as both can be what somebody wrote it does
// so in decimals, and 0.07 × 100 is 7, not a little more: a threshold is met when it is met. What has more digits, such
// as a third, is an approximation already, and is reckoned as one.
func reckon(op byte, a, b any) (float64, error) {
	x, ok1 := toFloat(a)
	y, ok2 := toFloat(b)
	switch {
	case !ok1 || !ok2:
		return 0, wrongType("these values do not go together")
	case op == '/' && y == 0:
		return 0, &Failure{Code: "arithmetic", Message: "division by zero"}
	}
	out := approximate(op, x, y)
	if out != math.Trunc(out) || x != math.Trunc(x) || y != math.Trunc(y) || math.Abs(out) > 1<<53 {
		if p, q := decimal(a), decimal(b); p != nil && q != nil {
			out = exact(op, p, q)
		}
	}
	if math.IsInf(out, 0) || math.IsNaN(out) {
		return 0, overflow()
	}
	return out, nil
}

func approximate(op byte, x, y float64) float64 {
	switch op {
	case '+':
		return x + y
	case '-':
		return x - y
	case '*':
		return x * y
	}
	return x / y
}

// exact gives the float64 that is nearest to the result.
func exact(op byte, p, q *big.Rat) float64 {
	var r big.Rat
	switch op {
	case '+':
		r.Add(p, q)
	case '-':
		r.Sub(p, q)
	case '*':
		r.Mul(p, q)
	default:
		r.Quo(p, q)
	}
	out, _ := r.Float64()
	return out
}

// decimal is a number as somebody wrote it; nil: it has too many digits for that.
func decimal(v any) *big.Rat {
	if n, whole := v.(int64); whole {
		return new(big.Rat).SetInt64(n)
	}
	f, _ := v.(float64)
	text := strconv.FormatFloat(f, 'e', digits-1, 64)
	if back, err := strconv.ParseFloat(text, 64); err != nil || back != f {
		return nil
	}
	r, _ := new(big.Rat).SetString(text)
	return r
}

// arithmetic declares + - * / to CEL as its own library has them, and between whole numbers and others as well.
func arithmetic() []cel.EnvOption {
	d, t, s, l := cel.DurationType, cel.TimestampType, cel.StringType, cel.ListType(celAnyT)
	two := func(id string, a, b, result *cel.Type) cel.FunctionOpt {
		return cel.Overload(id, []*cel.Type{a, b}, result)
	}
	declare := func(name, word string, bind func(a, b ref.Val) ref.Val, more ...cel.FunctionOpt) cel.EnvOption {
		whole, number := cel.IntType, cel.DoubleType
		return cel.Function(name, append(more,
			two(word+"_int64", whole, whole, whole), two(word+"_double", number, number, number),
			two(word+"_int64_double", whole, number, number), two(word+"_double_int64", number, whole, number),
			cel.SingletonBinaryBinding(bind))...)
	}
	return []cel.EnvOption{
		declare(operators.Add, "add", celNumbers('+', traits.Adder.Add),
			two(overloads.AddString, s, s, s), two(overloads.AddList, l, l, l), // as filter and map are made of
			two(overloads.AddDurationDuration, d, d, d),
			two(overloads.AddTimestampDuration, t, d, t), two(overloads.AddDurationTimestamp, d, t, t)),
		declare(operators.Subtract, "subtract", celNumbers('-', traits.Subtractor.Subtract),
			two(overloads.SubtractDurationDuration, d, d, d), two(overloads.SubtractTimestampDuration, t, d, t),
			two(overloads.SubtractTimestampTimestamp, t, t, d)),
		declare(operators.Multiply, "multiply", celNumbers('*', traits.Multiplier.Multiply)),
		declare(operators.Divide, "divide", celNumbers('/', traits.Divider.Divide)),
		cel.Function(anyNumber, cel.Overload(anyNumber, []*cel.Type{celAnyT}, cel.DynType,
			cel.UnaryBinding(func(v ref.Val) ref.Val { return v }))),
	}
}

// loosen lets whole numbers be equal to others: CEL's values know how, but its checker wants to be told.
func loosen(parsed *ast.AST, root *node) {
	mixed := map[int]bool{}
	root.walk(func(n *node) {
		if n.op == opBinary && (n.name == "==" || n.name == "!=" || n.name == "in") {
			a, b := n.kids[0].typ, n.kids[1].typ
			if n.name == "in" && b.sort == tList {
				b = b.elem
			}
			if a.isNumber() && b.isNumber() && a.sort != b.sort {
				mixed[n.off] = true
			}
		}
	})
	if len(mixed) == 0 {
		return
	}
	factory, next := ast.NewExprFactory(), ast.MaxID(parsed)
	ast.PostOrderVisit(parsed.Expr(), ast.NewExprVisitor(func(e ast.Expr) {
		if e.Kind() != ast.CallKind || celBinary[e.AsCall().FunctionName()] == "" {
			return
		}
		at, _ := parsed.SourceInfo().GetOffsetRange(e.ID())
		if call := e.AsCall(); mixed[int(at.Start)] {
			first := factory.NewCall(next, anyNumber, call.Args()[0])
			next++
			e.SetKindCase(factory.NewCall(e.ID(), call.FunctionName(), first, call.Args()[1]))
		}
	}))
}

// celNumbers reckons with numbers, and leaves all else, as two whole numbers, to what CEL's values do themselves.
func celNumbers[T any](op byte, other func(T, ref.Val) ref.Val) func(a, b ref.Val) ref.Val {
	return func(a, b ref.Val) ref.Val {
		_, first := a.(types.Double)
		_, second := b.(types.Double)
		if x, y := numeral(a), numeral(b); (first || second) && x != nil && y != nil {
			out, err := reckon(op, x, y)
			if err != nil {
				return types.WrapErr(err)
			}
			return types.Double(out)
		}
		if own, ok := a.(T); ok {
			return other(own, b)
		}
		return types.MaybeNoSuchOverloadErr(a)
	}
}

func numeral(v ref.Val) any {
	switch x := v.(type) {
	case types.Int:
		return int64(x)
	case types.Double:
		return float64(x)
	}
	return nil
}
