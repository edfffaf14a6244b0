package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
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
	mustHave(t, out, filepath.Join(changed, "visitor.yaml")+":", "設定「客服部答復時限」（answer_in）：值（value）由 3m 改為 5m",
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

// TestDiffSaysTitlesInTheAskedLanguage: those that are there by the newer texts, those that are gone by the older ones,
// and what has no text as it is written.
func TestDiffSaysTitlesInTheAskedLanguage(t *testing.T) {
	t.Parallel()
	version := func(texts string, steps ...string) string {
		dir := t.TempDir()
		for name, text := range map[string]string{
			"office.yaml":   "office: o\ntitle: 所\nlanguage: zh-Hant\nzone: UTC\nposts: {desk: 櫃檯}\n",
			"texts.en.yaml": "所: Office\n櫃檯: Desk\n借閱: Loan\n" + texts,
			"loan.yaml": "procedure: loan\ntitle: 借閱\nnumber: 'L{n:3}'\nmanager: desk\nstart: {by: desk}\nsteps:\n" +
				strings.Join(steps, ""),
		} {
			if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		return dir
	}
	const last = "  - {step: back, title: 歸還, task: {by: desk}}\n"
	old := version("登記: Register\n歸還: Give back\n", "  - {step: note, title: 登記, task: {by: desk}}\n", last)
	now := version("歸還: Return\n蓋章: Stamp\n", "  - {step: stamp, title: 蓋章, task: {by: desk}}\n",
		"  - {step: shelve, title: 上架, task: {by: desk}}\n", strings.Replace(last, "task:", "within: hours(1), task:", 1))
	for lang, want := range map[string][]string{
		"en": {
			"step note (Register) is gone", "step stamp (Stamp) is new", "step shelve (上架) is new",
			"step back (Return): time limit (within)",
		},
		"zh-Hant": {"「登記」（note）", "「蓋章」（stamp）", "「上架」（shelve）", "「歸還」（back）"},
	} {
		out, err := run(t, &DiffCmd{Old: old, New: now, Lang: lang, Format: "text"}, "")
		if err != nil {
			t.Fatal(err)
		}
		mustHave(t, out, want...)
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
