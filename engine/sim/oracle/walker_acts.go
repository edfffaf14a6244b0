package oracle

import (
	"maps"
	"slices"

	"github.com/guicheng/guicheng/definitions/value"
	"github.com/guicheng/guicheng/engine/core"
	"github.com/guicheng/guicheng/engine/sim/reference"
)

// onCase is an act on the case as a whole, or on a step of it from above.
func (k *walker) onCase(in *reference.Input) bool {
	switch k.IntN(16) {
	case 0:
		in.Do = reference.Suspend
		return true
	case 1:
		in.Do = reference.Revoke
		if k.IntN(8) == 0 {
			in.Who = nobody
		}
		return k.p.Revoke != nil && k.IntN(2) == 0 || k.IntN(16) == 0
	case 2, 3, 4:
		return k.skip(in)
	case 5, 6, 7, 8, 9, 10:
		in.Do, in.To = reference.Return, k.aStep()
		if k.IntN(3) == 0 {
			in.Do = reference.Straight
		}
		return k.task(in) != nil
	case 11, 12:
		return k.recall(in, k.state.Acts)
	default:
		return k.jump(in)
	}
}

// aStep picks a step to go to: mostly one that was done before.
func (k *walker) aStep() string {
	if a := k.state.Acts[k.IntN(len(k.state.Acts))]; a.State == core.Done || k.IntN(8) == 0 {
		return a.Step
	}
	return k.anyStep()
}

func (k *walker) anyStep() string {
	ids := slices.Sorted(maps.Keys(k.p.Steps))
	return ids[k.IntN(len(ids))]
}

// recall picks something done, or done in what has ended.
func (k *walker) recall(in *reference.Input, of []*core.Activation) bool {
	if len(of) == 0 {
		return false
	}
	a := of[k.IntN(len(of))]
	in.Do, in.Act = reference.Recall, newView(k.p, k.state).path(a)
	if k.IntN(8) == 0 {
		in.Who = k.staff.Everyone()[k.IntN(3)]
	}
	return a.State == core.Done || k.IntN(32) == 0
}

// jump picks something open, or two, and a step to open, wherever it stands.
func (k *walker) jump(in *reference.Input) bool {
	v := newView(k.p, k.state)
	in.Do, in.To = reference.Jump, k.anyStep()
	idle := !slices.ContainsFunc(k.state.Acts, func(a *core.Activation) bool { return a.Frame != 0 && !a.State.Over() })
	if idle && len(k.state.Acts) > 0 && k.IntN(2) == 0 { // the case itself
		in.Leave = []string{v.path(k.state.Acts[0])}
		return true
	}
	for range 1 + k.IntN(2) {
		a := k.state.Acts[k.IntN(len(k.state.Acts))]
		if path := v.path(a); !a.State.Over() && a.Frame != 0 && !slices.Contains(in.Leave, path) || k.IntN(32) == 0 {
			in.Leave = append(in.Leave, path)
		}
	}
	if k.IntN(2) == 0 {
		in.To = k.aStep()
	}
	return len(in.Leave) > 0
}

// whileSuspended goes on with a suspended case, or brings what waits until then.
func (k *walker) whileSuspended(in *reference.Input) bool {
	switch k.IntN(8) {
	case 0, 1, 2:
		in.Do = reference.Resume
		return true
	case 3, 4, 5:
		return k.send(in)
	case 6:
		return k.child(in)
	default:
		return false
	}
}

// skip picks something open or stuck, and what it is to come to.
func (k *walker) skip(in *reference.Input) bool {
	v := newView(k.p, k.state)
	a := k.state.Acts[k.IntN(len(k.state.Acts))]
	if a.State != core.Open && a.State != core.Failed && k.IntN(8) > 0 {
		return false
	}
	in.Do, in.Act = reference.Skip, v.path(a)
	st := k.step(a)
	if n := len(st.Outcomes); n > 0 {
		in.Answer = st.Outcomes[k.IntN(n)].ID
	}
	if n := len(st.Ways); n > 0 && k.IntN(2) == 0 {
		in.To = st.Ways[k.IntN(n)].Leads()
	}
	if k.IntN(3) == 0 {
		in.Values = value.Record{"flag": k.IntN(2) == 0, "size": int64(k.IntN(4))}
	}
	if k.IntN(16) == 0 {
		in.Answer = ""
	}
	return true
}
