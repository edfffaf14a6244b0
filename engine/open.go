package engine

import (
	"strconv"

	"github.com/guicheng/guicheng/definitions"
	"github.com/guicheng/guicheng/definitions/value"
	"github.com/guicheng/guicheng/engine/core"
)

// openTasks lists a case's open tasks as the core would put them, oldest first.
func openTasks(p *definitions.Procedure, s *core.State) []core.PutTask {
	var out []core.PutTask
	for _, a := range s.Acts {
		if a.State != core.Open || s.Status != core.Running {
			continue
		}
		for _, slot := range a.Slots {
			if !slotShown(slot) {
				continue
			}
			t := core.PutTask{
				Slot: slot.ID, Act: a.ID, Step: a.Step, Candidates: slot.Candidates, Opened: a.Opened,
				Held: slot.State == core.SlotHeld, Holder: slot.Worker(), Priority: slot.Priority,
			}
			if st := core.StepOf(p, s, a.ID); st != nil {
				t.Title = st.Title
			}
			t.Clock, _ = core.ClockOf(p, s, a)
			t.Row = rowNumber(s, a)
			out = append(out, t)
		}
	}
	return out
}

// rowNumber names the nearest row that an activation is about; "" = none.
func rowNumber(s *core.State, a *core.Activation) string {
	for f := frameOf(s, a.Frame); f != nil; {
		if f.Row >= 0 {
			return strconv.Itoa(f.Row + 1)
		}
		owner := actOf(s, f.Owner)
		if owner == nil {
			break
		}
		f = frameOf(s, owner.Frame)
	}
	return ""
}

// rowOf is the nearest row that an activation is about, and its table; nil: it is about none.
func rowOf(p *definitions.Procedure, s *core.State, a *core.Activation) (table *value.Field, row int) {
	for f := frameOf(s, a.Frame); f != nil; {
		owner := actOf(s, f.Owner)
		if owner == nil {
			break
		}
		if st := core.StepOf(p, s, owner.ID); f.Row >= 0 && st != nil {
			if multi, ok := st.Work.(*definitions.Multi); ok {
				return multi.Table, f.Row
			}
		}
		f = frameOf(s, owner.Frame)
	}
	return nil, 0
}

func frameOf(s *core.State, id core.ID) *core.Frame {
	for _, f := range s.Frames {
		if f.ID == id {
			return f
		}
	}
	return nil
}

func actOf(s *core.State, id core.ID) *core.Activation {
	for _, a := range s.Acts {
		if a.ID == id {
			return a
		}
	}
	return nil
}

// slotOf finds a slot with its activation, if it is a task: somebody works on it, or has asked others first.
func slotOf(s *core.State, id core.ID) (*core.Activation, *core.Slot) {
	for _, a := range s.Acts {
		for _, slot := range a.Slots {
			if slot.ID == id && slotShown(slot) {
				return a, slot
			}
		}
	}
	return nil, nil
}
