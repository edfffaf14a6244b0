package core

import (
	"slices"

	"github.com/guicheng/guicheng/definitions"
	"github.com/guicheng/guicheng/definitions/value"
)

// obstacles lists what a case has that has no like in another version.
func (m *machine) obstacles(to *definitions.Procedure) []Obstacle {
	x := &fitting{machine: m, to: to}
	for _, f := range m.s.Frames {
		x.frame(f)
	}
	for _, a := range m.s.Acts {
		if !a.State.Over() && a.Frame != 0 {
			x.activation(a)
		}
	}
	for _, t := range m.s.Tokens {
		x.token(t)
	}
	for _, r := range m.s.Rounds {
		x.round(r)
	}
	for _, u := range m.s.Undoable {
		x.undoable(u)
	}
	x.fields()
	x.messages()
	for _, p := range m.s.Papers {
		known := func(d *definitions.Document) bool { return d.ID == p.Document }
		if !slices.ContainsFunc(to.Documents, known) {
			x.add(PaperGone, "", p.Document)
		}
	}
	if len(x.found) == 0 {
		x.facts()
	}
	return x.found
}

// fitting compares a case with a version that it might go on by.
type fitting struct {
	*machine
	to    *definitions.Procedure
	found []Obstacle
}

func (x *fitting) add(code ObstacleCode, step, name string) {
	if o := (Obstacle{code, step, name}); !slices.Contains(x.found, o) {
		x.found = append(x.found, o)
	}
}

func (x *fitting) frame(f *Frame) {
	if f.Undoes != nil {
		x.add(UndoUnderWay, f.Undoes.Step, "")
		return
	}
	g := graphAt(x.to, x.s, f)
	if g == nil {
		return // its owner says it
	}
	for _, e := range f.Ends {
		known := func(end *definitions.End) bool { return end.ID == e.End }
		if e.End != definitions.StopEnd && !e.Error && !slices.ContainsFunc(g.Ends, known) {
			x.add(EndGone, "", e.End)
		}
	}
}

// activation compares a run of a step that is not over.
func (x *fitting) activation(a *Activation) {
	g := graphAt(x.to, x.s, x.s.frame(a.Frame))
	if g == nil {
		return
	}
	old, now := x.step(a), g.Step(a.Step)
	if now == nil {
		code := StepGone
		if x.to.Steps[a.Step] != nil {
			code = StepElsewhere
		}
		x.add(code, a.Step, "")
		return
	}
	if a.Undo != nil {
		x.add(UndoUnderWay, a.Step, "")
	}
	if old.Lock != now.Lock && (old.Lock == nil || now.Lock == nil || old.Lock.Name != now.Lock.Name) {
		x.add(LockOther, a.Step, "")
	}
	x.race(a, g)
	x.work(a, old, now)
	if a.Answer != "" && (a.State == Failed || a.State == Trailing) {
		x.answer(a, now, a.Answer)
	}
}

// race holds only where the ways that are offered together there are those that are offered here.
func (x *fitting) race(a *Activation, g *definitions.Graph) {
	from := x.act(a.Race)
	if from == nil {
		return
	}
	st := g.Step(from.Step)
	leads := func(w *definitions.Way) bool { return w.To != nil && w.To.ID == a.Step }
	if st == nil || st.Choose != definitions.ChooseFirst || !slices.ContainsFunc(st.Ways, leads) {
		x.add(RaceOther, a.Step, "")
	}
}

// answer must be one that the step can come to.
func (x *fitting) answer(a *Activation, now *definitions.Step, answer string) {
	if !slices.ContainsFunc(now.Outcomes, func(o definitions.Outcome) bool { return o.ID == answer }) {
		x.add(AnswerGone, a.Step, answer)
	}
}

// work compares what a step does.
func (x *fitting) work(a *Activation, old, now *definitions.Step) {
	if kindOf(old.Work) != kindOf(now.Work) {
		x.add(StepOther, a.Step, "")
		return
	}
	other := false
	switch w := old.Work.(type) {
	case *definitions.Task:
		x.task(a, w, now)
	case *definitions.Call:
		n, _ := now.Work.(*definitions.Call)
		other = w.Procedure != n.Procedure || w.NoWait != n.NoWait
	case *definitions.Multi:
		n, _ := now.Work.(*definitions.Multi)
		other = w.Table.Path != n.Table.Path || w.InOrder != n.InOrder
	case *definitions.Request:
		n, _ := now.Work.(*definitions.Request)
		other = w.System != n.System && a.Job != 0
	case *definitions.Job:
		n, _ := now.Work.(*definitions.Job)
		other = w.Name != n.Name && a.Job != 0
	case *definitions.Junction, *definitions.Wait, *definitions.Block, *definitions.Repeat, *definitions.Set,
		*definitions.Decide:
	}
	if other {
		x.add(WorkOther, a.Step, "")
	}
}

