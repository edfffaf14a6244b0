package api

import (
	"bytes"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/guicheng/guicheng/engine"
	"github.com/guicheng/guicheng/store"
)

// TestWhatTheCheckSaysStandsAtTheGate: an administrator cannot deploy what the check refuses. What it warns of, here a
// second look for which nobody of the staff is left, is deployed, is in the answer, and stays readable.
func TestWhatTheCheckSaysStandsAtTheGate(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ma, chen := w.in("house", "ma"), w.in("house", "chen")
	upload := func(procedure string) map[string]any {
		return map[string]any{"files": []any{
			map[string]any{"name": "office.yaml", "text": officeYAML}, map[string]any{"name": "visit.yaml", "text": procedure},
		}}
	}
	const current = prefix + "/deployments/current"
	twoLook := strings.Replace(visitYAML, "task: {by: gate, show: [name], form: [floor]}",
		"task: {by: desk, allow: '!(actor in done_by(\"ask\"))', show: [name], form: [floor]}", 1)
	says := func(a *answer, list string) bool {
		a.t.Helper()
		problems, _ := a.at(list).([]any)
		return slices.ContainsFunc(problems, func(p any) bool {
			m, _ := p.(map[string]any)
			way, _ := m["way"].([]any)
			sentence, _ := m["sentence"].(string)
			return m["code"] == "nobody-may" && m["severity"] == "warning" && len(way) > 0 &&
				strings.Contains(way[len(way)-1].(string), "陳美玲") && strings.Contains(sentence, "照現有的人員")
		})
	}

	checked := ma.post(prefix+"/check", upload(twoLook)).want(http.StatusOK)
	if !says(checked, "problems") || checked.at("failed") != false {
		t.Errorf("the check says %s", checked.body)
	}
	if before := ma.get(current).want(http.StatusOK); says(before, "warnings") || before.at("by") != nil {
		t.Errorf("the check has left something: %s", before.body)
	}
	deployed := ma.post(prefix+"/deployments", upload(twoLook)).want(http.StatusOK)
	kept := ma.get(current).want(http.StatusOK)
	for _, a := range []*answer{deployed, kept} {
		if !says(a, "warnings") || a.at("by") != "ma" || a.at("at") == nil || a.at("versions", 0, "version") != 2.0 {
			t.Errorf("%s says %s", a.what, a.body)
		}
	}

	broken := upload(strings.Replace(twoLook, "then: admitted", "then: nowhere", 1))
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
	ma.post(prefix+"/deployments", upload(twoLook)).want(http.StatusOK)
	if a := ma.get(current).want(http.StatusOK); says(a, "warnings") || a.at("versions", 0, "version") != 2.0 {
		t.Errorf("with one more at the desk: %s", a.body)
	}
	chen.get(current).refused(http.StatusForbidden, engine.CodeForbidden)
}
