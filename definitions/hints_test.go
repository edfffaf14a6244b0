package definitions

import (
	"strings"
	"testing"

	"github.com/guicheng/guicheng/definitions/report"
)

const hintHead = `procedure: a
title: 甲，乙：丙
data:
  k: {title: 來，去：回, type: text}
  rows: {title: T, each: one, rows: {n: {title: T, type: text}}}
settings: {span: {title: T, type: duration, value: 3m}}
start: {by: gate, form: [k, rows]}
`

// errorsOf compiles a procedure and gives its errors.
func errorsOf(t *testing.T, text string) []report.Problem {
	t.Helper()
	_, problems := Compile(officeFiles("a.yaml", text))
	var out []report.Problem
	for _, p := range problems {
		if p.Severity == report.Error {
			out = append(out, p)
		}
	}
	return out
}

// Each of these slips is found once, at its own place, with what would be right.
func TestHints(t *testing.T) {
	t.Parallel()
	const task = "steps:\n  - step: a\n    title: T\n    task: "
	for name, c := range map[string]struct {
		text string
		at   string // what stands at the place that is reported, marks aside
		hint string
	}{
		"of the case in a form": {task + "{by: gate, show: [case.starter]}\n", "case.starter", "set: {field: case.starter}"},
		"colon of a key":        {"steps：\n  - {step: a, title: T}\n", "：", "use the half-width :"},
		"colon of an item":      {"steps:\n  - step： a\n    title: T\n", "：", "use the half-width :"},
		"colon inside a step":   {"steps:\n  - step: a\n    title： T\n    task: {by: gate}\n", "：", "half-width :"},
		"colon in brackets":     {task + "{by： gate}\n", "：", "use the half-width :"},
		"people computed":       {task + "{by: superiors(x)}\n", "superiors(x)", "begin with =: '=superiors(x)'"},
		"the manager":           {task + "{by: manager}\n", "manager", "'=manager'"},
		"rules of a form":       {task + "{by: gate, rules: [a.1]}\n", "rules", "at the head of the procedure"},
		"of the step in a task": {task + "{by: gate, within: days(1)}\n", "within", "at the step, beside task"},
		"by another name":       {task + "{by: gate, due: days(1)}\n", "due", "within stands at the step, beside task"},
		"of a task in the step": {
			"steps:\n  - {step: a, title: T, by: gate, task: {by: gate}}\n", "by: gate, task", "by stands inside task: {by: …}",
		},
		"comma":                  {task + "{by: gate，form: [k]}\n", "，", "use the half-width ,"},
		"comma in a list":        {task + "{by: [gate，admin]}\n", "，", "use the half-width ,"},
		"closing brace":          {task + "{by: gate｝\n  - {step: b, title: T}\n", "｝", "use the half-width }"},
		"quotes":                 {task + "{by: “gate”}\n", "“", `use the half-width "`},
		"quotes in a formula":    {"steps: [{step: a, title: T, within: ‘x’, task: {by: gate}}]\n", "‘", "half-width '"},
		"bracket in a formula":   {task + "{by: gate}\n    within: minutes（3）\n", "（", "half-width ("},
		"unclosed brace":         {task + "{by: gate\n  - {step: b, title: T}\n", "{step: b", "the { on line 11"},
		"unclosed bracket":       {task + "{by: [gate, admin}\n", "}", "the [ on line 11"},
		"indented too little":    {task + "{by: gate}\n   note: x\n", "note", "the first of it stands on line 9"},
		"indented too far":       {"steps:\n  - step: a\n     title: T\n", ": T\n", "indented too far"},
		"comma missing":          {task + "{by: [gate admin]}\n", "gate admin", "comma missing between them: gate, admin"},
		"span":                   {task + "{by: gate}\n    within: 3m\n", "3m\n", "write minutes(3)"},
		"span in words":          {task + "{by: gate}\n    within: 3 minutes\n", "3 minutes", "write minutes(3)"},
		"span of an hour":        {task + "{by: gate}\n    within: 2h\n", "2h", "write hours(2)"},
		"span of a day":          {task + "{by: gate}\n    within: 1 day\n", "1 day", "write days(1)"},
		"span of days":           {task + "{by: gate}\n    within: 30d\n", "30d", "write days(30)"},
		"span in two units":      {task + "{by: gate}\n    within: 1h30m\n", "1h30m", "write minutes(90)"},
		"span in Chinese":        {task + "{by: gate}\n    within: 3個工作日\n", "3個", "write workdays(3)"},
		"span in seconds":        {task + "{by: gate}\n    within: 90s\n", "90s", "settings.name"},
		"span in a sum":          {task + "{by: gate}\n    within: today + 3d\n", "d\n", "write 3d as days(3)"},
		"no span at all":         {task + "{by: gate}\n    within: minutes(0)\n", "minutes(0)", "minutes(1)"},
		"less than no span":      {task + "{by: gate}\n    within: days(-2)\n", "days(-2)", "days(1)"},
		"setting without prefix": {task + "{by: gate}\n    within: span\n", "span\n", "write settings.span"},
		"for_each":               {task + "{by: gate, form: [one.n]}\n    for_each: rows\n", "rows\n", "{in: rows}"},
		"answer": {task + "{by: gate, answers: {yes-please: T, nope: T}}\n    then: [{when: answer == 'x', to: done}]\n",
			"answer ==", "write then: {yes-please: [{when: …, to: …}, {to: …}], nope: …}"},
		"outcome": {task + "{by: gate, answers: {ok: T, nope: T}}\n    then: [{when: outcome == 'ok', to: done}, done]\n",
			"outcome ==", "write then: {ok: [{when: …, to: …}, {to: …}], nope: …}"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			text := hintHead + c.text
			got := errorsOf(t, text)
			if len(got) != 1 {
				t.Fatalf("%d errors:\n%s", len(got), report.Render(got, nil))
			}
			p := got[0]
			line := []rune(strings.Split(text, "\n")[p.Line-1] + "\n")
			if rest := string(line[min(p.Column-1, len(line)):]); !strings.HasPrefix(rest, c.at) {
				t.Errorf("reported at %q, want %q", rest, c.at)
			}
			if !strings.Contains(p.Hint, c.hint) {
				t.Errorf("hint %q, want %q", p.Hint, c.hint)
			}
		})
	}
}

