package formula

import (
	"time"

	"cel.dev/cel-go/common/types"

	"github.com/guicheng/guicheng/definitions/value"
)

// Guard is a compiled condition. It is safe for concurrent use.
type Guard struct{ p *celProgram }

// Guard compiles a CEL text that must be true or false.
func (e *Env) Guard(text string, n Names) (*Guard, []Fault) {
	p, faults := e.compileCEL(text, n)
	if len(faults) > 0 {
		return nil, faults
	}
	if p.root.typ.sort != tBool {
		f := wide(p.root, "result", "a condition is yes or no, but this is %s", p.root.typ)
		f.Hint = wantHint(p.root, tBool)
		return nil, []Fault{*f}
	}
	return &Guard{p}, nil
}

// Source is the text as the author wrote it.
func (g *Guard) Source() string { return g.p.source }

// Eval decides. The error is a *Failure: an absent field, an exhausted limit.
func (g *Guard) Eval(s *Scope) (bool, error) {
	out, err := g.p.eval(s)
	if err != nil {
		return false, err
	}
	yes, ok := out.(types.Bool)
	if !ok {
		return false, &Failure{Code: "type", Message: "the condition gave neither true nor false"}
	}
	return bool(yes), nil
}

// Readings lists the fields and names that the guard's text reads, with their values in s, in the order of the text.
func (g *Guard) Readings(s *Scope) []Reading {
	out := make([]Reading, len(g.p.shown))
	for i, n := range g.p.shown {
		out[i] = Reading{Name: n.text(), Value: readingValue(n, g.p.names, s)}
	}
	return out
}

// Uncovered lists reads that known does not make safe, after narrowing by && || ?: and has().
func (g *Guard) Uncovered(known Known) []Read { return uncovered(g.p.root, known) }

// Reads lists every read of the text, covered or not, in the order of the text.
func (g *Guard) Reads() []Read { return reads(g.p.root) }

// Names tells whether the text reads a name of its place, such as actor, that is no data.
func (g *Guard) Names(name string) bool {
	found := false
	g.p.root.walk(func(n *node) { found = found || n.op == opName && n.name == name && !n.local && n.path == "" })
	return found
}

// Facts lists what holds of the data when the guard gave result.
func (g *Guard) Facts(result bool) []Fact { return facts(g.p.root, result) }

// When is a compiled span or moment. It is safe for concurrent use.
type When struct{ p *celProgram }

// When compiles a CEL text that must be a duration, working time or a moment.
func (e *Env) When(text string, n Names) (*When, []Fault) {
	p, faults := e.compileCEL(text, n)
	if len(faults) > 0 {
		return nil, faults
	}
	if f := neverPasses(p.root); f != nil {
		return nil, []Fault{*f}
	}
	switch p.root.typ.sort {
	case tDuration, tWork, tTime:
		return &When{p}, nil
	}
	f := wide(p.root, "result", "a time is a duration, a worktime or a moment, but this is %s", p.root.typ)
	if p.root.typ.sort == tInt {
		f.Hint = "write minutes(3), hours(2) or days(30)"
	}
	return nil, []Fault{*f}
}

// neverPasses finds a literal span of no length: what waits for it does not wait.
func neverPasses(root *node) *Fault {
	if root.op != opCall || len(root.kids) != 1 || root.typ.sort != tDuration && root.typ.sort != tWork {
		return nil
	}
	arg := root.kids[0]
	n, literal := arg.lit.(int64)
	if d, ok := root.lit.(time.Duration); ok {
		n, literal = int64(d), true
	}
	if arg.op != opNeg && !(literal && n <= 0) {
		return nil
	}
	if arg.op == opNeg && arg.kids[0].op != opLit {
		return nil
	}
	f := wide(root, "result", "this span is over before it begins")
	f.Hint = "write a span of some length: " + root.name + "(1)"
	return f
}

// Source is the text as the author wrote it.
func (w *When) Source() string { return w.p.source }

// IsMoment tells a moment (an `at`) from a duration (an `after`).
func (w *When) IsMoment() bool { return w.p.root.typ.sort == tTime }

// At gives the moment: the value itself, or from plus the duration. It is UTC. Working time is counted by the
// calendar of the scope.
func (w *When) At(s *Scope, from time.Time) (time.Time, error) {
	out, err := w.p.eval(s)
	if err != nil {
		return time.Time{}, err
	}
	switch x := out.Value().(type) {
	case time.Time:
		return x.UTC(), nil
	case time.Duration:
		at := from.Add(x).UTC()
		if (x > 0) != at.After(from) && x != 0 {
			return time.Time{}, &Failure{Code: "arithmetic", Message: "the moment is too far away"}
		}
		return at, nil
	case value.Work, openSpan:
		if at, ok := addWork(calendarOf(s, w.p.opts), from, x, zoneOf(s, w.p.opts)).(time.Time); ok {
			return at, nil
		}
	}
	return time.Time{}, &Failure{Code: "type", Message: "the formula gave no time"}
}

// Uncovered is as for a Guard.
func (w *When) Uncovered(known Known) []Read { return uncovered(w.p.root, known) }

// Reads lists every read of the text, covered or not, in the order of the text.
func (w *When) Reads() []Read { return reads(w.p.root) }

// Length is a span of a fixed length: of working time in its own unit, else in nanoseconds with the unit "".
func (w *When) Length() (n int64, unit string, ok bool) {
	root := w.p.root
	if root.typ.sort == tWork && root.op == opCall && len(root.kids) == 1 {
		n, ok = root.kids[0].lit.(int64)
		return n, root.name, ok
	}
	v, _ := literalValue(root)
	d, ok := v.(time.Duration)
	return int64(d), "", ok
}
