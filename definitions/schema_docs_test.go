package definitions

import (
	"bytes"
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/guicheng/guicheng/definitions/report"
)

// manualBlock is one fenced example of docs/language.md.
type manualBlock struct {
	kind string // procedure, office, scenarios
	line int
	text string
}

func manual(t *testing.T) (string, []manualBlock) { return page(t, "language.md") }

// page reads a page of the manual and its examples.
func page(t *testing.T, name string) (string, []manualBlock) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "docs", name))
	if err != nil {
		t.Fatal(err)
	}
	var out []manualBlock
	open := false
	for i, line := range strings.Split(string(text), "\n") {
		kind, begins := strings.CutPrefix(line, "```yaml ")
		switch {
		case begins:
			open = true
			out = append(out, manualBlock{kind: kind, line: i + 2})
		case strings.HasPrefix(line, "```"):
			open = false
		case open:
			out[len(out)-1].text += line + "\n"
		}
	}
	return string(text), out
}

// translated leaves out what is said of missing translations: the manual's office has one language.
func translated(list []report.Problem) []report.Problem {
	return slices.DeleteFunc(list, func(p report.Problem) bool { return p.Code == "untranslated" })
}

func TestManualExamplesCompile(t *testing.T) {
	t.Parallel()
	_, blocks := manual(t)
	office, base := "", ""
	seen := 0
	for _, b := range blocks {
		switch b.kind {
		case "office":
			office = b.text
		case "base":
			base = b.text
		}
	}
	for _, b := range blocks {
		if b.kind != "procedure" {
			continue
		}
		seen++
		_, problems := Compile([]File{
			{Name: "office.yaml", Text: []byte(office)}, {Name: "town.base.yaml", Text: []byte(base)},
			{Name: "it.yaml", Text: []byte(b.text)}})
		for _, p := range translated(problems) {
			t.Errorf("docs/language.md:%d: %s: %s", b.line+p.Line-1, p.Code, p.Message)
		}
	}
	if seen < 10 {
		t.Errorf("only %d examples in the manual", seen)
	}
}

func TestManualExamplesFitTheSchema(t *testing.T) {
	t.Parallel()
	text, err := Schema()
	schema := compileSchema(t, text, err)
	_, blocks := manual(t)
	for _, b := range blocks {
		file := filepath.Join(t.TempDir(), "it.yaml")
		if err := os.WriteFile(file, []byte(b.text), 0o600); err != nil {
			t.Fatal(err)
		}
		for _, doc := range plainDocuments(t, file) {
			if err := schema.Validate(doc); err != nil {
				t.Errorf("docs/language.md:%d: %v", b.line, err)
			}
		}
	}
}

// Every code that the check may report stands in the manual: alone in a row if it is of a procedure as a whole, else
// among those of its kind.
func TestManualNamesTheCodes(t *testing.T) {
	t.Parallel()
	text, _ := manual(t)
	code := regexp.MustCompile(`(Code:\s+|fault\(|\.at\([a-z.]+, (?:[a-z.]+, )?)"([a-z]+(-[a-z]+)*)"`)
	alone, found := 0, 0
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		source, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range code.FindAllStringSubmatch(string(source), -1) {
			row := "`" + m[2] + "`"
			if whole := strings.HasPrefix(file, "check") || strings.HasPrefix(file, "facts"); whole {
				row = "| " + row + " |"
				alone++
			}
			found++
			kind, _, _ := strings.Cut(m[2], "-")
			if !strings.Contains(text, row) && !strings.Contains(text, "`"+kind+"-…`") && m[2] != "internal" {
				t.Errorf("docs/language.md does not explain %s, of %s", m[2], file)
			}
		}
	}
	if alone < 20 || found < 100 {
		t.Fatalf("found only %d codes, %d of them of whole procedures", found, alone)
	}
}

func TestSchemaOffersTheTypes(t *testing.T) {
	t.Parallel()
	text, err := SchemaFor("procedure")
	schema := compileSchema(t, text, err)
	for field, ok := range map[string]bool{
		`{"title":"A","type":"yes-no"}`: true, `{"title":"A","type":"unit-no"}`: true,
		`{"title":"A","type":"Yes No"}`: false, `{"title":"A","type":7}`: false, `{"title":"A","typ":"text"}`: false,
	} {
		doc, err := jsonschema.UnmarshalJSON(bytes.NewReader([]byte(
			`{"procedure":"a","title":"A","start":{"by":"gate"},"data":{"x":` + field +
				`},"steps":[{"step":"b","title":"B"}]}`)))
		if err != nil {
			t.Fatal(err)
		}
		if err := schema.Validate(doc); (err == nil) != ok {
			t.Errorf("%s: %v", field, err)
		}
	}
}

