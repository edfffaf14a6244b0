package core_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/guicheng/guicheng/definitions"
	"github.com/guicheng/guicheng/definitions/value"
	"github.com/guicheng/guicheng/engine/core"
)

const benchProcedure = `procedure: p
title: 試
number: 'T{yyyy}-{n:3}'
manager: boss
data:
  name: {title: 名, type: text}
  size: {title: 數, type: count}
  note: {title: 註, type: note}
start: {by: a, form: [name]}
ends: {big: 大, small: 小}
steps:
  - {step: one, title: 一, task: {by: a, form: [size]}}
  - step: two
    title: 二
    task: {by: b, show: [name, size], form: [note], answers: {approved: 准, rejected: 駁}}
    timeouts: {after: minutes(30), to: three}
    then:
      approved: [{when: size > 10, to: three}, {to: big}]
      rejected: small
  - {step: three, title: 三, task: {by: c}, then: big}
`

// seated is a team whose posts are looked up once, as an office's roster does: what is measured is the core's.
type seated struct {
	team
	holders map[string][]value.Person
}

func (s seated) Holders(post string) []value.Person { return s.holders[post] }

// BenchmarkStep completes the middle one of three steps: a form, a guard, a timer cleared, the next task offered.
func BenchmarkStep(b *testing.B) {
	bundle, problems := definitions.Compile([]definitions.File{
		{Name: "office.yaml", Text: []byte(office)}, {Name: "p.yaml", Text: []byte(benchProcedure)},
	})
	if bundle == nil {
		b.Fatal(problems)
	}
	p := bundle.Procedures[0]
	who := value.Person{ID: "all", Name: "all", Posts: []string{"a", "b", "c"}}
	there := seated{holders: map[string][]value.Person{}}
	for _, post := range who.Posts {
		there.holders[post] = team{}.Holders(post)
	}
	c := core.Context{Now: time.Date(2026, 11, 23, 1, 0, 0, 0, time.UTC), Staff: there}
	s := core.New("test", "k1")
	step := func(in core.Input) {
		if out := core.Step(p, s, in, c); out.Rejection != nil {
			b.Fatal(out.Rejection)
		}
	}
	step(core.Start{Starter: &who, Values: value.Record{"name": "x"}})
	step(core.Complete{Actor: who, Slot: open(s), Values: value.Record{"size": int64(20)}})
	in := core.Complete{Actor: who, Slot: open(s), Answer: "approved", Values: value.Record{"note": "y"}}

	b.Run("step", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if out := core.Step(p, s.Clone(), in, c); out.Rejection != nil {
				b.Fatal(out.Rejection)
			}
		}
	})
	b.Run("clone", func(b *testing.B) { // its share of the step, too: the engine keeps the state before
		b.ReportAllocs()
		for b.Loop() {
			s.Clone()
		}
	})
	b.Run("guard", func(b *testing.B) { // CEL's share of the step
		guard := p.Steps["two"].Ways[0].When
		scope := core.ScopeIn(p, s, c, 0)
		b.ReportAllocs()
		for b.Loop() {
			if _, err := guard.Eval(scope); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("encode", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := core.EncodeState(p, s); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// BenchmarkReturnTargets asks to which of some eighty steps the last task may be returned: each is tried, and a way to
// an end is looked for after each.
func BenchmarkReturnTargets(b *testing.B) {
	var steps strings.Builder
	for i := range 50 {
		fmt.Fprintf(&steps, "  - {step: s%d, title: 步, task: {by: a}}\n", i)
	}
	steps.WriteString("  - {step: split, title: 分, choose: all, then: [b0x0, b1x0, b2x0, b3x0, b4x0, b5x0]}\n")
	for i := range 6 {
		for k := range 5 {
			to := fmt.Sprintf("b%dx%d", i, k+1)
			if k == 4 {
				to = "meet"
			}
			fmt.Fprintf(&steps, "  - {step: b%dx%d, title: 步, task: {by: a}, then: %s}\n", i, k, to)
		}
	}
	source := "procedure: p\ntitle: 試\nnumber: 'T{yyyy}-{n:3}'\nmanager: boss\nstart: {by: a}\nsteps:\n" + steps.String()
	for _, join := range []string{"all", "active", "{n: 4}", "{n: 4, rest: cancel}"} {
		b.Run(join, func(b *testing.B) {
			bundle, problems := definitions.Compile([]definitions.File{
				{Name: "office.yaml", Text: []byte(office)}, {Name: "p.yaml", Text: []byte(source +
					"  - {step: meet, title: 會, join: " + join + ", task: {by: a}}\n" +
					"  - {step: last, title: 末, join: each, task: {by: a}}\n")},
			})
			if bundle == nil {
				b.Fatal(problems)
			}
			p := bundle.Procedures[0]
			who := value.Person{ID: "all", Name: "all", Posts: []string{"a"}}
			c := core.Context{Now: time.Date(2026, 11, 23, 1, 0, 0, 0, time.UTC), Staff: team{}}
			s := core.New("test", "k1")
			core.Step(p, s, core.Start{Starter: &who}, c)
			for {
				slot := open(s)
				if core.StepOf(p, s, actOf(s, slot)).ID == "last" {
					break
				}
				if out := core.Step(p, s, core.Complete{Actor: who, Slot: slot}, c); out.Rejection != nil {
					b.Fatal(out.Rejection)
				}
			}
			n := 0
			b.ReportAllocs()
			for b.Loop() {
				n = len(core.ReturnTargets(p, s, c, open(s), who))
			}
			b.ReportMetric(float64(n), "targets")
		})
	}
}

func actOf(s *core.State, slot core.ID) core.ID {
	for _, a := range s.Acts {
		for _, x := range a.Slots {
			if x.ID == slot {
				return a.ID
			}
		}
	}
	return 0
}

// open finds the one open task.
func open(s *core.State) core.ID {
	for _, a := range s.Acts {
		for _, slot := range a.Slots {
			return slot.ID
		}
	}
	return 0
}
