package api

import (
	"net/http"
	"strings"
	"testing"

	"github.com/guicheng/guicheng/store"
)

const approveYAML = `procedure: approve
title: 審批
number: 'A{n:3}'
manager: desk
start: {by: gate}
ends: {good: 同意, bad: 不同意}
steps:
  - step: sign
    title: 會簽
    task: {by: [gate, desk], sign: all, transfer: true, delegate: [desk], add_signer: true, remove_signer: true}
    then: {approved: good, rejected: bad}
`

// approval has a case of which he and chen are to sign; he has claimed his task.
func approval(t *testing.T) (w *world, he, chen *client, task string) {
	t.Helper()
	w = newWorld(t)
	w.deploy("house", officeYAML, approveYAML)
	w.put("house", store.PersonRow{ID: "wu", Name: "吳", Posts: []string{"desk"}})
	he, chen = w.in("house", "he"), w.in("house", "chen")
	he.post(prefix+"/procedures/approve/cases", map[string]any{}).want(http.StatusCreated)
	task = he.get(prefix+"/inbox").want(http.StatusOK).text("tasks", 0, "id")
	he.send(http.MethodPost, prefix+"/tasks/"+task+"/start", "").want(http.StatusOK)
	return w, he, chen, task
}

func TestTasksAreHandedOver(t *testing.T) {
	t.Parallel()
	_, he, chen, task := approval(t)
	at := prefix + "/tasks/" + task
	he.post(at+"/delegate", map[string]any{"to": "ma"}).refused(http.StatusUnprocessableEntity, "not-eligible")
	he.post(at+"/delegate", map[string]any{"to": "nobody"}).refused(http.StatusUnprocessableEntity, "invalid")
	he.post(at+"/delegate", map[string]any{}).refused(http.StatusUnprocessableEntity, "invalid")
	he.post(at+"/delegate", map[string]any{"to": "wu", "note": "你看看"}).want(http.StatusOK)
	chen.post(at+"/complete", map[string]any{"answer": "approved"}).refused(http.StatusConflict, "held-by-other")
	he.post(at+"/claim", map[string]any{}).want(http.StatusOK)
	he.post(at+"/transfer", map[string]any{"to": "ma", "keep": true}).want(http.StatusOK)
	he.post(at+"/transfer", map[string]any{"to": "wu"}).refused(http.StatusConflict, "not-held")
	chen.post(at+"/transfer", map[string]any{"to": "wu"}).want(http.StatusOK) // she manages the procedure
}

func TestSignersAreAddedOverTheAPI(t *testing.T) {
	t.Parallel()
	_, he, _, task := approval(t)
	at := prefix + "/tasks/" + task
	bad := he.post(at+"/signers", map[string]any{"place": "before", "people": []string{"ma", "no"}})
	bad.refused(http.StatusUnprocessableEntity, "invalid")
	if bad.text("fields", 0, "path") != "people[1]" || bad.text("fields", 0, "detail") == "" {
		t.Errorf("refused: %s", bad.body)
	}
	he.post(at+"/signers", map[string]any{"place": "beside", "people": []string{"ma"}, "sign": "any"}).
		refused(http.StatusUnprocessableEntity, "invalid")
	he.post(at+"/signers", map[string]any{"place": "before", "people": []string{"wu"}, "posts": []string{"desk"}}).
		want(http.StatusOK)
	view := he.get(at + "?lang=en").want(http.StatusOK)
	if view.size("signers") != 4 || view.text("signers", 1, "who") != "吳" || view.at("held") != true {
		t.Errorf("task: %s", view.body)
	}
	reasons := map[string]string{}
	for i := range view.size("acts") {
		if view.at("acts", i, "may") != true {
			reasons[view.text("acts", i, "act")] = view.text("acts", i, "reason")
		}
	}
	if !strings.HasPrefix(reasons["complete"], "Those who were asked first") || reasons["remove-signer"] != "" {
		t.Errorf("reasons: %v", reasons)
	}
	for _, i := range []int{1, 2} {
		he.send(http.MethodDelete, at+"/signers/"+view.text("signers", i, "task"), "").want(http.StatusOK)
	}
	he.send(http.MethodDelete, at+"/signers/"+task, "").refused(http.StatusConflict, "has-acted")
	he.post(at+"/complete", map[string]any{"answer": "rejected", "note": "太貴"}).want(http.StatusOK)
	if got := he.get(prefix + "/cases?status=finished").want(http.StatusOK); got.text("cases", 0, "outcome") != "bad" {
		t.Errorf("cases: %s", got.body)
	}
}
