package engine_test

import (
	"os"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"github.com/guicheng/guicheng/engine"
)

// The examples are the manual of the Go API: one of them calls each act, and each has its output.
func TestEveryActHasAnExample(t *testing.T) {
	t.Parallel()
	var text strings.Builder
	for _, name := range []string{"example_test.go", "example_acts_test.go"} {
		source, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		text.Write(source)
	}
	bodies := regexp.MustCompile(`(?s)func Example\w*\(.*?\n}`).FindAllString(text.String(), -1)
	for _, body := range bodies {
		if !regexp.MustCompile(`// Output:\s*\S`).MatchString(body) {
			t.Errorf("an example without output:\n%s", body)
		}
	}
	all := strings.Join(bodies, "\n")
	for _, acts := range []reflect.Type{
		reflect.TypeFor[engine.Acts](), reflect.TypeFor[engine.TaskActs](), reflect.TypeFor[engine.CaseActs](),
		reflect.TypeFor[engine.Repairs](),
	} {
		for method := range acts.Methods() {
			if verb := method.Name; !strings.Contains(all, "e."+verb+"(") {
				t.Errorf("no example calls %s", verb)
			}
		}
	}
}