// task compares the signatures of a task that is open.
func (x *fitting) task(a *Activation, old *definitions.Task, now *definitions.Step) {
	n, _ := now.Work.(*definitions.Task)
	if a.State != Open && a.State != Parked {
		return
	}
	if old.Mode().String() != n.Mode().String() {
		x.add(SignsOther, a.Step, "")
	}
	for _, s := range a.Slots {
		if s.State == SlotAnswered && s.Answer != "" {
			x.answer(a, now, s.Answer)
		}
	}
}

// kindOf names a kind of work.
func kindOf(w definitions.Work) string {
	switch w.(type) {
	case *definitions.Junction:
		return "junction"
	case *definitions.Task:
		return "task"
	case *definitions.Wait:
		return "wait"
	case *definitions.Call:
		return "call"
	case *definitions.Block:
		return "block"
	case *definitions.Multi:
		return "for_each"
	case *definitions.Repeat:
		return "repeat"
	case *definitions.Set:
		return "set"
	case *definitions.Decide:
		return "decide"
	case *definitions.Request:
		return "request"
	case *definitions.Job:
		return "job"
	}
	return ""
}

// token needs a join that takes it.
func (x *fitting) token(t Token) {
	g := graphAt(x.to, x.s, x.s.frame(t.Frame))
	if g == nil {
		return
	}
	st := g.Step(t.To)
	if st == nil {
		x.add(StepGone, t.To, "")
		return
	}
	waits := st.Join.Kind != definitions.JoinNone && st.Join.Kind != definitions.JoinEach
	comes := false
	for k := range st.Inputs {
		comes = comes || inputID(st, k) == t.Input
	}
	if !waits || !comes {
		x.add(JoinOther, t.To, t.Input)
	}
}

// round needs a join that counts as this one does.
func (x *fitting) round(r Round) {
	g, old := graphAt(x.to, x.s, x.s.frame(r.Frame)), x.graph(x.s.frame(r.Frame)).Step(r.Step)
	if g == nil || old == nil {
		return
	}
	now := g.Step(r.Step)
	if now == nil || now.Join.Kind != old.Join.Kind || now.Join.N != old.Join.N || now.Join.Absorb != old.Join.Absorb {
		x.add(JoinOther, r.Step, "")
	}
}

// undoable needs the same step to undo it, with what that one is to see.
func (x *fitting) undoable(u Undoable) {
	old, now := x.p.Steps[u.Step], x.to.Steps[u.Step]
	if old == nil || now == nil || now.Compensate == nil || old.Compensate.ID != now.Compensate.ID ||
		old.Graph.Owner.ID != now.Graph.Owner.ID {
		x.add(UndoOther, u.Step, "")
		return
	}
	if len(u.Was) > 0 {
		if _, err := decodeDataSet(x.to, u.Was); err != nil {
			x.add(UndoOther, u.Step, "")
		}
	}
}

// fields compares what is filled in. What was computed is computed anew.
func (x *fitting) fields() {
	for _, f := range x.p.Data.Fields {
		for _, o := range x.misfits(f, x.to.Data.Field(f.Path), x.s.Data[f.Name]) {
			x.add(o.Code, "", o.Name)
		}
	}
}

// misfits compares one field, and those inside it.
func (x *fitting) misfits(old, now *value.Field, v any) []Obstacle {
	switch {
	case v == nil, x.computed(old):
		return nil
	case now == nil:
		return []Obstacle{{Code: FieldGone, Name: old.Path}}
	case old.Kind != now.Kind:
		return []Obstacle{{Code: FieldOther, Name: old.Path}}
	}
	var records []value.Record
	switch old.Kind { // all others have nothing inside
	case value.RecordKind:
		r, _ := v.(value.Record)
		records = []value.Record{r}
	case value.TableKind:
		records, _ = v.([]value.Record)
	default:
		if o := fits(old, now, v, x.p); o != nil {
			return []Obstacle{*o}
		}
		return nil
	}
	var out []Obstacle
	for _, r := range records {
		for _, f := range old.Fields {
			out = append(out, x.misfits(f, inField(now, f.Name), r[f.Name])...)
		}
	}
	return out
}

