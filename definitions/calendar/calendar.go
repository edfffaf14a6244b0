// Package calendar knows when an office works: its weekly hours, the holidays of its land by year, and days of its own.
// It adds and subtracts working time. It is pure: it knows no clock.
package calendar

import (
	"slices"
	"time"

	"github.com/guicheng/guicheng/definitions/value"
)

// Hours is a span of one day, in minutes from 00:00; To is at most 1440 and more than From.
type Hours struct{ From, To int }

// Day is a date, written as a number: 20261126.
type Day int32

// DayOf is the date of a moment in its own zone.
func DayOf(t time.Time) Day {
	y, m, d := t.Date()
	return Day(y*10_000 + int(m)*100 + d)
}

// Year is the year of the date.
func (d Day) Year() int { return int(d) / 10_000 }

// Calendar is one calendar of an office. It is immutable once it is in use, and safe for concurrent use.
type Calendar struct {
	ID, Title string
	Week      [7][]Hours // by time.Weekday, each day's in order; at least one day has some
	Holidays  string     // the name of the holidays that it keeps; "" = none
	// Years are those for which the holidays are known, in order.
	Years []int
	// Off are days on which nobody works, Work days on which one works whatever day of the week it is; each has its name.
	// A day is in one of the two only.
	Off, Work map[Day]string
}

// Default is the calendar of an office that has not said others: Monday to Friday, 09:00 to 18:00.
var Default = func() *Calendar {
	c := &Calendar{}
	for d := time.Monday; d <= time.Friday; d++ {
		c.Week[d] = []Hours{{9 * 60, 18 * 60}}
	}
	return c
}()

// hours are those of the day of t. A day on which one works instead of another has the hours of its own day of the
// week, or else those of the first day of the week that has any.
func (c *Calendar) hours(t time.Time) []Hours {
	day := DayOf(t)
	if _, off := c.Off[day]; off {
		return nil
	}
	own := c.Week[t.Weekday()]
	if _, work := c.Work[day]; !work || len(own) > 0 {
		return own
	}
	for d := time.Monday; d < time.Monday+7; d++ {
		if h := c.Week[d%7]; len(h) > 0 {
			return h
		}
	}
	return nil
}

// Workday tells whether anybody works on the day of t in zone.
func (c *Calendar) Workday(t time.Time, zone *time.Location) bool {
	return len(c.hours(t.In(zone))) > 0
}

// Open tells whether t is in working hours.
func (c *Calendar) Open(t time.Time, zone *time.Location) bool {
	return c.nextOpen(t.In(zone)).Equal(t)
}

// Covers tells whether the holidays of a year are known, or none are kept.
func (c *Calendar) Covers(year int) bool { return c.Holidays == "" || slices.Contains(c.Years, year) }

// Add moves from by a span of working time in zone. A workday ends at the same time of the next workday: three
// workdays from a time of Monday end on Thursday at that time of day, or when that day closes. The span starts to run
// when the office is next open.
func (c *Calendar) Add(from time.Time, w value.Work, zone *time.Location) time.Time {
	t := c.nextOpen(from.In(zone))
	if w.Days > 0 {
		h, mi, s := t.Clock()
		day := t
		for range w.Days {
			day = c.nextWorkday(day)
		}
		t = c.fit(clockOf(day, h, mi, s), c.hours(day))
	}
	return c.AddOpen(t, time.Duration(w.Hours)*time.Hour, zone)
}

// Sub moves back from a moment by a span of working time: the other way round.
func (c *Calendar) Sub(from time.Time, w value.Work, zone *time.Location) time.Time {
	t := c.lastOpen(from.In(zone))
	if w.Days > 0 {
		h, mi, s := t.Clock()
		day := t
		for range w.Days {
			day = c.workdayBefore(day)
		}
		t = c.fit(clockOf(day, h, mi, s), c.hours(day))
	}
	left := time.Duration(w.Hours) * time.Hour
	for left > 0 {
		open := c.openingBefore(t)
		if been := t.Sub(open); left > been {
			left -= been
			t = c.lastOpen(open.Add(-time.Nanosecond))
			continue
		}
		return t.Add(-left)
	}
	return t
}

