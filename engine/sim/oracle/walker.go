package oracle

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/guicheng/guicheng/definitions"
	"github.com/guicheng/guicheng/definitions/value"
	"github.com/guicheng/guicheng/engine/core"
	"github.com/guicheng/guicheng/engine/sim/reference"
)

// walker makes up inputs for a pair.
type walker struct {
	*rand.Rand
	*pair
}

func newWalker(x *pair, seed uint64) *walker {
	//nolint:gosec // the same seed must do the same; nothing secret depends on it
	return &walker{rand.New(rand.NewPCG(seed, 0x77616c6b)), x}
}

// play walks for at most so many inputs.
func (k *walker) play(most int) *Difference {
	for range most {
		in := k.next()
		if d := k.give(in); d != nil {
			return d
		}
		if k.cut || k.state.Status != core.Running && k.IntN(4) > 0 {
			break
		}
	}
	return nil
}

// next makes up an input: mostly one that fits.
func (k *walker) next() reference.Input {
	in := reference.Input{At: k.now, Who: everybody}
	if k.IntN(4) == 0 {
		in.At = k.now.Add(time.Duration(k.IntN(20)) * time.Minute / 4)
	}
	blank := in
	if k.state.Status == "" {
		return k.start(in)
	}
	if k.state.Status == core.Suspended && k.whileSuspended(&in) {
		return in
	}
	if ended := newView(k.p, k.state).ended; k.IntN(3) == 0 && k.recall(&in, ended[max(0, len(ended)-2):]) {
		return in
	}
	for range 20 {
		in = blank
		var ok bool
		switch n := k.IntN(100); {
		case n < 48:
			ok = k.work(&in)
		case n < 56:
			ok = k.onCase(&in)
		case n < 62:
			ok = k.hold(&in)
		case n < 74:
			ok = k.due(&in)
		case n < 83:
			ok = k.send(&in)
		case n < 87:
			ok = k.child(&in)
		case n < 93:
			ok = k.machine(&in)
		case n < 95:
			ok = k.retry(&in)
		case n < 98:
			ok = k.rows(&in)
		case n < 99:
			ok = k.nonsense(&in)
		default:
			if ok = k.IntN(12) == 0; ok {
				in.Do = reference.Cancel
			}
		}
		if ok {
			return in
		}
	}
	in = blank
	k.nonsense(&in)
	return in
}

func (k *walker) start(in reference.Input) reference.Input {
	in.Do = reference.Start
	rows := make([]value.Record, k.IntN(4))
	for i := range rows {
		rows[i] = value.Record{"name": "u" + strconv.Itoa(i)}
	}
	in.Values = value.Record{"units": rows}
	if k.IntN(2) == 0 {
		in.Values["flag"] = k.IntN(2) == 0
	}
	if k.IntN(2) == 0 {
		in.Values["size"] = int64(k.IntN(4))
	}
	return in
}

// task picks an open task.
func (k *walker) task(in *reference.Input) *definitions.Task {
	v := newView(k.p, k.state)
	var open []reference.Input
	var works []*definitions.Task
	for _, a := range k.state.Acts {
		w, ok := k.step(a).Work.(*definitions.Task)
		for i := range a.Slots {
			if ok && a.State == core.Open {
				open = append(open, reference.Input{Act: v.path(a), Index: i})
				works = append(works, w)
			}
		}
	}
	if len(open) == 0 {
		return nil
	}
	i := k.IntN(len(open))
	in.Act, in.Index = open[i].Act, open[i].Index
	return works[i]
}

// step finds the step of an activation; that of a row's single task is inside.
func (k *walker) step(a *core.Activation) *definitions.Step { return core.StepOf(k.p, k.state, a.ID) }

func (k *walker) work(in *reference.Input) bool {
	w := k.task(in)
	if w == nil {
		return false
	}
	in.Do, in.Values = reference.Complete, k.values(w.Form)
	if w.Sign != definitions.SignNone { // nobody signs twice
		in.Who = k.staff.Everyone()[in.Index%3]
	}
	if len(w.Answers) > 0 {
		in.Answer = w.Answers[k.IntN(len(w.Answers))].ID
		if in.Answer == "rejected" && k.IntN(2) == 0 {
			in.Answer = "approved"
		}
	}
	switch k.IntN(30) {
	case 0:
		in.Who = nobody
	case 1:
		in.Answer = "nonsense"
	case 2:
		in.Values = nil
	case 3:
		in.Who = k.staff.Everyone()[k.IntN(3)]
	}
	return true
}

// values fills in a form.
func (k *walker) values(f *definitions.Form) value.Record {
	if f == nil {
		return nil
	}
	values := value.Record{}
	for _, x := range f.Fields {
		if x.Optional && k.IntN(2) == 0 {
			continue
		}
		into := values
		if x.OfRow {
			if values[x.Table.Each] == nil {
				values[x.Table.Each] = value.Record{}
			}
			into, _ = values[x.Table.Each].(value.Record)
		}
		if x.Kind == value.Count {
			into[x.Name] = int64(k.IntN(4))
		} else {
			into[x.Name] = k.IntN(2) == 0
		}
	}
	return values
}

func (k *walker) hold(in *reference.Input) bool {
	in.Do = []reference.Verb{reference.Claim, reference.Release, reference.Draft}[k.IntN(3)]
	if k.IntN(2) == 0 {
		in.Who = k.staff.Everyone()[k.IntN(3)]
	}
	return k.task(in) != nil
}

