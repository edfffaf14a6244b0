package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/guicheng/guicheng/internal/golden"
)

// told runs a command line that cannot go well, and gives what the error output says.
func told(t *testing.T, args ...string) string {
	t.Helper()
	var out, wrong bytes.Buffer
	if code := execute(t.Context(), args, &Streams{In: strings.NewReader(""), Out: &out, Err: &wrong}); code == 0 {
		t.Errorf("%q ends well:\n%s", args, out.String())
	}
	return wrong.String()
}

// TestWhatIsWrongIsSaidInTheLanguageAskedFor: and in no words of the system or of a library. Of each command line the
// file has what is said in each language.
func TestWhatIsWrongIsSaidInTheLanguageAskedFor(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "broken"), []byte(`{"cases": 7}`), 0o600); err != nil {
		t.Fatal(err)
	}
	names := strings.NewReplacer("DIR", dir, "SUNSHINE", sunshine)
	file := filepath.Join("testdata", "wrong.txt")
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for block := range strings.SplitSeq(strings.TrimSpace(string(want)), "\n\n") {
		line, _, _ := strings.Cut(block, "\n")
		got = append(got, line)
		for _, lang := range []string{"en-US", "zh-TW", "zh_CN"} {
			said := told(t, append(strings.Fields(names.Replace(line)), "--lang", lang)...)
			said = strings.ReplaceAll(strings.ReplaceAll(said, dir, "DIR"), sunshine, "SUNSHINE")
			said, _, _ = strings.Cut(strings.TrimPrefix(said, "guicheng: "), "\n")
			got[len(got)-1] += "\n" + said
		}
	}
	text := strings.Join(got, "\n\n") + "\n"
	golden.Check(t, file, text)
}

func TestNoOtherLanguageIsAskedFor(t *testing.T) {
	mustHave(t, told(t, "migrate", "a"), "\ntry: guicheng migrate --help\n")
	mustHave(t, told(t, "check", "x", "--lang", "de"), "--lang: “de” is no language of Guicheng: zh-Hant, zh-Hans or en\n")
	mustHave(t, told(t, "check", "--lang=zh-MO", "nowhere"), "沒有 nowhere")
	t.Setenv("GUICHENG_KEEP_ANSWERS", "many")
	mustHave(t, told(t, "serve"), "GUICHENG_KEEP_ANSWERS: \"many\" is no whole number\n")
}

func TestHelpIsInTheLanguage(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	if code := execute(t.Context(), nil, &Streams{Out: &out, Err: &out, Lang: "zh-Hant"}); code != 0 {
		t.Errorf("exit %d", code)
	}
	mustHave(t, out.String(), "用法：guicheng <指令> [選項]\n", "\n選項：\n", "\n指令：\n", "\n某個指令怎麼用：guicheng <command> --help。\n")
	if strings.Contains(out.String(), "Usage") || strings.Contains(out.String(), "Run ") {
		t.Errorf("kong's own words:\n%s", out.String())
	}
}
