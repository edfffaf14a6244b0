package engine

import (
	"strconv"
	"time"

	"github.com/guicheng/guicheng/definitions"
	"github.com/guicheng/guicheng/definitions/formula"
	"github.com/guicheng/guicheng/definitions/value"
	"github.com/guicheng/guicheng/engine/core"
)

// teller tells a case's events in sentences.
type teller struct {
	*renderer
	proc  *definitions.Procedure
	steps map[core.ID]string // step of each activation that was opened, by id
	who   string             // actor of the event being told
}

// see remembers what later events refer to.
func (t *teller) see(event core.Event) {
	if o, ok := event.(core.Opened); ok {
		t.steps[o.Act] = o.Step
	}
}

// tell gives the sentence of an event.
func (t *teller) tell(event core.Event) string {
	switch x := event.(type) {
	case core.CaseStarted:
		name := "case-started"
		if t.who == "" {
			name = "case-started.self"
		}
		return t.say2(name, "procedure", t.say(t.proc.Title), "number", x.Number)
	case core.DataSet:
		return t.say2("data-set", "fields", t.fields(x))
	case core.Ended:
		return t.say2("ended."+string(x.Status), "procedure", t.say(t.proc.Title), "end", t.end(x.Outcome),
			"reason", x.Reason)
	case core.EndReached:
		return t.say2("end-reached", "end", t.end(x.End))
	case core.Issued:
		name := "issued"
		if x.Edition > 1 {
			name = "issued.again"
		}
		return t.say2(name, "document", t.document(x.Document), "number", x.Number, "edition", strconv.Itoa(x.Edition))
	case core.Stuck:
		return t.say2("stuck", "step", t.stepOf(x.Act), "code", x.Incident.Code)
	case core.Resolved:
		return t.say2("resolved", "step", t.stepOf(x.Act))
	case core.Called:
		return t.say2("called", "step", t.stepOf(x.Act), "procedure", t.procedure(x.Procedure))
	default:
		return t.tellSteps(event)
	}
}

// tellSteps tells the life of steps and threads.
func (t *teller) tellSteps(event core.Event) string {
	switch x := event.(type) {
	case core.FrameOpened:
		if x.Row >= 0 {
			return t.say2("frame-opened.row", "step", t.stepOf(x.Owner), "row", strconv.Itoa(x.Row+1))
		}
		return t.say2("frame-opened", "step", t.stepOf(x.Owner))
	case core.Opened:
		if x.N > 1 {
			return t.say2("opened.again", "step", t.title(x.Step), "n", strconv.Itoa(x.N))
		}
		return t.say2("opened", "step", t.title(x.Step))
	case core.Moved:
		return t.say2("moved."+string(x.To), "step", t.stepOf(x.Act), "why", phrase(t.lang, "why."+x.Why))
	case core.Passed:
		return t.say2("passed", "to", t.title(x.To))
	case core.Joined:
		return t.say2("joined", "to", t.title(x.Step))
	case core.RoundChanged:
		return t.say2("round-changed", "to", t.title(x.Round.Step))
	case core.Spread:
		return t.say2("spread", "step", t.stepOf(x.Act), "n", strconv.Itoa(x.Total))
	case core.RowEnded:
		return t.say2("row-ended", "step", t.stepOf(x.Act))
	case core.Resulted:
		return t.withAnswer("resulted", x.Act, x.Answer)
	case core.Chosen:
		if to := t.ways(x); to != "" {
			return t.say2("chosen", "step", t.stepOf(x.Act), "to", to)
		}
		return t.say2("chosen.none", "step", t.stepOf(x.Act))
	case core.Judged:
		return t.say2("judged", "guard", x.Why.Guard)
	default:
		return t.tellTasks(event)
	}
}

// tellTasks tells what people, clocks and messages do.
func (t *teller) tellTasks(event core.Event) string {
	switch x := event.(type) {
	case core.Offered:
		name := "offered"
		if x.Why != "" && x.Why != core.OfferOpened {
			name += "." + x.Why
		}
		return t.say2(name, "step", t.stepOf(x.Act), "people", t.people(x.Candidates))
	case core.Claimed:
		name := "claimed"
		if x.Draft {
			name = "claimed.draft"
		}
		t.who = x.Person.Name
		return t.say2(name, "step", t.stepOf(x.Act))
	case core.Released:
		return t.say2("released", "step", t.stepOf(x.Act))
	case core.Answered:
		t.who = x.Person.Name
		return t.withAnswer("answered", x.Act, x.Answer)
	case core.Subscribed:
		return t.say2("subscribed", "step", t.stepOf(x.Act), "message", t.message(x.Key.Name))
	case core.TimerSet:
		return t.say2("timer-set", "step", t.stepOf(x.Act), "at", t.moment(x.Timer.At))
	case core.TimerCleared:
		name := "timer-cleared"
		if x.Fired {
			name = "timer-cleared.due"
		}
		return t.say2(name, "step", t.stepOf(x.Act))
	case core.Received:
		return t.received(x)
	case core.Kept:
		return t.say2("kept", "message", t.message(x.Message.Name), "at", t.moment(x.Message.Until))
	case core.Unkept:
		return t.say2("unkept", "message", t.message(x.Name))
	case core.Reminded:
		name := "reminded"
		if x.How == core.OfferEscalated {
			name = "reminded.escalated"
		}
		return t.say2(name, "step", t.stepOf(x.Act), "people", t.people(x.To))
	default:
		return t.say2(event.Kind())
	}
}

