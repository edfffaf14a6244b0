package sim_test

import (
	"bytes"
	"fmt"
	"strconv"
	"testing"
	"time"

	"github.com/guicheng/guicheng/definitions"
	"github.com/guicheng/guicheng/engine/core"
	"github.com/guicheng/guicheng/engine/sim"
)

const (
	manyRuns = 1_000
	fewRuns  = 100 // with -short
	maxMoves = 120 // of one run, after which it is cut
)

// record is a run in bytes: every input's events and the state after them.
type record struct {
	t     *testing.T
	bytes bytes.Buffer
	last  map[string][]byte // the encoded state of each case after its last input
	ended int
	// stored puts after every step the state in place that was read back from its bytes, as a server does.
	stored bool
}

// see holds the laws of single steps against one input.
func (r *record) see(c *sim.Case, in core.Input, out core.Outcome) {
	state := r.state(c.Procedure, c.State)
	if out.Rejection != nil {
		if _, isStart := in.(core.Start); !isStart && !bytes.Equal(state, r.last[c.State.Case]) {
			r.t.Errorf("refused %T (%v) changed the state of %s:\n%s\n%s", in, out.Rejection, c.State.Case,
				r.last[c.State.Case], state)
		}
		fmt.Fprintf(&r.bytes, "%T refused %s\n", in, out.Rejection.Code)
		return
	}
	if err := c.State.Check(); err != nil {
		r.t.Errorf("after %T: %v", in, err)
	}
	fmt.Fprintf(&r.bytes, "%T\n", in)
	for _, e := range out.Events {
		r.event(c.Procedure, e)
	}
	for _, e := range out.Effects {
		fmt.Fprintf(&r.bytes, "%T %+v\n", e, e)
	}
	r.bytes.Write(state)
	r.bytes.WriteByte('\n')
	r.last[c.State.Case] = state
	if r.stored {
		back, err := core.DecodeState(c.Procedure, state)
		if err != nil {
			r.t.Fatal(err)
		}
		c.State = back
	}
}

// state encodes a state, and tests that reading it back and writing it again gives the same bytes.
func (r *record) state(p *definitions.Procedure, s *core.State) []byte {
	raw, err := core.EncodeState(p, s)
	if err != nil {
		r.t.Fatalf("encode state: %v", err)
	}
	back, err := core.DecodeState(p, raw)
	if err != nil {
		r.t.Fatalf("decode state: %v\n%s", err, raw)
	}
	again, err := core.EncodeState(p, back)
	if err != nil || !bytes.Equal(raw, again) {
		r.t.Errorf("a state is not the same after decoding (%v):\n%s\n%s", err, raw, again)
	}
	return raw
}

func (r *record) event(p *definitions.Procedure, e core.Event) {
	raw, err := core.EncodeEvent(p, e)
	if err != nil {
		r.t.Fatalf("encode %s: %v", e.Kind(), err)
	}
	back, err := core.DecodeEvent(p, e.Kind(), raw)
	if err != nil {
		r.t.Fatalf("decode %s: %v\n%s", e.Kind(), err, raw)
	}
	again, err := core.EncodeEvent(p, back)
	if err != nil || !bytes.Equal(raw, again) {
		r.t.Errorf("%s is not the same after decoding (%v):\n%s\n%s", e.Kind(), err, raw, again)
	}
	r.bytes.WriteString(e.Kind() + " ")
	r.bytes.Write(raw)
	r.bytes.WriteByte('\n')
}

// walk plays one random run of a procedure.
func walk(t *testing.T, b *definitions.Bundle, p *definitions.Procedure, seed uint64, stored bool) *record {
	t.Helper()
	r := &record{t: t, last: map[string][]byte{}, stored: stored}
	w := sim.NewWorld(b, crew(b), time.Date(2026, 11, 2, 1, 0, 0, 0, time.UTC))
	w.Watch = r.see
	k := sim.NewWalker(w, seed)
	if _, err := k.Begin(p); err != nil {
		t.Fatal(err)
	}
	for range maxMoves {
		on, err := k.Move()
		if err != nil {
			t.Fatal(err)
		}
		if !on {
			break
		}
	}
	for _, c := range w.Cases {
		if c.Broken != nil {
			t.Errorf("%s: %v", c.State.Case, c.Broken)
		}
		if c.State.Status == core.Finished {
			r.ended++
		}
		r.refold(c)
	}
	return r
}

