package engine_test

import (
	"slices"
	"testing"
	"time"

	"github.com/guicheng/guicheng/definitions"
	"github.com/guicheng/guicheng/engine"
	"github.com/guicheng/guicheng/store"
)

const liftYAML = `procedure: lift
title: Lift
manager: boss
messages: {part: {title: The part is here, by: gate}, seen: {title: Seen, by: [gate, desk]}}
start: {by: desk}
steps:
  - {step: begin, title: Begin, choose: all, then: [carry, own, either, mine, wait, look]}
  - {step: carry, title: Carry it, task: {by: gate, allow: "'forklift' in actor.skills"}, then: end}
  - {step: own, title: Climb, task: {by: '=able("forklift")', allow: "'height' in actor.skills"}, then: end}
  - {step: either, title: Ask, task: {by: [gate, desk]}, then: end}
  - {step: mine, title: Note it, task: {by: '=able("height")'}, then: end}
  - {step: wait, title: Wait for it, wait: {came: {message: part}}, then: end}
  - {step: look, title: Have it looked at, wait: {seen: {message: seen}}, then: end}
  - {step: end, title: End, join: all, task: {by: desk}}
`

// TestWhatIsTakenFromAPersonTellsWhatIsLeftToNobody: a skill, a post and the person himself; only tried, then done.
func TestWhatIsTakenFromAPersonTellsWhatIsLeftToNobody(t *testing.T) {
	t.Parallel()
	w := openLift(t)
	change := func(id string, what func(*store.PersonRow), want ...engine.Unattended) {
		t.Helper()
		before, err := w.People(t.Context(), as("ann"))
		if err != nil {
			t.Fatal(err)
		}
		_, would, err := w.ForeseePerson(t.Context(), as("ann"), id, what)
		if err != nil || !slices.Equal(would, want) {
			t.Errorf("foreseen: %+v, %v, want %+v", would, err, want)
		}
		if now, err := w.People(t.Context(), as("ann")); err != nil || now[0].Changed != before[0].Changed ||
			!slices.EqualFunc(now, before, func(a, b store.PersonRow) bool { return a.Changed.Equal(b.Changed) }) {
			t.Errorf("what is only tried has changed the office: %v", err)
		}
		w.clock.move(time.Second) // ids are of their moment
		_, left, err := w.ChangePerson(t.Context(), as("ann"), id, what)
		if err != nil || !slices.Equal(left, want) {
			t.Errorf("done: %+v, %v, want %+v", left, err, want)
		}
		w.noLetters()
	}
	for range 2 {
		w.clock.move(time.Second) // ids are of their moment
		w.begin("chan", "lift", "")
	}
	skills := func(list ...string) func(*store.PersonRow) { return func(p *store.PersonRow) { p.Skills = list } }
	change("li", skills("forklift"), engine.Unattended{Tasks: 2, Excluded: true}) // so has no height; `mine` stays li's
	change("li", skills("forklift", "height"))
	change("so", skills())
	change("li", skills("height"), engine.Unattended{Post: "gate", Title: "Gate", Tasks: 2, Excluded: true})
	change("li", skills("height")) // nothing more
	change("so", func(p *store.PersonRow) { p.Posts = nil })
	change("ho", func(p *store.PersonRow) { p.Unit = "west" })
	change("ho", func(p *store.PersonRow) { p.Gone = true })
	change("li", func(p *store.PersonRow) { p.Posts = nil }, // carry had nobody before
		engine.Unattended{Message: "part", Title: "The part is here", Waits: 2})
	change("li", func(p *store.PersonRow) { p.Gone = true }, engine.Unattended{Tasks: 4}) // own and mine
}

// TestAMessageThatNobodyMaySendIsAnIncident: also where its last sender went while the case waited.
func TestAMessageThatNobodyMaySendIsAnIncident(t *testing.T) {
	t.Parallel()
	w := openLift(t)
	began := w.begin("chan", "lift", "")
	for _, id := range []string{"so", "ho", "li"} {
		if _, _, err := w.ChangePerson(t.Context(), as("ann"), id, func(p *store.PersonRow) { p.Posts = nil }); err != nil {
			t.Fatal(err)
		}
	}
	w.complete("wong", "either", "", "")
	code, text, _ := w.stuck(began.Case)
	if code != "nobody" {
		t.Errorf("the incident is %s %s", code, text)
	}
}

func openLift(t *testing.T) *world {
	t.Helper()
	s := &shop{world: &world{t: t, store: openStore(t, ":memory:"), clock: newHandClock()}}
	s.open()
	s.must(s.Deploy(t.Context(), engine.Operator("sun"), []definitions.File{
		{Name: "office.yaml", Text: []byte(shopYAML)}, {Name: "p.yaml", Text: []byte(liftYAML)},
	}))
	for _, p := range shopStaff() {
		if err := s.PutPerson(t.Context(), engine.Operator("sun"), p); err != nil {
			t.Fatal(err)
		}
	}
	return s.world
}
