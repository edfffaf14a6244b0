package sim_test

import (
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/guicheng/guicheng/definitions"
	"github.com/guicheng/guicheng/definitions/offices"
	"github.com/guicheng/guicheng/definitions/value"
	"github.com/guicheng/guicheng/engine/core"
	"github.com/guicheng/guicheng/engine/sim"
)

// recorder writes down the cases of a world as a store would.
type recorder struct {
	t     *testing.T
	cases map[*sim.Case]*sim.RecordedCase
	order []*sim.Case
	kinds map[string]bool
}

func (r *recorder) see(w *sim.World, c *sim.Case, out core.Outcome) {
	one := r.cases[c]
	if one == nil {
		one = &sim.RecordedCase{Case: c.State.Case}
		r.cases[c], r.order = one, append(r.order, c)
	}
	for _, e := range out.Events {
		raw, err := core.EncodeEvent(c.Procedure, e)
		if err != nil {
			r.t.Fatal(err)
		}
		r.kinds[e.Kind()] = true
		one.Events = append(one.Events, sim.RecordedEvent{At: w.Now, Kind: e.Kind(), Body: raw})
	}
}

// TestEveryPlayIsReplayed: whatever people do in the plays of the offices that are shipped, by the version by which it
// was done it goes the same way again.
func TestEveryPlayIsReplayed(t *testing.T) {
	t.Parallel()
	dirs, err := offices.FS.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	for _, dir := range dirs {
		t.Run(dir.Name(), func(t *testing.T) {
			t.Parallel()
			replayed(t, shipped(t, dir.Name()), map[string]bool{})
		})
	}
}

// replayed records each play of an office and replays its cases.
func replayed(t *testing.T, b *definitions.Bundle, kinds map[string]bool) {
	t.Helper()
	for _, s := range b.Scenarios {
		plays := map[*definitions.Play]*recorder{}
		sim.Observe(b, s, func(play *definitions.Play, w *sim.World, c *sim.Case, _ core.Input, out core.Outcome) {
			if plays[play] == nil {
				plays[play] = &recorder{t: t, cases: map[*sim.Case]*sim.RecordedCase{}, kinds: kinds}
			}
			plays[play].see(w, c, out)
		})
		for _, play := range s.Plays {
			if r := plays[play]; r != nil {
				r.replay(b, s.Staff, play.Title)
			}
		}
	}
}

// replay expects each case to go the same way.
func (r *recorder) replay(b *definitions.Bundle, staff []definitions.Player, title string) {
	for _, c := range r.order {
		one := *r.cases[c]
		one.Status, one.Outcome = c.State.Status, c.State.Outcome
		rec := &sim.Recording{Procedure: c.Procedure.ID, Cases: []sim.RecordedCase{one}}
		for _, p := range staff {
			rec.People = append(rec.People, sim.Recorded{ID: p.ID, Name: p.Name, Posts: p.Posts, Unit: p.Unit, Skills: p.Skills})
		}
		list, err := sim.Replay(b, rec)
		if err != nil || len(list) != 1 || list[0].Fate != sim.Likewise {
			r.t.Errorf("%s, %s: %+v, %v", c.Procedure.ID, title, list, err)
		}
	}
}

// TestEveryWalkIsReplayed: also what chance does goes the same way again.
func TestEveryWalkIsReplayed(t *testing.T) {
	t.Parallel()
	b := sunshine(t)
	var staff []definitions.Player
	for _, p := range crew(b).Everyone() {
		staff = append(staff, definitions.Player{ID: p.ID, Name: p.Name, Posts: p.Posts, Unit: p.Unit, Skills: p.Skills})
	}
	for seed := range 120 {
		w := sim.NewWorld(b, crew(b), time.Date(2026, 11, 2, 1, 0, 0, 0, time.UTC))
		r := &recorder{t: t, cases: map[*sim.Case]*sim.RecordedCase{}, kinds: map[string]bool{}}
		w.Watch = func(c *sim.Case, _ core.Input, out core.Outcome) {
			if out.Rejection == nil {
				r.see(w, c, out)
			}
		}
		k := sim.NewWalker(w, uint64(seed))
		if _, err := k.Begin(b.Procedures[seed%len(b.Procedures)]); err != nil {
			t.Fatal(err)
		}
		for range maxMoves {
			if on, err := k.Move(); err != nil {
				t.Fatal(err)
			} else if !on {
				break
			}
		}
		r.replay(b, staff, strconv.Itoa(seed))
	}
}

