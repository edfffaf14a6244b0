package definitions

import (
	"embed"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/guicheng/guicheng/definitions/calendar"
	"github.com/guicheng/guicheng/definitions/report"
)

// shippedHolidays are the years that come with the server; an office adds and replaces years by files of its own.
//
//go:embed holidays/*.yaml
var shippedHolidays embed.FS

// yearOff is one year of holidays.
type yearOff struct {
	year      int
	off, work map[calendar.Day]string
}

// holidays are years by name, each year once.
type holidays map[string]map[int]yearOff

// shipped reads the years that come with the server, once. They are ours: a fault in them is found by a test.
var shipped = sync.OnceValue(func() holidays {
	out := holidays{}
	entries, _ := shippedHolidays.ReadDir("holidays")
	for _, e := range entries {
		text, _ := shippedHolidays.ReadFile("holidays/" + e.Name())
		for _, d := range silent(File{Name: e.Name(), Text: text}) {
			out.read(d.root)
		}
	}
	return out
})

// read takes in one year; it replaces one that is there.
func (h holidays) read(n *node) {
	name := n.get("holidays").str()
	y := yearOff{off: map[calendar.Day]string{}, work: map[calendar.Day]string{}}
	y.year, _ = strconv.Atoi(n.get("year").str())
	inYear := func(key *node) (calendar.Day, bool) {
		day, ok := dayAt(key)
		if ok && day.Year() != y.year {
			key.fault("wrong-value", "", "%s is not in the year %d", key.text, y.year)
			return 0, false
		}
		return day, ok
	}
	for _, e := range n.get("off").pairs() {
		if day, ok := inYear(e.key); ok {
			y.off[day] = e.value.str()
		}
	}
	for _, e := range n.get("work").pairs() {
		day, ok := inYear(e.key)
		if _, twice := y.off[day]; twice {
			e.key.fault("wrong-value", "", "%s stands among those on which nobody works as well", e.key.text)
		} else if ok {
			y.work[day] = e.value.str()
		}
	}
	if name == "" || y.year < 1900 || y.year > 9999 {
		return
	}
	if h[name] == nil {
		h[name] = map[int]yearOff{}
	}
	h[name][y.year] = y
}

// dayAt reads a date that is a key.
func dayAt(n *node) (calendar.Day, bool) {
	t, err := time.Parse(time.DateOnly, n.text)
	if err != nil {
		n.fault("wrong-value", "write it as 2026-10-01", "%s is not a date", clipped(n.text))
		return 0, false
	}
	return calendar.DayOf(t), true
}

// known are the shipped years of all holidays, and those that the office brings.
func (b *bundler) known() holidays {
	out := holidays{}
	ours := shipped()
	for _, name := range slices.Sorted(maps.Keys(ours)) {
		out[name] = maps.Clone(ours[name])
	}
	for _, d := range b.holidays {
		out.read(d.root)
	}
	return out
}

func (b *bundler) readCalendars(o *Office, n *node) {
	if n == nil && len(b.holidays) == 0 {
		return
	}
	known := b.known()
	for _, e := range n.pairs() {
		if c := b.calendar(e, known); c != nil {
			o.Calendars = append(o.Calendars, c)
		}
	}
}

func (b *bundler) calendar(e entry, known holidays) *calendar.Calendar {
	n := e.value
	c := &calendar.Calendar{ID: e.key.text, Title: n.get("title").str(), Holidays: n.get("holidays").str(),
		Off: map[calendar.Day]string{}, Work: map[calendar.Day]string{}}
	b.week(c, n.get("hours"))
	if c.Holidays != "" && known[c.Holidays] == nil {
		names := slices.Sorted(maps.Keys(known))
		n.get("holidays").fault("unknown-holidays", hintAmong(c.Holidays, names), "there are no holidays of the name %s",
			clipped(c.Holidays))
	}
	for _, year := range slices.Sorted(maps.Keys(known[c.Holidays])) {
		c.Years = append(c.Years, year)
		maps.Copy(c.Off, known[c.Holidays][year].off)
		maps.Copy(c.Work, known[c.Holidays][year].work)
	}
	for _, day := range n.get("closed").pairs() {
		if d, ok := dayAt(day.key); ok {
			c.Off[d] = day.value.str()
			delete(c.Work, d)
		}
	}
	for _, day := range n.get("opened").pairs() {
		if d, ok := dayAt(day.key); ok {
			c.Work[d] = day.value.str()
			delete(c.Off, d)
		}
	}
	if !slices.ContainsFunc(c.Week[:], func(h []calendar.Hours) bool { return len(h) > 0 }) {
		return nil
	}
	return c
}

