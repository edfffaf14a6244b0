package core_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/guicheng/guicheng/definitions/value"
	"github.com/guicheng/guicheng/engine/core"
)

// back reads an act on the case: `return STEP to STEP [straight]`, `recall STEP`, `revoke`, `jump STEP STEP … to STEP`,
// `suspend`, `resume`, `skip STEP [answer ANSWER] [to STEP] [JSON]`; `try` before it only asks what would come of it.
// Another line gives nil.
func (s *story) back(t *testing.T, who value.Person, line string) core.Input {
	t.Helper()
	line, dry := strings.CutPrefix(line, "try ")
	words := strings.Fields(line)
	switch words[0] {
	case "return":
		return core.Return{
			Actor: who, Slot: s.slot(words[1]), To: words[3], Straight: strings.HasSuffix(line, " straight"), Dry: dry,
		}
	case "recall":
		return core.Recall{Actor: who, Slot: s.doneSlot(words[1]), Dry: dry}
	case "revoke":
		return core.Revoke{Actor: who, Dry: dry}
	case "jump":
		in := core.Jump{Actor: who, To: words[len(words)-1], Dry: dry}
		for _, step := range words[1 : len(words)-2] {
			in.Acts = append(in.Acts, s.act(step))
		}
		return in
	case "suspend":
		return core.Suspend{Actor: who}
	case "resume":
		return core.Resume{Actor: who}
	case "migrate":
		in := core.Migrate{To: s.versions[1], Actor: who, Migration: "m1"}
		if s.p == s.versions[1] {
			in.To, in.Back = s.versions[0], true
		}
		return in
	case "skip":
		return s.skip(t, who, words[1:])
	}
	return nil
}

func (s *story) skip(t *testing.T, who value.Person, words []string) core.Input {
	t.Helper()
	in := core.Skip{Actor: who, Act: s.act(words[0])}
	for i := 1; i < len(words); i++ {
		switch words[i] {
		case "answer":
			i++
			in.Answer = words[i]
		case "to":
			i++
			in.To = words[i]
		default:
			rec, faults := value.DecodeRecord(s.p.Data.Fields, json.RawMessage(words[i]), s.p.Office.Zone, nil)
			if len(faults) > 0 {
				t.Fatalf("%s: %+v", words[i], faults)
			}
			in.Values = rec
		}
	}
	return in
}

// doneSlot is the task by which a step was done last, or a run of it: step#id.
func (s *story) doneSlot(step string) core.ID {
	for _, e := range slices.Backward(s.events) {
		if a, ok := e.(core.Answered); ok && strings.HasPrefix(s.name(a.Act)+"#", step+"#") {
			return a.Slot
		}
	}
	return -1
}

// tellBack says in one line what an act on the case did.
func (s *story) tellBack(e core.Event) string {
	switch e := e.(type) {
	case core.SentBack:
		line := fmt.Sprintf("%s from %s to %s%s: %s\n", e.How, s.name(e.Act), e.To, inStead(e.For), s.names(e.Region))
		for _, t := range e.Tokens {
			line += fmt.Sprintf("restored %s>%s\n", t.Input, t.To)
		}
		return line
	case core.Suspension:
		return "case suspended\n"
	case core.Resumption:
		return fmt.Sprintf("case resumed, clocks later by %s\n", e.Shift)
	case core.Forced:
		return strings.TrimSpace(fmt.Sprintf("%s forced %s", s.name(e.Act), e.Answer)) + "\n"
	case core.Superseded:
		return fmt.Sprintf("superseded %s %s/%d\n", e.Document, e.Number, e.Edition)
	case core.Detoured:
		return fmt.Sprintf("%s parked for %s%s\n", s.name(e.Act), e.To, inStead(e.For))
	case core.Rejoined:
		return s.name(e.Act) + " goes on\n"
	case core.Reopened:
		return fmt.Sprintf("frame #%d of %s open again\n", e.Frame, s.name(e.Act))
	}
	return s.tellTask(e)
}

func (s *story) names(ids []core.ID) string {
	var out []string
	for _, id := range ids {
		out = append(out, s.name(id))
	}
	return strings.Join(out, " ")
}

// tellPreview says what an act would come to.
func (s *story) tellPreview(p *core.Preview) string {
	var b strings.Builder
	list := func(what string, runs []core.Run) {
		for _, r := range runs {
			fmt.Fprintf(&b, "would be %s: %s%s\n", what, r.Step, row(r.Row))
		}
	}
	list("withdrawn", p.Withdrawn)
	list("parked", p.Parked)
	list("undone", p.Undone)
	for _, t := range p.Restored {
		fmt.Fprintf(&b, "would wait again: %s>%s\n", t.Input, t.To)
	}
	for _, x := range p.Superseded {
		fmt.Fprintf(&b, "would be superseded: %s %s/%d\n", x.Document, x.Number, x.Edition)
	}
	list("compensated", p.Compensated)
	for _, x := range p.Cancelled {
		fmt.Fprintf(&b, "would be cancelled: case %s\n", x)
	}
	for _, x := range p.Messages {
		fmt.Fprintf(&b, "would be waited for again: %s\n", x)
	}
	list("open", p.Opened)
	list("open later", p.Later)
	if p.Ends {
		b.WriteString("the case would end\n")
	}
	return b.String()
}
