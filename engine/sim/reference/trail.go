package reference

import (
	"slices"

	"github.com/guicheng/guicheng/definitions"
)

// Trail notes what cases have come through, for those who search all that can happen.
type Trail struct {
	Opened map[*definitions.Step]bool
	Taken  map[*definitions.Way]bool
	Met    bool // two threads at once in a step without a join
	Second bool // a second thread at an input of a join that joins one of each, or at the join while it was open
	Both   bool // a list has come to a second end beside another

	second []*frame // those that have, by the input that is being followed
}

// NewTrail is a trail of nothing.
func NewTrail() *Trail {
	return &Trail{Opened: map[*definitions.Step]bool{}, Taken: map[*definitions.Way]bool{}}
}

func (t *Trail) open(f *frame, a *act) {
	if t == nil {
		return
	}
	t.Opened[a.step] = true
	if slices.ContainsFunc(f.acts, func(o *act) bool { return o != a && o.step == a.step && !o.over() }) {
		t.Met = t.Met || a.step.Join.Kind == definitions.JoinNone
		t.Second = t.Second || once(a.step)
	}
}

func (t *Trail) wait(f *frame, x *thread) {
	if t != nil && once(x.to) && came(f.waiting(x.to), x.from) {
		t.Second = true
	}
}

// once tells joins that join one thread of each input, and no second one before they are done.
func once(st *definitions.Step) bool {
	return (st.Join.Kind == definitions.JoinAll || st.Join.Kind == definitions.JoinActive) && !st.Join.Keep
}

func (t *Trail) take(w *definitions.Way) {
	if t != nil {
		t.Taken[w] = true
	}
}

func (t *Trail) end(f *frame, e *definitions.End) {
	_, rows := f.owner.step.Work.(*definitions.Multi)
	switch {
	case t == nil || rows:
	case e.Cancels: // it decides, also of what was reached in the same moment
		t.second = without(t.second, f)
	case f.outcome() != "" && f.outcome() != e.ID:
		t.second = append(t.second, f)
	}
}

// settle is called when an input has had its effect.
func (t *Trail) settle() {
	if t != nil {
		t.Both, t.second = t.Both || len(t.second) > 0, nil
	}
}