// refold tests that the history of a case, folded over nothing, gives its state.
func (r *record) refold(c *sim.Case) {
	s := core.New(c.State.Office, c.State.Case)
	for _, e := range c.History {
		raw, err := core.EncodeEvent(c.Procedure, e)
		if err != nil {
			r.t.Fatal(err)
		}
		stored, err := core.DecodeEvent(c.Procedure, e.Kind(), raw)
		if err != nil {
			r.t.Fatal(err)
		}
		core.Apply(c.Procedure, s, stored)
	}
	want, got := r.state(c.Procedure, c.State), r.state(c.Procedure, s)
	if !bytes.Equal(want, got) {
		r.t.Errorf("the history of %s does not fold to its state:\nstate   %s\nhistory %s", c.State.Case, want, got)
	}
}

// crew is a staff of twelve in which every post is held, some by two.
func crew(b *definitions.Bundle) *sim.People {
	var players []definitions.Player
	for i, post := range b.Office.Posts {
		n := strconv.Itoa(i)
		players = append(players, definitions.Player{ID: "p" + n, Name: "某" + n, Posts: []string{post.ID}})
	}
	players = append(players,
		definitions.Player{ID: "x", Name: "兼任", Posts: []string{"front-desk", "m-and-e"}},
		definitions.Player{ID: "y", Name: "候補", Posts: []string{"gate", "supervisor"}})
	return sim.NewPeople(b.Office, players)
}

// Whatever people do, a case obeys the laws: the same acts give the same bytes, also when the state is stored and read
// back between them; its history folds to its state; what is refused changes nothing.
func TestLawsOfRandomRuns(t *testing.T) {
	t.Parallel()
	b := sunshine(t)
	runs := manyRuns
	if testing.Short() {
		runs = fewRuns
	}
	const parts = 4
	for part := range parts {
		t.Run(strconv.Itoa(part), func(t *testing.T) {
			t.Parallel()
			ended := 0
			for seed := part; seed < runs && !t.Failed(); seed += parts {
				p := b.Procedures[seed/parts%len(b.Procedures)]
				first := walk(t, b, p, uint64(seed), false)
				second := walk(t, b, p, uint64(seed), true)
				if !bytes.Equal(first.bytes.Bytes(), second.bytes.Bytes()) {
					t.Errorf("seed %d of %s: two runs differ", seed, p.ID)
				}
				if t.Failed() {
					t.Logf("seed %d of %s", seed, p.ID)
				}
				ended += first.ended
			}
			if ended < runs/parts/10 {
				t.Errorf("only %d cases of %d runs came to an end: the walker does not get far", ended, runs/parts)
			}
		})
	}
}

// Random runs come almost everywhere in these procedures, so that the laws are tested there. In others some form asks
// for what chance does not hit: three card numbers for each member, the sum that is due.
func TestRandomRunsReachMost(t *testing.T) {
	t.Parallel()
	b := sunshine(t)
	walked := []string{"visitor", "home-visit", "complaint", "duty-readiness"}
	seen := sim.NewCoverage()
	for seed := range 200 {
		w := sim.NewWorld(b, crew(b), time.Date(2026, 11, 2, 1, 0, 0, 0, time.UTC))
		w.Watch = func(c *sim.Case, _ core.Input, out core.Outcome) {
			seen.See(c.Procedure, fmt.Sprint(seed, c.State.Case), out)
		}
		k := sim.NewWalker(w, uint64(seed))
		if _, err := k.Begin(b.Procedure(walked[seed%len(walked)])); err != nil {
			t.Fatal(err)
		}
		for range maxMoves {
			if on, err := k.Move(); err != nil {
				t.Fatal(err)
			} else if !on {
				break
			}
		}
	}
	for _, id := range walked {
		if missed := seen.Unreached(b.Procedure(id)); len(missed) > 3 {
			t.Errorf("%s: %d parts were never reached: %v", id, len(missed), missed)
		}
	}
}
