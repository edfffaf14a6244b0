package sim_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/guicheng/guicheng/definitions"
	"github.com/guicheng/guicheng/definitions/offices"
	"github.com/guicheng/guicheng/definitions/report"
	"github.com/guicheng/guicheng/engine/sim"
)

// moon is an office that works as sunshine does, but for its posts, some titles and limits, one step less and one more.
var moon = map[string]string{
	"office.yaml": `office: moon
title: 月光苑管理處
language: zh-Hant
languages: [zh-Hant]
zone: Asia/Shanghai
currency: CNY
posts:
  {front-desk: 前台, supervisor: 副經理, property-manager: 經理, m-and-e: 工程部, environment: 清潔部, security: 保安部}
calendars: {duty: {hours: {mon-sun: '08:00-20:00'}}}
types: {unit-no: {type: text, pattern: '[0-9]{1,2}-[0-9]{3}', hint: 例如 3-502}}
`,
	"complaint.yaml": `procedure: complaint
extends: sunshine/complaint@1
title: 住戶意見處理
manager: property-manager
settings: {plan_in: {value: 4h}}
drops: [steps.follow, data.repair.seen]
data: {score: {title: 住戶評分, type: count, min: 1, max: 5}}
steps:
  - {step: plan, title: 副經理擬方案}
  - {step: coordinate, task: {by: property-manager}}
  - {step: answer, then: rate, task: {show: [resident, matter.what, coordination, repair.result]}}
  - {step: rate, title: 請住戶評分, after: answer, task: {by: front-desk, form: [score]}, then: settled}
  - step: scheduled
    then: [{when: matter.in_home, to: visit}, {when: '!matter.in_home', to: repair}]
`,
	"home-visit.yaml": "procedure: home-visit\nextends: sunshine/home-visit@1\nsettings: {ring_wait: {value: 5m}}\n",
	"complaint.scenarios.yaml": `scenarios: complaint
begin: '2026-11-02 09:00'
staff: {chan: front-desk, lam: supervisor, ho: property-manager}
samples: {call: {matter: {channel: call, what: 噪音}}}
plays:
  - play: 由經理協商，最後評分
    acts:
      - {who: chan, starts: complaint, refused: pattern, fill: [call, {resident.unit_no: A12}]}
      - {who: chan, starts: complaint, fill: [call, {resident.unit_no: 3-502}]}
      - {who: chan, does: repeat-back, answer: confirmed, fill: {resident: {unit_no: 3-502}, matter.what: 噪音}}
      - {who: chan, does: classify, fill: {matter: {channel: call, what: 噪音, handled_by: outside, demands_time: false}}}
      - {who: lam, does: coordinate, fill: {coordination.what: 已勸止}, refused: not-a-candidate}
      - {who: ho, does: coordinate, fill: {coordination.what: 已勸止}}
      - {who: chan, does: answer, fill: {reply: 已勸止}}
      - {who: chan, does: rate, fill: {score: 6}, refused: max}
      - {who: chan, does: rate, fill: {score: 4}}
      - {expect: {ended: settled}}
`,
}

// An office takes over a shipped procedure; when that has a new version, it is told what changes for it, and nothing of
// what it says otherwise.
func TestAnOfficeTakesOverAShippedProcedure(t *testing.T) {
	t.Parallel()
	read := func(name string) []byte {
		text, err := offices.FS.ReadFile("sunshine/" + name)
		if err != nil {
			t.Fatal(err)
		}
		return text
	}
	complaint := read("complaint.yaml")
	files := []definitions.File{{Name: "sunshine.base.yaml",
		Text: bytes.Join([][]byte{complaint, read("home-visit.yaml")}, []byte("---\n"))}}
	for name, text := range moon { // any order: the compiler sorts them
		files = append(files, definitions.File{Name: name, Text: []byte(text)})
	}
	b, problems := definitions.Compile(files)
	if len(problems) > 0 {
		t.Fatalf("%v", problems)
	}
	for _, s := range b.Scenarios {
		for _, r := range sim.Run(b, s, nil).Results {
			if r.Failure != nil {
				t.Errorf("%s: %v\n%s", r.Play.Title, r.Failure, strings.Join(r.Trace, "\n"))
			}
		}
	}
	theirs := func(text []byte) []definitions.File { return []definitions.File{{Name: "complaint.yaml", Text: text}} }
	if got := definitions.BaseChanges(files, "sunshine", theirs(complaint)); len(got) != 0 {
		t.Errorf("nothing has changed: %v", got)
	}
	for old, now := range map[string]string{
		"value: 2h": "value: 1h", "value: 30m": "value: 20m", "title: 答復業戶\n": "title: 回覆業戶\n",
	} {
		if !bytes.Contains(complaint, []byte(old)) {
			t.Fatalf("the shipped procedure has no %q", old)
		}
		complaint = bytes.Replace(complaint, []byte(old), []byte(now), 1)
	}
	got := report.In("zh-Hant", definitions.BaseChanges(files, "sunshine", theirs(complaint)), nil)
	if len(got) != 1 || strings.Join(got[0].Way, "\n") != "設定「致電業戶時限」（reply_in）：值（value）由 30m 改為 20m\n"+
		"步驟「回覆業戶」（answer）：標題（title）由 答復業戶 改為 回覆業戶" {
		t.Errorf("what changes: %+v", got)
	}
}
