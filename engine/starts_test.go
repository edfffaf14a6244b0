package engine_test

import (
	"encoding/json"
	"testing"

	"github.com/guicheng/guicheng/engine"
	"github.com/guicheng/guicheng/store"
)

// reportedYAML begins by a message of a system outside, and waits for the next one of the same key.
const reportedYAML = `procedure: fault
title: 故障
number: 'GZ{yyyy}-{n:3}'
manager: boss
data:
  device: {title: 設備, type: text}
  what:   {title: 情況, type: note}
  at:     {title: 日期, type: date}
messages: {alarm: {title: 報警, by: desk, key: device, form: [device, what]}}
start: {message: alarm, check: {that: what != '', say: 未說明情況}, set: {at: today}}
events: {message: alarm, also: again}
steps:
  - {step: mend, title: 修理, task: {by: gate, show: [device, what]}, then: done}
  - {step: again, title: 又報, task: {by: boss, show: [what]}, then: stop}
`

// A message from outside begins a case where none waits for its key, and comes to the case where one does; its id is
// taken once, and only who may send it begins anything.
func TestMessagesBeginCases(t *testing.T) {
	t.Parallel()
	w := open(t)
	w.must(w.Deploy(t.Context(), engine.Operator("sun"),
		officeWith("fault.yaml", reportedYAML)))
	send := func(who, id, key, device string) (engine.Done, error) {
		return w.Send(t.Context(), as(who), engine.MessageRequest{Name: "alarm", ID: id, Key: key,
			Values: json.RawMessage(`{"device": "` + device + `", "what": "漏油"}`)})
	}
	_, err := send("so", "m1", "L-1", "L-1")
	wantCode(t, err, "not-allowed")
	_, err = send("chan", "m1", "L-1", "L-2")
	wantCode(t, err, "invalid")
	began, err := send("chan", "m1", "L-1", "L-1")
	if err != nil || began.Number != "GZ2026-001" || began.Status != "running" {
		t.Fatalf("began %+v, %v", began, err)
	}
	_, err = send("chan", "m1", "L-1", "L-1")
	wantCode(t, err, "repeated")
	again, err := send("chan", "m2", "L-1", "L-1")
	if err != nil || again.Case != began.Case {
		t.Errorf("the second message of the key came to %+v, %v; want the case that waits for it", again, err)
	}
	other, err := send("ann", "m3", "L-2", "L-2")
	if err != nil || other.Case == began.Case {
		t.Errorf("another key: %+v, %v", other, err)
	}
	page, err := w.Cases(t.Context(), as("ann"), "", store.CaseQuery{Procedure: "fault"})
	if err != nil || len(page.Cases) != 2 {
		t.Fatalf("%d cases, %v", len(page.Cases), err)
	}
	lines, err := w.Startable(t.Context(), as("chan"), "")
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range lines {
		if line.ID == "fault" {
			t.Error("a start by a message is offered to people")
		}
	}
	_, err = w.Start(t.Context(), as("chan"), engine.StartRequest{Procedure: "fault",
		Values: json.RawMessage(`{"device": "L-3", "what": "x"}`)})
	wantCode(t, err, "not-allowed")
}
