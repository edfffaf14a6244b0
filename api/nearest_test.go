package api

import (
	"net/http"
	"strings"
	"testing"
)

// Who mistypes a name is told which one he most likely meant: in the query, in the body at any depth, of a field, a
// procedure or a step; and nothing where no name is like it.
func TestTheNearestNameIsTold(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	he, ma := w.in("house", "he"), w.in("house", "ma")
	start := prefix + "/procedures/visit/cases"
	file := map[string]any{"nam": "a", "text": ""}
	slip := map[string]any{"nmae": "王", "people": 1, "phone": "13800000000"}
	filled := map[string]any{"name": "王", "people": 1, "phone": "13800000000"}
	for what, test := range map[string]struct {
		answer     *answer
		path, near string
	}{
		"query":       {he.get(prefix + "/inbox?prcedure=visit"), "query.prcedure", "procedure"},
		"body":        {he.post(start, map[string]any{"vlaues": filled}), "vlaues", "values"},
		"deep inside": {ma.post(prefix+"/check", map[string]any{"files": []any{file}}), "files[0].nam", "name"},
		"field":       {he.post(start, values(slip)), "nmae", "name"},
		"nothing":     {he.post(start, map[string]any{"xyzzy": 1}), "xyzzy", ""},
	} {
		p := test.answer.refused(http.StatusUnprocessableEntity, "invalid")
		found := false
		for _, f := range p.Fields {
			if f.Path != test.path || f.Code != "unknown" {
				continue
			}
			found = true
			if told := strings.Contains(f.Detail, "是不是"); told != (test.near != "") || !strings.Contains(f.Detail, test.near) {
				t.Errorf("%s: %+v, want %q", what, f, test.near)
			}
		}
		if !found {
			t.Errorf("%s: %s is not named: %+v", what, test.path, p.Fields)
		}
	}
	p := he.post(start, filled).refused(http.StatusUnprocessableEntity, "invalid")
	for _, f := range p.Fields {
		if told := strings.Contains(f.Detail, "寫在 values 裡"); told != (f.Path != "values") {
			t.Errorf("fields beside values: %+v", f)
		}
	}
	p = he.post(prefix+"/procedures/vist/cases", values(filled)).refused(http.StatusNotFound, "not-deployed")
	if p.Args["near"] != "visit" {
		t.Errorf("the procedure: %+v", p)
	}
	chen := w.in("house", "chen")
	id, _, task := w.begin(he, chen)
	p = chen.post(prefix+"/tasks/"+task+"/return", map[string]any{"to": "admti"}).
		refused(http.StatusUnprocessableEntity, "unknown-step")
	if p.Args["near"] != "admit" || p.Args["steps"] != "" {
		t.Errorf("the step: %+v", p)
	}
	p = ma.post(prefix+"/cases/"+id+"/jump", map[string]any{"leave": []int{3}, "to": "aks", "reason": "?"}).
		refused(http.StatusUnprocessableEntity, "unknown-step")
	if p.Args["near"] != "ask" {
		t.Errorf("the step: %+v", p)
	}
}

// What is sent to an operation that reads nothing is refused: whoever sends it takes it for heard.
func TestABodyThatNobodyReadsIsRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	he, chen := w.in("house", "he"), w.in("house", "chen")
	_, _, task := w.begin(he, chen)
	for _, path := range []string{"/claim", "/release", "/start"} {
		p := chen.post(prefix+"/tasks/"+task+path, map[string]any{"note": "x"}).
			refused(http.StatusUnprocessableEntity, "invalid")
		if len(p.Fields) == 0 {
			t.Errorf("%s: no fields: %+v", path, p)
		}
	}
	chen.send(http.MethodPost, prefix+"/tasks/"+task+"/claim", "").want(http.StatusOK)
}
