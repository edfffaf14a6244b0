package formula

import (
	"cmp"
	"math"
	"math/bits"
	"time"

	"github.com/guicheng/guicheng/definitions/value"
)

func overflow() *Failure {
	return &Failure{Code: "arithmetic", Message: "the result is too large"}
}

func plusOf(r *run, args []any) (any, error) {
	a, b := args[0], args[1]
	switch x := a.(type) {
	case string:
		if y, ok := b.(string); ok {
			if len(x)+len(y) > MaxString {
				return nil, limitFailure("MaxString", MaxString)
			}
			return x + y, r.spend((len(x)+len(y))/64 + 1)
		}
	case time.Time:
		if y, ok := b.(time.Duration); ok {
			return x.Add(y), nil
		}
	case time.Duration:
		switch y := b.(type) {
		case time.Time:
			return y.Add(x), nil
		case time.Duration:
			return checked(int64(x), int64(y), addInts, func(n int64) any { return time.Duration(n) })
		}
	case value.Money:
		if y, ok := b.(value.Money); ok {
			return checked(int64(x), int64(y), addInts, func(n int64) any { return value.Money(n) })
		}
	}
	return numeric(a, b, addInts, '+')
}

func minusOf(args ...any) (any, error) {
	a, b := args[0], args[1]
	switch x := a.(type) {
	case time.Time:
		switch y := b.(type) {
		case time.Duration:
			return x.Add(-y), nil
		case time.Time:
			return x.Sub(y), nil
		}
	case time.Duration:
		if y, ok := b.(time.Duration); ok {
			return checked(int64(x), int64(y), subtractInts, func(n int64) any { return time.Duration(n) })
		}
	case value.Money:
		if y, ok := b.(value.Money); ok {
			return checked(int64(x), int64(y), subtractInts, func(n int64) any { return value.Money(n) })
		}
	}
	return numeric(a, b, subtractInts, '-')
}

func timesOf(args ...any) (any, error) {
	a, b := args[0], args[1]
	if _, ok := a.(int64); ok {
		a, b = b, a
	}
	n, counted := b.(int64)
	switch x := a.(type) {
	case value.Money:
		if counted {
			return checked(int64(x), n, multiplyInts, func(n int64) any { return value.Money(n) })
		}
	case time.Duration:
		if counted {
			return checked(int64(x), n, multiplyInts, func(n int64) any { return time.Duration(n) })
		}
	}
	return numeric(a, b, multiplyInts, '*')
}

func divideOf(args ...any) (any, error) { return reckoned('/', args[0], args[1]) }

func moduloOf(args ...any) (any, error) {
	x, ok1 := args[0].(int64)
	y, ok2 := args[1].(int64)
	switch {
	case !ok1 || !ok2:
		return nil, wrongType("only whole numbers have a rest")
	case y == 0:
		return nil, &Failure{Code: "arithmetic", Message: "division by zero"}
	case y == -1:
		return int64(0), nil
	}
	return x % y, nil
}

func negateOf(args ...any) (any, error) {
	switch x := args[0].(type) {
	case float64:
		return -x, nil
	case value.Money:
		return minusOf(value.Money(0), x)
	case time.Duration:
		return minusOf(time.Duration(0), x)
	}
	return minusOf(int64(0), args[0])
}

// numeric works on two whole numbers exactly, on others as numbers.
func numeric(a, b any, ints func(x, y int64) (int64, bool), op byte) (any, error) {
	x, ok1 := a.(int64)
	y, ok2 := b.(int64)
	if ok1 && ok2 {
		return checked(x, y, ints, func(n int64) any { return n })
	}
	return reckoned(op, a, b)
}

func reckoned(op byte, a, b any) (any, error) {
	out, err := reckon(op, a, b)
	if err != nil {
		return nil, err
	}
	return out, nil
}

func checked(x, y int64, f func(x, y int64) (int64, bool), wrap func(int64) any) (any, error) {
	n, ok := f(x, y)
	if !ok {
		return nil, overflow()
	}
	return wrap(n), nil
}

func toFloat(v any) (float64, bool) {
	switch x := v.(type) {
	case int64:
		return float64(x), true
	case float64:
		return x, true
	}
	return 0, false
}

func addInts(x, y int64) (int64, bool) {
	sum := x + y
	return sum, (sum > x) == (y > 0)
}

func subtractInts(x, y int64) (int64, bool) {
	diff := x - y
	return diff, (diff < x) == (y > 0)
}

func multiplyInts(x, y int64) (int64, bool) {
	hi, lo := bits.Mul64(magnitude(x), magnitude(y))
	if hi != 0 || lo > math.MaxInt64 {
		return 0, false
	}
	if (x < 0) != (y < 0) {
		return -int64(lo), true
	}
	return int64(lo), true
}

func magnitude(x int64) uint64 {
	if x < 0 {
		return -uint64(x)
	}
	return uint64(x)
}

// sumOf adds what map gave, from the zero of its type.
func sumOf(r *run, args []any) (any, error) {
	list, err := entries(args[0])
	if err != nil {
		return nil, err
	}
	total := args[1]
	for _, v := range list {
		if total, err = plusOf(r, []any{total, v}); err != nil {
			return nil, err
		}
	}
	return total, r.spend(len(list))
}

// compareValues orders two values of one sort; a count and a number are of one.
func compareValues(a, b any) (int, bool) {
	if c, ok := value.Compare(a, b); ok {
		return c, true
	}
	x, ok1 := toFloat(a)
	y, ok2 := toFloat(b)
	return cmp.Compare(x, y), ok1 && ok2
}

func orderOf(holds func(int) bool) function {
	return func(args ...any) (any, error) {
		c, ok := compareValues(args[0], args[1])
		if !ok {
			return nil, wrongType("these values have no order")
		}
		return holds(c), nil
	}
}

func same(a, b any) bool {
	if x, ok := toFloat(a); ok {
		if y, ok := toFloat(b); ok {
			return x == y
		}
	}
	return value.Equal(a, b)
}

func equalOf(args ...any) (any, error) { return same(args[0], args[1]), nil }

func isIn(r *run, args []any) (any, error) {
	n, ok := sizeOfList(args[1])
	if !ok {
		return nil, wrongType("not a list")
	}
	for i := range n {
		if same(args[0], entry(args[1], i)) {
			return true, r.spend(i/16 + 1)
		}
	}
	return false, r.spend(n/16 + 1)
}
