package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/guicheng/guicheng/definitions"
	"github.com/guicheng/guicheng/definitions/value"
	"github.com/guicheng/guicheng/engine/core"
	"github.com/guicheng/guicheng/engine/sim"
)

// sheet is a form that is being filled in.
type sheet struct {
	t        *table
	p        *definitions.Procedure
	known    sim.Entered
	optional map[string]bool   // by full name
	typed    map[string]string // what was typed, by place; offered again when the form is refused
}

// sheetOf prepares a form. c is nil before a case has begun; act is the activation of a task, else 0.
func (t *table) sheetOf(c *sim.Case, form *definitions.Form, act core.ID) *sheet {
	s := &sheet{t: t, p: t.p, optional: map[string]bool{}, typed: t.typed[form], known: sim.Entered{
		Data: value.Record{}, Settings: value.Record{}, Row: value.Record{}}}
	if s.typed == nil {
		s.typed = map[string]string{}
		t.typed[form] = s.typed
	}
	for _, x := range t.p.Settings {
		s.known.Settings[x.Name] = x.Value
	}
	if c != nil {
		s.p, s.known.Settings = c.Procedure, c.State.Settings
		if data, ok := value.Clone(c.State.Data).(value.Record); ok {
			s.known.Data = data
		}
	}
	for _, f := range form.Fields {
		s.optional[f.Path] = f.Optional
		if !f.OfRow || c == nil || act == 0 {
			continue
		}
		if rows, n := tableRows(s.known.Data, f.Table.Name), c.Row(act); n >= 0 && n < len(rows) {
			s.known.Row = rows[n]
		}
	}
	return s
}

func tableRows(data value.Record, name string) []value.Record {
	rows, _ := data[name].([]value.Record)
	return rows
}

// ask asks for all values of a form and gives them as JSON.
func (s *sheet) ask(form *definitions.Form) (json.RawMessage, error) {
	values := map[string]any{}
	for _, f := range core.FormFields(s.p, form) {
		v, err := s.entry(f)
		if err != nil {
			return nil, err
		}
		if v != nil {
			values[f.Name] = v
		}
	}
	return json.Marshal(values)
}

// entry asks for a field, a record, a row or a table.
func (s *sheet) entry(f *value.Field) (any, error) {
	switch {
	case f.Kind == value.TableKind:
		return s.rows(f)
	case f.Kind == value.RecordKind && s.p.Data.Table(f.Name) != nil:
		return s.record(f, s.p.Data.Table(f.Name).Name+".", f.Name+".", s.known.Row)
	case f.Kind == value.RecordKind:
		inner, ok := s.known.Data[f.Name].(value.Record)
		if !ok {
			inner = value.Record{}
			s.known.Data[f.Name] = inner
		}
		return s.record(f, f.Name+".", f.Name+".", inner)
	}
	return s.field(f, f.Path, f.Path, s.known.Data)
}

func (s *sheet) record(f *value.Field, path, at string, into value.Record) (any, error) {
	out := map[string]any{}
	for _, sub := range f.Fields {
		if sub.Name == core.RowNumber {
			continue
		}
		v, err := s.field(sub, path+sub.Name, at+sub.Name, into)
		if err != nil {
			return nil, err
		}
		if v != nil {
			out[sub.Name] = v
		}
	}
	return out, nil
}

// rows asks for the columns of each row: of the rows that are there, or of as many as are wanted.
func (s *sheet) rows(f *value.Field) (any, error) {
	rows := tableRows(s.known.Data, f.Name)
	for rows == nil {
		line, err := s.line(fmt.Sprintf("  %s [%s], how many rows", s.t.title(f.Title), f.Path), f.Name)
		if err != nil {
			return nil, err
		}
		if n, err := strconv.Atoi(line); err == nil && n >= 0 && n <= value.MaxRows {
			s.typed[f.Name] = line
			rows = make([]value.Record, n)
			for i := range rows {
				rows[i] = value.Record{}
			}
			break
		}
		s.t.say("  ! the number of rows is a whole number, please: 0 to %d\n", value.MaxRows)
	}
	s.known.Data[f.Name] = rows
	out := make([]any, len(rows))
	for i := range rows {
		s.t.say("  %s %d\n", s.t.title(f.Title), i+1)
		s.known.Row = rows[i]
		row, err := s.record(f, f.Name+".", fmt.Sprintf("%s[%d].", f.Name, i), rows[i])
		if err != nil {
			return nil, err
		}
		out[i] = row
	}
	return out, nil
}

