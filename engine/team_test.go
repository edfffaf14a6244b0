package engine_test

import (
	"strings"
	"testing"

	"github.com/guicheng/guicheng/engine"
)

// team lists what a person sees as a superior: the step, and who holds it.
func (w *world) team(person string) string {
	w.t.Helper()
	page, err := w.Inbox(w.t.Context(), as(person), "", engine.InboxQuery{Team: true})
	if err != nil {
		w.t.Fatal(err)
	}
	var out []string
	for _, t := range page.Tasks {
		out = append(out, strings.TrimSpace(t.Step+" "+t.Holder))
	}
	return strings.Join(out, ", ")
}

func TestASuperiorSeesTheWorkOfHisPeople(t *testing.T) {
	t.Parallel()
	w := open(t)
	w.begin("chan", "timed", ``)
	if got := w.team("lam"); got != "answer" {
		t.Errorf("lam sees %q", got)
	}
	if _, err := w.Claim(t.Context(), as("so"), w.task("so", "answer").ID); err != nil {
		t.Fatal(err)
	}
	if got := w.team("lam"); got != "answer so" {
		t.Errorf("lam sees %q", got)
	}
	for _, who := range []string{"so", "chan", "fong", "ann"} {
		if got := w.team(who); got != "" {
			t.Errorf("%s sees %q, and is nobody's superior", who, got)
		}
	}
}

// What a superior sees of a task is the case, not its form: he cannot do it.
func TestASuperiorDoesNotDoTheWork(t *testing.T) {
	t.Parallel()
	w := open(t)
	w.begin("chan", "timed", ``)
	task := w.task("so", "answer").ID
	for _, act := range []func() (engine.Done, error){
		func() (engine.Done, error) { return w.Claim(t.Context(), as("lam"), task) },
		func() (engine.Done, error) { return w.Complete(t.Context(), as("lam"), task, engine.CompleteRequest{}) },
	} {
		_, err := act()
		wantCode(t, err, "not-a-candidate")
	}
}

func TestThePileGoesOn(t *testing.T) {
	t.Parallel()
	w := open(t)
	first := w.begin("chan", "timed", ``)
	w.begin("chan", "errand", `{"what": "送信"}`)
	second := w.begin("chan", "timed", ``)
	task := func(number string) string {
		page, err := w.Inbox(t.Context(), as("so"), "", engine.InboxQuery{Number: number})
		if err != nil || len(page.Tasks) != 1 {
			t.Fatalf("%+v, %v", page.Tasks, err)
		}
		return page.Tasks[0].ID
	}
	out, err := w.Complete(t.Context(), as("so"), task(first.Number), engine.CompleteRequest{Pile: true})
	if err != nil || out.Piled == nil || out.Piled.Case != second.Case || out.Piled.Step != "answer" {
		t.Fatalf("%+v, %v", out.Piled, err)
	}
	out, err = w.Complete(t.Context(), as("so"), out.Piled.ID, engine.CompleteRequest{Pile: true})
	if err != nil || out.Piled != nil {
		t.Errorf("the pile is done, and goes on with %+v, %v", out.Piled, err)
	}
}
