package formula

import (
	"fmt"
	"math"
	"reflect"
	"time"

	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
	"cel.dev/cel-go/common/types/traits"

	"github.com/guicheng/guicheng/definitions/value"
)

// adapter shows our values to CEL without copying them.
type adapter struct{}

var _ types.Adapter = adapter{}

// NativeToValue gives the CEL value of one of ours.
func (a adapter) NativeToValue(v any) ref.Val {
	switch x := v.(type) {
	case ref.Val:
		return x
	case value.Record:
		return recordVal(x)
	case []value.Record:
		return listVal(a, len(x), func(i int) ref.Val { return recordVal(x[i]) })
	case value.Person:
		return personVal{x}
	case []value.Person:
		return listVal(a, len(x), func(i int) ref.Val { return personVal{x[i]} })
	case value.Unit:
		return unitVal{x}
	case value.Attachment:
		return fileVal{x}
	case value.Money:
		return moneyVal(x)
	case value.Work:
		return workVal{Work: x}
	case *Case:
		return caseVal{x}
	case *Scope:
		return scopeVal{x}
	}
	return types.DefaultTypeAdapter.NativeToValue(v)
}

func listVal(a types.Adapter, n int, at func(int) ref.Val) ref.Val {
	list := make([]ref.Val, n)
	for i := range list {
		list[i] = at(i)
	}
	return types.NewRefValList(a, list)
}

// noConversion refuses what no condition needs.
type noConversion struct{}

func (noConversion) ConvertToNative(t reflect.Type) (any, error) {
	return nil, fmt.Errorf("a condition's value is not converted to %v", t)
}

func (noConversion) ConvertToType(t ref.Type) ref.Val {
	return types.NewErr("a value is not converted to %s", t.TypeName())
}

// recordVal is a record or row. Records are not compared.
type recordVal value.Record

var recordType = types.NewObjectType("record")

func (recordVal) ConvertToNative(t reflect.Type) (any, error) {
	return noConversion{}.ConvertToNative(t)
}
func (recordVal) ConvertToType(t ref.Type) ref.Val { return noConversion{}.ConvertToType(t) }
func (r recordVal) Equal(ref.Val) ref.Val          { return types.False }
func (recordVal) Type() ref.Type                   { return recordType }
func (r recordVal) Value() any                     { return value.Record(r) }

// personVal is a person; two are the same by id.
type personVal struct{ value.Person }

func (personVal) ConvertToNative(t reflect.Type) (any, error) {
	return noConversion{}.ConvertToNative(t)
}
func (personVal) ConvertToType(t ref.Type) ref.Val { return noConversion{}.ConvertToType(t) }
func (personVal) Type() ref.Type                   { return celPerson }
func (p personVal) Value() any                     { return p.Person }

func (p personVal) Equal(other ref.Val) ref.Val {
	q, ok := other.(personVal)
	return types.Bool(ok && q.ID == p.ID)
}

// unitVal is a unit; two are the same by id.
type unitVal struct{ value.Unit }

func (unitVal) ConvertToNative(t reflect.Type) (any, error) { return noConversion{}.ConvertToNative(t) }
func (unitVal) ConvertToType(t ref.Type) ref.Val            { return noConversion{}.ConvertToType(t) }
func (unitVal) Type() ref.Type                              { return celUnit }
func (u unitVal) Value() any                                { return u.Unit }

func (u unitVal) Equal(other ref.Val) ref.Val {
	v, ok := other.(unitVal)
	return types.Bool(ok && v.ID == u.ID)
}

// fileVal is an attachment, which a condition can only ask for.
type fileVal struct{ value.Attachment }

func (fileVal) ConvertToNative(t reflect.Type) (any, error) { return noConversion{}.ConvertToNative(t) }
func (fileVal) ConvertToType(t ref.Type) ref.Val            { return noConversion{}.ConvertToType(t) }
func (fileVal) Equal(ref.Val) ref.Val                       { return types.False }
func (fileVal) Type() ref.Type                              { return celFile }
func (f fileVal) Value() any                                { return f.Attachment }

// caseVal is what a formula may know of the case.
type caseVal struct{ *Case }

func (caseVal) ConvertToNative(t reflect.Type) (any, error) { return noConversion{}.ConvertToNative(t) }
func (caseVal) ConvertToType(t ref.Type) ref.Val            { return noConversion{}.ConvertToType(t) }
func (caseVal) Equal(ref.Val) ref.Val                       { return types.False }
func (caseVal) Type() ref.Type                              { return recordType }
func (c caseVal) Value() any                                { return c.Case }