// due lets the time of a timer come: mostly that of the next.
func (k *walker) due(in *reference.Input) bool {
	v := newView(k.p, k.state)
	var all []reference.Input
	for _, a := range k.state.Acts {
		for _, t := range a.Timers {
			one := reference.Input{Act: v.path(a), Index: t.Index, Name: string(t.Kind), At: t.At}
			if t.Kind == core.KeepTimer {
				one.ID = k.keptBy(t.ID)
			}
			all = append(all, one)
		}
	}
	if len(all) == 0 {
		return false
	}
	slices.SortStableFunc(all, func(a, b reference.Input) int { return a.At.Compare(b.At) })
	i := 0
	if k.IntN(4) == 0 {
		i = k.IntN(len(all))
	}
	at := all[i].At
	if at.Before(k.now) {
		at = k.now
	}
	if k.IntN(25) == 0 {
		at = k.now // perhaps too early
	}
	who := in.Who
	*in = all[i]
	in.Do, in.At, in.Who = reference.Due, at, who
	return true
}

func (k *walker) keptBy(timer core.ID) string {
	for _, m := range k.state.Kept {
		if m.Timer == timer {
			return m.ID
		}
	}
	return ""
}

func (k *walker) send(in *reference.Input) bool {
	if len(k.p.Messages) == 0 {
		return false
	}
	m := k.p.Messages[k.IntN(len(k.p.Messages))]
	k.sent++
	in.Do, in.Name, in.ID, in.Values = reference.Send, m.ID, "m"+strconv.Itoa(k.sent), k.values(m.Form)
	switch k.IntN(25) {
	case 0:
		in.Name = "nonsense"
	case 1:
		in.Who = nobody
	case 2:
		in.Values = nil
	}
	return true
}

func (k *walker) child(in *reference.Input) bool {
	v := newView(k.p, k.state)
	for _, a := range k.state.Acts {
		if _, ok := k.step(a).Work.(*definitions.Call); ok && a.State == core.Open && k.IntN(2) == 0 {
			in.Do, in.Act, in.Answer = reference.Child, v.path(a), []string{"good", "bad"}[k.IntN(2)]
			in.Values = value.Record{"said": int64(k.IntN(4))}
			if k.IntN(12) == 0 {
				in.Failed, in.Answer, in.Values = "broken", "", nil
			}
			return true
		}
	}
	return false
}

// machine lets a worker or another system answer, or fail.
func (k *walker) machine(in *reference.Input) bool {
	v := newView(k.p, k.state)
	for _, a := range k.state.Acts {
		st := k.step(a)
		if definitions.GivenOf(st.Work) == nil || a.State != core.Open || k.IntN(2) == 0 {
			continue
		}
		in.Do, in.Act, in.Tried = reference.Answer, v.path(a), 1+k.IntN(2)
		if k.IntN(4) == 0 {
			in.Do, in.Name = reference.Fail, []string{"", "", "oops", "nonsense"}[k.IntN(4)]
			return true
		}
		if _, request := st.Work.(*definitions.Request); request {
			in.Index = []int{200, 200, 200, 404, 400, 503}[k.IntN(6)]
		} else if len(st.Outcomes) > 0 {
			in.Answer = st.Outcomes[k.IntN(len(st.Outcomes))].ID
		}
		switch k.IntN(8) {
		case 0:
		case 1:
			in.Values = value.Record{"said": "nonsense"}
		default:
			in.Values = value.Record{"said": int64(k.IntN(4))}
		}
		return true
	}
	return false
}

func (k *walker) retry(in *reference.Input) bool {
	v := newView(k.p, k.state)
	for _, a := range k.state.Acts {
		if a.State == core.Failed {
			in.Do, in.Act = reference.Retry, v.path(a)
			return true
		}
	}
	return false
}

// rows adds a row to a step that runs once for each, or ends it early.
func (k *walker) rows(in *reference.Input) bool {
	v := newView(k.p, k.state)
	for _, a := range k.state.Acts {
		w, ok := k.step(a).Work.(*definitions.Multi)
		if !ok || w.Add == nil && w.Finish == nil && k.IntN(8) > 0 || k.IntN(3) == 0 {
			continue
		}
		in.Do, in.Act = reference.Finish, v.path(a)
		if w.Finish == nil || w.Add != nil && k.IntN(2) > 0 {
			in.Do, in.Values = reference.AddRow, value.Record{w.Table.Each: value.Record{"name": "more"}}
		}
		return true
	}
	return false
}

// nonsense is an input that nobody should send.
func (k *walker) nonsense(in *reference.Input) bool {
	v := newView(k.p, k.state)
	in.Do = []reference.Verb{
		reference.Start, reference.Complete, reference.Claim, reference.Retry, reference.Child, reference.Due,
	}[k.IntN(6)]
	if n := len(k.state.Acts); n > 0 && in.Do != reference.Claim {
		in.Act = v.path(k.state.Acts[k.IntN(n)])
	}
	in.Name, in.Answer = "timeout", "nonsense"
	return true
}

// line prints an input.
func line(in reference.Input) string {
	parts := []string{clock(in.At), in.Who.ID, string(in.Do), in.Act}
	if in.Index > 0 {
		parts = append(parts, "."+strconv.Itoa(in.Index))
	}
	if in.Tried > 0 {
		parts = append(parts, "try", strconv.Itoa(in.Tried))
	}
	for _, s := range []string{in.Name, in.ID, in.Answer, in.Failed, in.To} {
		if s != "" {
			parts = append(parts, s)
		}
	}
	parts = append(parts, in.Leave...)
	if len(in.Values) > 0 {
		parts = append(parts, fmt.Sprint(in.Values))
	}
	return strings.Join(parts, " ")
}
