package sim_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/guicheng/guicheng/definitions"
	"github.com/guicheng/guicheng/definitions/formula"
	"github.com/guicheng/guicheng/definitions/report"
	"github.com/guicheng/guicheng/definitions/value"
	"github.com/guicheng/guicheng/engine/core"
	"github.com/guicheng/guicheng/engine/sim"
)

const factsOffice = `office: small
title: Small
language: en
zone: Asia/Shanghai
currency: CNY
posts: {desk: Desk, gate: Gate}
`

const factsHead = `procedure: it
title: It
data:
  sure:  {title: Yes, type: yes-no}
  kind: {title: Kind, type: choice, options: {a: A, b: B}}
  n:    {title: N, type: count}
  m:    {title: M, type: count}
  txt:  {title: Txt, type: text}
  why:  {title: Why, type: text, when: kind == 'a'}
  big:  {title: Big, type: text, when: n > 2}
  deep: {title: Deep, type: text, when: has(sure) && sure && has(kind) && kind == 'b'}
  sum:  {title: Sum, type: count, value: n + m}
  odd:  {title: Odd, type: count, value: m + 1, when: sure}
  rows:
    title: Rows
    each: row
    rows:
      name: {title: Name, type: text}
      ok:   {title: Ok, type: yes-no}
      q:    {title: Q, type: count}
      note: {title: Note, type: text, when: '!row.ok'}
      dbl:  {title: Dbl, type: count, value: row.q * 2}
messages:
  m1: {title: M1, by: desk, form: [n], optional: [n]}
  m2: {title: M2, by: desk, form: [kind, why]}
  m3: {title: M3, by: desk, form: [txt, m], optional: [m], keep: 2h}
  m4: {title: M4, by: desk, form: [sure, txt], optional: [txt], to: each}
  m5: {title: M5, by: desk, form: [rows.name, rows.q], optional: [rows.q]}
  m6: {title: M6, by: desk, form: [sure, kind, n, m, txt, why, big, deep, rows.name, rows.ok, rows.q, rows.note]}
`

const factsCallee = `---
procedure: sub
title: Sub
data:
  n: {title: N, type: count}
  m: {title: M, type: count}
start: {by: desk, form: [n], optional: [n]}
ends: {good: Good, poor: Poor}
steps:
  - {step: sub-ask, title: Ask, task: {by: desk, form: [m], answers: {y: Y, n: N}}, then: {y: good, n: sub-more}}
  - {step: sub-more, title: More, task: {by: desk, form: [m], optional: [m]}, then: poor}
`

// What the fields of the procedures above can be read by: conditions, and the row's own inside a for_each.
var (
	factsAtoms = []string{
		"sure", "!sure", "kind == 'a'", "n > 2", "n > 1", "m > 1", "txt != 'x'", "why != 'z'", "big != 'z'", "deep != 'z'",
		"sum > 3", "odd > 1", "rows.all(r, r.ok)", "rows.exists(r, r.q > 1)", "last(rows).q > 1", "last(rows).name != 'z'",
		"rows.all(r, r.dbl < 5)", "rows.all(r, r.ok || r.note != 'z')",
		"has(n)", "has(why)", "has(m)", "has(txt)", "has(sure)",
		"size(rows) > 0",
	}
	factsRowAtoms = []string{"row.ok", "row.q > 1", "row.note != 'z'", "row.name != 'z'", "row.dbl > 1", "has(row.q)"}
	factsFields   = []string{"sure", "kind", "n", "m", "txt", "m", "txt", "kind, why", "n, big", "deep"}
)

// maker writes a random procedure line by line; each formula has a line of its own, so that it can be weakened.
type maker struct {
	r      *rand.Rand
	lines  []string
	steps  int
	atoms  []string // conditions about the few fields that this procedure is about
	fields []string
	sent   []string // messages that touch them
}

// themes are fields that depend on one another, with what reads, asks and sends them.
var themes = []struct{ names, fields, sent []string }{
	{[]string{"n", "big", "sum"}, []string{"n", "n, big", "m"}, []string{"m1", "m3"}},
	{[]string{"m", "odd", "sum"}, []string{"m", "n", "sure"}, []string{"m3", "m1", "m4"}},
	{[]string{"txt"}, []string{"txt"}, []string{"m3", "m4"}},
	{[]string{"kind", "why"}, []string{"kind, why", "kind", "kind, why"}, []string{"m2"}},
	{[]string{"sure", "deep", "odd"}, []string{"sure", "deep", "kind"}, []string{"m4", "m2"}},
	{[]string{"rows"}, []string{"m", "txt"}, []string{"m5"}},
	{[]string{"rows"}, []string{"rows.ok", "rows.q"}, []string{"m5"}},
}

