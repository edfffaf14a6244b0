package tidy

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

var importRules = []rule{
	{
		name:  "rooms import only along the plan",
		why:   "a room that knows only what lies below it can be read, tested and replaced alone",
		check: roomImports,
		bad: []snippet{
			{"engine/core/x.go", `import _ "github.com/guicheng/guicheng/store"`},
			{"definitions/x.go", `import _ "github.com/guicheng/guicheng/engine"`},
			{"definitions/x.go", `import _ "github.com/guicheng/guicheng/definitions/offices"`},
			{"engine/x.go", `import _ "github.com/guicheng/guicheng/store/sqlite"`},
			{"api/x.go", `import _ "github.com/guicheng/guicheng/store/storetest"`},
			{"store/sqlite/x_test.go", `import _ "github.com/guicheng/guicheng/api"`},
			{"attic/x.go", `import _ "fmt"`},
		},
		good: []snippet{
			{"engine/x.go", `import _ "github.com/guicheng/guicheng/engine/core"`},
			{"engine/x_test.go", `import _ "github.com/guicheng/guicheng/store/sqlite"`},
			{"cmd/guicheng/x.go", `import _ "github.com/guicheng/guicheng/store/sqlite"`},
		},
	},
	{
		name:  "libraries stay in their room",
		why:   "a library that one room knows can be exchanged in one room",
		check: libraryImports,
		bad: []snippet{
			{"engine/core/x.go", `import _ "cel.dev/cel-go/cel"`},
			{"definitions/x.go", `import _ "github.com/expr-lang/expr"`},
			{"engine/x.go", `import _ "github.com/gin-gonic/gin"`},
			{"engine/x.go", `import _ "modernc.org/sqlite"`},
			{"api/x.go", `import _ "github.com/alecthomas/kong"`},
			{"store/x.go", `import _ "pgregory.net/rapid"`},
			{"api/x.go", `import _ "example.org/surprise"`},
		},
		good: []snippet{
			{"definitions/formula/x.go", `import _ "cel.dev/cel-go/cel"`},
			{"store/x_test.go", `import _ "pgregory.net/rapid"`},
			{"engine/core/x.go", `import _ "slices"`},
		},
	},
	{
		name:  "core and definitions do no I/O",
		why:   "a pure room gives the same answer for the same question, which replay and simulation live on",
		check: pureImports,
		bad: []snippet{
			{"engine/core/x.go", `import _ "os"`},
			{"engine/core/x.go", `import _ "sync"`},
			{"engine/core/x.go", `import _ "math/rand/v2"`},
			{"engine/core/x.go", `import _ "context"`},
			{"engine/core/x.go", `import _ "net/netip"`},
			{"definitions/x.go", `import _ "net/http"`},
			{"definitions/formula/x.go", `import _ "crypto/rand"`},
		},
		good: []snippet{
			{"definitions/formula/x.go", `import _ "sync"`},
			{"engine/core/x.go", `import _ "net/url"`},
			{"definitions/x.go", `import _ "io/fs"`},
			{"definitions/x_test.go", `import _ "os"`},
			{"engine/x.go", `import _ "os"`},
		},
	},
}

func importsOf(f *file, look func(importPath string) string) []finding {
	var found []finding
	for _, spec := range f.ast.Imports {
		if say := look(strings.Trim(spec.Path.Value, `"`)); say != "" {
			found = append(found, finding{f.path, f.line(spec), say})
		}
	}
	return found
}

func roomImports(f *file) []finding {
	room := f.room()
	edges, known := plan[room]
	if !known {
		return []finding{{f.path, 1, fmt.Sprintf(
			"room %q is not in the plan: name it in internal/tidy/rooms_test.go, with a reason for each edge", room)}}
	}
	if f.test() {
		edges = slices.Concat(edges, forTests)
	}
	return importsOf(f, func(p string) string {
		to, ours := strings.CutPrefix(p, module+"/")
		if !ours || to == room || slices.ContainsFunc(edges, func(e edge) bool { return e.to == to }) {
			return ""
		}
		return fmt.Sprintf("%s may not import %s: the plan in internal/tidy/rooms_test.go has no such edge", room, to)
	})
}

func libraryImports(f *file) []finding {
	return importsOf(f, func(p string) string {
		if host, _, _ := strings.Cut(p, "/"); !strings.Contains(host, ".") || p == module ||
			strings.HasPrefix(p, module+"/") {
			return ""
		}
		for _, l := range libraries {
			if p != l.prefix && !strings.HasPrefix(p, l.prefix+"/") {
				continue
			}
			if slices.Contains(l.rooms, f.room()) || f.test() {
				return ""
			}
			if l.rooms == nil {
				return fmt.Sprintf("%s is for tests only: %s", l.prefix, l.why)
			}
			return fmt.Sprintf("%s belongs to %s: %s", l.prefix, strings.Join(l.rooms, ", "), l.why)
		}
		return fmt.Sprintf("%s is not among the libraries of internal/tidy/rooms_test.go", p)
	})
}

// Packages of the standard library that reach outside, or whose answer is another each time.
var (
	reaching = []string{
		"os", "net", "syscall", "plugin", "log", "log/slog", "database/sql", "io/ioutil", "math/rand", "crypto/rand",
		"path/filepath", "testing", "unsafe", "runtime",
	}
	concurrent = []string{"sync", "context"}
)

func pureImports(f *file) []finding {
	if f.test() || !f.in("engine/core", "definitions") {
		return nil
	}
	banned := reaching
	if f.in("engine/core") {
		banned = slices.Concat(reaching, concurrent)
	}
	return importsOf(f, func(p string) string {
		for _, b := range banned {
			if p != "net/url" && (p == b || strings.HasPrefix(p, b+"/")) { // that one only reads and writes text
				return fmt.Sprintf("%s is pure and may not import %s: time, chance and files come from its caller",
					f.room(), p)
			}
		}
		return ""
	})
}

// A plan with an edge that nobody uses, or without a reason, tells the reader something untrue.
func TestPlanIsTrue(t *testing.T) {
	t.Parallel()
	tree, err := house()
	if err != nil {
		t.Fatal(err)
	}
	used := map[string]bool{}
	for _, f := range tree.goes {
		used[f.room()] = true
		if f.test() && !f.in("internal") { // rooms under internal have nothing but tests
			continue
		}
		importsOf(f, func(p string) string {
			used[f.room()+" -> "+strings.TrimPrefix(p, module+"/")] = true
			return ""
		})
	}
	for room, edges := range plan {
		if !used[room] {
			t.Errorf("the plan has a room %q, the house has not", room)
		}
		for _, e := range edges {
			if e.why == "" {
				t.Errorf("the edge %s -> %s has no reason", room, e.to)
			}
			if _, ok := plan[e.to]; !ok || !used[room+" -> "+e.to] {
				t.Errorf("the plan allows %s -> %s, nobody uses it: take it out of internal/tidy/rooms_test.go",
					room, e.to)
			}
		}
	}
}
