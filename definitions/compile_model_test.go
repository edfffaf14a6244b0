package definitions

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/guicheng/guicheng/definitions/report"
	"github.com/guicheng/guicheng/definitions/value"
)

// compiled gives the first procedure of a text that must have no error.
func compiled(tb testing.TB, text string) *Procedure {
	tb.Helper()
	files := officeFiles("p.yaml", text)
	bundle, problems := Compile(files)
	if bundle == nil {
		tb.Fatal("refused:\n" + report.Render(withoutTranslations(problems), sources(files)))
	}
	docs := readFile(files[1], func(report.Problem) {})
	return bundle.Procedure(docs[0].root.get("procedure").str())
}

// drawn writes a graph as text: each step with its inputs and where it leads, inner graphs indented.
func drawn(g *Graph, indent string) string {
	var b strings.Builder
	for _, s := range g.Steps {
		fmt.Fprintf(&b, "%s%s <-", indent, s.ID)
		for _, i := range s.Inputs {
			if i < 0 {
				b.WriteString(" start")
			} else {
				b.WriteString(" " + g.Steps[i].ID)
			}
		}
		b.WriteString(" ->")
		for _, w := range s.Ways {
			if w.Outcome != "" {
				b.WriteString(" " + w.Outcome + ":")
			}
			b.WriteString(" " + wayName(w))
		}
		b.WriteString("\n")
		switch w := s.Work.(type) {
		case *Block:
			b.WriteString(drawn(w.Graph, indent+"  "))
		case *Multi:
			b.WriteString(drawn(w.Body, indent+"  "))
		}
	}
	return b.String()
}

func wayName(w *Way) string {
	if w.To != nil {
		return w.To.ID
	}
	return "the end " + w.End.ID
}

const rounds = `procedure: rounds
title: T
manager: supervisor
data:
  many: {title: T, each: one, key: one.name, rows: {name: {title: T, type: text}, here: {title: T, type: yes-no},
    later: {title: T, type: text}}}
  fee: {title: T, type: money, min: 1.50}
  due: {title: T, type: money, value: fee}
settings: {ring: {title: T, type: duration, value: 3m}, list: {title: T, type: texts, value: [a, b]}}
messages: {left: {title: T, by: gate}}
start: [{by: gate, form: [many.name, fee]}, {form: [fee], optional: [fee]}]
events: [{message: left, also: aside, once: true}]
ends: {good: T, bad: {title: T, cancels: all}}
steps:
  - step: ask
    title: T
    task: {by: [front-desk, gate], show: [due], answers: {ok: T, nok: T}}
    timeouts: {after: settings.ring, to: again}
    then: {ok: visits, nok: bad}
  - {step: again, title: T, task: {by: gate}}
  - step: visits
    title: T
    join: each
    for_each: {in: many, until: finished > 0, rest: cancel, order: one-by-one}
    task: {by: gate, form: [one.here], answers: {yes-it-is: T, no-it-is-not: T}}
  - step: block
    title: T
    ends: {fine: T, broken: T}
    steps:
      - {step: split, title: T, choose: all, then: [left-side, right-side]}
      - {step: left-side, title: T, task: {by: gate}, then: both}
      - {step: right-side, title: T, task: {by: gate}, then: both}
      - {step: both, title: T, join: all, task: {by: gate, sign: all}, then: {approved: fine, rejected: broken}}
    then: {fine: good, broken: bad}
  - {step: aside, title: T, task: {by: admin}, then: stop}
`

func TestGraph(t *testing.T) {
	t.Parallel()
	p := compiled(t, rounds)
	want := `ask <- start -> ok: visits nok: the end bad
again <- ask -> visits
visits <- ask again -> block
  visits <- start -> the end done
block <- visits -> fine: the end good broken: the end bad
  split <- start -> left-side right-side
  left-side <- split -> both
  right-side <- split -> both
  both <- left-side right-side -> approved: the end fine rejected: the end broken
aside <- start -> the end stop
`
	if got := drawn(caseGraph(p), ""); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if e := caseGraph(p).Ends; len(e) != 2 || e[0].ID != "good" || !e[1].Cancels {
		t.Errorf("ends %+v", e)
	}
	if p.Case.ID != "rounds" || p.Case.Graph != nil || caseGraph(p).Owner != p.Case || len(p.Case.Events) != 1 {
		t.Errorf("case %+v", p.Case)
	}
	both := p.Steps["both"]
	if !slices.Equal(both.Graph.Joins, []*Step{both}) || both.Join.Kind != JoinAll || len(both.Outcomes) != 2 {
		t.Errorf("both %+v", both)
	}
	if len(p.texts) != 0 {
		t.Error("places of texts are kept beyond the check")
	}
}

