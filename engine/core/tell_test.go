package core_test

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/guicheng/guicheng/definitions/formula"
	"github.com/guicheng/guicheng/engine/core"
)

// tell says in one line what an event did.
func (s *story) tell(e core.Event) string {
	switch e := e.(type) {
	case core.CaseStarted:
		return "case " + e.Number + "\n"
	case core.Migrated:
		return s.tellMigrated(e)
	case core.DataSet:
		return tellData(e)
	case core.FrameOpened:
		line := fmt.Sprintf("frame #%d of %s%s", e.Frame, s.name(e.Owner), row(e.Row))
		if e.Was != nil {
			line += " was " + string(e.Was)
		}
		return line + "\n"
	case core.FrameClosed:
		return fmt.Sprintf("frame #%d closed\n", e.Frame)
	case core.Opened:
		return s.tellOpened(e)
	case core.Moved:
		if e.To == core.Open || e.To == core.Done || e.To == core.Reverting {
			return ""
		}
		return strings.TrimSpace(fmt.Sprintf("%s %s %s", s.name(e.Act), e.To, e.Why)) + "\n"
	case core.Passed:
		return fmt.Sprintf("token %s>%s waits\n", e.Input, e.To)
	case core.Dropped:
		return fmt.Sprintf("%d tokens dropped: %s\n", len(e.Tokens), e.Why)
	case core.RoundChanged:
		var seen []string
		for _, x := range e.Round.Seen {
			seen = append(seen, x.Input)
		}
		return fmt.Sprintf("round #%d %v fired %d open %v\n", e.Round.ID, seen, e.Round.Fired, e.Round.Open)
	case core.Chosen:
		return s.tellChosen(e)
	case core.Judged:
		holds := ""
		if !e.Why.Result {
			holds = " no"
		}
		return fmt.Sprintf("%s %s: %s%s\n", s.name(e.Act), e.What, e.Why.Guard, holds)
	case core.Decided:
		return s.tellDecided(e)
	case core.EndedEarly:
		return fmt.Sprintf("%s ended early by %s\n", s.name(e.Act), e.By.ID)
	case core.Grown:
		return fmt.Sprintf("%s grown to %d\n", s.name(e.Act), e.Total)
	case core.Locked:
		return fmt.Sprintf("%s locks %s\n", s.name(e.Lock.Act), cmp.Or(e.Lock.Name, "its list"))
	case core.Raised:
		return fmt.Sprintf("%s raises %s, taken by %s\n", s.name(e.Act), e.Error, s.name(e.Taker))
	case core.UndoBegan:
		var left []string
		for _, id := range e.Undo.Left {
			left = append(left, s.name(id))
		}
		return fmt.Sprintf("%s undoes %s\n", s.name(e.Act), strings.Join(left, " "))
	case core.UndoEnded:
		return s.name(e.Act) + " has undone all\n"
	case core.EndReached:
		return "end " + e.End + "\n"
	case core.Ended:
		return strings.TrimSpace(fmt.Sprintf("case %s %s %s", e.Status, e.Outcome, e.Reason)) + "\n"
	}
	return s.tellWork(e)
}

func (s *story) tellWork(e core.Event) string {
	switch e := e.(type) {
	case core.TimerSet:
		return fmt.Sprintf("%s timer at %s\n", s.name(e.Act), e.Timer.At.In(s.p.Office.Zone).Format("15:04"))
	case core.Received:
		return fmt.Sprintf("message %s %s\n", e.Name, e.Fate)
	case core.Called:
		return fmt.Sprintf("%s calls %s as %s with %s\n", s.name(e.Act), e.Procedure, e.Case, e.Values)
	case core.Returned:
		return fmt.Sprintf("%s has %s %s, not taken\n", s.name(e.Act), e.Outcome, e.Values)
	case core.Asked:
		return fmt.Sprintf("%s asks %s #%d at most %d times: %s\n", s.name(e.Act), e.Name, e.Job, e.Most, e.Body)
	case core.Tried:
		return s.tellTried(e)
	case core.Replied:
		line := fmt.Sprintf("%s was answered, given %d times %s", s.name(e.Act), e.Given, e.Worker)
		if e.Wrong != "" {
			line += "but wrong: " + e.Wrong
		}
		return strings.TrimSpace(line) + "\n"
	case core.Reminded:
		return fmt.Sprintf("%s %s %s\n", s.name(e.Act), e.How, people(e.To))
	case core.Issued:
		paper := fmt.Sprintf("issued %s %s/%d %s", e.Document, e.Number, e.Edition, people(e.Copies))
		if e.Instead != "" {
			paper += " instead of " + e.Instead
		}
		return strings.TrimSpace(paper) + "\n"
	case core.Stuck:
		return fmt.Sprintf("%s stuck: %s\n", s.name(e.Act), e.Incident.Code)
	case core.Resolved:
		return s.name(e.Act) + " tried again\n"
	case core.Stirred:
		return s.name(e.Act) + " stalled no more\n"
	case core.Urged:
		return fmt.Sprintf("%s urged %s: %s\n", e.By.ID, people(e.To), e.Text)
	case core.CaseCopied:
		var to []string
		for _, p := range e.To {
			to = append(to, p.ID)
		}
		return fmt.Sprintf("%s copied the case to %s: %s\n", e.By.ID, strings.Join(to, " "), e.Text)
	case core.NotHandedOver:
		return fmt.Sprintf("%s stays with %s, not %s: %s\n", s.name(e.Act), e.From.ID, e.To.ID, e.Why)
	case core.Commented:
		return fmt.Sprintf("%s commented: %s\n", e.By.ID, e.Text)
	}
	return s.tellBack(e)
}

