package sim

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/guicheng/guicheng/definitions"
	"github.com/guicheng/guicheng/definitions/report"
	"github.com/guicheng/guicheng/definitions/value"
	"github.com/guicheng/guicheng/engine/core"
)

// Result is what became of one play.
type Result struct {
	Play    *definitions.Play
	Failure *Failure // nil: everything was as the play says
	Trace   []string // what was done and what came of it, a line each
}

// Failure is the first thing in a play that was not as it must be.
type Failure struct {
	Place report.Place
	Want  string
	Got   string
}

// Error implements error.
func (f *Failure) Error() string { return fmt.Sprintf("%s: want %s, got %s", f.Place, f.Want, f.Got) }

// Report is what came of the scenarios of one procedure.
type Report struct {
	Scenarios *definitions.Scenarios
	Results   []Result
}

// Run plays the scenarios of one procedure. What they reach is added to seen, if it is not nil.
func Run(b *definitions.Bundle, s *definitions.Scenarios, seen *Coverage) Report {
	out := Report{Scenarios: s}
	for _, play := range s.Plays {
		out.Results = append(out.Results, runPlay(b, s, play, seen))
	}
	return out
}

// Observe plays the scenarios of one procedure for an onlooker, who sees every input that was accepted, with its case
// as it stands then. Plays that fail are seen up to where they do.
func Observe(
	b *definitions.Bundle, s *definitions.Scenarios,
	see func(play *definitions.Play, w *World, c *Case, in core.Input, out core.Outcome),
) {
	for _, play := range s.Plays {
		w := NewWorld(b, NewPeople(b.Office, s.Staff), s.Begin)
		w.ByHand = byHand(play)
		st := &stage{world: w, s: s, trace: trace{world: w}}
		w.Watch = func(c *Case, in core.Input, out core.Outcome) {
			if out.Rejection == nil {
				see(play, w, c, in, out)
			}
		}
		_ = st.perform(play)
	}
}

// stage is a play under way.
type stage struct {
	world *World
	s     *definitions.Scenarios
	main  *Case // the case that the play is about: the first that it started
	trace trace
}

func runPlay(b *definitions.Bundle, s *definitions.Scenarios, play *definitions.Play, seen *Coverage) Result {
	w := NewWorld(b, NewPeople(b.Office, s.Staff), s.Begin)
	w.ByHand = byHand(play)
	st := &stage{world: w, s: s, trace: trace{world: w}}
	w.Watch = func(c *Case, in core.Input, out core.Outcome) {
		st.trace.add(c, in, out)
		if seen != nil {
			seen.See(c.Procedure, c.State.Case, out)
		}
	}
	failure := st.perform(play)
	if seen != nil {
		seen.forget()
	}
	return Result{Play: play, Failure: failure, Trace: st.trace.lines}
}

// byHand tells whether a play, or one that it goes on from, says how a call ends.
func byHand(play *definitions.Play) bool {
	for p := play; p != nil; p = p.From {
		if slices.ContainsFunc(p.Acts, func(a *definitions.Act) bool { return a.Called != nil }) {
			return true
		}
	}
	return false
}

func (st *stage) perform(play *definitions.Play) *Failure {
	if play.From != nil {
		if f := st.perform(play.From); f != nil {
			st.trace.lines = nil // it stands with that play
			return &Failure{play.Place, "the play that it goes on from to hold: " + play.From.Title, "it fails"}
		}
	}
	for _, act := range play.Acts {
		if f := st.act(act); f != nil {
			return f
		}
	}
	return nil
}

