package report_test

import (
	"strings"
	"testing"

	"github.com/guicheng/guicheng/definitions/report"
)

func TestProblemsInOtherLanguages(t *testing.T) {
	t.Parallel()
	found := []report.Problem{
		{Place: report.Place{File: "a.yaml", Line: 1, Column: 4}, Code: "unknown-post",
			Message: "the office has no post gaet", Hint: "did you mean gate?", Width: 4},
		{Place: report.Place{File: "a.yaml", Line: 2, Column: 1}, Code: "unknown-key", Message: "a task has no bye",
			Hint: "it may have by, form", Severity: report.Warning},
		{Place: report.Place{File: "a.yaml", Line: 3, Column: 1}, Code: "of-another-house", Message: "m", Hint: "h"},
	}
	source := func(string) []byte { return []byte("by:gaet\nbye: x\n") }
	want := `a.yaml:1:4: 錯誤[unknown-post]：單位沒有這個崗位「gaet」。
 1 | by:gaet
   |    ^^^^
   = 詳情：單位沒有崗位 gaet
   = 提示：是不是 gate？
a.yaml:2:1: 警告[unknown-key]：這裡不能寫；請看提示。
 2 | bye: x
   | ^
   = 詳情：task 不能寫 bye
   = 提示：可以寫：by、form
a.yaml:3:1: 錯誤[of-another-house]：m
 3 | 
   | ^
   = 提示：h
`
	if got := report.List("zh-Hant", found, source); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	simple := report.In("zh-Hans", found, source)
	if simple[0].Sentence != "单位没有这个岗位“gaet”。" || simple[1].Hint != "可以写：by、form" {
		t.Errorf("in zh-Hans %+v", simple)
	}
	if found[0].Sentence != "" || found[0].Hint != "did you mean gate?" {
		t.Error("what was given in was changed")
	}
	for _, lang := range []string{"en", "", "fr"} {
		got := report.List(lang, found, source)
		if strings.Contains(got, "。") || !strings.Contains(got, "error[unknown-post]: the") {
			t.Errorf("in %q:\n%s", lang, got)
		}
	}
}

// Names in hints and on the way there are marked as those in messages are, and nothing but that is left of their marks.
func TestNamesInHints(t *testing.T) {
	t.Parallel()
	found := []report.Problem{{
		Code: "nobody-may", Message: "nobody is there to do 付款 (pay): nobody holds 司庫 (treasurer)",
		Hint: "appoint somebody to 司庫 (treasurer), or say what happens then: nobody: {post: …}, skip or incident",
		Way:  []string{"chan does 付款 (pay)", "付款 (pay) -> 歸檔 (file)"},
	}}
	for lang, hint := range map[string]string{
		"zh-Hant": "請派一個人擔任「司庫」（treasurer），或寫明那時怎麼辦：nobody: {post: …}、skip 或 incident",
		"zh-Hans": "请派一个人担任“司庫”（treasurer），或写明那时怎么办：nobody: {post: …}、skip 或 incident",
	} {
		said := report.In(lang, found, nil)[0]
		if said.Hint != hint {
			t.Errorf("in %s: %q", lang, said.Hint)
		}
		for _, text := range append(said.Way, said.Detail) {
			if strings.ContainsAny(text, "\x00\x01") {
				t.Errorf("in %s: %q", lang, text)
			}
		}
	}
}

// What stands under the caret is named only where it is known and short, and never steers a terminal.
func TestSentencesNameWhatIsUnderTheCaret(t *testing.T) {
	t.Parallel()
	text := strings.Repeat("長", 90) + "\r\n\x1b[31m\n"
	tests := []struct {
		line, column, width int
		want                string
	}{
		{1, 1, 2, "單位沒有這個崗位「長長」。"},
		{1, 1, 41, "單位沒有這個崗位。"},
		{1, 90, 2, "單位沒有這個崗位。"},
		{1, 0, 1, "單位沒有這個崗位。"},
		{1, 1, 0, "單位沒有這個崗位。"},
		{2, 1, 5, "單位沒有這個崗位「\ufffd[31m」。"},
		{9, 1, 1, "單位沒有這個崗位。"},
	}
	for _, tt := range tests {
		p := report.Problem{Code: "unknown-post", Width: tt.width}
		p.Line, p.Column = tt.line, tt.column
		got := report.In("zh-Hant", []report.Problem{p}, func(string) []byte { return []byte(text) })[0].Sentence
		if got != tt.want {
			t.Errorf("%+v: %q", tt, got)
		}
	}
	without := report.In("zh-Hant", []report.Problem{{Code: "unknown-post", Width: 3}}, nil)
	if without[0].Sentence != "單位沒有這個崗位。" {
		t.Errorf("without the source: %q", without[0].Sentence)
	}
}

func TestLanguagesAreKnownByAnyTag(t *testing.T) {
	t.Parallel()
	for tag, want := range map[string]string{
		"zh-Hant": "zh-Hant", "zh-TW": "zh-Hant", "zh_HK.UTF-8": "zh-Hant", "zh-Hant-CN": "zh-Hant", "zh": "zh-Hant",
		"zh-MO": "zh-Hant", "zh-Hans": "zh-Hans", "zh_CN.GB18030": "zh-Hans", "ZH-hans-HK": "zh-Hans", "zh-SG": "zh-Hans",
		"zh_TW@radical": "zh-Hant", "en-US": "en", "en": "en", "C.UTF-8": "", "": "", "de": "", "zhuang": "", "english": "",
	} {
		if got := report.Language(tag); got != want {
			t.Errorf("%q is %q, want %q", tag, got, want)
		}
	}
}