// scopeVal answers for the presence of bare names.
type scopeVal struct{ *Scope }

func (scopeVal) ConvertToNative(t reflect.Type) (any, error) {
	return noConversion{}.ConvertToNative(t)
}
func (scopeVal) ConvertToType(t ref.Type) ref.Val { return noConversion{}.ConvertToType(t) }
func (scopeVal) Equal(ref.Val) ref.Val            { return types.False }
func (scopeVal) Type() ref.Type                   { return recordType }
func (s scopeVal) Value() any                     { return s.Scope }

// workVal is a span of working time: it can be the result of a condition, nothing else.
type workVal struct {
	value.Work
	open openSpan // instead of Work, where it is not 0
}

func (workVal) ConvertToNative(t reflect.Type) (any, error) { return noConversion{}.ConvertToNative(t) }
func (workVal) ConvertToType(t ref.Type) ref.Val            { return noConversion{}.ConvertToType(t) }
func (workVal) Type() ref.Type                              { return celWork }

func (w workVal) Value() any {
	if w.open != 0 {
		return w.open
	}
	return w.Work
}

func (w workVal) Equal(other ref.Val) ref.Val {
	v, ok := other.(workVal)
	return types.Bool(ok && v == w)
}

// moneyVal is an exact amount.
type moneyVal value.Money

var (
	_ traits.Adder      = moneyVal(0)
	_ traits.Subtractor = moneyVal(0)
	_ traits.Multiplier = moneyVal(0)
	_ traits.Comparer   = moneyVal(0)
)

func (moneyVal) ConvertToNative(t reflect.Type) (any, error) {
	return noConversion{}.ConvertToNative(t)
}
func (moneyVal) ConvertToType(t ref.Type) ref.Val { return noConversion{}.ConvertToType(t) }
func (moneyVal) Type() ref.Type                   { return celMoney }
func (m moneyVal) Value() any                     { return value.Money(m) }

func (m moneyVal) Equal(other ref.Val) ref.Val {
	o, ok := other.(moneyVal)
	return types.Bool(ok && o == m)
}

// Add gives m + other.
func (m moneyVal) Add(other ref.Val) ref.Val {
	o, ok := other.(moneyVal)
	if !ok {
		return types.MaybeNoSuchOverloadErr(other)
	}
	return moneyResult(value.Money(m).Add(value.Money(o)))
}

// Subtract gives m - other.
func (m moneyVal) Subtract(other ref.Val) ref.Val {
	o, ok := other.(moneyVal)
	if !ok || o == math.MinInt64 {
		return types.MaybeNoSuchOverloadErr(other)
	}
	return moneyResult(value.Money(m).Add(-value.Money(o)))
}

// Multiply gives m × a count.
func (m moneyVal) Multiply(other ref.Val) ref.Val {
	n, ok := other.(types.Int)
	if !ok {
		return types.MaybeNoSuchOverloadErr(other)
	}
	return moneyResult(value.Money(m).Times(int64(n)))
}

// Compare orders two amounts.
func (m moneyVal) Compare(other ref.Val) ref.Val {
	o, ok := other.(moneyVal)
	switch {
	case !ok:
		return types.MaybeNoSuchOverloadErr(other)
	case m < o:
		return types.IntNegOne
	case m > o:
		return types.IntOne
	}
	return types.IntZero
}

func moneyResult(m value.Money, ok bool) ref.Val {
	if !ok {
		return types.WrapErr(errMoneyRange())
	}
	return moneyVal(m)
}

func errMoneyRange() *Failure {
	return &Failure{Code: "arithmetic", Message: "the amount is too large"}
}

// celScope is the hidden context of one evaluation, and its activation.
type celScope struct {
	scope *Scope
	names map[string]binding
	opts  *Options
}

func (*celScope) ConvertToNative(t reflect.Type) (any, error) {
	return noConversion{}.ConvertToNative(t)
}
func (*celScope) ConvertToType(t ref.Type) ref.Val { return noConversion{}.ConvertToType(t) }
func (*celScope) Equal(ref.Val) ref.Val            { return types.False }
func (*celScope) Type() ref.Type                   { return celContext }
func (c *celScope) Value() any                     { return c.scope }

func spanSize(name string) time.Duration {
	switch name {
	case "minutes":
		return time.Minute
	case "hours":
		return time.Hour
	}
	return 24 * time.Hour
}
