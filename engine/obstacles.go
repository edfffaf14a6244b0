package engine

import (
	"maps"

	"github.com/guicheng/guicheng/definitions"
	"github.com/guicheng/guicheng/definitions/report"
	"github.com/guicheng/guicheng/engine/core"
)

// stillSuspended keeps a case that was suspended where it is: its clocks stand.
const stillSuspended core.ObstacleCode = "suspended"

// SayObstacle says why a case cannot be moved from one version to another, in zh-Hant, zh-Hans or en.
func SayObstacle(lang string, from, to *definitions.Procedure, o core.Obstacle) string {
	step, name := "", o.Name
	if o.Step != "" {
		titles := from.TitlesIn(lang)
		maps.Copy(titles, to.TitlesIn(lang))
		step = report.Among(titles, o.Step)
	}
	for _, p := range []*definitions.Procedure{to, from} {
		if f := p.Data.Field(o.Name); f != nil && f.Title != "" {
			name = p.Office.Say(lang, f.Title)
			break
		}
	}
	text := "obstacle." + string(o.Code)
	if step == "" {
		text += ".whole"
		if _, ok := obstaclePhrases[text]; !ok {
			text = "obstacle." + string(o.Code)
		}
	}
	return fill(obstaclePhrases[text].in(lang), "step", step, "name", name)
}

// obstaclePhrases say what keeps a case from being moved to another version.
var obstaclePhrases = map[string]said{
	"obstacle.step-gone": {
		"「{step}」正在辦，新版沒有這一步", "“{step}”正在办，新版没有这一步",
		"“{step}” is open, and the version has no such step",
	},
	"obstacle.step-elsewhere": {
		"「{step}」正在辦，在新版中屬於另一部分", "“{step}”正在办，在新版中属于另一部分",
		"“{step}” is open, and stands in another list of that version",
	},
	"obstacle.step-other": {
		"「{step}」正在辦，在新版中做的是另一種事", "“{step}”正在办，在新版中做的是另一种事",
		"“{step}” is open, and is another kind of work in that version",
	},
	"obstacle.signs-other": {
		"「{step}」正在簽，新版的會簽方式不同", "“{step}”正在签，新版的会签方式不同",
		"“{step}” is being signed, and that version counts signatures in another way",
	},
	"obstacle.answer-gone": {
		"「{step}」已答「{name}」，新版沒有這個答案", "“{step}”已答“{name}”，新版没有这个答案",
		"“{step}” was answered {name}, which is no answer in that version",
	},
	"obstacle.work-other": {
		"「{step}」已經開始，新版換了它的表格、子程序或系統", "“{step}”已经开始，新版换了它的表格、子程序或系统",
		"“{step}” is under way, and that version has it work on another table, procedure or system",
	},
	"obstacle.lock-other": {
		"「{step}」正在辦，新版換了它的互斥鎖", "“{step}”正在办，新版换了它的互斥锁",
		"“{step}” is open, and excludes others than it does in that version",
	},
	"obstacle.race-other": {
		"「{step}」正與別的步驟競先，新版不再如此", "“{step}”正与别的步骤竞先，新版不再如此",
		"“{step}” races with other steps, and does not in that version",
	},
	"obstacle.join-other": {
		"已有分支到了「{step}」，新版的匯合接不住", "已有分支到了“{step}”，新版的汇合接不住",
		"A branch has come to “{step}”, and the join of that version does not take it",
	},
	"obstacle.end-gone": {
		"已到了結局「{name}」，新版沒有這個結局", "已到了结局“{name}”，新版没有这个结局",
		"The end {name} was or could be reached, and the version does not have it there",
	},
	"obstacle.field-gone": {
		"「{name}」已填，新版沒有這個欄位", "“{name}”已填，新版没有这个栏位",
		"“{name}” is filled in, and the version has no such field",
	},
	"obstacle.field-other": {
		"「{name}」已填的值不合新版的欄位", "“{name}”已填的值不合新版的栏位",
		"What “{name}” holds does not fit the field of that version",
	},
	"obstacle.field-missing": {
		"新版從「{step}」起要用「{name}」，而它是空的", "新版从“{step}”起要用“{name}”，而它是空的",
		"From “{step}” on, that version reads “{name}”, which is empty",
	},
	"obstacle.ways-closed": {
		"照已填的內容，新版的「{step}」沒有一條去路成立", "照已填的内容，新版的“{step}”没有一条去路成立",
		"With what is filled in, no way leads out of “{step}” in that version",
	},
	"obstacle.message-other": {
		"有一則訊息「{name}」還沒有人收，新版不收", "有一则消息“{name}”还没有人收，新版不收",
		"A message {name} waits to be taken, and that version does not take it",
	},
	"obstacle.paper-gone": {
		"已出具單據「{name}」，新版沒有這種單據", "已出具单据“{name}”，新版没有这种单据",
		"The paper {name} was issued, and the version does not have it",
	},
	"obstacle.undo-other": {
		"「{step}」已完成而可以補償，新版的補償不同", "“{step}”已完成而可以补偿，新版的补偿不同",
		"“{step}” was done and can be undone, and that version undoes it in another way or not at all",
	},
	"obstacle.undo-under-way": {
		"「{step}」正在補償", "“{step}”正在补偿", "“{step}” is just being undone",
	},
	"obstacle.clocks-stand": {
		"「{step}」退回後未回，時限停著，新版的時限不同", "“{step}”退回后未回，时限停着，新版的时限不同",
		"“{step}” waits for a detour with its clocks standing still, and they are others in that version",
	},
	"obstacle.clock-unfit": {
		"「{step}」在新版中的時限算不出來：{name}", "“{step}”在新版中的时限算不出来：{name}",
		"A clock of “{step}” cannot be computed by that version: {name}",
	},
	"obstacle.clock-unfit.whole": {
		"案件在新版中的時限算不出來：{name}", "案件在新版中的时限算不出来：{name}",
		"A clock of the case cannot be computed by that version: {name}",
	},
	"obstacle.could-be-stuck": {
		"從現在的位置照新版走下去，可能卡在「{step}」", "从现在的位置照新版走下去，可能卡在“{step}”",
		"From where it stands, it could be stuck at “{step}” in that version",
	},
	"obstacle.could-be-stuck.whole": {
		"從現在的位置照新版走下去，可能到不了任何結局", "从现在的位置照新版走下去，可能到不了任何结局",
		"From where it stands, it could fail to come to an end of that version",
	},
	"obstacle.threads-meet": {
		"從現在的位置照新版走下去，兩個分支可能在「{step}」相撞", "从现在的位置照新版走下去，两个分支可能在“{step}”相撞",
		"From where it stands, two branches could meet at “{step}” in that version",
	},
	"obstacle.two-outcomes": {
		"從現在的位置照新版走下去，可能得出兩個結局", "从现在的位置照新版走下去，可能得出两个结局",
		"From where it stands, it could come to two outcomes in that version",
	},
	"obstacle.cannot-be-proved": {
		"從現在的位置照新版走下去，變化太多，無法證明走得完", "从现在的位置照新版走下去，变化太多，无法证明走得完",
		"From where it stands, there are too many ways to go on to prove that it can end in that version",
	},
	"obstacle.suspended": {
		"案件已掛起，要先恢復", "案件已挂起，要先恢复", "The case is suspended; resume it first",
	},
	"obstacle.frozen": {
		"案件因系統錯誤凍結，不能移動", "案件因系统错误冻结，不能移动", "The case is frozen after a fault of the system",
	},
}
