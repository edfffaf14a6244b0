package sim

import (
	"maps"
	"slices"

	"github.com/guicheng/guicheng/definitions/value"
	"github.com/guicheng/guicheng/engine/core"
)

// post delivers the letters between cases, first in, first out, and gathers what steps collect, until there is nothing.
func (w *World) post() {
	for range maxFirings {
		w.deliver()
		if !w.gather() {
			return
		}
	}
}

func (w *World) deliver() {
	for len(w.letters) > 0 {
		l := w.letters[0]
		w.letters = w.letters[1:]
		switch say := l.say.(type) { //nolint:gochecksumtype // the effects that are letters
		case core.StartCase:
			if !w.ByHand {
				w.startChild(l, say)
			}
		case core.CancelCase:
			if child := w.Case(l.to); child != nil {
				// one that has ended refuses it
				_ = w.step(child, core.Cancel{Code: core.CalledOff})
			}
		case core.EndChild:
			if parent := w.Case(l.to); parent != nil {
				_ = w.step(parent, core.ChildEnded{ // a call that was withdrawn meanwhile refuses it
					Act: say.Parent.Act, Case: l.from.State.Case, Outcome: say.Outcome, Code: say.Code,
					Failed: say.Failed,
					Data:   cloneRecord(l.from.State.Data),
				})
			}
		}
	}
}

// startChild begins a called case, or tells the caller why it cannot.
func (w *World) startChild(l letter, say core.StartCase) {
	fail := func(why string) {
		if !say.NoWait {
			_ = w.step(l.from, core.ChildEnded{Act: say.Act, Case: say.Case, Code: core.CallFailed, Failed: why})
		}
	}
	p := w.Bundle.Procedure(say.Procedure)
	if p == nil {
		fail("there is no procedure " + say.Procedure)
		return
	}
	way := p.CallStart()
	values, r := w.Decode(p, p.Starts[way].Form, say.Values)
	if r != nil {
		fail("the called case was refused: " + r.Error())
		return
	}
	in := core.Start{Way: way, Values: values, Depth: say.Depth}
	if !say.NoWait {
		in.Parent = &core.Parent{Case: l.from.State.Case, Act: say.Act}
	}
	if r = w.step(w.open(p, l.to), in); r != nil {
		fail("the called case was refused: " + r.Error())
	}
}

// OpenCall finds the call of a step, and of a row from 1 (0 = of any), that waits for its case; false if there is none.
func (c *Case) OpenCall(step string, row int) (core.StartCase, bool) {
	for _, call := range c.Calls {
		for _, a := range c.State.Acts {
			if a.ID == call.Act && a.Step == step && a.State == core.Open && c.ofRow(a.ID, row) {
				return call, true
			}
		}
	}
	return core.StartCase{}, false
}

// Called ends a call by hand, as if the called case had reached the end outcome with these values of its own fields,
// which come on top of those that it was started with.
func (w *World) Called(c *Case, call core.StartCase, outcome string, gives value.Record) (*core.Rejection, error) {
	callee := w.Bundle.Procedure(call.Procedure)
	data, faults := value.DecodeRecord(callee.Data.Fields, call.Values, w.Bundle.Office.Zone, nil)
	if len(faults) > 0 {
		return &core.Rejection{Code: core.Invalid, Fields: faults}, nil
	}
	overlay(data, gives)
	return w.Act(c, core.ChildEnded{Act: call.Act, Case: call.Case, Outcome: outcome, Data: data})
}

func cloneRecord(r value.Record) value.Record {
	if c, ok := value.Clone(r).(value.Record); ok && c != nil {
		return c
	}
	return value.Record{}
}

// overlay lays the values of a record over those of another, record by record.
func overlay(under, over value.Record) {
	for _, name := range slices.Sorted(maps.Keys(over)) {
		v := over[name]
		inner, isRecord := v.(value.Record)
		below, was := under[name].(value.Record)
		if isRecord && was {
			overlay(below, inner)
			continue
		}
		under[name] = v
	}
}
