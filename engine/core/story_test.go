package core_test

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/guicheng/guicheng/definitions"
	"github.com/guicheng/guicheng/definitions/formula"
	"github.com/guicheng/guicheng/definitions/report"
	"github.com/guicheng/guicheng/definitions/value"
	"github.com/guicheng/guicheng/engine/core"
	"github.com/guicheng/guicheng/internal/golden"
)

// office is what every story's procedure is compiled with.
//
//go:embed testdata/office.yaml
var office string

// TestStories runs testdata/*.txt. A file is a procedure, then acts, each followed by ---- and all that the core said.
func TestStories(t *testing.T) {
	t.Parallel()
	golden.Each(t, "testdata/*.txt", play)
}

// TestControlFlowPatterns has one story for each of the 43 control-flow patterns of workflowpatterns.com, by number.
func TestControlFlowPatterns(t *testing.T) {
	t.Parallel()
	names := golden.Each(t, "testdata/patterns/*.txt", play)
	if len(names) != 43 {
		t.Fatalf("%d patterns of 43 are shown", len(names))
	}
	for i, name := range names {
		if !strings.HasPrefix(name, fmt.Sprintf("%02d_", i+1)) {
			t.Errorf("pattern %d is not shown: %s stands in its place", i+1, name)
		}
	}
}

// play runs a story and returns it with what the core says now.
func play(t *testing.T, text string) string {
	t.Helper()
	source, rest, _ := strings.Cut(text, "\n====\n")
	s := newStory(t, source)
	var out strings.Builder
	out.WriteString(source + "\n====\n")
	for act := range strings.SplitSeq(strings.TrimSpace(rest), "\n\n") {
		command, _, _ := strings.Cut(act, "\n----")
		out.WriteString("\n" + command + "\n----\n" + s.do(t, strings.TrimPrefix(command, "> ")))
	}
	return out.String()
}

// story is one case and its virtual time.
type story struct {
	p         *definitions.Procedure   // by which the case goes on
	versions  []*definitions.Procedure // in a story of a move
	family    map[string]*definitions.Procedure
	s         *core.State
	now       time.Time
	series    map[string]int64
	events    []core.Event
	gone      []string                 // who has left the office
	standsFor *value.Person            // whom the actor of this act stands in for
	tasks     map[core.ID]core.PutTask // as the effects have put them
	call      core.StartCase           // the last case that was called
	below     *story                   // that case
	above     *story                   // the case that called this one
}

func newStory(t *testing.T, source string) *story {
	t.Helper()
	var versions []*definitions.Procedure
	family := map[string]*definitions.Procedure{}
	for text := range strings.SplitSeq(source, "\n~~~~\n") {
		bundle, problems := definitions.Compile([]definitions.File{
			{Name: "office.yaml", Text: []byte(office)}, {Name: "p.yaml", Text: []byte(text)},
		})
		for _, p := range problems {
			if p.Severity == report.Error {
				t.Fatalf("%s:%d:%d %s: %s (%s)", p.File, p.Line, p.Column, p.Code, p.Message, p.Hint)
			}
		}
		bundle.Procedures[0].Version = len(versions) // 0 alone: it was never deployed
		versions = append(versions, bundle.Procedures[0])
		for _, p := range bundle.Procedures {
			family[p.ID] = p
		}
	}
	return &story{
		p: versions[0], versions: versions, family: family,
		s: core.New("test", "k1"), series: map[string]int64{}, tasks: map[core.ID]core.PutTask{},
		now: time.Date(2026, 11, 23, 1, 0, 0, 0, time.UTC),
	}
}

