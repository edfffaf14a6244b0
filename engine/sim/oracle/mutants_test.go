package oracle

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Every fault that scripts/mutants.sh plants has its place in the core as it is now.
func TestMutantsHaveTheirPlaces(t *testing.T) {
	t.Parallel()
	raw, err := os.ReadFile("../../../scripts/mutants.txt")
	if err != nil {
		t.Fatal(err)
	}
	plain := strings.NewReplacer(`\n`, "\n", `\t`, "\t")
	for line := range strings.Lines(string(raw)) {
		parts := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		if strings.HasPrefix(line, "#") {
			continue
		}
		if len(parts) != 3 {
			t.Errorf("not a file, what is written and what is written instead: %s", line)
			continue
		}
		source, err := os.ReadFile(filepath.Join("..", "..", "core", filepath.Base(parts[0])))
		if n := strings.Count(string(source), plain.Replace(parts[1])); err != nil || n != 1 {
			t.Errorf("%s has this %d times, not once: %s (%v)", parts[0], n, parts[1], err)
		}
	}
}
