package definitions

import (
	"fmt"
	"strconv"
	"strings"
	"testing"
)

// hasCode compiles procedures and tells which codes the report has.
func hasCode(t *testing.T, procedures, code string) bool {
	t.Helper()
	return strings.Contains(checkText(t, procedures), " "+code+":")
}

func TestHugeProceduresAreRefusedNotSuffered(t *testing.T) {
	t.Parallel()
	head := "procedure: huge\ntitle: Huge\nstart: {by: desk}\n"
	for limit, text := range map[string]func() string{
		"MaxPairs": func() string {
			var b strings.Builder
			b.WriteString(head + "steps:\n  - {step: split, title: Split, choose: all, then: [")
			for i := range 900 {
				fmt.Fprintf(&b, "b%d, ", i)
			}
			b.WriteString("last]}\n")
			for i := range 900 {
				fmt.Fprintf(&b, "  - {step: b%d, title: B, task: {by: desk}, then: last}\n", i)
			}
			return b.String() + "  - {step: last, title: Last, join: all, task: {by: desk}}\n"
		},
		"MaxSlots": func() string {
			var b strings.Builder
			b.WriteString("procedure: huge\ntitle: Huge\ndata:\n")
			for i := range MaxSlots + 1 {
				fmt.Fprintf(&b, "  f%d: {title: F, type: text}\n", i)
			}
			return b.String() + "start: {by: desk}\nsteps:\n  - {step: a, title: A, task: {by: desk}}\n"
		},
		"MaxWork": func() string {
			var b strings.Builder
			b.WriteString("procedure: huge\ntitle: Huge\ndata:\n")
			for i := range 2000 {
				fmt.Fprintf(&b, "  f%d: {title: F, type: text}\n", i)
			}
			b.WriteString("start: {by: desk}\nsteps:\n")
			for i := range 6000 {
				fmt.Fprintf(&b, "  - {step: s%d, title: S, task: {by: desk, form: [f%d]}}\n", i, i%2000)
			}
			return b.String()
		},
	} {
		t.Run(limit, func(t *testing.T) {
			t.Parallel()
			if got := checkText(t, text()); !strings.Contains(got, "the limit "+limit) {
				t.Errorf("it is not refused for %s:\n%s", limit, got)
			}
		})
	}
}

// Each step of a long list asks what the steps after it may have changed: that is counted, and worked out once.
func TestALongListIsCheckedOrRefused(t *testing.T) {
	t.Parallel()
	for steps, want := range map[int]bool{1500: false, 5000: true} {
		t.Run(strconv.Itoa(steps), func(t *testing.T) {
			t.Parallel()
			var b strings.Builder
			b.WriteString("procedure: long\ntitle: Long\nstart: {by: desk}\nsteps:\n")
			for i := range steps {
				fmt.Fprintf(&b, "  - {step: s%d, title: S, task: {by: desk}}\n", i)
			}
			if got := checkText(t, b.String()); strings.Contains(got, "the limit MaxWork") != want {
				t.Errorf("it is refused: %v, want %v:\n%s", !want, want, got)
			}
		})
	}
}

// A procedure of a size that people write is checked whole.
func TestLargeProcedureIsChecked(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	b.WriteString("procedure: large\ntitle: Large\ndata:\n")
	for i := range 300 {
		fmt.Fprintf(&b, "  f%d: {title: F, type: yes-no}\n", i)
	}
	b.WriteString("start: {by: desk}\nsteps:\n")
	for i := range 300 {
		fmt.Fprintf(&b, "  - {step: s%d, title: S, task: {by: desk, form: [f%d]}, then: [{when: f%d, to: s%d}, {to: s%d}]}\n",
			i, i, i, i/2, i+1)
	}
	b.WriteString("  - {step: s300, title: S, task: {by: desk, allow: '!f299'}}\n")
	if got := checkText(t, b.String()); got != "" {
		t.Errorf("it is refused:\n%s", got)
	}
}

func procedureOf(steps string) string {
	return `procedure: it
title: It
data:
  kind: {title: Kind, type: choice, options: {a: A, b: B, c: C}}
  sure: {title: Sure, type: yes-no}
  some: {title: Some, type: choices, options: [one, two], min: 1}
  text: {title: Text, type: note}
  list:
    title: List
    each: item
    rows: {name: {title: Name, type: text}, size: {title: Size, type: count}}
start: {by: desk, form: [kind, sure, some]}
steps:
` + steps
}

