package definitions

import (
	"strconv"
	"time"

	"github.com/guicheng/guicheng/definitions/calendar"
	"github.com/guicheng/guicheng/definitions/formula"
	"github.com/guicheng/guicheng/definitions/value"
)

// Schedule starts cases by the calendar, in the office's zone.
type Schedule struct {
	Every      string // day, workday, week, month, year
	Month, Day int    // Day is of the month, or of the week from Monday, 1
	Minute     int    // of the day
	Missed     Missed
}

// Missed says what is caught up of the times that passed while no server ran.
type Missed string

// The rules for missed times.
const (
	MissedLatest Missed = "latest" // the last of them
	MissedAll    Missed = "all"    // each, in order
	MissedNone   Missed = "none"
)

// String tells one schedule from another.
func (s *Schedule) String() string {
	return s.Every + " " + strconv.Itoa(s.Month) + " " + strconv.Itoa(s.Day) + " " + strconv.Itoa(s.Minute) + " " +
		string(s.Missed)
}

// maxSeek bounds the search for the next time: a calendar may close an office for years.
const maxSeek = 2_000 // days

// Next is the first time after a moment; the zero time if there is none within years. A time of day that the clock
// leaps over is the moment of the leap, and one that comes twice counts the first time.
func (s *Schedule) Next(after time.Time, zone *time.Location, c *calendar.Calendar) time.Time {
	y, m, d := after.In(zone).Date()
	for i := range maxSeek {
		day := time.Date(y, m, d+i, 12, 0, 0, 0, zone)
		if !s.on(day, zone, c) {
			continue
		}
		if at := atClock(day, s.Minute); at.After(after) {
			return at.UTC()
		}
	}
	return time.Time{}
}

// on tells whether the schedule names this day.
func (s *Schedule) on(day time.Time, zone *time.Location, c *calendar.Calendar) bool {
	switch s.Every {
	case "workday":
		return c.Workday(day, zone)
	case "week":
		return (int(day.Weekday())+6)%7+1 == s.Day
	case "month":
		return day.Day() == min(s.Day, lastDay(day))
	case "year":
		return int(day.Month()) == s.Month && day.Day() == min(s.Day, lastDay(day))
	}
	return true
}

func lastDay(t time.Time) int {
	return time.Date(t.Year(), t.Month()+1, 0, 12, 0, 0, 0, time.UTC).Day()
}

// atClock is a minute of a day by the clock on the wall.
func atClock(day time.Time, minute int) time.Time {
	y, m, d := day.Date()
	at := time.Date(y, m, d, 0, minute, 0, 0, day.Location())
	h, mi, _ := at.Clock()
	if h*60+mi == minute && at.Day() == d {
		if earlier := sameClock(at); earlier.Before(at) {
			return earlier
		}
		return at
	}
	start, end := at.ZoneBounds() // the clock leapt over it
	if h*60+mi > minute && at.Day() == d {
		return start
	}
	return end
}

// sameClock is the moment before at when the clock on the wall showed the same, or at itself.
func sameClock(at time.Time) time.Time {
	start, _ := at.ZoneBounds()
	if start.IsZero() {
		return at
	}
	_, before := start.Add(-time.Nanosecond).Zone()
	_, now := at.Zone()
	twin := at.Add(-time.Duration(before-now) * time.Second)
	if before > now && twin.Before(start) {
		return twin
	}
	return at
}

// schedule reads when a start begins by itself.
func (c *compiler) schedule(n *node) *Schedule {
	sched := n.get("schedule")
	if sched == nil {
		return nil
	}
	for _, key := range []string{"by", "form", "optional", "check"} {
		if n.has(key) {
			n.keyNode(key).fault("not-for-type", "make it an entry of its own: start is a list",
				"what begins by the calendar has no %s: nobody is there", key)
		}
	}
	s := &Schedule{Every: sched.get("every").str(), Missed: Missed(sched.get("missed").str())}
	if s.Missed == "" {
		s.Missed = MissedLatest
	}
	if at := sched.get("at"); at != nil {
		if s.Minute = clockMinute(at.str()); s.Minute < 0 || s.Minute == 24*60 {
			at.fault("wrong-value", "write it as '08:00'", "%s is no time of day", clipped(at.str()))
		}
	}
	most := map[string]int{"week": 7, "month": 31, "year": 31}[s.Every]
	s.Day = c.calendarPart(sched, "day", s.Every, most)
	if s.Every == "year" {
		most = 12
	} else {
		most = 0
	}
	s.Month = c.calendarPart(sched, "month", s.Every, most)
	return s
}

// calendarPart reads the day or month of a schedule; most 0 = it has none.
func (c *compiler) calendarPart(sched *node, key, every string, most int) int {
	n := sched.get(key)
	switch {
	case every == "": // it was refused: nobody can say what goes with it
		return 0
	case n == nil && most > 0:
		if !sched.has(key) {
			sched.fault("missing-key", key+": 1", "every %s without %s", every, key)
		}
		return 1
	case n == nil:
		return 0
	case most == 0:
		sched.keyNode(key).fault("not-for-type", "", "every %s has no %s", every, key)
		return 0
	}
	part, _ := strconv.Atoi(n.text)
	if part < 1 || part > most {
		n.fault("wrong-value", "1 to "+strconv.Itoa(most), "%s is no %s of a %s", clipped(n.text), key, every)
	}
	return part
}

// startEach reads the list for each of whose entries a case begins, and what one is.
func (c *compiler) startEach(n *node) (*formula.Value, *value.Field) {
	list := n.get("for_each")
	if list == nil {
		return nil, nil
	}
	if !n.has("schedule") {
		n.keyNode("for_each").fault("not-for-type", "a step with for_each and call begins a case for each row",
			"only what begins by the calendar begins several cases at once")
		return nil, nil
	}
	v := c.value(list, formula.Names{}, nil)
	if v == nil {
		return nil, nil
	}
	kind := v.Entries()
	if kind != value.Human && kind != value.UnitKind && kind != value.Text && kind != value.Post {
		list.fault("result", "units(), everyone(), holders(\"gate\")",
			"a case begins for each person, unit or text of a list")
		return nil, nil
	}
	return v, &value.Field{Name: "each", Path: "each", Kind: kind}
}
