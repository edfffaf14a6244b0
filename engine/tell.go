package engine

import (
	"strconv"
	"strings"
	"time"

	"github.com/guicheng/guicheng/definitions"
	"github.com/guicheng/guicheng/definitions/formula"
	"github.com/guicheng/guicheng/definitions/value"
	"github.com/guicheng/guicheng/engine/core"
)

// teller tells a case's events in sentences, each with the case as it stood before the event.
type teller struct {
	*renderer
	proc  *definitions.Procedure
	state *core.State // the fold of the events before the one being told
	// version gives an earlier version of the procedure; nil = it cannot be had.
	version func(int) *definitions.Procedure
	who     string  // actor of the event being told
	fired   core.ID // activation whose timer has just run out; 0: none
	turned  core.ID // activation that a timer, a message or a condition ends: that was told with it
}

// tell gives the sentence of an event.
func (t *teller) tell(event core.Event) string {
	switch x := event.(type) {
	case core.CaseStarted:
		return t.started(x)
	case core.DataSet:
		return t.fill("data-set", "fields", t.fields(x))
	case core.Ended:
		return t.ended(x)
	case core.EndReached:
		name := "end-reached"
		if t.endBeforeOthers(x) {
			name += ".first"
		}
		return t.fill(name, "step", t.frameNamed(x.Frame), "end", t.endIn(x.Frame, x.End))
	case core.Issued:
		return t.issued(x)
	case core.Stuck:
		return t.fill("stuck", "step", t.stepOf(x.Act), "what", t.incident(x.Incident))
	case core.Resolved:
		return t.fill("resolved", "step", t.stepOf(x.Act))
	case core.Stirred:
		return t.fill("stirred", "step", t.stepOf(x.Act))
	case core.Called:
		return t.fill("called", "step", t.stepOf(x.Act), "procedure", t.quoted(t.procedure(x.Procedure)))
	case core.Returned:
		return t.fill("returned", "step", t.stepOf(x.Act), "procedure", t.quoted(t.procedure(x.Procedure)))
	case core.Asked:
		return t.asked(x)
	case core.Tried:
		name := "tried"
		if !x.Again.IsZero() {
			name = "tried.again"
		}
		return t.fill(name, "step", t.stepOf(x.Act), "given", strconv.Itoa(x.Given), "message", t.tried(x),
			"at", t.moment(x.Again))
	case core.Replied:
		return t.replied(x)
	case core.Drew:
		return t.fill("drew", "series", x.Series, "n", strconv.FormatInt(x.N, 10))
	case core.SentBack, core.Superseded, core.Detoured, core.Rejoined, core.Reopened, core.Suspension,
		core.Resumption, core.Forced, core.Migrated:
		return t.tellBack(event)
	default:
		return t.tellSteps(event)
	}
}

// tellTasks tells what clocks and messages do.
func (t *teller) tellTasks(event core.Event) string {
	switch x := event.(type) {
	case core.Subscribed:
		return t.fill("subscribed", "step", t.stepOf(x.Act), "message", t.quoted(t.message(x.Key.Name)))
	case core.Unsubscribed:
		return t.fill("unsubscribed", "step", t.stepOf(x.Act), "message", t.quoted(t.message(x.Key.Name)))
	case core.TimerSet:
		return t.fill("timer-set", "step", t.stepOf(x.Act), "at", t.moment(x.Timer.At))
	case core.TimerCleared:
		return t.timerCleared(x)
	case core.Received:
		return t.received(x)
	case core.Kept:
		return t.fill("kept", "message", t.quoted(t.message(x.Message.Name)), "at", t.moment(x.Message.Until))
	case core.Unkept:
		return t.fill("unkept", "message", t.quoted(t.message(x.Name)))
	case core.Reminded:
		return t.reminded(x)
	case core.Urged, core.CaseCopied, core.Commented, core.NotHandedOver:
		return t.tellSayings(event)
	default:
		return t.tellSigners(event)
	}
}

