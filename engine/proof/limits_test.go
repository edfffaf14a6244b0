package proof_test

import (
	"fmt"
	"strings"
	"testing"
)

// parallel is a procedure of so many steps beside one another, each of which may be tried again, and a join.
func parallel(n int, join string) string {
	var b strings.Builder
	b.WriteString("procedure: it\ntitle: It\nstart: {by: desk}\nsteps:\n")
	var ids []string
	for i := range n {
		ids = append(ids, fmt.Sprintf("s%d", i))
	}
	fmt.Fprintf(&b, "  - {step: split, title: Split, choose: all, then: [%s]}\n", strings.Join(ids, ", "))
	for _, id := range ids {
		fmt.Fprintf(&b, "  - {step: %s, title: S, task: {by: desk, answers: {ok: OK, again: Again}},"+
			" then: {ok: join, again: %s}}\n", id, id)
	}
	return b.String() + "  - {step: join, title: Join, join: " + join + ", task: {by: desk}}\n"
}

// However many steps are tried again beside one another, they are passed at once where nothing depends on when; where
// a join does, it is told soon that they can stand in too many ways.
func TestManyBesideOneAnother(t *testing.T) {
	t.Parallel()
	if got := told(parallel(26, "all")); got != "" {
		t.Errorf("26 steps and a join of all are refused:\n%s", got)
	}
	if got := told(parallel(26, "{n: 20}")); !strings.Contains(got, "the limit MaxMarkings is 200000") {
		t.Errorf("26 steps and a join of some: %s", got)
	}
	if got := told(parallel(8, "{n: 5}")); got != "" {
		t.Errorf("8 steps and a join of some are refused:\n%s", got)
	}
}