// Full-width signs in texts are texts, also beside an error.
func TestFullWidthTexts(t *testing.T) {
	t.Parallel()
	text := hintHead + "steps:\n  - step: a\n    title: 【急】“甲”，乙：丙\n    task: {by: gaet, note: '甲，a: b'}\n"
	if got := errorsOf(t, text); len(got) != 1 || got[0].Code != "unknown-post" {
		t.Errorf("%s", report.Render(got, nil))
	}
	block := hintHead + "steps: [{step: a, title: T, task: {by: gate}, issues: p}]\n" +
		"documents: {q: 1, p: {title: T, body: x}}\nregisters:\n"
	for _, p := range errorsOf(t, block+"  r: {title: 名， b：c, columns: [k]}\n") {
		if p.Line == 13 && p.Code == "full-width" {
			t.Errorf("%s", p)
		}
	}
}

func TestTypeHints(t *testing.T) {
	t.Parallel()
	for wrong, want := range map[string]string{
		"string": "text", "int": "count", "integer": "count", "bool": "yes-no", "boolean": "yes-no", "datetime": "moment",
		"float": "number", "decimal": "money",
	} {
		got := errorsOf(t, "procedure: a\ntitle: T\ndata: {k: {title: T, type: "+wrong+"}}\nstart: {by: gate, form: k}\n"+
			"steps: [{step: a, title: T, task: {by: gate}}]\n")
		if len(got) != 1 || got[0].Hint != "it is called "+want+" here" {
			t.Errorf("%s:\n%s", wrong, report.Render(got, nil))
		}
	}
	got := errorsOf(t, "procedure: a\ntitle: T\ndata: {k: {title: T, type: colour}}\nstart: {by: gate, form: k}\n"+
		"steps: [{step: a, title: T, task: {by: gate}}]\n")
	if len(got) != 1 || !strings.Contains(got[0].Hint, "text, note") || !strings.Contains(got[0].Hint, "unit-no") {
		t.Errorf("an unknown type:\n%s", report.Render(got, nil))
	}
}

func TestSettingHints(t *testing.T) {
	t.Parallel()
	for value, want := range map[string]string{
		"days(30)": "write 30d", "3 minutes": "write 3m", "1 day": "write 1d", "hours(2)": "write 2h",
		"workdays(3)": "type: worktime, value: 3 workdays",
	} {
		got := errorsOf(t, "procedure: a\ntitle: T\nsettings: {k: {title: T, type: duration, value: "+value+"}}\n"+
			"start: {by: gate}\nsteps: [{step: a, title: T, task: {by: gate}}]\n")
		if len(got) != 1 || !strings.Contains(got[0].Hint, want) {
			t.Errorf("%s:\n%s", value, report.Render(got, nil))
		}
	}
}

func TestCurrencies(t *testing.T) {
	t.Parallel()
	for code, hint := range map[string]string{
		"CNY": "", "MOP": "", "RMB": "write CNY", "cny": "write CNY", "XYZ": "such as CNY", "Yuan": "write CNY",
	} {
		office := strings.Replace(officeText, "currency: CNY", "currency: "+code, 1)
		_, problems := Compile([]File{{Name: "office.yaml", Text: []byte(office)}})
		found := ""
		for _, p := range problems {
			if p.Code == "wrong-value" {
				found = p.Hint
			}
		}
		if hint == "" && found != "" || !strings.Contains(found, hint) {
			t.Errorf("%s: %q, want %q", code, found, hint)
		}
	}
}

// A glance at files says what it can, whether they compile or not.
func TestGlance(t *testing.T) {
	t.Parallel()
	files := officeFiles("x.scenarios.yaml", "scenarios: nope\nplays: [{play: a}, {play: b}]\n", "bad.yaml", "{")
	if id, at := OfficeID(files); id != "sunshine" || at.Line != 1 || at.File != "office.yaml" {
		t.Errorf("office %q at %s", id, at)
	}
	if id, _ := OfficeID(files[1:]); id != "" {
		t.Errorf("an office %q without its file", id)
	}
	if n := CountPlays(files[1]); n != 2 {
		t.Errorf("%d plays", n)
	}
	if n := CountPlays(files[0]); n != 0 {
		t.Errorf("%d plays in an office", n)
	}
}