func newMaker(seed uint64) *maker {
	k := &maker{r: rand.New(rand.NewPCG(seed, 7))}
	for range 1 + k.r.IntN(2) {
		t := themes[k.r.IntN(len(themes))]
		for _, name := range t.names {
			for _, atom := range factsAtoms {
				if regexp.MustCompile(`\b` + name + `\b`).MatchString(atom) {
					k.atoms = append(k.atoms, atom)
				}
			}
		}
		k.fields, k.sent = append(k.fields, t.fields...), append(k.sent, t.sent...)
	}
	return k
}

func (k *maker) one(n int) bool { return k.r.IntN(n) == 0 }

func (k *maker) pick(list []string) string { return list[k.r.IntN(len(list))] }

func (k *maker) line(depth int, format string, args ...any) {
	k.lines = append(k.lines, strings.Repeat("  ", depth)+fmt.Sprintf(format, args...))
}

// guard makes a condition.
func (k *maker) guard(row bool) string {
	atom := func() string {
		if row && k.one(2) {
			return k.pick(factsRowAtoms)
		}
		return k.pick(k.atoms)
	}
	switch k.r.IntN(4) {
	case 0:
		return atom() + " && " + atom()
	case 1:
		return atom() + " && " + atom() + " && " + atom()
	default:
		return atom()
	}
}

func (k *maker) some(list []string, most int) []string {
	var out []string
	for range 1 + k.r.IntN(most) {
		if f := k.pick(list); !slices.Contains(out, f) {
			out = append(out, f)
		}
	}
	return out
}

// tidyList takes groups apart, and each name once.
func tidyList(groups []string) []string {
	var out []string
	for f := range strings.SplitSeq(strings.Join(groups, ", "), ", ") {
		if !slices.Contains(out, f) {
			out = append(out, f)
		}
	}
	return out
}

func (k *maker) form(depth int, row bool) {
	fields := k.some(k.fields, 2)
	if row {
		fields = k.some([]string{"row.ok", "row.q", "row.ok, row.note"}, 2)
	}
	fields = tidyList(fields)
	k.line(depth, "form: [%s]", strings.Join(fields, ", "))
	if k.one(2) {
		list := strings.Split(strings.Join(fields, ", "), ", ")
		k.line(depth, "optional: [%s]", list[len(list)-1])
	}
}

func (k *maker) task(depth int, row bool) {
	k.line(depth, "task:")
	switch k.r.IntN(8) {
	case 0:
		k.line(depth+1, "by: [desk, gate]")
		k.line(depth+1, "sign: %s", k.pick([]string{"all", "any", "in-order"}))
	default:
		k.line(depth+1, "by: desk")
	}
	switch {
	case row || !k.one(3):
		k.form(depth+1, row)
	case k.one(3):
		k.line(depth+1, "add: rows")
		k.line(depth+1, "form: [row.name, row.q]")
		k.line(depth+1, "optional: [row.q]")
	case k.one(2):
		k.line(depth+1, "edit_rows: rows")
		k.line(depth+1, "form: [rows.name, rows.q]")
	}
	if k.one(3) {
		k.line(depth+1, "allow: %q", k.guard(row))
	}
	if k.one(4) {
		k.line(depth+1, "check: {that: %q, say: No}", k.guard(row))
	}
}

// work writes the work of a step.
func (k *maker) work(depth, deep int, row bool) {
	switch n := k.r.IntN(20); {
	case n < 9:
		k.task(depth, row)
	case n < 11 && !row:
		k.line(depth, "set:")
		k.line(depth+1, "%s", k.pick([]string{
			"n: m + 1", "m: n", "txt: why", "n: 'len(rows)'", "sure: n > 2", "rows: 'filter(rows, .ok)'",
		}))
	case n < 14:
		k.line(depth, "wait:")
		k.line(depth+1, "a: {message: %s}", k.pick(k.sent))
		k.line(depth+1, "b: {after: minutes(7)}")
		if k.one(2) {
			k.line(depth+1, "c: {when: %q}", k.guard(row))
		}
	case n < 15 && !row:
		k.line(depth, "call:")
		k.line(depth+1, "procedure: sub")
		k.line(depth+1, "take: {%s}", k.pick([]string{"m: its.m", "n: its.n", "m: its.m, n: its.n"}))
	case n < 18 && deep < 2:
		k.list(depth, deep+1, row)
	case n < 19 && deep < 2 && !row:
		k.line(depth, "for_each: {in: rows%s}", k.pick([]string{
			"", "", ", until: finished > 0", ", until: finished > 0, rest: cancel", ", order: one-by-one",
		}))
		if k.one(2) {
			k.list(depth, deep+1, true)
		} else {
			k.task(depth, true)
		}
	case n < 19:
		k.task(depth, row)
	}
}