// AddOpen moves from by a span that passes in working hours only.
func (c *Calendar) AddOpen(from time.Time, left time.Duration, zone *time.Location) time.Time {
	t := from.In(zone)
	for left > 0 {
		t = c.nextOpen(t)
		closes := c.closing(t)
		if rest := closes.Sub(t); left > rest {
			left -= rest
			t = closes
			continue
		}
		return t.Add(left)
	}
	return t
}

// Between is how much working time lies from one moment to another; 0 where to is not after from.
func (c *Calendar) Between(from, to time.Time, zone *time.Location) time.Duration {
	var sum time.Duration
	for t := c.nextOpen(from.In(zone)); t.Before(to); t = c.nextOpen(t) {
		closes := c.closing(t)
		if closes.After(to) {
			closes = to
		}
		sum += closes.Sub(t)
		t = closes
	}
	return sum
}

// nextOpen is t itself in working hours, else the next opening.
func (c *Calendar) nextOpen(t time.Time) time.Time {
	for {
		for _, h := range c.hours(t) {
			if t.Before(minuteOf(t, h.To)) {
				if open := minuteOf(t, h.From); t.Before(open) {
					return open
				}
				return t
			}
		}
		t = minuteOf(t, 24*60)
	}
}

// lastOpen is t itself in working hours, their end included, else the last closing before it.
func (c *Calendar) lastOpen(t time.Time) time.Time {
	for {
		for _, h := range slices.Backward(c.hours(t)) {
			if open := minuteOf(t, h.From); t.After(open) {
				if closes := minuteOf(t, h.To); t.After(closes) {
					return closes
				}
				return t
			}
		}
		t = minuteOf(t, 0).Add(-time.Nanosecond)
	}
}

// closing is the end of the hours in which t lies.
func (c *Calendar) closing(t time.Time) time.Time {
	for _, h := range c.hours(t) {
		if closes := minuteOf(t, h.To); t.Before(closes) {
			return closes
		}
	}
	return minuteOf(t, 24*60)
}

// openingBefore is the begin of the hours in which, or at whose end, t lies.
func (c *Calendar) openingBefore(t time.Time) time.Time {
	at := t.Add(-time.Nanosecond)
	for _, h := range slices.Backward(c.hours(at)) {
		if open := minuteOf(at, h.From); open.Before(t) {
			return open
		}
	}
	return minuteOf(at, 0)
}

// fit keeps a time of day inside the hours of its day: the latest open moment up to it, or the opening.
func (c *Calendar) fit(t time.Time, hours []Hours) time.Time {
	out := minuteOf(t, hours[0].From)
	for _, h := range hours {
		if open := minuteOf(t, h.From); t.Before(open) {
			return out
		}
		if out = minuteOf(t, h.To); t.Before(out) {
			return t
		}
	}
	return out
}

func (c *Calendar) nextWorkday(t time.Time) time.Time {
	for {
		y, m, d := t.Date()
		if t = time.Date(y, m, d+1, 12, 0, 0, 0, t.Location()); len(c.hours(t)) > 0 {
			return t
		}
	}
}

func (c *Calendar) workdayBefore(t time.Time) time.Time {
	for {
		y, m, d := t.Date()
		if t = time.Date(y, m, d-1, 12, 0, 0, 0, t.Location()); len(c.hours(t)) > 0 {
			return t
		}
	}
}

// minuteOf is a minute of the day of t by the clock on the wall.
func minuteOf(t time.Time, minute int) time.Time {
	return clockOf(t, 0, minute, 0)
}

func clockOf(t time.Time, hour, minute, second int) time.Time {
	y, m, d := t.Date()
	return time.Date(y, m, d, hour, minute, second, 0, t.Location())
}
