package definitions

import (
	"fmt"
	"maps"
	"slices"

	"github.com/guicheng/guicheng/definitions/formula"
	"github.com/guicheng/guicheng/definitions/report"
	"github.com/guicheng/guicheng/definitions/value"
)

// neverFilled finds fields that no start, step or message fills in and that nothing gives a value to: an error where
// somebody wants to see them.
func (c *checker) neverFilled() {
	given, used := c.givenAnywhere(), c.usedAnywhere()
	var look func(fields []*value.Field)
	look = func(fields []*value.Field) {
		for _, f := range fields {
			switch {
			case f.Kind == value.RecordKind || f.Kind == value.TableKind && c.anyGiven(f, given):
				look(f.Fields)
			case !given[f.Path]:
				p := report.Problem{Place: c.placeOf(f), Severity: report.Warning, Code: "never-filled",
					Message: "nothing ever asks for " + f.Path + " or gives it a value",
					Hint:    "name it in the form of a start, a step or a message, or take it out"}
				if c.isTold(f) { // where it is read
					continue
				}
				if used[f.Path] {
					p.Severity, p.Message = report.Error, p.Message+", and yet it is read"
				}
				c.add(p)
			}
		}
	}
	look(c.p.Data.Fields)
}

// isTold tells whether it was said of a field already that it may be empty where it is read.
func (c *checker) isTold(f *value.Field) bool {
	for j := range c.judged { // any order: one is enough
		if id, ok := c.u.find(j.path, nil); ok && c.u.list[id].field.Path == f.Path {
			return true
		}
	}
	return false
}

func (c *checker) anyGiven(table *value.Field, given map[string]bool) bool {
	return given[table.Path] || slices.ContainsFunc(table.Fields, func(f *value.Field) bool { return given[f.Path] })
}

// givenAnywhere lists the fields that forms ask for, that are computed, and to which steps give values.
func (c *checker) givenAnywhere() map[string]bool {
	out := givenIn(c.p)
	maps.Copy(out, c.askedAnywhere())
	for _, r := range c.p.Rules {
		if r.Value != nil {
			mark(out, r.Field)
		}
	}
	return out
}

// askedAnywhere lists the fields that forms ask for.
func (c *checker) askedAnywhere() map[string]bool {
	out := map[string]bool{}
	form := func(f *Form) {
		if f == nil {
			return
		}
		for _, field := range f.Fields {
			mark(out, field.Field)
			mark(out, field.Table)
		}
		for _, t := range append(slices.Clip(f.EditRows), f.Add) {
			mark(out, t)
		}
	}
	for _, s := range c.p.Starts {
		form(s.Form)
	}
	for _, m := range c.p.Messages {
		form(m.Form)
	}
	for _, g := range graphs(c.p) {
		for _, s := range g.Steps {
			switch w := s.Work.(type) {
			case *Task:
				form(w.Form)
			case *Multi:
				if w.Add != nil {
					form(w.Add.Form)
				}
			case *Junction, *Wait, *Call, *Block, *Repeat, *Set, *Decide, *Request, *Job: // forms of messages: above
			}
		}
	}
	return out
}

// usedAnywhere lists the fields that forms show, papers and registers print, and formulas read.
func (c *checker) usedAnywhere() map[string]bool {
	out := map[string]bool{}
	for text := range c.p.texts { // any order: they are noted
		c.seeRead(out, text)
	}
	for _, s := range c.p.Steps { // any order: they are noted
		if w, ok := s.Work.(*Task); ok && w.Form != nil {
			for _, field := range w.Form.Show {
				see(out, field)
			}
		}
	}
	maps.Copy(out, c.printedAnywhere())
	return out
}

// see notes a field, or those inside it.
func see(out map[string]bool, f *value.Field) {
	for _, leaf := range leaves(f) {
		out[leaf.Path] = true
	}
}

// printedAnywhere lists the fields that papers print and registers show.
func (c *checker) printedAnywhere() map[string]bool {
	out := map[string]bool{}
	lines := func(list []*Printed) {
		for _, line := range list {
			if line.Field != nil {
				see(out, line.Field)
			}
			if line.Value != nil {
				c.seeRead(out, line.Value)
			}
		}
	}
	for _, d := range c.p.Documents {
		for _, part := range d.Body {
			lines(part.Fields)
			if part.Table != nil {
				lines(part.Table.Columns)
			}
			if part.Text != nil {
				c.seeRead(out, part.Text)
			}
		}
	}
	for _, r := range c.p.Registers {
		lines(r.Columns)
		if r.When != nil {
			c.seeRead(out, r.When)
		}
	}
	return out
}

