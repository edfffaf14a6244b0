package definitions

import (
	"strconv"
	"strings"
	"testing"

	"github.com/guicheng/guicheng/definitions/report"
)

const (
	extendOffice = "office: house\ntitle: House\nlanguage: en\nlanguages: en\nzone: UTC\n" +
		"posts: {gate: Gate, desk: Desk}\n"
	extendBase = `procedure: visit
title: Visit
settings: {limit: {title: Limit, type: duration, value: 3m}}
data: {host: {title: Host, fields: {name: {title: Name, type: text}, phone: {title: Phone, type: phone}}}}
start: {by: porter, form: [host.name]}
steps:
  - step: inside
    title: Inside
    steps:
      - {step: ask, title: Ask, task: {by: porter, show: host.name}, timeouts: {after: settings.limit, remind: porter}}
      - {step: go, title: Go, task: {by: porter}}
  - {step: end, title: End, task: {by: porter}}
`
	extendOwn = `procedure: visit
extends: town/visit@2
settings: {limit: {value: 9m}}
start: {by: gate}
drops: [data.host.phone, steps.ask.timeouts]
steps:
  - {step: ask, title: Ask at the desk, task: {by: desk}}
  - {step: go, task: {by: gate}}
  - {step: look, title: Look, after: ask, task: {by: gate}}
  - {step: end, task: {by: gate}}
`
)

func extended(base, own string) (*Bundle, []report.Problem) {
	return Compile([]File{{Name: "office.yaml", Text: []byte(extendOffice)},
		{Name: "town.base.yaml", Text: []byte(base)}, {Name: "visit.yaml", Text: []byte(own)}})
}

// TestExtends: what the office says otherwise counts, also deep inside, and all else is the base's.
func TestExtends(t *testing.T) {
	t.Parallel()
	b, problems := extended(extendBase, extendOwn)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	p := b.Procedure("visit")
	if len(b.Procedures) != 1 || p.Title != "Visit" || p.Settings[0].Title != "Limit" ||
		p.Settings[0].Value.(interface{ String() string }).String() != "9m0s" {
		t.Errorf("%d procedures, %s, %+v", len(b.Procedures), p.Title, p.Settings[0])
	}
	ask, ok := p.Steps["ask"].Work.(*Task)
	if !ok || p.Steps["ask"].Title != "Ask at the desk" || ask.By.Posts[0] != "desk" || len(ask.Form.Show) != 1 ||
		len(p.Steps["ask"].Timeouts) > 0 {
		t.Errorf("the step ask is %+v", p.Steps["ask"])
	}
	var order []string
	for _, s := range p.Steps["ask"].Graph.Steps {
		order = append(order, s.ID)
	}
	if got := strings.Join(order, " "); got != "ask look go" {
		t.Errorf("the steps inside are %s", got)
	}
	if p.Data.Field("host.phone") != nil || p.Data.Field("host.name") == nil {
		t.Error("the telephone is dropped, the name stays")
	}
	other, _ := extended(strings.Replace(extendBase, "title: End", "title: The end", 1), extendOwn)
	if other.Procedure("visit").Hash == p.Hash {
		t.Error("another base is another version")
	}
}

// TestExtendsFaults: each points into the file that wrote it.
func TestExtendsFaults(t *testing.T) {
	t.Parallel()
	own := func(old, text string) string { return strings.Replace(extendOwn, old, text, 1) }
	for _, one := range []struct{ base, own, want string }{
		{extendBase, own("town/visit@2", "town/visitor"), "visit.yaml:2 unknown-base"},
		{extendBase, own("town/visit@2", "visit"), "visit.yaml:2 wrong-value"},
		{extendBase, own("data.host.phone", "data.host.fax"), "visit.yaml:5 unknown-drop"},
		{extendBase, own("steps.ask.timeouts", "steps.aks"), "visit.yaml:5 unknown-drop"},
		{extendBase, own("after: ask", "after: aks"), "visit.yaml:9 unknown-step"},
		{extendBase, own("by: desk", "by: dask"), "visit.yaml:7 unknown-post"},
		{extendBase, own("  - {step: end, task: {by: gate}}\n", ""), "town.base.yaml:12 unknown-post"},
		{strings.Replace(extendBase, "show: host", "shaw: host", 1), extendOwn, "town.base.yaml:10 unknown-key"},
		{extendBase, own("extends: town/visit@2\n", "title: Visit\n"), "visit.yaml:5 not-for-type"},
	} {
		_, problems := extended(one.base, one.own)
		found := false
		for _, p := range problems {
			found = found || one.want == p.File+":"+strconv.Itoa(p.Line)+" "+p.Code
		}
		if !found {
			t.Errorf("want %s, got %v", one.want, problems)
		}
	}
}

// TestBaseChanges: what a new version of the base changes is told, but for what the office says otherwise.
func TestBaseChanges(t *testing.T) {
	t.Parallel()
	ours := []File{{Name: "office.yaml", Text: []byte(extendOffice)}, {Name: "town.base.yaml", Text: []byte(extendBase)},
		{Name: "visit.yaml", Text: []byte(extendOwn)}}
	now := func(pairs ...string) []report.Problem {
		return BaseChanges(ours, "town", []File{{Name: "visit.yaml",
			Text: []byte(strings.NewReplacer(pairs...).Replace(extendBase))}})
	}
	if got := now("title: Ask,", "title: Ask upstairs,", "value: 3m", "value: 5m"); len(got) > 0 {
		t.Errorf("what is said otherwise has not changed: %v", got)
	}
	got := now("title: Go", "title: Walk",
		"  - {step: end,", "  - {step: rest, title: Rest, task: {by: porter}}\n  - {step: end,")
	if len(got) != 1 || got[0].Code != "base-changed" || got[0].Severity != report.Warning || len(got[0].Way) != 2 {
		t.Fatalf("%+v", got)
	}
	if got[0].File != "visit.yaml" || got[0].Line != 2 || !strings.Contains(strings.Join(got[0].Way, "\n"), "rest") {
		t.Errorf("%+v", got)
	}
	before := ours[1]
	after := File{Name: before.Name, Text: []byte(strings.Replace(extendBase, "title: Go", "title: Walk", 1))}
	changes, problems := Compare(ours, []File{ours[0], after, ours[2]})
	if len(problems) > 0 || len(changes) != 1 || changes[0].ID != "go" || changes[0].In != "visit" {
		t.Errorf("the difference of two folders: %+v, %v", changes, problems)
	}
}
