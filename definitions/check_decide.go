package definitions

import (
	"fmt"
	"slices"

	"github.com/guicheng/guicheng/definitions/domain"
	"github.com/guicheng/guicheng/definitions/formula"
	"github.com/guicheng/guicheng/definitions/report"
	"github.com/guicheng/guicheng/definitions/value"
)

// grid is a decision table as boxes over what its inputs can be where the step is reached.
type grid struct {
	c     *checker
	k     *known
	d     *Decide
	cells [][]*cell // by row
	axes  []domain.Axis
	rows  []domain.Box // by row; nil = it depends on something that is not known before a case runs
}

func (c *checker) gridOf(d *Decide, k *known) *grid {
	g := &grid{c: c, k: k, d: d}
	for _, r := range d.Rows {
		cells := make([]*cell, len(r.cells))
		for i, one := range r.cells {
			cells[i] = one.as(k.u.settings)
		}
		g.cells = append(g.cells, cells)
	}
	return g
}

// table checks a decision table: values that no row takes, rows that take the same, rows that are never taken.
func (c *checker) table(s *Step, d *Decide, in *known) {
	g := c.gridOf(d, in)
	if !g.lay() {
		if d.needsAll() && !d.anywhere() && !in.coveredBy(d.guards()) {
			c.add(report.Problem{Place: s.Place, Severity: report.Warning, Code: "table-open",
				Message: "it cannot be shown that a row of " + called(s) + " always fits", Hint: "add else: with the outputs"})
		}
		return
	}
	g.never()
	if d.Hit == HitUnique || d.Hit == HitAny {
		g.overlaps()
	}
	if d.needsAll() {
		g.gaps(s)
	}
}

// needsAll tells tables in which some row must fit.
func (d *Decide) needsAll() bool { return d.Hit.Single() && d.Else == nil }

// anywhere tells whether a row fits whatever the inputs are.
func (d *Decide) anywhere() bool {
	return slices.ContainsFunc(d.Rows, func(r *DecideRow) bool {
		return !slices.ContainsFunc(r.cells, func(one *cell) bool { return !one.anything() })
	})
}

func (d *Decide) guards() []*formula.Guard {
	var out []*formula.Guard
	for _, r := range d.Rows {
		if r.When != nil {
			out = append(out, r.When)
		}
	}
	return out
}

// lay makes the axes and the boxes; false if an input has values that cannot be told apart one by one, or two inputs
// read the same.
func (g *grid) lay() bool {
	seen := map[string]bool{}
	for i, in := range g.d.Inputs {
		for _, r := range in.Test.Reads() {
			if seen[r.Path] {
				return false
			}
		}
		for _, r := range in.Test.Reads() {
			seen[r.Path] = true
		}
		axis, ok := g.axis(i, in)
		if !ok {
			return false
		}
		g.axes = append(g.axes, axis)
	}
	for _, cells := range g.cells {
		box := make(domain.Box, len(g.axes))
		for i, one := range cells {
			box[i] = g.axes[i].Select(one.holds)
		}
		if slices.ContainsFunc(cells, (*cell).opaque) {
			box = nil
		}
		g.rows = append(g.rows, box)
	}
	return true
}

// axis cuts what an input can be, as far as the facts at the step allow it.
func (g *grid) axis(i int, in *Input) (domain.Axis, bool) {
	var at []any
	for _, cells := range g.cells {
		at = append(at, cells[i].cuts()...)
	}
	u := g.k.u
	id, known := g.slot(in)
	few := known && u.valuesOf(id) != nil
	if few {
		at = append(at, u.cuts[u.list[id].field.Path]...) // what conditions before the table have told apart
	}
	pieces, ok := domain.Cut(u.bounded(in.field), at, g.c.p.Office.Zone)
	if !ok {
		return domain.Axis{}, false
	}
	if few {
		pieces = slices.DeleteFunc(pieces, func(p domain.Piece) bool { return !g.k.possible([]int{id}, []domain.Piece{p}) })
	}
	if in.asks && (!known || !g.k.filled(id)) {
		pieces = append(pieces, domain.Piece{Text: "empty"})
	}
	return domain.Axis{Name: in.Test.Source(), Pieces: pieces}, len(pieces) > 0
}

func (g *grid) slot(in *Input) (int, bool) {
	if in.data == nil {
		return 0, false
	}
	return g.k.u.find(in.Test.Source(), g.k.row)
}

// maxImpossible bounds how many combinations that cannot be are passed over in one search.
const maxImpossible = 64

// outside looks for a combination that the data can have: in the box, in none of the others.
func (g *grid) outside(b domain.Box, others []domain.Box) (point []int, sure bool) {
	for range maxImpossible {
		if g.k.u.work.done += tryCost; g.k.u.work.spent() {
			return nil, false
		}
		at, found, sure := b.Outside(others)
		if !found || g.possible(at) {
			return at, sure
		}
		others = append([]domain.Box{g.boxOf(at)}, others...)
	}
	return nil, false
}