// name is how a transcript calls an activation: step#id.
func (s *story) name(id core.ID) string {
	for _, e := range slices.Backward(s.events) {
		if o, ok := e.(core.Opened); ok && o.Act == id {
			return fmt.Sprintf("%s#%d", o.Step, id)
		}
	}
	return fmt.Sprintf("#%d", id)
}

func (s *story) tellOpened(e core.Opened) string {
	line := fmt.Sprintf("opened %s#%d", e.Step, e.Act)
	var from []string
	for _, x := range e.Ate {
		if x.Input != "" {
			from = append(from, x.Input)
		}
	}
	if len(from) > 0 {
		line += " from " + strings.Join(from, ",")
	}
	if len(e.Missed) > 0 {
		line += " missed " + strings.Join(e.Missed, ",")
	}
	if e.N > 1 {
		line += fmt.Sprintf(" n=%d", e.N)
	}
	if e.Detour != 0 {
		line += " as a detour of " + s.name(e.Detour)
	}
	if !e.Due.IsZero() {
		line += " due " + e.Due.In(s.p.Office.Zone).Format("15:04")
	}
	return line + "\n"
}

func (s *story) tellChosen(e core.Chosen) string {
	var why []string
	for _, w := range e.Why {
		var read []string
		for _, r := range w.Read {
			raw, err := json.Marshal(r.Value)
			if err != nil {
				raw = []byte(err.Error())
			}
			read = append(read, r.Name+"="+string(raw))
		}
		why = append(why, fmt.Sprintf("%s (%s) %v", w.Guard, strings.Join(read, " "), w.Result))
	}
	if len(why) == 0 {
		return ""
	}
	return s.name(e.Act) + " chose: " + strings.Join(why, "; ") + "\n"
}

func (s *story) tellDecided(e core.Decided) string {
	var rows, read []string
	for _, h := range e.Hits {
		rows = append(rows, fmt.Sprintf("row %d: %s", h.Row, h.When))
	}
	if len(rows) == 0 {
		rows = []string{"no row"}
	}
	for _, r := range e.Read {
		raw, err := json.Marshal(r.Value)
		if err != nil {
			raw = []byte(err.Error())
		}
		read = append(read, r.Name+"="+string(raw))
	}
	return fmt.Sprintf("%s decided by %s (%s)\n", s.name(e.Act), strings.Join(rows, "; "), strings.Join(read, " "))
}

func (s *story) tellTried(e core.Tried) string {
	line := fmt.Sprintf("%s failed, given %d times: %s", s.name(e.Act), e.Given, e.Message)
	if e.Error != "" {
		line += " error " + e.Error
	}
	if !e.Again.IsZero() {
		line += " again at " + e.Again.In(s.p.Office.Zone).Format("15:04:05.000")
	}
	return line + "\n"
}

func tellData(e core.DataSet) string {
	var out []string
	for _, a := range e.Values {
		raw, err := json.Marshal(a.Value)
		if err != nil {
			raw = []byte(err.Error())
		}
		out = append(out, fmt.Sprintf("%s%s=%s", a.Path, row(a.Row), raw))
	}
	return "set " + strings.Join(out, " ") + "\n"
}

func row(n int) string {
	if n < 0 {
		return ""
	}
	return fmt.Sprintf("[%d]", n)
}

func people(list []formula.Candidate) string {
	var out []string
	for _, c := range list {
		out = append(out, c.Post+c.Person)
	}
	return strings.Join(out, ",")
}

func tellRejection(r *core.Rejection) string {
	line := "refused " + string(r.Code)
	if r.Say != "" {
		line += ": " + r.Say
	}
	for _, f := range r.Fields {
		line += fmt.Sprintf(" [%s %s]", f.Path, f.Code)
	}
	return line + "\n"
}

func tellEffect(e core.Effect) string {
	switch e := e.(type) {
	case core.StartCase:
		return "-> start case of " + e.Procedure + "\n"
	case core.CancelCase:
		return "-> cancel case " + e.Case + "\n"
	case core.EndChild:
		return "-> tell case " + e.Parent.Case + " " + e.Outcome + e.Failed + "\n"
	case core.DropJob:
		return fmt.Sprintf("-> drop job #%d\n", e.Job)
	case core.PutJob:
		return fmt.Sprintf("-> put job #%d\n", e.Job)
	case core.DelayJob:
		return fmt.Sprintf("-> delay job #%d\n", e.Job)
	case core.Subscribe:
		return "-> subscribe " + e.Name + "=" + e.Key + "\n"
	case core.Unsubscribe:
		return "-> unsubscribe " + e.Name + "\n"
	}
	return ""
}
