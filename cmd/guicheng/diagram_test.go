package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestDiagram(t *testing.T) {
	t.Parallel()
	out, err := run(t, &DiagramCmd{File: sunshine + "/visitor.yaml", Lang: "zh-Hans"}, "")
	if err != nil {
		t.Fatal(err)
	}
	mustHave(t, out, "<svg ", `lang="zh-Hans"`, "</svg>", `data-to="step-stand-in"`)

	path := filepath.Join(t.TempDir(), "shift.svg")
	out, err = run(t, &DiagramCmd{File: sunshine + "/duty-readiness.yaml", Procedure: "shift", Out: path}, "")
	if err != nil || out != "" {
		t.Fatalf("%v: %s", err, out)
	}
	if text, err := os.ReadFile(path); err != nil || !strings.HasPrefix(string(text), "<svg ") {
		t.Errorf("%v: %s", err, text)
	}
}

func TestDiagramOfWhatIsNotThere(t *testing.T) {
	t.Parallel()
	for say, c := range map[string]*DiagramCmd{
		"duty-readiness.yaml holds 2 procedures: add --procedure and one of duty-readiness, shift": {
			File: sunshine + "/duty-readiness.yaml"},
		"visitor.yaml holds no procedure mail, but visitor": {File: sunshine + "/visitor.yaml", Procedure: "mail"},
		"office.yaml holds no procedure":                    {File: sunshine + "/office.yaml"},
		"there is no " + sunshine + "/nothing.yaml":         {File: sunshine + "/nothing.yaml"},
	} {
		if _, err := run(t, c, ""); err == nil || !strings.Contains(err.Error(), say) {
			t.Errorf("%+v: %v, want %q", *c, err, say)
		}
	}
	dir := broken(t, "visitor.yaml", "host.kind == 'department'", "host.kind")
	out, err := run(t, &DiagramCmd{File: filepath.Join(dir, "visitor.yaml"), Lang: "en"}, "")
	if err == nil {
		t.Fatal("a procedure with errors is drawn")
	}
	mustHave(t, out, "visitor.yaml", "error[")
}
