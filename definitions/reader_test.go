package definitions

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/guicheng/guicheng/definitions/report"
)

// TestInside finds every @ of a scalar's value again in the file, through quotes, escapes and folded lines.
func TestInside(t *testing.T) {
	t.Parallel()
	tests := map[string]string{
		"plain":            "a: one @ 長 @\n",
		"plain flow":       "{b: 長, a: one@ two}\n",
		"plain folded":     "a: one\n  two @\n  three@ @\nb: 1\n",
		"plain paragraphs": "a: one\n\n  two @\n\n\n  three@\nb: 1\n",
		"single":           "a: 'it''s @ ''@'\n",
		"single folded":    "a: 'one''s  \n    two @\n\n    @three'\n",
		"double":           `a: "\"@ \x41\u4e00\U0001F600 @ \\@"` + "\n",
		"double folded":    "a: \"one\n   @ two\n   @\"\n",
		"literal":          "a: |\n  one @\n    two @\n\n  @\nb: 1\n",
		"literal trimmed":  "a: |-\n\n   @one\n   長@\n",
		"folded":           "a: >\n  one @\n  two @\n  @\n",
		"list":             "- a: 1\n- x @y\n- - '@'\n",
		"byte order mark":  "\ufeffa: one @\n",
		"carriage returns": "a: 'one\r\n  @'\r\nb: |\r\n  @\r\n",
	}
	for name, text := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			docs := readFile(File{Name: "f", Text: []byte(text)}, func(p report.Problem) { t.Error(p) })
			if len(docs) != 1 {
				t.Fatal("not one document")
			}
			var got []string
			var walk func(n *node)
			walk = func(n *node) {
				for i, r := range []rune(n.text) {
					if r == '@' {
						p := textPlace{node: n}.at(i)
						got = append(got, fmt.Sprintf("%d:%d", p.Line, p.Column))
					}
				}
				for _, item := range n.items {
					walk(item)
				}
				for _, e := range n.entries {
					walk(e.value)
				}
			}
			walk(docs[0].root)
			slices.Sort(got)
			if want := markers(text); !slices.Equal(got, want) {
				t.Errorf("found at %v, stands at %v", got, want)
			}
		})
	}
}

func markers(text string) []string {
	var want []string
	for i, line := range strings.Split(strings.TrimPrefix(text, "\ufeff"), "\n") {
		for j, r := range []rune(line) {
			if r == '@' {
				want = append(want, fmt.Sprintf("%d:%d", i+1, j+1))
			}
		}
	}
	slices.Sort(want)
	return want
}

func TestDocuments(t *testing.T) {
	t.Parallel()
	text := "# head\nprocedure: a\n---\nprocedure: b\n# tail of b\n---\n"
	docs := readFile(File{Name: "f", Text: []byte(text)}, func(p report.Problem) { t.Error(p) })
	if len(docs) != 2 {
		t.Fatalf("%d documents, want 2", len(docs))
	}
	first, second := string(docs[0].text()), string(docs[1].text())
	if first != "# head\nprocedure: a\n" || second != "---\nprocedure: b\n# tail of b\n---\n" {
		t.Errorf("texts %q and %q", first, second)
	}
}

