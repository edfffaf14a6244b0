package core_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/guicheng/guicheng/definitions"
	"github.com/guicheng/guicheng/definitions/report"
	"github.com/guicheng/guicheng/definitions/value"
	"github.com/guicheng/guicheng/engine/core"
)

// sound writes random procedures most of which can always end: sequences, choices, splits and loops put into one
// another, each split closed by a join that fits it, or left by a branch that withdraws all the rest of it.
type sound struct {
	*rand.Rand
	steps  []string
	n      int
	list   []string // ids of the list that is being written
	fields []string
	kinds  map[string]int
	backs  bool // some ways return
}

func (g *sound) id() string {
	g.n++
	id := fmt.Sprintf("s%d", g.n)
	g.list = append(g.list, id)
	return id
}

// part writes a piece that begins at one step and goes on to next; it gives its first step.
func (g *sound) part(depth int, next string, looped bool) string {
	kind := g.IntN(9)
	if depth == 0 {
		kind = 0
	}
	switch kind {
	case 1: // a sequence
		return g.part(depth-1, g.part(depth-1, next, looped), looped)
	case 2:
		return g.choice(depth, next, looped)
	case 3:
		return g.split(depth, next, looped, "all")
	case 4:
		return g.split(depth, next, looped, "active")
	case 5:
		if !looped {
			return g.split(depth, next, looped, "some")
		}
	case 6:
		return g.loop(depth, next)
	case 7:
		return g.withdrawal(depth, next, looped)
	case 8:
		return g.block(depth, next)
	}
	return g.task(next)
}

func (g *sound) block(depth int, next string) string {
	id := g.id()
	g.kinds["block"]++
	steps, list := g.steps, g.list
	g.steps, g.list = nil, nil
	begin := g.id()
	first := g.part(depth-1, "done", false)
	slices.Sort(g.steps)
	block := fmt.Sprintf("{step: %s, title: T, join: each, steps: [{step: %s, title: T, then: %s}, %s], then: %s}",
		id, begin, first, strings.Join(g.steps, ", "), next)
	g.steps = append(steps, block) //nolint:gocritic // the list around goes on
	g.list = list
	return id
}

func (g *sound) task(next string) string {
	id := g.id()
	g.kinds["task"]++
	g.steps = append(g.steps, fmt.Sprintf("{step: %s, title: T, join: each, task: {by: a}, then: %s}", id, next))
	return id
}

func (g *sound) choice(depth int, next string, looped bool) string {
	id := g.id()
	g.kinds["choice"]++
	a, b := g.part(depth-1, next, looped), g.part(depth-1, next, looped)
	g.steps = append(g.steps, fmt.Sprintf(
		"{step: %s, title: T, join: each, task: {by: a, answers: {x: X, z: Z}}, then: {x: %s, z: %s}}", id, a, b))
	return id
}

// split writes branches that a join closes: all of them taken, those that a form says, or all with a join that counts.
func (g *sound) split(depth int, next string, looped bool, kind string) string {
	id, join := g.id(), g.id()
	g.kinds[kind]++
	width := 2 + g.IntN(2)
	var ways, fields []string
	for i := range width {
		to := g.part(depth-1, g.task(join), looped) // one input of the join for each branch
		if kind == "active" && i > 0 {
			b := fmt.Sprintf("b%d", len(g.fields))
			fields, g.fields = append(fields, b), append(g.fields, b)
			ways = append(ways, fmt.Sprintf("{when: %s, to: %s}", b, to))
		} else {
			ways = append(ways, "{to: "+to+"}")
		}
	}
	form := ""
	if kind == "active" {
		form = ", form: [" + strings.Join(fields, ", ") + "]"
	}
	how := kind
	if kind == "some" {
		how = fmt.Sprintf("{n: %d}", 1+g.IntN(width))
	}
	g.steps = append(g.steps,
		fmt.Sprintf("{step: %s, title: T, join: each, task: {by: a%s}, choose: all, then: [%s]}", id, form,
			strings.Join(ways, ", ")),
		fmt.Sprintf("{step: %s, title: T, join: %s, task: {by: a}, then: %s}", join, how, next))
	return id
}

