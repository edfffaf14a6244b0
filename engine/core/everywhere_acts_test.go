package core_test

import (
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/guicheng/guicheng/definitions"
	"github.com/guicheng/guicheng/definitions/report"
	"github.com/guicheng/guicheng/definitions/value"
	"github.com/guicheng/guicheng/engine/core"
	"github.com/guicheng/guicheng/internal/golden"
)

// actSomewhere is an act, done when a step is open.
type actSomewhere struct {
	name  string
	at    string // the step that is open then
	only  string // kinds of the step `do` for which it means anything; "" = all that can be open
	input func(*walker) []core.Input
}

// actsOnCases are the acts that send a case elsewhere, stop it or end it; also where `do` has passed at once.
var actsOnCases = []actSomewhere{
	{"return to do", "after", "all", sendBack("after", "do", false)},
	{"return past do, to before", "after", "all", sendBack("after", "before", false)},
	{"return out of the place, to first", "after", "all", sendBack("after", "first", false)},
	{"return into the place, from close", "close", "all", sendBack("close", "do", false)},
	{"return to the place, from close", "close", "all", sendBack("close", "around", false)},
	{"return straight to do", "after", "all", sendBack("after", "do", true)},
	{"return straight to before", "after", "all", sendBack("after", "before", true)},
	{"recall before", "do", "", recallOf("before")},
	{"recall after, over the place's end", "close", "all", recallOf("after")},
	{"jump from do to after", "do", "", jumpOver("do", "after")},
	{"jump from before to do", "before", "all", jumpOver("before", "do")},
	{"jump back from do to before", "do", "", jumpOver("do", "before")},
	{"jump back from after to do", "after", "all", jumpOver("after", "do")},
	{"jump out of the place, to close", "do", "", jumpOver("do", "close")},
	{"jump out with all that is open", "do", "", func(w *walker) []core.Input {
		acts := []core.ID{w.open("do").ID}
		if beside := w.open("beside"); beside != nil {
			acts = append(acts, beside.ID)
		}
		return dryToo(core.Jump{Actor: *someone("boss1"), Acts: acts, To: "close", Reason: "?"})
	}},
	{"jump into the place, from first", "first", "all", jumpOver("first", "do")},
	{"jump to the place, from first", "first", "all", jumpOver("first", "around")},
	{"revoke", "do", "", func(w *walker) []core.Input { return dryToo(core.Revoke{Actor: w.s.Starter}) }},
	{"cancel", "do", "", func(*walker) []core.Input { return dryToo(core.Cancel{Actor: someone("boss1")}) }},
	{"suspend, go on, resume", "do", "", suspendAndResume},
	{"skip do", "do", "", skipOf("do")},
	{"withdraw do, by an event", "do", "", func(*walker) []core.Input {
		return dryToo(core.Deliver{ID: "h", Name: "halt", Sender: someone("b1")})
	}},
	{"urge", "do", "", func(*walker) []core.Input { return []core.Input{core.Urge{Actor: *someone("a1"), Text: "?"}} }},
	{"copy", "do", "", func(*walker) []core.Input {
		return []core.Input{core.CopyCase{Actor: *someone("a1"), To: []value.Person{*someone("c2")}}}
	}},
	{"add a row", "do", "for_each", func(w *walker) []core.Input {
		return []core.Input{core.AddRow{
			Actor: *someone("boss1"), Act: w.open("do").ID, Values: value.Record{"other": value.Record{"name": "r"}},
		}}
	}},
	{"end the rows early", "do", "for_each", func(w *walker) []core.Input {
		return dryToo(core.FinishRows{Actor: *someone("boss1"), Act: w.open("do").ID})
	}},
}