// do plays one act: `start JSON`, `another JSON` for one more case from here on, `STEP.ROW ANSWER JSON`,
// `claim STEP`, `release STEP`, `after 3m`, `send NAME JSON`, `outside NAME JSON` for a message that no person sends,
// `child STEP OUTCOME JSON`, `called ACT` in the case that was called, `cancel`, `retry STEP`, `gone NAME NAME` from
// the office, `staff` when that is told to the case, `add-row STEP JSON`, `finish STEP`, or one of actOnTask, or
// `lost STEP`, which takes a run away as nothing in the language does; `as NAME` before it lets another person act,
// `as NAME for NAME` in another's stead, and `foresee` only tells what an answer would come to. A task is named by its
// step, step.2 for the second open one of it, or step:li for that of li.
func (s *story) do(t *testing.T, line string) string {
	t.Helper()
	who, line := s.actor(line)
	if in := s.back(t, who, line); in != nil {
		return s.step(t, in)
	}
	line, dry := strings.CutPrefix(line, "foresee ")
	verb, arg, _ := strings.Cut(line, " ")
	switch verb {
	case "start", "another":
		s.begin(verb)
		return s.step(t, core.Start{Starter: &who, Values: s.values(t, s.p.Starts[0].Form, arg)})
	case "called":
		return s.inCalled(t, arg)
	case "gone", "lost":
		return s.lose(verb, arg)
	case "claim":
		return s.step(t, core.Claim{Actor: who, Slot: s.slot(arg)})
	case "release":
		return s.step(t, core.Release{Actor: who, Slot: s.slot(arg)})
	case "after":
		d, err := time.ParseDuration(arg)
		if err != nil {
			t.Fatal(err)
		}
		return s.pass(t, s.now.Add(d))
	case "send", "outside":
		name, raw, _ := strings.Cut(arg, " ")
		in := core.Deliver{ID: strconv.Itoa(len(s.events)), Name: name, Values: s.values(t, s.message(t, name), raw)}
		if verb == "send" {
			in.Sender = &who
		}
		return s.step(t, in)
	case "child":
		step, rest, _ := strings.Cut(arg, " ")
		outcome, said, _ := strings.Cut(rest, " ")
		act := s.act(step)
		return s.step(t, core.ChildEnded{
			Act: act, Case: s.called(act), Outcome: outcome, Data: value.Record{"said": said},
		})
	case "done", "failed":
		return s.machine(t, verb, arg)
	case "cancel":
		return s.step(t, core.Cancel{Actor: &who, Reason: arg})
	case "retry":
		return s.step(t, core.Retry{Actor: who, Act: s.act(arg)})
	case "add-row":
		step, raw, _ := strings.Cut(arg, " ")
		var form *definitions.Form
		if multi, ok := s.p.Steps[step].Work.(*definitions.Multi); ok && multi.Add != nil {
			form = multi.Add.Form
		}
		return s.step(t, core.AddRow{Actor: who, Act: s.rows(step), Values: s.values(t, form, raw)})
	case "finish":
		return s.step(t, core.FinishRows{Actor: who, Act: s.rows(arg)})
	}
	if in := saying(who, verb, arg); in != nil {
		return s.step(t, in)
	}
	if out, ok := s.actOnTask(t, who, verb, arg); ok {
		return out
	}
	answer, raw, _ := strings.Cut(arg, " ")
	if strings.HasPrefix(answer, "{") {
		answer, raw = "", arg
	}
	slot := s.slot(verb)
	form := core.FormOf(s.p, s.s, slot)
	return s.step(t, core.Complete{Actor: who, Slot: slot, Answer: answer, Values: s.values(t, form, raw), Dry: dry})
}

// begin makes room for one more case of the story: what it had of the one before is put away.
func (s *story) begin(verb string) {
	if verb == "another" {
		s.s, s.events, s.tasks = core.New("test", "k2"), nil, map[core.ID]core.PutTask{}
	}
}

// machine plays what a machine brings: `done STEP GIVEN STATUS-OR-OUTCOME JSON`, `failed STEP GIVEN ERROR MESSAGE`,
// with - for none.
func (s *story) machine(t *testing.T, verb, arg string) string {
	t.Helper()
	parts := strings.SplitN(arg+"    ", " ", 4)
	given, err := strconv.Atoi(parts[1])
	if err != nil {
		t.Fatal(err)
	}
	job, what := core.ID(-1), strings.Trim(parts[2], "- ")
	for _, a := range s.s.Acts {
		if a.Step == parts[0] && a.State == core.Open {
			job = a.Job
		}
	}
	rest := strings.TrimSpace(parts[3])
	if verb == "failed" {
		return s.step(t, core.JobFailed{Job: job, Given: given, Error: what, Message: rest, Worker: "w"})
	}
	in := core.JobDone{Job: job, Given: given, Answer: []byte(rest)}
	if in.Status, err = strconv.Atoi(what); err != nil {
		in.Outcome, in.Worker = what, "w"
	}
	return s.step(t, in)
}