func (t *teller) received(x core.Received) string {
	name := "received"
	switch {
	case x.Fate == "kept" || x.Fate == "dropped":
		name += "." + x.Fate
	case t.who != "":
		name = "received.by"
	}
	return t.say2(name, "message", t.message(x.Name))
}

// say2 fills a phrase; who did it is known to all of them.
func (t *teller) say2(name string, pairs ...string) string {
	who := t.who
	if who == "" {
		who = phrase(t.lang, "engine")
	}
	return fill(phrase(t.lang, name), append(pairs, "who", who)...)
}

func (t *teller) withAnswer(name string, act core.ID, answer string) string {
	if answer == "" {
		return t.say2(name, "step", t.stepOf(act))
	}
	return t.say2(name+".with", "step", t.stepOf(act), "answer", t.answer(act, answer))
}

func (t *teller) moment(at time.Time) string { return t.time(value.Moment, at) }

// title names a step.
func (t *teller) title(id string) string {
	if st := t.proc.Steps[id]; st != nil {
		return t.say(st.Title)
	}
	if id == t.proc.ID {
		return t.say(t.proc.Title)
	}
	return id
}

func (t *teller) stepOf(act core.ID) string { return t.title(t.steps[act]) }

// answer names what a step came to.
func (t *teller) answer(act core.ID, id string) string {
	st := t.proc.Steps[t.steps[act]]
	if st == nil {
		return t.end(id)
	}
	if task, ok := st.Work.(*definitions.Task); ok {
		for _, o := range task.Answers {
			if o.ID == id {
				return t.say(o.Title)
			}
		}
	}
	for _, o := range st.Outcomes {
		if o.ID == id && o.Title != "" {
			return t.say(o.Title)
		}
	}
	return phrase(t.lang, id)
}

// end names an end of the procedure.
func (t *teller) end(id string) string {
	if end := endOf(t.proc, id); end != nil && end.Title != "" {
		return t.say(end.Title)
	}
	if id == "" {
		id = "done"
	}
	return phrase(t.lang, id)
}

// endOf finds an end of the procedure itself.
func endOf(p *definitions.Procedure, id string) *definitions.End {
	block, ok := p.Case.Work.(*definitions.Block)
	if !ok {
		return nil
	}
	for _, end := range block.Graph.Ends {
		if end.ID == id {
			return end
		}
	}
	return nil
}

// ways names where the chosen ways lead.
func (t *teller) ways(x core.Chosen) string {
	var to []string
	for _, i := range x.Ways {
		if name := t.way(x.Act, i); name != "" {
			to = append(to, name)
		}
	}
	return t.list(to)
}

func (t *teller) way(act core.ID, i int) string {
	st := t.proc.Steps[t.steps[act]]
	if st == nil || i < 0 || i >= len(st.Ways) {
		return ""
	}
	switch w := st.Ways[i]; {
	case w.To != nil:
		return t.say(w.To.Title)
	case w.End != nil && w.End.Title != "":
		return t.say(w.End.Title)
	case w.End != nil:
		return phrase(t.lang, w.End.ID)
	}
	return ""
}

func (t *teller) document(id string) string {
	for _, d := range t.proc.Documents {
		if d.ID == id {
			return t.say(d.Title)
		}
	}
	return id
}

func (t *teller) message(id string) string {
	if m := messageOf(t.proc, id); m != nil {
		return t.say(m.Title)
	}
	return id
}

func (t *teller) procedure(id string) string {
	if p := calleeOf(t.proc, id); p != nil {
		return t.say(p.Title)
	}
	return id
}

// people names candidates.
func (t *teller) people(list []formula.Candidate) string {
	names := make([]string, len(list))
	for i, c := range list {
		if c.Person != "" {
			names[i] = t.person(c.Person)
		} else {
			names[i] = t.post(c.Post)
		}
	}
	return t.list(names)
}

// fields names what was set, with its values; private ones are masked.
func (t *teller) fields(x core.DataSet) string {
	parts := make([]string, 0, len(x.Values))
	for _, a := range x.Values {
		f := t.proc.Data.Field(a.Path)
		if f == nil {
			continue
		}
		title := t.say(f.Title)
		if a.Row >= 0 {
			title += "#" + strconv.Itoa(a.Row+1)
		}
		switch {
		case a.Value == nil:
			parts = append(parts, fill(phrase(t.lang, "emptied"), "field", title))
		case privatePath(t.proc.Data, a.Path):
			parts = append(parts, title+" "+masked)
		default:
			parts = append(parts, title+" "+t.text(f, a.Value))
		}
	}
	return t.list(parts)
}
