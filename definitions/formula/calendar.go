package formula

import (
	"time"

	"github.com/guicheng/guicheng/definitions/value"
)

// The working hours of an office that has not said others: Monday to Friday, 09:00 to 18:00.
const (
	opens  = 9
	closes = 18
)

// addWork moves from by a span of working time in zone. A workday ends at the same time of the next workday: three
// workdays from a time of Monday end on Thursday at that time of day. The span starts to run when the office is next
// open.
func addWork(from time.Time, w value.Work, zone *time.Location) time.Time {
	t := nextOpen(from.In(zone))
	for range w.Days {
		y, m, d := t.Date()
		h, mi, s := t.Clock()
		for t = time.Date(y, m, d+1, h, mi, s, 0, zone); !isWorkday(t); t = time.Date(y, m, d, h, mi, s, 0, zone) {
			y, m, d = t.Date()
			d++
		}
	}
	left := time.Duration(w.Hours) * time.Hour
	for left > 0 {
		y, m, d := t.Date()
		today := time.Date(y, m, d, closes, 0, 0, 0, zone).Sub(t)
		if left <= today {
			return t.Add(left)
		}
		left -= today
		t = nextOpen(time.Date(y, m, d+1, 0, 0, 0, 0, zone))
	}
	return t
}

// nextOpen is t itself in office hours, else the next opening.
func nextOpen(t time.Time) time.Time {
	y, m, d := t.Date()
	if isWorkday(t) {
		open := time.Date(y, m, d, opens, 0, 0, 0, t.Location())
		if t.Before(open) {
			return open
		}
		if t.Before(time.Date(y, m, d, closes, 0, 0, 0, t.Location())) {
			return t
		}
	}
	for {
		d++
		if next := time.Date(y, m, d, opens, 0, 0, 0, t.Location()); isWorkday(next) {
			return next
		}
	}
}

func isWorkday(t time.Time) bool { return t.Weekday() != time.Saturday && t.Weekday() != time.Sunday }
