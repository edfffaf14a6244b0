package domain

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/guicheng/guicheng/definitions/value"
)

// Cut gives the pieces of what a field can hold when its values are compared with those at; false if its kind cannot
// be cut. An ordered kind falls into the points of at and what lies between, within the field's bounds; a choice into
// its options; a text into the texts of at and any other.
func Cut(f *value.Field, at []any, zone *time.Location) ([]Piece, bool) {
	l := line{field: f, zone: zone}
	switch f.Kind {
	case value.YesNo:
		return l.pieces([]any{false, true}), true
	case value.Count, value.Number, value.Moment, value.Date, value.Month, value.Duration, value.Cash:
		return l.pieces(l.ordered(at)), true
	case value.Choice, value.Post:
		if len(f.Options) == 0 {
			break
		}
		var all []any
		for _, o := range f.Options {
			all = append(all, o.ID)
		}
		return l.pieces(all), true
	case value.Choices, value.Checklist:
		if sets := Subsets(f); sets != nil {
			return l.pieces(sets), true
		}
		return nil, false
	}
	if !f.Kind.IsText() && f.Kind != value.Post {
		return nil, false
	}
	slices.SortFunc(at, Order)
	at = slices.CompactFunc(at, func(a, b any) bool { return a == b })
	return append(l.pieces(at), Piece{Value: other{}, Text: "any other text"}), true
}

// other is a text that is none of those that are written down.
type other struct{}

// maxSubsets bounds the options of which all lists are tried.
const maxSubsets = 8

// Subsets lists the lists of options that a choices field accepts; nil if they are too many.
func Subsets(f *value.Field) []any {
	if len(f.Options) > maxSubsets {
		return nil
	}
	least, most := 0, len(f.Options)
	if n, ok := f.Min.(int64); ok {
		least = int(n)
	}
	if n, ok := f.Max.(int64); ok {
		most = int(n)
	}
	var out []any
	for bits := range 1 << len(f.Options) {
		list := []string{}
		for i, o := range f.Options {
			if bits>>i&1 == 1 {
				list = append(list, o.ID)
			}
		}
		if len(list) >= least && len(list) <= most {
			out = append(out, list)
		}
	}
	return out
}

// line is the values of an ordered field.
type line struct {
	field *value.Field
	zone  *time.Location
}

// ordered gives one value for each point of at and one for each stretch before, between and behind them.
func (l line) ordered(at []any) []any {
	var points []any
	for _, v := range at {
		if l.within(v) {
			points = append(points, v)
		}
	}
	slices.SortFunc(points, Order)
	points = slices.CompactFunc(points, func(a, b any) bool { return Order(a, b) == 0 })
	if len(points) == 0 {
		return []any{l.somewhere()}
	}
	var out []any
	if v := l.step(points[0], -1); v != nil && l.within(v) {
		out = append(out, v)
	} else if l.field.Min != nil && Order(l.field.Min, points[0]) < 0 {
		out = append(out, l.field.Min)
	}
	for i, p := range points {
		out = append(out, p)
		if i+1 < len(points) {
			if v := l.between(p, points[i+1]); v != nil {
				out = append(out, v)
			}
		}
	}
	last := points[len(points)-1]
	if v := l.step(last, 1); v != nil && l.within(v) {
		out = append(out, v)
	} else if l.field.Max != nil && Order(last, l.field.Max) < 0 {
		out = append(out, l.field.Max)
	}
	return out
}

func (l line) within(v any) bool {
	return (l.field.Min == nil || Order(v, l.field.Min) >= 0) && (l.field.Max == nil || Order(v, l.field.Max) <= 0)
}

func (l line) somewhere() any {
	switch {
	case l.field.Min != nil:
		return l.field.Min
	case l.field.Max != nil:
		return l.field.Max
	}
	switch l.field.Kind {
	case value.Count:
		return int64(0)
	case value.Number:
		return float64(0)
	case value.Duration:
		return time.Hour
	case value.Cash:
		return value.Money(0)
	}
	return time.Date(2026, 1, 1, 0, 0, 0, 0, zoneOr(l.zone))
}

// between is a value strictly between two; nil if the kind has none.
func (l line) between(a, b any) any {
	if v := l.step(a, 1); v != nil && Order(v, b) < 0 {
		return v
	}
	switch x := a.(type) {
	case float64:
		y, _ := b.(float64)
		if m := x + (y-x)/2; l.field.Places == 0 && m > x && m < y {
			return m
		}
	case time.Duration:
		y, _ := b.(time.Duration)
		if m := x + (y-x)/2; m > x && m < y {
			return m
		}
	}
	return nil
}

// step is the next value in a direction, or one near it where there is no next.
func (l line) step(v any, by int) any {
	switch x := v.(type) {
	case int64:
		return x + int64(by)
	case value.Money:
		return x + value.Money(by)
	case float64:
		size := math.Pow(10, -float64(l.field.Places))
		n, _ := strconv.ParseFloat(strconv.FormatFloat(x+float64(by)*size, 'f', max(l.field.Places, 9), 64), 64)
		return n
	case time.Duration:
		return x + time.Duration(by)*time.Second
	case time.Time:
		switch l.field.Kind {
		case value.Date:
			return x.In(zoneOr(l.zone)).AddDate(0, 0, by)
		case value.Month:
			return x.In(zoneOr(l.zone)).AddDate(0, by, 0)
		}
		return x.Add(time.Duration(by) * time.Second)
	}
	return nil
}

func zoneOr(zone *time.Location) *time.Location {
	if zone == nil {
		return time.UTC
	}
	return zone
}

// Order compares two values of one ordered kind.
func Order(a, b any) int {
	c, _ := value.Compare(a, b)
	return c
}

func (l line) pieces(values []any) []Piece {
	out := make([]Piece, len(values))
	for i, v := range values {
		out[i] = Piece{Value: v, Text: l.text(v)}
	}
	return out
}

func (l line) text(v any) string {
	switch x := v.(type) {
	case bool:
		if x {
			return "yes"
		}
		return "no"
	case float64:
		return strconv.FormatFloat(x, 'f', -1, 64)
	case time.Duration:
		return value.FormatDuration(x)
	case []string:
		return "[" + strings.Join(x, ", ") + "]"
	case time.Time:
		local := x.In(zoneOr(l.zone))
		switch l.field.Kind {
		case value.Date:
			return local.Format("2006-01-02")
		case value.Month:
			return local.Format("2006-01")
		}
		return local.Format("2006-01-02 15:04:05")
	}
	return fmt.Sprint(v)
}
