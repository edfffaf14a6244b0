package proof_test

import (
	"strings"
	"testing"

	"github.com/guicheng/guicheng/definitions"
	"github.com/guicheng/guicheng/definitions/report"
	"github.com/guicheng/guicheng/engine/proof"
	"github.com/guicheng/guicheng/engine/sim"
)

// staffed checks a procedure with a staff, written "chan: desk, li: manager gate".
func staffed(t *testing.T, staff, steps string) string {
	t.Helper()
	bundle, problems := proof.Check([]definitions.File{
		{Name: "it.yaml", Text: []byte("procedure: it\ntitle: It\n" + steps)},
		{Name: "office.yaml", Text: []byte(office + "superiors: {desk: manager}\n")},
	})
	if bundle == nil {
		t.Fatal(report.Render(problems, nil))
	}
	var players []definitions.Player
	for one := range strings.SplitSeq(staff, ",") {
		id, posts, _ := strings.Cut(strings.TrimSpace(one), ": ")
		players = append(players, definitions.Player{ID: id, Posts: strings.Fields(posts)})
	}
	return report.Render(proof.Staffed(bundle, sim.NewPeople(bundle.Office, players), nil), nil)
}

const twoSteps = "start: {by: desk}\nsteps:\n  - {step: write, title: Write, task: {by: desk}}\n" +
	"  - {step: sign, title: Sign, task: {by: manager"

