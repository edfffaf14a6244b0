package definitions

import (
	"slices"
	"time"

	"github.com/guicheng/guicheng/definitions/domain"
	"github.com/guicheng/guicheng/definitions/formula"
	"github.com/guicheng/guicheng/definitions/value"
)

// cut notes with which values the conditions of a procedure compare its fields. Between two of them every condition has
// one answer, so that one value stands for all.
func (u *slots) cut(p *Procedure) {
	u.cuts = map[string][]any{}
	for text := range p.texts { // any order: they are sorted
		g, ok := text.(*formula.Guard)
		if !ok {
			continue
		}
		cuts, _ := g.Cuts(u.settings)
		for _, c := range cuts {
			if id, ok := u.find(c.Path, nil); ok {
				path := u.list[id].field.Path
				u.cuts[path] = append(u.cuts[path], c.At)
			}
		}
	}
	for _, at := range u.cuts { // any order: each by itself
		slices.SortFunc(at, domain.Order)
	}
}

// divided tells whether a condition compares its fields only with values that are noted.
func (u *slots) divided(g *formula.Guard, row *value.Field) bool {
	cuts, ok := g.Cuts(u.settings)
	return ok && !slices.ContainsFunc(cuts, func(c formula.Cut) bool {
		id, ok := u.find(c.Path, row)
		return !ok || !slices.ContainsFunc(u.cuts[u.list[id].field.Path], func(at any) bool {
			order, same := value.Compare(at, c.At)
			return same && order == 0
		})
	})
}

// valuesOf lists what a slot can have, one value for all that no condition tells apart; nil = too many. The last one
// is empty.
func (u *slots) valuesOf(id int) []domain.Piece {
	out, ok := u.values[id]
	if !ok {
		out = u.fewValues(u.bounded(u.list[id].field))
		u.values[id] = out
	}
	return out
}

func (u *slots) fewValues(f *value.Field) []domain.Piece {
	few := f.Kind == value.YesNo || f.Kind == value.Choices || f.Kind == value.Choice && len(f.Options) < 64
	if !few && !ordered(f.Kind) {
		return nil
	}
	out, ok := domain.Cut(f, slices.Clone(u.cuts[f.Path]), u.zone)
	if !ok {
		return nil
	}
	return append(out, domain.Piece{Text: "empty"})
}

// bounded is a field with the bounds that its value keeps: what people fill in is held to them, and those of a computed
// field are its author's word; what machines and steps give may lie outside.
func (u *slots) bounded(f *value.Field) *value.Field {
	if !u.given[f.Path] || f.Min == nil && f.Max == nil {
		return f
	}
	free := *f
	free.Min, free.Max = nil, nil
	return &free
}

// givenIn lists the fields to which starts, steps and machines give values.
func givenIn(p *Procedure) map[string]bool {
	out := givenBySteps(p)
	for _, s := range p.Starts {
		give(out, s.Set)
	}
	return out
}

// give notes the fields to which values are given, with those inside them.
func give(out map[string]bool, list []*Assign) {
	for _, a := range list {
		giveOne(out, a.Into)
	}
}

func giveOne(out map[string]bool, f *value.Field) {
	if f == nil {
		return
	}
	out[f.Path] = true
	for _, part := range f.Fields {
		giveOne(out, part)
	}
}

// givenBySteps lists the fields to which steps and machines give values.
func givenBySteps(p *Procedure) map[string]bool {
	out := map[string]bool{}
	if caseGraph(p) == nil {
		return out
	}
	for _, g := range graphs(p) {
		for _, s := range g.Steps {
			switch w := s.Work.(type) {
			case *Set:
				give(out, w.Values)
			case *Call:
				give(out, w.Take)
			case *Request, *Job:
				give(out, GivenOf(w).Take)
			case *Decide:
				for _, o := range w.Outputs {
					giveOne(out, o.Into)
				}
			case *Junction, *Task, *Wait, *Block, *Multi, *Repeat: // people fill in what these ask for
			}
		}
	}
	return out
}

// zoneOf is the office's zone; nil in a procedure without office.
func zoneOf(p *Procedure) *time.Location {
	if p.Office == nil {
		return nil
	}
	return p.Office.Zone
}

// meetsChecks tells whether the values of fields meet what the fields' own checks demand of them, as far as a check
// reads its field alone and nothing but a form fills it in.
func (u *slots) meetsChecks(ids []int, vals []domain.Piece) bool {
	for i, id := range ids {
		s := &u.list[id]
		if s.rule == nil || vals[i].Value == nil || u.given[s.field.Path] || s.table != nil {
			continue
		}
		for _, c := range s.rule.Checks {
			if t := u.table(c.That, nil); t == nil || !slices.Equal(t.slots, []int{id}) {
				continue
			}
			if u.decide(c.That, u.scope([]int{id}, vals[i:i+1])) == 0 {
				return false
			}
		}
	}
	return true
}
