package engine

import (
	"encoding/json"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/guicheng/guicheng/definitions"
	"github.com/guicheng/guicheng/definitions/value"
	"github.com/guicheng/guicheng/engine/core"
	"github.com/guicheng/guicheng/staff"
	"github.com/guicheng/guicheng/store"
)

func tellerOf(lang string) *teller {
	office := &definitions.Office{Zone: time.UTC}
	phone := &value.Field{Name: "phone", Path: "phone", Title: "電話", Kind: value.Text, Private: true}
	p := &definitions.Procedure{
		ID: "p", Title: "程序", Office: office, Data: value.NewSchema([]*value.Field{phone}),
		Case: &definitions.Step{ID: "p", Work: &definitions.Block{Graph: &definitions.Graph{}}},
	}
	r := &reader{desk: &desk{office: office, roster: staff.NewRoster(office, nil)}}
	return &teller{renderer: r.renderer(lang, p), proc: p, state: core.New("o", "c")}
}

func TestIncidentsHaveWords(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		lang     string
		incident core.Incident
		want     string
	}{
		{langTraditional, core.Incident{Code: "nobody", Message: "nobody is there to do x"}, "沒有人可以辦理"},
		{langSimplified, core.Incident{Code: "no-way", Message: "no way"}, "依现有资料没有一条去路成立"},
		{
			langEnglish, core.Incident{Code: "type", Message: "the formula gave no time", Formula: "a + b"},
			"the data are of the wrong kind (the formula gave no time); formula: a + b",
		},
		{langEnglish, core.Incident{Code: "new", Message: "it broke"}, "it broke"},
		{langTraditional, core.Incident{Code: "type", Message: `"6666" is no option of phone`}, "資料的類型不合（•••）"},
		{langTraditional, core.Incident{Code: "type", Message: `"6666" is no option`, Formula: "phone"}, "資料的類型不合（•••）"},
		{langTraditional, core.Incident{Code: core.CallCancelled, Message: "不辦"}, "另開的案件已撤銷：不辦"},
	} {
		if got := tellerOf(c.lang).incident(c.incident); got != c.want {
			t.Errorf("%+v is told as %q, want %q", c.incident, got, c.want)
		}
	}
}

// The case as administrators see it hides the same words as the story.
func TestIncidentsHideWhatIsPrivate(t *testing.T) {
	t.Parallel()
	s := core.New("o", "c")
	s.Acts = []*core.Activation{
		{ID: 3, Step: "x", Incident: &core.Incident{Code: "type", Message: `"6666" is no option of phone`}},
		{ID: 4, Step: "y", Incident: &core.Incident{Code: "nobody", Message: "nobody is there"}},
	}
	told := tellerOf(langEnglish)
	got := told.incidents(told.proc, s)
	if len(got) != 2 || got[0].Message != masked || got[1].Message != "nobody is there" ||
		strings.Contains(got[0].Text, "6666") || got[1].Text != "nobody is there to do it" {
		t.Errorf("%+v", got)
	}
}

func TestColumnsOfAGuard(t *testing.T) {
	t.Parallel()
	for guard, want := range map[string]bool{
		"rows.all(p, p.coming)": true, "p.coming == 1": true, "p.coming_late": false, "coming": false, "p.x.coming": true,
	} {
		if selects(guard, "coming") != want {
			t.Errorf("%s: %v", guard, !want)
		}
	}
}

// What cannot be read, or does not fit, must not take the rest of the history with it.
func TestWhatCannotBeReadIsSaid(t *testing.T) {
	t.Parallel()
	n := tellerOf(langTraditional)
	for _, c := range []struct{ kind, body, want string }{
		{"case-started", `{"number": "N-1", "at": "2026-11-02T01:00:00Z"}`, "「程序」自動開始，編號N-1"},
		{"from-the-future", `{}`, "此記錄無法讀取"},
		{"answered", `{"act": 9, "slot": 10, "person": {"id": "a", "name": "安"}}`, "安完成某步驟"},
		{"moved", `{"act": 9, "to": "done"}`, "某步驟完成"},
		{"ended", `{"status": "frozen"}`, "「程序」已凍結，待檢修"},
	} {
		view := n.view(store.EventRow{Kind: c.kind, Body: json.RawMessage(c.body)})
		if view.Text != c.want || strings.Contains(view.Text, "{") {
			t.Errorf("%s is told as %q, want %q", c.kind, view.Text, c.want)
		}
	}
}

// TestEveryIncidentIsTold: an incident that the manual names has words of its own in the story.
func TestEveryIncidentIsTold(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../docs/language.md")
	if err != nil {
		t.Fatal(err)
	}
	_, table, _ := strings.Cut(string(text), "### Incidents")
	table, _, _ = strings.Cut(table, "\n## ")
	told := 0
	for row := range strings.SplitSeq(table, "\n| `") {
		codes, _, _ := strings.Cut("`"+row, " | ")
		for _, m := range regexp.MustCompile("`([a-z-]+)`").FindAllStringSubmatch(codes, -1) {
			told++
			if _, ok := words["incident."+m[1]]; !ok {
				t.Errorf("no words for the incident %s", m[1])
			}
		}
	}
	if told < 20 {
		t.Errorf("only %d incidents in the manual", told)
	}
}
