package formula

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// TestManualShowsEveryFunction holds every function of the language to an example in the manual, which is compiled.
func TestManualShowsEveryFunction(t *testing.T) {
	t.Parallel()
	block := regexp.MustCompile("(?s)```yaml [a-z]+\n.*?```")
	var examples strings.Builder
	for _, page := range []string{"language.md", "acts.md"} {
		text, err := os.ReadFile("../../docs/" + page)
		if err != nil {
			t.Fatal(err)
		}
		for _, b := range block.FindAll(text, -1) {
			examples.Write(b)
		}
	}
	for _, name := range slices.Concat(functionNames(true), functionNames(false)) {
		if !regexp.MustCompile(`\b` + name + `\(`).MatchString(examples.String()) {
			t.Errorf("no example of docs/language.md calls %s", name)
		}
	}
}
