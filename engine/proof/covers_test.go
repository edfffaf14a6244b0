package proof_test

import (
	"fmt"
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"

	"github.com/guicheng/guicheng/definitions"
	"github.com/guicheng/guicheng/definitions/formula"
	"github.com/guicheng/guicheng/definitions/report"
	"github.com/guicheng/guicheng/definitions/value"
	"github.com/guicheng/guicheng/engine/core"
	"github.com/guicheng/guicheng/engine/proof"
)

// oneClerk is an office of one person.
type oneClerk struct{}

func (oneClerk) Everyone() []value.Person             { return []value.Person{clerk} }
func (oneClerk) Holders(string) []value.Person        { return []value.Person{clerk} }
func (oneClerk) InUnit(string, string) []value.Person { return nil }
func (oneClerk) Units() []value.Unit                  { return nil }
func (oneClerk) Heads(string) []value.Person          { return nil }
func (oneClerk) Superiors(string) []value.Person      { return nil }
func (oneClerk) Able(string) []value.Person           { return nil }

var _ formula.Staff = oneClerk{}

// proved compiles a procedure and proves it; nil if it is refused.
func proved(source string, version int) *definitions.Procedure {
	bundle, problems := proof.Check([]definitions.File{
		{Name: "it.yaml", Text: []byte(source)}, {Name: "office.yaml", Text: []byte(office)},
	})
	if report.Failed(problems) {
		return nil
	}
	bundle.Procedures[0].Version = version
	return bundle.Procedures[0]
}

var aim = regexp.MustCompile(`\b(s\d|stop|good|bad)\b`)

// changed is another version of a procedure: some arrows lead elsewhere, joins and steps come and go.
func changed(r *rand.Rand, source string) string {
	lines := strings.Split(strings.TrimSuffix(source, "\n"), "\n")
	head := 0
	for !strings.HasPrefix(lines[head], "steps:") {
		head++
	}
	head++
	for range 1 + r.IntN(2) {
		i := head + r.IntN(len(lines)-head)
		switch r.IntN(4) {
		case 0: // a way leads elsewhere
			name, rest, _ := strings.Cut(lines[i], ", ")
			lines[i] = name + ", " + aim.ReplaceAllStringFunc(rest, func(to string) string {
				if r.IntN(2) == 0 {
					return to
				}
				return []string{"good", "s1", "s2", "s3", "stop"}[r.IntN(5)]
			})
		case 1: // a step comes between
			id := fmt.Sprintf("s%d", 8+r.IntN(2))
			if strings.Contains(strings.Join(lines, "\n"), "step: "+id+",") {
				continue
			}
			name, rest, _ := strings.Cut(lines[i], ", ")
			to := aim.FindString(rest)
			if to == "" || to == "stop" {
				continue
			}
			lines[i] = name + ", " + strings.Replace(rest, to, id, 1)
			lines = append(lines, "  - {step: "+id+", title: S, task: {by: desk}, then: "+to+"}")
		case 2: // another join
			lines[i] = regexp.MustCompile(`, join: (\w+|\{.*?\})`).ReplaceAllString(lines[i], "")
			lines[i] = strings.TrimSuffix(lines[i], "}") +
				[]string{"", ", join: all", ", join: active", ", join: each", ", join: first"}[r.IntN(5)] + "}"
		default: // a step is gone
			gone := regexp.MustCompile(`step: (s\d)`).FindStringSubmatch(lines[i])[1]
			if i == head {
				continue
			}
			lines = append(lines[:i:i], lines[i+1:]...)
			for j := head; j < len(lines); j++ {
				lines[j] = regexp.MustCompile(`\b`+gone+`\b`).ReplaceAllString(lines[j], "good")
			}
		}
	}
	return strings.Join(lines, "\n") + "\n"
}

// walk answers open tasks at random, at most so many; it tells whether the case has ended, or is stuck.
func walk(t *testing.T, r *rand.Rand, p *definitions.Procedure, s *core.State, most int) (ended, stuck bool) {
	t.Helper()
	for range most {
		if s.Status != core.Running {
			return true, false
		}
		var slots []core.ID
		var steps []*definitions.Step
		for _, a := range s.Acts {
			for _, slot := range a.Slots {
				if a.State == core.Open && slot.State.Open() {
					slots, steps = append(slots, slot.ID), append(steps, core.StepOf(p, s, a.ID))
				}
			}
		}
		if len(slots) == 0 {
			return false, true
		}
		i := r.IntN(len(slots))
		answer := ""
		if o := steps[i].Outcomes; len(o) > 0 {
			answer = o[r.IntN(len(o))].ID
		}
		out := core.Step(p, s, core.Complete{Actor: clerk, Slot: slots[i], Answer: answer}, now())
		if out.Rejection != nil {
			t.Fatalf("%v", out.Rejection)
		}
	}
	return s.Status != core.Running, false
}

func now() core.Context { return core.Context{Now: begin, Staff: oneClerk{}} }

// Every case that is let move to a version that was changed at random can still end by it, however it is played.
func TestCasesThatAreLetMoveCanEnd(t *testing.T) {
	t.Parallel()
	counts := map[string]int{}
	for seed := range uint64(*nets * 40) {
		r := rand.New(rand.NewPCG(seed, 5))
		source := madeUp(seed)
		old := proved(source, 1)
		if old == nil {
			continue
		}
		other := changed(r, source)
		to := proved(other, 2)
		if to == nil || other == source {
			counts["versions refused"]++
			continue
		}
		cover := proof.NewCover(to)
		for range 6 {
			s := core.New("small", "c")
			core.Step(old, s, core.Start{Starter: &clerk}, now())
			if ended, _ := walk(t, r, old, s, r.IntN(6)); ended {
				continue
			}
			move := core.Migrate{To: to, Actor: clerk, Migration: "m"}
			there, obstacles := core.Movable(old, s, move, now())
			if len(obstacles) == 0 {
				if o := cover.Covers(there); o != nil {
					obstacles = append(obstacles, *o)
				}
			}
			if len(obstacles) > 0 {
				counts[string(obstacles[0].Code)]++
				continue
			}
			counts["moved"]++
			if out := core.Step(old, s, move, now()); out.Rejection != nil {
				t.Fatalf("refused: %v", out.Rejection)
			}
			for try := range 8 {
				c := s.Clone()
				ended, stuck := walk(t, rand.New(rand.NewPCG(seed, uint64(try))), to, c, 200)
				if stuck {
					t.Fatalf("seed %d: a case that was moved is stuck\n%s\n%s\n%+v", seed, source, other, c.Tokens)
				}
				if ended {
					counts["ended"]++
				}
			}
		}
	}
	t.Logf("%v", counts)
	if counts["moved"] < 100 || counts["join-other"] == 0 || counts["step-gone"] == 0 {
		t.Errorf("too little was tried: %v", counts)
	}
}