// shown gathers which keys of the grammar a value uses, as "shape.key", and in which form each is written.
func shown(n *node, forms []form, at string, seen map[string]bool) {
	word := n.kind == scalarNode && slices.ContainsFunc(forms, func(f form) bool {
		return slices.Contains(f.words, n.text)
	})
	for _, f := range forms {
		switch {
		case n.kind == scalarNode && f.simple() && word == (f.kind == kindWord):
			if code, _, _ := n.fits(f); code == "" {
				seen[f.place(at, n.text)] = true
			}
		case f.kind == kindList && n.kind == listNode:
			seen[f.place(at, "")] = true
			for _, item := range n.items {
				shown(item, f.each, inList(forms, f, at), seen)
			}
		case f.kind == kindEntries && n.kind == mapNode && !markedIn(n, forms):
			seen[f.place(at, "")] = true
			for _, e := range n.entries {
				shown(e.value, f.each, at+".*", seen)
			}
		case f.kind == kindShape && n.kind == mapNode && (markedIn(n, forms) || len(shapeNamed(f.shape).marks) == 0):
			seen[f.place(at, "")] = true
			s := shapeNamed(f.shape)
			for _, e := range n.entries {
				if k := s.key(e.key.text); k != nil {
					seen[s.name+"."+k.name] = true
					shown(e.value, k.forms, s.name+"."+k.name, seen)
				}
			}
		}
	}
}

// simple tells whether the form is that of a single value.
func (f form) simple() bool {
	return f.kind != kindList && f.kind != kindEntries && f.kind != kindShape
}

// markedIn tells whether a mapping is one of the shapes that are told from free entries by a key.
func markedIn(n *node, forms []form) bool {
	return slices.ContainsFunc(forms, func(f form) bool {
		return f.kind == kindShape && slices.ContainsFunc(n.entries, func(e entry) bool {
			return slices.Contains(shapeNamed(f.shape).marks, e.key.text)
		})
	})
}

// place names the form at a place; a word by itself.
func (f form) place(at, word string) string {
	switch f.kind {
	case kindWord:
		return at + " as " + word
	case kindList:
		return at + " as a list"
	case kindEntries:
		return at + " as a mapping"
	case kindShape:
		return at + " as a mapping with the keys of " + f.shape
	case kindYesNo:
		return at + " as true or false"
	}
	return at + " as a value"
}

// inList names the place of a list's items: that of the list, where one of them may stand alone.
func inList(forms []form, list form, at string) string {
	for _, f := range list.each {
		if !slices.ContainsFunc(forms, func(g form) bool { return g.kind == f.kind && g.shape == f.shape }) {
			return at + "[]"
		}
	}
	return at
}

// written lists all forms in which a value may be written, whatever is inside a shape left out.
func written(forms []form, at string) []string {
	var out []string
	for _, f := range forms {
		switch f.kind {
		case kindWord:
			for _, w := range f.words {
				out = append(out, f.place(at, w))
			}
		case kindList:
			if in := inList(forms, f, at); in != at {
				out = append(append(out, f.place(at, "")), written(f.each, in)...)
			}
		case kindEntries:
			out = append(append(out, f.place(at, "")), written(f.each, at+".*")...)
		default:
			out = append(out, f.place(at, ""))
		}
	}
	return out
}

// TestManualShowsEveryForm: whatever can be written stands in an example, in each form that it may have; each of them
// is compiled, and its plays are played. That one entry may stand for a list is said once.
func TestManualShowsEveryForm(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, name := range []string{"language.md", "acts.md"} {
		_, blocks := page(t, name)
		for _, b := range blocks {
			for _, d := range readFile(File{Name: name, Text: []byte(b.text)}, func(report.Problem) {}) {
				for _, r := range roots {
					if r.name == b.kind {
						shown(d.root, []form{r.form}, "", seen)
					}
				}
			}
		}
	}
	const language = "office.language" // and languages: the manual's office has one
	for _, s := range grammar {
		for _, k := range s.keys {
			at := s.name + "." + k.name
			if !seen[at] {
				t.Errorf("no example has the key %s of %s: %s", k.name, s.name, k.doc)
				continue
			}
			for _, place := range written(k.forms, at) {
				if !seen[place] && !strings.HasPrefix(place, language) {
					t.Errorf("no example has %s", place)
				}
			}
		}
	}
}

// TestManualShowsEveryWord holds every key of the grammar, and every value that it lists, to an example.
func TestManualShowsEveryWord(t *testing.T) {
	t.Parallel()
	text, err := Schema()
	if err != nil {
		t.Fatal(err)
	}
	var schema any
	if err := json.Unmarshal(text, &schema); err != nil {
		t.Fatal(err)
	}
	shown := map[string]bool{}
	word := regexp.MustCompile(`[\pL_@][\pL\pN_-]*`)
	for _, name := range []string{"language.md", "acts.md"} {
		_, blocks := page(t, name)
		for _, b := range blocks {
			for _, w := range word.FindAllString(b.text, -1) {
				shown[w] = true
			}
		}
	}
	words := wordsOf(schema, map[string]bool{})
	if len(words) < 250 {
		t.Fatalf("found only %d words", len(words))
	}
	for _, w := range slices.Sorted(maps.Keys(words)) {
		if !shown[w] {
			t.Errorf("the manual shows no example of %s", w)
		}
	}
}

// wordsOf collects the keys and the listed values of a schema.
func wordsOf(schema any, into map[string]bool) map[string]bool {
	switch s := schema.(type) {
	case map[string]any:
		keys, _ := s["properties"].(map[string]any)
		for key := range keys {
			into[key] = true
		}
		values, _ := s["enum"].([]any)
		for _, v := range append(values, s["const"]) {
			if w, ok := v.(string); ok {
				into[w] = true
			}
		}
		for _, inner := range s {
			wordsOf(inner, into)
		}
	case []any:
		for _, inner := range s {
			wordsOf(inner, into)
		}
	}
	return into
}
