package value

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// Fault is a value that does not fit its field.
type Fault struct {
	Path string // with row numbers from 0: "papers[1].price"
	Code string // required, type, option, pattern, min, max, places, not-asked, not-in-form, unknown
	Args map[string]string
}

// Resolver turns ids into the persons, units and attachments they name, as far as whoever sent the values may use them.
// Values from people are read with one: then an object counts by its id alone, and an id that the Resolver does not
// know is a fault of code "option". A nil Resolver accepts only objects, as they stand.
type Resolver interface {
	Person(id string) (Person, bool)
	Unit(id string) (Unit, bool)
	Attachment(id string) (Attachment, bool)
}

// decoder carries what every field of one reading shares, and collects all faults.
type decoder struct {
	zone     *time.Location
	resolver Resolver
	faults   []Fault
}

func (d *decoder) fault(path, code string, pairs ...string) {
	args := make(map[string]string, len(pairs)/2)
	for i := 0; i+1 < len(pairs); i += 2 {
		args[pairs[i]] = pairs[i+1]
	}
	d.faults = append(d.faults, Fault{Path: path, Code: code, Args: args})
}

// Decode reads the JSON form of a field's value. It finds what cannot be a value of the field's kind at all, and what
// is over the limits of this package; bounds, patterns and options are for Check.
//
// The JSON form: strings for text kinds; option ids for choices; true/false; numbers for count and number; money as a
// decimal string "10.00"; moment RFC 3339; date "2026-11-24"; month "2026-11"; duration "1h30m" or "3d"; worktime
// "3 workdays" or "5 workhours"; person, unit and attachments as objects, or their id as a string where a Resolver is
// given.
func (f *Field) Decode(raw json.RawMessage, zone *time.Location, r Resolver) (any, []Fault) {
	d := &decoder{zone: zone, resolver: r}
	if len(raw) > MaxJSON {
		d.fault(f.Path, "max", "max", strconv.Itoa(MaxJSON), "of", "bytes")
		return nil, d.faults
	}
	v, ok := d.field(f, f.Path, raw)
	if !ok {
		return nil, d.faults
	}
	return v, d.faults
}

// DecodeRecord reads a whole record by fields. Unknown names are faults; null means that a field is not set.
// The record holds every field that could be read, also when others are at fault.
func DecodeRecord(fields []*Field, raw json.RawMessage, zone *time.Location, r Resolver) (Record, []Fault) {
	d := &decoder{zone: zone, resolver: r}
	if len(raw) > MaxJSON {
		d.fault("", "max", "max", strconv.Itoa(MaxJSON), "of", "bytes")
		return nil, d.faults
	}
	rec, ok := d.record(fields, "", raw, true)
	if !ok {
		return nil, d.faults
	}
	return rec, d.faults
}

// record reads an object. At the top the fields' own paths are used, inside a row its number is part of the path.
func (d *decoder) record(fields []*Field, path string, raw json.RawMessage, top bool) (Record, bool) {
	var object map[string]json.RawMessage
	if err := json.Unmarshal(raw, &object); err != nil || object == nil {
		d.fault(path, "type", "want", "record")
		return nil, false
	}
	rec := make(Record, len(object))
	for _, f := range fields {
		part, ok := object[f.Name]
		delete(object, f.Name)
		if !ok || isNull(part) {
			continue
		}
		at := path + "." + f.Name
		if top {
			at = f.Path
		}
		if v, ok := d.field(f, at, part); ok {
			rec[f.Name] = v
		}
	}
	unknown := make([]string, 0, len(object))
	for name := range object {
		unknown = append(unknown, name)
	}
	slices.Sort(unknown)
	for _, name := range unknown {
		d.fault(strings.TrimPrefix(path+"."+clip(name), "."), "unknown")
	}
	return rec, true
}

func isNull(raw json.RawMessage) bool { return string(bytes.TrimSpace(raw)) == "null" }

// field reads one value of any kind. False: a fault was recorded and there is no value.
func (d *decoder) field(f *Field, path string, raw json.RawMessage) (any, bool) {
	switch {
	case f.Kind == RecordKind:
		return d.record(f.Fields, path, raw, false)
	case f.Kind == TableKind:
		return d.table(f, path, raw)
	case f.Kind == Human:
		return d.person(path, raw)
	case f.Kind == UnitKind:
		return d.unit(path, raw)
	case f.Kind.IsAttachment():
		return d.attachment(f, path, raw)
	case f.Kind == People:
		return d.people(path, raw)
	case f.Kind == Choices || f.Kind == Checklist || f.Kind == Texts:
		return d.strings(f, path, raw)
	case f.Kind == YesNo:
		var b bool
		if isNull(raw) || json.Unmarshal(raw, &b) != nil {
			return d.wrong(path, f.Kind)
		}
		return b, true
	case f.Kind == Count:
		return d.count(path, raw)
	case f.Kind == Number:
		return d.number(path, raw)
	}
	return d.scalar(f, path, raw)
}

