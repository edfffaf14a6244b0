package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// fiveMistakes is a procedure with a misspelt field, a guard that is not true or false, a way that leads nowhere, a
// step that stands twice and a key that nobody knows.
const fiveMistakes = `procedure: parcel
title: 包裹
start: {by: gate, form: [pieces]}
data: {pieces: {title: 件數, type: count}}
steps:
  - step: weigh
    title: 過磅
    task: {by: gate}
    then: [{when: peices > 3, to: carry}, {when: pieces, to: carry}, {to: cary}]
  - {step: carry, title: 搬運, task: {by: gate}}
  - {step: carry, title: 再搬, task: {by: gate}, colour: red}
`

func TestAllMistakesAreToldAtOnce(t *testing.T) {
	t.Parallel()
	dir := broken(t, "visitor.yaml", "title", "title")
	file := filepath.Join(dir, "parcel.yaml")
	if err := os.WriteFile(file, []byte(fiveMistakes), 0o600); err != nil {
		t.Fatal(err)
	}
	for lang, words := range map[string][2]string{
		"": {"error", "checked 1 file: 5 errors, "}, "zh_TW.UTF-8": {"錯誤", "1 個檔案，5 個錯誤，"},
		"zh_CN.UTF-8": {"错误", "1 个文件，5 个错误，"},
	} {
		var out, log bytes.Buffer
		env := func(key string) string { return map[string]string{"LANG": lang}[key] }
		streams := &Streams{Out: &out, Err: &log, Lang: terminalLanguage(env)}
		if code := execute(t.Context(), []string{"check", file}, streams); code != 1 || log.Len() > 0 {
			t.Errorf("LANG=%s ends with %d: %s", lang, code, log.String())
		}
		for _, want := range []string{
			":9:19: " + words[0] + "[unknown-name]", ":9:50: " + words[0] + "[result]", ":9:75: " + words[0] + "[unknown-place]",
			":11:12: " + words[0] + "[duplicate-step]", ":11:48: " + words[0] + "[unknown-key]",
			"\n 9 |     then: [{when: peices", "\n" + words[1],
		} {
			if !strings.Contains(out.String(), want) {
				t.Errorf("LANG=%s: no %q in\n%s", lang, want, out.String())
			}
		}
	}
}

func TestFindingsAreToldInTheLanguageAskedFor(t *testing.T) {
	t.Parallel()
	dir := broken(t, "visitor.yaml", "to: stand-in}", "to: stand-inn}")
	out, _ := run(t, &CheckCmd{Paths: []string{dir}, Format: "text", Lang: "zh-Hant"}, "")
	mustHave(t, out, "錯誤[unknown-place]：這張清單裡沒有這個步驟或結局「stand-inn」。", "= 詳情：這張清單裡沒有步驟或結局 stand-inn", "= 提示：是不是 stand-in？")
	out, _ = run(t, &CheckCmd{Paths: []string{dir}, Format: "json", Lang: "zh-Hans"}, "")
	mustHave(t, out, `"sentence": "这张清单里没有这个步骤或结局“stand-inn”。"`, `"message": "there is no step`)
	mustHave(t, say("zh-Hant", "checked 1 file: 2 errors, 1 warning\n"), "1 個檔案，2 個錯誤，1 個警告\n")
	mustHave(t, say("zh-Hans", "… and 4 more texts without en (--all shows them)\n"), "……还有 4 段文字没有 en 译文")
	mustHave(t, say("zh-Hant", "2 cases, 1 of them would have gone the same way\n"), "2 個案件，1 個照舊\n")
	mustHave(t, say("zh-Hans", "Chan began it: the new version would refuse it because of “Days” (a check does not hold)"),
		"Chan发起：新版会拒绝，因为“Days”（a check does not hold）")
	out, _ = run(t, &TestCmd{Paths: []string{dir}, Lang: "zh-Hans"}, "")
	mustHave(t, out, "错误[unknown-place]：")
}

func TestTheTerminalsLanguage(t *testing.T) {
	t.Parallel()
	for locale, want := range map[string]string{
		"": "en", "C.UTF-8": "en", "de_DE.UTF-8": "en", "zh_TW.UTF-8": "zh-Hant", "zh_HK": "zh-Hant", "zh": "zh-Hant",
		"zh_CN.UTF-8": "zh-Hans", "zh-Hans": "zh-Hans", "zh_SG": "zh-Hans", "zh_Hant_CN": "zh-Hant",
	} {
		got := terminalLanguage(func(key string) string { return map[string]string{"LANG": "fr", "LC_ALL": locale}[key] })
		if locale == "" {
			got = terminalLanguage(func(string) string { return "" })
		}
		if got != want {
			t.Errorf("%q is %s, want %s", locale, got, want)
		}
	}
}
