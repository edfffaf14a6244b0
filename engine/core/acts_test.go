package core_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/guicheng/guicheng/definitions"
	"github.com/guicheng/guicheng/definitions/formula"
	"github.com/guicheng/guicheng/definitions/value"
	"github.com/guicheng/guicheng/engine/core"
	"github.com/guicheng/guicheng/internal/golden"
)

// TestActs runs testdata/acts/*.txt: for each act that people of an office do on a task or a case, what it means where
// it meets the others. The files are stories, as of TestStories.
func TestActs(t *testing.T) {
	t.Parallel()
	golden.Each(t, "testdata/acts/*.txt", play)
}

// actOnTask plays `begin TASK`, `draft TASK`, `transfer TASK PERSON [keep] [office]`, `delegate TASK PERSON`,
// `add before|after|beside TASK WHO,WHO [MODE]`, `remove TASK [office]`; and shows: `may TASK` what a person may do
// with it, `may` with the whole case, `may office` as its manager; `signers STEP` all who sign, `inbox` the tasks as
// the effects have put them.
func (s *story) actOnTask(t *testing.T, who value.Person, verb, arg string) (string, bool) {
	t.Helper()
	args := append(strings.Fields(arg), "", "", "", "")
	office := slices.Contains(args, "office")
	switch verb {
	case "begin":
		return s.step(t, core.StartWork{Actor: who, Slot: s.slot(arg)}), true
	case "draft":
		return s.step(t, core.SaveDraft{Actor: who, Slot: s.slot(arg), Draft: []byte("{}")}), true
	case "transfer":
		to, _ := team{}.Person(args[1])
		return s.step(t, core.Transfer{
			Actor: who, Slot: s.slot(args[0]), To: to, Keep: slices.Contains(args, "keep"), Office: office,
		}), true
	case "delegate":
		to, _ := team{}.Person(args[1])
		return s.step(t, core.Delegate{Actor: who, Slot: s.slot(args[0]), To: to}), true
	case "add":
		mode := definitions.Mode{}
		if args[3] != "" {
			var err error
			if mode, err = definitions.ParseMode(args[3]); err != nil {
				t.Fatal(err)
			}
		}
		return s.step(t, core.AddSigners{
			Actor: who, Slot: s.slot(args[1]), Kind: core.SlotKind(args[0]), Signers: signers(args[2]), Mode: mode,
		}), true
	case "remove":
		return s.step(t, core.RemoveSigner{Actor: who, Slot: s.slot(args[0]), Office: office}), true
	case "may":
		if arg == "" || arg == "office" {
			return s.mayOnCase(who, office), true
		}
		return s.may(who, s.slot(args[0]), office), true
	case "signers":
		return s.signers(arg), true
	case "inbox":
		return s.inbox(), true
	}
	return "", false
}

func signers(list string) []core.Signer {
	var out []core.Signer
	for name := range strings.SplitSeq(list, ",") {
		if p, ok := (team{}).Person(name); ok {
			out = append(out, core.Signer{Person: &p})
		} else {
			out = append(out, core.Signer{Post: name})
		}
	}
	return out
}

// slotOf finds the slot of a step that is a person's or a post's.
func (s *story) slotOf(step, who string) core.ID {
	for _, a := range s.s.Acts {
		if a.Step != step || a.State != core.Open {
			continue
		}
		for _, slot := range a.Slots {
			if !slot.State.Ended() && (slot.Worker() == who || slot.Holder != nil && slot.Holder.ID == who ||
				people(slot.Candidates) == who) {
				return slot.ID
			}
		}
	}
	return -1
}

func (s *story) may(who value.Person, slot core.ID, office bool) string {
	c := core.Context{Now: s.now, Staff: team{}, Series: s.series, For: s.standsFor}
	return acts(core.TaskActs(s.p, s.s, c, slot, who, office))
}

func acts(list []core.Possible) string {
	var out strings.Builder
	for _, p := range list {
		why := "yes"
		if p.Why != nil {
			why = string(p.Why.Code)
		}
		fmt.Fprintf(&out, "%s: %s\n", p.Act, why)
	}
	return out.String()
}

// mayOnCase shows what a person may do with the whole case.
func (s *story) mayOnCase(who value.Person, manages bool) string {
	c := core.Context{Now: s.now, Staff: team{}, Series: s.series, For: s.standsFor}
	return acts(core.ActsOnWhole(s.p, s.s, c, who, core.Rights{Manages: manages}))
}

// signers shows the tree of those who sign.
func (s *story) signers(step string) string {
	var out strings.Builder
	for _, a := range s.s.Acts {
		if a.Step != step || a.State != core.Open {
			continue
		}
		depth := map[core.ID]int{0: -1}
		for _, slot := range a.Slots {
			depth[slot.ID] = depth[slot.Parent] + 1
			line := fmt.Sprintf("%s%s %s", strings.Repeat("  ", depth[slot.ID]), people(slot.Candidates), slot.State)
			if slot.Kind != "" {
				line += " " + string(slot.Kind)
			}
			if slot.Holder != nil {
				line += " by " + slot.Holder.ID
			}
			if slot.Given != nil {
				line += " given to " + slot.Given.ID
			}
			if slot.Weight != nil {
				line += " weight " + slot.Weight.RatString()
			}
			if slot.Proposed != nil {
				line += fmt.Sprintf(" proposed %s by %s", slot.Proposed.Answer, slot.Proposed.By.ID)
			}
			out.WriteString(strings.TrimRight(line+" "+slot.Answer, " ") + "\n")
		}
	}
	return out.String()
}