// withdrawal writes two branches, of which one can go on alone: it withdraws the other one and the join.
func (g *sound) withdrawal(depth int, next string, looped bool) string {
	id, join, how := g.id(), g.id(), "all"
	if g.backs {
		how = []string{"all", "active", "first", "{n: 2}"}[g.IntN(4)]
	}
	g.kinds["withdrawal"]++
	from := len(g.list)
	other := g.part(depth-1, g.task(join), looped)
	rest := append([]string{join}, g.list[from:]...)
	choice, start := g.id(), id
	first := g.part(depth-1, choice, looped)
	if g.backs && g.IntN(2) == 0 {
		first = g.task(first)
		start = first
	}
	alone := g.part(depth-1, next, looped)
	if g.backs {
		g.kinds["way back"]++
		check := g.id()
		g.steps = append(g.steps, fmt.Sprintf("{step: %s, title: T, join: each, task: {by: a, answers: {go: O, back: B}}, "+
			"then: {go: %s, back: {return: %s}}}", check, alone, start))
		alone = check
	}
	g.steps = append(g.steps,
		fmt.Sprintf("{step: %s, title: T, join: each, task: {by: a}, choose: all, then: [%s, %s]}", id, first, other),
		fmt.Sprintf("{step: %s, title: T, join: each, task: {by: a, answers: {x: X, z: Z}}, "+
			"then: {x: %s, z: {to: %s, cancels: [%s]}}}", choice, join, alone, strings.Join(rest, ", ")),
		fmt.Sprintf("{step: %s, title: T, join: %s, task: {by: a}, then: %s}", join, how, next))
	return id
}

func (g *sound) loop(depth int, next string) string {
	check := g.id()
	g.kinds["loop"]++
	first := g.part(depth-1, check, true)
	g.steps = append(g.steps, fmt.Sprintf(
		"{step: %s, title: T, join: each, task: {by: a, answers: {go: O, back: B}}, then: {go: %s, back: %s}}",
		check, next, first))
	return first
}

func (g *sound) procedure(depth int) string {
	first := g.part(depth, "last", false)
	slices.Sort(g.steps)
	data := ""
	for _, f := range g.fields {
		data += ", " + f + ": {title: B, type: yes-no}"
	}
	// The first step of the list is where a case begins.
	return `procedure: t
title: T
number: 'T{n:3}'
manager: boss
data: {none: {title: N, type: text}` + data + `}
start: {by: a}
steps:
  - {step: begin, title: T, then: ` + first + `}
  - ` + strings.Join(g.steps, "\n  - ") + `
  - {step: last, title: T, join: each, task: {by: a}, then: done}
`
}

// TestReturnsNeverStrand returns at random in random sound procedures: however a case is played afterwards, it comes to
// its end or has something to do. What is refused as stranding is counted.
func TestReturnsNeverStrand(t *testing.T) {
	t.Parallel()
	counts := backAtRandom(t, 5, 1, 3, 0)
	if counts["returned"] < 15 || counts["played to the end"] < 200 {
		t.Errorf("too little was tried: %v", counts)
	}
}

// TestJumpsNeverStrand jumps as well, in procedures so small that all that may come of them is looked at.
func TestJumpsNeverStrand(t *testing.T) {
	t.Parallel()
	counts := backAtRandom(t, 14, 1, 2, 3)
	if counts["jumped"] < 20 || counts["jump refused would-strand"] < 15 || counts["played to the end"] < 400 ||
		counts["jumps to a step in a block"] < 5 || counts["refused as told"] < 15 {
		t.Errorf("too little was tried: %v", counts)
	}
}

