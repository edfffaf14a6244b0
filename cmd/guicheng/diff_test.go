package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/guicheng/guicheng/definitions"
)

func TestDiff(t *testing.T) {
	t.Parallel()
	changed := broken(t, "visitor.yaml", "value: 3m", "value: 5m")
	out, err := run(t, &DiffCmd{Old: sunshine, New: changed, Lang: "zh-Hant", Format: "text"}, "")
	if err != nil {
		t.Fatal(err)
	}
	mustHave(t, out, filepath.Join(changed, "visitor.yaml")+":", "設定「客服部答復時限」（answer_in）：value 由 3m 改為 5m",
		"1 處不同")
	out, err = run(t, &DiffCmd{Old: filepath.Join(sunshine, "visitor.yaml"), New: filepath.Join(changed, "visitor.yaml"),
		Lang: "en", Format: "json"}, "")
	var changes []definitions.Change
	if err != nil || json.Unmarshal([]byte(out), &changes) != nil || len(changes) != 1 || changes[0].New != "5m" {
		t.Errorf("%v: %s", err, out)
	}
	out, err = run(t, &DiffCmd{Old: sunshine, New: sunshine, Lang: "en", Format: "json"}, "")
	if err != nil || out != "[]\n" {
		t.Errorf("nothing differs: %v: %s", err, out)
	}
}

func TestDiffOfWhatCannotBeRead(t *testing.T) {
	t.Parallel()
	bad := filepath.Join(t.TempDir(), "p.yaml")
	if err := os.WriteFile(bad, []byte("procedure: p\nsteps: [\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := run(t, &DiffCmd{Old: sunshine, New: bad, Lang: "en", Format: "text"}, "")
	if err == nil {
		t.Error("a file that is not YAML is compared")
	}
	mustHave(t, out, bad+":", "error[yaml]")
	if _, err = run(t, &DiffCmd{Old: sunshine + "/nowhere", New: sunshine, Lang: "en", Format: "text"}, ""); err == nil {
		t.Error("a folder that is not there is compared")
	}
}
