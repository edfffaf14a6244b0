package year

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/guicheng/guicheng/definitions/report"
)

// words are what a report says, in zh-Hant, zh-Hans and en.
var words = map[string][3]string{
	"head": {"{office}：{from} 起 {days} 天，種子 {seed}", "{office}：{from} 起 {days} 天，种子 {seed}",
		"{office}: {days} days from {from}, seed {seed}"},
	"cases":     {"案件", "案件", "Cases"},
	"procedure": {"程序", "程序", "procedure"},
	"begun":     {"開始", "开始", "begun"},
	"running":   {"未完", "未完", "running"},
	"median":    {"歷時中位", "历时中位", "median time"},
	"longest":   {"最長", "最长", "longest"},
	"outcomes":  {"結果", "结果", "outcomes"},
	"steps":     {"步驟（工作時間；等得最久的在前）", "步骤（工作时间；等得最久的在前）", "Steps (working time; those that waited most first)"},
	"step":      {"步驟", "步骤", "step"},
	"posts":     {"崗位", "岗位", "posts"},
	"done":      {"辦了", "办了", "done"},
	"mistakes":  {"填錯", "填错", "mistakes"},
	"lost":      {"撤走", "撤走", "taken away"},
	"wait":      {"等候中位", "等候中位", "median wait"},
	"waits":     {"等候共計", "等候共计", "wait in all"},
	"work":      {"工作共計", "工作共计", "work in all"},
	"late":      {"逾時", "逾时", "late"},
	"load":      {"負荷", "负荷", "load"},
	"holders":   {"人數", "人数", "holders"},
	"bottleneck": {"瓶頸：{procedure}「{step}」（{posts}），等候共 {wait}。", "瓶颈：{procedure}“{step}”（{posts}），等候共 {wait}。",
		"Bottleneck: {procedure}, “{step}” ({posts}): {wait} of waiting in all."},
	"free":    {"沒有瓶頸：沒有一項任務等過。", "没有瓶颈：没有一项任务等过。", "No bottleneck: no task ever waited."},
	"refused": {"演不出來的（演練裡沒有合用的填法）", "演不出来的（演练里没有合用的填法）", "Not played (no play shows what to fill in)"},
	"start":   {"啟動", "启动", "the start"},
	"named":   {"指名之人", "指名的人", "whoever is named"},
	"and":     {"、", "、", ", "},
}

// statuses of cases that did not reach an end.
var statuses = map[string][3]string{
	"done":      {"完成", "完成", "done"},
	"cancelled": {"取消", "取消", "cancelled"}, "revoked": {"撤銷", "撤销", "revoked"}, "frozen": {"凍結", "冻结", "frozen"},
}

// Text is the report as people read it, in zh-Hant, zh-Hans or en (any other language).
func (r *Report) Text(lang string) string {
	p := &printer{r: r, lang: lang}
	p.line(p.fill("head", "office", p.say(r.Office), "from", r.From.In(r.bundle.Office.Zone).Format(time.DateOnly), "days",
		strconv.Itoa(r.Days), "seed", strconv.FormatUint(r.Seed, 10)))
	p.cases()
	p.steps()
	p.posts()
	p.refused()
	p.line("")
	if b := r.Bottleneck(); b != nil {
		p.line(p.fill("bottleneck", "procedure", p.procedure(b.Procedure), "step", p.say(b.Title), "posts",
			p.titles(b.Posts), "wait", span(b.Wait)))
	} else {
		p.line(p.word("free"))
	}
	return p.out.String()
}

type printer struct {
	r    *Report
	lang string
	out  strings.Builder
}

func (p *printer) word(key string) string { return in(p.lang, words[key]) }

func in(lang string, of [3]string) string {
	switch lang {
	case "zh-Hant":
		return of[0]
	case "zh-Hans":
		return of[1]
	}
	return of[2]
}

// say translates a title of the office.
func (p *printer) say(title string) string { return p.r.bundle.Office.Say(p.lang, title) }