// seeRead notes the fields that a formula reads.
func (c *checker) seeRead(out map[string]bool, text any) {
	for _, path := range pathsOf(text) {
		if id, ok := c.u.find(path, nil); ok {
			out[c.u.list[id].field.Path] = true
		}
	}
}

// pathsOf lists the data that a formula of any kind names.
func pathsOf(text any) []string {
	var out []string
	var reads []formula.Read
	switch t := text.(type) {
	case *formula.Value:
		return t.Reads()
	case *formula.Template:
		return t.Reads()
	case *formula.Who:
		return t.Reads()
	case *formula.Guard:
		reads = t.Reads()
	case *formula.When:
		reads = t.Reads()
	case *formula.Column:
		reads = t.Reads()
	}
	for _, r := range reads {
		out = append(out, r.Path)
	}
	return out
}

// mark notes a field, and what is in a record; of a table, only its rows.
func mark(out map[string]bool, f *value.Field) {
	if f == nil {
		return
	}
	out[f.Path] = true
	if f.Kind == value.RecordKind {
		for _, part := range f.Fields {
			mark(out, part)
		}
	}
}

// judgePaper judges what a paper prints when it is made: a text or a computed line is blank where nobody has filled a
// field in.
func (c *checker) judgePaper(d *Document, k *known, at spot) {
	blank := func(text factual, k *known) {
		for _, r := range text.Uncovered(k) {
			if id, ok := c.u.find(r.Path, k.row); ok && c.u.list[id].computed() {
				continue
			}
			c.judge(text, r, k, at, report.Problem{Code: "may-be-blank"})
		}
	}
	for _, part := range d.Body {
		if part.Text != nil {
			blank(part.Text, k)
		}
		for _, line := range part.Fields {
			if line.Value != nil {
				blank(line.Value, k)
			}
		}
		if part.Table == nil {
			continue
		}
		row := k.within(part.Table.Table)
		judgeText(c, part.Table.When, row, at)
		for _, line := range part.Table.Columns {
			if line.Value != nil {
				blank(line.Value, row)
			}
		}
	}
}

// exposed finds personal data where nothing masks it: in the keys by which rows and messages are known, and in the
// address and the headers of a request.
func (c *checker) exposed() {
	for _, r := range c.p.Rules {
		if r.Key != nil {
			c.exposes(r.Key, r.Key.Reads(), "the key of "+r.Field.Path, "it stands in lists, in the history and in addresses")
		}
	}
	for _, m := range c.p.Messages {
		if m.Key != nil {
			c.exposes(m.Key, m.Key.Reads(), "the key of the message "+m.ID, "every sender outside writes it")
		}
	}
	for _, g := range graphs(c.p) {
		for _, s := range g.Steps {
			w, ok := s.Work.(*Request)
			if !ok {
				continue
			}
			texts := []*formula.Template{w.Path}
			for _, h := range w.Headers {
				texts = append(texts, h.Text)
			}
			for _, text := range texts {
				if text != nil {
					c.exposes(text, text.Reads(), "the request of "+s.ID, "others keep addresses and headers in their logs")
				}
			}
		}
	}
}

func (c *checker) exposes(text any, reads []string, what, why string) {
	for _, path := range reads {
		if !c.isPrivateName(path) {
			continue
		}
		c.add(report.Problem{Place: c.placeOf(text), Code: "private-exposed",
			Message: fmt.Sprintf("%s shows personal data, %s: %s", what, path, why),
			Hint:    "name something else that tells them apart, or give it in with"})
		return
	}
}

// isPrivateName tells whether a formula that names a path reads something private.
func (c *checker) isPrivateName(path string) bool {
	return showsPrivate(c.p.Data, path, c.p, &value.Field{Kind: value.Text})
}

// personalOn lists the personal data that a paper shows.
func (c *checker) personalOn(d *Document) []string {
	var names []string
	note := func(path string) {
		if !slices.Contains(names, path) {
			names = append(names, path)
		}
	}
	read := func(paths []string) {
		for _, path := range paths {
			if c.isPrivateName(path) {
				note(path)
			}
		}
	}
	lines := func(list []*Printed) {
		for _, line := range list {
			switch {
			case line.Value != nil:
				read(line.Value.Reads())
			case line.Field != nil:
				c.notePrivate(line.Field, note)
			}
		}
	}
	for _, part := range d.Body {
		lines(part.Fields)
		if part.Table != nil {
			lines(part.Table.Columns)
		}
		if part.Text != nil {
			read(part.Text.Reads())
		}
	}
	return names
}

// notePrivate notes what is personal data of a field and of the fields inside it.
func (c *checker) notePrivate(field *value.Field, note func(path string)) {
	for _, f := range leaves(field) {
		if c.p.Data.Private(f.Path) {
			note(f.Path)
		}
	}
}