func TestMulti(t *testing.T) {
	t.Parallel()
	p := compiled(t, rounds)
	outer := p.Steps["visits"]
	m := outer.Work.(*Multi)
	inner := m.Body.Steps[0]
	if !m.Cancel || !m.InOrder || m.Until == nil || m.Table.Path != "many" || len(m.Fills) != 1 ||
		m.Fills[0].Path != "many.here" {
		t.Errorf("multi %+v", m)
	}
	if len(outer.Outcomes) != 0 || len(inner.Outcomes) != 2 || m.Body.Owner != outer || inner.ID != outer.ID {
		t.Errorf("outer %+v inner %+v", outer, inner)
	}
	form := inner.Work.(*Task).Form
	if len(form.Fields) != 1 || !form.Fields[0].OfRow || form.Fields[0].Table != m.Table || form.Fields[0].Optional {
		t.Errorf("form %+v", form.Fields)
	}
}

func TestDataAndStarts(t *testing.T) {
	t.Parallel()
	p := compiled(t, rounds)
	var rules []string
	for _, r := range p.Rules {
		rules = append(rules, r.Field.Path)
	}
	if !slices.Equal(rules, []string{"many", "due"}) {
		t.Errorf("rules %v", rules)
	}
	if p.Settings[0].Value != 3*time.Minute || !value.Equal(p.Settings[1].Value, []string{"a", "b"}) {
		t.Errorf("settings %v %v", p.Settings[0].Value, p.Settings[1].Value)
	}
	if p.Data.Field("fee").Min != value.Money(150) {
		t.Errorf("min %v", p.Data.Field("fee").Min)
	}
	first, second := p.Starts[0], p.Starts[1]
	if len(first.Form.Fields) != 2 || first.Form.Fields[0].Table == nil || first.Form.Fields[0].OfRow ||
		second.Index != 1 || !second.Form.Fields[0].Optional || len(second.By.Posts) != 0 {
		t.Errorf("starts %+v %+v", first, second)
	}
	if p.Number.Pattern != "rounds-{yyyy}-{n:4}" || !slices.Equal(p.Manager.Posts, []string{"supervisor"}) {
		t.Errorf("number %q, manager %v", p.Number.Pattern, p.Manager)
	}
}

const joining = `procedure: joining
title: T
start: {by: gate}
steps:
  - {step: s, title: T, choose: all, then: [a, b, c]}
  - {step: a, title: T, task: {by: gate, answers: {on-way: T, back: T}}, then: {on-way: j, back: a2}}
  - {step: a2, title: T, task: {by: gate}, then: a}
  - {step: b, title: T, task: {by: gate}, then: b2}
  - {step: b2, title: T, task: {by: gate}, then: j}
  - {step: c, title: T, task: {by: gate, answers: {join-in: T, leave: T}}, then: {join-in: j, leave: stop}}
  - {step: j, title: T, join: JOIN, task: {by: gate}}
`

func TestJoin(t *testing.T) {
	t.Parallel()
	names := func(p *Procedure, bits Bits) string {
		var out []string
		for _, s := range caseGraph(p).Steps {
			if bits.Has(s.Index) {
				out = append(out, s.ID)
			}
		}
		return strings.Join(out, " ")
	}
	p := compiled(t, strings.Replace(joining, "JOIN", "active", 1))
	j := p.Steps["j"]
	var reach []string
	for k := range j.Inputs {
		reach = append(reach, names(p, j.Reach[k]))
	}
	if want := []string{"s a a2", "s b b2", "s c"}; !slices.Equal(reach, want) {
		t.Errorf("reach %q, want %q", reach, want)
	}
	p = compiled(t, strings.Replace(joining, "JOIN", "{n: 2, of: [b2, a], rest: cancel}", 1))
	j = p.Steps["j"]
	var withdraws []string
	for _, s := range j.Join.Withdraws {
		withdraws = append(withdraws, s.ID)
	}
	if !slices.Equal(withdraws, []string{"a", "a2", "b", "b2"}) {
		t.Errorf("withdraws %v: c may leave, and so may s", withdraws)
	}
	if j.Join.N != 2 || j.Join.Absorb || !slices.Equal(j.Join.Of, []int{0, 1}) {
		t.Errorf("join %+v", j.Join)
	}
	p = compiled(t, strings.Replace(joining, "JOIN", "{all: true, keep: true}", 1))
	if j := p.Steps["j"].Join; j.Kind != JoinAll || !j.Keep {
		t.Errorf("join %+v", j)
	}
}