// backAtRandom plays cases of made-up procedures with returns, and every so often (0 = never) with a jump.
func backAtRandom(t *testing.T, procedures uint64, plays, depth, jumps int) map[string]int {
	t.Helper()
	kinds, counts := map[string]int{}, map[string]int{}
	for seed := range procedures {
		g := &sound{Rand: rand.New(rand.NewPCG(seed, 7)), kinds: kinds}
		source := g.procedure(depth)
		if !soundly(t, g.Rand, source) {
			counts["not sound"]++
			continue
		}
		for range plays {
			returnAtRandom(t, g.Rand, source, jumps, counts)
		}
	}
	t.Logf("steps %v, %v", kinds, counts)
	return counts
}

// soundly tells whether a procedure compiles, and no case of it that is played at random gets stuck by itself.
func soundly(t *testing.T, r *rand.Rand, source string) bool {
	t.Helper()
	_, problems := definitions.Compile([]definitions.File{
		{Name: "office.yaml", Text: []byte(office)}, {Name: "p.yaml", Text: []byte(source)},
	})
	if report.Failed(problems) {
		return false
	}
	s := newStory(t, source)
	s.do(t, "start")
	for range 400 {
		if played := s.playedOn(t, r); played.Status != core.Finished && len(openTasks(played)) == 0 {
			return false
		}
	}
	return true
}

// returnAtRandom plays a case with returns, and tries after each whether it can end.
func returnAtRandom(t *testing.T, r *rand.Rand, source string, jumps int, counts map[string]int) {
	t.Helper()
	s := newStory(t, source)
	s.do(t, "start")
	for range 40 {
		open := openTasks(s.s)
		if len(open) == 0 || s.s.Status != core.Running {
			break
		}
		slot := open[r.IntN(len(open))]
		if jumps > 0 && r.IntN(jumps) == 0 {
			s.jumpAtRandom(t, r, slot, source, counts)
			continue
		}
		targets := core.ReturnTargets(s.p, s.s, core.Context{Now: s.now, Staff: team{}}, slot, everyone())
		if len(targets) == 0 || r.IntN(3) > 0 {
			s.step(t, s.anyAnswer(r, slot))
			continue
		}
		target := targets[r.IntN(len(targets))]
		in := core.Return{Actor: everyone(), Slot: slot, To: target.Step.ID, Straight: r.IntN(5) == 0}
		said := s.step(t, in)
		why := target.Why
		if in.Straight {
			why = target.Straight
		}
		if code, refused := strings.CutPrefix(said, "refused "); refused != (why != nil) ||
			refused && strings.TrimSpace(code) != string(why.Code) {
			t.Fatalf("a return to %s is told %v, and it came to %s\n%s", in.To, why, said, source)
		}
		if code, refused := strings.CutPrefix(said, "refused "); refused {
			counts["refused "+strings.TrimSpace(code)]++
			continue
		}
		counts["returned"]++
		s.neverStuck(t, r, counts, source+said)
	}
	if s.s.Status == core.Finished {
		counts["cases that ended"]++
	}
}

// TestWaysBackNeverStrand plays procedures some ways of which return, past withdrawals too: what is accepted never
// stands still because a case could not end after a return.
func TestWaysBackNeverStrand(t *testing.T) {
	t.Parallel()
	kinds, counts := map[string]int{}, map[string]int{}
	for seed := range uint64(120) {
		g := &sound{Rand: rand.New(rand.NewPCG(seed, 9)), kinds: kinds, backs: true}
		source := g.procedure(2)
		if !strings.Contains(source, "return:") {
			continue
		}
		if code := refusal(source); code != "" {
			counts[code]++
			continue
		}
		counts["accepted"]++
		for range 20 {
			s := newStory(t, source)
			s.do(t, "start")
			end := s.playedOn(t, g.Rand)
			for _, a := range end.Acts {
				if a.Incident != nil && a.Incident.Code == string(core.WouldStrand) {
					t.Fatalf("seed %d: %s\n%s", seed, a.Incident.Message, source)
				}
			}
			counts[string(end.Status)]++
		}
	}
	t.Logf("steps %v, %v", kinds, counts)
	if counts["accepted"] < 12 || counts["return-past"] < 8 {
		t.Errorf("too little was tried: %v", counts)
	}
}

