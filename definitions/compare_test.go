package definitions

import (
	"strings"
	"testing"
)

const compared = `procedure: leave
title: 請假
data:
  days: {title: 天數, type: count}
  why: {title: 事由, type: text}
start: {by: clerk, form: [days, why]}
ends: {granted: 准, refused: 不准}
steps:
  - {step: ask, title: 申請, task: {by: clerk}}
  - {step: judge, title: 審批, task: {by: [boss, chief], answers: {yea: 准, nay: 不准}}, then: {yea: note, nay: refused}}
  - step: note
    title: 記錄
    steps:
      - {step: file, title: 歸檔, task: {by: clerk}}
      - {step: tell, title: 通知, task: {by: clerk}}
  - {step: last, title: 結案, task: {by: clerk}, then: granted}
`

func TestCompare(t *testing.T) {
	t.Parallel()
	const file = "      - {step: file, title: 歸檔, task: {by: clerk}}\n"
	const tell = "      - {step: tell, title: 通知, task: {by: clerk}}\n"
	for _, c := range []struct {
		name     string
		old, new string // what is replaced in the procedure
		want     string
	}{
		{"nothing", "", "", ""},
		{"layout, comments and lists of one entry", "{by: clerk, form: [days, why]}",
			"\n  - form: [days, why] # both\n    by: [clerk]", ""},
		{"a title", "天數", "日數", "field days (日數): title was 天數, and is 日數"},
		{"who does it", "by: [boss, chief]", "by: [boss, board]",
			"step judge (審批): who does it (task.by) was chief, and is board"},
		{"one more who does it", "by: [boss, chief]", "by: [boss, chief, board]",
			"step judge (審批): who does it (task.by) gets board"},
		{"a limit", "task: {by: clerk}, then: granted",
			"task: {by: clerk}, timeouts: {after: 3d, remind: boss}, then: granted",
			"step last (結案): what happens in time (timeouts) gets {after: 3d, remind: boss}"},
		{"a way", "nay: refused", "nay: ask", "step judge (審批): where it goes on (then.nay) was refused, and is ask"},
		{"a step goes", "      - {step: tell, title: 通知, task: {by: clerk}}\n", "", "step tell (通知) is gone"},
		{"a step comes", "  - {step: last", "  - {step: more, title: 又, task: {by: clerk}}\n  - {step: last",
			"step more (又) is new"},
		{"a step comes out of a block", "      - {step: tell, title: 通知, task: {by: clerk}}\n",
			"  - {step: tell, title: 通知, task: {by: clerk}}\n",
			"step tell (通知) has moved from inside note to the main list"},
		{"steps change places", file + tell, tell + file,
			"step file (歸檔) stands elsewhere in the list"},
		{"an end", ", refused: 不准}", ", refused: 不准, gone: 撤回}", "end gone (撤回) is new"},
		{"a field goes", "  why: {title: 事由, type: text}\n", "", "field why (事由) is gone"},
		{"the start", "form: [days, why]", "form: [days]", "what is asked for (start.form) loses why"},
		{"a key of the file", "title: 請假\n", "title: 請假\nmanager: boss\n", "who answers for it (manager) gets boss"},
		{"the title of the file", "title: 請假\n", "title: 休假\n", "title was 請假, and is 休假"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if !strings.Contains(compared, c.old) {
				t.Fatalf("the procedure has no %q", c.old)
			}
			after := strings.Replace(compared, c.old, c.new, 1)
			changes, problems := Compare([]File{{"a.yaml", []byte(compared)}}, []File{{"b.yaml", []byte(after)}})
			var got []string
			for _, x := range changes {
				got = append(got, x.Say("en"))
				if x.Say("zh-Hant") == x.Say("en") || strings.ContainsAny(x.Say("zh-Hans"), "「{") && x.Thing != "steps" {
					t.Errorf("not in Chinese: %s, %s", x.Say("zh-Hant"), x.Say("zh-Hans"))
				}
				if x.Before.Line == 0 && x.After.Line == 0 {
					t.Errorf("%s has no place", x.Say("en"))
				}
			}
			if s := strings.Join(got, "\n"); s != c.want || len(problems) > 0 {
				t.Errorf("got\n%s\nwant\n%s\n%v", s, c.want, problems)
			}
		})
	}
}

func TestCompareFiles(t *testing.T) {
	t.Parallel()
	office := func(posts string) File {
		return File{"office.yaml", []byte("office: o\ntitle: O\nlanguage: en\nzone: UTC\nposts: " + posts + "\n")}
	}
	procedure := File{"p.yaml", []byte(compared)}
	changes, problems := Compare([]File{office("{a: A}"), procedure}, []File{office("{a: A, b: B}")})
	if len(problems) > 0 || len(changes) != 2 {
		t.Fatalf("%v, %v", changes, problems)
	}
	if got := changes[0]; got.In != "office.yaml" || got.Say("en") != "post b (B) is new" {
		t.Errorf("of the office: %s: %s", got.In, got.Say("en"))
	}
	if got := changes[1]; got.In != "leave" || got.Kind != Removed || got.Say("zh-Hant") != "刪去程序「請假」（leave）" {
		t.Errorf("of the procedure: %s: %s", got.In, got.Say("zh-Hant"))
	}
	if _, problems = Compare([]File{{"p.yaml", []byte("a: [")}}, nil); len(problems) == 0 {
		t.Error("a file that is not YAML is compared")
	}
}

// Lists of any length are aligned, and what was paired is the same.
func TestAlignment(t *testing.T) {
	t.Parallel()
	equal := func(x, y int) bool { return x == y }
	long, other := make([]int, 5000), make([]int, 5000)
	for i := range long {
		long[i], other[i] = i, -i-1
	}
	for _, c := range []struct {
		x, y []int
		want int // pairs of equal entries
	}{
		{nil, nil, 0}, {[]int{1}, nil, 0}, {[]int{1, 2, 3, 4}, []int{2, 4, 5}, 2}, {[]int{1, 2, 3}, []int{3, 1, 2}, 2},
		{long, long, 5000}, {long, other, 0},
	} {
		pairs, x, y, same := alignment(c.x, c.y, equal), 0, 0, 0
		for _, p := range pairs {
			if p[0] >= 0 {
				if p[0] != x {
					t.Fatalf("entry %d stands at the place of %d", p[0], x)
				}
				x++
			}
			if p[1] >= 0 {
				if p[1] != y {
					t.Fatalf("entry %d stands at the place of %d", p[1], y)
				}
				y++
			}
			if p[0] >= 0 && p[1] >= 0 && c.x[p[0]] == c.y[p[1]] {
				same++
			}
		}
		if x != len(c.x) || y != len(c.y) || same != c.want {
			t.Errorf("%d of %d and %d of %d entries are paired, %d as equals, want %d", x, len(c.x), y, len(c.y), same, c.want)
		}
	}
}
