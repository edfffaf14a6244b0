package proof_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/guicheng/guicheng/definitions/report"
)

// Very many steps that take locks inside others are refused with the limit, soon, and not searched for ever.
func TestTooManyLocksAreRefused(t *testing.T) {
	t.Parallel()
	const many = 12
	var b strings.Builder
	b.WriteString("procedure: it\ntitle: It\nstart: {by: desk}\nsteps:\n  - {step: split, title: S, choose: all, then: [")
	for i := range many {
		fmt.Fprintf(&b, "b%d, ", i)
	}
	b.WriteString("]}\n")
	for i := range many { // each takes the locks in the order of their numbers: there is no ring
		fmt.Fprintf(&b, "  - {step: b%d, title: B, exclusive: k%02d, then: meet, steps: [", i, i)
		for j := i + 1; j <= many; j++ {
			fmt.Fprintf(&b, "{step: t%d-%d, title: T, exclusive: k%02d, task: {by: desk}}, ", i, j, j)
		}
		b.WriteString("]}\n")
	}
	b.WriteString("  - {step: meet, title: M, join: all, task: {by: desk}}\n")
	problems, _ := found(strings.ReplaceAll(strings.ReplaceAll(b.String(), ", ]", "]"), "steps: []", "task: {by: desk}"))
	if text := report.Render(problems, nil); !strings.Contains(text, "MaxRings") || !strings.Contains(text, "1 error") {
		t.Error(text)
	}
}
