package engine

import (
	"github.com/guicheng/guicheng/definitions"
	"github.com/guicheng/guicheng/definitions/formula"
	"github.com/guicheng/guicheng/definitions/value"
	"github.com/guicheng/guicheng/engine/core"
)

// tellSigners tells what people do with tasks, and with one another.
func (t *teller) tellSigners(event core.Event) string {
	switch x := event.(type) {
	case core.Offered:
		name := "offered"
		if x.Why != "" && x.Why != core.OfferOpened {
			name += "." + x.Why
		}
		return t.fill(name, "step", t.stepOf(x.Act), "people", t.people(x.Candidates))
	case core.Claimed:
		t.who = t.actor(x.Person, x.For)
		return t.fill("claimed", "step", t.stepOf(x.Act))
	case core.Began:
		name := "began"
		if x.Draft {
			name += ".draft"
		}
		t.who = t.actor(x.Person, x.For)
		return t.fill(name, "step", t.stepOf(x.Act))
	case core.Released:
		if x.For != nil {
			t.who = t.actor(value.Person{Name: t.who}, x.For)
		}
		return t.fill("released", "step", t.stepOf(x.Act))
	case core.Answered:
		return t.answered(x)
	case core.Skipped:
		return t.fill("skipped."+x.Why, "step", t.stepOf(x.Act), "people", t.people(x.Who))
	case core.Transferred:
		return t.transferred(x)
	case core.Delegated:
		t.who = x.By.Name
		return t.fill("delegated", "step", t.stepOf(x.Act), "to", x.To.Name) + t.note(x.Note)
	case core.GaveBack:
		return t.gaveBack(x)
	case core.SignersAdded:
		return t.signersAdded(x)
	case core.SignersOut:
		if x.By.ID == "" {
			return t.fill("signers-out", "step", t.stepOf(x.Act))
		}
		t.who = x.By.Name
		return t.fill("signers-out.by", "step", t.stepOf(x.Act), "people", t.signers(x)) + t.note(x.Note)
	case core.Resumed:
		return t.fill("resumed", "step", t.stepOf(x.Act))
	default:
		return t.fill(event.Kind())
	}
}

// answered tells an answer; of one who was asked first, that it is advice.
func (t *teller) answered(x core.Answered) string {
	t.who = t.actor(x.Person, x.For)
	if x.Again {
		return t.fill("answered.again", "step", t.stepOf(x.Act))
	}
	name := "answered"
	if a := t.act(x.Act); a != nil {
		for _, slot := range a.Slots {
			if slot.ID == x.Slot && a.Advises(slot) {
				name = "advised"
			}
		}
	}
	return t.withAnswer(name, x.Act, x.Answer) + t.note(x.Note)
}

func (t *teller) transferred(x core.Transferred) string {
	name := "transferred"
	if x.Keep {
		name += ".keep"
	}
	t.who = x.By.Name
	return t.fill(name, "step", t.stepOf(x.Act), "to", x.To.Name) + t.note(x.Note)
}

func (t *teller) gaveBack(x core.GaveBack) string {
	t.who = t.actor(x.By, x.For)
	holder := ""
	if a := t.act(x.Act); a != nil {
		for _, slot := range a.Slots {
			if slot.ID == x.Slot && slot.Holder != nil {
				holder = slot.Holder.ID
			}
		}
	}
	switch {
	case (x.By.ID == holder || x.For != nil && x.For.ID == holder) && holder != "":
		return t.fill("gave-back.taken", "step", t.stepOf(x.Act))
	case x.Done:
		return t.withAnswer("gave-back.done", x.Act, x.Answer) + t.note(x.Note)
	}
	return t.fill("gave-back", "step", t.stepOf(x.Act))
}

func (t *teller) signersAdded(x core.SignersAdded) string {
	people := make([]formula.Candidate, len(x.Signers))
	for i, s := range x.Signers {
		people[i] = s.Who
	}
	t.who = x.By.Name
	text := t.fill("signers-added."+string(x.Place), "step", t.stepOf(x.Act), "people", t.people(people))
	if mode, err := definitions.ParseMode(x.Mode); err == nil && len(x.Signers) > 1 {
		text += t.mode(mode)
	}
	return text + t.note(x.Note)
}

// mode says how several signatures make one answer.
func (t *teller) mode(m definitions.Mode) string {
	if m.Sign != definitions.SignRatio {
		return t.fill("mode", "mode", phrase(t.lang, "mode."+m.String()))
	}
	name := "mode.ratio"
	if m.More {
		name = "mode.more"
	}
	return t.fill("mode", "mode", fill(phrase(t.lang, name), "ratio", m.Ratio.RatString()))
}

// signers names those whom somebody took out.
func (t *teller) signers(x core.SignersOut) string {
	var out []formula.Candidate
	if a := t.act(x.Act); a != nil {
		for _, slot := range a.Slots {
			for _, id := range x.Slots {
				if slot.ID == id {
					out = append(out, slot.Candidates...)
				}
			}
		}
	}
	return t.people(out)
}

func (t *teller) note(text string) string {
	if text == "" {
		return ""
	}
	return t.fill("note", "note", text)
}
