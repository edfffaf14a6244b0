package oracle

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/guicheng/guicheng/definitions"
)

const (
	outside  = "leads nowhere in the case: stories of the core and the engine hold it"
	people   = "whom a task is offered to is read by the core alone: TestResourcePatterns, TestActs"
	wording  = "is only shown"
	machines = "what others are sent, and when once more, is theirs: requests_test.go, jobs_test.go"
	values   = "what is filled in is data whatever it is: the tests of forms and formulas"
)

// leftOut are shapes, keys and words of the grammar with which no procedure is made, and why.
var leftOut = map[string]string{
	"collect": outside, "step.collect": outside, "register": outside, "procedure.registers": outside, "column": outside,
	"document": outside, "procedure.documents": outside, "part": outside, "step.issues": outside, "schedule": outside,
	"start.schedule": outside, "start.for_each": outside, "start.message": outside, "message.key": outside,
	"procedure.calendar": outside, "procedure.manager": people, "procedure.again": people, "task.again": people,
	"task.allow": people, "task.nobody": people, "nobody": people, "task.self": people, "task.transfer": people,
	"task.delegate": people, "task.add_signer": people, "task.remove_signer": people, "sign.weight": people,
	"procedure.description": wording, "procedure.number": wording, "procedure.subject": wording,
	"procedure.rules": wording, "step.rules": wording, "task.show": wording, "task.note": wording,
	"task.priority": wording, "request.headers": machines, "request.method": machines, "request.ok": machines,
	"request.timeout": machines, "retry.first": machines, "retry.most": machines, "call.with": machines,
	"call.version": machines, "setting": values, "procedure.settings": values, "check": values, "start.check": values,
	"task.check": values, "task.add": values, "task.edit_rows": values, "field.check": values, "field.default": values,
	"field.fields": values, "field.hint": values, "field.key": values, "field.max": values, "field.min": values,
	"field.options": values, "field.pattern": values, "field.places": values, "field.private": values,
	"field.searchable": values, "field.value": values, "field.when": values, "field.type: *": values,
}

// schema is as much of the language's JSON Schema as is read here.
type schema struct {
	Ref        string             `json:"$ref"`
	Enum       []string           `json:"enum"`
	Items      *schema            `json:"items"`
	Properties map[string]*schema `json:"properties"`
	Entries    entries            `json:"additionalProperties"` //nolint:tagliatelle // as JSON Schema has it
	AnyOf      []*schema          `json:"anyOf"`                //nolint:tagliatelle // likewise
	Defs       map[string]*schema `json:"$defs"`
}

// entries says what stands under free keys; nil = there are none.
type entries struct{ *schema }

func (e *entries) UnmarshalJSON(raw []byte) error {
	if string(raw) == "false" {
		return nil
	}
	return json.Unmarshal(raw, &e.schema)
}

func readSchema(t *testing.T) *schema {
	t.Helper()
	text, err := definitions.Schema()
	var s schema
	if err == nil {
		err = json.Unmarshal(text, &s)
	}
	if err != nil {
		t.Fatal(err)
	}
	return &s
}

// shape gives the name of the shape that a schema is; "" = it is something else.
func (s *schema) shape() string { return strings.TrimPrefix(s.Ref, "#/$defs/") }

// forms lists the ways in which something may be written.
func (s *schema) forms() []*schema { return append(slices.Clone(s.AnyOf), s) }

// constructs lists the keys and words with which a shape can be written, and the shapes inside it: step.join,
// step.join: each.
func (s *schema) constructs(shape string, out map[string]bool) {
	for key, x := range s.Defs[shape].Properties {
		name := shape + "." + key
		if out[name] || leftOut[name] != "" {
			continue
		}
		out[name] = true
		var inside func(*schema)
		inside = func(x *schema) {
			for _, form := range x.forms() {
				for _, word := range form.Enum {
					if leftOut[name+": *"] == "" {
						out[name+": "+word] = true
					}
				}
				if in := form.shape(); in != "" && leftOut[in] == "" {
					s.constructs(in, out)
				}
				for _, in := range []*schema{form.Items, form.Entries.schema} {
					if in != nil {
						inside(in)
					}
				}
			}
		}
		inside(x)
	}
}

// amiss says what is not made, and what is left out without need.
func (s *schema) amiss(made map[string]int) []string {
	all := map[string]bool{}
	s.constructs("procedure", all)
	var out []string
	for c := range all {
		if made[c] < 2 {
			out = append(out, fmt.Sprintf("%s is made %d times: the generator makes it, or leftOut says why not", c, made[c]))
		}
	}
	for c := range leftOut {
		shape, key, _ := strings.Cut(strings.TrimSuffix(c, ": *"), ".")
		if s.Defs[shape] == nil || key != "" && s.Defs[shape].Properties[key] == nil || made[c] > 0 {
			out = append(out, c+" is left out, and is not in the language or is made after all")
		}
	}
	slices.Sort(out)
	return out
}

// read counts what a piece of YAML is written with.
func (s *schema) read(t *tree, name string, as *schema, seen map[string]int) {
	for _, form := range as.forms() {
		shape := s.Defs[form.shape()]
		fits := shape != nil && t.kind == mapTree && !slices.ContainsFunc(t.kids, func(k *tree) bool {
			return shape.Properties[k.key] == nil
		})
		if slices.Contains(form.Enum, t.text) {
			seen[name+": "+t.text]++
		}
		for _, kid := range t.kids {
			switch {
			case fits:
				key := form.shape() + "." + kid.key
				seen[key]++
				s.read(kid, key, shape.Properties[kid.key], seen)
			case t.kind == listTree && form.Items != nil:
				s.read(kid, name, form.Items, seen)
			case t.kind == mapTree && form.Entries.schema != nil:
				s.read(kid, name, form.Entries.schema, seen)
			}
		}
		if fits {
			return
		}
	}
}