// refusal is the code of the first error in a procedure; "" = none.
func refusal(source string) string {
	_, problems := definitions.Compile([]definitions.File{
		{Name: "office.yaml", Text: []byte(office)}, {Name: "p.yaml", Text: []byte(source)},
	})
	for _, p := range problems {
		if p.Severity == report.Error {
			return p.Code
		}
	}
	return ""
}

func everyone() value.Person {
	return value.Person{ID: "all", Name: "all", Posts: []string{"a", "b", "c", "boss"}}
}

func openTasks(s *core.State) []core.ID {
	var out []core.ID
	for _, a := range s.Acts {
		for _, slot := range a.Slots {
			if a.State == core.Open && !slot.State.Ended() && slot.State != core.SlotGiven {
				out = append(out, slot.ID)
			}
		}
	}
	return out
}

// anyAnswer completes a task in one of the ways that it may be completed.
func (s *story) anyAnswer(r *rand.Rand, slot core.ID) core.Input {
	in := core.Complete{Actor: everyone(), Slot: slot, Values: value.Record{}}
	for _, a := range s.s.Acts {
		if len(a.Slots) == 0 || a.Slots[0].ID != slot {
			continue
		}
		task, _ := s.p.Steps[a.Step].Work.(*definitions.Task)
		if len(task.Answers) > 0 {
			in.Answer = task.Answers[r.IntN(len(task.Answers))].ID
		}
		for _, f := range task.Form.Fields {
			in.Values[f.Path] = r.IntN(2) == 0
		}
	}
	return in
}

// jumpAtRandom leaves a task for any step.
func (s *story) jumpAtRandom(t *testing.T, r *rand.Rand, slot core.ID, source string, counts map[string]int) {
	t.Helper()
	i := slices.IndexFunc(s.s.Acts, func(a *core.Activation) bool { return len(a.Slots) > 0 && a.Slots[0].ID == slot })
	act := s.s.Acts[i].ID
	targets, no := core.JumpTargets(s.p, s.s, core.Context{Now: s.now, Staff: team{}}, []core.ID{act})
	if no != nil {
		t.Fatal(no)
	}
	to := targets[r.IntN(len(targets))]
	said := s.step(t, core.Jump{Actor: everyone(), Acts: []core.ID{act}, To: to.Step.ID})
	if refused := strings.HasPrefix(said, "refused "); to.Why != nil && !refused {
		t.Fatalf("a jump to %s is told to be %v\n%s", to.Step.ID, to.Why, source+said)
	} else if refused && to.Why != nil {
		counts["refused as told"]++
	}
	if to.Step.Graph != s.p.Case.Work.(*definitions.Block).Graph {
		counts["jumps to a step in a block"]++
	}
	if code, refused := strings.CutPrefix(said, "refused "); refused {
		counts["jump refused "+strings.TrimSpace(code)]++
		return
	}
	counts["jumped"]++
	s.neverStuck(t, r, counts, source+said)
}

// neverStuck plays copies of the case at random: none comes to where nothing is left to do and it has not ended.
func (s *story) neverStuck(t *testing.T, r *rand.Rand, counts map[string]int, after string) {
	t.Helper()
	for range 20 {
		played := s.playedOn(t, r)
		switch {
		case played.Status == core.Finished:
			counts["played to the end"]++
		case len(openTasks(played)) == 0:
			t.Fatalf("nothing is left to do, and the case has not ended\n%s", after)
		}
	}
}

// playedOn is what a copy of the case comes to by some of its tasks, done at random.
func (s *story) playedOn(t *testing.T, r *rand.Rand) *core.State {
	t.Helper()
	copied := *s
	copied.s = s.s.Clone()
	for range 200 {
		open := openTasks(copied.s)
		if len(open) == 0 {
			break
		}
		in := copied.anyAnswer(r, open[r.IntN(len(open))])
		if out := core.Step(s.p, copied.s, in, core.Context{Now: s.now, Staff: team{}}); out.Rejection != nil {
			t.Fatal(out.Rejection)
		}
	}
	return copied.s
}