func (g *grid) boxOf(point []int) domain.Box {
	out := make(domain.Box, len(point))
	for i, piece := range point {
		out[i] = domain.NewSet(len(g.axes[i].Pieces))
		out[i].Add(piece)
	}
	return out
}

// possible tells whether the fields can have such values at once: those that are asked only `when` are there and empty
// accordingly, and what conditions on the way here and the fields' own checks demand is met.
func (g *grid) possible(point []int) bool {
	var ids []int
	var vals []domain.Piece
	for i, in := range g.d.Inputs {
		if id, ok := g.slot(in); ok {
			ids, vals = append(ids, id), append(vals, g.axes[i].Pieces[point[i]])
		}
	}
	return g.k.consistent(ids, vals) && g.k.u.meetsChecks(ids, vals) && g.k.fits(ids, vals)
}

// never finds rows that no case can come to.
func (g *grid) never() {
	for i, b := range g.rows {
		r := g.d.Rows[i]
		if b == nil {
			continue
		}
		if point, sure := g.outside(b, nil); point == nil && sure {
			g.c.add(report.Problem{Place: r.Place, Code: "row-never", Hint: "mend its cells, or take it out",
				Message: fmt.Sprintf("row %d can never fit: no value that comes here lies in all its cells", r.Number)})
			continue
		}
		if g.d.Hit != HitFirst {
			continue
		}
		var before []domain.Box
		for _, o := range g.rows[:i] {
			if o != nil {
				before = append(before, o)
			}
		}
		if point, sure := g.outside(b, before); point == nil && sure {
			g.c.add(report.Problem{Place: r.Place, Code: "row-never",
				Message: fmt.Sprintf("row %d is never reached: the rows before it take all that it takes", r.Number),
				Hint:    "put it before them, or take it out"})
		}
	}
}

// overlaps finds two rows that take the same values, though only one may, or though they say something else.
func (g *grid) overlaps() {
	for i, b := range g.rows {
		for k, o := range g.rows[:i] {
			if b == nil || o == nil || g.d.Hit == HitAny && g.same(g.d.Rows[i], g.d.Rows[k]) {
				continue
			}
			both, touch := b.Meet(o)
			if !touch {
				continue
			}
			point, _ := g.outside(both, nil)
			if point == nil {
				continue
			}
			r, first := g.d.Rows[i], g.d.Rows[k]
			hint := "make their cells exclude one another, or take hit: first"
			if g.d.Hit == HitAny {
				hint = "under hit: any, rows that fit together say the same"
			}
			g.c.add(report.Problem{Place: r.Place, Code: "rows-overlap", Hint: hint,
				Message: fmt.Sprintf("%s takes rows %d and %d", domain.Spell(g.axes, point, g.rows[i], g.rows[k]), first.Number,
					r.Number)})
		}
	}
}

// same tells whether two rows may give the same: values that are computed are compared when a case runs.
func (g *grid) same(a, b *DecideRow) bool {
	for i := range a.Gives {
		x, y := a.Gives[i], b.Gives[i]
		if x.Value == nil && y.Value == nil && !sameValue(x.Fixed, y.Fixed) {
			return false
		}
	}
	return true
}

func sameValue(a, b any) bool {
	if a == nil || b == nil {
		return a == nil && b == nil
	}
	return value.Equal(a, b)
}

func (g *grid) gaps(s *Step) {
	var known []domain.Box
	for _, b := range g.rows {
		if b != nil {
			known = append(known, b)
		}
	}
	point, sure := g.outside(domain.Space(g.axes), known)
	hint := "add a row for it, or else: with the outputs"
	switch {
	case point != nil && len(known) == len(g.rows):
		g.c.add(report.Problem{Place: s.Place, Code: "table-gap", Hint: hint,
			Message: fmt.Sprintf("%s takes no row of %s", domain.Spell(g.axes, point, g.rows...), called(s))})
	case (point != nil || !sure) && g.k.coveredBy(g.d.guards()):
	case point != nil:
		g.depends(s, report.Problem{Place: s.Place, Code: "table-gap", Hint: hint}, domain.Spell(g.axes, point, known...))
	case !sure:
		g.c.add(report.Problem{Place: s.Place, Severity: report.Warning, Code: "table-open", Hint: hint,
			Message: "it cannot be shown that a row of " + called(s) + " always fits"})
	}
}

// depends reports a table with rows that depend on settings: one that leaves something out with those that the
// procedure itself has is wrong.
func (g *grid) depends(s *Step, p report.Problem, what string) {
	own := g.c.gridOf(g.d, g.k.asDeclared())
	if own.lay() {
		if point, _ := own.outside(domain.Space(own.axes), own.rows); point != nil {
			p.Message = fmt.Sprintf("with the procedure's own settings, %s takes no row of %s",
				domain.Spell(own.axes, point, own.rows...), called(s))
			g.c.add(p)
			return
		}
	}
	p.Severity, p.Code = report.Warning, "table-open"
	p.Message = fmt.Sprintf("it depends on settings whether %s takes a row of %s", what, called(s))
	g.c.add(p)
}

var _ factual = (*formula.Column)(nil)
