package formula

import (
	"slices"
	"testing"
)

func TestWants(t *testing.T) {
	t.Parallel()
	c := complaint(t)
	for _, tt := range []struct {
		text string
		want []string
	}{
		{"has(visit)", []string{"visit"}},
		{"!matter.in_home || has(visit)", []string{"visit"}},
		{"has(visit) || has(answer)", []string{"visit", "answer"}},
		{"!has(visit)", nil},
		{"!has(visit) || visit > now", nil},
		{"has(visit) ? visit > now : true", nil},
		{"matter.in_home ? has(visit) : !has(visit)", []string{"visit"}},
		{"!(has(visit) && has(answer))", nil},
	} {
		g, faults := c.Guard(tt.text, everywhere(c, ""))
		if len(faults) > 0 {
			t.Fatalf("%+v", faults)
		}
		if got := g.Wants(); !slices.Equal(got, tt.want) {
			t.Errorf("%s wants %v, want %v", tt.text, got, tt.want)
		}
	}
}