const repaired = `procedure: repaired
title: Repaired
manager: boss
data: {n: {title: N, type: count}, word: {title: Word, type: text}}
start: {by: desk, form: [n]}
messages: {word: {title: Word, by: boss, form: [word], keep: 9d}}
steps:
  - {step: sum, title: Sum, then: [{when: 10 / (n - 3) > 1, to: look}, {else: last}]}
  - {step: look, title: Look, task: {by: desk, answers: {good: Good, bad: Bad}}, then: {good: hear, bad: last}}
  - {step: hear, title: Hear, wait: {heard: {message: word}}}
  - {step: last, title: Last, task: {by: boss}}
`

// TestRepairsAreReplayed: an incident that the record has, too, is none of the version's; what was tried again, skipped
// and kept for later is again.
func TestRepairsAreReplayed(t *testing.T) {
	t.Parallel()
	b, problems := definitions.Compile([]definitions.File{
		{Name: "office.yaml", Text: []byte(replayOffice)}, {Name: "repaired.yaml", Text: []byte(repaired)},
	})
	if b == nil {
		t.Fatal(problems)
	}
	staff := []definitions.Player{{ID: "chan", Posts: []string{"desk"}}, {ID: "lam", Posts: []string{"boss"}}}
	w := sim.NewWorld(b, sim.NewPeople(b.Office, staff), time.Date(2026, 11, 2, 1, 0, 0, 0, time.UTC))
	r := &recorder{t: t, cases: map[*sim.Case]*sim.RecordedCase{}, kinds: map[string]bool{}}
	w.Watch = func(c *sim.Case, _ core.Input, out core.Outcome) { r.see(w, c, out) }
	desk, _ := w.People.Person("chan")
	boss, _ := w.People.Person("lam")
	c, refused, err := w.Start(b.Procedures[0], core.Start{Starter: &desk, Values: value.Record{"n": int64(3)}})
	if refused != nil || err != nil {
		t.Fatal(refused, err)
	}
	at := func(step string) core.ID {
		i := slices.IndexFunc(c.State.Acts, func(a *core.Activation) bool { return a.Step == step && !a.State.Over() })
		if i < 0 {
			t.Fatalf("%s is not open", step)
		}
		return c.State.Acts[i].ID
	}
	for _, in := range []func() core.Input{
		func() core.Input { return core.Retry{Actor: boss, Act: at("sum")} },
		func() core.Input {
			return core.Skip{Actor: boss, Act: at("sum"), To: "look", Values: value.Record{"n": int64(4)}}
		},
		func() core.Input {
			return core.Deliver{ID: "w", Name: "word", Sender: &boss, Values: value.Record{"word": "early"}}
		},
		func() core.Input { return core.Jump{Actor: boss, Acts: []core.ID{at("look")}, To: "last"} },
		func() core.Input { return core.Jump{Actor: boss, Acts: []core.ID{at("last")}, To: "look"} },
		func() core.Input { return core.Suspend{Actor: boss} },
		func() core.Input { return core.Resume{Actor: boss} },
		func() core.Input { return core.Skip{Actor: boss, Act: at("look"), Answer: "bad", To: "last"} },
		func() core.Input { return core.Cancel{Actor: &boss, Reason: "enough"} },
	} {
		if err := w.PassTo(w.Now.Add(time.Hour)); err != nil {
			t.Fatal(err)
		}
		if refused, err := w.Act(c, in()); refused != nil || err != nil {
			t.Fatal(refused, err)
		}
	}
	for _, kind := range []string{"stuck", "resolved", "forced", "kept", "sent-back"} {
		if !r.kinds[kind] {
			t.Errorf("nobody did %s", kind)
		}
	}
	r.replay(b, staff, "repaired")
}
