package api

import (
	"maps"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/guicheng/guicheng/definitions/report"
	"github.com/guicheng/guicheng/definitions/value"
)

// valuesKey is where a request has what a form was filled in with.
const valuesKey = "values"

// nearest puts the name that was most likely meant beside what a refusal speaks of.
func nearest(args map[string]string, name string, known []string) {
	if near := report.Nearest(name, known); near != "" {
		args["near"] = near
	}
}

// nameNearest says of each unknown name in a request which one of the operation's own was most likely meant.
func (s *server) nameNearest(o *huma.Operation, faults []value.Fault) {
	for _, f := range faults {
		if f.Code != "unknown" {
			continue
		}
		if name, ok := strings.CutPrefix(f.Path, "query."); ok {
			nearest(f.Args, name, queryNames(o))
			continue
		}
		parts := strings.Split(f.Path, ".")
		last := len(parts) - 1
		names := s.namesAt(s.bodyOf(o), parts[:last])
		nearest(f.Args, parts[last], names)
		if last == 0 && f.Args["near"] == "" && slices.Contains(names, valuesKey) {
			f.Args["inside"] = valuesKey
		}
	}
}

func queryNames(o *huma.Operation) []string {
	var out []string
	for _, p := range o.Parameters {
		if p.In == "query" {
			out = append(out, p.Name)
		}
	}
	return out
}

// bodyOf is the schema of what an operation reads; nil = nothing.
func (s *server) bodyOf(o *huma.Operation) *huma.Schema {
	if o == nil || o.RequestBody == nil || o.RequestBody.Content["application/json"] == nil {
		return nil
	}
	return o.RequestBody.Content["application/json"].Schema
}

// namesAt lists the names that an object has at a place within a body, such as files[0].
func (s *server) namesAt(at *huma.Schema, parts []string) []string {
	schema := func(x *huma.Schema) *huma.Schema {
		if x != nil && x.Ref != "" {
			return s.huma.OpenAPI().Components.Schemas.SchemaFromRef(x.Ref)
		}
		return x
	}
	for at = schema(at); at != nil && len(parts) > 0; parts = parts[1:] {
		name, _, row := strings.Cut(parts[0], "[")
		at = schema(at.Properties[name])
		if row && at != nil {
			at = schema(at.Items)
		}
	}
	if at == nil {
		return nil
	}
	return slices.Sorted(maps.Keys(at.Properties))
}
