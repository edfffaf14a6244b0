package main

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"github.com/guicheng/guicheng/definitions"
	"github.com/guicheng/guicheng/definitions/value"
	"github.com/guicheng/guicheng/engine/core"
)

// field asks for a value until it is one of the field's type; nil when it is left empty.
func (t *table) field(p *definitions.Procedure, f *value.Field, data value.Record) (any, error) {
	switch f.Kind {
	case value.RecordKind:
		return t.record(p, f)
	case value.TableKind:
		return t.rows(p, f, data)
	}
	for {
		line, err := t.ask(prompt(p, f))
		if err != nil || line == "" {
			return nil, err
		}
		v := asJSON(f, line)
		raw, err := json.Marshal(v)
		if err != nil {
			return nil, err
		}
		got, faults := f.Decode(raw, t.world.Bundle.Office.Zone, t.world.People)
		if len(faults) == 0 {
			faults = f.Check(got)
		}
		if len(faults) == 0 {
			return v, nil
		}
		t.say("  ! %s: %s %s %s\n", f.Path, faults[0].Code, f.Kind, f.Hint)
	}
}

// prompt names a field with what a person has to know to fill it in.
func prompt(p *definitions.Procedure, f *value.Field) string {
	notes := []string{f.Kind.String()}
	for _, o := range f.Options {
		notes = append(notes, o.ID+"="+o.Title)
	}
	for _, rule := range p.Rules {
		if rule.Field.Path == f.Path && rule.When != nil {
			notes = append(notes, "only if "+rule.When.Source())
		}
	}
	return fmt.Sprintf("  %s [%s] (%s): ", f.Title, f.Path, strings.Join(notes, ", "))
}

func (t *table) record(p *definitions.Procedure, f *value.Field) (any, error) {
	rec := map[string]any{}
	for _, sub := range f.Fields {
		v, err := t.field(p, sub, nil)
		if err != nil {
			return nil, err
		}
		if v != nil {
			rec[sub.Name] = v
		}
	}
	return rec, nil
}

// rows asks for the columns of each row: of the rows that are there, or of as many as are wanted.
func (t *table) rows(p *definitions.Procedure, f *value.Field, data value.Record) (any, error) {
	old, _ := data[f.Name].([]value.Record)
	n := len(old)
	for old == nil {
		line, err := t.ask(fmt.Sprintf("  %s [%s], how many rows: ", f.Title, f.Path))
		if err != nil {
			return nil, err
		}
		if n, err = strconv.Atoi(line); err == nil && n >= 0 && n <= value.MaxRows {
			break
		}
		t.say("  ! a whole number, please\n")
	}
	rows := make([]any, n)
	for i := range rows {
		t.say("  %s %d\n", f.Title, i+1)
		columns := *f
		columns.Fields = nil
		for _, sub := range f.Fields {
			if sub.Name != core.RowNumber {
				columns.Fields = append(columns.Fields, sub)
			}
		}
		row, err := t.record(p, &columns)
		if err != nil {
			return nil, err
		}
		rows[i] = row
	}
	return rows, nil
}

// asJSON reads a line as a value of the field would be sent.
func asJSON(f *value.Field, line string) any {
	switch f.Kind {
	case value.YesNo:
		switch strings.ToLower(line) {
		case "y", "yes", "true", "是":
			return true
		case "n", "no", "false", "否":
			return false
		}
	case value.Count, value.Number:
		if json.Valid([]byte(line)) {
			return json.Number(line)
		}
	case value.Choices, value.Checklist, value.Texts, value.People:
		list := []string{}
		for part := range strings.SplitSeq(line, ",") {
			if part = strings.TrimSpace(part); part != "" {
				list = append(list, part)
			}
		}
		return list
	case value.File, value.Photo, value.Signature:
		return value.Attachment{ID: line, Name: line, Type: "text/plain", Size: int64(len(line))}
	}
	return line
}