// list writes a list of steps. The first way of each leads to the next, so that all are reached.
func (k *maker) list(depth, deep int, row bool) {
	k.line(depth, "steps:")
	n := 2 + k.r.IntN(3)
	ids := make([]string, n)
	for i := range ids {
		k.steps++
		ids[i] = "s" + strconv.Itoa(k.steps)
	}
	aside := ids[n-1] // where what goes on beside leads
	for i, id := range ids {
		k.line(depth, "  - step: %s", id)
		k.line(depth+2, "title: S")
		k.work(depth+2, deep, row)
		to := "done"
		if i+1 < n {
			to = ids[i+1]
		}
		k.ways(depth+2, to, ids, row)
		k.deeds(depth+2, aside, ids, row)
	}
}

func (k *maker) ways(depth int, next string, ids []string, row bool) {
	to := func() string {
		switch k.r.IntN(6) {
		case 0:
			return "done"
		case 1:
			return "stop"
		default:
			return k.pick(ids)
		}
	}
	if k.one(5) {
		k.line(depth, "choose: all")
		k.line(depth, "then:")
		k.line(depth, "  - {to: %s}", next)
		k.line(depth, "  - {when: %q, to: %s}", k.guard(row), to())
		return
	}
	k.line(depth, "then:")
	for range k.r.IntN(3) {
		k.line(depth, "  - {when: %q, to: %s}", k.guard(row), to())
	}
	k.line(depth, "  - {to: %s}", next)
}

func (k *maker) deeds(depth int, aside string, ids []string, row bool) {
	if k.one(3) {
		k.line(depth, "events:")
		for range 1 + k.r.IntN(2) {
			what := "message: " + k.pick(k.sent)
			if k.one(4) {
				what = fmt.Sprintf("when: %q", k.guard(row))
			}
			deed := k.pick([]string{"also: " + aside, "also: " + aside, "to: " + k.pick(ids)})
			k.line(depth, "  - {%s, %s}", what, deed)
		}
	}
	if k.one(5) {
		k.line(depth, "timeouts:")
		k.line(depth, "  - {after: minutes(5), %s}", k.pick([]string{"also: " + aside, "to: " + k.pick(ids)}))
	}
}

func (k *maker) procedure() {
	for line := range strings.SplitSeq(strings.TrimRight(factsHead, "\n"), "\n") {
		k.line(0, "%s", line)
	}
	k.line(0, "start:")
	k.line(1, "by: desk")
	columns := k.some([]string{"rows.name", "rows.q", "rows.ok"}, 2)
	asked := tidyList(slices.Concat(k.some(k.fields, 3), k.some(factsFields, 4), columns))
	k.line(1, "form: [%s]", strings.Join(asked, ", "))
	if k.deeds(0, "last", []string{"last"}, false); !strings.Contains(strings.Join(k.lines, "\n"), "last}") {
		k.list(0, 0, false)
		return
	}
	k.list(0, 0, false)
	k.line(0, "  - {step: last, title: Last, task: {by: desk, form: [m], optional: [m]}, then: stop}")
}

var (
	quotedText = regexp.MustCompile(`"(?:[^"\\]|\\.)*"`)
	hintText   = regexp.MustCompile(`^write (.*) && …$`)
)

// weaken mends what one problem says; false if it cannot.
func (k *maker) weaken(p report.Problem) bool {
	i := p.Line - 1
	if i < 0 || i >= len(k.lines) {
		return false
	}
	line := k.lines[i]
	indent := len(line) - len(strings.TrimLeft(line, " "))
	switch p.Code {
	case "may-be-empty":
		return k.weakenFormula(i, p.Hint)
	case "needs-join":
		if !strings.HasPrefix(line[indent:], "- step:") {
			return k.shorter(i)
		}
		pad := strings.Repeat(" ", indent+2)
		k.lines = slices.Insert(k.lines, min(i+2, len(k.lines)), pad+"join: "+k.pick([]string{"each", "each", "active"}))
		return !strings.Contains(line, "last")
	case "endless-loop", "two-fill":
		return k.plain(i, indent)
	case "event-never", "way-never-taken", "timeout-never", "never-passes":
		return k.drop(i, indent)
	}
	return false
}