func (p *printer) procedure(id string) string {
	if proc := p.r.bundle.Procedure(id); proc != nil {
		return p.say(proc.Title)
	}
	return id
}

func (p *printer) titles(posts []string) string {
	var out []string
	for _, id := range posts {
		for _, post := range p.r.bundle.Office.Posts {
			if post.ID == id {
				out = append(out, p.say(post.Title))
			}
		}
	}
	if len(out) == 0 {
		return p.word("named")
	}
	return strings.Join(out, p.word("and"))
}

func (p *printer) fill(key string, pairs ...string) string {
	for i := range pairs {
		if i%2 == 0 {
			pairs[i] = "{" + pairs[i] + "}"
		}
	}
	return strings.NewReplacer(pairs...).Replace(p.word(key))
}

func (p *printer) line(text string) { p.out.WriteString(text + "\n") }

func (p *printer) cases() {
	t := [][]string{p.words("procedure", "begun", "running", "median", "longest", "outcomes")}
	for _, x := range p.r.Procedures {
		var ends []string
		for _, o := range x.Outcomes {
			title := p.say(o.Title)
			if s, ok := statuses[o.ID]; ok && o.Title == o.ID {
				title = in(p.lang, s)
			}
			ends = append(ends, fmt.Sprintf("%s %d", title, o.Cases))
		}
		t = append(t, []string{p.say(x.Title), strconv.Itoa(x.Begun), strconv.Itoa(x.Running), span(x.Median),
			span(x.Longest), strings.Join(ends, p.word("and"))})
	}
	p.table("cases", t)
}

func (p *printer) steps() {
	t := [][]string{p.words("procedure", "step", "posts", "done", "mistakes", "lost", "wait", "waits", "work", "late")}
	for _, x := range p.r.Steps {
		late := "-"
		if x.Clocked {
			late = percent(x.LateShare())
		}
		t = append(t, []string{p.procedure(x.Procedure), p.say(x.Title), p.titles(x.Posts), strconv.Itoa(x.Done),
			strconv.Itoa(x.Mistakes), strconv.Itoa(x.Lost), span(x.Median), span(x.Wait), span(x.Work), late})
	}
	p.table("steps", t)
}

func (p *printer) posts() {
	t := [][]string{p.words("posts", "holders", "work", "load")}
	for _, x := range p.r.Posts {
		t = append(t, []string{p.say(x.Title), strconv.Itoa(x.Holders), span(x.Worked), percent(x.Load)})
	}
	p.table("posts", t)
}

func (p *printer) refused() {
	if len(p.r.Refused) == 0 {
		return
	}
	t := [][]string{}
	for _, x := range p.r.Refused {
		step := x.Step
		if step == "" {
			step = p.word("start")
		}
		t = append(t, []string{p.procedure(x.Procedure), step, x.Code, x.Field, strconv.Itoa(x.Times)})
	}
	p.table("refused", t)
}

func (p *printer) words(keys ...string) []string {
	out := make([]string, len(keys))
	for i, key := range keys {
		out[i] = p.word(key)
	}
	return out
}

func (p *printer) table(title string, t [][]string) {
	p.line("")
	p.line(p.word(title))
	p.out.WriteString(report.Table("  ", t))
}

func percent(x float64) string { return strconv.FormatFloat(100*x, 'f', 0, 64) + " %" }

// span writes a time as 3d 4h, 5h 30m, 12m or 40s.
func span(d time.Duration) string {
	if d < time.Minute {
		return strconv.Itoa(int(d.Seconds())) + "s"
	}
	minutes := int(d.Round(time.Minute).Minutes())
	days, hours := minutes/(24*60), minutes/60
	switch {
	case hours == 0:
		return strconv.Itoa(minutes) + "m"
	case hours < 48:
		return fmt.Sprintf("%dh %02dm", hours, minutes%60)
	case days < 100:
		return strconv.Itoa(hours) + "h"
	}
	return strconv.Itoa(hours) + "h"
}
