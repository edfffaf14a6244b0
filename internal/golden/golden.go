// Package golden compares what is made in tests with files that people read.
package golden

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the expected files anew; read the difference before it is kept")

// Check compares got with the file. With -update it writes the file instead.
func Check(t testing.TB, file, got string) {
	t.Helper()
	file = filepath.Clean(file)
	want, err := os.ReadFile(file)
	if err == nil && got == string(want) {
		return
	}
	if !*update {
		t.Errorf("%s is otherwise (%v): run with -update and read the difference\n%s", file, err, got)
		return
	}
	if err := os.WriteFile(file, []byte(got), 0o644); err != nil { //nolint:gosec // it is for all to read, like the code
		t.Fatal(err)
	}
}

// Each has a subtest for each file of the pattern, named like it: play makes of the text what the file should be.
// It returns the names.
func Each(t *testing.T, pattern string, play func(t *testing.T, text string) string) []string {
	t.Helper()
	files, err := filepath.Glob(pattern)
	if err != nil || len(files) == 0 {
		t.Fatalf("no files %s: %v", pattern, err)
	}
	names := make([]string, len(files))
	for i, file := range files {
		names[i] = strings.TrimSuffix(filepath.Base(file), filepath.Ext(file))
		t.Run(names[i], func(t *testing.T) {
			t.Parallel()
			text, err := os.ReadFile(filepath.Clean(file))
			if err != nil {
				t.Fatal(err)
			}
			Check(t, file, play(t, string(text)))
		})
	}
	return names
}
