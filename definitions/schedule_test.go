package definitions

import (
	"testing"
	"time"

	"github.com/guicheng/guicheng/definitions/calendar"
)

func TestScheduleNext(t *testing.T) {
	t.Parallel()
	mainland := calendarOffice(t, "calendars: {office: {hours: {mon-fri: '09:00-18:00'}, holidays: mainland-china}}\n")
	for _, one := range []struct {
		name, zone, after string
		s                 Schedule
		want              []string
	}{
		{"daily", "Asia/Shanghai", "2026-11-26 07:00", Schedule{Every: "day", Minute: 480},
			[]string{"2026-11-26 08:00", "2026-11-27 08:00"}},
		{"not at the moment itself", "Asia/Shanghai", "2026-11-26 08:00", Schedule{Every: "day", Minute: 480},
			[]string{"2026-11-27 08:00"}},
		{"weekly", "Asia/Shanghai", "2026-11-26 07:00", Schedule{Every: "week", Day: 7}, []string{"2026-11-29 00:00"}},
		{"monthly, the last day where a month is short", "Asia/Shanghai", "2027-01-31 12:00",
			Schedule{Every: "month", Day: 31, Minute: 480}, []string{"2027-02-28 08:00", "2027-03-31 08:00"}},
		{"yearly", "Asia/Shanghai", "2026-10-15 08:00", Schedule{Every: "year", Month: 10, Day: 15, Minute: 480},
			[]string{"2027-10-15 08:00"}},
		{"leap day", "Asia/Shanghai", "2026-01-01 00:00", Schedule{Every: "year", Month: 2, Day: 29},
			[]string{"2026-02-28 00:00", "2027-02-28 00:00", "2028-02-29 00:00"}},
		{"workdays over the National Day, with exchanged ones", "Asia/Shanghai", "2026-09-30 12:00",
			Schedule{Every: "workday", Minute: 540}, []string{"2026-10-08 09:00", "2026-10-09 09:00", "2026-10-10 09:00",
				"2026-10-12 09:00"}},
		{"a time that the clock leaps over is the moment of the leap", "Europe/Berlin", "2026-03-28 12:00",
			Schedule{Every: "day", Minute: 150}, []string{"2026-03-29 03:00", "2026-03-30 02:30"}},
		{"a time that comes twice counts once", "Europe/Berlin", "2026-10-24 12:00",
			Schedule{Every: "day", Minute: 150}, []string{"2026-10-25 02:30", "2026-10-26 02:30"}},
		{"midnight that does not exist", "America/Santiago", "2026-09-05 12:00",
			Schedule{Every: "day"}, []string{"2026-09-06 01:00", "2026-09-07 00:00"}},
	} {
		zone, err := time.LoadLocation(one.zone)
		if err != nil {
			t.Fatal(err)
		}
		at, err := time.ParseInLocation("2006-01-02 15:04", one.after, zone)
		if err != nil {
			t.Fatal(err)
		}
		for _, want := range one.want {
			at = one.s.Next(at, zone, mainland.Calendars[0])
			if got := at.In(zone).Format("2006-01-02 15:04"); got != want {
				t.Errorf("%s: %s, not %s", one.name, got, want)
			}
		}
	}
	berlin, _ := time.LoadLocation("Europe/Berlin")
	eve := time.Date(2026, 10, 24, 12, 0, 0, 0, time.UTC)
	twice := (&Schedule{Every: "day", Minute: 150}).Next(eve, berlin, calendar.Default)
	if want := time.Date(2026, 10, 25, 0, 30, 0, 0, time.UTC); !twice.Equal(want) {
		t.Errorf("of two half past twos the first counts: %s", twice)
	}
	if next := (&Schedule{Every: "workday"}).Next(time.Now(), time.UTC, &calendar.Calendar{}); !next.IsZero() {
		t.Errorf("an office that never works has a next workday: %s", next)
	}
}

// What a schedule cannot have is refused where it stands.
func TestScheduleFaults(t *testing.T) {
	t.Parallel()
	for start, want := range map[string]string{
		"{schedule: {every: day, at: '8:00'}}":                                      "wrong-value",
		"{schedule: {every: month}}":                                                "missing-key",
		"{schedule: {every: month, day: 32}}":                                       "wrong-value",
		"{schedule: {every: day, day: 3}}":                                          "not-for-type",
		"{schedule: {every: month, day: 3, month: 2}}":                              "not-for-type",
		"{schedule: {every: year, day: 3, month: 13}}":                              "wrong-value",
		"{schedule: {every: day}, by: desk}":                                        "not-for-type",
		"{by: desk, for_each: units()}":                                             "not-for-type",
		"{schedule: {every: day}, for_each: today}":                                 "result",
		"{schedule: {every: day}, for_each: units(), set: {who: each}}":             "result",
		"{by: desk, set: {where: each}}":                                            "unknown-name",
		"{schedule: {every: day}, for_each: units(), set: {where: each}}":           "",
		"{schedule: {every: day}, for_each: 'holders(\"desk\")', set: {who: each}}": "",
		"{message: told}":                                                           "",
		"{message: told, set: {who: case.starter}}":                                 "",
		"{message: tol}":                                                            "unknown-message",
		"{message: plain}":                                                          "not-for-type",
		"{message: told, by: desk}":                                                 "not-for-type",
		"{message: told, schedule: {every: day}}":                                   "not-for-type",
		"{message: other}":                                                          "may-be-empty",
	} {
		_, problems := Compile([]File{
			{Name: "office.yaml",
				Text: []byte("office: a\ntitle: A\nlanguage: en\nlanguages: en\nzone: UTC\nposts: {desk: D}\n")},
			{Name: "p.yaml", Text: []byte("procedure: p\ntitle: P\ndata: {who: {type: person}, where: {type: unit}, " +
				"num: {type: text}}\n" +
				"messages: {told: {title: T, key: num, form: [num]}, plain: {title: T, by: desk}, " +
				"other: {title: T, key: num}}\nstart: " +
				start + "\nevents: [{message: plain, to: a}, {message: told, to: a}, {message: other, to: a}]\n" +
				"steps: [{step: a, title: A, task: {by: desk, form: [who, where, num]}}]\n")}})
		got := ""
		if len(problems) > 0 {
			got = problems[0].Code
		}
		if got != want {
			t.Errorf("%s: %q, not %q: %v", start, got, want, problems)
		}
	}
}
