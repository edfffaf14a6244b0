package formula

import (
	"errors"
	"math"
	"strings"
	"time"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
	"cel.dev/cel-go/common/types/traits"

	"github.com/guicheng/guicheng/definitions/value"
)

var _ cel.Activation = (*celScope)(nil)

// ResolveName gives the value of a top-level name. An empty one is an error that names it.
func (c *celScope) ResolveName(name string) (any, bool) {
	switch name {
	case hiddenContext:
		return c, true
	case hiddenNames:
		return c.scope, true
	}
	b, ok := c.names[name]
	if !ok {
		return nil, false
	}
	v, ok := b.resolve(name, c.scope)
	if !ok {
		return types.WrapErr(absent(name)), true
	}
	return v, true
}

// Parent is nil: there is one scope.
func (*celScope) Parent() cel.Activation { return nil }

// celProgram is a compiled condition with what the checker found.
type celProgram struct {
	source string
	root   *node
	names  map[string]binding
	opts   *Options
	prg    cel.Program
	shown  []*node
}

// compileCEL checks text with our checker, which knows the procedure, and with CEL's, which plans the evaluation.
func (e *Env) compileCEL(text string, n Names) (*celProgram, []Fault) {
	b, err := base()
	if err != nil {
		return nil, internalFault(err)
	}
	root, faults := readCEL(b.plain, text)
	if len(faults) > 0 {
		return nil, faults
	}
	place, err := e.placeOf(n)
	if err != nil {
		return nil, internalFault(err)
	}
	c := &checker{env: e, names: place.names, outcomes: n.Outcomes}
	if faults := c.run(root); len(faults) > 0 {
		return nil, faults
	}
	checked, issues := place.env.Parse(text)
	if issues.Err() == nil {
		loosen(checked.NativeRep(), root)
		checked, issues = place.env.Check(checked)
	}
	if issues.Err() != nil {
		return nil, celFaults(text, issues)
	}
	prg, err := place.env.Program(checked, bounds(root, c.deepest)...)
	if err != nil {
		return nil, internalFault(err)
	}
	return &celProgram{
		source: text, root: root, names: place.names, opts: &e.opts, prg: prg, shown: readingsOf(root),
	}, nil
}

// smallLoop is how many parts a formula with one level of loops may have to be run without a count of its steps.
const smallLoop = 60

// bounds asks for the counting of steps and bytes, except where the sizes of text and tables alone keep the work small:
// it would double the time of a guard. Lists never grow: the checker knows no + of lists.
func bounds(root *node, loops int) []cel.ProgramOption {
	parts, long := 0, false
	root.walk(func(n *node) {
		parts++
		long = long || (n.op == opBinary && n.name == "+" && n.typ.sort == tString) || celText[n.name]
	})
	if !long && (loops == 0 || (loops == 1 && parts <= smallLoop)) {
		return nil
	}
	return []cel.ProgramOption{cel.CostLimit(MaxCost), cel.MemoryLimit(MaxMemory)}
}

func internalFault(err error) []Fault {
	return []Fault{{Width: 1, Code: "internal", Message: err.Error()}}
}

// celFaults reports what CEL's own checker finds beyond ours.
func celFaults(text string, issues *cel.Issues) []Fault {
	f := syntaxFaults(text, issues)
	if f[0].Code == "syntax" {
		f[0].Code = "type"
	}
	return f
}

func (p *celProgram) eval(s *Scope) (ref.Val, error) {
	out, _, err := p.prg.Eval(&celScope{scope: s, names: p.names, opts: p.opts})
	if err != nil {
		return nil, p.asWritten(celFailure(err))
	}
	return out, nil
}

// asWritten names an empty column by its row, as the author did: the type of a row knows the table's name only.
func (p *celProgram) asWritten(f *Failure) *Failure {
	for _, n := range p.shown {
		b := p.names[strings.SplitN(n.text(), ".", 2)[0]]
		if b.source == fromRow && f.Path == strings.TrimPrefix(b.typ.name, "data.")+strings.TrimPrefix(n.path, b.path) {
			return absent(n.path)
		}
	}
	return f
}