// actsOnTasks are the acts on a task of b.
var actsOnTasks = []actSomewhere{
	{"take, give back", "do", "tasks", func(w *walker) []core.Input {
		return []core.Input{core.Claim{Actor: *someone("b1"), Slot: w.slot("do")},
			core.Release{Actor: *someone("b1"), Slot: w.slot("do")}}
	}},
	{"start, keep a draft", "do", "tasks", func(w *walker) []core.Input {
		return []core.Input{core.StartWork{Actor: *someone("b1"), Slot: w.slot("do")},
			core.SaveDraft{Actor: *someone("b1"), Slot: w.slot("do"), Draft: []byte("{}")}}
	}},
	{"transfer", "do", "tasks", func(w *walker) []core.Input {
		return []core.Input{core.Claim{Actor: *someone("b1"), Slot: w.slot("do")},
			core.Transfer{Actor: *someone("b1"), Slot: w.slot("do"), To: *someone("c1")},
			core.Complete{Actor: *someone("b1"), Slot: w.slot("do"), Answer: w.answer("do", 0)}}
	}},
	{"hand over all of b1's", "do", "tasks", func(w *walker) []core.Input {
		return []core.Input{core.Claim{Actor: *someone("b1"), Slot: w.slot("do")},
			core.HandOver{Actor: *someone("boss1"), From: *someone("b1"), To: *someone("b2")},
			core.Complete{Actor: *someone("b1"), Slot: w.slot("do"), Answer: w.answer("do", 0)}}
	}},
	{"transfer, by the office", "do", "tasks", func(w *walker) []core.Input {
		return []core.Input{core.Claim{Actor: *someone("b1"), Slot: w.slot("do")},
			core.Transfer{Actor: *someone("boss1"), Slot: w.slot("do"), To: *someone("b2"), Keep: true, Office: true}}
	}},
	{"delegate, give back, decide", "do", "tasks", func(w *walker) []core.Input {
		return []core.Input{core.Claim{Actor: *someone("b1"), Slot: w.slot("do")},
			core.Delegate{Actor: *someone("b1"), Slot: w.slot("do"), To: *someone("c1")},
			core.Complete{Actor: *someone("c1"), Slot: w.slot("do"), Answer: w.answer("do", 0)},
			core.Complete{Actor: *someone("b1"), Slot: w.slot("do"), Answer: w.answer("do", 0)}}
	}},
	{"substitute", "do", "tasks", func(w *walker) []core.Input {
		w.of = someone("b1")
		return []core.Input{core.Complete{Actor: *someone("x1"), Slot: w.slot("do"), Answer: w.answer("do", 0)}}
	}},
	{"add a signer before", "do", "tasks", addOf(core.AddBefore)},
	{"add a signer after", "do", "tasks", addOf(core.AddAfter)},
	{"add a signer beside", "do", "tasks", addOf(core.AddBeside)},
	{"remove a signer", "do", "tasks", func(w *walker) []core.Input {
		last := w.open("do").Slots
		return []core.Input{core.StartWork{Actor: *someone("b1"), Slot: w.slot("do")},
			core.RemoveSigner{Actor: *someone("b1"), Slot: last[len(last)-1].ID}}
	}},
	{"reject", "do", "tasks", func(w *walker) []core.Input {
		return []core.Input{core.Complete{Actor: *someone("b1"), Slot: w.slot("do"), Answer: w.answer("do", 1)}}
	}},
}

func someone(id string) *value.Person {
	p, _ := team{}.Person(id)
	return &p
}

// dryToo asks first what would come of an act, and then does it.
func dryToo(in core.Input) []core.Input {
	switch wet := in.(type) {
	case core.Return:
		wet.Dry = true
		return []core.Input{wet, in}
	case core.Recall:
		wet.Dry = true
		return []core.Input{wet, in}
	case core.Revoke:
		wet.Dry = true
		return []core.Input{wet, in}
	case core.Jump:
		wet.Dry = true
		return []core.Input{wet, in}
	case core.Skip:
		wet.Dry = true
		return []core.Input{wet, in}
	case core.Cancel:
		wet.Dry = true
		return []core.Input{wet, in}
	case core.Deliver:
		wet.Dry = true
		return []core.Input{wet, in}
	case core.FinishRows:
		wet.Dry = true
		return []core.Input{wet, in}
	}
	return []core.Input{in}
}

func sendBack(from, to string, straight bool) func(*walker) []core.Input {
	return func(w *walker) []core.Input {
		return dryToo(core.Return{Actor: *someone("a1"), Slot: w.slot(from), To: to, Straight: straight})
	}
}

func recallOf(step string) func(*walker) []core.Input {
	return func(w *walker) []core.Input { return dryToo(core.Recall{Actor: *someone("a1"), Slot: w.lastOf[step]}) }
}

func jumpOver(from, to string) func(*walker) []core.Input {
	return func(w *walker) []core.Input {
		return dryToo(core.Jump{Actor: *someone("boss1"), Acts: []core.ID{w.open(from).ID}, To: to, Reason: "?"})
	}
}

func skipOf(step string) func(*walker) []core.Input {
	return func(w *walker) []core.Input {
		return dryToo(core.Skip{Actor: *someone("boss1"), Act: w.open(step).ID, Answer: w.answer(step, 0)})
	}
}

func suspendAndResume(w *walker) []core.Input {
	leaf := w.open("inner")
	if leaf == nil {
		leaf = w.open("do")
	}
	return []core.Input{core.Suspend{Actor: *someone("boss1")}, w.inputs(leaf)[0], core.Resume{Actor: *someone("boss1")}}
}

func addOf(kind core.SlotKind) func(*walker) []core.Input {
	return func(w *walker) []core.Input {
		return []core.Input{core.StartWork{Actor: *someone("b1"), Slot: w.slot("do")}, core.AddSigners{
			Actor: *someone("b1"), Slot: w.slot("do"), Kind: kind, Signers: []core.Signer{{Person: someone("c2")}},
		}}
	}
}

