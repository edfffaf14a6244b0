package proof_test

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/guicheng/guicheng/definitions"
	"github.com/guicheng/guicheng/definitions/report"
	"github.com/guicheng/guicheng/engine/core"
	"github.com/guicheng/guicheng/engine/proof"
	"github.com/guicheng/guicheng/engine/sim"
)

var (
	nets  = flag.Int("nets", 200, "how many made-up procedures are proved and searched")
	first = flag.Uint64("first", 1, "the seed of the first of them")
)

// madeUp writes a small procedure: tasks with answers, splits, joins, ways back and returns, some of which withdraw.
func madeUp(seed uint64) string {
	r := rand.New(rand.NewPCG(seed, 1))
	n := 3 + r.IntN(4)
	step := func(at int) string {
		switch k := r.IntN(10); {
		case k == 0:
			return "stop"
		case k < 3 || at == n-1 && k < 8:
			return []string{"good", "good", "bad"}[r.IntN(3)]
		case k == 3:
			return fmt.Sprintf("s%d", r.IntN(n))
		}
		return fmt.Sprintf("s%d", min(at+1+r.IntN(2), n-1))
	}
	way := func(at int) string {
		switch k := r.IntN(12); {
		case k == 0 && at > 0:
			return fmt.Sprintf("{return: s%d}", r.IntN(at))
		case k == 1:
			return fmt.Sprintf("{to: %s, cancels: [s%d]}", step(at), r.IntN(n))
		}
		return step(at)
	}
	var b strings.Builder
	for i := range n {
		join := []string{"", "", "", ", join: all", ", join: active", ", join: each", ", join: first", ", join: {n: 2}",
			", join: {n: 1, rest: cancel}"}[r.IntN(9)]
		a, c := way(i), way(i)
		switch r.IntN(3) {
		case 0:
			fmt.Fprintf(&b, "  - {step: s%d, title: S, task: {by: desk}, then: [%s]%s}\n", i, a, join)
		case 1:
			fmt.Fprintf(&b, "  - {step: s%d, title: S, task: {by: desk, answers: {a: A, c: C}}, then: {a: %s, c: %s}%s}\n",
				i, a, c, join)
		default:
			fmt.Fprintf(&b, "  - {step: s%d, title: S, task: {by: desk}, choose: all, then: [%s, %s]%s}\n", i, a, c, join)
		}
	}
	steps := b.String()
	ends := "good: Good, bad: Bad"
	for _, end := range []string{"good", "bad"} { // what nothing leads to is refused
		if !strings.Contains(steps, end) {
			ends = strings.Trim(regexp.MustCompile(end+`: \w+`).ReplaceAllString(ends, ""), ", ")
		}
	}
	return "procedure: it\ntitle: It\nstart: {by: desk}\nends: {" + ends + "}\nsteps:\n" + steps
}

// mostMoves is far more than a player at random needs to come to the end of so small a procedure.
const mostMoves = 20_000

// mostTurns is how often a case is played anew that its manager has cancelled on the way.
const mostTurns = 100

// played plays a procedure that was accepted by chance, with returns, mistakes and repairs: two of its cases come to an
// end of the procedure.
func played(t *testing.T, bundle *definitions.Bundle, seed uint64) {
	t.Helper()
	finished := 0
	for turn := uint64(0); finished < 2; turn++ {
		if turn == mostTurns {
			t.Errorf("seed %d: of %d cases %d came to an end, the others were cancelled", seed, turn, finished)
			return
		}
		w := sim.NewWorld(bundle, sim.OnePerPost(bundle.Office), begin)
		k := sim.NewWalker(w, seed*mostTurns+turn)
		c, err := k.Begin(bundle.Procedures[0])
		for tries := 0; c == nil && err == nil && tries < 10; tries++ { // it was somebody who may not
			c, err = k.Begin(bundle.Procedures[0])
		}
		if err != nil || c == nil {
			t.Errorf("seed %d: it does not begin: %v", seed, err)
			return
		}
		on := true
		for moves := 0; on; moves++ {
			if on, err = k.Move(); err != nil || c.Broken != nil || moves > mostMoves {
				t.Errorf("seed %d: after %d moves it has not ended: %v, %v, %d acts\n%s", seed, moves, err, c.Broken,
					len(c.State.Acts), bundle.Procedures[0].Hash)
				return
			}
		}
		if c.State.Status == core.Finished {
			finished++
		}
	}
}

// The proof and an exhaustive search by the reference interpreter, which shares no rule with it, agree: what is
// accepted always ends, in every case, and what is refused goes wrong in the way that is said.
func TestProofAgreesWithSearch(t *testing.T) {
	t.Parallel()
	kinds, searched := map[string]int{}, 0
	seed := *first
	for ; searched < *nets && !t.Failed(); seed++ {
		text, inner := made(seed)
		if seed%2 == 0 { // one list alone, with more of it
			text, inner = madeUp(seed), nil
		}
		bundle, x := searchOf(text)
		if x == nil {
			continue
		}
		searched++
		found := proof.Prove(x.p)
		for _, f := range found {
			kinds[f.Code]++
		}
		what := disagree(x, found)
		for i := 0; len(found) > 0 && what != "" && i < len(inner); i++ { // proved alone, whatever else may end it
			if _, alone := searchOf(inner[i]); alone != nil && disagree(alone, found) == "" {
				what = ""
			}
		}
		if what != "" {
			t.Errorf("seed %d: %s\n%s\n%s", seed, what, report.Render(found, nil), text)
		}
		if len(found) == 0 {
			kinds["sound"]++
			played(t, bundle, seed)
		}
	}
	t.Logf("seeds %d to %d, %d of them searched to the end: %v", *first, seed-1, searched, kinds)
	for _, code := range []string{"sound", "no-end", "left-behind", "two-outcomes", "input-twice"} {
		if kinds[code] < *nets/100 {
			t.Errorf("too few of a kind: %s in %v", code, kinds)
		}
	}
}

// searchOf compiles a text and searches it; nil if it is refused before, or has too many states.
func searchOf(text string) (*definitions.Bundle, *search) {
	bundle, _ := definitions.Compile([]definitions.File{
		{Name: "it.yaml", Text: []byte(text)}, {Name: "office.yaml", Text: []byte(office)},
	})
	if bundle == nil {
		return nil, nil
	}
	x := newSearch(bundle.Procedures[0])
	if x.all(); x.cut {
		return nil, nil
	}
	return bundle, x
}

// disagree says in what the proof and the search do not agree; "" = in nothing. Where a list inside another goes wrong,
// the other is proved as if it came to any of its ends: then one of the findings is to be seen.
func disagree(x *search, found []report.Problem) string {
	stuck, dead := x.stuck(), x.dead()
	seen := map[string]bool{
		"no-end": stuck, "left-behind": stuck, "lock-circle": stuck, "needs-join": x.trail.Met, "input-twice": x.trail.Second,
		"two-outcomes": x.trail.Both, "dead-step": dead, "way-never-taken": dead, "timeout-never": dead, "event-never": dead,
	}
	if len(found) == 0 {
		for code, wrong := range seen { // any order: one is enough
			if wrong {
				return "it is accepted, and the search has seen " + code
			}
		}
		return ""
	}
	if slices.ContainsFunc(found, func(p report.Problem) bool { return seen[p.Code] }) {
		return ""
	}
	return "it is refused, and the search has seen nothing of that"
}
