package main

import (
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/guicheng/guicheng/definitions"
	"github.com/guicheng/guicheng/engine/sim"
)

// What a replay tells names steps and ends by their titles, those of the old version too, and adds the id where another
// has the same title.
func TestReplayNamesByTitle(t *testing.T) {
	t.Parallel()
	bundle, problems := definitions.Compile([]definitions.File{
		{Name: "office.yaml", Text: []byte(smallOffice)},
		{Name: "it.yaml", Text: []byte(`procedure: it
title: It
start: {by: desk}
ends: {good: Granted, bad: Refused}
steps:
  - {step: first, title: Sign, task: {by: desk}}
  - {step: second, title: Sign, task: {by: desk, answers: {y: 'Yes', n: 'No'}}, then: {y: good, n: bad}}
`)},
	})
	if bundle == nil {
		t.Fatal(problems)
	}
	old := map[string]string{"given": "Given", "first": "Sign it"}
	for name, c := range map[string]struct {
		r    sim.Replayed
		want string
	}{
		"ends": {sim.Replayed{Fate: sim.Otherwise, Why: "given", Where: "bad"},
			"it ended with Given: by the new version it would end with Refused"},
		"equal titles": {sim.Replayed{Fate: sim.Otherwise, Person: "Chan", Step: "first", Open: []string{"second"}},
			"Chan did “Sign (first)”: by the new version it would not be open then, but these would: Sign (second)"},
		"what no phrase of a play says": {sim.Replayed{
			Fate: sim.Refused, Person: "Chan", Step: "second", Why: "unknown-answer",
		}, "the new version would refuse it (no such answer)"},
		"a field that is asked for now": {sim.Replayed{
			Fate: sim.Refused, Person: "Chan", Step: "it", Why: "invalid", Where: "x", Fault: "required",
		}, "because of “x” (this must be filled in)"},
		"a check in the author's words": {sim.Replayed{
			Fate: sim.Refused, Person: "Chan", Step: "it", Why: "Too little", Where: "x", Fault: "check",
		}, "because of “x” (Too little)"},
		"what nobody knows": {sim.Replayed{Fate: sim.GotStuck, Step: "gone", Why: "no-way"}, "after “gone”"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c.r.At = time.Date(2026, 11, 2, 1, 0, 0, 0, time.UTC)
			if got := sayReplayed(bundle.Procedure("it"), old, c.r, "en"); !strings.Contains(got, c.want) {
				t.Errorf("%q is not in %q", c.want, got)
			}
		})
	}
}

// Why the new version would refuse something is never told by its code.
func TestReplayKnowsEveryRefusal(t *testing.T) {
	t.Parallel()
	source, err := os.ReadFile("../../engine/core/rejection.go")
	if err != nil {
		t.Fatal(err)
	}
	codes := regexp.MustCompile(`Code = "([a-z-]+)"`).FindAllStringSubmatch(string(source), -1)
	if len(codes) < 30 {
		t.Fatalf("%d codes", len(codes))
	}
	p := &definitions.Procedure{Office: &definitions.Office{}}
	for _, code := range codes {
		for _, lang := range []string{"zh-Hant", "zh-Hans", "en"} {
			got := sayRefusal(p, sim.Replayed{Why: code[1]}, lang)
			word := lang == "en" && !strings.Contains(got, "-") // it may be that of the code
			if got == "" || got == code[1] && !word {
				t.Errorf("%s in %s: %q", code[1], lang, got)
			}
		}
	}
}
