package definitions

import (
	"math/big"
	"slices"
	"strings"

	"github.com/guicheng/guicheng/definitions/formula"
	"github.com/guicheng/guicheng/definitions/value"
)

var (
	selves  = map[string]Self{"allow": SelfAllow, "skip": SelfSkip, "superior": SelfSuperior}
	nobody  = map[string]Nobody{"incident": NobodyIncident, "skip": NobodySkip}
	repeats = map[string]Again{"ask": AgainAsk, "once": AgainOnce, "consecutive": AgainConsecutive}
	signs   = map[string]Sign{"all": SignAll, "all-at-end": SignAllAtEnd, "any": SignAny, "in-order": SignInOrder}
)

func (c *compiler) task(s *Step, n *node, row *value.Field) {
	t := &Task{By: c.chosen(s, n.get("by"), formula.Names{Row: row, Manager: true}), Form: c.form(n, row),
		Note: n.get("note").str()}
	s.Work = t
	for _, e := range n.get("answers").pairs() {
		t.Answers = append(t.Answers, Outcome{ID: e.key.text, Title: e.value.str()})
	}
	if sign := n.get("sign"); sign != nil {
		c.sign(t, sign, row)
		c.signed(t, n)
	}
	if t.Recall = n.get("recall").yes(); t.Recall && t.Sign != SignNone {
		n.keyNode("recall").fault("not-for-type", "", "what several have signed is not one person's to take back")
	}
	s.Outcomes = t.Answers
	names := formula.Names{Row: row, Actor: true, Now: true}
	t.Allow = c.guard(n.get("allow"), names)
	if t.Form.Add != nil {
		names.Row = t.Form.Add // the checks are about the new row
	}
	for _, a := range t.Answers {
		names.Answers = append(names.Answers, a.ID)
	}
	t.Checks = c.checks(n.get("check"), names)
	t.Priority = c.value(n.get("priority"), formula.Names{Row: row, Now: true},
		&value.Field{Name: "priority", Path: "priority", Kind: value.Count})
	c.absence(s, t, n, row)
	c.permits(t, n, row)
}

// sign reads how the signatures make one answer.
func (c *compiler) sign(t *Task, n *node, row *value.Field) {
	if n.isText() {
		t.Sign = signs[n.text]
		return
	}
	t.Sign, t.Ratio = SignRatio, big.NewRat(1, 1)
	kind := c.exactlyOne(n, "ratio", "more_than")
	if share := n.get(kind); share.isText() {
		t.More = kind == "more_than"
		ratio, err := parseRatio(share.text, t.More)
		if err != nil {
			share.fault("wrong-value", "ratio: 2/3, or more_than: 1/2", "%v", err)
		} else {
			t.Ratio = ratio
		}
	}
	c.weight(t, n.get("weight"), row)
}

// weight reads what one signature counts: computed, or by post.
func (c *compiler) weight(t *Task, weight *node, row *value.Field) {
	if weight.isText() {
		t.Weight = c.value(weight, formula.Names{Row: row, Extra: []*value.Field{
			{Name: "signer", Path: "signer", Kind: value.Human},
		}}, &value.Field{Name: "weight", Path: "weight", Kind: value.Number})
		return
	}
	for _, e := range weight.pairs() {
		w, ok := new(big.Rat), false
		if len(e.value.str()) <= maxRatio && !strings.ContainsAny(e.value.str(), "eEpPxX_") {
			w, ok = w.SetString(e.value.str())
		}
		if !ok || w.Sign() <= 0 {
			e.value.fault("wrong-value", "write 2, 1.5 or 1/2", "a weight is a number above 0, not %s",
				clipped(e.value.str()))
			continue
		}
		if c.b.post(e.key) {
			t.Weights = append(t.Weights, PostWeight{Post: e.key.text, Weight: w})
		}
	}
}

// signed gives a task with signatures its two answers.
func (c *compiler) signed(t *Task, n *node) {
	for _, e := range n.get("answers").pairs() {
		if e.key.text != "approved" && e.key.text != "rejected" {
			e.key.fault("wrong-value", "", "the answers of a signature are approved and rejected, not %s", e.key.text)
		}
	}
	given := t.Answers
	say := [2]string{"同意", "不同意"}
	if c.b.out.Office.Language == "en" {
		say = [2]string{"Approve", "Reject"}
	}
	t.Answers = []Outcome{{ID: "approved", Title: say[0]}, {ID: "rejected", Title: say[1]}}
	for _, a := range given {
		for i := range t.Answers {
			if t.Answers[i].ID == a.ID {
				t.Answers[i].Title = a.Title
			}
		}
	}
}

// absence reads what happens where those who would do the task are not to do it, or are not there.
func (c *compiler) absence(s *Step, t *Task, n *node, row *value.Field) {
	t.Self = selves[n.get("self").str()]
	t.Nobody, t.Declared = nobody[n.get("nobody").str()], n.has("nobody")
	if stead := n.get("nobody"); stead.isMap() {
		t.Nobody, t.Stead = NobodyPost, c.chosen(s, stead.get("post"), formula.Names{Row: row, Manager: true})
	}
	approves := slices.ContainsFunc(t.Answers, func(o Outcome) bool { return o.ID == "approved" })
	switch {
	case approves:
		t.Skip = "approved"
	case len(t.Answers) == 1:
		t.Skip = t.Answers[0].ID
	case t.Skippable() && len(t.Answers) > 1:
		key := "self"
		if t.Self != SelfSkip {
			key = "nobody"
		}
		n.get(key).fault("skip-unclear", "call the answer that it is to count as approved",
			"which of its answers is it when %s is skipped: %s?", s.ID, strings.Join(outcomeIDs(s), ", "))
	}
	asks := slices.ContainsFunc(t.Form.Fields, func(f *FormField) bool { return !f.Optional }) || t.Form.Add != nil
	t.Again = c.p.Again
	if again := n.get("again"); again != nil {
		t.Again = repeats[again.str()]
		switch {
		case t.Again == AgainAsk:
		case !approves:
			again.fault("not-for-type", "only a task with the answer approved asks for an approval",
				"%s has nothing that could have been approved before", s.ID)
		case asks:
			again.fault("not-for-type", "name its fields in optional as well, or leave again out",
				"%s has a form that must be filled in each time", s.ID)
		}
	}
	if !approves || asks {
		t.Again = AgainAsk
	}
}

// permits reads with whom the acts may be done that take the task to other people.
func (c *compiler) permits(t *Task, n *node, row *value.Field) {
	for _, p := range []struct {
		key  string
		into *Permit
	}{
		{"transfer", &t.Transfer},
		{"delegate", &t.Delegate},
		{"add_signer", &t.AddSigner},
		{"remove_signer", &t.RemoveSigner},
	} {
		switch say := n.get(p.key); {
		case say == nil:
		case say.isText() && say.text == "true":
			p.into.Kind = PermitAll
		case say.isText() && say.text == "false":
			p.into.Kind = PermitNone
		default:
			*p.into = Permit{Kind: PermitSome, Who: c.who(say, formula.Names{Row: row, Manager: true})}
		}
	}
}
