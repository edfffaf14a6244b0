package definitions

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/guicheng/guicheng/definitions/calendar"
)

func calendarOffice(t *testing.T, calendars string, more ...File) *Office {
	t.Helper()
	b, problems := Compile(append([]File{{Name: "office.yaml", Text: []byte(`office: small
title: Small
language: en
languages: en
zone: Asia/Shanghai
posts: {desk: Desk}
` + calendars)}}, more...))
	for _, p := range problems {
		t.Errorf("%s:%d: %s", p.File, p.Line, p.Message)
	}
	if b == nil {
		t.FailNow()
	}
	return b.Office
}

// The shipped years are whole: exchanged workdays are Saturdays and Sundays, no day is both, the years follow one
// another, and there are as many days off as the law gives.
func TestShippedHolidays(t *testing.T) {
	t.Parallel()
	years := shipped()["mainland-china"]
	listed := slices.Sorted(maps.Keys(years))
	if len(listed) == 0 || listed[0] != 2002 || listed[len(listed)-1]-listed[0]+1 != len(listed) {
		t.Fatalf("the years are %v", listed)
	}
	dayOf := func(d calendar.Day) time.Time {
		return time.Date(int(d)/10_000, time.Month(int(d)/100%100), int(d)%100, 0, 0, 0, 0, time.UTC)
	}
	for _, year := range listed {
		y, free := years[year], 0
		for _, d := range slices.Sorted(maps.Keys(y.off)) {
			if w := dayOf(d).Weekday(); w != time.Saturday && w != time.Sunday {
				free++
			}
		}
		for _, d := range slices.Sorted(maps.Keys(y.work)) {
			if w := dayOf(d).Weekday(); w != time.Saturday && w != time.Sunday {
				t.Errorf("%d is a workday anyway", d)
			}
		}
		if net := free - len(y.work); net < 9 || net > 13 {
			t.Errorf("%d: %d working days less", year, net)
		}
		if y.off[calendar.Day(year*10_000+101)] == "" || y.off[calendar.Day(year*10_000+1001)] == "" {
			t.Errorf("%d: New Year and the National Day are holidays", year)
		}
	}
}

func TestCalendarsOfAnOffice(t *testing.T) {
	t.Parallel()
	o := calendarOffice(t, `calendars:
  office:
    title: Office hours
    hours: {mon-fri: ['09:00-12:00', '13:30-18:00'], sat: '09:00-12:00'}
    holidays: mainland-china
    closed: {2026-12-31: Stocktaking, 2026-02-14: Flood}
    opened: {2026-10-01: Parade}
  gate: {hours: {mon-sun: '00:00-24:00'}}
`, File{Name: "holidays.2028.yaml", Text: []byte("holidays: mainland-china\nyear: 2028\n" +
		"off: {2028-01-01: New Year}\nwork: {2028-01-02: New Year}\n")})
	c := o.Calendar("office")
	for day, works := range map[string]bool{
		"2026-11-26": true, "2026-11-28": true, "2026-11-29": false, // a Thursday, a Saturday, a Sunday
		"2026-10-02": false, "2026-10-10": true, "2026-02-28": true, // a holiday, exchanged Saturdays
		"2026-12-31": false, "2026-02-14": false, "2026-10-01": true, // the office's own days come first
		"2028-01-01": false, "2028-01-02": true, "2028-05-01": true, // a year that the office brings
	} {
		at, err := time.ParseInLocation(time.DateOnly, day, o.Zone)
		if err != nil {
			t.Fatal(err)
		}
		if c.Workday(at, o.Zone) != works {
			t.Errorf("%s is a workday: %t", day, !works)
		}
	}
	if o.Calendar("gate").ID != "gate" || o.Calendar("").ID != "office" || (&Office{}).Calendar("x") != calendar.Default {
		t.Error("a calendar is found by its name, else it is the office's first")
	}
}

// The holidays of a year are asked for in it, and from 1 December of the year before.
func TestHolidaysMissing(t *testing.T) {
	t.Parallel()
	o := calendarOffice(t, "calendars: {office: {hours: {mon-fri: '09:00-18:00'}, holidays: mainland-china}}\n",
		File{Name: "holidays.2030.yaml", Text: []byte("holidays: mainland-china\nyear: 2030\noff: {2030-01-01: New Year}\n")})
	last := o.Calendars[0].Years[len(o.Calendars[0].Years)-2]
	for _, one := range []struct {
		month time.Month
		day   int
		want  bool
	}{{time.November, 30, false}, {time.December, 1, true}} {
		p, missing := HolidaysMissing(o, time.Date(last, one.month, one.day, 12, 0, 0, 0, o.Zone))
		if missing != one.want || missing && !strings.Contains(p.Message, "mainland-china") {
			t.Errorf("%s %d: missing %t: %s", one.month, one.day, missing, p.Message)
		}
	}
	if _, missing := HolidaysMissing(o, time.Date(2030, 6, 1, 0, 0, 0, 0, time.UTC)); missing {
		t.Error("2030 is there")
	}
}
