package engine

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"github.com/guicheng/guicheng/definitions"
	"github.com/guicheng/guicheng/definitions/value"
	"github.com/guicheng/guicheng/engine/core"
)

// maskBody gives an event's stored body with its private values replaced. A body that cannot be read is left out.
func maskBody(p *definitions.Procedure, kind string, raw []byte) json.RawMessage {
	var body map[string]json.RawMessage
	if json.Unmarshal(raw, &body) != nil {
		return json.RawMessage("{}")
	}
	switch kind {
	case core.DataSet{}.Kind():
		maskAssignments(p.Data, body)
	case core.FrameOpened{}.Kind():
		maskMembers(body, "was", columnsOfTables(p))
	case core.Called{}.Kind(), core.Returned{}.Kind():
		maskCall(p, body)
	case core.Chosen{}.Kind(), core.Judged{}.Kind():
		maskReadings(p.Data, body)
	case core.Spread{}.Kind():
		maskSpread(p, body)
	case core.Asked{}.Kind():
		maskAsked(p, body)
	case core.Decided{}.Kind():
		maskWhy(p.Data, body)
	case core.Kept{}.Kind():
		maskKept(p, body)
	}
	out, err := json.Marshal(body)
	if err != nil {
		return json.RawMessage("{}")
	}
	return out
}

// maskAsked leaves out what was given to a machine where the procedure has private data: it may be any of them.
func maskAsked(p *definitions.Procedure, body map[string]json.RawMessage) {
	if _, ok := body["body"]; ok && hasPrivate(p.Data.Fields) {
		body["body"] = maskedJSON()
	}
}

func hasPrivate(fields []*value.Field) bool {
	return slices.ContainsFunc(fields, func(f *value.Field) bool { return f.Private || hasPrivate(f.Fields) })
}

func maskAssignments(s *value.Schema, body map[string]json.RawMessage) {
	var list []map[string]json.RawMessage
	if json.Unmarshal(body["values"], &list) != nil {
		delete(body, "values")
		return
	}
	for _, a := range list {
		var path string
		if _, ok := a["value"]; !ok || json.Unmarshal(a["path"], &path) != nil {
			continue
		}
		f := s.Field(path)
		switch {
		case f == nil || s.Private(path):
			a["value"] = maskedJSON()
		case f.Kind == value.TableKind:
			a["value"] = maskRows(f, a["value"])
		case f.Kind == value.RecordKind:
			a["value"] = maskRecord(f.Fields, a["value"])
		}
	}
	put(body, "values", list)
}

// put writes a member back; one that cannot be written is left out.
func put(body map[string]json.RawMessage, name string, v any) {
	raw, err := json.Marshal(v)
	if err != nil {
		delete(body, name)
		return
	}
	body[name] = raw
}

// maskRecord replaces the private entries of a record's JSON, at any depth.
func maskRecord(fields []*value.Field, raw json.RawMessage) json.RawMessage {
	var rec map[string]json.RawMessage
	if json.Unmarshal(raw, &rec) != nil {
		return maskedJSON()
	}
	for _, name := range slices.Sorted(maps.Keys(rec)) {
		i := slices.IndexFunc(fields, func(f *value.Field) bool { return f.Name == name })
		switch {
		case i < 0 || fields[i].Private:
			rec[name] = maskedJSON()
		case fields[i].Kind == value.RecordKind:
			rec[name] = maskRecord(fields[i].Fields, rec[name])
		case fields[i].Kind == value.TableKind:
			rec[name] = maskRows(fields[i], rec[name])
		}
	}
	out, err := json.Marshal(rec)
	if err != nil {
		return maskedJSON()
	}
	return out
}

func maskMembers(body map[string]json.RawMessage, name string, fields []*value.Field) {
	if raw, ok := body[name]; ok {
		body[name] = maskRecord(fields, raw)
	}
}