// inbox shows the tasks as rows.
func (s *story) inbox() string {
	var out strings.Builder
	for _, id := range slices.Sorted(maps.Keys(s.tasks)) {
		task := s.tasks[id]
		line := fmt.Sprintf("%s to %s", task.Step, people(task.Candidates))
		switch {
		case task.Waiting:
			line = fmt.Sprintf("%s later to %s", task.Step, task.Holder)
		case task.Holder != "":
			line += " held by " + task.Holder
		}
		if task.Held {
			line += ", for when others have done theirs"
		}
		if task.Priority != 0 {
			line += fmt.Sprintf(" priority %d", task.Priority)
		}
		out.WriteString(line + "\n")
	}
	return out.String()
}

func (s *story) keepTask(e core.Effect) {
	switch e := e.(type) {
	case core.PutTask:
		s.tasks[e.Slot] = e
	case core.DropTask:
		delete(s.tasks, e.Slot)
	default:
	}
}

// holdTasks tests that the tasks which the effects have put are those of the state.
func (s *story) holdTasks(t *testing.T) {
	t.Helper()
	found := 0
	for _, a := range s.s.Acts {
		for _, slot := range a.Slots {
			waits := slot.State == core.SlotWaiting && len(slot.Candidates) == 1 && slot.Candidates[0].Person != ""
			if a.State != core.Open && a.State != core.Parked ||
				!slot.State.Open() && slot.State != core.SlotHeld && !waits {
				continue
			}
			found++
			task, ok := s.tasks[slot.ID]
			if task.Waiting != waits {
				t.Fatalf("the effects have put %+v, the state has %+v", task, slot)
			}
			if a.State == core.Parked { // it is there, and in nobody's inbox
				if !ok || task.Held == (task.Holder == "") || len(task.Candidates) > 0 {
					t.Fatalf("the effects have put %+v, which is parked", task)
				}
				continue
			}
			if waits {
				if task.Holder != slot.Candidates[0].Person || len(task.Candidates) > 0 {
					t.Fatalf("the effects have put %+v, whose turn has not come", task)
				}
				continue
			}
			if !ok || task.Holder != slot.Worker() || !slices.Equal(task.Candidates, slot.Candidates) ||
				task.Held != (slot.State == core.SlotHeld) {
				t.Fatalf("the effects have put %+v, the state has %+v", task, slot)
			}
			if clock, _ := core.ClockOf(s.p, s.s, a); !clock.Due.Equal(task.Due) || !clock.Until.Equal(task.Until) {
				t.Fatalf("the effects have put a task with the clock %+v, the state has %+v", task.Clock, clock)
			}
		}
	}
	if found != len(s.tasks) {
		t.Fatalf("the effects have left %d tasks, the state has %d", len(s.tasks), found)
	}
}

// tellTask says what happened to a task.
func (s *story) tellTask(e core.Event) string {
	switch e := e.(type) {
	case core.Offered:
		return fmt.Sprintf("%s %s to %s\n", s.name(e.Act), e.Why, people(e.Candidates))
	case core.Claimed:
		return fmt.Sprintf("%s claimed by %s%s\n", s.name(e.Act), e.Person.ID, inStead(e.For))
	case core.Began:
		return fmt.Sprintf("%s begun by %s%s\n", s.name(e.Act), e.Person.ID, inStead(e.For))
	case core.Released:
		return s.name(e.Act) + " released" + inStead(e.For) + "\n"
	case core.Answered:
		line := strings.TrimSpace(fmt.Sprintf("%s answered by %s%s %s", s.name(e.Act), e.Person.ID, inStead(e.For), e.Answer))
		if e.Again {
			line += " as before"
		}
		return line + "\n"
	case core.Skipped:
		return fmt.Sprintf("%s skipped %s: %s\n", s.name(e.Act), people(e.Who), e.Why)
	case core.Transferred:
		return fmt.Sprintf("%s transferred to %s by %s\n", s.name(e.Act), e.To.ID, e.By.ID)
	case core.Delegated:
		return fmt.Sprintf("%s delegated to %s by %s\n", s.name(e.Act), e.To.ID, e.By.ID)
	case core.GaveBack:
		line := fmt.Sprintf("%s given back by %s%s", s.name(e.Act), e.By.ID, inStead(e.For))
		if e.Done {
			line += " done " + e.Answer
		}
		return strings.TrimSpace(line) + "\n"
	case core.SignersAdded:
		var who []formula.Candidate
		for _, n := range e.Signers {
			who = append(who, n.Who)
		}
		line := fmt.Sprintf("%s %s asks %s %s %s", s.name(e.Act), e.By.ID, people(who), e.Place, e.Mode)
		return strings.TrimSpace(line) + "\n"
	case core.SignersOut:
		if e.By.ID == "" {
			return fmt.Sprintf("%s %d signers not needed\n", s.name(e.Act), len(e.Slots))
		}
		return fmt.Sprintf("%s %d signers removed by %s\n", s.name(e.Act), len(e.Slots), e.By.ID)
	case core.Resumed:
		return s.name(e.Act) + " resumed\n"
	}
	return ""
}

func inStead(of *value.Person) string {
	if of == nil {
		return ""
	}
	return " for " + of.ID
}
