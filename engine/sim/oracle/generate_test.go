package oracle

import (
	"slices"
	"strings"
	"testing"
)

// constructs are pieces of procedures, each of which must come up often.
var constructs = []string{
	"task: {", "wait: {", "steps:\n", "for_each: {", "call: {", "set: {", "wait: false", "take: {", "answers: {",
	"sign: all", "sign: any", "sign: in-order", "form: [f_", "form: [unit.f_", "optional: [n_",
	"join: each", "join: all", "join: active", "join: first",
	"{n: 1}", "{n: 2}", "rest: cancel}", "keep: true", "threads: 2",
	"join: {all: [", "{n: 1, of: [",
	"choose: all", "{else: s", "then: [{when: ", "then: {w0: ", "then: {good: ", "then: stop", "then: e0",
	"timeouts: [", "events: [", "to: s", "also: s", "also: stop", "every: ", "remind: c", "escalate: c", "reassign: c",
	"once: true", "finish: true", "cancels: [s", "cancels: all",
	"to: each", "keep: 30m", "{message: ", "{after: ", "{when: ",
	"repeat: ", "{while: ", "{until: ", "any_order: true", "after: [s", "exclusive: desk", "only_while: ",
	"choose: first-event",
	"threads: 2}", "error: true", "{error: ", "error: failed", "add: {", "finish: b", "all-at-end", "{ratio: ",
	"until: ", "order: one-by-one", "until: 'finished >= 1', rest: cancel", "done(''s", "open(''s", "times(''s",
}

// Every construct of the language that the core runs is in many of the procedures that the check accepts.
func TestEveryConstructIsMade(t *testing.T) {
	t.Parallel()
	const many = 500
	seen := map[string]int{}
	accepted := 0
	for seed := range uint64(many) {
		p := newGenerator(seed).procedure()
		if _, err := compile(p); err != nil {
			continue
		}
		accepted++
		text := p.yaml()
		for _, c := range constructs {
			if strings.Contains(text, c) {
				seen[c]++
			}
		}
	}
	for _, c := range constructs {
		if seen[c] < 2 {
			t.Errorf("%q is in %d of %d procedures", c, seen[c], accepted)
		}
	}
	if accepted < many/2 {
		t.Errorf("the check accepts only %d of %d procedures", accepted, many)
	}
	t.Logf("%d of %d procedures are accepted; the rarest construct is in %d", accepted, many,
		slices.Min(slices.Collect(func(yield func(int) bool) {
			for _, c := range constructs {
				if !yield(seen[c]) {
					return
				}
			}
		})))
}

// The same seed makes the same procedure.
func TestASeedIsAProcedure(t *testing.T) {
	t.Parallel()
	for seed := range uint64(50) {
		if a, b := newGenerator(seed).procedure().yaml(), newGenerator(seed).procedure().yaml(); a != b {
			t.Fatalf("seed %d makes two procedures:\n%s\n%s", seed, a, b)
		}
	}
}
