package core

import (
	"encoding/json"
	"slices"

	"github.com/guicheng/guicheng/definitions"
)

// A block runs a graph of its own. It may follow any step; its outcome is the end that its graph reached.

func (m *machine) openBlock(a *Activation, w *definitions.Block) {
	m.beginFrame(a, -1, nil, w.Graph)
}

// beginFrame opens a frame and sends the first thread to the first step of its graph.
func (m *machine) beginFrame(owner *Activation, row int, was json.RawMessage, g *definitions.Graph) {
	if to := holding(m.p, g, owner.Into); to != nil && owner.Total <= 1 { // of a repeat, the first round alone
		m.beginAt(owner, g, to)
		return
	}
	id := m.next()
	m.emit(FrameOpened{Frame: id, Owner: owner.ID, Row: row, Was: was})
	for _, first := range g.Entries {
		m.push(move{kind: arriveMove, frame: id, step: first, from: Eaten{By: owner.ID}})
	}
}

// holding is the step of a list that is the one named, or has it inside; nil = none.
func holding(p *definitions.Procedure, g *definitions.Graph, id string) *definitions.Step {
	if st := g.Step(id); st != nil {
		return st
	}
	for st := p.Steps[id]; st != nil && st.Graph != nil; st = st.Graph.Owner {
		if st.Graph == g {
			return st
		}
	}
	return nil
}

// beginAt opens a frame whose first thread stands on a step that a jump has named, or on the block that has it inside.
// Where the way there splits, what goes beside it begins as well.
func (m *machine) beginAt(owner *Activation, g *definitions.Graph, to *definitions.Step) {
	ways, wrong := m.beside(owner, g, to)
	if wrong != nil {
		m.stick(owner.ID, AtOpen, wrong)
		return
	}
	id, opened := m.next(), Opened{Ate: []Eaten{{By: owner.ID}}}
	m.emit(FrameOpened{Frame: id, Owner: owner.ID, Row: -1})
	if owner.Into != to.ID {
		opened.Into = owner.Into
	}
	m.enterAs(id, to, opened)
	for _, first := range g.Entries { // of a list in any order there are several
		if g.AnyOrder && !leads([]*definitions.Step{first}, to, nil) {
			m.push(move{kind: arriveMove, frame: id, step: first, from: Eaten{By: owner.ID}})
		}
	}
	for _, w := range ways {
		for range max(w.Threads, 1) {
			m.pass(w.Way, move{kind: arriveMove, frame: id, from: Eaten{Input: w.from.ID, By: owner.ID}})
		}
	}
}

// into finds the activation of a frame that is to begin where somebody has jumped to, the youngest; nil = none is.
func (m *machine) into(frame ID) *Activation {
	for _, a := range slices.Backward(m.s.Acts) {
		if a.Frame == frame && a.Into != "" && a.State == Ready {
			return a
		}
	}
	return nil
}

// beginNow opens the frame of what begins where somebody has jumped to, in a case that is only looked at: threads come
// to their joins, and no work is begun. 0 = it cannot be told how it begins.
func (m *machine) beginNow(owner *Activation) ID {
	m.agenda = nil
	m.beginFrame(owner, -1, nil, m.step(owner).Inside())
	if owner.Incident != nil {
		return 0
	}
	frame := m.s.Frames[len(m.s.Frames)-1].ID
	for _, v := range m.agenda {
		if v.kind == arriveMove {
			m.arrive(v)
		}
	}
	return frame
}

// besideWay is a way that is gone beside another one.
type besideWay struct {
	*definitions.Way
	from *definitions.Step
}

// beside lists the ways that are gone where the way to a step of a list splits: out of every step that must be passed
// before it, as if that had been left by the first way that leads there. A way with a condition goes if that holds now.
func (m *machine) beside(owner *Activation, g *definitions.Graph, to *definitions.Step) ([]besideWay, *Incident) {
	var out []besideWay
	for _, st := range g.Steps {
		thither := func(w *definitions.Way) bool {
			return w.To != nil && leads([]*definitions.Step{w.To}, to, st)
		}
		i := slices.IndexFunc(st.Ways, thither)
		if st == to || st.Choose != definitions.ChooseAll || i < 0 || st.Ways[i].Else ||
			!g.AnyOrder && leads(g.Entries, to, st) {
			continue
		}
		for _, w := range st.Ways {
			if thither(w) || w.Else || w.Return != nil || w.Outcome != "" && w.Outcome != st.Ways[i].Outcome {
				continue
			}
			holds := true
			if w.When != nil {
				var err error
				if holds, err = w.When.Eval(m.scopeIn(owner.Frame)); err != nil {
					return nil, trouble(err, w.When.Source())
				}
			}
			if holds {
				out = append(out, besideWay{w, st})
			}
		}
	}
	return out, nil
}

// leads tells whether the ways lead from some steps to another one, not past one that is left out.
func leads(from []*definitions.Step, to, without *definitions.Step) bool {
	all := slices.Clone(from)
	for i := 0; i < len(all); i++ {
		switch all[i] {
		case to:
			return true
		case without:
			continue
		}
		for _, w := range all[i].Ways {
			if w.To != nil && !slices.Contains(all, w.To) {
				all = append(all, w.To)
			}
		}
	}
	return false
}