// A word that does nothing in a join is refused where it stands.
func TestJoinFaults(t *testing.T) {
	t.Parallel()
	for join, want := range map[string]string{
		"{n: 2, keep: true}":        "keep belongs to all and active",
		"{threads: 2, keep: true}":  "keep belongs to all and active",
		"{all: true, rest: cancel}": "rest belongs to n",
	} {
		_, problems := Compile(officeFiles("p.yaml", strings.Replace(joining, "JOIN", join, 1)))
		problems = withoutTranslations(problems)
		if len(problems) != 1 || problems[0].Code != "not-for-type" || problems[0].Message != want {
			t.Errorf("%s: %v, it should be %s", join, problems, want)
		}
	}
}

// A step that only ever comes back to itself does not lead to the join.
func TestJoinDoesNotWithdrawWhatTurnsInACircle(t *testing.T) {
	t.Parallel()
	p := compiled(t, `procedure: turning
title: T
start: {by: gate}
steps:
  - {step: s, title: T, choose: all, then: [a, b]}
  - {step: a, title: T, task: {by: gate, answers: {on-way: T, away: T}}, then: {on-way: j, away: c}}
  - {step: b, title: T, task: {by: gate}, then: j}
  - {step: c, title: T, join: each, task: {by: gate}, then: c}
  - {step: j, title: T, join: {n: 1, rest: cancel}, task: {by: gate}}
`)
	if w := p.Steps["j"].Join.Withdraws; len(w) != 1 || w[0].ID != "b" {
		t.Errorf("withdraws %v, want b alone", w)
	}
}

const family = `procedure: outer
title: T
data: {what: {title: T, type: note}, found: {title: T, type: text}}
start: {by: gate, form: [what]}
steps:
  - step: inside
    title: T
    call: {procedure: inner, with: {what: what}, take: {found: its.found}}
    then: {good: done, bad: again}
  - {step: again, title: T, call: {procedure: outer, with: {what: what}, wait: false}}
---
procedure: inner
title: T
data: {what: {title: T, type: note}, found: {title: T, type: text}}
start: {by: gate, form: [what]}
ends: {good: T, bad: T}
steps:
  - {step: look, title: T, task: {by: gate, form: [found], answers: {good: T, bad: T}}, then: {good: good, bad: bad}}
---
procedure: alone
title: T
start: {by: gate}
steps: [{step: look, title: T, task: {by: gate}}]
`

func TestFamilyAndHash(t *testing.T) {
	t.Parallel()
	bundle := func(text string) *Bundle {
		b, problems := Compile(officeFiles("family.yaml", text))
		if b == nil {
			t.Fatal(report.Render(problems, sources(officeFiles("family.yaml", text))))
		}
		return b
	}
	before := bundle(family)
	call := before.Procedure("outer").Steps["inside"].Work.(*Call)
	if call.Callee != before.Procedure("inner") || call.With[0].Into != call.Callee.Data.Field("what") ||
		call.Take[0].Into != before.Procedure("outer").Data.Field("found") {
		t.Errorf("call %+v", call)
	}
	if again := before.Procedure("outer").Steps["again"].Work.(*Call); !again.NoWait || again.Callee.ID != "outer" {
		t.Errorf("again %+v", again)
	}
	after := bundle(strings.Replace(family, "step: look, title: T", "step: look, title: U", 1))
	for id, same := range map[string]bool{"outer": false, "inner": false, "alone": true} {
		if got := before.Procedure(id).Hash == after.Procedure(id).Hash; got != same {
			t.Errorf("%s: hash the same = %v, want %v", id, got, same)
		}
	}
	if before.Hash == after.Hash || before.Hash != bundle(family).Hash {
		t.Error("the bundle's hash")
	}
}

