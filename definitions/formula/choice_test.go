package formula

import (
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/guicheng/guicheng/definitions/value"
)

// books are an office's records as a test has them.
type books struct {
	open  map[string]int64
	times map[string]int64
	last  map[string]time.Time
}

func (b books) Open(person string) int64 { return b.open[person] }

func (b books) Done(step, person string) (int64, time.Time) {
	return b.times[step+"/"+person], b.last[step+"/"+person]
}

func choosers(t *testing.T) (*Env, *Scope) {
	t.Helper()
	e, err := NewEnv(Options{Schema: value.NewSchema(nil), Steps: map[string]bool{"fix": true},
		Posts: map[string]bool{"m-and-e": true}, Skills: map[string]bool{"forklift": true, "height": true}})
	if err != nil {
		t.Fatal(err)
	}
	person := func(id string, skills ...string) value.Person {
		return value.Person{ID: id, Name: id, Posts: []string{"m-and-e"}, Skills: skills}
	}
	monday := time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC)
	return e, &Scope{
		Staff: office{[]value.Person{person("a", "forklift"), person("b", "forklift", "height"), person("c")}},
		Work: books{open: map[string]int64{"a": 3, "b": 1, "c": 1}, times: map[string]int64{"fix/b": 2, "fix/c": 5},
			last: map[string]time.Time{"fix/b": monday, "fix/c": monday.Add(-time.Hour)}},
	}
}

func TestOneIsChosen(t *testing.T) {
	t.Parallel()
	tests := []struct {
		text string
		want string
	}{
		{`able("forklift")`, "a b"},
		{`person("c")`, "c"},
		{`person("x")`, ""},
		{`concat(person("c"), person("a"))`, "c a"},
		{`filter(holders("m-and-e"), "height" in .skills)`, "b"},
		{`least_loaded(everyone())`, "b"}, // c has as little, b stands before
		{`least_loaded(able("nothing"))`, "!"},
		{`least_loaded(filter(everyone(), .id == "x"))`, ""},
		{`filter(everyone(), open_tasks(#) < 3)`, "b c"},
		{`most_experienced(everyone(), "fix")`, "c"},
		{`longest_ago(everyone(), "fix")`, "a"}, // never is longest ago
		{`longest_ago(filter(everyone(), .id != "a"), "fix")`, "c"},
		{`next_in_turn(everyone())`, "a"},
		{`next_in_turn(filter(everyone(), false))`, ""},
		{`random_of(filter(everyone(), false))`, ""},
		{`concat(next_in_turn(everyone()), least_loaded(everyone()))`, "a b"},
	}
	for _, tt := range tests {
		t.Run(tt.text, func(t *testing.T) {
			t.Parallel()
			e, s := choosers(t)
			w, faults := e.Who(tt.text, Names{Choose: true})
			if tt.want == "!" {
				if len(faults) == 0 || faults[0].Code != "unknown-skill" {
					t.Fatalf("faults %+v", faults)
				}
				return
			}
			if len(faults) > 0 {
				t.Fatalf("%+v", faults)
			}
			if got := chosen(t, w, s); got != tt.want {
				t.Errorf("it chooses %q, want %q", got, tt.want)
			}
		})
	}
}

func chosen(t *testing.T, w *Who, s *Scope) string {
	t.Helper()
	list, err := w.Eval(s)
	if err != nil {
		t.Fatal(err)
	}
	out := make([]string, len(list))
	for i, c := range list {
		out[i] = c.Person
	}
	return strings.Join(out, " ")
}

func TestTurnsGoRound(t *testing.T) {
	t.Parallel()
	e, s := choosers(t)
	w, _ := e.Who(`next_in_turn(holders("m-and-e"))`, Names{Choose: true})
	var got []string
	for turn := range int64(5) {
		s.Turn = turn
		got = append(got, chosen(t, w, s))
	}
	if want := []string{"a", "b", "c", "a", "b"}; !slices.Equal(got, want) {
		t.Errorf("the turns are %v, want %v", got, want)
	}
}

func TestChanceIsTheSeeds(t *testing.T) {
	t.Parallel()
	e, s := choosers(t)
	w, _ := e.Who(`random_of(everyone())`, Names{Choose: true})
	seen := map[string]int{}
	for seed := range uint64(300) {
		s.Seed = seed
		first := chosen(t, w, s)
		if again := chosen(t, w, s); again != first {
			t.Fatalf("seed %d chose %s, then %s", seed, first, again)
		}
		seen[first]++
	}
	for _, id := range []string{"a", "b", "c"} {
		if seen[id] < 70 || seen[id] > 130 {
			t.Errorf("of 300 seeds %d choose %s", seen[id], id)
		}
	}
}

func TestWithoutRecordsTheFirstIsChosen(t *testing.T) {
	t.Parallel()
	e, s := choosers(t)
	s.Work = nil
	for _, text := range []string{
		`least_loaded(everyone())`, `most_experienced(everyone(), "fix")`, `longest_ago(everyone(), "fix")`,
		`find(everyone(), open_tasks(#) == 0)`,
	} {
		w, faults := e.Who(text, Names{Choose: true})
		if len(faults) > 0 {
			t.Fatal(faults)
		}
		if got := chosen(t, w, s); got != "a" {
			t.Errorf("%s chooses %q, want a", text, got)
		}
	}
}

func TestChoiceIsRefused(t *testing.T) {
	t.Parallel()
	tests := []struct{ text, code string }{
		{`least_loaded(["m-and-e"])`, "type"},
		{`most_experienced(everyone(), "fax")`, "unknown-step"},
		{`able("forklif")`, "unknown-skill"},
		{`filter(everyone(), "forklif" in .skills)`, "unknown-skill"},
		{`next_in_turn()`, "arguments"},
	}
	for _, tt := range tests {
		t.Run(tt.text, func(t *testing.T) {
			t.Parallel()
			e, _ := choosers(t)
			_, faults := e.Who(tt.text, Names{Choose: true})
			if len(faults) == 0 || faults[0].Code != tt.code {
				t.Errorf("faults %+v, want %s", faults, tt.code)
			}
		})
	}
	e, _ := choosers(t)
	for _, text := range []string{
		`next_in_turn(everyone())`, `random_of(everyone())`, `find(everyone(), open_tasks(#) == 0)`,
	} {
		_, faults := e.Who(text, Names{})
		if len(faults) == 0 || !strings.Contains(faults[0].Hint, "exists where a task is given to people") {
			t.Errorf("%s: faults %+v", text, faults)
		}
	}
}

func TestAsks(t *testing.T) {
	t.Parallel()
	e, _ := choosers(t)
	tests := map[string]Asks{
		`everyone()`:                                   {},
		`least_loaded(everyone())`:                     {Load: true},
		`find(everyone(), open_tasks(#) < 2)`:          {Load: true},
		`random_of(next_in_turn(everyone()))`:          {Turn: true},
		`longest_ago(everyone(), "fix")`:               {Deeds: []string{"fix"}},
		`most_experienced(able("height"), "fix")`:      {Deeds: []string{"fix"}},
		`least_loaded(longest_ago(everyone(), "fix"))`: {Load: true, Deeds: []string{"fix"}},
	}
	for text, want := range tests {
		w, faults := e.Who(text, Names{Choose: true})
		if len(faults) > 0 {
			t.Fatalf("%s: %+v", text, faults)
		}
		if got := w.Asks(); !reflect.DeepEqual(got, want) {
			t.Errorf("%s asks %+v, want %+v", text, got, want)
		}
	}
}
