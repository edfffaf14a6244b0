package value

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// Parse reads a value from the text an author writes in YAML: '3m', 10.00, 2026-11-24. Lists are written with commas;
// persons, units, attachments, records and tables cannot be written as a text.
func (f *Field) Parse(text string, zone *time.Location) (any, error) {
	if utf8.RuneCountInString(text) > textLimit(f.Kind) {
		return nil, fmt.Errorf("a %s has at most %d characters", f.Kind, textLimit(f.Kind))
	}
	v, err := f.parse(text, zone)
	if err != nil {
		return nil, err
	}
	if faults := f.Check(v); len(faults) > 0 {
		return nil, fmt.Errorf("%q does not fit: %s", clip(text), faults[0].describe())
	}
	return v, nil
}

func (f *Field) parse(text string, zone *time.Location) (any, error) {
	trimmed := strings.TrimSpace(text)
	switch f.Kind {
	case Duration:
		d, err := ParseDuration(text)
		if err != nil {
			return nil, err
		}
		return d, nil
	case YesNo:
		switch trimmed {
		case "true":
			return true, nil
		case "false":
			return false, nil
		}
		return nil, fmt.Errorf("a yes-no is true or false, not %q", clip(text))
	case Count:
		n, err := strconv.ParseInt(trimmed, 10, 64)
		if err != nil || n > maxExact || n < -maxExact {
			return nil, fmt.Errorf("a count is a whole number, not %q", clip(text))
		}
		return n, nil
	case Number:
		n, err := strconv.ParseFloat(trimmed, 64)
		if err != nil || math.IsInf(n, 0) || math.IsNaN(n) {
			return nil, fmt.Errorf("a number is written like 1.5, not %q", clip(text))
		}
		return n, nil
	case Choices, Checklist, Texts:
		list := []string{}
		for part := range strings.SplitSeq(text, ",") {
			if part = strings.TrimSpace(part); part != "" {
				list = append(list, part)
			}
		}
		if f.Kind != Texts {
			list = f.inOrder(list)
		}
		return list, nil
	}
	return f.fromText(text, zone)
}

// fromText reads the kinds whose JSON form is a string.
func (f *Field) fromText(text string, zone *time.Location) (any, error) {
	switch f.Kind {
	case Moment:
		return timeOr(ParseMoment(text, zone))
	case Date:
		return timeOr(ParseDate(text, zone))
	case Month:
		return timeOr(ParseMonth(text, zone))
	case Duration:
		positive, negative := strings.CutPrefix(text, "-") // a computed difference may be below zero
		d, err := ParseDuration(positive)
		if err != nil {
			return nil, err
		}
		if negative {
			d = -d
		}
		return d, nil
	case Worktime:
		w, err := ParseWork(text)
		if err != nil {
			return nil, err
		}
		return w, nil
	case Cash:
		m, err := ParseMoney(text)
		if err != nil {
			return nil, err
		}
		return m, nil
	case Choice, Post:
		return strings.TrimSpace(text), nil
	}
	if f.Kind.IsText() {
		return text, nil
	}
	if f.Kind == 0 { // its type is not known, which was said
		return text, nil
	}
	return nil, fmt.Errorf("a %s cannot be written as a text", f.Kind)
}

func timeOr(t time.Time, err error) (any, error) {
	if err != nil {
		return nil, err
	}
	return t, nil
}

// describe is for errors to authors; forms show a fault by its code, in the language of the person.
func (t Fault) describe() string {
	if limit := t.Args["min"] + t.Args["max"]; limit != "" {
		return t.Code + " " + limit
	}
	return t.Code
}
