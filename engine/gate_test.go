package engine_test

import (
	"slices"
	"testing"
	"time"

	"github.com/guicheng/guicheng/definitions"
	"github.com/guicheng/guicheng/definitions/report"
	"github.com/guicheng/guicheng/engine"
)

const twoYAML = `procedure: timed
title: 兩人
start: {by: desk}
steps:
  - {step: write, title: 寫, task: {by: desk}}
  - {step: sign, title: 簽, task: {by: boss, allow: '!(actor in done_by("write"))'}}
`

// TestSubstitutesCountAtTheGate: who stands in for somebody from now on has done his steps, too, so that nobody is left
// for another one. A new text of the procedure is refused then; the one that is in force stays, with a warning.
func TestSubstitutesCountAtTheGate(t *testing.T) {
	t.Parallel()
	w := open(t)
	files := func(text string) []definitions.File {
		out := officeFiles()
		for i := range out {
			if out[i].Name == "timed.yaml" {
				out[i].Text = []byte(text)
			}
		}
		return out
	}
	left := func(severity report.Severity) func(report.Problem) bool {
		return func(p report.Problem) bool { return p.Code == "nobody-may" && p.Severity == severity }
	}
	_, problems, err := w.Deploy(t.Context(), as("ann"), files(twoYAML))
	if err != nil || slices.ContainsFunc(problems, left(report.Warning)) {
		t.Fatalf("%v, %v", problems, err)
	}
	if _, err := w.PutSubstitute(t.Context(), as("ann"), engine.SubstituteRequest{
		Person: "chan", Substitute: "lam", Until: w.clock.Now().Add(time.Hour),
	}); err != nil {
		t.Fatal(err)
	}
	_, problems, err = w.Deploy(t.Context(), as("ann"), files(twoYAML+"description: 新\n"))
	wantCode(t, err, engine.CodeRefused)
	i := slices.IndexFunc(problems, left(report.Error))
	if i < 0 || len(problems[i].Way) != 1 {
		t.Errorf("it is refused for %v", problems)
	}
	_, problems, err = w.Deploy(t.Context(), as("ann"), files(twoYAML))
	if err != nil || !slices.ContainsFunc(problems, left(report.Warning)) {
		t.Errorf("what is in force: %v, %v", problems, err)
	}
	out, _, err := w.Deploy(t.Context(), as("ann"), files(twoYAML[:len(twoYAML)-3]+", nobody: incident}}\n"))
	if err != nil || slices.ContainsFunc(out.Warnings, left(report.Warning)) {
		t.Errorf("where the author has said what happens: %v, %v", out.Warnings, err)
	}
}