func TestSeries(t *testing.T) {
	t.Parallel()
	s, err := ParseSeries("LF{yyyy}{mm}-{n:3}號")
	want := []SeriesPart{{Text: "LF"}, {Name: "yyyy"}, {Name: "mm"}, {Text: "-"}, {Name: "n", Width: 3}, {Text: "號"}}
	if err != nil || !slices.Equal(s.Parts, want) {
		t.Errorf("%v, %v", s.Parts, err)
	}
	for _, wrong := range []string{"", "LF", "{n}{n}", "{n:0}", "{n:x}", "{x}{n}", "{n", "n}", "{n}}", "{{n}",
		strings.Repeat("a", 70) + "{n}"} {
		if _, err := ParseSeries(wrong); err == nil {
			t.Errorf("%q was taken", wrong)
		}
	}
}

func TestUntranslated(t *testing.T) {
	t.Parallel()
	files := officeFiles("p.yaml", "procedure: p\ntitle: 甲\nstart: {by: gate}\n"+
		"steps: [{step: a, title: 甲, task: {by: gate, note: 乙}}]\n",
		"texts.en.yaml", "甲: A\n乙: B\nSunshine: S\n大門崗: g\n客服部: f\n主管: s\n行政部: a\n機電部: m\n例如 A12-0803: e\n",
		"texts.zh-Hans.yaml", "大門崗: 大门岗\n")
	bundle, problems := Compile(files)
	var got []string
	for _, p := range problems {
		if p.Code != "untranslated" || p.Severity != report.Warning {
			t.Error(p)
		}
		if p.File == "p.yaml" {
			got = append(got, fmt.Sprintf("%d:%d %s", p.Line, p.Column, p.Message))
		}
	}
	if want := []string{"2:8 no zh-Hans for: 甲", "4:52 no zh-Hans for: 乙"}; !slices.Equal(got, want) {
		t.Errorf("got %q", got)
	}
	if bundle == nil || bundle.Office.Say("en", "甲") != "A" || bundle.Office.Say("zh-Hans", "甲") != "甲" {
		t.Error("translations")
	}
}

// large is a procedure of n steps with guards, forms and computed fields.
func large(n int) string {
	var b strings.Builder
	b.WriteString("procedure: large\ntitle: T\ndata:\n")
	for i := range n {
		fmt.Fprintf(&b, "  f%d: {title: T, type: count, check: {that: f%d < 1000, say: T}}\n", i, i)
	}
	b.WriteString("start: {by: gate}\nsteps:\n")
	for i := range n {
		fmt.Fprintf(&b, "  - step: s%d\n    title: T\n    task: {by: gate, form: [f%d]}\n", i, i)
		if i > 0 && i+1 < n {
			fmt.Fprintf(&b, "    then: [{when: f%d > 10 && f%d < 5, to: s%d}, {to: s%d}]\n", i, i-1, i, i+1)
		}
	}
	return b.String()
}

func TestLargeIsQuick(t *testing.T) {
	t.Parallel()
	text := large(200)
	begin := time.Now()
	compiled(t, text)
	if took := time.Since(begin); took > 10*time.Second { // it takes some tens of milliseconds on an idle machine
		t.Errorf("200 steps took %v", took)
	}
}

func BenchmarkCompile(b *testing.B) {
	files := officeFiles("p.yaml", large(200))
	for b.Loop() {
		if bundle, _ := Compile(files); bundle == nil {
			b.Fatal("refused")
		}
	}
}

// TestShipped compiles every office that ships.
func TestShipped(t *testing.T) {
	t.Parallel()
	dirs, err := os.ReadDir("offices")
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range dirs {
		if !d.IsDir() {
			continue
		}
		files, err := ReadDir(os.DirFS("offices"), d.Name())
		if err != nil {
			t.Fatal(err)
		}
		if bundle, problems := Compile(files); bundle == nil {
			t.Errorf("%s is refused:\n%s", d.Name(), report.Render(problems, sources(files)))
		}
	}
}
