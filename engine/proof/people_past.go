package proof

import (
	"slices"
	"time"

	"github.com/guicheng/guicheng/definitions"
	"github.com/guicheng/guicheng/definitions/formula"
	"github.com/guicheng/guicheng/definitions/value"
)

// past is who has started a case and done some of its steps.
type past struct {
	starter value.Person
	doers   map[string][]value.Person // by step
	steps   []string
}

// with is the past when a step was done as well.
func (h past) with(step string, by []value.Person) past {
	out := past{starter: h.starter, doers: map[string][]value.Person{}, steps: append(slices.Clip(h.steps), step)}
	for _, id := range h.steps {
		out.doers[id] = h.doers[id]
	}
	out.doers[step] = by
	return out
}

// told says who has done what, for the report.
func (c *crew) told(h past) []string {
	var out []string
	if h.starter.ID != "" {
		out = append(out, h.starter.Name+" starts the case")
	}
	for _, id := range h.steps {
		by := h.doers[id]
		st := name(c.p.Steps[id])
		switch w, task := c.p.Steps[id].Work.(*definitions.Task); {
		case len(by) == 0:
			out = append(out, "nobody does "+st)
		case len(by) == 2 && task && w.Sign == definitions.SignNone: // one in the stead of the other
			out = append(out, by[0].Name+" does "+st+" for "+by[1].Name)
		default:
			for _, who := range by {
				line := who.Name + " does " + st
				if task && !c.asks(w, who, h) {
					line += ", to whom it has come by a transfer, a time limit or an added signature"
				}
				out = append(out, line)
			}
		}
	}
	return out
}

// asks tells whether a task asks a person by itself.
func (c *crew) asks(w *definitions.Task, who value.Person, h past) bool {
	lists, ok := c.named(w.By, h)
	asked := slices.Concat(lists...)
	return !ok || len(c.there(w, asked, h, c.sights(w, h))) == 0 || w.Self == definitions.SelfSuperior ||
		slices.ContainsFunc(asked, func(p value.Person) bool { return p.ID == who.ID }) ||
		w.Nobody == definitions.NobodyPost
}

// Open implements formula.Marking.
func (h past) Open(string) bool { return false }

// Done implements formula.Marking.
func (h past) Done(step string) bool { return len(h.doers[step]) > 0 }

// Times implements formula.Marking.
func (h past) Times(step string) int64 { return int64(len(h.doers[step])) }

// DoneBy implements formula.Marking.
func (h past) DoneBy(step string) []value.Person { return h.doers[step] }

var _ formula.Marking = past{}

// pasts lists the pasts that make a difference to who may do a task. False: they are too many, or not known.
func (c *crew) pasts(st *definitions.Step, w *definitions.Task) ([]past, bool) {
	a := &asking{c: c, of: st, seen: map[string]bool{st.ID: true}}
	a.task(w)
	out := []past{{doers: map[string][]value.Person{}}}
	if a.starter {
		starters, ok := c.starters()
		if !ok {
			return nil, false
		}
		out = out[:0]
		for _, p := range starters {
			out = append(out, past{starter: p, doers: map[string][]value.Person{}})
		}
	}
	for _, id := range a.steps {
		var more []past
		for _, h := range out {
			sets, ok := c.doers(c.p.Steps[id], h)
			if !ok {
				return nil, false
			}
			if c.avoidable(c.p.Steps[id], st) {
				sets = append(sets, nil)
			}
			for _, set := range sets {
				more = append(more, h.with(id, set))
			}
			if c.many = len(more) > maxDoers; c.many {
				return nil, false
			}
		}
		out = more
	}
	return out, true
}

// asking gathers the steps of which it matters who has done them; what one of them asks for stands before it.
type asking struct {
	c       *crew
	of      *definitions.Step
	seen    map[string]bool
	steps   []string
	starter bool
}

func (a *asking) task(w *definitions.Task) {
	var looks []formula.Looks
	if w.Allow != nil {
		looks = append(looks, w.Allow.Looks())
	}
	for _, who := range []definitions.Who{w.By, w.Stead} {
		if who.Expr != nil {
			looks = append(looks, who.Expr.Looks())
		}
	}
	a.starter = a.starter || w.Self != definitions.SelfAllow || w.Sights != nil &&
		slices.ContainsFunc(w.Sights.Persons, func(p definitions.SightPerson) bool { return p.Starter })
	for _, l := range looks {
		a.starter = a.starter || l.Starter
		for _, id := range l.DoneBy {
			if st := a.c.p.Steps[id]; st != nil && !a.seen[id] {
				a.seen[id] = true
				a.inside(st)
				a.steps = append(a.steps, id)
			}
		}
	}
}

func (a *asking) inside(st *definitions.Step) {
	if w, ok := st.Work.(*definitions.Task); ok {
		a.task(w)
	}
	for _, inner := range within(st) {
		a.inside(inner)
	}
}

// within lists the steps of the list that a step runs.
func within(st *definitions.Step) []*definitions.Step {
	switch w := st.Work.(type) {
	case *definitions.Block:
		return w.Graph.Steps
	case *definitions.Multi:
		return w.Body.Steps
	case *definitions.Repeat:
		return w.Body.Steps
	case *definitions.Junction, *definitions.Task, *definitions.Wait, *definitions.Call, *definitions.Set,
		*definitions.Decide, *definitions.Request, *definitions.Job:
	}
	return nil
}