func (st *stage) act(a *definitions.Act) *Failure {
	var r *core.Rejection
	var err error
	traced := len(st.trace.lines)
	switch {
	case a.Expect != nil:
		return st.expect(a.Place, a.Expect)
	case a.After != 0:
		err = st.world.PassTo(st.world.Now.Add(a.After))
	case !a.Until.IsZero():
		if a.Until.Before(st.world.Now) {
			return &Failure{a.Place, "a moment still to come", "it is " + st.trace.clock() + " already"}
		}
		err = st.world.PassTo(a.Until)
	case a.Called != nil:
		r, err = st.called(a.Called)
	case a.Recorded != nil:
		r, err = st.recorded(a.Recorded)
	case a.Answered != nil:
		r, err = st.answered(a.Answered)
	case a.Verb == "starts" && a.Who == "":
		r, err = st.byCalendar(a)
	default:
		r, err = st.deed(a)
	}
	if err != nil {
		return &Failure{a.Place, "the act to be carried out", err.Error()}
	}
	if r != nil && len(st.trace.lines) == traced {
		st.trace.refused(a, r)
	}
	for _, c := range st.world.Cases {
		if c.Broken != nil {
			return &Failure{a.Place, "a sound case", c.Broken.Error()}
		}
		if stuck := incident(c); stuck != "" {
			return &Failure{a.Place, "a case that goes on", stuck}
		}
	}
	return st.judge(a, r)
}

// incident says what a case is stuck on; "" if it goes on. No play asks for one: it is always a fault of the procedure.
func incident(c *Case) string {
	for _, a := range c.State.Acts {
		if a.Incident != nil {
			return a.Step + " is stuck: " + a.Incident.Code + ", " + a.Incident.Message
		}
	}
	return ""
}

// judge compares what became of an act with what must become of it.
func (st *stage) judge(a *definitions.Act, r *core.Rejection) *Failure {
	if a.Refused == "" {
		if r != nil {
			return &Failure{a.Place, "accepted", "refused: " + sayRejection(r) + given(a, r)}
		}
		return nil
	}
	want := "refused: " + a.Refused
	if a.At != "" {
		want += " at " + a.At
	}
	if a.Says != "" {
		want += " saying " + a.Says
	}
	if r == nil {
		return &Failure{a.Place, want, "accepted"}
	}
	if !refusedAs(a, r) {
		return &Failure{a.Place, want, "refused: " + sayRejection(r) + given(a, r)}
	}
	return nil
}

func refusedAs(a *definitions.Act, r *core.Rejection) bool {
	says := func(text string) bool { return a.Says == "" || strings.Contains(text, a.Says) }
	if string(r.Code) == a.Refused && says(r.Say) {
		return a.At == "" || slices.ContainsFunc(r.Fields, func(f value.Fault) bool { return f.Path == a.At })
	}
	return slices.ContainsFunc(r.Fields, func(f value.Fault) bool {
		return (f.Code == a.Refused || string(r.Code) == a.Refused) && (a.At == "" || f.Path == a.At) && says(f.Args["say"])
	})
}

// sayRejection shows a refusal with all that it says.
func sayRejection(r *core.Rejection) string {
	var b strings.Builder
	b.WriteString(string(r.Code))
	if r.Say != "" {
		b.WriteString(", " + r.Say)
	}
	for _, f := range r.Fields {
		fmt.Fprintf(&b, "; %s: %s", f.Path, f.Code)
		b.WriteString(sayArgs(f.Code, f.Args))
	}
	if step := r.Args["step"]; step != "" {
		b.WriteString(" (" + step + ")")
	}
	return b.String()
}

// sayArgs shows what was said, given and wanted.
func sayArgs(code string, args map[string]string) string {
	var out []string
	bound := ""
	for _, name := range slices.Sorted(maps.Keys(args)) {
		switch v := args[name]; {
		case v == "":
		case name == code:
			bound = " " + v
		case name == "say":
			out = append(out, v)
		default:
			out = append(out, name+" "+v)
		}
	}
	if len(out) == 0 {
		return bound
	}
	return bound + ", " + strings.Join(out, ", ")
}