// drop takes out a line that is never of use, and the key above it if nothing is left there.
func (k *maker) drop(i, indent int) bool {
	line := k.lines[i][indent:]
	if !strings.HasPrefix(line, "- {") && !strings.HasPrefix(line, "c: {") && !strings.HasPrefix(line, "allow:") &&
		!strings.HasPrefix(line, "check:") {
		return false
	}
	of := func(j int) bool {
		return j < len(k.lines) && len(k.lines[j])-len(strings.TrimLeft(k.lines[j], " ")) == indent &&
			strings.HasPrefix(k.lines[j][indent:], "- {")
	}
	alone := line[0] == '-' && strings.HasSuffix(k.lines[i-1], ":") && !of(i+1)
	if k.lines = slices.Delete(k.lines, i, i+1); alone {
		k.lines = slices.Delete(k.lines, i-1, i)
	}
	return true
}

// settled are values that read nothing.
var settled = map[string]string{"n": "7", "m": "8", "txt": `'"t"'`, "sure": "'true'", "rows": "'rows'"}

// weakenFormula does what the hint says, or else puts a formula there that reads nothing.
func (k *maker) weakenFormula(i int, hint string) bool {
	line := k.lines[i]
	quoted := quotedText.FindString(line)
	text, err := strconv.Unquote(quoted)
	if err != nil { // a value that is set
		head, _, _ := strings.Cut(line, ":")
		value, ok := settled[strings.TrimSpace(head)]
		k.lines[i] = head + ": " + value
		return ok && !strings.Contains(line, "{")
	}
	weaker := "case.number != 'x'"
	said := hintText.FindStringSubmatch(hint)
	if len(said) == 2 && !strings.Contains(text, said[1]) && !strings.Contains(said[1], "(r.") {
		weaker = said[1] + " && (" + text + ")"
	}
	k.lines[i] = strings.Replace(line, quoted, strconv.Quote(weaker), 1)
	return k.lines[i] != line
}

// shorter takes away the way at line i, if the step has another one.
func (k *maker) shorter(i int) bool {
	indentOf := func(l string) int { return len(l) - len(strings.TrimLeft(l, " ")) }
	isWay := func(j int) bool {
		return j < len(k.lines) && indentOf(k.lines[j]) == indentOf(k.lines[i]) && strings.Contains(k.lines[j], "- {")
	}
	if !isWay(i) || !isWay(i-1) && !isWay(i+1) {
		return false
	}
	k.lines = slices.Delete(k.lines, i, i+1)
	return true
}

// plain makes the step that begins at line i a task without a form.
func (k *maker) plain(i, indent int) bool {
	if strings.Contains(k.lines[i], "{step:") {
		return false
	}
	end := i + 1
	for end < len(k.lines) && len(k.lines[end])-len(strings.TrimLeft(k.lines[end], " ")) > indent {
		end++
	}
	pad := strings.Repeat(" ", indent+2)
	out := []string{k.lines[i], k.lines[i+1]}
	out = append(out, pad+"task: {by: desk}")
	keep := false
	for _, l := range k.lines[i+2 : end] {
		if !strings.HasPrefix(l, pad+"  ") {
			keep = slices.ContainsFunc([]string{"then:", "choose:", "join:"}, func(h string) bool {
				return strings.HasPrefix(l, pad+h)
			})
		}
		if keep {
			out = append(out, l)
		}
	}
	k.lines = slices.Replace(k.lines, i, end, out...)
	return true
}

// accepted makes a procedure that the check accepts; nil if it gives up.
func accepted(seed uint64) (*definitions.Bundle, string) {
	k := newMaker(seed)
	k.procedure()
	for range 60 {
		text := strings.Join(k.lines, "\n") + "\n" + factsCallee
		b, problems := definitions.Compile([]definitions.File{
			{Name: "office.yaml", Text: []byte(factsOffice)}, {Name: "it.yaml", Text: []byte(text)},
		})
		i := slices.IndexFunc(problems, func(p report.Problem) bool { return p.Severity == report.Error })
		if i < 0 {
			return b, text
		}
		if !k.weaken(problems[i]) {
			return nil, problems[i].Code
		}
	}
	return nil, "too many problems"
}

