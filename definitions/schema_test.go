package definitions

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"go.yaml.in/yaml/v4"

	"github.com/guicheng/guicheng/internal/golden"
)

const schemaFile = "guicheng.schema.json"

func TestSchemaFile(t *testing.T) {
	t.Parallel()
	got, err := Schema()
	if err != nil {
		t.Fatal(err)
	}
	golden.Check(t, schemaFile, string(got))
}

func TestSchemaIsTheSameEachTime(t *testing.T) {
	t.Parallel()
	first, _ := Schema()
	for range 20 {
		if again, err := Schema(); err != nil || !bytes.Equal(first, again) {
			t.Fatalf("the schema changed, error %v", err)
		}
	}
}

func compileSchema(t *testing.T, text []byte, err error) *jsonschema.Schema {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("guicheng.json", doc); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("guicheng.json")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// plainDocuments reads YAML as an editor does, into plain JSON values.
func plainDocuments(t *testing.T, file string) []any {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var out []any
	dec := yaml.NewDecoder(bytes.NewReader(text))
	for {
		var doc any
		err := dec.Decode(&doc)
		if errors.Is(err, io.EOF) {
			return out
		}
		if err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		raw, err := json.Marshal(plain(doc))
		if err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		v, err := jsonschema.UnmarshalJSON(bytes.NewReader(raw))
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, v)
	}
}

// plain turns what YAML reads into what JSON can write.
func plain(v any) any {
	switch x := v.(type) {
	case map[string]any:
		for k, sub := range x {
			x[k] = plain(sub)
		}
	case map[any]any:
		out := map[string]any{}
		for k, sub := range x {
			out[fmt.Sprint(k)] = plain(sub)
		}
		return out
	case []any:
		for i, sub := range x {
			x[i] = plain(sub)
		}
	case time.Time:
		return x.Format(time.DateOnly)
	}
	return v
}

func yamlFiles(t *testing.T, dir string) []string {
	t.Helper()
	var out []string
	err := filepath.WalkDir(dir, func(path string, _ fs.DirEntry, err error) error {
		if err == nil && filepath.Ext(path) == ".yaml" {
			out = append(out, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(out) == 0 {
		t.Fatalf("no YAML files in %s", dir)
	}
	return out
}

func TestSchemaAcceptsWhatIsShipped(t *testing.T) {
	t.Parallel()
	text, err := Schema()
	schema := compileSchema(t, text, err)
	for _, file := range yamlFiles(t, "offices") {
		for _, doc := range plainDocuments(t, file) {
			if err := schema.Validate(doc); err != nil {
				t.Errorf("%s: %v", file, err)
			}
		}
	}
}

func TestSchemaRefuses(t *testing.T) {
	t.Parallel()
	text, err := Schema()
	schema := compileSchema(t, text, err)
	for _, file := range yamlFiles(t, "testdata/schema/refused") {
		for _, doc := range plainDocuments(t, file) {
			if schema.Validate(doc) == nil {
				t.Errorf("%s is accepted", file)
			}
		}
	}
}

func TestSchemaForEachKindOfFile(t *testing.T) {
	t.Parallel()
	good := map[string]string{
		"procedure": `{"procedure":"a","title":"A","start":{"by":"gate"},"steps":[{"step":"b","title":"B"}]}`,
		"office":    `{"office":"a","title":"A","language":"en","zone":"UTC","posts":{"gate":"Gate"}}`,
		"scenarios": `{"scenarios":"a","begin":"2026-11-02 09:00","staff":{"chan":"gate"},"plays":[]}`,
		"texts":     `{"來訪人士":"Visitor"}`,
	}
	for kind := range good {
		text, err := SchemaFor(kind)
		schema := compileSchema(t, text, err)
		for other, file := range good {
			doc, err := jsonschema.UnmarshalJSON(bytes.NewReader([]byte(file)))
			if err != nil {
				t.Fatal(err)
			}
			if err := schema.Validate(doc); (err == nil) != (kind == other) {
				t.Errorf("the schema of %s on a file of kind %s: %v", kind, other, err)
			}
		}
	}
	if _, err := SchemaFor("recipe"); err == nil {
		t.Error("there is a schema for recipes")
	}
}
