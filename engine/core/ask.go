package core

import (
	"cmp"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/guicheng/guicheng/definitions"
	"github.com/guicheng/guicheng/definitions/formula"
	"github.com/guicheng/guicheng/definitions/value"
)

// Requests and jobs are asked of machines: a row of the same commit says what is wanted, and whoever takes it up brings
// the answer as an input. An answer is taken over as the procedure declares it; a failure is tried again after a pause
// that doubles, and is an error when it was tried often enough.

// maxAsked bounds what a machine is given, in bytes.
const maxAsked = 1 << 20

// maxAfter bounds the pause that a machine asks for.
const maxAfter = 24 * time.Hour

// arguments writes what `with` gives as JSON. A value that is empty is left out.
func (m *machine) arguments(g *definitions.Given, scope *formula.Scope) (json.RawMessage, *Incident) {
	var b strings.Builder
	b.WriteByte('{')
	for _, a := range g.With {
		v, err := a.Value.Eval(scope)
		if absent(err) {
			continue
		}
		if err != nil {
			return nil, trouble(err, a.Value.Source())
		}
		name, err := json.Marshal(a.Name)
		if err != nil {
			return nil, trouble(err, a.Value.Source())
		}
		raw, err := written(a.Field, v, m.p.Office.Zone)
		if err != nil {
			return nil, trouble(err, a.Value.Source())
		}
		if b.Len() > 1 {
			b.WriteByte(',')
		}
		b.Write(name)
		b.WriteByte(':')
		b.Write(raw)
		if b.Len() > maxAsked {
			return nil, &Incident{
				Code: "limit", Formula: a.Value.Source(), Message: fmt.Sprintf("more than %d bytes are given", maxAsked),
			}
		}
	}
	b.WriteByte('}')
	return json.RawMessage(b.String()), nil
}

// written gives a value in its JSON form; one of no declared kind as its parts have it.
func written(f *value.Field, v any, zone *time.Location) (json.RawMessage, error) {
	if f.Kind != 0 {
		return f.Encode(v, zone)
	}
	switch x := v.(type) {
	case value.Money:
		return json.Marshal(x.String())
	case time.Duration:
		return json.Marshal(value.FormatDuration(x))
	case value.Record:
		out := make(map[string]json.RawMessage, len(x))
		for _, name := range slices.Sorted(maps.Keys(x)) {
			raw, err := written(f, x[name], zone)
			if err != nil {
				return nil, err
			}
			out[name] = raw
		}
		return json.Marshal(out)
	case []value.Record:
		return writtenList(f, x, zone)
	case []any:
		return writtenList(f, x, zone)
	}
	return json.Marshal(v)
}

func writtenList[T any](f *value.Field, list []T, zone *time.Location) (json.RawMessage, error) {
	out := make([]json.RawMessage, len(list))
	for i, part := range list {
		raw, err := written(f, part, zone)
		if err != nil {
			return nil, err
		}
		out[i] = raw
	}
	return json.Marshal(out)
}

// ask writes the row that a machine takes up.
func (m *machine) ask(a *Activation, kind string, body any, g *definitions.Given) {
	raw, err := json.Marshal(body)
	if err != nil {
		m.stick(a.ID, AtOpen, trouble(err, ""))
		return
	}
	m.emit(Asked{Act: a.ID, Job: m.next(), Name: kind, Body: raw, At: m.c.Now, Most: g.Retry.Times + 1})
}

// given finds the activation that waits for a machine's answer.
func (m *machine) given(job ID) (*Activation, *definitions.Given, *Rejection) {
	for _, a := range m.s.Acts {
		if a.Job == job && job != 0 && a.State == Open {
			return a, definitions.GivenOf(m.step(a).Work), nil
		}
	}
	return nil, nil, &Rejection{Code: NotOpen}
}

// jobDone takes an answer over.
func (m *machine) jobDone(in JobDone) *Rejection {
	a, g, r := m.given(in.Job)
	if r != nil {
		return r
	}
	st := m.step(a)
	if w, ok := st.Work.(*definitions.Request); ok {
		m.responded(a, w, in)
		return nil
	}
	outcomes := st.Outcomes
	if (in.Outcome != "" || len(outcomes) > 0) && !slices.ContainsFunc(outcomes, func(o definitions.Outcome) bool {
		return o.ID == in.Outcome
	}) {
		return noneOf("outcome", in.Outcome, optionsOf(outcomes, func(o definitions.Outcome) string { return o.ID }))
	}
	answer, faults := answered(g, in.Answer, m.p.Office.Zone)
	if len(faults) > 0 {
		return &Rejection{Code: Invalid, Fields: faults}
	}
	m.emit(Replied{Act: a.ID, Worker: in.Worker, Given: in.Given})
	m.takeAnswer(a, g, value.Record{"answer": answer}, in.Outcome)
	return nil
}

// takeAnswer fills in what the procedure takes of an answer, and the step has its result.
func (m *machine) takeAnswer(a *Activation, g *definitions.Given, extra value.Record, outcome string) {
	d := m.draftOf(m.rowOf(a.Frame))
	theirs := m.scope(a)
	theirs.Extra = extra
	for _, as := range g.Take {
		v, err := as.Value.Eval(theirs)
		if absent(err) {
			v, err = nil, nil
		}
		if err != nil {
			m.stick(a.ID, AtOpen, trouble(err, as.Value.Source()))
			return
		}
		d.put(as.Into, as.OfRow, v)
	}
	if wrong := m.save(d, m.scope(a)); wrong != nil {
		m.stick(a.ID, AtOpen, wrong)
		return
	}
	m.result(a, outcome)
}

