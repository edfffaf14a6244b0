package formula

import (
	"slices"
	"strings"

	"github.com/guicheng/guicheng/definitions/report"
	"github.com/guicheng/guicheng/definitions/value"
)

// Value is a compiled computation. It is safe for concurrent use.
type Value struct {
	p    *exprProgram
	want *value.Field
}

// Value compiles an Expr text whose result must fit want (its Kind, and Fields for records and tables).
// want nil accepts any printable result (texts, registers).
func (e *Env) Value(text string, n Names, want *value.Field) (*Value, []Fault) {
	p, faults := e.compileExpr(text, n)
	if len(faults) > 0 {
		return nil, faults
	}
	t := p.root.typ
	if want == nil {
		if t.sort == tGroups || t.sort == tCandidate {
			return nil, []Fault{*wide(p.root, "result", "%s cannot be printed", t)}
		}
		return &Value{p: p}, nil
	}
	if why := fits(t, want); why != "" {
		f := wide(p.root, "result", "%s", why)
		if want.Kind == value.Cash && t.isNumber() {
			f.Hint = "an amount is written money('10.00')"
		}
		return nil, []Fault{*f}
	}
	if f := literalOption(p.root, want); f != nil {
		return nil, []Fault{*f}
	}
	return &Value{p: p, want: want}, nil
}

// literalOption refuses a written text that is none of a choice's options.
func literalOption(root *node, want *value.Field) *Fault {
	text, ok := root.lit.(string)
	if want.Kind != value.Choice || root.op != opLit || !ok {
		return nil
	}
	options := ids(want)
	if slices.Contains(options, text) {
		return nil
	}
	f := fault(root, "unknown-option", "%q is no option of %s", text, want.Path)
	f.Hint = report.DidYouMean(text, options)
	return f
}

// Source is the text as the author wrote it.
func (v *Value) Source() string { return v.p.source }

// Eval computes a value in the Go type of the wanted field. A *Failure with Code "absent" says that a field it
// needs is empty.
func (v *Value) Eval(s *Scope) (any, error) {
	out, err := v.p.eval(s)
	if err != nil {
		return nil, err
	}
	if v.want == nil {
		return plain(out, v.p.root.typ)
	}
	return shaper{zone: zoneOf(s, v.p.opts)}.shape(out, v.want)
}

// Kind is the kind of the result as far as the text alone tells it; 0 for lists of rows and other mixtures.
func (v *Value) Kind() value.Kind { return v.p.root.typ.kind }

// Entries is the kind of the entries of a result that is a list; 0 if it is none, or of mixtures.
func (v *Value) Entries() value.Kind {
	if t := v.p.root.typ; t.sort == tList {
		return t.elem.kind
	}
	return 0
}

// MayFindNothing tells a value that looks something up, by find or by number, and does not say by ?? what it is when
// there is nothing.
func (v *Value) MayFindNothing() bool { return mayFindNothing(v.p.root) }

// Uncovered is as for a Guard.
func (v *Value) Uncovered(known Known) []Read { return uncovered(v.p.root, known) }

// Reads lists every field path the text names, covered or not, without repeats.
func (v *Value) Reads() []string { return pathsIn(v.p.root, nil) }

func pathsIn(root *node, out []string) []string {
	root.walk(func(n *node) {
		if n.path == "" || n.local || (n.op != opName && n.op != opField) {
			return
		}
		if (n.read || n.typ.rows) && !slices.Contains(out, n.path) {
			out = append(out, n.path)
		}
	})
	return out
}

// Who is a compiled list of people. It is safe for concurrent use.
type Who struct{ p *exprProgram }

// Who compiles an Expr text that gives a person, a post (a string), or a list of either.
func (e *Env) Who(text string, n Names) (*Who, []Fault) {
	p, faults := e.compileExpr(text, n)
	if len(faults) > 0 {
		return nil, faults
	}
	t := p.root.typ
	if t.sort == tList {
		t = t.elem
	}
	if !isSomebody(t) && t.sort != tAny {
		return nil, []Fault{*wide(p.root, "result", "this gives %s, not persons or posts", p.root.typ)}
	}
	if faults := e.literalPosts(p.root); len(faults) > 0 {
		return nil, faults
	}
	return &Who{p}, nil
}

// literalPosts tests the posts that are written in the text itself.
func (e *Env) literalPosts(root *node) []Fault {
	c := &checker{env: e}
	list := []*node{root}
	if root.op == opCall && root.name == "concat" {
		list = root.kids
	}
	for _, n := range list {
		if n.op == opList {
			list = append(list, n.kids...)
		}
	}
	for _, n := range list {
		c.option(e.opts.postType(), n)
	}
	return c.faults
}

// Source is the text as the author wrote it.
func (w *Who) Source() string { return w.p.source }

// Eval gives the candidates, without repeats, in the order they were computed. A text that names no post of the office
// is a *Failure with Code "type".
func (w *Who) Eval(s *Scope) ([]Candidate, error) {
	out, err := w.p.eval(s)
	if err != nil {
		return nil, err
	}
	list := []any{out}
	if w.p.root.typ.sort == tList {
		if list, err = entries(out); err != nil {
			return nil, err
		}
	}
	found := make([]Candidate, 0, len(list))
	seen := make(map[Candidate]bool, len(list))
	for _, v := range list {
		c, err := w.candidate(v)
		if err != nil {
			return nil, err
		}
		if !seen[c] {
			seen[c] = true
			found = append(found, c)
		}
	}
	return found, nil
}

func (w *Who) candidate(v any) (Candidate, error) {
	switch x := v.(type) {
	case value.Person:
		if x.ID != "" {
			return Candidate{Person: x.ID}, nil
		}
	case Candidate:
		return x, nil
	case string:
		if w.p.opts.Posts[x] {
			return Candidate{Post: x}, nil
		}
		say := "the office has no post " + x + " " + report.DidYouMean(x, sortedKeys(w.p.opts.Posts))
		return Candidate{}, &Failure{Code: "type", Message: strings.TrimSpace(say)}
	}
	return Candidate{}, &Failure{Code: "type", Message: "the formula gave neither a person nor a post"}
}

// Uncovered is as for a Guard.
func (w *Who) Uncovered(known Known) []Read { return uncovered(w.p.root, known) }

// Reads is as for a Value.
func (w *Who) Reads() []string { return pathsIn(w.p.root, nil) }
