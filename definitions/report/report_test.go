package report_test

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"github.com/guicheng/guicheng/definitions/report"
)

func problem(line, column int, code string) report.Problem {
	return report.Problem{Place: report.Place{File: "a.yaml", Line: line, Column: column}, Code: code, Message: "m"}
}

func TestRender(t *testing.T) {
	t.Parallel()
	text := "title: 業戶投訴, x\n\ta: b\nshort\n" + strings.Repeat("長", 200) + "!\nbad \x1b[31m\u202e\xff end\n"
	tests := []struct {
		name string
		p    report.Problem
		want string
	}{
		{"wide characters", report.Problem{Place: report.Place{Line: 1, Column: 10}, Width: 2},
			" 1 | title: 業戶投訴, x\n   |            ^^^^\n"},
		{"after wide characters", report.Problem{Place: report.Place{Line: 1, Column: 14}},
			" 1 | title: 業戶投訴, x\n   |                  ^\n"},
		{"tab", report.Problem{Place: report.Place{Line: 2, Column: 5}}, " 2 | \ta: b\n   | \t   ^\n"},
		{"end of line", report.Problem{Place: report.Place{Line: 3, Column: 6}}, " 3 | short\n   |      ^\n"},
		{"beyond the line", report.Problem{Place: report.Place{Line: 3, Column: 90}}, " 3 | short\n   |      ^\n"},
		{"nothing that steers a terminal", report.Problem{Place: report.Place{Line: 5, Column: 1}, Width: 3},
			" 5 | bad \ufffd[31m\ufffd\ufffd end\n   | ^^^\n"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			tt.p.File, tt.p.Code, tt.p.Message, tt.p.Hint = "a.yaml", "c", "m", "h"
			got := report.Render([]report.Problem{tt.p}, func(string) []byte { return []byte(text) })
			_, got, _ = strings.Cut(got, "\n")
			got = strings.TrimSuffix(got, "   = hint: h\n1 error\n")
			if got != tt.want {
				t.Errorf("got\n%q\nwant\n%q", got, tt.want)
			}
		})
	}
	long := report.Render([]report.Problem{{Place: report.Place{File: "a", Line: 4, Column: 201}, Code: "c"}},
		func(string) []byte { return []byte(text) })
	lines := strings.Split(long, "\n")
	if !strings.HasPrefix(lines[1], " 4 | …長") || !strings.HasSuffix(lines[1], "長!") {
		t.Errorf("a long line is cut around the caret: %s", lines[1])
	}
	if want := 5 + 1 + 2*strings.Count(lines[1], "長"); len(lines[2]) != want+1 {
		t.Errorf("caret in column %d, want %d:\n%s", len(lines[2]), want+1, long)
	}
}

func TestRenderWithoutSource(t *testing.T) {
	t.Parallel()
	got := report.Render([]report.Problem{{Place: report.Place{File: "b.yaml", Line: 9, Column: 2}, Code: "c",
		Message: "one\ntwo", Severity: report.Warning}}, nil)
	if want := "b.yaml:9:2: warning[c]: one two\n1 warning\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestNearest(t *testing.T) {
	t.Parallel()
	names := []string{"visitor.name", "visitor.kind", "supervisor", "to", "on"}
	for wrong, want := range map[string]string{
		"visitor.nmae": "visitor.name", "superviser": "supervisor", "visitr.kind": "visitor.kind",
		"something": "", "": "", "xy": "", "supervisor": "", strings.Repeat("a", 1000): "",
	} {
		if got := report.Nearest(wrong, names); got != want {
			t.Errorf("Nearest(%.20q) = %q, want %q", wrong, got, want)
		}
	}
}

func TestSortDropsRepeats(t *testing.T) {
	t.Parallel()
	a, b, c := problem(2, 1, "x"), problem(1, 9, "y"), problem(1, 2, "z")
	warning := problem(1, 2, "a")
	warning.Severity = report.Warning
	got := report.Sort([]report.Problem{a, b, warning, c, a})
	if want := []report.Problem{c, warning, b, a}; !reflect.DeepEqual(got, want) {
		t.Errorf("got %v", got)
	}
}

func TestLimitKeepsErrors(t *testing.T) {
	t.Parallel()
	var list []report.Problem
	for i := range 10 {
		p := problem(i+1, 1, "w")
		p.Severity = report.Warning
		list = append(list, p)
	}
	list = append(list, problem(11, 1, "e"))
	got := report.Limit(list, 3)
	if len(got) != 4 || got[2].Code != "e" || got[3].Code != "too-many" || !report.Failed(got) {
		t.Errorf("got %v", got)
	}
	if same := report.Limit(list, 11); len(same) != 11 {
		t.Errorf("a list within the limit changed: %d", len(same))
	}
	if onlyWarnings := report.Limit(list[:10], 3); report.Failed(onlyWarnings) {
		t.Errorf("warnings became an error: %v", onlyWarnings)
	}
}

func TestJSON(t *testing.T) {
	t.Parallel()
	p := problem(3, 4, "unknown-key")
	p.Severity = report.Warning
	p.Way = []string{"a", "b"}
	text, err := json.Marshal(p)
	if err != nil {
		t.Fatal(err)
	}
	want := `{"file":"a.yaml","line":3,"column":4,"severity":"warning","code":"unknown-key","message":"m","way":["a","b"]}`
	if string(text) != want {
		t.Errorf("got %s", text)
	}
	var back report.Problem
	if err := json.Unmarshal(text, &back); err != nil || !reflect.DeepEqual(back, p) {
		t.Errorf("back %v, %v", back, err)
	}
	if err := json.Unmarshal([]byte(`{"severity":"fatal"}`), &back); err == nil {
		t.Error("an unknown severity was taken")
	}
}
