package main

import (
	"encoding/json"
	"os"
	"strings"
	"testing"

	"github.com/guicheng/guicheng/definitions"
	"github.com/guicheng/guicheng/definitions/value"
	"github.com/guicheng/guicheng/engine/core"
	"github.com/guicheng/guicheng/engine/sim/year"
)

func TestSimulate(t *testing.T) {
	t.Parallel()
	shipped := &SimulateCmd{Office: "sunshine", Days: 14, Seed: 3, Format: "text", Lang: "zh-Hant"}
	out, err := run(t, shipped, "")
	if err != nil {
		t.Fatal(err)
	}
	mustHave(t, out, "陽光嘉園管理處：2026-01-01 起 14 天，種子 3", "來訪人士接待", "大門崗保安員")
	for lang, want := range map[string][]string{
		"zh-Hant": {"\n案件\n", "來訪人士接待", "負荷", "瓶頸："},
		"zh-Hans": {"\n案件\n", "来访人士接待", "负荷", "瓶颈："},
		"en":      {"\nCases\n", "Load", "Bottleneck: "},
	} {
		shipped.Lang = lang
		if out, err = run(t, shipped, ""); err != nil {
			t.Fatal(err)
		}
		mustHave(t, out, want...)
	}
	out, err = run(t, &SimulateCmd{Paths: []string{sunshine}, Days: 14, Seed: 3, Format: "json"}, "")
	var r year.Report
	if err != nil || json.Unmarshal([]byte(out), &r) != nil || r.Days != 14 || len(r.Steps) == 0 || len(r.Posts) == 0 {
		t.Errorf("%v: %s", err, out)
	}
}

// TestWhatIsNotPlayedIsSaidInWords: by titles, and with the words of a server for its refusal.
func TestWhatIsNotPlayedIsSaidInWords(t *testing.T) {
	t.Parallel()
	files, err := definitions.ReadDir(os.DirFS(sunshine), ".")
	if err != nil {
		t.Fatal(err)
	}
	b, _ := definitions.Compile(files)
	why := &core.Rejection{Code: core.Invalid, Fields: []value.Fault{{Path: "time_in", Code: "required"}}}
	r := &year.Report{Days: 1, Refused: []year.RefusedLine{
		{Procedure: "visitor", Step: "admit", Code: "required", Field: "time_in", Times: 3, Why: why},
		{Procedure: "visitor", Code: string(core.NotAllowed), Times: 1, Why: &core.Rejection{Code: core.NotAllowed}},
	}}
	for lang, want := range map[string][]string{
		"zh-Hant": {"演不出來的", "為何拒絕", "進入時間", "必填。", "啟動"},
		"zh-Hans": {"演不出来的", "为何拒绝", "进入时间", "必填。", "启动"},
		"en":      {"Not played", "Refusal", "Is required.", "the start"},
	} {
		text := yearText(r, b, lang)
		if mustHave(t, text, want...); strings.Contains(text, "time_in") || strings.Contains(text, "not-allowed") {
			t.Errorf("%s: ids and codes in the place of words:\n%s", lang, text)
		}
	}
}

func TestSimulateWhatCannotBePlayed(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]*SimulateCmd{
		"no office":      {Days: 1},
		"two offices":    {Office: "sunshine", Paths: []string{sunshine}, Days: 1},
		"an unknown one": {Office: "moonshine", Days: 1},
		"no days":        {Office: "sunshine"},
		"ages":           {Office: "sunshine", Days: 100_000},
		"wrong":          {Paths: []string{broken(t, "visitor.yaml", "value: 3m", "value: soon")}, Days: 1},
	} {
		if out, err := run(t, c, ""); err == nil {
			t.Errorf("%s is played:\n%s", name, out)
		}
	}
}
