package oracle

import (
	"go/ast"
	"go/parser"
	"go/token"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/guicheng/guicheng/definitions"
	"github.com/guicheng/guicheng/engine/core"
	"github.com/guicheng/guicheng/engine/sim/reference"
)

// constructs are pieces of procedures that the grammar's keys and words do not tell, each of which must come up often.
var constructs = []string{
	"wait: false", "form: [f_", "form: [unit.f_", "optional: [n_", "{n: 1}", "{n: 2}", "rest: cancel}", "keep: true",
	"threads: 2", "threads: 2}", "join: {all: [", "join: {active: [", "{n: 1, of: [", "rest: cancel, of: [", "undo: [s",
	"{else: s", "then: [{when: ", "then: {w0: ", "then: {good: ", "then: stop", "then: e0", "to: s", "also: s",
	"also: stop", "error: true", "error: failed", "error: oops", ", outcome], rows", "oops: 404", ": answer.said}",
	": status}", "until: 'finished >= 1', rest: cancel", "done(''s", "open(''s", "times(''s",
}

// Every construct of the language is in many of the procedures that the check accepts: each key and word of its
// grammar, but for those that are left out, and other pieces.
func TestEveryConstructIsMade(t *testing.T) {
	t.Parallel()
	const many = 1200
	seen := map[string]int{}
	language, made := readSchema(t), map[string]int{}
	accepted := 0
	for seed := range uint64(many) {
		p := newGenerator(seed).procedure()
		if _, err := compile(p); err != nil {
			continue
		}
		accepted++
		text := p.yaml()
		language.read(p, "", &schema{Ref: "procedure"}, made)
		for _, c := range constructs {
			if strings.Contains(text, c) {
				seen[c]++
			}
		}
	}
	for _, c := range constructs {
		if seen[c] < 2 {
			t.Errorf("%q is in %d of %d procedures", c, seen[c], accepted)
		}
	}
	for _, wrong := range language.amiss(made) {
		t.Error(wrong)
	}
	if accepted < many/4 {
		t.Errorf("the check accepts only %d of %d procedures", accepted, many)
	}
	t.Logf("%d of %d procedures are accepted; the rarest construct is in %d", accepted, many,
		slices.Min(slices.Collect(func(yield func(int) bool) {
			for _, c := range constructs {
				if !yield(seen[c]) {
					return
				}
			}
		})))
}

// Each kind of step that the language has is done, and each input taken, in random runs; what has an inside is opened
// again by a recall.
func TestEveryKindOfStepIsPlayed(t *testing.T) {
	t.Parallel()
	var want []string
	for _, kind := range kinds(t) {
		want = append(want, "done "+kind)
	}
	for _, verb := range reference.Verbs {
		want = append(want, "taken "+string(verb))
	}
	want = append(want, "opened again Block", "opened again Multi", "opened again Repeat")
	seen := map[string]int{}
	for seed := range uint64(2000) {
		p, err := compile(newGenerator(seed).procedure())
		if err != nil {
			continue
		}
		for run := range uint64(10) {
			count(t, seed, p, run, seen)
		}
		want = slices.DeleteFunc(want, func(what string) bool { return seen[what] > 0 })
		if len(want) == 0 {
			break
		}
	}
	if len(want) > 0 {
		t.Errorf("never: %s", strings.Join(want, ", "))
	}
	t.Log(seen)
}

// count plays a run, and counts what is done and taken in it.
func count(t *testing.T, seed uint64, p *definitions.Procedure, run uint64, seen map[string]int) {
	t.Helper()
	x := newPair(p)
	k := newWalker(x, run)
	for range most {
		in, before, events := k.next(), x.accepted, len(x.history)
		if d := k.give(in); d != nil {
			t.Fatalf("seed %d, run %d: %s after %+v", seed, run, d.What, in)
		}
		if x.cut {
			break
		}
		if x.accepted > before {
			seen["taken "+string(in.Do)]++
		}
		for _, e := range x.history[events:] {
			if e, ok := e.(core.Reopened); ok {
				seen["opened again "+kindOf(x, e.Act)]++
			}
		}
	}
	for _, a := range x.state.Acts {
		if a.State == core.Done && a.Frame != 0 {
			seen["done "+kindOf(x, a.ID)]++
		}
	}
}

// kindOf names the kind of step that an act runs; "" = it is gone.
func kindOf(x *pair, act core.ID) string {
	st := core.StepOf(x.p, x.state, act)
	if st == nil {
		return ""
	}
	return reflect.TypeOf(st.Work).Elem().Name()
}

// kinds lists the kinds of steps that the language has, by its source: a new one must be played, too.
func kinds(t *testing.T) []string {
	t.Helper()
	const file = "../../../definitions/procedure.go"
	parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, d := range parsed.Decls {
		f, ok := d.(*ast.FuncDecl)
		if !ok || f.Name.Name != "work" || f.Recv == nil {
			continue
		}
		if star, ok := f.Recv.List[0].Type.(*ast.StarExpr); ok {
			if name, ok := star.X.(*ast.Ident); ok {
				names = append(names, name.Name)
			}
		}
	}
	if len(names) < 11 {
		t.Fatalf("%s has only the kinds %v", file, names)
	}
	return names
}

// The same seed makes the same procedure.
func TestASeedIsAProcedure(t *testing.T) {
	t.Parallel()
	for seed := range uint64(50) {
		if a, b := newGenerator(seed).procedure().yaml(), newGenerator(seed).procedure().yaml(); a != b {
			t.Fatalf("seed %d makes two procedures:\n%s\n%s", seed, a, b)
		}
	}
}