// given shows what the act filled in where it was refused.
func given(a *definitions.Act, r *core.Rejection) string {
	var out []string
	for _, f := range r.Fields {
		if v, ok := a.Fill[f.Path]; ok {
			out = append(out, fmt.Sprintf("%s %.40v", f.Path, v))
		}
	}
	if len(out) == 0 {
		return ""
	}
	return " (given " + strings.Join(out, ", ") + ")"
}

func (st *stage) called(x *definitions.Called) (*core.Rejection, error) {
	if st.main == nil {
		return &core.Rejection{Code: core.NotOpen}, nil
	}
	call, ok := st.main.OpenCall(x.Step, x.Row)
	if !ok {
		return &core.Rejection{Code: core.NotOpen, Args: map[string]string{"step": x.Step}}, nil
	}
	raw, err := Nest(x.Gives)
	if err != nil {
		return nil, err
	}
	callee := st.world.Bundle.Procedure(call.Procedure)
	gives, faults := value.DecodeRecord(callee.Data.Fields, raw, st.world.Bundle.Office.Zone, st.world.People)
	if len(faults) > 0 {
		return &core.Rejection{Code: core.Invalid, Fields: faults}, nil
	}
	return st.world.Called(st.main, call, x.Ends, gives)
}

// deed does what a person does.
func (st *stage) deed(a *definitions.Act) (*core.Rejection, error) {
	who, _ := st.world.People.Person(a.Who)
	raw, err := Nest(a.Fill)
	if err != nil {
		return nil, err
	}
	if a.Verb == "starts" {
		return st.start(who, a.Message, raw)
	}
	if away, ok := st.world.People.Person(a.For); ok {
		st.world.stead = &away
		defer func() { st.world.stead = nil }()
	}
	c := st.main
	if c == nil {
		return &core.Rejection{Code: core.NotOpen}, nil
	}
	switch a.Verb {
	case "sends":
		return st.world.Send(c, who, a.Target, raw)
	case "adds":
		return st.world.AddRow(c, who, a.Target, raw)
	case "finishes":
		act, _ := c.rowsOf(a.Target)
		return st.world.Act(c, core.FinishRows{Actor: who, Act: act})
	}
	if in, r := st.world.OnCase(c, a, who); r != nil {
		return r, nil
	} else if in != nil {
		return st.world.Act(c, in)
	}
	slot, r := st.slot(c, a, who)
	if r != nil {
		return r, nil
	}
	switch a.Verb {
	case "claims":
		return st.world.Act(c, core.Claim{Actor: who, Slot: slot.Slot})
	case "releases":
		return st.world.Act(c, core.Release{Actor: who, Slot: slot.Slot})
	case "drafts":
		return st.world.Act(c, core.SaveDraft{Actor: who, Slot: slot.Slot, Draft: raw})
	case "returns":
		return st.world.Act(c, core.Return{Actor: who, Slot: slot.Slot, To: a.To, Straight: a.Straight})
	}
	if in := st.world.OnTask(c, a, who, slot.Slot); in != nil {
		return st.world.Act(c, in)
	}
	return st.world.Complete(c, who, slot, a.Answer, raw)
}

// start begins a case by the first start by hand that the person may use, or by the message that the act names.
func (st *stage) start(who value.Person, message string, raw []byte) (*core.Rejection, error) {
	var c *Case
	r, err := &core.Rejection{Code: core.NotAllowed}, error(nil)
	for way, s := range st.s.Procedure.Starts {
		by := ""
		if s.Message != nil {
			by = s.Message.ID
		}
		if s.Schedule == nil && by == message && r != nil && r.Code == core.NotAllowed {
			c, r, err = st.world.StartBy(st.s.Procedure, way, who, raw)
		}
	}
	if c != nil && st.main == nil {
		st.main = c
	}
	return r, err
}