// field asks for a value until it is one of the field's type; nil when it is not asked for, or left empty.
// path is its full name, at its place in the form.
func (s *sheet) field(f *value.Field, path, at string, into value.Record) (any, error) {
	if !s.t.world.Asked(s.p, path, s.known) {
		delete(into, f.Name)
		delete(s.typed, at)
		return nil, nil
	}
	for {
		line, err := s.line(s.t.prompt(f), at)
		switch {
		case err != nil:
			return nil, err
		case line == "" && s.optional[path]:
			delete(into, f.Name)
			delete(s.typed, at)
			return nil, nil
		case line == "":
			s.t.say("  ! %s must be filled in\n", s.t.title(f.Title))
			continue
		}
		s.typed[at] = line
		v := asJSON(f, line)
		raw, err := json.Marshal(v)
		if err != nil {
			return nil, err
		}
		got, faults := f.Decode(raw, s.t.world.Bundle.Office.Zone, s.t.world.People)
		if len(faults) == 0 {
			faults = f.Check(got)
		}
		if len(faults) == 0 {
			into[f.Name] = got
			return v, nil
		}
		delete(s.typed, at)
		said := ""
		for _, fault := range faults {
			if wrong := say(s.t.lang, s.t.sentence(f, fault)); !strings.Contains(said, wrong) {
				said += fmt.Sprintf("  ! %s: %s\n", s.t.title(f.Title), wrong)
			}
		}
		fmt.Fprint(s.t.out, said)
	}
}

// line asks for a line; Enter takes what was typed before, - empties it.
func (s *sheet) line(question, at string) (string, error) {
	before, again := s.typed[at]
	if again {
		question += " [Enter = " + before + ", - = empty]"
	}
	line, err := s.t.ask(question + ": ")
	switch {
	case err == nil && line == "" && again:
		return before, nil
	case line == "-" && again:
		return "", err
	}
	return line, err
}

// prompt names a field with what a person has to know to fill it in.
func (t *table) prompt(f *value.Field) string {
	notes := []string{f.Kind.String()}
	for _, o := range f.Options {
		notes = append(notes, o.ID+"="+t.title(o.Title))
	}
	if f.Hint != "" {
		notes = append(notes, t.title(f.Hint))
	}
	return fmt.Sprintf("  %s [%s] (%s)", t.title(f.Title), f.Path, strings.Join(notes, ", "))
}

// examples say how values are typed.
var examples = map[value.Kind]string{
	value.YesNo: "answer yes or no", value.Count: "write a whole number, such as 3",
	value.Number: "write a number, such as 2.5", value.Cash: "write an amount, such as 12.50",
	value.Moment: "write a moment, such as 2026-11-02 15:00", value.Date: "write a date, such as 2026-11-02",
	value.Month: "write a month, such as 2026-11", value.Duration: "write a span, such as 90s, 3m, 1h30m or 2d",
	value.Worktime: "write working time, such as 3 workdays", value.Email: "write an address, such as so@example.com",
	value.Phone: "write a telephone number, such as +853 2833 1234",
}

// sentence says what would be right in the place of a value that does not fit.
func (t *table) sentence(f *value.Field, fault value.Fault) string {
	unit := ""
	switch {
	case fault.Args["of"] != "":
		unit = " " + fault.Args["of"]
	case f.Kind.IsText():
		unit = " characters"
	}
	switch fault.Code {
	case "required":
		return "this must be filled in"
	case "option":
		return "it is one of " + t.allowed(f)
	case "min":
		return "at least " + fault.Args["min"] + unit
	case "max":
		return "at most " + fault.Args["max"] + unit
	case "places":
		return "at most " + fault.Args["max"] + " decimals"
	case "check":
		return t.title(fault.Args["say"])
	case "not-asked":
		return "this is not asked for here"
	case "pattern":
		if f.Hint != "" {
			return "it must be written so: " + t.title(f.Hint)
		}
		if f.Pattern != "" {
			return "it must match " + f.Pattern
		}
	}
	if example := examples[f.Kind]; example != "" {
		return example
	}
	if list := t.allowed(f); list != "" {
		return "it is one of " + list
	}
	return strings.TrimSpace(fault.Code + " " + strings.Join(slices.Sorted(maps.Values(fault.Args)), " "))
}

// allowed lists what can be chosen for a field, with titles.
func (t *table) allowed(f *value.Field) string {
	var list []string
	for _, o := range f.Options {
		list = append(list, o.ID+" ("+t.title(o.Title)+")")
	}
	switch f.Kind {
	case value.Post:
		for _, p := range t.world.Bundle.Office.Posts {
			list = append(list, p.ID+" ("+t.title(p.Title)+")")
		}
	case value.Human, value.People:
		for _, p := range t.world.People.Everyone() {
			list = append(list, p.ID+" ("+p.Name+")")
		}
	case value.UnitKind:
		for _, u := range t.world.Bundle.Office.Units {
			list = append(list, u.ID+" ("+u.Name+")")
		}
	}
	return strings.Join(list, ", ")
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
		for part := range strings.SplitSeq(strings.ReplaceAll(line, "，", ","), ",") {
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