// answered reads an answer by its declaration. What is not declared is passed over; what is missing and not optional is
// a fault, and so is what does not fit its type.
func answered(g *definitions.Given, raw []byte, zone *time.Location) (value.Record, []value.Fault) {
	if g.Answer == nil {
		return nil, nil
	}
	if len(raw) == 0 {
		raw = []byte("{}")
	}
	rec, faults := value.DecodeRecord(g.Answer.Fields, declared(g.Answer.Fields, raw), zone, nil)
	for _, f := range g.Answer.Fields {
		v, ok := rec[f.Name]
		switch {
		case ok:
			faults = append(faults, f.Check(v)...)
		case !slices.Contains(g.Optional, f) && !slices.ContainsFunc(faults, func(x value.Fault) bool {
			return x.Path == f.Path || x.Path == ""
		}):
			faults = append(faults, value.Fault{Path: f.Path, Code: "required"})
		}
	}
	return rec, faults
}

// declared leaves out of an object what no field has, at any depth. What cannot be read is left to the decoder.
func declared(fields []*value.Field, raw json.RawMessage) json.RawMessage {
	var object map[string]json.RawMessage
	if json.Unmarshal(raw, &object) != nil || object == nil {
		return raw
	}
	out := make(map[string]json.RawMessage, len(fields))
	for _, f := range fields {
		part, ok := object[f.Name]
		if !ok {
			continue
		}
		switch f.Kind {
		case value.RecordKind:
			part = declared(f.Fields, part)
		case value.TableKind:
			var rows []json.RawMessage
			if json.Unmarshal(part, &rows) == nil {
				for i := range rows {
					rows[i] = declared(f.Fields, rows[i])
				}
				if again, err := json.Marshal(rows); err == nil {
					part = again
				}
			}
		}
		out[f.Name] = part
	}
	again, err := json.Marshal(out)
	if err != nil {
		return raw
	}
	return again
}

// jobFailed tries again later, or gives up.
func (m *machine) jobFailed(in JobFailed) *Rejection {
	a, g, r := m.given(in.Job)
	if r != nil {
		return r
	}
	if in.Error != "" && !slices.ContainsFunc(g.Errors, func(e *definitions.NamedError) bool { return e.ID == in.Error }) {
		return noneOf("error", in.Error, optionsOf(g.Errors, func(e *definitions.NamedError) string { return e.ID }))
	}
	m.failed(a, g, in)
	return nil
}

func (m *machine) failed(a *Activation, g *definitions.Given, in JobFailed) {
	if in.Error == "" && !in.Final && in.Given <= g.Retry.Times {
		m.emit(Tried{
			Act: a.ID, Job: in.Job, Given: in.Given, Worker: in.Worker, Message: in.Message,
			Again: m.c.Now.Add(m.pause(a, g.Retry, in)),
		})
		return
	}
	m.emit(Tried{Act: a.ID, Job: in.Job, Given: in.Given, Worker: in.Worker, Message: in.Message, Error: in.Error})
	m.mishap(a, in.Error, &Incident{Code: JobFailure, Message: strings.TrimSpace(in.Error + " " + in.Message)})
}

// mishap raises an error: the one that the procedure names, else failed. If nothing takes it, it is an incident.
func (m *machine) mishap(a *Activation, code string, wrong *Incident) {
	if !m.raise(a, cmp.Or(code, definitions.FailedError)) {
		m.stick(a.ID, AtOpen, wrong)
	}
}

// The codes of incidents of work that is asked of machines.
const (
	JobFailure  = "job-failed"
	AnswerWrong = "answer-wrong" // it does not have the declared types
)

// pause is how long to wait before the next try: it doubles, and lies by chance between half of that and all of it, so
// that many cases do not come back at the same moment. The chance is drawn from the names, so it is the same in every
// replay. A machine that asks for more time gets it.
func (m *machine) pause(a *Activation, r definitions.Retry, in JobFailed) time.Duration {
	wait := r.First
	for i := 1; i < in.Given && wait < r.Most; i++ {
		wait *= 2
	}
	wait = min(wait, r.Most)
	h := fnv.New64a()
	fmt.Fprintf(h, "%s %s %d %d %d", m.s.Office, m.s.Case, a.ID, in.Job, in.Given)
	half := wait / 2
	wait = half + time.Duration(h.Sum64()%uint64(max(wait-half, 0)+1))
	return max(wait, min(in.After, maxAfter)).Round(time.Millisecond)
}

// noneOf refuses what a worker said came of a job, and says what could have.
func noneOf(path, said string, options []string) *Rejection {
	fault := value.Fault{Path: path, Code: "option", Args: map[string]string{"options": strings.Join(options, ", ")}}
	switch {
	case len(options) == 0:
		fault.Code, fault.Args = "not-asked", nil
	case said == "":
		fault.Code = "required"
	}
	return &Rejection{Code: UnknownAnswer, Args: map[string]string{"answer": said}, Fields: []value.Fault{fault}}
}

func optionsOf[T any](list []T, id func(T) string) []string {
	out := make([]string, len(list))
	for i, one := range list {
		out[i] = id(one)
	}
	return out
}
