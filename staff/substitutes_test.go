package staff_test

import (
	"strings"
	"testing"
	"time"

	"github.com/guicheng/guicheng/staff"
	"github.com/guicheng/guicheng/store"
)

var noon = time.Date(2026, 3, 2, 4, 0, 0, 0, time.UTC)

// away makes a substitute from noon, for an hour.
func away(person, substitute string, procedures ...string) store.SubstituteRow {
	return store.SubstituteRow{ID: person + substitute, Person: person, Substitute: substitute, From: noon,
		Until: noon.Add(time.Hour), Procedures: procedures}
}

func later(r store.SubstituteRow, by time.Duration) store.SubstituteRow {
	r.From, r.Until = r.From.Add(by), r.Until.Add(by)
	return r
}

func TestStandsFor(t *testing.T) {
	t.Parallel()
	half := noon.Add(30 * time.Minute)
	tests := []struct {
		name string
		rows []store.SubstituteRow
		who  string
		at   time.Time
		want string // ids, and after a colon what is covered of visit and repair
	}{
		{"nobody is away", nil, "b", half, ""},
		{"one is away", []store.SubstituteRow{away("a", "b")}, "b", half, "a:visit,repair"},
		{"the other way round it does not hold", []store.SubstituteRow{away("a", "b")}, "a", half, ""},
		{"the first moment counts", []store.SubstituteRow{away("a", "b")}, "b", noon, "a:visit,repair"},
		{"the moment before does not", []store.SubstituteRow{away("a", "b")}, "b", noon.Add(-time.Microsecond), ""},
		{"the last moment does not", []store.SubstituteRow{away("a", "b")}, "b", noon.Add(time.Hour), ""},
		{"the moment before the last does", []store.SubstituteRow{away("a", "b")}, "b",
			noon.Add(time.Hour - time.Microsecond), "a:visit,repair"},
		{"named procedures", []store.SubstituteRow{away("a", "b", "visit")}, "b", half, "a:visit"},
		{"a chain", []store.SubstituteRow{away("a", "b"), away("b", "c")}, "c", half, "b:visit,repair a:visit,repair"},
		{"in the middle of a chain", []store.SubstituteRow{away("a", "b"), away("b", "c")}, "b", half, "a:visit,repair"},
		{"a chain is cut by procedures", []store.SubstituteRow{away("a", "b", "visit"), away("b", "c", "visit", "repair")},
			"c", half, "b:visit,repair a:visit"},
		{"procedures that do not meet", []store.SubstituteRow{away("a", "b", "visit"), away("b", "c", "repair")}, "c", half,
			"b:repair"},
		{"a chain is cut by time", []store.SubstituteRow{later(away("a", "b"), time.Hour), away("b", "c")}, "c", half,
			"b:visit,repair"},
		{"a circle of two", []store.SubstituteRow{away("a", "b"), away("b", "a")}, "a", half, "b:visit,repair"},
		{"a circle of three", []store.SubstituteRow{away("a", "b"), away("b", "c"), away("c", "a")}, "a", half,
			"c:visit,repair b:visit,repair"},
		{"a chain is bounded", []store.SubstituteRow{away("a", "b"), away("b", "c"), away("c", "d"), away("d", "e")}, "e",
			half, "d:visit,repair c:visit,repair b:visit,repair"},
		{"the substitute has gone", []store.SubstituteRow{away("a", "gone")}, "gone", half, ""},
		{"nothing goes through somebody who has gone", []store.SubstituteRow{away("a", "gone"), away("gone", "b")}, "b",
			half, ""},
		{"nor for him", []store.SubstituteRow{away("gone", "b")}, "b", half, ""},
		{"two parts make the whole", []store.SubstituteRow{away("a", "b", "visit"), {ID: "x", Person: "a", Substitute: "b",
			From: noon, Until: noon.Add(time.Hour), Procedures: []string{"repair"}}}, "b", half, "a:visit,repair"},
		{"two at once", []store.SubstituteRow{away("c", "b"), away("a", "b")}, "b", half, "a:visit,repair c:visit,repair"},
	}
	var people []store.PersonRow
	for _, id := range []string{"a", "b", "c", "d", "e"} {
		people = append(people, store.PersonRow{ID: id, Name: id})
	}
	people = append(people, store.PersonRow{ID: "gone", Name: "gone", Gone: true})
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := staff.NewRoster(nil, people, tt.rows...)
			var got []string
			for _, s := range r.StandsFor(tt.who, tt.at) {
				var covers []string
				for _, p := range []string{"visit", "repair"} {
					if s.Covers(p) {
						covers = append(covers, p)
					}
				}
				got = append(got, s.For.ID+":"+strings.Join(covers, ","))
			}
			if strings.Join(got, " ") != tt.want {
				t.Errorf("%s stands for %q, want %q", tt.who, strings.Join(got, " "), tt.want)
			}
		})
	}
}

// TestDeputies: who does somebody's work at some moment from now on, also in the stead of a substitute who is away.
func TestDeputies(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		rows []store.SubstituteRow
		want string
	}{
		"nobody":                   {nil, ""},
		"now":                      {[]store.SubstituteRow{away("a", "b")}, "b"},
		"from a later day on":      {[]store.SubstituteRow{later(away("a", "c"), 48*time.Hour)}, "c"},
		"of another procedure":     {[]store.SubstituteRow{away("a", "b", "repair")}, ""},
		"a substitute of his":      {[]store.SubstituteRow{away("a", "b"), away("b", "c")}, "b c"},
		"but not at the same time": {[]store.SubstituteRow{away("a", "b"), later(away("b", "c"), 48*time.Hour)}, "b"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			people := []store.PersonRow{{ID: "a", Name: "a"}, {ID: "b", Name: "b"}, {ID: "c", Name: "c"}}
			var got []string
			for _, p := range staff.NewRoster(nil, people, tt.rows...).Deputies("a", "visit", noon.Add(time.Minute)) {
				got = append(got, p.ID)
			}
			if strings.Join(got, " ") != tt.want {
				t.Errorf("got %q, want %q", strings.Join(got, " "), tt.want)
			}
		})
	}
}
