package value

import (
	"encoding/json"
	"strings"
	"time"
)

// Searchable tells kinds of one short value, by which cases may be found.
func (k Kind) Searchable() bool {
	switch k {
	case Text, Phone, IDNumber, Email, Choice, Post, YesNo, Count, Number, Moment, Date, Month, Duration, Worktime, Cash,
		Human, UnitKind:
		return true
	}
	return false
}

// SearchText is the one text by which a value is found: two values are equal if theirs are. "" = not filled in.
func (f *Field) SearchText(v any, zone *time.Location) string {
	switch x := v.(type) {
	case nil:
		return ""
	case Person:
		return x.ID
	case Unit:
		return x.ID
	}
	raw, err := f.Encode(v, zone)
	if err != nil {
		return ""
	}
	var text string
	if json.Unmarshal(raw, &text) == nil {
		return text
	}
	return string(raw) // a number, or true and false
}

// SearchFor is the text by which a value is found that somebody has typed, in the form of the API.
func (f *Field) SearchFor(typed string, zone *time.Location) (string, error) {
	if f.Kind == Human || f.Kind == UnitKind {
		return typed, nil
	}
	v, err := f.Parse(typed, zone)
	if err != nil {
		return "", err
	}
	return f.SearchText(v, zone), nil
}

// At finds the value of a field in a case's data, also inside of a record; nil = it is not filled in.
func (s *Schema) At(data Record, path string) any {
	var v any = data
	for name := range strings.SplitSeq(path, ".") {
		rec, ok := v.(Record)
		if !ok {
			return nil
		}
		v = rec[name]
	}
	return v
}

// Searchable lists the fields by which cases are found.
func (s *Schema) Searchable() []*Field { return s.search }
