package api

import (
	"net/http"
	"strings"
	"testing"

	"github.com/guicheng/guicheng/engine"
)

// TestCasesAreMovedOverTheAPI: what could move is told, also of files that are not deployed; what is moved is counted,
// and moved back; who may not, and what there is not, is refused.
func TestCasesAreMovedOverTheAPI(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ma, he, chen := w.in("house", "ma"), w.in("house", "he"), w.in("house", "chen")
	_, first, _ := w.begin(he, chen)
	w.begin(he, chen)
	const at = prefix + "/procedures/visit/migrate"
	without := strings.NewReplacer("step: ask", "step: question").Replace(visitYAML)
	better := strings.NewReplacer("title: 詢問", "title: 先問").Replace(visitYAML)
	files := func(procedure string) []any {
		return []any{
			map[string]any{"name": "office.yaml", "text": officeYAML}, map[string]any{"name": "visit.yaml", "text": procedure},
		}
	}

	stays := ma.post(at, map[string]any{"files": files(without)}).want(http.StatusOK)
	if stays.size("cases") != 2 || stays.at("dry") != true || stays.at("cases", 0, "moves") != false ||
		stays.at("migration") != nil || stays.text("cases", 0, "why", 0, "code") != "step-gone" ||
		!strings.Contains(stays.text("cases", 0, "why", 0, "text"), "詢問") {
		t.Errorf("to what is not deployed: %s", stays.body)
	}
	ma.post(at, map[string]any{"files": files("procedure: [")}).refused(http.StatusUnprocessableEntity, engine.CodeRefused)
	if same := ma.post(at, map[string]any{"dry": true}).want(http.StatusOK); same.size("cases") != 0 {
		t.Errorf("to the version that they have: %s", same.body)
	}

	w.deploy("house", officeYAML, better)
	page := ma.post(at, map[string]any{"limit": 1}).want(http.StatusOK)
	moved, number := page.text("migration"), page.text("cases", 0, "number")
	for page.at("next") != nil {
		page = ma.post(at, map[string]any{"after": page.text("next"), "migration": moved}).want(http.StatusOK)
		if page.text("migration") != moved {
			t.Errorf("the next page is of another migration: %s", page.body)
		}
	}
	state := ma.get(at).want(http.StatusOK)
	if state.at("newest") != 2.0 || state.at("versions", 0, "version") != 2.0 || state.at("versions", 0, "cases") != 2.0 ||
		state.at("versions", 0, "migrations", moved) != 2.0 {
		t.Errorf("after the move of %s and %s: %s", first, number, state.body)
	}
	back := ma.post(at, map[string]any{"undo": true, "migration": moved}).want(http.StatusOK)
	if back.size("cases") != 2 || back.at("cases", 0, "to") != 1.0 || back.at("cases", 1, "moves") != true {
		t.Errorf("back: %s", back.body)
	}

	ma.post(at, map[string]any{"undo": true, "migration": "nonsense"}).refused(http.StatusNotFound, engine.CodeNotMigrated)
	ma.post(at, map[string]any{"undo": true}).refused(http.StatusUnprocessableEntity, "invalid")
	ma.post(at, map[string]any{"to": 9}).refused(http.StatusNotFound, engine.CodeNotDeployed)
	no := ma.post(prefix+"/procedures/visi/migrate", map[string]any{}).refused(http.StatusNotFound, engine.CodeNotDeployed)
	if no.Args["there"] != "visit" {
		t.Errorf("it does not say what there is: %v", no.Args)
	}
	chen.post(at, map[string]any{}).refused(http.StatusForbidden, engine.CodeForbidden)
	chen.get(at).refused(http.StatusForbidden, engine.CodeForbidden)
}
