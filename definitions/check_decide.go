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
	c    *checker
	k    *known
	d    *Decide
	axes []domain.Axis
	rows []domain.Box // by row; nil = it depends on something that is not known before a case runs
}

// table checks a decision table: values that no row takes, rows that take the same, rows that are never taken.
func (c *checker) table(s *Step, d *Decide, in *known) {
	g := &grid{c: c, k: in, d: d}
	if !g.lay() {
		if d.needsAll() && !d.anywhere() {
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
	for _, r := range g.d.Rows {
		box := make(domain.Box, len(g.axes))
		for i, one := range r.cells {
			box[i] = g.axes[i].Select(one.holds)
		}
		if slices.ContainsFunc(r.cells, (*cell).opaque) {
			box = nil
		}
		g.rows = append(g.rows, box)
	}
	return true
}

// axis cuts what an input can be, as far as the facts at the step allow it.
func (g *grid) axis(i int, in *Input) (domain.Axis, bool) {
	var at []any
	for _, r := range g.d.Rows {
		at = append(at, r.cells[i].cuts()...)
	}
	id, known := g.slot(in)
	few := known && g.c.u.valuesOf(id) != nil
	if few {
		at = append(at, g.c.u.cuts[g.c.u.list[id].field.Path]...) // what conditions before the table have told apart
	}
	pieces, ok := domain.Cut(g.c.u.bounded(in.field), at, g.c.p.Office.Zone)
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
	return g.c.u.find(in.Test.Source(), g.k.row)
}

// maxImpossible bounds how many combinations that cannot be are passed over in one search.
const maxImpossible = 64

// outside looks for a combination that the data can have: in the box, in none of the others.
func (g *grid) outside(b domain.Box, others []domain.Box) (point []int, sure bool) {
	for range maxImpossible {
		if g.c.u.work.done += tryCost; g.c.u.work.spent() {
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
	case point != nil:
		g.c.add(report.Problem{Place: s.Place, Severity: report.Warning, Code: "table-open", Hint: hint,
			Message: fmt.Sprintf("it depends on settings whether %s takes a row of %s",
				domain.Spell(g.axes, point, known...), called(s))})
	case !sure:
		g.c.add(report.Problem{Place: s.Place, Severity: report.Warning, Code: "table-open", Hint: hint,
			Message: "it cannot be shown that a row of " + called(s) + " always fits"})
	}
}

var _ factual = (*formula.Column)(nil)
