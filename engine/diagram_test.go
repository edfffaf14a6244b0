package engine_test

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/guicheng/guicheng/engine"
)

// nodesOf gives the class of each step and end in a picture, and the ways that were passed.
func nodesOf(svg string) (nodes map[string]string, passed []string) {
	nodes = map[string]string{}
	for _, m := range regexp.MustCompile(`<g id="([^"]+)" class="node ([a-z]*)">`).FindAllStringSubmatch(svg, -1) {
		nodes[m[1]] = m[2]
	}
	for _, m := range regexp.MustCompile(`class="edge passed" data-from="([^"]+)" data-to="([^"]+)"`).
		FindAllStringSubmatch(svg, -1) {
		passed = append(passed, m[1]+" "+m[2])
	}
	return nodes, passed
}

func wantDrawn(t *testing.T, svg string, nodes map[string]string, ways ...string) {
	t.Helper()
	got, passed := nodesOf(svg)
	for id, class := range nodes {
		if c, ok := got[id]; !ok || c != class {
			t.Errorf("%s is drawn as %q, want %q", id, c, class)
		}
	}
	for _, way := range ways {
		if !strings.Contains("|"+strings.Join(passed, "|")+"|", "|"+way+"|") {
			t.Errorf("passed are %q, want %q among them", passed, way)
		}
	}
	if len(passed) != len(ways) {
		t.Errorf("passed are %q, want %d ways", passed, len(ways))
	}
}

func TestACaseIsDrawnWithWhereItStands(t *testing.T) {
	t.Parallel()
	w := open(t)
	draw := func(person, id string) string {
		t.Helper()
		svg, err := w.CaseDiagram(t.Context(), as(person), "", id, false)
		if err != nil {
			t.Fatal(err)
		}
		return string(svg)
	}
	id := w.begin("chan", "errand", `{"what": "取件", "phone": "+853 6666 0000"}`).Case
	wantDrawn(t, draw("chan", id), map[string]string{"step-do": "open", "step-check": "", "end-good": ""},
		"start-0 step-do")
	w.complete("so", "do", "redo", "")
	w.complete("so", "do", "fine", "")
	svg := draw("lam", id)
	wantDrawn(t, svg, map[string]string{"step-do": "done", "step-check": "open"},
		"start-0 step-do", "step-do step-do", "step-do step-check")
	if !strings.Contains(svg, "✓ ×2") || strings.Contains(svg, "6666") || strings.Contains(svg, "取件") {
		t.Error("the picture does not count what was done twice, or shows data")
	}
	w.complete("lam", "check", "", "")
	wantDrawn(t, draw("lam", id), map[string]string{"step-do": "done", "step-check": "done", "end-good": "done"},
		"start-0 step-do", "step-do step-do", "step-do step-check", "step-check end-good")
	if _, err := w.CaseDiagram(t.Context(), as("wong"), "", id, false); engine.CodeOf(err) != engine.CodeNotFound {
		t.Errorf("who may not see the case gets %v", err)
	}
}

func TestWhatComesFromOutsideIsDrawn(t *testing.T) {
	t.Parallel()
	w := open(t)
	dropped := w.begin("chan", "errand", `{"what": "x"}`).Case
	if _, err := w.Send(t.Context(), as("chan"), engine.MessageRequest{Case: dropped, Name: "leave-it"}); err != nil {
		t.Fatal(err)
	}
	svg, err := w.CaseDiagram(t.Context(), as("chan"), "en", dropped, true)
	if err != nil {
		t.Fatal(err)
	}
	wantDrawn(t, string(svg), map[string]string{"step-do": "left", "end-dropped": "done"},
		"start-0 step-do", "event-5 end-dropped")

	late := w.begin("chan", "timed", "").Case
	w.clock.move(4 * time.Minute)
	w.eventually("the stand-in has it", w.hasTask("lam", "stand-in"))
	svg, err = w.CaseDiagram(t.Context(), as("lam"), "", late, false)
	if err != nil {
		t.Fatal(err)
	}
	wantDrawn(t, string(svg), map[string]string{"step-answer": "left", "step-stand-in": "open"},
		"start-0 step-answer", "step-answer step-stand-in")
}

func TestAProcedureIsDrawnForItsOffice(t *testing.T) {
	t.Parallel()
	w := open(t)
	svg, err := w.Diagram(t.Context(), as("wong"), "en", "errand", false)
	if err != nil || !strings.Contains(string(svg), "<title id=\"gc-title\">Errand</title>") {
		t.Errorf("%v: %s", err, svg)
	}
	if _, err := w.Diagram(t.Context(), as("wong"), "", "nothing", false); engine.CodeOf(err) != engine.CodeNotFound {
		t.Errorf("a procedure that is not there gives %v", err)
	}
	_, err = w.Diagram(t.Context(), engine.Actor{Office: "moon", Person: "chan"}, "", "errand", false)
	if engine.CodeOf(err) != engine.CodeNotSignedIn {
		t.Errorf("a stranger gets %v", err)
	}
}

func TestWhyIsSaidInWords(t *testing.T) {
	t.Parallel()
	w := openShipped(t)
	id := visitRebooked(w)
	for lang, want := range map[string][]string{
		"zh-Hant": {"確定讀音 = true: 確定讀音 是", "有一同行人員：能按時到場：否 = true:"},
		"en":      {"Pronunciation is certain = true: Pronunciation is certain yes"},
	} {
		var said strings.Builder
		for _, ev := range w.historyIn(lang, id) {
			for _, why := range ev.Why {
				said.WriteString(why.Said + " = " + map[bool]string{true: "true", false: "false"}[why.Result] + ":")
				for _, v := range why.Values {
					said.WriteString(" " + v.Title + " " + v.Text)
				}
				said.WriteString("\n")
			}
		}
		for _, part := range want {
			if !strings.Contains(said.String(), part) {
				t.Errorf("why lacks %q:\n%s", part, said.String())
			}
		}
	}
}

func (w *shipped) historyIn(lang, id string) []engine.EventView {
	w.t.Helper()
	var out []engine.EventView
	for {
		after := int64(0)
		if len(out) > 0 {
			after = out[len(out)-1].Seq
		}
		page, err := w.History(w.t.Context(), w.as("lam"), lang, id, after, 200)
		if err != nil {
			w.t.Fatal(err)
		}
		if out = append(out, page...); len(page) == 0 {
			return out
		}
	}
}

// What runs for each row is one step in the picture: it is done when the whole of it is.
func TestRowsAreDrawnAsOneStep(t *testing.T) {
	t.Parallel()
	w := open(t)
	id := w.begin("chan", "parts", `{"parts": [{"name": "門", "code": "s1"}, {"name": "窗", "code": "s2"}]}`).Case
	for _, want := range []string{"open", "open", "done"} {
		svg, err := w.CaseDiagram(t.Context(), as("chan"), "", id, false)
		if err != nil {
			t.Fatal(err)
		}
		if nodes, _ := nodesOf(string(svg)); nodes["step-look"] != want || strings.Contains(string(svg), "×") {
			t.Errorf("the step is drawn as %q, want %q and no count", nodes["step-look"], want)
		}
		if want == "open" {
			w.complete("so", "look", "", `{"part": {"fine": true}}`)
		}
	}
}