// emptyRead finds a read of an empty field in what a step came to, or in what its open steps may read at any time.
func emptyRead(w *sim.World, c *sim.Case, out core.Outcome) string {
	for _, e := range out.Events {
		if x, ok := e.(core.Stuck); ok && x.Incident.Code == "absent" {
			return "incident: " + x.Incident.Formula + ": " + x.Incident.Message
		}
	}
	if r := out.Rejection; r != nil && r.Code == core.Unfit && strings.HasSuffix(r.Args["reason"], "is empty") {
		return "refused: " + r.Args["formula"] + ": " + r.Args["reason"]
	}
	if out.Rejection != nil || c.State.Status != core.Running {
		return ""
	}
	for _, a := range c.State.Acts {
		st := core.StepOf(c.Procedure, c.State, a.ID)
		if a.State != core.Open || st == nil {
			continue
		}
		scope := core.ScopeIn(c.Procedure, c.State, w.Context(), a.Frame)
		scope.Actor = &value.Person{ID: "desk", Name: "Desk"}
		for _, g := range guardsOfStep(st) {
			var failure *formula.Failure
			if _, err := g.Eval(scope); errors.As(err, &failure) && failure.Code == "absent" {
				return st.ID + " could read: " + g.Source() + ": " + failure.Message
			}
		}
	}
	return ""
}

func guardsOfStep(st *definitions.Step) []*formula.Guard {
	var out []*formula.Guard
	add := func(g *formula.Guard) {
		if g != nil {
			out = append(out, g)
		}
	}
	for _, e := range st.Events {
		add(e.When)
	}
	switch w := st.Work.(type) {
	case *definitions.Task:
		add(w.Allow)
	case *definitions.Wait:
		for _, f := range w.For {
			add(f.When)
		}
	}
	return out
}

// A procedure that the check accepts never reads an empty field, whatever people do.
func TestAcceptedProceduresReadNothingEmpty(t *testing.T) {
	t.Parallel()
	runs := 200
	if testing.Short() {
		runs = 60
	}
	made := 0
	for seed := range runs {
		b, text := accepted(uint64(seed))
		if b == nil {
			continue
		}
		made++
		for walk := range 4 {
			if wrong := readsEmpty(t, b, uint64(seed*16+walk)); wrong != "" {
				t.Errorf("seed %d: %s\n%s", seed, wrong, text)
				break
			}
		}
	}
	if made < runs/2 {
		t.Errorf("only %d of %d procedures were accepted", made, runs)
	}
}

// readsEmpty walks through a case at random; it tells what was read though it was empty.
func readsEmpty(t *testing.T, b *definitions.Bundle, seed uint64) string {
	t.Helper()
	wrong := ""
	w := sim.NewWorld(b, sim.OnePerPost(b.Office), time.Date(2026, 11, 2, 1, 0, 0, 0, time.UTC))
	w.Watch = func(c *sim.Case, _ core.Input, out core.Outcome) {
		if len(c.State.Acts) > 50 { // threads that breed more threads show nothing new
			c.Timers, w.Cases = nil, nil
		}
		if wrong == "" {
			wrong = emptyRead(w, c, out)
		}
	}
	k := sim.NewWalker(w, seed)
	if _, err := k.Begin(b.Procedures[0]); err != nil {
		t.Fatal(err)
	}
	r := rand.New(rand.NewPCG(seed, 9))
	who, _ := w.People.Person("desk")
	on := true
	for range 80 {
		var err error
		if r.IntN(4) == 0 && len(w.Cases) > 0 {
			letter := factsLetters[r.IntN(len(factsLetters))]
			_, err = w.Send(w.Cases[0], who, letter[0], []byte(letter[1]))
		} else {
			on, err = k.Move()
		}
		if err != nil && !errors.Is(err, sim.ErrEndless) {
			t.Fatal(err)
		}
		if err != nil || !on || wrong != "" {
			break
		}
	}
	return wrong
}

var factsLetters = [][2]string{
	{"m1", `{}`}, {"m1", `{"n": 3}`}, {"m2", `{"kind": "b"}`}, {"m2", `{"kind": "a", "why": "w"}`}, {"m3", `{"txt": "t"}`},
	{"m3", `{"txt": "x", "m": 2}`}, {"m4", `{"sure": false}`}, {"m4", `{"sure": true, "txt": "x"}`},
	{"m5", `{"rows": [{"name": "a"}]}`}, {"m5", `{"rows": [{"name": "a"}, {"name": "b", "q": 1}]}`},
}
