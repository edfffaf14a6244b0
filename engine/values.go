package engine

import (
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/guicheng/guicheng/definitions"
	"github.com/guicheng/guicheng/definitions/report"
	"github.com/guicheng/guicheng/definitions/value"
	"github.com/guicheng/guicheng/engine/core"
)

// decodeForm reads the values that were sent for a form. Only what the form asks for is taken: a field that the
// procedure has and the form has not is a fault of its own code, so that nobody writes where his task does not let him.
func decodeForm(p *definitions.Procedure, form *definitions.Form, raw json.RawMessage, from *sources) (
	value.Record, error,
) {
	if len(raw) == 0 {
		raw = json.RawMessage("{}")
	}
	fields := core.FormFields(p, form)
	rec, faults := value.DecodeRecord(fields, raw, p.Office.Zone, from)
	if from.err != nil {
		return nil, from.err
	}
	from.renameFiles(faults)
	faults = append(faults, from.misfits(fields, rec, "")...)
	if len(faults) == 0 {
		return rec, nil
	}
	for i, f := range faults {
		if f.Code == "unknown" && fieldAt(p, f.Path) != nil {
			faults[i].Code = "not-in-form"
		} else if f.Code == "unknown" {
			faults[i].Args = namesNear(fields, f.Path)
		}
	}
	return nil, &Error{Code: string(core.Invalid), Fields: from.words.withTitles(p, faults)}
}

// namesNear says which name of a form was most likely meant by one that it does not have.
func namesNear(fields []*value.Field, path string) map[string]string {
	parts := strings.Split(path, ".")
	for _, part := range parts[:len(parts)-1] {
		part, _, _ = strings.Cut(part, "[")
		i := slices.IndexFunc(fields, func(f *value.Field) bool { return f.Name == part })
		if i < 0 {
			return nil
		}
		fields = fields[i].Fields
	}
	names := make([]string, 0, len(fields))
	for _, f := range fields {
		names = append(names, f.Name)
	}
	if near := report.Nearest(parts[len(parts)-1], names); near != "" {
		return map[string]string{"near": near}
	}
	return nil
}

// misfits finds what a value's own kind cannot know: posts that the office does not have, and pictures that are none.
func (s *sources) misfits(fields []*value.Field, rec value.Record, path string) []value.Fault {
	var out []value.Fault
	for _, f := range fields {
		at := f.Path
		if path != "" {
			at = path + "." + f.Name
		}
		switch x := rec[f.Name].(type) {
		case value.Record:
			out = append(out, s.misfits(f.Fields, x, at)...)
		case []value.Record:
			for i, row := range x {
				out = append(out, s.misfits(f.Fields, row, at+"["+strconv.Itoa(i)+"]")...)
			}
		case string:
			if office := s.words.desk.office; f.Kind == value.Post && office != nil && !hasPost(office, x) {
				out = append(out, faultAt(at, "option", "options", listed(s.words.options(f))))
			}
		case value.Attachment:
			picture := f.Kind == value.Photo || f.Kind == value.Signature
			if picture && !strings.HasPrefix(x.Type, "image/") {
				out = append(out, faultAt(at, "type", "want", f.Kind.String()))
			}
		}
	}
	return out
}

// refused words a rejection by the core for the person whose act it was.
func (st *staged) refused(r *core.Rejection) *Error {
	out := rejected(r)
	if st.job.reader == nil {
		return out
	}
	n := st.job.reader.renderer("", st.before.proc)
	out.Fields = n.withTitles(st.before.proc, out.Fields)
	if in, ok := st.input.(core.Complete); ok && r.Code == core.UnknownAnswer {
		if act, _ := slotOf(st.before.state, in.Slot); act != nil {
			out.Fields = n.wrongAnswer(core.StepOf(st.before.proc, st.before.state, act.ID), in.Answer)
		}
	}
	return out
}

// wrongAnswer says which answers a task has.
func (n *renderer) wrongAnswer(step *definitions.Step, answer string) []value.Fault {
	task, ok := step.Work.(*definitions.Task)
	if !ok || len(task.Answers) == 0 {
		return []value.Fault{faultAt("answer", "not-asked")}
	}
	choices := make([]Choice, len(task.Answers))
	for i, o := range task.Answers {
		choices[i] = Choice{ID: o.ID, Title: n.say(o.Title)}
	}
	code := "option"
	if answer == "" {
		code = "required"
	}
	return []value.Fault{faultAt("answer", code, "options", listed(choices))}
}

// withTitles puts the titles of options beside their ids, as people know them, and says spans as people do.
func (n *renderer) withTitles(p *definitions.Procedure, faults []value.Fault) []value.Fault {
	out := slices.Clone(faults)
	for i, fault := range out {
		f := fieldAt(p, fault.Path)
		if f == nil {
			continue
		}
		args := maps.Clone(fault.Args)
		if fault.Code == "option" && f.Kind != value.Human && f.Kind != value.People {
			args["options"] = listed(n.options(f))
		}
		if id := args["option"]; id != "" { // what is yet to be ticked
			args["option"] = n.option(f, id)
		}
		if bound, err := value.ParseDuration(args[fault.Code]); err == nil && args["of"] == "span" {
			args[fault.Code] = n.span(bound)
		}
		out[i].Args = args
	}
	return out
}

// fieldAt finds the field at a path, as a sender writes it: with row numbers, or by the name of a table's row. Nil if
// the procedure has none.
func fieldAt(p *definitions.Procedure, path string) *value.Field {
	var plain strings.Builder
	inside := false
	for _, r := range path {
		switch {
		case r == '[':
			inside = true
		case r == ']':
			inside = false
		case !inside:
			plain.WriteRune(r)
		}
	}
	if f := p.Data.Field(plain.String()); f != nil {
		return f
	}
	each, column, _ := strings.Cut(plain.String(), ".")
	t := p.Data.Table(each)
	if t == nil || column == "" {
		return t
	}
	return p.Data.Field(t.Path + "." + column)
}
