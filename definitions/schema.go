package definitions

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/guicheng/guicheng/definitions/value"
)

//go:generate go test . -run ^TestSchemaFile$ -update

// jsonSchema is one schema of JSON Schema, draft 2020-12: as much of it as the grammar needs.
type jsonSchema struct {
	Dialect     string                 `json:"$schema,omitempty"`
	Ref         string                 `json:"$ref,omitempty"`
	Title       string                 `json:"title,omitempty"`
	Description string                 `json:"description,omitempty"`
	Type        oneOrSeveral           `json:"type,omitempty"`
	Enum        []string               `json:"enum,omitempty"`
	Pattern     string                 `json:"pattern,omitempty"`
	MaxLength   int                    `json:"maxLength,omitempty"`
	Minimum     *int                   `json:"minimum,omitempty"`
	Maximum     *int                   `json:"maximum,omitempty"`
	Items       *jsonSchema            `json:"items,omitempty"`
	Properties  map[string]*jsonSchema `json:"properties,omitempty"`
	Required    []string               `json:"required,omitempty"`
	Names       *jsonSchema            `json:"propertyNames,omitempty"`
	Others      *otherKeys             `json:"additionalProperties,omitempty"`
	AnyOf       []*jsonSchema          `json:"anyOf,omitempty"`
	AllOf       []*jsonSchema          `json:"allOf,omitempty"`
	Not         *jsonSchema            `json:"not,omitempty"`
	If          *jsonSchema            `json:"if,omitempty"`
	Then        *jsonSchema            `json:"then,omitempty"`
	Else        *jsonSchema            `json:"else,omitempty"`
	Defs        map[string]*jsonSchema `json:"$defs,omitempty"`
}

// oneOrSeveral is written as a text when there is one, else as a list.
type oneOrSeveral []string

// MarshalJSON implements json.Marshaler.
func (o oneOrSeveral) MarshalJSON() ([]byte, error) {
	if len(o) == 1 {
		return json.Marshal(o[0])
	}
	return json.Marshal([]string(o))
}

// otherKeys says what a mapping's other keys may hold; no schema = there are none.
type otherKeys struct{ schema *jsonSchema }

// MarshalJSON implements json.Marshaler.
func (o *otherKeys) MarshalJSON() ([]byte, error) {
	if o.schema == nil {
		return []byte("false"), nil
	}
	return json.Marshal(o.schema)
}

const schemaDialect = "https://json-schema.org/draft/2020-12/schema"

// Schema is the JSON Schema of every file of an office: which kind of file it is, its first key says. The bytes are
// the same for the same version of the language.
func Schema() ([]byte, error) {
	s := &jsonSchema{Dialect: schemaDialect, Title: "Guicheng", Defs: schemaDefs(),
		Description: "A file of an office: a procedure, the office itself, scenarios, or texts in another language."}
	last := s
	for _, r := range roots {
		if r.form.kind != kindShape {
			continue
		}
		last.If = &jsonSchema{Required: []string{r.name}}
		last.Then = formSchema(r.form, nil)
		if r.name == "procedure" {
			last.Then = variedOr(last.Then)
		}
		last.Else = &jsonSchema{}
		last = last.Else
	}
	for _, r := range roots {
		if r.form.kind != kindShape {
			last.AnyOf = append(last.AnyOf, formSchema(r.form, nil))
		}
	}
	return s.write()
}

// SchemaFor is the JSON Schema of one kind of file: procedure, office, texts or scenarios. Any other kind is an error.
func SchemaFor(kind string) ([]byte, error) {
	for _, r := range roots {
		if r.name != kind {
			continue
		}
		s := formSchema(r.form, nil)
		if r.name == "procedure" {
			s = variedOr(s)
		}
		s.Dialect, s.Title, s.Defs = schemaDialect, r.files, schemaDefs()
		return s.write()
	}
	names := make([]string, len(roots))
	for i, r := range roots {
		names[i] = r.name
	}
	return nil, fmt.Errorf("there is no schema for %q; there is one for each of %q", kind, names)
}

func (s *jsonSchema) write() ([]byte, error) {
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(s); err != nil {
		return nil, fmt.Errorf("write the schema of the language: %w", err)
	}
	return out.Bytes(), nil
}

func schemaDefs() map[string]*jsonSchema {
	out := map[string]*jsonSchema{}
	for i := range grammar {
		out[grammar[i].name] = shapeSchema(&grammar[i])
	}
	return out
}

// variedOr lets a procedure that extends another leave out what it takes from that one, at any depth: only what comes
// of both can be held against the grammar, which the check does.
func variedOr(whole *jsonSchema) *jsonSchema {
	return &jsonSchema{If: &jsonSchema{Required: []string{"extends"}}, Else: whole,
		Then: &jsonSchema{Type: oneOrSeveral{"object"}}}
}

// shapeSchema leaves out what belongs to procedures that extend others.
func shapeSchema(s *shape) *jsonSchema {
	out := &jsonSchema{Description: s.doc, Type: oneOrSeveral{"object"}, Properties: map[string]*jsonSchema{},
		Others: &otherKeys{}}
	for _, k := range s.keys {
		if k.required {
			out.Required = append(out.Required, k.name)
		}
		if k.varied {
			continue
		}
		prop := formsSchema(k.forms)
		if k.name == "type" {
			prop = typeSchema(s.name)
		}
		prop.Description = k.doc
		out.Properties[k.name] = prop
	}
	out.AllOf = exclusive(s.name)
	return out
}

