package value

import (
	"encoding/binary"
	"encoding/hex"
	"math"
	"strings"
	"time"
	"unicode/utf8"
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

// Ordered tells kinds whose values are less or greater than one another: cases may be found from one to another.
func (k Kind) Ordered() bool {
	return k.IsTime() || k == Count || k == Number || k == Duration || k == Cash
}

// SearchKey is the text by which a value is found: two values are equal if theirs are, and keys of an [Kind.Ordered]
// kind are in the order of the values, byte by byte. "" = not filled in.
func (f *Field) SearchKey(v any, zone *time.Location) string {
	switch x := v.(type) {
	case nil:
		return ""
	case string:
		return x
	case Person:
		return x.ID
	case Unit:
		return x.ID
	case int64:
		return ordered(x)
	case Money:
		return ordered(int64(x))
	case time.Duration:
		return ordered(int64(x))
	case float64:
		return ordered(orderOf(x))
	case time.Time:
		return ordered(x.UnixMicro())
	}
	raw, err := f.Encode(v, zone)
	if err != nil {
		return ""
	}
	return strings.Trim(string(raw), `"`) // true, false, a span of working time
}

// ordered writes n so that texts are in the order of the numbers.
func ordered(n int64) string {
	return hex.EncodeToString(binary.BigEndian.AppendUint64(nil, uint64(n)^(1<<63)))
}

// orderOf gives a whole number for x that is in the order of the numbers: the bits of IEEE 754 are, but for the sign.
func orderOf(x float64) int64 {
	n := int64(math.Float64bits(x + 0)) // + 0 makes one zero of the two
	if n < 0 {
		n ^= math.MaxInt64
	}
	return n
}

// SearchFor is the key of a value that somebody has typed, in the form of the API.
func (f *Field) SearchFor(typed string, zone *time.Location) (string, error) {
	if f.Kind == Human || f.Kind == UnitKind {
		return typed, nil
	}
	v, err := f.Parse(typed, zone)
	if err != nil {
		return "", err
	}
	return f.SearchKey(v, zone), nil
}

// SearchRange gives the first and the last key of what somebody looks for by typing: of a text, how it begins; of
// anything else, the value.
func (f *Field) SearchRange(typed string, zone *time.Location) (from, to string, err error) {
	switch f.Kind {
	case Text, Phone, IDNumber, Email:
		return typed, typed + string(utf8.MaxRune), nil
	}
	from, err = f.SearchFor(typed, zone)
	return from, from, err
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
