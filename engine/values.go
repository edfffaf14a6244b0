package engine

import (
	"encoding/json"
	"strings"

	"github.com/guicheng/guicheng/definitions"
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
	rec, faults := value.DecodeRecord(core.FormFields(p, form), raw, p.Office.Zone, from)
	if from.err != nil {
		return nil, from.err
	}
	if len(faults) == 0 {
		return rec, nil
	}
	for i, f := range faults {
		if f.Code == "unknown" && declared(p, f.Path) {
			faults[i].Code = "not-in-form"
		}
	}
	return nil, &Error{Code: string(core.Invalid), Fields: faults}
}

// declared tells whether the procedure has a field at a path, as a sender writes it: with row numbers, or by the name
// of a table's row.
func declared(p *definitions.Procedure, path string) bool {
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
	if p.Data.Field(plain.String()) != nil {
		return true
	}
	each, column, _ := strings.Cut(plain.String(), ".")
	t := p.Data.Table(each)
	return t != nil && (column == "" || p.Data.Field(t.Path+"."+column) != nil)
}
