package sim

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/guicheng/guicheng/definitions"
	"github.com/guicheng/guicheng/definitions/value"
	"github.com/guicheng/guicheng/engine/core"
)

// Nest turns values by full name ("resident.name") into the JSON object that a form is sent as.
func Nest(flat map[string]any) (json.RawMessage, error) {
	root := map[string]any{}
	for _, path := range slices.Sorted(maps.Keys(flat)) {
		at := root
		parts := strings.Split(path, ".")
		for _, part := range parts[:len(parts)-1] {
			inner, ok := at[part].(map[string]any)
			if !ok {
				if at[part] != nil {
					return nil, fmt.Errorf("%s: %s is already filled in as a whole", path, part)
				}
				inner = map[string]any{}
				at[part] = inner
			}
			at = inner
		}
		at[parts[len(parts)-1]] = flat[path]
	}
	return json.Marshal(root)
}

// Decode reads the values of a form as the server does. What cannot be read is a refusal, as there.
func (w *World) Decode(
	p *definitions.Procedure, form *definitions.Form, raw json.RawMessage,
) (value.Record, *core.Rejection) {
	rec, faults := value.DecodeRecord(core.FormFields(p, form), raw, w.Bundle.Office.Zone, w.People)
	if len(faults) > 0 {
		return nil, &core.Rejection{Code: core.Invalid, Fields: faults}
	}
	return rec, nil
}
