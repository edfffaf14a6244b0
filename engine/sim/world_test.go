package sim_test

import (
	"errors"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/guicheng/guicheng/definitions"
	"github.com/guicheng/guicheng/definitions/value"
	"github.com/guicheng/guicheng/engine/core"
	"github.com/guicheng/guicheng/engine/sim"
)

// actor is a test's short way to act in a world.
type actor struct {
	t *testing.T
	w *sim.World
}

func newActor(t *testing.T, b *definitions.Bundle) *actor {
	t.Helper()
	for _, s := range b.Scenarios {
		if s.Procedure.ID == "complaint" {
			return &actor{t, sim.NewWorld(b, sim.NewPeople(b.Office, s.Staff), s.Begin)}
		}
	}
	return &actor{t, sim.NewWorld(b, sim.OnePerPost(b.Office), time.Date(2026, 11, 2, 1, 0, 0, 0, time.UTC))}
}

func (a *actor) person(id string) value.Person {
	a.t.Helper()
	p, ok := a.w.People.Person(id)
	if !ok {
		a.t.Fatalf("there is no %s", id)
	}
	return p
}

func (a *actor) start(procedure, who, values string) *sim.Case {
	a.t.Helper()
	c, r, err := a.w.StartBy(a.w.Bundle.Procedure(procedure), 0, a.person(who), []byte(values))
	if r != nil || err != nil {
		a.t.Fatal(r, err)
	}
	return c
}

func (a *actor) do(c *sim.Case, who, step, answer, values string) {
	a.t.Helper()
	for _, task := range a.w.MayDo(c, who) {
		if task.Step == step {
			if r, err := a.w.Complete(c, a.person(who), task, answer, []byte(values)); r != nil || err != nil {
				a.t.Fatal(step, r, err)
			}
			return
		}
	}
	a.t.Fatalf("%s may not do %s; open: %v", who, step, c.OpenSteps())
}

func (a *actor) open(c *sim.Case, want ...string) {
	a.t.Helper()
	if got := c.OpenSteps(); !slices.Equal(got, want) {
		a.t.Errorf("%s: open are %v, want %v", c.State.Case, got, want)
	}
}

// complain brings a complaint to its visit, which is a case of its own.
func (a *actor) complain() (parent, child *sim.Case) {
	a.t.Helper()
	c := a.start("complaint", "chan", `{"resident":{"unit_no":"A12-0803"},"matter":{"channel":"call","what":"漏水"}}`)
	a.do(c, "chan", "repeat-back", "confirmed", `{"resident":{"unit_no":"A12-0803"},"matter":{"what":"漏水"}}`)
	a.do(c, "chan", "classify", "", `{"matter":{"channel":"call","what":"漏水","handled_by":"us",
		"needs":["environment"],"in_home":true,"demands_time":false}}`)
	a.open(c, "visit")
	if len(a.w.Cases) != 2 {
		a.t.Fatalf("%d cases, want the complaint and its visit", len(a.w.Cases))
	}
	return c, a.w.Cases[1]
}

