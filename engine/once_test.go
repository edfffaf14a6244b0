package engine_test

import (
	"strings"
	"testing"

	"github.com/guicheng/guicheng/engine"
)

// The story says what a message did by the event that it made happen: not by one that happens only once, and has.
func TestAnEventThatIsOverIsNotTold(t *testing.T) {
	t.Parallel()
	w := open(t)
	files := officeWith("twice.yaml", `procedure: twice
title: 兩次
manager: boss
messages: {knock: {title: 敲門, by: desk}}
start: {by: desk}
events: [{message: knock, once: true, also: first}, {message: knock, also: second}]
steps:
  - {step: work, title: 辦理, task: {by: gate}, then: done}
  - {step: first, title: 初次, task: {by: gate}, then: stop}
  - {step: second, title: 再次, task: {by: gate}, then: stop}
`)
	w.must(w.Deploy(t.Context(), engine.Operator("sun"), files))
	began := w.begin("chan", "twice", "")
	for _, want := range []string{"初次", "再次"} {
		if _, err := w.Send(t.Context(), as("chan"), engine.MessageRequest{Case: began.Case, Name: "knock"}); err != nil {
			t.Fatal(err)
		}
		events, err := w.History(t.Context(), as("ann"), "", began.Case, 0, 200)
		if err != nil {
			t.Fatal(err)
		}
		told := ""
		for _, e := range events {
			if e.Kind == "received" {
				told = e.Text
			}
		}
		if !strings.Contains(told, want) {
			t.Errorf("the message came to %s, and the story says %q", want, told)
		}
	}
}
