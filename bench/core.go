package main

import (
	"fmt"
	"runtime"
	"slices"
	"time"

	"github.com/guicheng/guicheng/definitions"
	"github.com/guicheng/guicheng/definitions/value"
	"github.com/guicheng/guicheng/engine/core"
	"github.com/guicheng/guicheng/staff"
	"github.com/guicheng/guicheng/store"
)

// coreProcedure has in its middle step what an ordinary step has: a form, a guard, a timer, the next task.
const coreProcedure = `procedure: p
title: 試
number: 'T{yyyy}-{n:3}'
manager: desk
data:
  name: {title: 名, type: text}
  size: {title: 數, type: count}
  note: {title: 註, type: note}
start: {by: desk, form: [name]}
ends: {big: 大, small: 小}
steps:
  - {step: one, title: 一, task: {by: desk, form: [size]}}
  - step: two
    title: 二
    task: {by: desk, show: [name, size], form: [note], answers: {approved: 准, rejected: 駁}}
    timeouts: {after: minutes(30), to: three}
    then:
      approved: [{when: size > 10, to: three}, {to: big}]
      rejected: small
  - {step: three, title: 三, task: {by: desk}, then: big}
`

// coreShare is what the pure core takes of a step.
type coreShare struct {
	Step   spread  `json:"step_us"`
	Allocs float64 `json:"step_allocs"`
	CEL    spread  `json:"cel_us"`
	Encode spread  `json:"encode_us"`
}

// celPart is the part of a step that is CEL's, in percent.
func (c *coreShare) celPart() float64 { return 100 * c.CEL.Median / c.Step.Median }

func measureCore() (coreShare, error) {
	bundle, problems := definitions.Compile([]definitions.File{
		{Name: "office.yaml", Text: []byte(office)}, {Name: "p.yaml", Text: []byte(coreProcedure)},
	})
	if bundle == nil {
		return coreShare{}, fmt.Errorf("the core's procedure: %v", problems)
	}
	p := bundle.Procedures[0]
	who := value.Person{ID: "chan", Name: "陳", Posts: []string{"desk"}}
	people := []store.PersonRow{{ID: "chan", Name: "陳", Posts: []string{"desk"}}}
	c := core.Context{Now: time.Date(2026, 11, 23, 1, 0, 0, 0, time.UTC),
		Staff: staff.NewRoster(bundle.Office, people)}
	s := core.New("bench", "k1")
	for _, in := range []core.Input{
		core.Start{Starter: &who, Values: value.Record{"name": "x"}},
		core.Complete{Actor: who, Slot: 2, Values: value.Record{"size": int64(20)}},
	} {
		if x, ok := in.(core.Complete); ok {
			x.Slot = openSlot(s)
			in = x
		}
		if out := core.Step(p, s, in, c); out.Rejection != nil {
			return coreShare{}, fmt.Errorf("the core's case: %s", out.Rejection.Code)
		}
	}
	in := core.Complete{Actor: who, Slot: openSlot(s), Answer: "approved", Values: value.Record{"note": "y"}}
	if out := core.Step(p, s.Clone(), in, c); out.Rejection != nil {
		return coreShare{}, fmt.Errorf("the core's step: %s", out.Rejection.Code)
	}
	guard, scope := p.Steps["two"].Ways[0].When, core.ScopeIn(p, s, c, 0)
	var share coreShare
	share.Step, share.Allocs = each(1, func() { core.Step(p, s.Clone(), in, c) })
	share.CEL, _ = each(100, func() { _, _ = guard.Eval(scope) })
	share.Encode, _ = each(1, func() { _, _ = core.EncodeState(p, s) })
	return share, nil
}

func openSlot(s *core.State) core.ID {
	for _, a := range s.Acts {
		for _, slot := range a.Slots {
			return slot.ID
		}
	}
	return 0
}

// each times f again and again: the spread of the medians of rounds, in microseconds, and the allocations. What is
// quicker than the clock can tell is done several times between two looks at it.
func each(times int, f func()) (spread, float64) {
	const rounds, calls = 9, 4000
	medians, took := make([]float64, rounds), make([]time.Duration, calls)
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	for r := range medians {
		for i := range took {
			began := time.Now()
			for range times {
				f()
			}
			took[i] = time.Since(began)
		}
		slices.Sort(took)
		medians[r] = float64(took[calls/2].Nanoseconds()) / float64(times) / 1e3
	}
	runtime.ReadMemStats(&after)
	return spreadOf(medians), float64(after.Mallocs-before.Mallocs) / float64(rounds*calls*times)
}