var weekdays = [...]string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"}

// week reads the hours of the days of a week.
func (b *bundler) week(c *calendar.Calendar, n *node) {
	for _, e := range n.pairs() {
		first, last, span := strings.Cut(e.key.text, "-")
		if !span {
			last = first
		}
		from, to := slices.Index(weekdays[:], first), slices.Index(weekdays[:], last)
		if from < 0 || to < 0 {
			e.key.fault("wrong-value", "write mon, or mon-fri: the days are "+strings.Join(weekdays[:], ", "),
				"%s is no day of the week", clipped(e.key.text))
			continue
		}
		hours := readHours(e.value)
		for d := from; ; d = (d + 1) % 7 {
			if c.Week[d] != nil {
				e.key.fault("duplicate-name", "", "the hours of %s stand here twice", weekdays[d])
			}
			c.Week[d] = hours
			if d == to {
				break
			}
		}
	}
	if n != nil && len(n.pairs()) == 0 {
		n.fault("wrong-value", "mon-fri: '09:00-18:00'", "a calendar without hours")
	}
}

// readHours reads spans of a day: '09:00-12:00', '13:30-18:00'.
func readHours(n *node) []calendar.Hours {
	var out []calendar.Hours
	for _, item := range n.all() {
		from, to, ok := strings.Cut(item.str(), "-")
		h := calendar.Hours{From: clockMinute(from), To: clockMinute(to)}
		switch {
		case !ok || h.From < 0 || h.To <= h.From:
			item.fault("wrong-value", "write it as '09:00-12:00'", "%s are no hours of a day", clipped(item.str()))
		case len(out) > 0 && h.From < out[len(out)-1].To:
			item.fault("wrong-value", "", "%s begins before the hours that stand in front of it end", clipped(item.str()))
		default:
			out = append(out, h)
		}
	}
	return out
}

// clockMinute reads a time of day up to 24:00; -1 if it is none.
func clockMinute(text string) int {
	if text == "24:00" {
		return 24 * 60
	}
	t, err := time.Parse("15:04", strings.TrimSpace(text))
	if err != nil || len(strings.TrimSpace(text)) != 5 {
		return -1
	}
	return t.Hour()*60 + t.Minute()
}

// calendar is the calendar that a procedure names, else the office's own.
func (c *compiler) calendar(n *node) *calendar.Calendar {
	o := c.b.out.Office
	if n != nil {
		var ids []string
		for _, k := range o.Calendars {
			ids = append(ids, k.ID)
		}
		if !slices.Contains(ids, n.text) {
			n.fault("unknown-calendar", hintAmong(n.text, ids), "the office has no calendar %s", clipped(n.text))
		}
		c.p.Calendar = n.text
	}
	return o.Calendar(c.p.Calendar)
}

// HolidaysMissing is the finding that the holidays of a year are not known although they will be needed; false: all
// that are needed at now are there.
func HolidaysMissing(o *Office, now time.Time) (report.Problem, bool) {
	name, year, missing := o.MissingHolidays(now)
	if !missing {
		return report.Problem{}, false
	}
	return report.Problem{Place: report.Place{File: "office.yaml", Line: 1, Column: 1}, Severity: report.Warning,
		Code:    "holidays-missing",
		Message: "the holidays of " + strconv.Itoa(year) + " are not known: " + name,
		Hint:    "add holidays." + strconv.Itoa(year) + ".yaml with the days off and the exchanged workdays"}, true
}
