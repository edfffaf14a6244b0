package api

import (
	"bytes"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/guicheng/guicheng/engine"
	"github.com/guicheng/guicheng/store"
)

// TestWhatTheCheckSaysStandsAtTheGate: an administrator cannot deploy what the check refuses, with the people of the
// office as they are, here a second look for which nobody is left. What it warns of, here a post that comes with the
// files, is deployed, is in the answer, and stays readable.
func TestWhatTheCheckSaysStandsAtTheGate(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ma, chen := w.in("house", "ma"), w.in("house", "chen")
	upload := func(office, procedure string) map[string]any {
		return map[string]any{"files": []any{
			map[string]any{"name": "office.yaml", "text": office}, map[string]any{"name": "visit.yaml", "text": procedure},
		}}
	}
	const current = prefix + "/deployments/current"
	const admits = "task: {by: gate, show: [name], form: [floor]}"
	twoLook := strings.Replace(visitYAML, admits,
		"task: {by: desk, allow: '!(actor in done_by(\"ask\"))', show: [name], form: [floor]}", 1)
	byLook := strings.Replace(visitYAML, admits, "task: {by: look, show: [name], form: [floor]}", 1)
	withLook := strings.Replace(officeYAML, "posts: {", "posts: {look: 覆核, ", 1)
	says := func(list []any, severity, word string) bool {
		return slices.ContainsFunc(list, func(p any) bool {
			m, _ := p.(map[string]any)
			sentence, _ := m["sentence"].(string)
			return m["code"] == "nobody-may" && m["severity"] == severity && strings.Contains(sentence, "照現有的人員") &&
				strings.Contains(fmt.Sprint(m["way"], m["detail"]), word)
		})
	}
	in := func(a *answer, list string) []any {
		problems, _ := a.at(list).([]any)
		return problems
	}

	checked := ma.post(prefix+"/check", upload(officeYAML, twoLook)).want(http.StatusOK)
	if !says(in(checked, "problems"), "error", "陳美玲 做") || checked.at("failed") != true {
		t.Errorf("the check says %s", checked.body)
	}
	refusal := ma.post(prefix+"/deployments", upload(officeYAML, twoLook)).
		refused(http.StatusUnprocessableEntity, engine.CodeRefused)
	if len(refusal.Problems) == 0 || refusal.Problems[0].Code != "nobody-may" {
		t.Errorf("the refusal names %+v", refusal.Problems)
	}
	before := ma.get(current).want(http.StatusOK)
	if says(in(before, "warnings"), "warning", "") || before.at("by") != nil {
		t.Errorf("what was checked and refused has left something: %s", before.body)
	}
	deployed := ma.post(prefix+"/deployments", upload(withLook, byLook)).want(http.StatusOK)
	kept := ma.get(current).want(http.StatusOK)
	for _, a := range []*answer{deployed, kept} {
		if !says(in(a, "warnings"), "warning", "覆核") || a.at("by") != "ma" || a.at("at") == nil ||
			a.at("versions", 0, "version") != 2.0 {
			t.Errorf("%s says %s", a.what, a.body)
		}
	}

	broken := upload(withLook, strings.Replace(byLook, "then: admitted", "then: nowhere", 1))
	if a := ma.post(prefix+"/check", broken).want(http.StatusOK); a.at("failed") != true {
		t.Errorf("the check of what is broken says %s", a.body)
	}
	refused := ma.post(prefix+"/deployments", broken).refused(http.StatusUnprocessableEntity, engine.CodeRefused)
	if len(refused.Problems) == 0 {
		t.Error("the refusal names no problem")
	}
	if a := ma.get(current).want(http.StatusOK); !bytes.Equal(a.body, kept.body) {
		t.Errorf("what was refused has changed %s to %s", kept.body, a.body)
	}

	w.put("house", store.PersonRow{ID: "lin", Name: "林", Posts: []string{"desk"}})
	ma.post(prefix+"/deployments", upload(officeYAML, twoLook)).want(http.StatusOK)
	a := ma.get(current).want(http.StatusOK)
	if says(in(a, "warnings"), "warning", "") || a.at("versions", 0, "version") != 3.0 {
		t.Errorf("with one more at the desk: %s", a.body)
	}
	chen.get(current).refused(http.StatusForbidden, engine.CodeForbidden)
}
