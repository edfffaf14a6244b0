package value

import (
	"errors"
	"fmt"
	"strings"
	"time"
)

const (
	dateForm  = "2006-01-02"
	monthForm = "2006-01"
)

var errMoment = errors.New(
	"a moment is written like 2026-11-02T15:00:00+08:00 or, in the office's zone, 2026-11-02 15:00")

// ParseMoment reads RFC 3339, or a local date and time in zone. The result is UTC in whole seconds.
func ParseMoment(text string, zone *time.Location) (time.Time, error) {
	text = strings.TrimSpace(text)
	if t, err := time.Parse(time.RFC3339, text); err == nil {
		return t.UTC().Truncate(time.Second), nil
	}
	for _, form := range [...]string{
		"2006-01-02 15:04", "2006-01-02T15:04", "2006-01-02 15:04:05", "2006-01-02T15:04:05",
	} {
		if t, err := time.ParseInLocation(form, text, inZone(zone)); err == nil {
			return t.UTC(), nil
		}
	}
	return time.Time{}, fmt.Errorf("%w, not %q", errMoment, clip(text))
}

// ParseDate reads "2026-11-24" as 00:00 of that day in zone.
func ParseDate(text string, zone *time.Location) (time.Time, error) {
	t, err := time.ParseInLocation(dateForm, strings.TrimSpace(text), inZone(zone))
	if err != nil {
		return time.Time{}, fmt.Errorf("a date is written like 2026-11-24, not %q", clip(text))
	}
	return t, nil
}

// ParseMonth reads "2026-11" as 00:00 of its first day in zone.
func ParseMonth(text string, zone *time.Location) (time.Time, error) {
	t, err := time.ParseInLocation(monthForm, strings.TrimSpace(text), inZone(zone))
	if err != nil {
		return time.Time{}, fmt.Errorf("a month is written like 2026-11, not %q", clip(text))
	}
	return t, nil
}

// DayOf gives 00:00 of t's day in zone.
func DayOf(t time.Time, zone *time.Location) time.Time {
	y, m, d := t.In(inZone(zone)).Date()
	return time.Date(y, m, d, 0, 0, 0, 0, inZone(zone))
}

// MonthOf gives 00:00 of the first day of t's month in zone.
func MonthOf(t time.Time, zone *time.Location) time.Time {
	y, m, _ := t.In(inZone(zone)).Date()
	return time.Date(y, m, 1, 0, 0, 0, 0, inZone(zone))
}

func inZone(zone *time.Location) *time.Location {
	if zone == nil {
		return time.UTC
	}
	return zone
}

// clip keeps a message short whatever was sent.
func clip(text string) string {
	const most = 40
	if r := []rune(text); len(r) > most {
		return string(r[:most]) + "…"
	}
	return text
}
