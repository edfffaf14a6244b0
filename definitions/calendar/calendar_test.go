package calendar

import (
	"testing"
	"time"

	"github.com/guicheng/guicheng/definitions/value"
)

// office works on weekdays with a break at noon, and on Saturday mornings; New Year is off, and a Sunday is exchanged.
func office() *Calendar {
	c := &Calendar{Holidays: "x", Years: []int{2026},
		Off:  map[Day]string{20260101: "New Year", 20260102: "New Year"},
		Work: map[Day]string{20260104: "New Year"}}
	for d := time.Monday; d <= time.Friday; d++ {
		c.Week[d] = []Hours{{9 * 60, 12 * 60}, {13*60 + 30, 18 * 60}}
	}
	c.Week[time.Saturday] = []Hours{{9 * 60, 12 * 60}}
	return c
}

func zoneNamed(t *testing.T, name string) *time.Location {
	t.Helper()
	zone, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return zone
}

func atIn(t *testing.T, zone string) func(text string) time.Time {
	t.Helper()
	return func(text string) time.Time {
		t.Helper()
		out, err := time.ParseInLocation(time.DateTime, text+":00", zoneNamed(t, zone))
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
}

func TestWorkingTime(t *testing.T) {
	t.Parallel()
	c, at, zone := office(), atIn(t, "Asia/Shanghai"), zoneNamed(t, "Asia/Shanghai")
	hours := func(n int) value.Work { return value.Work{Hours: n} }
	days := func(n int) value.Work { return value.Work{Days: n} }
	for _, one := range []struct {
		from string
		span value.Work
		to   string
	}{
		{"2026-01-05 09:00", hours(2), "2026-01-05 11:00"},
		{"2026-01-05 11:00", hours(2), "2026-01-05 14:30"},  // over noon
		{"2026-01-05 12:10", hours(1), "2026-01-05 14:30"},  // from within the break
		{"2026-01-05 17:30", hours(1), "2026-01-06 09:30"},  // over night
		{"2026-01-10 11:00", hours(2), "2026-01-12 10:00"},  // over Sunday
		{"2025-12-31 17:00", hours(2), "2026-01-03 10:00"},  // over New Year
		{"2026-01-03 11:00", hours(2), "2026-01-04 10:00"},  // into the exchanged Sunday
		{"2026-01-05 10:00", days(2), "2026-01-07 10:00"},   // same time of day
		{"2026-01-09 17:00", days(1), "2026-01-10 12:00"},   // Saturday closes at noon
		{"2025-12-31 10:00", days(2), "2026-01-04 10:00"},   // New Year does not count, its exchanged Sunday does
		{"2026-01-04 16:00", hours(3), "2026-01-05 10:00"},  // the Sunday has the hours of a Monday
		{"2026-01-05 20:00", days(1), "2026-01-07 09:00"},   // runs from the next opening
		{"2026-01-05 09:00", hours(15), "2026-01-06 18:00"}, // ends as the day closes
	} {
		if got := c.Add(at(one.from), one.span, zone); !got.Equal(at(one.to)) {
			t.Errorf("%s + %s is %s, not %s", one.from, one.span, got, one.to)
		}
	}
	for _, one := range []struct {
		from string
		span value.Work
		to   string
	}{
		{"2026-01-05 11:00", hours(2), "2026-01-05 09:00"},
		{"2026-01-05 14:30", hours(2), "2026-01-05 11:00"},
		{"2026-01-05 10:00", hours(2), "2026-01-04 17:00"},
		{"2026-01-12 10:00", hours(2), "2026-01-10 11:00"},
		{"2026-01-03 10:00", hours(2), "2025-12-31 17:00"},
		{"2026-01-07 10:00", days(2), "2026-01-05 10:00"},
		{"2026-01-07 07:00", days(1), "2026-01-05 18:00"},
	} {
		if got := c.Sub(at(one.from), one.span, zone); !got.Equal(at(one.to)) {
			t.Errorf("%s - %s is %s, not %s", one.from, one.span, got, one.to)
		}
	}
}

func TestWorkingTimeBetween(t *testing.T) {
	t.Parallel()
	c, at, zone := office(), atIn(t, "Asia/Shanghai"), zoneNamed(t, "Asia/Shanghai")
	if got := c.Between(at("2025-12-31 17:00"), at("2026-01-04 10:00"), zone); got != 5*time.Hour {
		t.Errorf("from New Year's Eve to the exchanged Sunday there are %s of work, not 5h", got)
	}
	if got := c.AddOpen(at("2026-01-05 17:50"), 30*time.Minute, zone); !got.Equal(at("2026-01-06 09:20")) {
		t.Errorf("thirty minutes from ten to six end at %s", got)
	}
	if !c.Open(at("2026-01-05 09:00"), zone) || c.Open(at("2026-01-05 12:30"), zone) ||
		c.Open(at("2026-01-01 10:00"), zone) {
		t.Error("open at the wrong hours")
	}
	if !c.Workday(at("2026-01-04 00:00"), zone) || c.Workday(at("2026-01-11 00:00"), zone) {
		t.Error("the exchanged Sunday is a workday, another is not")
	}
	if !c.Covers(2026) || c.Covers(2027) || !Default.Covers(2027) {
		t.Error("a calendar without holidays covers every year, another the years that it has")
	}
}

// A clock that is put forward or back in the night takes nothing from the day, and what passes through it is counted
// as it was.
func TestWorkingTimeOverSummerTime(t *testing.T) {
	t.Parallel()
	zone := zoneNamed(t, "Europe/Berlin")
	night := &Calendar{}
	for d := range night.Week {
		night.Week[d] = []Hours{{0, 24 * 60}}
	}
	from := time.Date(2026, 3, 28, 12, 0, 0, 0, zone)
	want := time.Date(2026, 3, 29, 12, 0, 0, 0, zone)
	if got := night.Add(from, value.Work{Days: 1}, zone); !got.Equal(want) {
		t.Errorf("one day over the beginning of summer time ends at %s", got)
	}
	if got, want := night.AddOpen(from, 24*time.Hour, zone), from.Add(24*time.Hour); !got.Equal(want) {
		t.Errorf("24 hours over the beginning of summer time end at %s", got)
	}
}