// lose lets people leave the office, or takes a run away and leaves what waits for it.
func (s *story) lose(what, arg string) string {
	if what == "gone" {
		s.gone = append(s.gone, strings.Fields(arg)...)
		return ""
	}
	a := s.act(arg)
	for _, act := range s.s.Acts {
		if act.ID == a {
			for _, slot := range act.Slots {
				delete(s.tasks, slot.ID)
			}
		}
	}
	e := core.Moved{Act: a, To: core.Withdrawn, Why: "lost"}
	core.Apply(s.p, s.s, e)
	s.events = append(s.events, e)
	return ""
}

func (s *story) message(t *testing.T, name string) *definitions.Form {
	t.Helper()
	for _, m := range s.p.Messages {
		if m.ID == name {
			return m.Form
		}
	}
	t.Fatalf("no message %s", name)
	return nil
}

func (s *story) values(t *testing.T, form *definitions.Form, raw string) value.Record {
	t.Helper()
	if raw == "" {
		return value.Record{}
	}
	rec, faults := value.DecodeRecord(core.FormFields(s.p, form), json.RawMessage(raw), s.p.Office.Zone, nil)
	if len(faults) > 0 {
		t.Fatalf("%s: %+v", raw, faults)
	}
	return rec
}

// act finds the youngest activation of a step.
func (s *story) act(step string) core.ID {
	for _, a := range slices.Backward(s.s.Acts) {
		if a.Step == step {
			return a.ID
		}
	}
	return 0
}

// rows finds the youngest for_each of a step: the work inside may have the same name.
func (s *story) rows(step string) core.ID {
	for _, a := range slices.Backward(s.s.Acts) {
		if _, ok := core.StepOf(s.p, s.s, a.ID).Work.(*definitions.Multi); ok && a.Step == step {
			return a.ID
		}
	}
	return 0
}

// called is the case that an activation has called.
func (s *story) called(act core.ID) string {
	for _, a := range s.s.Acts {
		if a.ID == act {
			return a.Called
		}
	}
	return ""
}

// slot finds the n-th (from 1) open slot of a step, written step.n, the first without it; that of a person or post,
// written step:who; or the slot itself, written step#id.
func (s *story) slot(name string) core.ID {
	if step, who, ok := strings.Cut(name, ":"); ok {
		return s.slotOf(step, who)
	}
	if _, id, ok := strings.Cut(name, "#"); ok {
		n, err := strconv.ParseInt(id, 10, 64)
		if err != nil {
			return -1
		}
		return core.ID(n)
	}
	step, nth, _ := strings.Cut(name, ".")
	n := 1
	if _, err := fmt.Sscan(nth, &n); err != nil {
		n = 1
	}
	for _, a := range s.s.Acts {
		if a.Step != step || a.State != core.Open {
			continue
		}
		for _, slot := range a.Slots {
			if !slot.State.Open() {
				continue
			}
			if n--; n == 0 {
				return slot.ID
			}
		}
	}
	return -1
}

// pass lets time go by and fires what falls due, in order.
func (s *story) pass(t *testing.T, until time.Time) string {
	t.Helper()
	var out strings.Builder
	for {
		due := core.Timer{}
		for _, a := range s.s.Acts {
			if a.State == core.Parked || s.s.Status == core.Suspended {
				continue // its clocks stand still
			}
			for _, x := range a.Timers {
				if !x.At.After(until) && (due.ID == 0 || x.At.Before(due.At)) {
					due = x
				}
			}
		}
		if due.ID == 0 {
			s.now = until
			return out.String()
		}
		s.now = due.At
		out.WriteString("at " + s.now.In(s.p.Office.Zone).Format("15:04") + "\n" + s.step(t, core.Due{Timer: due.ID}))
	}
}

