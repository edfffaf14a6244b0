package core_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/guicheng/guicheng/definitions"
	"github.com/guicheng/guicheng/definitions/report"
	"github.com/guicheng/guicheng/definitions/value"
	"github.com/guicheng/guicheng/engine/core"
)

// departed is the team without those who have left.
type departed struct {
	team
	gone []string
}

func (d departed) Everyone() []value.Person {
	return slices.DeleteFunc(team{}.Everyone(), func(p value.Person) bool { return slices.Contains(d.gone, p.ID) })
}

func (d departed) Person(id string) (value.Person, bool) {
	p, ok := team{}.Person(id)
	return p, ok && !slices.Contains(d.gone, id)
}

func (d departed) Holders(post string) []value.Person {
	return slices.DeleteFunc(d.Everyone(), func(p value.Person) bool { return !slices.Contains(p.Posts, post) })
}

func (d departed) Superiors(person string) []value.Person {
	return slices.DeleteFunc(team{}.Superiors(person), func(p value.Person) bool { return slices.Contains(d.gone, p.ID) })
}

// emptied is a way in which a task comes to be nobody's: who is asked, and who has left by then.
type emptied struct {
	name string
	task string // what is said of the task
	gone []string
}

func waysToNobody() []emptied {
	return []emptied{
		{name: "a post without holders", task: `by: nowhere`},
		{name: "a post whose holders have left", task: `by: c`, gone: []string{"c1", "c2"}},
		{name: "a formula that gives nobody", task: `by: '=filter(everyone(), .name == "zeno")'`},
		{name: "a person in the data who has left", task: `by: '=who'`, gone: []string{"c1"}},
		{name: "who did the step before, and has left", task: `by: '=done_by("first")'`, gone: []string{"b1"}},
		{name: "no superior", task: `by: '=superiors(case.starter)'`, gone: []string{"boss1"}},
		{name: "duties that are kept apart", task: `by: x, allow: "actor.id != 'xy'"`},
		{name: "the starter alone", task: `by: boss, self: superior`},
	}
}

// placesToNobody are where such a task stands; TASK is what is said of it.
var placesToNobody = map[string]string{
	"alone":              `  - {step: do, title: 辦, task: {TASK}, then: close}`,
	"one of the signers": `  - {step: do, title: 簽, task: {TASK, sign: all}, then: {approved: close, rejected: close}}`,
	"row":                `  - {step: do, title: 逐, for_each: {in: rows}, task: {TASK}, then: close}`,
	"block":              `  - {step: part, title: 段, steps: [{step: do, title: 辦, task: {TASK}}], then: close}`,
}

const nobodyYAML = `procedure: t
title: 試
manager: boss
data:
  who:  {title: 誰, type: person}
  rows: {title: 列, each: row, rows: {n: {title: 數, type: count}}}
start: {by: [boss, a], form: [who, rows.n]}
steps:
  - {step: first, title: 先, task: {by: b}}
DO
  - {step: close, title: 完, task: {by: a}}
`

// What nobody is there to do has the outcome that the task declares, whatever it is that leaves it to nobody and
// wherever it stands. An offer that reaches nobody is never made.
func TestNothingIsSilentlyNobodys(t *testing.T) {
	t.Parallel()
	for _, way := range waysToNobody() {
		for place, text := range placesToNobody {
			for policy, want := range map[string]string{
				"": "stuck", "nobody: incident": "stuck", "nobody: skip": "skipped", "nobody: {post: b}": "to b",
				"nobody: {post: nowhere}": "stuck",
			} {
				t.Run(strings.Join([]string{way.name, place, policy}, ", "), func(t *testing.T) {
					t.Parallel()
					said := way.task
					if policy != "" {
						said += ", " + policy
					}
					do := strings.Replace(text, "TASK", said, 1)
					if got := nobodyIn(t, way, do, false); got != want {
						t.Errorf("it is %s, and was to be %s", got, want)
					}
					if got := nobodyIn(t, way, do, true); got != want && !strings.Contains(said, "self") {
						t.Errorf("in a called case it is %s, and was to be %s", got, want)
					}
				})
			}
		}
	}
}

// nobodyIn plays a case up to the task, and says what became of it.
func nobodyIn(t *testing.T, way emptied, do string, called bool) string {
	t.Helper()
	source := strings.Replace(nobodyYAML, "DO", do, 1)
	bundle, problems := definitions.Compile([]definitions.File{
		{Name: "office.yaml", Text: []byte(office)}, {Name: "p.yaml", Text: []byte(source)},
	})
	for _, p := range problems {
		if p.Severity == report.Error {
			t.Fatalf("%d:%d %s: %s", p.Line, p.Column, p.Code, p.Message)
		}
	}
	p, s := bundle.Procedures[0], core.New("test", "k1")
	c := core.Context{Now: time.Date(2026, 11, 23, 1, 0, 0, 0, time.UTC), Staff: departed{}}
	filled := json.RawMessage(`{"rows": [{"n": 1}]}`)
	rows, faults := value.DecodeRecord(core.FormFields(p, p.Starts[0].Form), filled, p.Office.Zone, nil)
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	rows["who"], _ = team{}.Person("c1")
	boss, _ := team{}.Person("boss1")
	if strings.Contains(way.task, "superiors") {
		boss, _ = team{}.Person("a1")
	}
	step := func(in core.Input) []core.Event {
		out := core.Step(p, s, in, c)
		if out.Rejection != nil {
			t.Fatal(out.Rejection)
		}
		return out.Events
	}
	start := core.Start{Starter: &boss, Values: rows}
	if called {
		start.Starter, start.Parent = nil, &core.Parent{Case: "k0", Act: 1}
	}
	step(start)
	b1, _ := team{}.Person("b1")
	c.Staff = departed{gone: way.gone}
	return whatBecame(p, s, c, step(core.Complete{Actor: b1, Slot: slotOfStep(s, "first")}))
}

func slotOfStep(s *core.State, step string) core.ID {
	for _, a := range s.Acts {
		if a.Step == step && len(a.Slots) > 0 {
			return a.Slots[0].ID
		}
	}
	return 0
}

// whatBecame says in a word what became of the task `do`: stuck, skipped, or to whom it goes.
func whatBecame(p *definitions.Procedure, s *core.State, c core.Context, events []core.Event) string {
	for _, e := range events {
		switch e := e.(type) {
		case core.Stuck:
			if e.Incident.Code == "nobody" {
				return "stuck"
			}
			return e.Incident.Code
		case core.Skipped:
			return "skipped"
		case core.Offered:
			if !core.Attended(p, s, c, e.Slot) {
				return fmt.Sprintf("silently offered to %v", e.Candidates)
			}
			return "to " + people(e.Candidates)
		}
	}
	return "nowhere"
}