// TestActsEverywhere does each act to each kind of step in each place where a step may stand. What comes of it stands
// in testdata/everywhere, a file for each place; what an act does must be what its preview had said; and wherever it
// leaves the case, the case comes to its end.
func TestActsEverywhere(t *testing.T) {
	t.Parallel()
	for i, place := range placesOfSteps {
		t.Run(place.name, func(t *testing.T) {
			t.Parallel()
			var out strings.Builder
			for k := range kindsOfSteps {
				if strings.Contains(place.name, "row") && kindsOfSteps[k].name == "for_each" {
					out.WriteString("for_each\n  not inside rows: a procedure is called for each\n\n")
					continue
				}
				text := everywhereText(k, i)
				p := compileEverywhere(t, text)
				fmt.Fprintf(&out, "%s\n", kindsOfSteps[k].name)
				for _, act := range slices.Concat(actsOnCases, actsOnTasks) {
					whole := strings.Contains(act.name, "to the place")
					if act.fits(kindsOfSteps[k]) && (!whole || strings.Contains(place.yaml, "step: around")) {
						fmt.Fprintf(&out, "  %-34s %s\n", act.name, act.play(t, p, kindsOfSteps[k].name))
					}
				}
				out.WriteString("\n")
			}
			file := filepath.Join("testdata", "everywhere", strings.ReplaceAll(place.name, " ", "_")+".txt")
			golden.Check(t, file, out.String())
		})
	}
}

// fits tells whether an act can be tried on a kind of step.
func (x actSomewhere) fits(k kindOfStep) bool {
	switch x.only {
	case "":
		return !k.passes()
	case "all":
		return true
	case "tasks":
		return k.name == "task" || k.name == "signed"
	}
	return x.only == k.name
}

// TestEverywhereIsWhole finds in the source what kinds of steps and what inputs there are: none is left out.
func TestEverywhereIsWhole(t *testing.T) {
	t.Parallel()
	shown := map[string]bool{
		"Start": true, "Complete": true, "Deliver": true, "ChildEnded": true, "JobDone": true, // all plays go on by them
		"Comment": true,                    // a word on the record changes nothing: urge_copy_comment
		"Due":     true,                    // a clock's, not a person's: timeouts, timers
		"Retry":   true, "JobFailed": true, // of what has failed: retry_*, request_fails, job_fails
		"Migrate":      true, // migrate/
		"StaffChanged": true, // the office's: nobody_when_people_go
	}
	p := compileEverywhere(t, everywhereText(0, 0))
	for _, act := range slices.Concat(actsOnCases, actsOnTasks) {
		if act.only == "for_each" {
			shown["AddRow"], shown["FinishRows"] = true, true
			continue
		}
		w := newWalker(t, p)
		if at := act.at; at != "" && !w.reach(at) || strings.Contains(act.name, "to the place") {
			continue
		}
		for _, in := range act.input(w) {
			shown[strings.TrimPrefix(fmt.Sprintf("%T", in), "core.")] = true
		}
	}
	for _, k := range kindsOfSteps {
		shown[strings.TrimPrefix(fmt.Sprintf("%T", k.work), "*definitions.")] = true
	}
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	method := regexp.MustCompile(`(?m)^func \(\*?(\w+)\) (?:input|work)\(\)`)
	found := 0
	for _, file := range append(files, "../../definitions/procedure.go") {
		source, err := os.ReadFile(filepath.Clean(file))
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range method.FindAllStringSubmatch(string(source), -1) {
			if found++; !shown[m[1]] {
				t.Errorf("%s is nowhere in testdata/everywhere", m[1])
			}
		}
	}
	if found < 40 {
		t.Fatalf("found only %d", found)
	}
}

// play brings a case to where the act is done, does it, and lets the case go on to its end.
func (x actSomewhere) play(t *testing.T, p *definitions.Procedure, kind string) string {
	t.Helper()
	w := newWalker(t, p)
	if !w.reach(x.at) {
		t.Fatalf("%s: %s: %s is never open", kind, x.name, x.at)
	}
	var said []string
	would := ""
	for _, in := range x.input(w) {
		dry := isDry(in)
		came, _ := w.step(in)
		if dry {
			would = came
			continue
		}
		if would != "" && came != would {
			t.Errorf("%s: %s: the preview had said %q, and what came of it is %q", kind, x.name, would, came)
		}
		said = append(said, came)
	}
	w.of = nil
	if w.s.Status == core.Running && !w.reach("") {
		t.Errorf("%s: %s: the case does not come to its end", kind, x.name)
		said = append(said, "STUCK")
	}
	if w.s.Status == core.Finished {
		return strings.Join(said, " | ") + " -> " + w.s.Outcome
	}
	return strings.Join(said, " | ") + " -> " + string(w.s.Status)
}

// isDry tells whether an act is only tried out.
func isDry(in core.Input) bool {
	dry := reflect.ValueOf(in).FieldByName("Dry")
	return dry.IsValid() && dry.Bool()
}

func compileEverywhere(t *testing.T, text string) *definitions.Procedure {
	t.Helper()
	bundle, problems := definitions.Compile([]definitions.File{
		{Name: "office.yaml", Text: []byte(office)}, {Name: "p.yaml", Text: []byte(text)},
	})
	for _, p := range problems {
		if p.Severity == report.Error {
			t.Fatalf("%s\n%s:%d:%d %s: %s (%s)", text, p.File, p.Line, p.Column, p.Code, p.Message, p.Hint)
		}
	}
	for _, p := range bundle.Procedures {
		if p.ID == "t" {
			return p
		}
	}
	return nil
}
