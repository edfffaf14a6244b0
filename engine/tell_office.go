package engine

import (
	"github.com/guicheng/guicheng/definitions/formula"
	"github.com/guicheng/guicheng/definitions/value"
	"github.com/guicheng/guicheng/engine/core"
)

// actor names who did something, and in whose stead.
func (t *teller) actor(who value.Person, stead *value.Person) string {
	if stead == nil {
		return who.Name
	}
	return t.fill("in-stead", "person", who.Name, "for", stead.Name)
}

// tellSayings tells what people said on a case.
func (t *teller) tellSayings(event core.Event) string {
	switch x := event.(type) { //nolint:gochecksumtype // tell has the others
	case core.Urged:
		t.who = x.By.Name
		return t.saying("urged", t.people(x.To), x.Text)
	case core.CaseCopied:
		t.who = x.By.Name
		to := make([]formula.Candidate, len(x.To))
		for i, p := range x.To {
			to[i].Person = p.ID
		}
		return t.saying("case-copied", t.people(to), x.Text)
	case core.NotHandedOver:
		return t.fill("not-handed-over", "step", t.stepOf(x.Act), "from", x.From.Name, "to", x.To.Name)
	case core.Commented:
		t.who = x.By.Name
		return t.fill("commented", "text", x.Text)
	}
	return t.fill(event.Kind())
}

func (t *teller) saying(name, people, text string) string {
	if text != "" {
		name += ".text"
	}
	return t.fill(name, "people", people, "text", text)
}
