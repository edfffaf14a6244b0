package tidy

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
)

// The multiset of tokens, by which the reference interpreter runs the control flow, stays as naive as it is meant to be
// (decision 0034).
func TestTheMultisetOfTokensIsNaive(t *testing.T) {
	t.Parallel()
	const most = 800
	lines := 0
	for _, name := range []string{"joins.go", "frame.go"} {
		text, err := os.ReadFile(filepath.Join("..", "..", "engine", "sim", "reference", name))
		if err != nil {
			t.Fatal(err)
		}
		lines += bytes.Count(text, []byte("\n"))
	}
	if lines >= most {
		t.Errorf("joins.go and frame.go have %d lines, fewer than %d are wanted: what reads something else than the "+
			"control flow stands in another file", lines, most)
	}
}