// starters are those who may start a case; nobody is among them where another case or the calendar does.
func (c *crew) starters() ([]value.Person, bool) {
	var out []value.Person
	for _, s := range c.p.Starts {
		if s.By.Expr == nil && len(s.By.Posts) == 0 {
			out = addAll(out, []value.Person{{}})
			continue
		}
		lists, ok := c.named(s.By, past{})
		if !ok {
			return nil, false
		}
		out = addAll(out, slices.Concat(lists...))
	}
	return out, len(out) > 0
}

// named lists the people whom a list names after a past, one list for each entry. False: it is computed from what is
// not known.
func (c *crew) named(who definitions.Who, h past) ([][]value.Person, bool) {
	if who.Expr == nil {
		var out [][]value.Person
		for _, post := range who.Posts {
			out = append(out, c.staff.Holders(post))
		}
		return out, true
	}
	looks := who.Expr.Looks()
	if looks.Now || looks.Chosen || len(who.Expr.Reads()) > 0 {
		return nil, false
	}
	list, err := who.Expr.Eval(c.scope(h, definitions.Sight{}, nil))
	if err != nil {
		return nil, false
	}
	var out [][]value.Person
	for _, one := range list {
		if one.Post != "" {
			out = append(out, c.staff.Holders(one.Post))
			continue
		}
		i := slices.IndexFunc(c.staff.Everyone(), func(p value.Person) bool { return p.ID == one.Person })
		if i < 0 {
			out = append(out, nil)
			continue
		}
		out = append(out, c.staff.Everyone()[i:i+1])
	}
	return out, true
}

// scope is what formulas see after a past.
func (c *crew) scope(h past, s definitions.Sight, actor *value.Person) *formula.Scope {
	settings := value.Record{}
	for _, one := range c.p.Settings {
		settings[one.Name] = one.Value
	}
	data := s.Data
	if data == nil {
		data = value.Record{}
	}
	return &formula.Scope{
		Data: data, Row: s.Row, Settings: settings, Case: formula.Case{Starter: h.starter, State: "running"},
		Now: time.Unix(0, 0), Zone: c.p.Office.Zone, Actor: actor, Marking: h, Staff: c.staff,
	}
}

// sights lists what the condition of a task may find in the data after a past; one that says nothing where it cannot be
// told, or asks for nothing.
func (c *crew) sights(w *definitions.Task, h past) []definitions.Sight {
	if w.Sights == nil || w.Sights.Open {
		return []definitions.Sight{{}}
	}
	out := w.Sights.Data
	for _, p := range w.Sights.Persons {
		people := c.staff.Everyone()
		if p.Starter {
			people = []value.Person{h.starter}
		}
		var more []definitions.Sight
		for _, s := range out {
			if p.Empty {
				more = append(more, s)
			}
			for _, who := range people {
				more = append(more, s.With(p, who))
			}
		}
		if len(more) > maxDoers/100 {
			return []definitions.Sight{{}}
		}
		out = more
	}
	return out
}

// allowed asks `allow`. What it cannot be asked without data is taken to hold.
func (c *crew) allowed(w *definitions.Task, p value.Person, h past, s definitions.Sight) bool {
	if w.Self != definitions.SelfAllow && p.ID == h.starter.ID {
		return false
	}
	if w.Allow == nil || w.Allow.Looks().Now || w.Sights != nil && w.Sights.Open {
		return true
	}
	holds, err := w.Allow.Eval(c.scope(h, s, &p))
	return holds || err != nil
}

// may lists those of a list who may do a task after a past, with some of what its condition may find.
func (c *crew) may(w *definitions.Task, list []value.Person, h past, sights []definitions.Sight) []value.Person {
	var out []value.Person
	for _, p := range list {
		if slices.ContainsFunc(sights, func(s definitions.Sight) bool { return c.allowed(w, p, h, s) }) {
			out = append(out, p)
		}
	}
	return out
}

// there lists who does a task for which a list is asked, as the engine asks when the task opens: of the list, else
// those above the starter, else the post in their stead.
func (c *crew) there(w *definitions.Task, list []value.Person, h past, sights []definitions.Sight) []value.Person {
	if out := c.may(w, list, h, sights); len(out) > 0 {
		return out
	}
	starter := slices.ContainsFunc(list, func(p value.Person) bool { return p.ID == h.starter.ID })
	if starter && w.Self == definitions.SelfSuperior {
		if out := c.may(w, c.staff.Superiors(h.starter.ID), h, sights); len(out) > 0 {
			return out
		}
	}
	if w.Nobody != definitions.NobodyPost {
		return nil
	}
	stead, ok := c.named(w.Stead, h)
	if !ok { // whoever that is
		return c.staff.Everyone()
	}
	return c.may(w, slices.Concat(stead...), h, sights)
}

// skips tells whether a task for which nobody is left is skipped.
func (c *crew) skips(w *definitions.Task, list []value.Person, h past, s definitions.Sight) bool {
	starter := slices.ContainsFunc(list, func(p value.Person) bool { return p.ID == h.starter.ID })
	return w.Nobody == definitions.NobodySkip || starter && w.Self == definitions.SelfSkip &&
		len(c.may(w, list, h, []definitions.Sight{s})) == 0
}