func (t *teller) started(x core.CaseStarted) string {
	name := "case-started"
	if x.Starter.Name != "" {
		t.who = x.Starter.Name
	}
	switch {
	case x.Parent != nil:
		name = "case-started.called"
	case t.who == "":
		name = "case-started.self"
	}
	return t.fill(name, "procedure", t.quoted(t.say(t.proc.Title)), "number", x.Number)
}

func (t *teller) ended(x core.Ended) string {
	reason := x.Reason
	if x.Code == core.CalledOff {
		reason = phrase(t.lang, "called-off")
	}
	if x.Outcome == core.Revoked && x.Status == core.Cancelled {
		return t.fill("ended.revoked", "procedure", t.quoted(t.say(t.proc.Title)), "reason", t.because(reason))
	}
	name := "ended." + string(x.Status)
	if x.Status == core.Cancelled && t.who != "" {
		name += ".by"
	}
	return t.fill(name, "procedure", t.quoted(t.say(t.proc.Title)), "end", t.end(x.Outcome), "reason", reason)
}

func (t *teller) asked(x core.Asked) string {
	st := core.StepOf(t.proc, t.state, x.Act)
	if st != nil {
		if r, ok := st.Work.(*definitions.Request); ok {
			return t.fill("asked.request", "step", t.stepOf(x.Act), "system", t.quoted(t.system(r.System)))
		}
	}
	return t.fill("asked.job", "step", t.stepOf(x.Act), "kind", x.Name)
}

// system names a system of the office.
func (t *teller) system(id string) string {
	for _, s := range t.proc.Office.Systems {
		if s.ID == id {
			return t.say(s.Title)
		}
	}
	return id
}

func (t *teller) replied(x core.Replied) string {
	name := "replied"
	switch {
	case x.Wrong != "":
		name = "replied.wrong"
	case x.Given > 1:
		name = "replied.often"
	}
	return t.fill(name, "step", t.stepOf(x.Act), "given", strconv.Itoa(x.Given), "wrong", x.Wrong)
}

// tried says why something failed: the error that the procedure names, and what was said of it.
func (t *teller) tried(x core.Tried) string {
	text := x.Message
	st := core.StepOf(t.proc, t.state, x.Act)
	if st == nil || x.Error == "" {
		return text
	}
	for _, e := range definitions.GivenOf(st.Work).Errors {
		if e.ID == x.Error {
			text = strings.TrimSpace(t.say(e.Title) + " " + text)
		}
	}
	return text
}

func (t *teller) issued(x core.Issued) string {
	name := "issued"
	if x.Edition > 1 {
		name = "issued.again"
	}
	text := t.fill(name, "document", t.document(x.Document), "number", x.Number, "edition", strconv.Itoa(x.Edition))
	if x.Instead != "" {
		text += t.fill("issued.instead", "instead", x.Instead)
	}
	if len(x.Copies) > 0 {
		text += t.fill("issued.copies", "people", t.people(x.Copies))
	}
	return text
}

// fill fills a phrase of the reader's language; who did it is known to all of them.
func (t *teller) fill(name string, pairs ...string) string {
	who := t.who
	if who == "" {
		who = phrase(t.lang, "engine")
	}
	return fill(phrase(t.lang, name), append(pairs, "who", who)...)
}

func (t *teller) withAnswer(name string, act core.ID, answer string) string {
	if answer == "" {
		return t.fill(name, "step", t.stepOf(act))
	}
	return t.fill(name+".with", "step", t.stepOf(act), "answer", t.answer(act, answer))
}

func (t *teller) moment(at time.Time) string { return t.time(value.Moment, at) }

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
		case t.proc.Data.Private(a.Path):
			parts = append(parts, title+" "+masked)
		default:
			parts = append(parts, title+" "+t.text(f, a.Value))
		}
	}
	return t.list(parts)
}