func maskSpread(p *definitions.Procedure, body map[string]json.RawMessage) {
	var was []json.RawMessage
	if json.Unmarshal(body["was"], &was) != nil {
		delete(body, "was")
		return
	}
	columns := columnsOfTables(p)
	for i, row := range was {
		if string(row) != "null" {
			was[i] = maskRecord(columns, row)
		}
	}
	put(body, "was", was)
}

// columnsOfTables lists the columns of all tables: which table a row belonged to is not written in the event. A column
// that is private in one of them is masked in all.
func columnsOfTables(p *definitions.Procedure) []*value.Field {
	var out []*value.Field
	for _, t := range p.Data.Fields {
		for _, c := range t.Fields {
			if t.Kind == value.TableKind && (c.Private || t.Private) {
				hidden := *c
				hidden.Private = true
				out = append(out, &hidden)
			}
		}
	}
	for _, t := range p.Data.Fields {
		if t.Kind == value.TableKind {
			out = append(out, t.Fields...)
		}
	}
	return out
}

func maskCall(p *definitions.Procedure, body map[string]json.RawMessage) {
	var id string
	callee := (*definitions.Procedure)(nil)
	if json.Unmarshal(body["procedure"], &id) == nil {
		callee = calleeOf(p, id)
	}
	if callee == nil {
		delete(body, "values")
		return
	}
	maskMembers(body, "values", callee.Data.Fields)
}

// maskReadings masks what guards read, for chosen (a list of why) and judged (one).
func maskReadings(s *value.Schema, body map[string]json.RawMessage) {
	raw, ok := body["why"]
	if !ok {
		return
	}
	var list []map[string]json.RawMessage
	if json.Unmarshal(raw, &list) == nil {
		for _, why := range list {
			maskWhy(s, why)
		}
		put(body, "why", list)
		return
	}
	var one map[string]json.RawMessage
	if json.Unmarshal(raw, &one) != nil {
		delete(body, "why")
		return
	}
	maskWhy(s, one)
	put(body, "why", one)
}

func maskWhy(s *value.Schema, why map[string]json.RawMessage) {
	raw, ok := why["read"]
	if !ok {
		return
	}
	var reads []map[string]json.RawMessage
	if json.Unmarshal(raw, &reads) != nil {
		delete(why, "read")
		return
	}
	for _, read := range reads {
		var name string
		if json.Unmarshal(read["name"], &name) != nil || s.PrivateName(name) {
			if _, ok := read["value"]; ok {
				read["value"] = maskedJSON()
			}
		}
	}
	put(why, "read", reads)
}

func maskKept(p *definitions.Procedure, body map[string]json.RawMessage) {
	var message map[string]json.RawMessage
	if json.Unmarshal(body["message"], &message) != nil {
		delete(body, "message")
		return
	}
	var name string
	if json.Unmarshal(message["name"], &name) != nil {
		name = ""
	}
	if msg := messageOf(p, name); msg != nil {
		maskMembers(message, "values", core.FormFields(p, msg.Form))
	} else {
		delete(message, "values")
	}
	put(body, "message", message)
}

// incidentTellsPrivate says whether the machine's words on an incident may show something private: they, or the formula
// that they are about, name a private field, of the procedure or of one that it calls.
func incidentTellsPrivate(p *definitions.Procedure, in core.Incident) bool {
	text := in.Formula + " " + in.Message
	if slices.ContainsFunc(p.Data.Fields, func(f *value.Field) bool { return tellsPrivate(f, text) }) {
		return true
	}
	return slices.ContainsFunc(callsOf(p), func(c *definitions.Call) bool {
		return slices.ContainsFunc(c.Callee.Data.Fields, func(f *value.Field) bool { return tellsPrivate(f, text) })
	})
}

// tellsPrivate says whether a text names a private field.
func tellsPrivate(f *value.Field, text string) bool {
	return f.Private && strings.Contains(text, f.Name) ||
		slices.ContainsFunc(f.Fields, func(c *value.Field) bool { return tellsPrivate(c, text) })
}
