package core_test

import (
	"fmt"
	"time"

	"github.com/guicheng/guicheng/definitions"
	"github.com/guicheng/guicheng/definitions/value"
	"github.com/guicheng/guicheng/engine/core"
)

// The engine is a function: a case, one input and the present in; events and effects out.
func ExampleStep() {
	bundle, _ := definitions.Compile([]definitions.File{
		{Name: "office.yaml", Text: []byte(office)},
		{Name: "p.yaml", Text: []byte(`procedure: visit
title: 來訪
number: 'LF{yyyy}{mm}{dd}-{n:3}'
manager: boss
start: {by: a}
steps: [{step: admit, title: 放行, task: {by: a}}]
`)},
	})
	p := bundle.Procedures[0]
	now := core.Context{Now: time.Date(2026, 11, 24, 1, 0, 0, 0, time.UTC), Staff: team{}}
	guard := value.Person{ID: "he", Name: "何志強", Posts: []string{"a"}}

	state := core.New("gate", "case-1")
	out := core.Step(p, state, core.Start{Starter: &guard}, now)
	fmt.Println(state.Number, state.Status, len(out.Effects), "effects")

	out = core.Step(p, state, core.Complete{Actor: guard, Slot: 99}, now)
	fmt.Println("refused:", out.Rejection)

	core.Step(p, state, core.Complete{Actor: guard, Slot: state.Acts[1].Slots[0].ID}, now)
	fmt.Println(state.Status, state.Outcome)
	// Output:
	// LF20261124-001 running 2 effects
	// refused: not-open
	// finished done
}