// TestHostile: whatever stands in a file, it is refused soon, with a place, and without a panic.
func TestHostile(t *testing.T) {
	t.Parallel()
	const mega = 1 << 20
	fields := strings.Builder{}
	for i := range 20_000 {
		fmt.Fprintf(&fields, "  f%d: {title: x, type: text, value: f%d}\n", i, i+1)
	}
	tests := map[string]struct{ text, code string }{
		"too large":          {strings.Repeat("a", mega+1), "limit"},
		"brackets":           {strings.Repeat("[", mega), "limit"},
		"closed brackets":    {strings.Repeat("[", 5000) + strings.Repeat("]", 5000), "limit"},
		"braces":             {strings.Repeat("{a: ", 1<<18), "limit"},
		"dashes":             {strings.Repeat("- ", 1<<19), "limit"},
		"question marks":     {strings.Repeat("? ", 1<<19), "limit"},
		"entries on a line":  {"a: [" + strings.Repeat("a,", mega/2-8) + "a]", "limit"},
		"keys":               {strings.Repeat("a: b\n", mega/5), "too-many"},
		"documents":          {strings.Repeat("---\na: b\n", 5000), "too-many"},
		"not UTF-8":          {"procedure: \xff\xfe", "encoding"},
		"half a character":   {"procedure: a\ntitle: \xe6\xa5", "encoding"},
		"NUL":                {"procedure: a\x00b", "encoding"},
		"escape":             {"procedure: a\x1b[31m", "encoding"},
		"huge scalar":        {"procedure: a\ntitle: " + strings.Repeat("長", 1<<17), "limit"},
		"alias bomb":         {"a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\n", "yaml-alias"},
		"unknown alias":      {"a: *nowhere\n", "yaml-alias"},
		"unclosed":           {"procedure: [a, b\ntitle: c\n", "yaml"},
		"colon":              {"title: a: b\n", "yaml"},
		"tab":                {"data:\n\ta: b\n", "yaml"},
		"text":               {"hello", "wrong-kind"},
		"list":               {"- a\n- b\n", "wrong-kind"},
		"many fields":        {"procedure: a\ndata:\n" + fields.String(), "limit"},
		"YAML of the future": {"%YAML 3.0\n---\na: b\n", "yaml"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			begin := time.Now()
			bundle, problems := Compile(officeFiles("p.yaml", tt.text))
			if took := time.Since(begin); took > 20*time.Second {
				t.Errorf("took %v", took)
			}
			if bundle != nil || len(problems) > MaxProblems+1 {
				t.Errorf("bundle %v, %d problems", bundle != nil, len(problems))
			}
			has := slices.ContainsFunc(problems, func(p report.Problem) bool {
				return p.Code == tt.code && p.Line >= 1 && p.Column >= 1
			})
			if !has {
				t.Errorf("no problem of code %s: %v", tt.code, problems[:min(len(problems), 5)])
			}
			report.Render(problems, sources(officeFiles("p.yaml", tt.text)))
		})
	}
}

func TestTooManyFiles(t *testing.T) {
	t.Parallel()
	var many []File
	for i := range MaxFiles + 1 {
		many = append(many, File{Name: fmt.Sprintf("f%d.yaml", i)})
	}
	large := []File{}
	for i := range 9 {
		large = append(large, File{Name: fmt.Sprintf("f%d.yaml", i), Text: make([]byte, MaxFile)})
	}
	for name, files := range map[string][]File{"many": many, "large": large} {
		if b, problems := Compile(files); b != nil || len(problems) != 1 || problems[0].Code != "limit" {
			t.Errorf("%s: %v", name, problems)
		}
	}
	twice := append(officeFiles(), officeFiles()...)
	if b, problems := Compile(twice); b != nil || problems[0].Code != "duplicate-file" {
		t.Errorf("twice the same name: %v", problems)
	}
	if b, problems := Compile(nil); b != nil || problems[0].Code != "missing-office" {
		t.Errorf("nothing: %v", problems)
	}
}

func TestReadDir(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for name, text := range map[string]string{"b.yaml": "b", "a.yaml": "a", "note.txt": "n", "sub/c.yaml": "c"} {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	files, err := ReadDir(os.DirFS(dir), ".")
	if err != nil || len(files) != 2 || files[0].Name != "a.yaml" || string(files[1].Text) != "b" {
		t.Errorf("files %v, error %v", files, err)
	}
	if _, err := ReadDir(os.DirFS(dir), "nowhere"); err == nil || !strings.Contains(err.Error(), "nowhere") {
		t.Errorf("a folder that is not there: %v", err)
	}
}

func FuzzCompile(f *testing.F) {
	names, _ := filepath.Glob("testdata/compile/*.yaml")
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		for _, name := range []string{"p.yaml", "office.yaml", "texts.en.yaml", "p.scenarios.yaml"} {
			files := []File{{Name: name, Text: text}}
			if name != "office.yaml" {
				files = append(files, officeFiles()...)
			}
			bundle, problems := Compile(files)
			if report.Failed(problems) != (bundle == nil) || len(problems) > MaxProblems+1 {
				t.Fatalf("bundle %v with %d problems", bundle != nil, len(problems))
			}
			report.Render(problems, sources(files))
		}
	})
}
