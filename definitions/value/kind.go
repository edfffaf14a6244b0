// Package value holds the types that a procedure's data can have and the values of those types.
//
// From one declaration (a [Field]) come the JSON form, the CEL type and the Expr type of a value.
// The package knows nothing of steps, people's rights or the clock.
package value

import (
	"slices"
	"strings"
)

// Kind is the base type of a field. An office may narrow a kind (see [Field.TypeName]); it cannot add one.
type Kind uint8

// The kinds of the language, with the Go value that represents each.
const (
	Text       Kind = iota + 1 // string
	Note                       // string, several lines
	Phone                      // string
	IDNumber                   // string
	Address                    // string
	Email                      // string
	Choice                     // string: an option's id
	Post                       // string: a post's id
	Choices                    // []string of option ids, in the order of the declaration
	Checklist                  // []string of option ids; valid only when all are ticked
	Texts                      // []string
	People                     // []Person
	YesNo                      // bool
	Count                      // int64
	Number                     // float64
	Moment                     // time.Time, UTC, whole seconds
	Date                       // time.Time: 00:00 of the day in the office's zone
	Month                      // time.Time: 00:00 of the first day in the office's zone
	Duration                   // time.Duration
	Worktime                   // Work: a span of working time
	Cash                       // Money: exact, in minor units; written `money`
	Human                      // Person; written `person`
	UnitKind                   // Unit; written `unit`
	File                       // Attachment
	Photo                      // Attachment
	Signature                  // Attachment
	RecordKind                 // Record; written by `fields:`
	TableKind                  // []Record; written by `each:` and `rows:`
)

// Record is a record's or a row's fields by name. A field that was not set has no entry: there is no null.
type Record = map[string]any

// Person is someone of the office's staff.
type Person struct {
	ID     string   `json:"id"`
	Name   string   `json:"name"`
	Posts  []string `json:"posts,omitempty"`
	Unit   string   `json:"unit,omitempty"`   // id of the unit
	Skills []string `json:"skills,omitempty"` // ids of what he is able to do
}

// Unit is a part of the office, such as a station.
type Unit struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// Attachment names a stored file. The content stands in the store, not in the value.
type Attachment struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	Type string `json:"type"` // media type
	Size int64  `json:"size"` // bytes
}

// Money is an exact amount in minor units of the office's one currency.
type Money int64

// Work is a span of working time. Exactly one of the two is not zero.
type Work struct {
	Days  int `json:"days,omitempty"`
	Hours int `json:"hours,omitempty"`
}

// Option is one entry of a choice, choices or checklist.
type Option struct {
	ID    string
	Title string
}

// Field declares one entry of a procedure's data.
type Field struct {
	Name     string // as in its record or table
	Path     string // full name: "resident.name"; of a column "papers.price"
	Title    string
	Kind     Kind
	TypeName string // as the author wrote it; an office's own narrowed type keeps its name here
	Options  []Option
	Min, Max any    // of the field's Go type; for text, choices and tables an int64 length; nil = no bound
	Pattern  string // anchored at both ends when matched
	Hint     string
	Places   int // decimals of a number; 0 = as typed
	Private  bool
	Search   bool     // cases are found by it
	Fields   []*Field // of a record, or the columns of a table
	Each     string   // of a table: the name of one row
}

// Schema is a procedure's whole data, in the order of the file.
type Schema struct {
	Fields []*Field
	byPath map[string]*Field
	search []*Field
}

// NewSchema indexes fields by path.
func NewSchema(fields []*Field) *Schema {
	s := &Schema{Fields: fields, byPath: map[string]*Field{}}
	var index func([]*Field)
	index = func(list []*Field) {
		for _, f := range list {
			s.byPath[f.Path] = f
			if f.Search {
				s.search = append(s.search, f)
			}
			index(f.Fields)
		}
	}
	index(fields)
	return s
}

// Field returns the field with the full name path: "matter", "matter.what", "papers.price"; nil if there is none.
func (s *Schema) Field(path string) *Field { return s.byPath[path] }

// Private tells whether the field at a path, or the record or table around it, is private.
func (s *Schema) Private(path string) bool {
	for path != "" {
		if f := s.Field(path); f != nil && f.Private {
			return true
		}
		i := strings.LastIndexByte(path, '.')
		if i < 0 {
			return false
		}
		path = path[:i]
	}
	return false
}

// PrivateName tells whether a name in a formula reads something private: a field by its path, or by the name of its
// table's row. A whole record or table counts when anything in it is private.
func (s *Schema) PrivateName(name string) bool {
	if head, rest, inside := strings.Cut(name, "."); inside {
		if t := s.Table(head); t != nil {
			name = t.Path + "." + rest
		}
	} else if t := s.Table(name); t != nil {
		name = t.Path
	}
	if s.Private(name) {
		return true
	}
	f := s.Field(name)
	return f != nil && slices.ContainsFunc(f.Fields, func(c *Field) bool { return c.Private })
}

// Table returns the table whose row is called each; nil if there is none.
func (s *Schema) Table(each string) *Field {
	for _, f := range s.Fields {
		if f.Kind == TableKind && f.Each == each {
			return f
		}
	}
	return nil
}