// Whoever has done what before, somebody is there for each step; else the people that lead there are told.
func TestPeople(t *testing.T) {
	t.Parallel()
	tellPeople(t, map[string]manned{
		"everybody is there": {"chan: desk, li: manager", twoSteps + "}}\n", ""},
		"nobody holds the post": {"chan: desk", twoSteps + "}}\n",
			"nobody is there to do Sign (sign): nobody holds Manager (manager)"},
		"nobody may start": {"li: manager", twoSteps + ", nobody: skip}}\n",
			"nobody may start It (it): nobody holds Desk (desk)"},
		"who wrote it holds both": {"chan: desk manager", twoSteps + ", allow: '!(actor in done_by(\"write\"))'}}\n",
			"nobody may do Sign (sign) in some cases: Manager (manager) is held by chan alone\n" +
				"   = 1. chan does Write"},
		"two who hold both": {"chan: desk manager, li: desk manager",
			twoSteps + ", allow: '!(actor in done_by(\"write\"))'}}\n", ""},
		"the starter is left out": {"chan: desk manager", twoSteps + ", allow: actor.id != case.starter.id}}\n",
			"1. chan starts the case"},
		"a post in the stead": {"chan: desk manager, wu: gate",
			twoSteps + ", nobody: {post: gate}, allow: actor.id != case.starter.id}}\n", ""},
		"the post in the stead is empty": {"chan: desk manager",
			twoSteps + ", nobody: {post: gate}, allow: actor.id != case.starter.id}}\n", "nobody may do Sign (sign)"},
		"skipped by himself": {"chan: desk manager", twoSteps + ", self: skip}}\n", ""},
		"nobody above him":   {"chan: desk manager", twoSteps + ", self: superior}}\n", "nobody may do Sign (sign)"},
		"somebody above him": {"chan: desk manager, li: manager", twoSteps + ", self: superior}}\n", ""},
		"one signature lacks": {"chan: desk, li: manager", "start: {by: desk}\nends: {y: Y, n: N}\nsteps:\n" +
			"  - {step: sign, title: Sign, task: {by: [gate, manager], sign: all}, then: {approved: y, rejected: n}}\n",
			"nobody is there to do Sign (sign): nobody holds Gate (gate)"},
		"three steps, two people": {"chan: desk gate manager, li: desk gate manager", "start: {by: desk}\nsteps:\n" +
			"  - {step: a, title: A, task: {by: desk}}\n  - {step: b, title: B, task: {by: gate}}\n" +
			"  - {step: c, title: C, task: {by: manager, allow: '!(actor in done_by(\"a\")) && !(actor in done_by(\"b\"))'}}\n",
			"1. chan does A\n   = 2. li does B"},
		"a raw string names the step": {"chan: desk manager",
			twoSteps + ", allow: \"!(actor in done_by(r'write'))\"}}\n", "1. chan does Write"},
		"the author has said that it waits": {"chan: desk manager",
			twoSteps + ", nobody: incident, allow: '!(actor in done_by(\"write\"))'}}\n", ""},
		"a field is the starter": {"chan: desk manager, li: manager", "data: {who: {title: Who, type: person}}\n" +
			"start: {by: desk, set: {who: case.starter}}\nsteps:\n" +
			"  - {step: sign, title: Sign, task: {by: manager, show: [who], allow: actor.id != who.id}}\n", ""},
		"a field is the starter, alone": {"chan: desk manager", "data: {who: {title: Who, type: person}}\n" +
			"start: {by: desk, set: {who: case.starter}}\nsteps:\n" +
			"  - {step: sign, title: Sign, task: {by: manager, show: [who], allow: actor.id != who.id}}\n",
			"= 1. chan starts the case\n   = 2. the data: who = chan"},
		"who did it does the next, and nobody else": {"chan: desk, li: desk",
			"start: {by: desk}\nsteps:\n  - {step: write, title: Write, task: {by: desk}}\n" +
				"  - {step: sign, title: Sign, task: {by: desk, allow: actor in done_by(\"write\")}}\n", ""},
		"who did it does the next, and it may be left out": {"chan: desk, li: desk",
			"data: {soon: {title: Soon, type: yes-no}}\nstart: {by: desk, form: [soon]}\nsteps:\n" +
				"  - {step: sort, title: Sort, then: [{when: soon, to: sign}, {to: write}]}\n" +
				"  - {step: write, title: Write, task: {by: desk}}\n" +
				"  - {step: sign, title: Sign, task: {by: desk, allow: actor in done_by(\"write\")}}\n", "nobody does Write"},
		"everybody in a block": {"chan: desk, li: gate", "start: {by: desk}\nsteps:\n  - step: both\n    title: Both\n" +
			"    steps:\n      - {step: a, title: A, task: {by: desk}}\n      - {step: b, title: B, task: {by: gate}}\n" +
			"  - {step: sign, title: Sign, task: {by: [desk, gate], allow: '!(actor in done_by(\"both\"))'}}\n",
			"= 2. li does Both"},
		"one who was asked to sign as well": {"chan: desk, li: manager", "start: {by: desk}\nends: {y: Y, n: N}\nsteps:\n" +
			"  - {step: a, title: A, task: {by: desk, sign: all, add_signer: manager}, then: {approved: b, rejected: n}}\n" +
			"  - {step: b, title: B, task: {by: manager, allow: '!(actor in done_by(\"a\"))'}, then: y}\n",
			"li does A, to whom it has come by"},
		"the condition may be met by the data alone": {"chan: desk, li: manager",
			"data: {big: {title: Big, type: yes-no}}\nstart: {by: desk, form: [big]}\nsteps:\n" +
				"  - {step: sort, title: Sort, then: [{when: big, to: sign}, {to: done}]}\n" +
				"  - {step: sign, title: Sign, task: {by: manager, allow: big}}\n", ""},
		"the condition is not met by the data": {"chan: desk, li: manager",
			"data: {big: {title: Big, type: yes-no}}\nstart: {by: desk, form: [big]}\nsteps:\n" +
				"  - {step: sign, title: Sign, task: {by: manager, allow: big}}\n", "the data: big = no"},
	})
}

// manned is a procedure with a staff, and what the report says of the two.
type manned struct{ staff, steps, want string }

func tellPeople(t *testing.T, cases map[string]manned) {
	t.Helper()
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := staffed(t, c.staff, c.steps)
			if c.want == "" && got != "" || !strings.Contains(got, c.want) {
				t.Errorf("the report is\n%s\nit should have\n%s", got, c.want)
			}
		})
	}
}