func TestCalledCaseRuns(t *testing.T) {
	t.Parallel()
	a := newActor(t, sunshine(t))
	parent, child := a.complain()
	if up := child.State.Parent; up == nil || up.Case != parent.State.Case || child.State.Number != "SM20261102-001" {
		t.Errorf("the child is %+v", child.State)
	}
	a.do(child, "chan", "name", "", `{"reading":{"sure":true}}`)
	a.do(child, "chan", "appoint", "", `{"appointment":{"at":"2026-11-02 10:00","reason":"first"}}`)
	a.do(child, "chan", "brief", "", `{"work":{"what":"漏水","takes":"1h","care":"關閥"}}`)
	a.do(child, "yip", "confirm", "", `{"party":{"coming":true}}`)
	if err := a.w.PassTo(a.w.Now.Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	a.do(child, "yip", "set-off", "", `{"party":{"here_at":"2026-11-02 10:00"}}`)
	for _, step := range []string{"gather", "rehearse", "ring"} {
		a.do(child, "chan", step, "", `{}`)
	}
	a.do(child, "wong", "door", "opened", `{}`)
	a.do(child, "chan", "greet", "", `{}`)
	a.do(child, "yip", "work", "", `{}`)
	a.do(child, "chan", "escort", "", `{"conduct":["talk","remarks","tools","moving","sitting","roaming"]}`)
	a.open(parent, "visit")
	a.do(child, "chan", "finish", "accepted",
		`{"result":{"signature":{"id":"s","name":"s","type":"image/png","size":1}}}`)
	if child.State.Outcome != "accepted" {
		t.Errorf("the visit is %s %s", child.State.Status, child.State.Outcome)
	}
	a.open(parent, "answer")
	if got := parent.State.Data["visit"]; !value.Equal(got, time.Date(2026, 11, 2, 2, 0, 0, 0, time.UTC)) {
		t.Errorf("the complaint took over %v", got)
	}
}

// TestAProcedureCallsItself: each round is a case of its own, and they end from the innermost outward.
func TestAProcedureCallsItself(t *testing.T) {
	t.Parallel()
	b := compile(t, office, `
procedure: dig
title: 掘
number: 'J{yyyy}-{n:2}'
data: {depth: {title: 深, type: count, min: 0, max: 9}, reached: {title: 至, type: count}}
start: {by: clerk, form: [depth]}
steps:
  - {step: here, title: 到, set: {reached: depth}, then: [{when: depth > 0, to: below}, {else: look}]}
  - {step: below, title: 下, call: {procedure: dig, with: {depth: depth - 1}, take: {reached: its.reached}}, then: done}
  - {step: look, title: 看, task: {by: boss}, then: done}
`)
	a := newActor(t, b)
	top := a.start("dig", "clerk", `{"depth": 3}`)
	if len(a.w.Cases) != 4 {
		t.Fatalf("%d cases, want one for each depth", len(a.w.Cases))
	}
	a.do(a.w.Cases[3], "boss", "look", "", `{}`)
	for i, c := range a.w.Cases {
		if c.State.Status != core.Finished || c.State.Depth != i {
			t.Errorf("case %d is %s at depth %d", i, c.State.Status, c.State.Depth)
		}
	}
	if got := top.State.Data["reached"]; got != int64(0) {
		t.Errorf("the bottom that was reached is %v", got)
	}
}

func TestCancellingTheCallerCancelsTheCalled(t *testing.T) {
	t.Parallel()
	a := newActor(t, sunshine(t))
	parent, child := a.complain()
	lam := a.person("lam")
	if r, err := a.w.Act(parent, core.Cancel{Actor: &lam, Reason: "mistake"}); r != nil || err != nil {
		t.Fatal(r, err)
	}
	if parent.State.Status != core.Cancelled || child.State.Status != core.Cancelled || len(child.Tasks) != 0 {
		t.Errorf("caller %s, called %s with tasks %v", parent.State.Status, child.State.Status, child.Tasks)
	}
}

func TestCancellingTheCalledIsAnIncidentOfTheCaller(t *testing.T) {
	t.Parallel()
	a := newActor(t, sunshine(t))
	parent, child := a.complain()
	lam := a.person("lam")
	if r, err := a.w.Act(child, core.Cancel{Actor: &lam, Reason: "mistake"}); r != nil || err != nil {
		t.Fatal(r, err)
	}
	i := slices.IndexFunc(parent.State.Acts, func(x *core.Activation) bool { return x.Incident != nil })
	if i < 0 || parent.State.Acts[i].Step != "visit" || parent.State.Status != core.Running {
		t.Errorf("the caller did not notice: %v", parent.OpenSteps())
	}
}

// Timers of all cases fire in the order of their moments, each at its own time; one that is not due does not.
func TestTimersFireInOrder(t *testing.T) {
	t.Parallel()
	b := sunshine(t)
	w := sim.NewWorld(b, sim.OnePerPost(b.Office), time.Date(2026, 11, 2, 1, 0, 0, 0, time.UTC))
	var fired []string
	w.Watch = func(c *sim.Case, in core.Input, out core.Outcome) {
		if _, ok := in.(core.Due); ok && out.Rejection == nil {
			fired = append(fired, c.State.Case+w.Now.Format(" 15:04:05"))
		}
	}
	a := &actor{t, w}
	form := `{"visitor":{"kind":"person","name":"吳"},"host":{"kind":"department","department":"finance"}}`
	a.start("visitor", "gate", form)
	if err := w.PassTo(w.Now.Add(time.Minute)); err != nil {
		t.Fatal(err)
	}
	a.start("visitor", "gate", form)
	a.start("visitor", "gate", form)
	at, ok := w.NextTimer()
	if !ok || at.Format("15:04:05") != "01:03:00" {
		t.Errorf("the next timer is at %v", at)
	}
	if err := w.PassTo(w.Now.Add(2*time.Minute + 59*time.Second)); err != nil {
		t.Fatal(err)
	}
	if err := w.PassTo(w.Now.Add(time.Second)); err != nil {
		t.Fatal(err)
	}
	want := "C-1 01:03:00, C-2 01:04:00, C-3 01:04:00"
	if got := strings.Join(fired, ", "); got != want {
		t.Errorf("fired %s, want %s", got, want)
	}
	if at, _ := w.NextTimer(); at.Format("15:04:05") != "01:06:00" {
		t.Errorf("after those that have fired comes who stands in of the first, not %v", at)
	}
}

func TestStartRefused(t *testing.T) {
	t.Parallel()
	a := newActor(t, sunshine(t))
	p := a.w.Bundle.Procedure("visitor")
	for name, raw := range map[string]string{
		"not JSON": `{`, "unknown field": `{"x":1}`, "empty": `{}`, "wrong type": `{"visitor":7}`,
	} {
		c, r, err := a.w.StartBy(p, 0, a.person("chan"), []byte(raw))
		if c != nil || r == nil || err != nil {
			t.Errorf("%s: %v, %v, %v", name, c, r, err)
		}
	}
	if c, r, _ := a.w.StartBy(p, 7, a.person("chan"), nil); c != nil || r == nil {
		t.Error("a start that does not exist was taken")
	}
	if len(a.w.Cases) != 0 {
		t.Errorf("%d cases were left behind", len(a.w.Cases))
	}
}

func TestPeople(t *testing.T) {
	t.Parallel()
	b := sunshine(t)
	p := sim.NewPeople(b.Office, []definitions.Player{
		{ID: "a", Posts: []string{"front-desk"}, Unit: "east"},
		{ID: "b", Name: "林", Posts: []string{"supervisor"}, Unit: "east"},
		{ID: "c", Posts: []string{"supervisor", "gate"}}, {ID: "d", Posts: []string{"property-manager"}},
	})
	ids := func(list []value.Person) string {
		var out []string
		for _, x := range list {
			out = append(out, x.ID)
		}
		return strings.Join(out, " ")
	}
	for got, want := range map[string]string{
		"everyone " + ids(p.Everyone()):                                   "everyone a b c d",
		"holders " + ids(p.Holders("supervisor")):                         "holders b c",
		"in unit " + ids(p.InUnit("supervisor", "east")):                  "in unit b",
		"heads " + ids(p.Heads("east")):                                   "heads b",
		"above a " + ids(p.Superiors("a")):                                "above a b",
		"above c " + ids(p.Superiors("c")):                                "above c b d",
		"above d " + ids(p.Superiors("d")):                                "above d ",
		"nobody " + ids(p.Holders("poet")) + strconv.Itoa(len(p.Units())): "nobody 0",
	} {
		if got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
	if x, ok := p.Person("a"); !ok || x.Name != "a" {
		t.Errorf("a player without a name is called %q", x.Name)
	}
	if _, ok := p.Unit("east"); ok {
		t.Error("the office has no units")
	}
}

func TestNest(t *testing.T) {
	t.Parallel()
	raw, err := sim.Nest(map[string]any{"b.x.y": 1, "b.z": "t", "a": []any{true}})
	if want := `{"a":[true],"b":{"x":{"y":1},"z":"t"}}`; err != nil || string(raw) != want {
		t.Errorf("%s, %v, want %s", raw, err, want)
	}
	if _, err := sim.Nest(map[string]any{"a": 1, "a.b": 2}); err == nil {
		t.Error("a was filled in twice")
	}
}

// A case that waits for the next timer over and over at the same moment is reported, not run for ever.
func TestEndlessTimers(t *testing.T) {
	t.Parallel()
	b := compile(t, office, `
procedure: mill
title: m
start: {by: clerk}
steps:
  - step: turn
    title: t
    wait: {again: {after: minutes(1) - minutes(1)}}
    then: turn
`)
	a := &actor{t, sim.NewWorld(b, sim.OnePerPost(b.Office), time.Now())}
	_, _, err := a.w.StartBy(b.Procedures[0], 0, a.person("clerk"), []byte(`{}`))
	if !errors.Is(err, sim.ErrEndless) {
		t.Errorf("got %v", err)
	}
}
