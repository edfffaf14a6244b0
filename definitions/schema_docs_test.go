package definitions

import (
	"bytes"
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

func manual(t *testing.T) (string, []manualBlock) {
	t.Helper()
	text, err := os.ReadFile("../docs/language.md")
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
	office := ""
	seen := 0
	for _, b := range blocks {
		if b.kind == "office" {
			office = b.text
		}
	}
	for _, b := range blocks {
		if b.kind != "procedure" {
			continue
		}
		seen++
		_, problems := Compile([]File{
			{Name: "office.yaml", Text: []byte(office)}, {Name: "it.yaml", Text: []byte(b.text)}})
		for _, p := range translated(problems) {
			t.Errorf("docs/language.md:%d: %s: %s", b.line+p.Line-1, p.Code, p.Message)
		}
	}
	if seen < 10 {
		t.Errorf("only %d examples in the manual", seen)
	}
}

func TestManualScenariosCompile(t *testing.T) {
	t.Parallel()
	_, blocks := manual(t)
	files := map[string]string{}
	for _, b := range blocks {
		if files[b.kind] == "" {
			files[b.kind] = b.text
		}
	}
	bundle, problems := Compile([]File{
		{Name: "office.yaml", Text: []byte(files["office"])},
		{Name: "hello.yaml", Text: []byte(files["procedure"])},
		{Name: "hello.scenarios.yaml", Text: []byte(files["scenarios"])},
	})
	if rest := translated(problems); len(rest) > 0 {
		t.Fatalf("problems: %v", rest)
	}
	if len(bundle.Scenarios) != 1 || len(bundle.Scenarios[0].Plays) != 1 {
		t.Errorf("the play of the manual was not read: %+v", bundle.Scenarios)
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

// A code that a person meets stands in the manual; the codes of the whole-procedure checks are those of our files.
func TestManualNamesTheCodes(t *testing.T) {
	t.Parallel()
	text, _ := manual(t)
	code := regexp.MustCompile(`Code:\s+"([a-z-]+)"`)
	found := map[string]bool{}
	for _, pattern := range []string{"check*.go", "facts*.go"} {
		files, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			source, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range code.FindAllStringSubmatch(string(source), -1) {
				found[m[1]] = true
			}
		}
	}
	if len(found) < 10 {
		t.Fatalf("found only the codes %v", found)
	}
	for c := range found {
		if !strings.Contains(text, "| `"+c+"` |") {
			t.Errorf("docs/language.md does not explain %s", c)
		}
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