func (d *decoder) wrong(path string, k Kind) (any, bool) {
	d.fault(path, "type", "want", k.String())
	return nil, false
}

// scalar reads the kinds that are written as a string.
func (d *decoder) scalar(f *Field, path string, raw json.RawMessage) (any, bool) {
	text, ok := stringOf(raw)
	if !ok && f.Kind == Cash && !isNull(raw) {
		text, ok = string(bytes.TrimSpace(raw)), true // an exact literal such as 10.5
	}
	if !ok {
		return d.wrong(path, f.Kind)
	}
	if limit := textLimit(f.Kind); utf8.RuneCountInString(text) > limit {
		d.fault(path, "max", "max", strconv.Itoa(limit), "of", "characters")
		return nil, false
	}
	v, err := f.fromText(text, d.zone)
	if err != nil {
		if errors.Is(err, errPlaces) {
			d.fault(path, "places", "max", "2", "reason", err.Error())
			return nil, false
		}
		d.fault(path, "type", "want", f.Kind.String(), "reason", err.Error())
		return nil, false
	}
	return v, true
}

func textLimit(k Kind) int {
	if k == Note {
		return MaxNote
	}
	return MaxText
}

func stringOf(raw json.RawMessage) (string, bool) {
	var s string
	if isNull(raw) || json.Unmarshal(raw, &s) != nil {
		return "", false
	}
	return s, true
}

func (d *decoder) count(path string, raw json.RawMessage) (any, bool) {
	n, err := strconv.ParseInt(string(bytes.TrimSpace(raw)), 10, 64)
	if err != nil {
		return d.wrong(path, Count)
	}
	if n > maxExact || n < -maxExact {
		d.fault(path, "max", "max", strconv.Itoa(maxExact))
		return nil, false
	}
	return n, true
}

func (d *decoder) number(path string, raw json.RawMessage) (any, bool) {
	var n float64
	if isNull(raw) || json.Unmarshal(raw, &n) != nil || math.IsInf(n, 0) || math.IsNaN(n) {
		return d.wrong(path, Number)
	}
	return n, true
}

func (d *decoder) strings(f *Field, path string, raw json.RawMessage) (any, bool) {
	var list []json.RawMessage
	if json.Unmarshal(raw, &list) != nil || list == nil {
		return d.wrong(path, f.Kind)
	}
	if len(list) > MaxItems {
		d.fault(path, "max", "max", strconv.Itoa(MaxItems), "of", "entries")
		return nil, false
	}
	out, good := make([]string, 0, len(list)), true
	for i, part := range list {
		at := fmt.Sprintf("%s[%d]", path, i)
		s, ok := stringOf(part)
		switch {
		case !ok:
			d.fault(at, "type", "want", "text")
		case utf8.RuneCountInString(s) > MaxText:
			d.fault(at, "max", "max", strconv.Itoa(MaxText), "of", "characters")
			ok = false
		}
		good = good && ok
		out = append(out, s)
	}
	if f.Kind != Texts {
		out = f.inOrder(out)
	}
	return out, good
}

// inOrder sorts option ids by their declaration and drops repeats; unknown ids stay at the end for Check to name.
func (f *Field) inOrder(ids []string) []string {
	out := make([]string, 0, len(ids))
	for _, o := range f.Options {
		if slices.Contains(ids, o.ID) {
			out = append(out, o.ID)
		}
	}
	for _, id := range ids {
		if !slices.Contains(out, id) {
			out = append(out, id)
		}
	}
	return out
}

func (d *decoder) table(f *Field, path string, raw json.RawMessage) (any, bool) {
	var list []json.RawMessage
	if json.Unmarshal(raw, &list) != nil || list == nil {
		return d.wrong(path, TableKind)
	}
	if len(list) > MaxRows {
		d.fault(path, "max", "max", strconv.Itoa(MaxRows), "of", "rows")
		return nil, false
	}
	rows, good := make([]Record, 0, len(list)), true
	for i, part := range list {
		row, ok := d.record(f.Fields, fmt.Sprintf("%s[%d]", path, i), part, false)
		if !ok {
			row = Record{} // keeps the numbers of the rows behind it
		}
		rows, good = append(rows, row), good && ok
	}
	return rows, good
}