// celFailure names what stopped an evaluation.
func celFailure(err error) *Failure {
	if f, ok := errors.AsType[*Failure](err); ok {
		return f
	}
	text := err.Error()
	switch {
	case strings.Contains(text, "cost limit"):
		return limitFailure("MaxCost", MaxCost)
	case strings.Contains(text, "memory") && strings.Contains(text, "limit"):
		return limitFailure("MaxMemory", MaxMemory)
	case strings.Contains(text, "overflow"), strings.Contains(text, "division"), strings.Contains(text, "modulus"),
		strings.Contains(text, "range"):
		return &Failure{Code: "arithmetic", Message: text}
	}
	return &Failure{Code: "type", Message: text}
}

func bindContext(f func(*celScope, any) any) func(ref.Val, ref.Val) ref.Val {
	return func(ctx, arg ref.Val) ref.Val {
		c, ok := ctx.(*celScope)
		if !ok {
			return types.NewErr("no context")
		}
		return adapter{}.NativeToValue(f(c, arg.Value()))
	}
}

func celOpen(c *celScope, step any) any {
	id, _ := step.(string)
	return c.scope.Marking != nil && c.scope.Marking.Open(id)
}

func celDone(c *celScope, step any) any {
	id, _ := step.(string)
	return c.scope.Marking != nil && c.scope.Marking.Done(id)
}

func celTimes(c *celScope, step any) any {
	id, _ := step.(string)
	if c.scope.Marking == nil {
		return int64(0)
	}
	return c.scope.Marking.Times(id)
}

func celDoneBy(c *celScope, step any) any {
	id, _ := step.(string)
	return doneBy(c.scope, id)
}

func doneBy(s *Scope, step string) []value.Person {
	if s.Marking == nil {
		return nil
	}
	return s.Marking.DoneBy(step)
}

func celHeads(c *celScope, unit any) any {
	u, _ := unit.(value.Unit)
	return headsIn(c.scope, u)
}

func headsIn(s *Scope, u value.Unit) []value.Person {
	if s.Staff == nil {
		return nil
	}
	return s.Staff.Heads(u.ID)
}

func celEndOf(c *celScope, at any) any {
	t, _ := at.(time.Time)
	return endOfDay(t, zoneOf(c.scope, c.opts))
}

// endOfDay is 00:00 of the next day in zone: a day is over when the next begins.
func endOfDay(t time.Time, zone *time.Location) time.Time {
	y, m, d := t.In(zone).Date()
	return time.Date(y, m, d+1, 0, 0, 0, 0, zone)
}

func celLast(args ...ref.Val) ref.Val {
	list, ok := args[1].(traits.Lister)
	if !ok {
		return types.MaybeNoSuchOverloadErr(args[1])
	}
	n, _ := list.Size().(types.Int)
	if n == 0 {
		path, _ := args[2].Value().(string)
		return types.WrapErr(absent(path))
	}
	return list.Get(n - 1)
}

func celSpan(name string) func(ref.Val) ref.Val {
	return func(arg ref.Val) ref.Val {
		n, ok := arg.Value().(int64)
		if !ok {
			return types.MaybeNoSuchOverloadErr(arg)
		}
		if name == "workdays" || name == "workhours" {
			if n < 1 || n > 10_000 {
				return types.WrapErr(&Failure{Code: "arithmetic", Message: "a worktime is between 1 and 10,000"})
			}
			if name == "workdays" {
				return workVal{Work: value.Work{Days: int(n)}}
			}
			return workVal{Work: value.Work{Hours: int(n)}}
		}
		d, ok := spanTimes(n, spanSize(name))
		if !ok {
			return types.WrapErr(&Failure{Code: "arithmetic", Message: "the duration is too long"})
		}
		return types.Duration{Duration: d}
	}
}

func spanTimes(n int64, size time.Duration) (time.Duration, bool) {
	if n > math.MaxInt64/int64(size) || n < math.MinInt64/int64(size) {
		return 0, false
	}
	return time.Duration(n) * size, true
}
