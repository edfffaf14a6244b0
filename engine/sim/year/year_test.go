package year_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/guicheng/guicheng/definitions"
	"github.com/guicheng/guicheng/definitions/offices"
	"github.com/guicheng/guicheng/definitions/report"
	"github.com/guicheng/guicheng/engine/sim/year"
)

func shipped(t *testing.T, office string, more ...definitions.File) *definitions.Bundle {
	t.Helper()
	files, err := definitions.ReadDir(offices.FS, office)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range more {
		for i := range files {
			if files[i].Name == f.Name {
				files[i].Text = f.Text
			}
		}
	}
	b, problems := definitions.Compile(files)
	if b == nil {
		t.Fatal(report.Render(problems, nil))
	}
	return b
}

func play(t *testing.T, b *definitions.Bundle, days int, seed uint64) *year.Report {
	t.Helper()
	r, err := year.Play(b, year.Options{Days: days, Seed: seed})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// TestAYearOfEachShippedOffice: cases come of every procedure, they come to ends, and nearly all that is asked can be
// filled in.
func TestAYearOfEachShippedOffice(t *testing.T) {
	t.Parallel()
	for _, office := range []string{"sunshine", "expressway", "tobacco"} {
		t.Run(office, func(t *testing.T) {
			t.Parallel()
			b := shipped(t, office)
			r := play(t, b, 365, 1)
			if len(r.Procedures) != len(b.Procedures) {
				t.Errorf("cases of %d procedures, want all %d", len(r.Procedures), len(b.Procedures))
			}
			begun, running, refused, done := 0, 0, 0, 0
			for _, p := range r.Procedures {
				begun, running = begun+p.Begun, running+p.Running
				ended := 0
				for _, o := range p.Outcomes {
					if ended += o.Cases; o.ID == "frozen" {
						t.Errorf("%d cases of %s are frozen", o.Cases, p.ID)
					}
				}
				if ended+p.Running != p.Begun {
					t.Errorf("%s: %d cases begun, %d ended and %d run", p.ID, p.Begun, ended, p.Running)
				}
			}
			for _, s := range r.Steps {
				done += s.Done
			}
			for _, x := range r.Refused {
				refused += x.Times
			}
			if begun < 100 || running*3 > begun || refused*50 > done {
				t.Errorf("%d cases begun, %d still run; %d tasks done, %d not played: %+v", begun, running, done, refused,
					r.Refused)
			}
		})
	}
}

func TestTheSameSeedIsTheSameYear(t *testing.T) {
	t.Parallel()
	one, two, other := play(t, shipped(t, "sunshine"), 60, 7), play(t, shipped(t, "sunshine"), 60, 7),
		play(t, shipped(t, "sunshine"), 60, 8)
	text := func(r *year.Report) string {
		out, err := json.Marshal(r)
		if err != nil {
			t.Fatal(err)
		}
		return strings.ReplaceAll(string(out), `"seed":8`, `"seed":7`)
	}
	if text(one) != text(two) {
		t.Error("one seed gives two years")
	}
	if text(one) == text(other) {
		t.Error("two seeds give the same year")
	}
}

// TestALoadIsFollowed: of what comes, who is there, how long things take, and what is answered.
func TestALoadIsFollowed(t *testing.T) {
	t.Parallel()
	load := `load: sunshine
begin: '2026-03-02'
staff: {li: gate, chan: front-desk, lam: supervisor}
away: 0
mistakes: 0
work: 1m
cases:
  visitor:
    a_workday: 30
    work: {ask-department: 2h}
    answers: {ask-department: {expected: 1}, phone-resident: {unknown: 1}}
`
	b := shipped(t, "sunshine", definitions.File{Name: "load.yaml", Text: []byte(load)})
	r := play(t, b, 28, 1)
	if r.Bottleneck() == nil {
		t.Error("nobody ever waited")
	}
	for _, p := range r.Procedures {
		switch {
		case p.ID == "visitor" && (p.Begun < 400 || p.Begun > 800):
			t.Errorf("%d visitors came in 20 workdays of about 30", p.Begun)
		case p.ID != "visitor" && p.ID != "shift" && p.ID != "duty-readiness":
			t.Errorf("%d cases of %s came, which the load does not name", p.Begun, p.ID)
		}
	}
	for _, s := range r.Steps {
		if s.ID == "ask-department" && s.LateShare() < 0.9 { // three minutes, for what takes two hours
			t.Errorf("%d of %d were late at the desk", s.Late, s.Done)
		}
		if s.Mistakes > 0 {
			t.Errorf("%d mistakes at %s, where nobody makes any", s.Mistakes, s.ID)
		}
	}
	for _, post := range r.Posts {
		if want := map[string]int{"gate": 1, "front-desk": 1, "supervisor": 1}[post.ID]; post.Holders != want {
			t.Errorf("%d hold %s, want %d", post.Holders, post.ID, want)
		}
	}
}

// TestALoadSaysWhichPlaysAreFollowedAndWhoWorksWhen: of the plays that it names alone, and by the calendar of a post.
func TestALoadSaysWhichPlaysAreFollowedAndWhoWorksWhen(t *testing.T) {
	t.Parallel()
	load := `load: sunshine
begin: '2026-03-02'
staff: {li: gate, chan: front-desk, lam: supervisor, ho: supervisor}
HOURS
away: 0
mistakes: 0
work: 1m
cases:
  duty-readiness: {a_workday: 0, plays: {本人確認電話接聽禮儀，並記日期: 1}}
`
	late := map[string]int{}
	for name, hours := range map[string]string{"office": "", "duty": "hours: {supervisor: duty, front-desk: duty}"} {
		b := shipped(t, "sunshine",
			definitions.File{Name: "load.yaml", Text: []byte(strings.ReplaceAll(load, "HOURS", hours))})
		r := play(t, b, 28, 1)
		for _, p := range r.Procedures {
			if p.ID == "duty-readiness" && (len(p.Outcomes) != 1 || p.Outcomes[0].ID != "on-post") {
				t.Errorf("%s: the play that is named goes on post, and they came to %+v", name, p.Outcomes)
			}
		}
		for _, s := range r.Steps {
			if s.ID == "train" && s.Done > 0 {
				t.Errorf("%s: %d were trained, which no named play shows", name, s.Done)
			}
			if s.ID == "uniform" {
				late[name] = s.Late
			}
		}
	}
	if late["office"] < 20 || late["duty"] > 2 {
		t.Errorf("a shift begins at 07:30: late %v", late)
	}
}

// TestARowIsWrittenAnew: a form that adds a row has its deadline and its person in the row: they move along as well.
func TestARowIsWrittenAnew(t *testing.T) {
	t.Parallel()
	r := play(t, shipped(t, "expressway"), 365, 1)
	done := 0
	for _, s := range r.Steps {
		if s.ID == "add-problem" {
			done = s.Done
		}
	}
	if done == 0 || len(r.Refused) > 0 {
		t.Errorf("%d rows added; not played: %+v", done, r.Refused)
	}
}

func TestALoadThatIsWrong(t *testing.T) {
	t.Parallel()
	files, err := definitions.ReadDir(offices.FS, "sunshine")
	if err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]string{
		"load: sunshin\ncases: {visitor: 2}\n":                                            "unknown-name",
		"load: sunshine\ncases: {visitors: 2}\n":                                          "unknown-procedure",
		"load: sunshine\ncases: {visitor: many}\n":                                        "wrong-value",
		"load: sunshine\naway: 400\ncases: {visitor: 2}\n":                                "wrong-value",
		"load: sunshine\nbegin: soon\ncases: {visitor: 2}\n":                              "type",
		"load: sunshine\nstaff: {li: gait}\ncases: {visitor: 2}\n":                        "unknown-post",
		"load: sunshine\ncases: {visitor: {a_workday: 1, work: {admitt: 1m}}}\n":          "unknown-step",
		"load: sunshine\ncases: {visitor: {a_workday: 1, answers: {admit: {done: 1}}}}\n": "unknown-answer",
		"load: sunshine\nhours: {gait: gate}\ncases: {visitor: 2}\n":                      "unknown-post",
		"load: sunshine\nhours: {gate: night}\ncases: {visitor: 2}\n":                     "unknown-calendar",
		"load: sunshine\ncases: {visitor: {a_workday: 1, plays: {夢: 1}}}\n":               "unknown-name",
		"load: sunshine\nwork: soon\ncases: {visitor: 2}\n":                               "wrong-value",
	} {
		for i := range files {
			if files[i].Name == "load.yaml" {
				files[i].Text = []byte(text)
			}
		}
		_, problems := definitions.Compile(files)
		if len(problems) != 1 || problems[0].Code != want || problems[0].File != "load.yaml" {
			t.Errorf("%s: %+v, want one %s", text, problems, want)
		}
	}
}