func TestChoices(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		then string
		code string // of the report; empty = none
	}{
		"all options":         {"[{when: kind == 'a', to: x}, {when: kind == 'b', to: x}, {when: kind == 'c', to: x}]", ""},
		"one option missing":  {"[{when: kind == 'a', to: x}, {when: kind == 'b', to: x}]", "choice-gap"},
		"in a list":           {"[{when: \"kind in ['a', 'b']\", to: x}, {when: kind == 'c', to: x}]", ""},
		"both of yes and no":  {"[{when: sure, to: x}, {when: '!sure', to: x}]", ""},
		"only yes":            {"[{when: sure, to: x}]", "choice-gap"},
		"at least one option": {"[{when: \"'one' in some\", to: x}, {when: \"'two' in some\", to: x}]", ""},
		"only one option":     {"[{when: \"'one' in some\", to: x}]", "choice-gap"},
		"with else":           {"[{when: sure, to: x}, {else: x}]", ""},
		"has and not has":     {"[{when: has(text), to: x}, {when: '!has(text)', to: x}]", ""},
		"cannot be tried":     {"[{when: 'list.exists(i, has(i.size) && i.size > 3)', to: x}]", "choice-open"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := checkText(t, procedureOf("  - {step: sort, title: Sort, then: "+c.then+"}\n"+
				"  - {step: x, title: X, task: {by: desk}}\n"))
			if c.code == "" && got != "" || c.code != "" && !strings.Contains(got, " "+c.code+":") {
				t.Errorf("wanted %q, got\n%s", c.code, got)
			}
		})
	}
}

func TestThreads(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		steps string
		code  string
	}{
		"ways that exclude one another need no join": {`
  - {step: s, title: S, choose: all, then: [{when: sure, to: x}, {when: '!sure', to: x}]}
  - {step: x, title: X, task: {by: desk}}`, ""},
		"a join further back is enough": {`
  - {step: s, title: S, choose: all, then: [a, b]}
  - {step: a, title: A, task: {by: desk}, then: j}
  - {step: b, title: B, task: {by: desk}, then: j}
  - {step: j, title: J, join: active}
  - {step: x, title: X, task: {by: desk, answers: {ok: OK, again: Again}}, then: {ok: done, again: s}}`, ""},
		"a partial join leaves the third branch": {`
  - {step: s, title: S, choose: all, then: [a, b, c]}
  - {step: a, title: A, task: {by: desk}, then: j}
  - {step: b, title: B, task: {by: desk}, then: j}
  - {step: c, title: C, task: {by: desk}, then: x}
  - {step: j, title: J, join: all, then: x}
  - {step: x, title: X, task: {by: desk}}`, "needs-join"},
		"each lets several through": {`
  - {step: s, title: S, choose: all, then: [a, b]}
  - {step: a, title: A, task: {by: desk}, then: x}
  - {step: b, title: B, task: {by: desk}, then: x}
  - {step: x, title: X, join: each, task: {by: desk}}`, ""},
		"first withdraws the other": {`
  - {step: s, title: S, choose: all, then: [a, b]}
  - {step: a, title: A, task: {by: desk, form: [text]}, then: x}
  - {step: b, title: B, task: {by: desk}, then: x}
  - {step: x, title: X, join: {n: 1, rest: cancel}, task: {by: desk, form: [text], optional: [text]}}`, ""},
		"steps inside parallel blocks": {`
  - {step: s, title: S, choose: all, then: [a, b]}
  - step: a
    title: A
    then: x
    steps: [{step: a1, title: A1, task: {by: desk, form: [text]}}]
  - step: b
    title: B
    then: x
    steps: [{step: b1, title: B1, task: {by: desk, form: [text]}}]
  - {step: x, title: X, join: all, task: {by: desk}}`, "two-fill"},
		"a message may fill in what a step does, and wins": {`
  - {step: s, title: S, task: {by: desk, form: [kind]}}`, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := checkText(t, procedureOf(strings.TrimPrefix(c.steps, "\n")+"\n"))
			if c.code == "" && got != "" || c.code != "" && !strings.Contains(got, " "+c.code+":") {
				t.Errorf("wanted %q, got\n%s", c.code, got)
			}
		})
	}
}

func TestPrivateDataOnCopies(t *testing.T) {
	t.Parallel()
	text := `procedure: it
title: It
data: {phone: {title: Phone, type: phone, private: true}}
start: {by: desk, form: [phone]}
steps: [{step: a, title: A, task: {by: desk}, issues: slip}]
documents: {slip: {title: Slip, %sbody: [{fields: [phone]}]}}
`
	if !hasCode(t, fmt.Sprintf(text, "copies: gate, "), "private-copied") {
		t.Error("a copy with a private field is not noted")
	}
	if got := checkText(t, fmt.Sprintf(text, "")); got != "" {
		t.Errorf("a paper without copies is noted:\n%s", got)
	}
}