// slot finds the task that an act means: of those of the step, the first that the person may do, else the first.
func (st *stage) slot(c *Case, a *definitions.Act, who value.Person) (core.PutTask, *core.Rejection) {
	var open []core.PutTask
	for _, t := range c.Tasks {
		if t.Step == a.Target && c.ofRow(t.Act, a.Row) {
			open = append(open, t)
		}
	}
	if len(open) == 0 {
		return core.PutTask{}, &core.Rejection{Code: core.NotOpen, Args: map[string]string{"step": a.Target}}
	}
	mine := slices.IndexFunc(open, func(t core.PutTask) bool {
		if t.Holder == who.ID && (a.Verb == "releases" || a.Verb == "removes_signer") ||
			t.Holder == a.For && a.For != "" && a.Verb == "releases" {
			return true
		}
		return core.MayDo(c.Procedure, c.State, st.world.Context(), t.Slot, who) == nil
	})
	return open[max(mine, 0)], nil
}

// ofRow tells whether an activation is about a row, which is counted from 1; 0 = any.
func (c *Case) ofRow(act core.ID, row int) bool { return row == 0 || c.Row(act) == row-1 }

// rowsOf finds the youngest run of a step for each row of a table; 0 if there is none.
func (c *Case) rowsOf(step string) (core.ID, *definitions.Multi) {
	for _, a := range slices.Backward(c.State.Acts) {
		if a.Step != step {
			continue
		}
		if multi, ok := core.StepOf(c.Procedure, c.State, a.ID).Work.(*definitions.Multi); ok {
			return a.ID, multi
		}
	}
	return 0, nil
}

// AddRow adds a row to a step that runs once for each.
func (w *World) AddRow(c *Case, who value.Person, step string, raw []byte) (*core.Rejection, error) {
	act, multi := c.rowsOf(step)
	if multi == nil || multi.Add == nil {
		return &core.Rejection{Code: core.NotOpen, Args: map[string]string{"step": step}}, nil
	}
	values, r := w.Decode(c.Procedure, multi.Add.Form, raw)
	if r != nil {
		return r, nil
	}
	return w.Act(c, core.AddRow{Actor: who, Act: act, Values: values})
}

// Row is the row that an activation is about, -1 if there is none.
func (c *Case) Row(act core.ID) int {
	for _, a := range c.State.Acts {
		if a.ID != act {
			continue
		}
		for _, f := range c.State.Frames {
			if f.ID == a.Frame {
				if f.Row < 0 {
					return c.Row(f.Owner)
				}
				return f.Row
			}
		}
	}
	return -1
}

// StartBy begins a case by a person's hand.
func (w *World) StartBy(
	p *definitions.Procedure, way int, who value.Person, raw []byte,
) (*Case, *core.Rejection, error) {
	if way >= len(p.Starts) {
		return nil, &core.Rejection{Code: core.NotOpen}, nil
	}
	values, r := w.Decode(p, p.Starts[way].Form, raw)
	if r != nil {
		return nil, r, nil
	}
	return w.Start(p, core.Start{Way: way, Starter: &who, Values: values})
}

// Complete finishes a task with the values of its form as they are sent.
func (w *World) Complete(
	c *Case, who value.Person, t core.PutTask, answer string, raw []byte,
) (*core.Rejection, error) {
	values, r := w.Decode(c.Procedure, core.FormOf(c.Procedure, c.State, t.Slot), raw)
	if r != nil {
		return r, nil
	}
	return w.Act(c, core.Complete{Actor: who, Slot: t.Slot, Answer: answer, Values: values})
}

// Send sends a message to a case by a person's hand.
func (w *World) Send(c *Case, who value.Person, name string, raw []byte) (*core.Rejection, error) {
	var form *definitions.Form
	for _, m := range c.Procedure.Messages {
		if m.ID == name {
			form = m.Form
		}
	}
	values, r := w.Decode(c.Procedure, form, raw)
	if r != nil {
		return r, nil
	}
	return w.Act(c, core.Deliver{ID: w.MessageID(), Name: name, Sender: &who, Values: values})
}

// clock is the present time of day in the office's zone, with its date.
func (t *trace) clock() string {
	return t.world.Now.In(t.world.Bundle.Office.Zone).Format(time.DateTime)
}
