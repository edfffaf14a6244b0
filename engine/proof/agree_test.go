package proof_test

import (
	"cmp"
	"flag"
	"fmt"
	"maps"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/guicheng/guicheng/definitions"
	"github.com/guicheng/guicheng/definitions/formula"
	"github.com/guicheng/guicheng/definitions/report"
	"github.com/guicheng/guicheng/engine/core"
	"github.com/guicheng/guicheng/engine/proof"
	"github.com/guicheng/guicheng/engine/sim"
)

var (
	nets  = flag.Int("nets", 400, "how many made-up procedures are checked and searched")
	why   = flag.Bool("why", false, "tell of those that are not compared, and go on after a failure")
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

// tally counts what became of the made-up procedures.
type tally struct {
	proved int            // and compared
	before int            // that were refused before the proof, and compared as well
	cut    int            // with too many states to be searched to the end, and of which that is not enough to tell
	ruled  map[string]int // refused by a rule of the language where nothing goes wrong, by code
	echoes map[string]int // refused before the proof for what is the echo of something that the proof tells, by code
	// Judged otherwise since a list is proved alone: what it asks about steps of another is taken to hold or not, and what
	// happens once in a case to happen in each of its runs (decision 0023). By code; all of them are refused.
	outside map[string]int
	other   map[string]int // refused for what no search can show, by code
	kinds   map[string]int // of those that were compared, by code; sound = none
}

// ruled are the codes by which a rule of the language refuses what may go well, each with what it holds.
var ruled = map[string]string{
	"needs-join": "threads are followed in pairs: a second one is taken to come also where what the first one does " +
		"withdraws it, or where it has left at once",
	"endless-loop": "something in a circle waits, also where an end that decides comes before its second round",
}

// The proof and an exhaustive search by the reference interpreter, which shares no rule with it, agree: what is
// accepted always ends, in every case, and what is refused goes wrong in the way that is said.
func TestProofAgreesWithSearch(t *testing.T) {
	t.Parallel()
	n := tally{
		ruled: map[string]int{}, echoes: map[string]int{}, outside: map[string]int{}, other: map[string]int{},
		kinds: map[string]int{},
	}
	seed := *first
	for ; n.proved+n.before < *nets && (*why || !t.Failed()); seed++ {
		text, inner := made(seed)
		if seed%2 == 0 { // one list alone, with more of it
			text, inner = madeUp(seed), nil
		}
		n.compare(t, seed, text, inner)
	}
	t.Logf("seeds %d to %d: %d were compared, %d proved and %d refused before: %v; by a rule of the language %v would not"+
		" go wrong, by what a list asks of another %v; echoes of what is told of something else: %v; %d were not searched to"+
		" the end; refused for what no search shows: %v",
		*first, seed-1, n.proved+n.before, n.proved, n.before, n.kinds, n.ruled, n.outside, n.echoes, n.cut, n.other)
	otherwise := 0
	for _, some := range n.outside { // any order: they are summed
		otherwise += some
	}
	if most := n.proved/200 + 1; otherwise > most {
		t.Errorf("of %d proved %v judged otherwise for what a list asks of another: more than %d", n.proved, n.outside, most)
	}
	for _, code := range []string{"sound", "no-end", "left-behind", "two-outcomes", "input-twice"} {
		if n.kinds[code] < *nets/400 {
			t.Errorf("too few of a kind: %s in %v", code, n.kinds)
		}
	}
	if all := n.proved + n.before; n.cut > all/5 {
		t.Errorf("%d were not searched to the end, and %d were: that is more than a fifth", n.cut, all)
	}
}

// compare proves and searches one procedure. What is accepted is played by chance, too, also where it has too many
// states to be searched.
func (n *tally) compare(t *testing.T, seed uint64, text string, inner []string) {
	t.Helper()
	bundle, found, proved := checked(text)
	if bundle == nil {
		n.other[found[0].Code]++
		if *why {
			t.Logf("seed %d: %s\n%s", seed, report.Render(found, nil), text)
		}
		return
	}
	if len(found) == 0 {
		played(t, bundle, seed)
	}
	x := newSearch(bundle.Procedures[0])
	x.all()
	seen := x.seen()
	wrong := slices.Contains(slices.Collect(maps.Values(seen)), true)
	lacking := x.unseen(found, text, inner)
	switch {
	case len(found) == 0 && wrong:
		t.Errorf("seed %d: it is accepted, and the search has seen %v\n%s", seed, seen, text)
	case x.cut && (len(found) == 0 || len(lacking) > 0):
		n.cut++
		return
	case len(lacking) == 0:
	case proved && further(bundle.Procedures[0], lacking):
		n.outside[lacking[0]]++
		tellOf(t, seed, text, found, "outside")
	case proved:
		t.Errorf("seed %d: it is refused, and the search has seen nothing of %s\n%s\n%s", seed, lacking,
			report.Render(found, nil), text)
	case wrong: // found from pairs of threads, before the proof, which tells what it is the echo of
		n.echoes[lacking[0]]++
		exact := proof.Prove(bundle.Procedures[0])
		switch rest := x.unseen(exact, text, inner); {
		case len(rest) > 0 && further(bundle.Procedures[0], rest):
			n.outside[rest[0]]++
			tellOf(t, seed, text, append(found, exact...), "outside")
		case (len(exact) == 0 || len(rest) > 0) && !reliedOn(found):
			t.Errorf("seed %d: the search has seen %v, and the proof tells of %v\n%s\n%s", seed, seen, exact,
				report.Render(found, nil), text)
		}
	case ruled[lacking[0]] == "":
		t.Errorf("seed %d: it is refused by no rule, and nothing goes wrong: %s\n%s\n%s", seed, lacking,
			report.Render(found, nil), text)
	default:
		n.ruled[lacking[0]]++
		tellOf(t, seed, text, found, "ruled")
	}
	if proved {
		n.proved++
	} else {
		n.before++
	}
	for _, f := range found {
		n.kinds[f.Code]++
	}
	if len(found) == 0 {
		n.kinds["sound"]++
	}
}

// reliedOn tells whether what the proof relies on was refused: it does not follow returns, nor what nothing leads to,
// and the search goes no further than a circle without waiting.
func reliedOn(found []report.Problem) bool {
	return slices.ContainsFunc(found, func(f report.Problem) bool {
		return slices.Contains([]string{"not-upstream", "return-past", "unreachable-step", "endless-loop"}, f.Code)
	})
}

// tellOf shows a procedure of which the two judge otherwise, if that is asked for.
func tellOf(t *testing.T, seed uint64, text string, found []report.Problem, what string) {
	t.Helper()
	if *why {
		t.Logf("%s, seed %d: %s\n%s", what, seed, report.Render(found, nil), text)
	}
}

// asksAcross tells whether a condition asks about a step of another list, or an event inside a step happens once, in
// whichever of its runs.
func asksAcross(p *definitions.Procedure) bool {
	across := func(here *definitions.Graph, guard *formula.Guard) bool {
		return slices.ContainsFunc(guard.Asks(), func(q formula.Ask) bool { return p.Steps[q.Step].Graph != here })
	}
	for _, st := range append(slices.Collect(maps.Values(p.Steps)), p.Case) {
		here := cmp.Or(st.Graph, p.Case.Inside())
		once := func(e *definitions.Event) bool { return e.Once && st.Graph != nil && st.Graph.Owner != p.Case }
		if slices.ContainsFunc(st.Events, once) ||
			slices.ContainsFunc(waitedForBy(st), func(g *formula.Guard) bool { return across(here, g) }) {
			return true
		}
	}
	return false
}

// further tells whether the proof may have found these for more than can happen.
func further(p *definitions.Procedure, codes []string) bool {
	return asksAcross(p) || sharesLock(p) && slices.Equal(codes, []string{"needs-join"})
}

// sharesLock tells whether two steps of a list need one lock: of those that are open any is taken to go on, also
// where another has it.
func sharesLock(p *definitions.Procedure) bool {
	for _, a := range p.Steps { // any order: one is enough
		for _, b := range p.Steps {
			if a != b && a.Graph == b.Graph && a.Lock != nil && b.Lock != nil && a.Lock.Name == b.Lock.Name {
				return true
			}
		}
	}
	return false
}

// unseen lists the codes of findings of which a search has seen nothing: neither in the whole, nor where a list inside
// a step is proved alone, whatever else may end it. What would go wrong where no case comes is not to be seen.
func (x *search) unseen(found []report.Problem, text string, inner []string) []string {
	lacking := x.lacking(found, x.seen())
	if x.cut || len(lacking) == 0 {
		return lacking
	}
	for _, one := range append([]string{text}, inner...) {
		if alone, _, _ := checked(one); alone != nil {
			endless(alone.Procedures[0])
			y := newSearch(alone.Procedures[0])
			y.all()
			if lacking = slices.DeleteFunc(lacking, func(code string) bool { return y.seen()[code] }); len(lacking) == 0 {
				break
			}
		}
	}
	return lacking
}

func (x *search) lacking(found []report.Problem, seen map[string]bool) []string {
	var out []string
	for _, f := range found {
		unopened := func(st *definitions.Step) bool { return !x.trail.Opened[st] }
		nowhere := func(st *definitions.Step) bool {
			g := st.Inside() // what else was found may keep it from going on
			return isAt(f, st) && (unopened(st) || len(found) > 1 && g != nil && slices.ContainsFunc(g.Steps, unopened))
		}
		if slices.Contains(shownBySearch, f.Code) && !seen[f.Code] && !slices.Contains(out, f.Code) &&
			(x.cut || !slices.ContainsFunc(slices.Collect(maps.Values(x.p.Steps)), nowhere)) {
			out = append(out, f.Code)
		}
	}
	return out
}

// isAt tells whether a finding points at a step, or at an end of the list inside it.
func isAt(f report.Problem, st *definitions.Step) bool {
	g := st.Inside()
	ends := func(e *definitions.End) bool { return e.Place == f.Place }
	return st.Graph != nil && (st.Place == f.Place || g != nil && slices.ContainsFunc(g.Ends, ends))
}

// endless takes away what ends lists from outside: the time limits and events by which the steps around them are left.
func endless(p *definitions.Procedure) {
	for _, g := range p.Graphs() {
		st := g.Owner
		if st == p.Case {
			continue
		}
		st.Timeouts = slices.DeleteFunc(st.Timeouts, func(t *definitions.Timeout) bool {
			return t.Do.Kind == definitions.DeedTo
		})
		st.Events = slices.DeleteFunc(st.Events, func(e *definitions.Event) bool {
			return e.Error == "" && e.Do.Kind == definitions.DeedTo
		})
		for i, t := range st.Timeouts {
			t.Index = i
		}
		for i, e := range st.Events {
			e.Index = i
		}
	}
}

// checked compiles a text and, if nothing is found then, proves it. The bundle is nil where errors are found that no
// search can show.
func checked(text string) (bundle *definitions.Bundle, found []report.Problem, proved bool) {
	bundle, problems := definitions.Draft([]definitions.File{
		{Name: "it.yaml", Text: []byte(text)}, {Name: "office.yaml", Text: []byte(office)},
	})
	found = slices.DeleteFunc(problems, func(p report.Problem) bool { return p.Severity != report.Error })
	if bundle != nil && len(found) == 0 {
		found, proved = proof.Prove(bundle.Procedures[0]), true
	}
	shown := func(p report.Problem) bool { return slices.Contains(shownBySearch, p.Code) }
	if len(found) > 0 && !slices.ContainsFunc(found, shown) {
		return nil, found, proved
	}
	return bundle, found, proved
}

// shownBySearch are the codes of what a search sees.
var shownBySearch = []string{
	"no-end", "left-behind", "lock-circle", "needs-join", "input-twice", "two-outcomes", "dead-step", "way-never-taken",
	"timeout-never", "event-never", "unreachable-step", "end-unreached", "endless-loop",
}
