package value

import (
	"cmp"
	"math"
	"slices"
	"time"
)

// Equal compares two values of the same kind. Persons, units and attachments are the same when their ids are;
// times when they name the same instant. Values of different kinds are never equal.
func Equal(a, b any) bool {
	switch x := a.(type) {
	case time.Time:
		y, ok := b.(time.Time)
		return ok && x.Equal(y)
	case Person:
		y, ok := b.(Person)
		return ok && x.ID == y.ID
	case Unit:
		y, ok := b.(Unit)
		return ok && x.ID == y.ID
	case Attachment:
		y, ok := b.(Attachment)
		return ok && x.ID == y.ID
	case []string:
		y, ok := b.([]string)
		return ok && slices.Equal(x, y)
	case []Person:
		y, ok := b.([]Person)
		return ok && slices.EqualFunc(x, y, func(p, q Person) bool { return p.ID == q.ID })
	case Record:
		y, ok := b.(Record)
		return ok && equalRecords(x, y)
	case []Record:
		y, ok := b.([]Record)
		return ok && slices.EqualFunc(x, y, equalRecords)
	case nil:
		return b == nil
	case string, bool, int64, float64, time.Duration, Work, Money:
		return a == b
	}
	return false
}

func equalRecords(a, b Record) bool {
	if len(a) != len(b) {
		return false
	}
	// any order: all must agree
	for name, v := range a {
		w, ok := b[name]
		if !ok || !Equal(v, w) {
			return false
		}
	}
	return true
}

// Compare orders two values of the same ordered kind: numbers, amounts, spans, times and texts. It is false when they
// are of unlike kinds, or of one that has no order.
func Compare(a, b any) (int, bool) {
	switch x := a.(type) {
	case int64:
		y, ok := b.(int64)
		return cmp.Compare(x, y), ok
	case float64:
		y, ok := b.(float64)
		return cmp.Compare(x, y), ok && !math.IsNaN(x)
	case Money:
		y, ok := b.(Money)
		return cmp.Compare(x, y), ok
	case time.Duration:
		y, ok := b.(time.Duration)
		return cmp.Compare(x, y), ok
	case time.Time:
		y, ok := b.(time.Time)
		return x.Compare(y), ok
	case string:
		y, ok := b.(string)
		return cmp.Compare(x, y), ok
	}
	return 0, false
}

// Clone copies a value so that changing the copy leaves the original alone.
func Clone(v any) any {
	switch x := v.(type) {
	case []string:
		return slices.Clone(x)
	case Person:
		return clonePerson(x)
	case []Person:
		out := make([]Person, len(x))
		for i, p := range x {
			out[i] = clonePerson(p)
		}
		return out
	case Record:
		return cloneRecord(x)
	case []Record:
		out := make([]Record, len(x))
		for i, r := range x {
			out[i] = cloneRecord(r)
		}
		return out
	}
	return v
}

func clonePerson(p Person) Person {
	p.Posts, p.Skills = slices.Clone(p.Posts), slices.Clone(p.Skills)
	return p
}

func cloneRecord(r Record) Record {
	if r == nil {
		return nil
	}
	out := make(Record, len(r))
	for name, v := range r {
		out[name] = Clone(v)
	}
	return out
}
