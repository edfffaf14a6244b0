package value

import (
	"bytes"
	"encoding/json"
	"fmt"
	"time"
)

// Encode writes the canonical JSON form of any value of this package: the same value gives the same bytes.
// The zone decides the form of date and month, so it needs the field.
func (f *Field) Encode(v any, zone *time.Location) (json.RawMessage, error) {
	var b bytes.Buffer
	if err := f.encode(&b, v, zone); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// EncodeRecord writes a record with its names in the order of fields. A name that no field has is an error.
func EncodeRecord(fields []*Field, rec Record, zone *time.Location) (json.RawMessage, error) {
	var b bytes.Buffer
	if err := encodeRecord(&b, fields, rec, zone); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

func encodeRecord(b *bytes.Buffer, fields []*Field, rec Record, zone *time.Location) error {
	b.WriteByte('{')
	written := 0
	for _, f := range fields {
		v, ok := rec[f.Name]
		if !ok {
			continue
		}
		if written > 0 {
			b.WriteByte(',')
		}
		written++
		if err := encodeText(b, f.Name); err != nil {
			return err
		}
		b.WriteByte(':')
		if err := f.encode(b, v, zone); err != nil {
			return err
		}
	}
	if written != len(rec) {
		return fmt.Errorf("the record has %d entries, but only %d of them are declared", len(rec), written)
	}
	b.WriteByte('}')
	return nil
}

func (f *Field) encode(b *bytes.Buffer, v any, zone *time.Location) error {
	if !f.holds(v) {
		return fmt.Errorf("%s: a %s is not held by a Go %T", f.Path, f.Kind, v)
	}
	switch x := v.(type) {
	case string:
		return encodeText(b, x)
	case time.Time:
		return encodeText(b, f.timeText(x, zone))
	case time.Duration:
		return encodeText(b, FormatDuration(x))
	case Work:
		return encodeText(b, x.String())
	case Money:
		return encodeText(b, x.String())
	case Record:
		return encodeRecord(b, f.Fields, x, zone)
	case []string:
		if x == nil {
			v = []string{}
		}
	case []Person:
		if x == nil {
			v = []Person{}
		}
	case []Record:
		b.WriteByte('[')
		for i, row := range x {
			if i > 0 {
				b.WriteByte(',')
			}
			if err := encodeRecord(b, f.Fields, row, zone); err != nil {
				return fmt.Errorf("row %d: %w", i, err)
			}
		}
		b.WriteByte(']')
		return nil
	}
	return encodeJSON(b, v)
}

func (f *Field) timeText(t time.Time, zone *time.Location) string {
	switch f.Kind {
	case Date:
		return t.In(inZone(zone)).Format(dateForm)
	case Month:
		return t.In(inZone(zone)).Format(monthForm)
	}
	return t.UTC().Truncate(time.Second).Format(time.RFC3339)
}

// encodeText is encodeJSON of a text, without its machinery where no character has to be escaped.
func encodeText(b *bytes.Buffer, s string) error {
	for i := range len(s) {
		if c := s[i]; c < ' ' || c > '~' || c == '"' || c == '\\' {
			return encodeJSON(b, s)
		}
	}
	b.WriteByte('"')
	b.WriteString(s)
	b.WriteByte('"')
	return nil
}

// encodeJSON leaves < > & readable: escaping them for HTML is the page's work.
func encodeJSON(b *bytes.Buffer, v any) error {
	enc := json.NewEncoder(b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return err
	}
	b.Truncate(b.Len() - 1) // the encoder's line end
	return nil
}

// holds tells whether v has the Go type of the field's kind.
func (f *Field) holds(v any) bool {
	switch v.(type) {
	case string:
		return f.Kind.IsText() || f.Kind == Choice || f.Kind == Post
	case []string:
		return f.Kind == Choices || f.Kind == Checklist || f.Kind == Texts
	case []Person:
		return f.Kind == People
	case bool:
		return f.Kind == YesNo
	case int64:
		return f.Kind == Count
	case float64:
		return f.Kind == Number
	case time.Time:
		return f.Kind.IsTime()
	case time.Duration:
		return f.Kind == Duration
	case Work:
		return f.Kind == Worktime
	case Money:
		return f.Kind == Cash
	case Person:
		return f.Kind == Human
	case Unit:
		return f.Kind == UnitKind
	case Attachment:
		return f.Kind.IsAttachment()
	case Record:
		return f.Kind == RecordKind
	case []Record:
		return f.Kind == TableKind
	}
	return false
}
