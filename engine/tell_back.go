package engine

import (
	"slices"
	"strconv"

	"github.com/guicheng/guicheng/definitions"
	"github.com/guicheng/guicheng/definitions/value"
	"github.com/guicheng/guicheng/engine/core"
)

// tellBack tells acts on the case: what was taken back, and why.
func (t *teller) tellBack(event core.Event) string {
	switch x := event.(type) { //nolint:gochecksumtype // tell has the others
	case core.SentBack:
		t.who = t.actor(x.Person, x.For)
		return t.fill("sent-back."+x.How, "step", t.stepOf(x.Act), "to", t.stepNamed(x.To), "reason", t.because(x.Reason),
			"region", t.region(x))
	case core.Superseded:
		return t.fill("superseded", "document", t.document(x.Document), "number", x.Number)
	case core.Detoured:
		t.who = t.actor(x.Person, x.For)
		return t.fill("detoured", "step", t.stepOf(x.Act), "to", t.stepNamed(x.To), "reason", t.because(x.Reason))
	case core.Reopened:
		return t.fill("reopened", "step", t.stepOf(x.Act))
	case core.Rejoined:
		return t.fill("rejoined", "step", t.stepOf(x.Act))
	case core.Suspension:
		t.who = x.Person.Name
		return t.fill("case-suspended", "reason", t.because(x.Reason))
	case core.Resumption:
		t.who = x.Person.Name
		if x.Shift != 0 {
			return t.fill("case-resumed.later", "span", t.text(&value.Field{Kind: value.Duration}, x.Shift),
				"reason", t.because(x.Reason))
		}
		return t.fill("case-resumed", "reason", t.because(x.Reason))
	case core.Migrated:
		t.who = x.Person.Name
		name := "migrated"
		if x.Back {
			name = "migrated.back"
		}
		return t.fill(name, "from", strconv.Itoa(x.From), "to", strconv.Itoa(x.To))
	case core.Forced:
		t.who = x.Person.Name
		return t.withAnswer("forced", x.Act, x.Answer)
	}
	return t.fill(event.Kind())
}

func (t *teller) because(reason string) string {
	if reason == "" {
		return ""
	}
	return t.fill("sent-back.reason", "reason", reason)
}

// region names what people had done, or could have done, and which is taken back.
func (t *teller) region(x core.SentBack) string {
	var undone, withdrawn []string
	for _, id := range x.Region {
		a, st := t.act(id), core.StepOf(t.proc, t.state, id)
		if a == nil || st == nil || id == x.Act && x.How == core.ByWay {
			continue
		}
		switch st.Work.(type) {
		case *definitions.Junction, *definitions.Set, *definitions.Decide:
			continue
		default:
		}
		list := &withdrawn
		if a.State == core.Done {
			list = &undone
		} else if a.State.Over() {
			continue
		}
		if name := t.stepOf(id); !slices.Contains(*list, name) {
			*list = append(*list, name)
		}
	}
	out := ""
	if len(undone) > 0 {
		out += t.fill("sent-back.undone", "steps", t.list(undone))
	}
	if len(withdrawn) > 0 {
		out += t.fill("sent-back.withdrawn", "steps", t.list(withdrawn))
	}
	return out
}

// stepNamed is the title of a step by its id.
func (t *teller) stepNamed(id string) string {
	if st := t.proc.Steps[id]; st != nil {
		return t.quoted(t.say(st.Title))
	}
	return id
}