// typeSchema offers the types of the language; beside them an office has its own, which are built on these alone.
func typeSchema(shape string) *jsonSchema {
	var names []string
	for k := value.Text; k < value.RecordKind; k++ {
		names = append(names, k.String())
	}
	builtin := &jsonSchema{Type: oneOrSeveral{"string"}, Enum: names}
	if shape == "type" {
		return builtin
	}
	return &jsonSchema{AnyOf: []*jsonSchema{builtin, named(idForm.String(), maxName)}}
}

// oneOfKeys are keys of which a mapping has exactly one.
var oneOfKeys = map[string][][]string{
	"timeout":  {{"after", "at"}, {"to", "also", "remind", "escalate", "reassign"}},
	"event":    {{"message", "when", "error"}},
	"way":      {{"to", "else", "return"}},
	"wait-for": {{"message", "at", "after", "when"}},
}

func exclusive(shape string) []*jsonSchema {
	var out []*jsonSchema
	for _, keys := range oneOfKeys[shape] {
		some := &jsonSchema{}
		for i, a := range keys {
			some.AnyOf = append(some.AnyOf, &jsonSchema{Required: []string{a}})
			for _, b := range keys[i+1:] {
				out = append(out, &jsonSchema{Not: &jsonSchema{Required: []string{a, b}}})
			}
		}
		out = append(out, some)
	}
	if shape == "step" {
		kinds := slices.DeleteFunc(slices.Clone(stepKinds), func(k string) bool {
			key := shapeNamed("step").key(k)
			return key == nil || key.varied
		})
		for i, a := range kinds {
			for _, b := range kinds[i+1:] {
				out = append(out, &jsonSchema{Not: &jsonSchema{Required: []string{a, b}}})
			}
		}
	}
	return out
}

func formsSchema(forms []form) *jsonSchema {
	var marks []string
	for _, f := range forms {
		if f.kind == kindShape {
			marks = append(marks, shapeNamed(f.shape).marks...)
		}
	}
	if len(forms) == 1 {
		return formSchema(forms[0], marks)
	}
	out := &jsonSchema{}
	for _, f := range forms {
		out.AnyOf = append(out.AnyOf, formSchema(f, marks))
	}
	return out
}

// formSchema: a mapping with one of marks is a shape, not free entries.
func formSchema(f form, marks []string) *jsonSchema {
	switch f.kind {
	case kindWord:
		return &jsonSchema{Type: oneOrSeveral{"string"}, Enum: f.words}
	case kindList:
		return &jsonSchema{Type: oneOrSeveral{"array"}, Items: formsSchema(f.each)}
	case kindShape:
		return &jsonSchema{Ref: "#/$defs/" + f.shape}
	case kindEntries:
		out := &jsonSchema{Type: oneOrSeveral{"object"}, Others: &otherKeys{formsSchema(f.each)}}
		if key := formSchema(scalar(f.key), nil); key.Pattern != "" {
			out.Names = &jsonSchema{Pattern: key.Pattern, MaxLength: key.MaxLength}
		}
		if len(marks) > 0 {
			if out.Names == nil {
				out.Names = &jsonSchema{}
			}
			out.Names.Not = &jsonSchema{Enum: marks}
		}
		return out
	}
	return scalarSchema(f.kind)
}

func named(pattern string, most int) *jsonSchema {
	return &jsonSchema{Type: oneOrSeveral{"string"}, Pattern: pattern, MaxLength: most}
}

// notBlank keeps out texts of nothing but spaces.
const notBlank = `\S`

func scalarSchema(k formKind) *jsonSchema {
	least, most := 0, 1_000_000
	switch k {
	case kindID:
		return named(idForm.String(), maxName)
	case kindName:
		return named(nameForm.String(), maxName)
	case kindPath:
		return named(pathForm.String(), 4*maxName)
	case kindWho:
		return named(`^(=[\s\S]+|[a-z][a-z0-9]*(-[a-z0-9]+)*)$`, 0)
	case kindYesNo:
		return &jsonSchema{Type: oneOrSeveral{"boolean"}}
	case kindCount:
		return &jsonSchema{Type: oneOrSeveral{"integer"}, Minimum: &least, Maximum: &most}
	case kindSpan:
		return named(`^([0-9]+(d|h|m|s|ms|us|ns))+$`, 0)
	case kindSeries:
		return named(`^([^{}]|\{(yyyy|mm|dd|n(:[0-9]{1,2})?)\})+$`, 0)
	case kindTitle, kindPaper, kindWhen, kindTest, kindVersion:
		return named(notBlank, 0)
	case kindGuard:
		return &jsonSchema{Type: oneOrSeveral{"string", "boolean"}, Pattern: notBlank}
	case kindFree:
		return &jsonSchema{}
	}
	return &jsonSchema{Type: oneOrSeveral{"string", "number", "boolean"}, Pattern: notBlank}
}
