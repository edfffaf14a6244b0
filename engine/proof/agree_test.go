package proof_test

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/guicheng/guicheng/definitions"
	"github.com/guicheng/guicheng/definitions/value"
	"github.com/guicheng/guicheng/engine/proof"
	"github.com/guicheng/guicheng/engine/sim"
	"github.com/guicheng/guicheng/engine/sim/reference"
)

var (
	nets  = flag.Int("nets", 200, "how many made-up procedures are proved and searched")
	first = flag.Uint64("first", 1, "the seed of the first of them")
)

// madeUp writes a small procedure: tasks with answers, splits, joins, ways back.
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
	var b strings.Builder
	for i := range n {
		join := []string{"", "", "", ", join: all", ", join: active", ", join: each", ", join: first", ", join: {n: 2}",
			", join: {n: 1, rest: cancel}"}[r.IntN(9)]
		a, c := step(i), step(i)
		switch r.IntN(3) {
		case 0:
			fmt.Fprintf(&b, "  - {step: s%d, title: S, task: {by: desk}, then: %s%s}\n", i, a, join)
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

// search is an exhaustive search by the reference interpreter.
type search struct {
	p      *definitions.Procedure
	states map[string]int
	next   [][]int
	ended  []bool
	twice  bool // two runs of a step without a join
	cut    bool
	queue  [][]reference.Input // by state: the inputs that lead to it
	tasks  [][]string
}

const mostStates = 120

var (
	number = regexp.MustCompile(`#\d+`)
	clerk  = value.Person{ID: "chan", Name: "Chan", Posts: []string{"desk"}}
)

// visit comes to a state by inputs, and gives its number.
func (x *search) visit(inputs []reference.Input) int {
	c := reference.New(x.p, nil)
	for _, in := range inputs {
		if !c.Do(in) {
			panic("the reference refuses what it offered")
		}
	}
	var key, tasks []string
	open := map[string]int{}
	for _, line := range c.Marking() {
		if strings.HasPrefix(line, "act ") && slices.Contains(strings.Fields(line), "done") {
			continue
		}
		key = append(key, number.ReplaceAllString(line, ""))
		if path, ok := strings.CutPrefix(line, "task "); ok {
			path = strings.Fields(path)[0]
			path = path[:strings.LastIndexByte(path, '.')]
			tasks = append(tasks, path)
			id := number.ReplaceAllString(path[strings.LastIndexByte(path, '/')+1:], "")
			if open[id]++; open[id] > 1 && x.p.Steps[id].Join.Kind == definitions.JoinNone {
				x.twice = true
			}
		}
	}
	slices.Sort(key)
	k := strings.Join(key, "\n")
	if i, ok := x.states[k]; ok {
		return i
	}
	i := len(x.states)
	x.states[k] = i
	x.next = append(x.next, nil)
	finished := func(line string) bool { return strings.HasPrefix(line, "case finished") }
	x.ended = append(x.ended, slices.ContainsFunc(key, finished))
	x.queue, x.tasks = append(x.queue, inputs), append(x.tasks, tasks)
	x.cut = x.cut || len(x.states) > mostStates || c.Broken != ""
	return i
}

// all comes to every state, the nearest first.
func (x *search) all() {
	x.visit([]reference.Input{{Do: reference.Start, At: begin, Who: clerk}})
	for i := 0; i < len(x.queue) && !x.cut; i++ {
		for _, path := range x.tasks[i] {
			id := number.ReplaceAllString(path[strings.LastIndexByte(path, '/')+1:], "")
			answers := []string{""}
			if len(x.p.Steps[id].Outcomes) > 0 {
				answers = []string{"a", "c"}
			}
			for _, answer := range answers {
				in := reference.Input{Do: reference.Complete, At: begin, Who: clerk, Act: path, Answer: answer}
				x.next[i] = append(x.next[i], x.visit(append(slices.Clip(x.queue[i]), in)))
			}
		}
	}
}

var begin = time.Date(2026, 11, 2, 1, 0, 0, 0, time.UTC)

// stuck tells whether from some state no end can be reached.
func (x *search) stuck() bool {
	good := slices.Clone(x.ended)
	for grown := true; grown; {
		grown = false
		for i, next := range x.next {
			if !good[i] && slices.ContainsFunc(next, func(j int) bool { return good[j] }) {
				good[i], grown = true, true
			}
		}
	}
	return slices.Contains(good, false)
}

// mostMoves is far more than a player at random needs to come to the end of so small a procedure.
const mostMoves = 20_000

// played plays a procedure that was accepted by chance, with returns, mistakes and repairs: its cases come to an end.
func played(t *testing.T, bundle *definitions.Bundle, seed uint64) {
	t.Helper()
	for turn := range uint64(2) {
		w := sim.NewWorld(bundle, sim.OnePerPost(bundle.Office), begin)
		k := sim.NewWalker(w, seed*2+turn)
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
	}
}

// The proof and an exhaustive search by the reference interpreter, which shares no rule with it, agree.
func TestProofAgreesWithSearch(t *testing.T) {
	t.Parallel()
	kinds, searched := map[string]int{}, 0
	seed := *first
	for ; searched < *nets; seed++ {
		text := madeUp(seed)
		bundle, _ := definitions.Compile([]definitions.File{
			{Name: "it.yaml", Text: []byte(text)}, {Name: "office.yaml", Text: []byte(office)},
		})
		if bundle == nil {
			continue
		}
		x := &search{p: bundle.Procedures[0], states: map[string]int{}}
		x.all()
		code := "sound"
		if found := proof.Prove(bundle.Procedures[0]); len(found) > 0 {
			code = found[0].Code
		}
		if x.cut {
			continue
		}
		searched++
		kinds[code]++
		switch {
		case code == "sound" && (x.stuck() || x.twice):
			t.Errorf("seed %d: it is accepted, and can be stuck (%t) or meet (%t)\n%s", seed, x.stuck(), x.twice, text)
		case (code == "no-end" || code == "left-behind") && !x.stuck():
			t.Errorf("seed %d: it is refused for %s, and always ends\n%s", seed, code, text)
		case code == "needs-join" && !x.twice:
			t.Errorf("seed %d: it is refused, and no threads meet\n%s", seed, text)
		}
		if code == "sound" {
			played(t, bundle, seed)
		}
		if t.Failed() {
			return
		}
	}
	t.Logf("seeds %d to %d, %d of them searched to the end: %v", *first, seed-1, searched, kinds)
	if kinds["sound"] < *nets/20 || kinds["no-end"]+kinds["left-behind"] < *nets/20 {
		t.Errorf("too few of a kind: %v", kinds)
	}
}