func inField(f *value.Field, name string) *value.Field {
	i := slices.IndexFunc(f.Fields, func(x *value.Field) bool { return x.Name == name })
	if i < 0 {
		return nil
	}
	return f.Fields[i]
}

// fits tells why a value of a field is none of its like in another version; nil = it is one.
func fits(old, now *value.Field, v any, p *definitions.Procedure) *Obstacle {
	no := &Obstacle{Code: FieldOther, Name: old.Path}
	if old.Kind != now.Kind {
		return no
	}
	raw, err := old.Encode(v, p.Office.Zone)
	if err != nil {
		return no
	}
	was, faults := now.Decode(raw, p.Office.Zone, nil)
	if len(faults) > 0 {
		return no
	}
	for _, f := range now.Check(was) { // a bound or pattern that came later does not undo what was filled in
		if f.Code == "option" || f.Code == "type" {
			return no
		}
	}
	return nil
}

// messages that wait must be such as the version takes.
func (x *fitting) messages() {
	for _, k := range x.s.Kept {
		if message(x.to, k.Name) == nil {
			x.add(MessageOther, "", k.Name)
			continue
		}
		kept, err := encodeKept(x.p, k)
		if err == nil {
			_, err = decodeKept(x.to, kept)
		}
		if err != nil {
			x.add(MessageOther, "", k.Name)
		}
	}
}

// facts looks for what the version reads from here on and takes for filled in, since whoever comes here by it has
// filled it in before.
func (x *fitting) facts() {
	for _, a := range x.s.Acts {
		if a.Frame == 0 || a.State.Over() {
			continue
		}
		x.needed(graphAt(x.to, x.s, x.s.frame(a.Frame)).Step(a.Step), a.Frame, nil)
	}
	for _, t := range x.s.Tokens {
		at := graphAt(x.to, x.s, x.s.frame(t.Frame)).Step(t.To)
		x.needed(at, t.Frame, x.coming(t.Frame, at))
	}
}

// coming lists what is taken for filled in at the open steps of a frame, from which other threads may yet come.
func (x *fitting) coming(frame ID, _ *definitions.Step) []*definitions.Step {
	var out []*definitions.Step
	for _, a := range x.s.Acts {
		if a.Frame == frame && a.State.Live() {
			out = append(out, graphAt(x.to, x.s, x.s.frame(frame)).Step(a.Step))
		}
	}
	return out
}

// needed asks for what stands filled in at a step and is read there or after it. With open steps named, only for what
// stands filled in at each of them, too: the others may bring the rest.
func (x *fitting) needed(at *definitions.Step, frame ID, open []*definitions.Step) {
	for _, st := range after(at) {
		for _, need := range st.Needs {
			brought := func(o *definitions.Step) bool { return !slices.Contains(o.Facts, need) }
			if !slices.Contains(at.Facts, need) || slices.ContainsFunc(open, brought) {
				continue
			}
			if !x.there(need, frame) {
				x.add(FieldMissing, at.ID, need.Field.Path)
			}
		}
	}
}

// there tells whether a place is filled in. A field with a `when` is asked for only if that holds; what is computed is
// computed anew.
func (x *fitting) there(at definitions.Place, frame ID) bool {
	rows := rowsWith(x.s.Data, at.Field.Path)
	if at.OfRow {
		rows = []int{x.rowOf(frame).index}
	}
	for _, rule := range x.to.Rules {
		if rule.Field == at.Field && rule.Value != nil {
			return true
		}
	}
	for _, row := range rows {
		if getAt(x.s.Data, at.Field.Path, row) == nil {
			return false
		}
	}
	return true
}

// after lists a step and those that may follow it, with what is inside them, and those that follow what it is in.
func after(st *definitions.Step) []*definitions.Step {
	out := []*definitions.Step{st}
	visit := func(x *definitions.Step) {
		if x != nil && !slices.Contains(out, x) {
			out = append(out, x)
		}
	}
	for i := 0; i < len(out); i++ { //nolint:intrange // the list grows as it is walked
		at := out[i]
		follow := func(w *definitions.Way) {
			if w != nil {
				visit(w.To)
				visit(w.Return)
			}
		}
		for _, w := range at.Ways {
			follow(w)
		}
		for _, t := range at.Timeouts {
			follow(t.Do.Way)
		}
		for _, e := range at.Events {
			follow(e.Do.Way)
		}
		if g := at.Inside(); g != nil {
			for _, e := range g.Entries {
				visit(e)
			}
		}
		if at.Graph != nil && at.Graph.Owner.Graph != nil {
			visit(at.Graph.Owner)
		}
	}
	return out
}
