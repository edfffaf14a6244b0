package reference

import (
	"reflect"
	"slices"

	"github.com/guicheng/guicheng/definitions"
	"github.com/guicheng/guicheng/definitions/value"
)

// lookUp fills in what a decision table says.
func (c *Case) lookUp(a *act, w *definitions.Decide) {
	hits := slices.DeleteFunc(slices.Clone(w.Rows), func(r *definitions.DecideRow) bool { return !c.holds(a, r.When) })
	if len(hits) == 0 && w.Else != nil {
		hits = append(hits, w.Else)
	}
	bad := false
	given := make([][]any, len(w.Outputs))
	for i := range w.Outputs {
		for _, r := range hits {
			if w.Hit != definitions.HitCount {
				given[i] = append(given[i], c.entry(a, r.Gives[i]))
				bad = bad || w.Hit == definitions.HitAny && !reflect.DeepEqual(given[i][0], given[i][len(given[i])-1])
			}
		}
	}
	if bad || w.Hit.Single() && len(hits) == 0 || w.Hit == definitions.HitUnique && len(hits) > 1 {
		a.state, a.stuck = failed, open
		return
	}
	outcome := ""
	for i, o := range w.Outputs {
		if o.Into == nil {
			outcome, _ = given[i][0].(string)
			continue
		}
		c.assign(a, o.Into, o.OfRow, together(w.Hit, given[i], len(hits)))
	}
	c.complete(a, outcome)
}

func (c *Case) entry(a *act, e definitions.Entry) any {
	if e.Value == nil {
		return e.Fixed
	}
	return c.compute(a, e.Value)
}

// together makes one value of what the rows that fit give.
func together(hit definitions.Hit, all []any, hits int) any {
	var sum, least, most int64
	var words []string
	for i, v := range all {
		switch x := v.(type) {
		case int64:
			if sum += x; i == 0 {
				least, most = x, x
			}
			least, most = min(least, x), max(most, x)
		case string:
			if hit == definitions.HitRuleOrder || !slices.Contains(words, x) {
				words = append(words, x)
			}
		}
	}
	switch {
	case hit == definitions.HitCount:
		return int64(hits)
	case hit == definitions.HitSum:
		return sum
	case len(all) == 0:
		return nil
	case hit == definitions.HitMin:
		return least
	case hit == definitions.HitMax:
		return most
	case hit == definitions.HitCollect, hit == definitions.HitRuleOrder:
		return words
	default:
		return all[0]
	}
}

// machine brings what a worker or another system says of what it was asked.
func (c *Case) machine(in Input, a *act) bool {
	g := definitions.GivenOf(a.step.Work)
	if g == nil || a.state != open {
		return false
	}
	down, code, again := in.Do == Fail, in.Name, in.Tried <= g.Retry.Times
	if down && code != "" && !slices.ContainsFunc(g.Errors, func(e *definitions.NamedError) bool { return e.ID == code }) {
		return false
	}
	_, wrong := in.Values["said"].(string)
	wrong = wrong && g.Answer != nil
	missing := in.Values["said"] == nil && g.Answer != nil && len(g.Optional) == 0
	if w, ok := a.step.Work.(*definitions.Request); ok && !down {
		down, again = true, again && in.Index >= 500
		for _, e := range w.Errors {
			if e.Statuses[0].Has(in.Index) {
				code = e.ID
			}
		}
		if code == "" && in.Index >= 200 && in.Index < 300 {
			down, again = wrong || missing, false
		}
	} else if !down && (wrong || missing || !a.comesTo(in.Answer)) {
		return false
	}
	switch {
	case !down:
		c.taken(a, g, in)
	case code == "" && again:
	default:
		if code == "" {
			code = "failed"
		}
		c.mishap(a, code)
	}
	return true
}

// comesTo tells whether a step can come to an outcome.
func (a *act) comesTo(outcome string) bool {
	return outcome == "" && len(a.step.Outcomes) == 0 ||
		slices.ContainsFunc(a.step.Outcomes, func(o definitions.Outcome) bool { return o.ID == outcome })
}

// mishap raises an error, which is an incident where nothing takes it.
func (c *Case) mishap(a *act, code string) {
	if !c.raise(a, code, nil) {
		a.state, a.stuck = failed, open
	}
}

// taken fills in what is taken of an answer; what is missing in it empties the field.
func (c *Case) taken(a *act, g *definitions.Given, in Input) {
	scope := c.scope(a)
	answer := value.Record{}
	if in.Values != nil {
		answer = in.Values
	}
	scope.Extra = value.Record{"answer": answer, "status": int64(in.Index)}
	outcome := in.Answer
	if _, request := a.step.Work.(*definitions.Request); request {
		outcome = ""
	}
	for _, v := range g.Take {
		x, err := v.Value.Eval(scope)
		if err != nil {
			x = nil
		}
		c.assign(a, v.Into, v.OfRow, x)
	}
	c.complete(a, outcome)
}
