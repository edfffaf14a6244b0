package definitions

import (
	"github.com/guicheng/guicheng/definitions/value"
)

// answered reads what a machine brings, or that it failed.
func (r *playReader) answered(n *node, key string) *Answered {
	out := &Answered{Step: n.get(key).str(), Row: number(n.get("row")), Failed: key == "failed",
		Ends: n.get("ends").str(), Final: n.get("final").yes()}
	st := r.step(n.get(key))
	if st == nil {
		return out
	}
	work := workOf(st)
	g := GivenOf(work)
	if g == nil {
		n.get(key).fault("not-a-machine", "", "%s asks no machine: it is neither a request nor a job", st.ID)
		return out
	}
	if out.Failed {
		var ids []string
		for _, e := range g.Errors {
			ids = append(ids, e.ID)
		}
		if e := n.get("error"); e != nil {
			out.Error = r.known(e, "error", ids)
		}
		return out
	}
	_, request := work.(*Request)
	switch {
	case request && n.has("ends"):
		n.keyNode("ends").fault("act", "", "%s is a request: it is answered with a status, not with an outcome", st.ID)
	case !request && n.has("status"):
		n.keyNode("status").fault("act", "", "%s is a job: it is answered with ends, not with a status", st.ID)
	}
	if request {
		out.Status = 200
		if status := n.get("status"); status != nil {
			out.Status = number(status)
		}
	} else if len(st.Outcomes) > 0 || n.get("ends") != nil {
		r.known(n.get("ends"), "outcome", outcomeIDs(st))
	}
	out.Gives = r.fill(n.get("gives"), answersOf(g))
	return out
}

// workOf is the work of a step, also where the step does it once for each row.
func workOf(st *Step) Work {
	if m, ok := st.Work.(*Multi); ok && len(m.Body.Steps) == 1 && m.Body.Steps[0].ID == st.ID {
		return m.Body.Steps[0].Work
	}
	return st.Work
}

// answersOf shows the fields of an answer as those of a procedure, so that they are read like all values of a play.
func answersOf(g *Given) *Procedure {
	var fields []*value.Field
	for _, f := range fieldsOf(g.Answer) {
		fields = append(fields, alone(f, ""))
	}
	return &Procedure{Data: value.NewSchema(fields)}
}

// alone copies a field, with all in it, under the path of its own.
func alone(f *value.Field, path string) *value.Field {
	out := *f
	out.Path, out.Fields = path+f.Name, nil
	for _, sub := range f.Fields {
		out.Fields = append(out.Fields, alone(sub, out.Path+"."))
	}
	return &out
}