// step moves the case, holds the laws and tells what happened.
func (s *story) step(t *testing.T, in core.Input) string {
	t.Helper()
	before := s.encode(t, s.s)
	next := s.s.Clone()
	out := core.Step(s.p, next, in, core.Context{
		Now: s.now, Staff: departed{gone: s.gone}, Series: s.series, For: s.standsFor,
	})
	if s.encode(t, s.s) != before {
		t.Fatalf("stepping a clone of the state changed the state")
	}
	if out.Rejection != nil && out.Rejection.Code == core.CannotMove {
		return s.tellObstacles(in)
	}
	if out.Rejection != nil {
		if s.s.Status != "" && s.encode(t, next) != before {
			t.Fatalf("a rejected input changed the state")
		}
		return tellRejection(out.Rejection)
	}
	if out.Preview != nil {
		if s.encode(t, next) != before || len(out.Events) > 0 {
			t.Fatalf("what was only tried out has happened")
		}
		return s.tellPreview(out.Preview)
	}
	s.s = next
	if move, ok := in.(core.Migrate); ok {
		s.p = move.To
	}
	s.events = append(s.events, out.Events...)
	s.holdLaws(t)
	var b strings.Builder
	for _, e := range out.Events {
		b.WriteString(s.tell(e))
	}
	for _, e := range out.Effects {
		if d, ok := e.(core.Draw); ok {
			s.series[d.Series] = d.N
		}
		s.keepTask(e)
		b.WriteString(tellEffect(e))
	}
	s.holdTasks(t)
	for _, e := range out.Effects {
		b.WriteString(s.keepCall(t, e))
	}
	return b.String()
}

// holdLaws tests that the fold of the history is the state, and that both survive being written and read.
func (s *story) holdLaws(t *testing.T) {
	t.Helper()
	folded := core.New("test", s.s.Case)
	p := s.versions[0]
	for _, e := range s.events {
		if moved, ok := e.(core.Migrated); ok {
			p = s.versions[moved.To]
		}
		raw, err := core.EncodeEvent(p, e)
		if err != nil {
			t.Fatal(err)
		}
		if v, ok := core.VersionOf(e.Kind(), raw); ok && s.versions[v] != p {
			t.Fatalf("event %s says version %d", e.Kind(), v)
		}
		read, err := core.DecodeEvent(p, e.Kind(), raw)
		if err != nil {
			t.Fatal(err)
		}
		again, err := core.EncodeEvent(p, read)
		if err != nil || !bytes.Equal(again, raw) {
			t.Fatalf("event %s changed when it was read back:\n%s\n%s %v", e.Kind(), raw, again, err)
		}
		core.Apply(p, folded, read)
	}
	want := s.encode(t, s.s)
	if got := s.encode(t, folded); got != want {
		t.Fatalf("the history does not give the state:\n%s\n%s", got, want)
	}
	read, err := core.DecodeState(s.p, []byte(want))
	if err != nil {
		t.Fatal(err)
	}
	if got := s.encode(t, read); got != want {
		t.Fatalf("the state changed when it was read back:\n%s\n%s", got, want)
	}
}

func (s *story) encode(t *testing.T, st *core.State) string {
	t.Helper()
	raw, err := core.EncodeState(s.p, st)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

// team is an office in which each post has two holders, a1 and a2 of post a, but the boss, who is alone. They are below
// him. One person alone holds the posts x and y; nowhere is a post without holders.
type team struct{}

func (team) Everyone() []value.Person {
	var out []value.Person
	for _, id := range []string{"a1", "a2", "b1", "b2", "c1", "c2", "boss1", "xy"} {
		p, _ := team{}.Person(id)
		out = append(out, p)
	}
	return out
}

func (team) Person(id string) (value.Person, bool) {
	if id == "xy" {
		return value.Person{ID: id, Name: id, Posts: []string{"x", "y"}}, true
	}
	post := strings.TrimRight(id, "0123456789")
	return value.Person{ID: id, Name: id, Posts: []string{post}}, id != post || id == "all"
}

func (team) Holders(post string) []value.Person {
	return slices.DeleteFunc(team{}.Everyone(), func(p value.Person) bool { return !slices.Contains(p.Posts, post) })
}

func (team) Superiors(person string) []value.Person {
	if person == "boss1" {
		return nil
	}
	return team{}.Holders("boss")
}

func (team) Able(string) []value.Person        { return nil }
func (team) InUnit(_, _ string) []value.Person { return nil }
func (team) Units() []value.Unit               { return nil }
func (team) Heads(string) []value.Person       { return nil }

var _ formula.Staff = team{}
