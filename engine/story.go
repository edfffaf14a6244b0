package engine

import (
	"strings"
)

// The languages of the engine's own sentences. Titles come from the office's files.
const (
	langTraditional = "zh-Hant"
	langSimplified  = "zh-Hans"
	langEnglish     = "en"
)

// said is one phrase in the three languages.
type said struct{ hant, hans, en string }

// phrase gives a phrase in a language; languages that the engine does not speak are answered in Traditional Chinese.
// A phrase that does not exist is its own name.
func phrase(lang, name string) string {
	p, ok := phrases[name]
	if !ok {
		return name
	}
	switch lang {
	case langEnglish:
		return p.en
	case langSimplified:
		return p.hans
	}
	return p.hant
}

// fill puts values into a phrase's {names}.
func fill(text string, pairs ...string) string {
	for i := 0; i+1 < len(pairs); i += 2 {
		text = strings.ReplaceAll(text, "{"+pairs[i]+"}", pairs[i+1])
	}
	return text
}

// phrases are all sentences of a case's history, by kind of event and what it says, and the words of values.
//
//nolint:gochecknoglobals // a table that nothing writes
var phrases = map[string]said{
	"case-started": {
		"{who}發起{procedure}，編號{number}",
		"{who}发起{procedure}，编号{number}",
		"{who} started {procedure}, number {number}",
	},
	"case-started.self": {
		"{procedure}開始，編號{number}",
		"{procedure}开始，编号{number}",
		"{procedure} began, number {number}",
	},
	"data-set": {
		"填寫：{fields}",
		"填写：{fields}",
		"Filled in: {fields}",
	},
	"emptied": {
		"{field}清空",
		"{field}清空",
		"{field} emptied",
	},
	"frame-opened": {
		"{step}開始執行",
		"{step}开始执行",
		"{step} began its run",
	},
	"frame-opened.row": {
		"{step}第{row}項開始",
		"{step}第{row}项开始",
		"{step}, row {row}, began",
	},
	"frame-closed": {
		"內部步驟結束",
		"内部步骤结束",
		"The run inside ended",
	},
	"opened": {
		"{step}開始",
		"{step}开始",
		"{step} began",
	},
	"opened.again": {
		"{step}第{n}次開始",
		"{step}第{n}次开始",
		"{step} began for the {n}. time",
	},
	"moved.ready": {
		"{step}準備就緒",
		"{step}准备就绪",
		"{step} is ready",
	},
	"moved.open": {
		"{step}進行中",
		"{step}进行中",
		"{step} is under way",
	},
	"moved.leaving": {
		"{step}已有結果",
		"{step}已有结果",
		"{step} has a result",
	},
	"moved.trailing": {
		"{step}已放行，其餘仍在進行",
		"{step}已放行，其余仍在进行",
		"{step} passed on; the rest of it goes on",
	},
	"moved.failed": {
		"{step}受阻",
		"{step}受阻",
		"{step} is stuck",
	},
	"moved.done": {
		"{step}完成",
		"{step}完成",
		"{step} is done",
	},
	"moved.withdrawn": {
		"{step}撤回（{why}）",
		"{step}撤回（{why}）",
		"{step} was withdrawn ({why})",
	},
	"why.interrupted": {
		"被中斷",
		"被中断",
		"interrupted",
	},
	"why.cancelled": {
		"已取消",
		"已取消",
		"cancelled",
	},
	"why.ended": {
		"流程已結束",
		"流程已结束",
		"the procedure ended",
	},
	"why.stopped": {
		"已停止",
		"已停止",
		"stopped",
	},
	"why.retry": {
		"重試",
		"重试",
		"tried again",
	},
	"passed": {
		"到達{to}，等候其他分支",
		"到达{to}，等候其他分支",
		"Arrived at {to}, waiting for other branches",
	},
	"joined": {
		"{to}的各分支已會合",
		"{to}的各分支已会合",
		"The branches of {to} came together",
	},
	"dropped": {
		"分支已併入，不再等候",
		"分支已并入，不再等候",
		"A branch was absorbed",
	},
	"round-changed": {
		"{to}會合計數更新",
		"{to}会合计数更新",
		"The count at {to} changed",
	},
	"offered": {
		"{step}交由{people}辦理",
		"{step}交由{people}办理",
		"{step} was offered to {people}",
	},
	"offered.later": {
		"{step}稍後交由{people}辦理",
		"{step}稍后交由{people}办理",
		"{step} will be offered to {people} in turn",
	},
	"offered.turn": {
		"{step}輪到{people}辦理",
		"{step}轮到{people}办理",
		"{step}: it is the turn of {people}",
	},
	"offered.escalated": {
		"{step}升級至{people}",
		"{step}升级至{people}",
		"{step} was escalated to {people}",
	},
	"offered.reassigned": {
		"{step}改派{people}",
		"{step}改派{people}",
		"{step} was reassigned to {people}",
	},
	"claimed": {
		"{who}認領{step}",
		"{who}认领{step}",
		"{who} claimed {step}",
	},
	"claimed.draft": {
		"{who}開始辦理{step}並暫存",
		"{who}开始办理{step}并暂存",
		"{who} began {step} and saved a draft",
	},
	"released": {
		"{who}退回{step}的認領",
		"{who}退回{step}的认领",
		"{who} released {step}",
	},
	"answered": {
		"{who}完成{step}",
		"{who}完成{step}",
		"{who} completed {step}",
	},
	"answered.with": {
		"{who}完成{step}：{answer}",
		"{who}完成{step}：{answer}",
		"{who} completed {step}: {answer}",
	},
	"spread": {
		"{step}共{n}項",
		"{step}共{n}项",
		"{step} runs over {n} rows",
	},
	"row-ended": {
		"{step}其中一項結束",
		"{step}其中一项结束",
		"A row of {step} ended",
	},
	"subscribed": {
		"{step}等候消息{message}",
		"{step}等候消息{message}",
		"{step} waits for {message}",
	},
	"resulted": {
		"{step}得出結果",
		"{step}得出结果",
		"{step} has its result",
	},
	"resulted.with": {
		"{step}結果：{answer}",
		"{step}结果：{answer}",
		"{step} came to: {answer}",
	},
	"chosen": {
		"{step}之後轉往{to}",
		"{step}之后转往{to}",
		"After {step}: {to}",
	},
	"chosen.none": {
		"{step}之後無後續",
		"{step}之后无后续",
		"Nothing follows {step}",
	},
	"judged": {
		"條件成立：{guard}",
		"条件成立：{guard}",
		"The condition holds: {guard}",
	},
	"end-reached": {
		"到達終點：{end}",
		"到达终点：{end}",
		"Reached the end: {end}",
	},
	"timer-set": {
		"{step}設定時限{at}",
		"{step}设定时限{at}",
		"{step} has a timer at {at}",
	},
	"timer-cleared": {
		"{step}的時限解除",
		"{step}的时限解除",
		"A timer of {step} was cleared",
	},
	"timer-cleared.due": {
		"{step}的時限已到",
		"{step}的时限已到",
		"A timer of {step} fell due",
	},
	"received": {
		"收到消息{message}",
		"收到消息{message}",
		"{message} was received",
	},
	"received.by": {
		"{who}發出消息{message}",
		"{who}发出消息{message}",
		"{who} sent {message}",
	},
	"received.kept": {
		"收到消息{message}，暫存待用",
		"收到消息{message}，暂存待用",
		"{message} was received and kept",
	},
	"received.dropped": {
		"消息{message}無人等候，未採用",
		"消息{message}无人等候，未采用",
		"Nobody waited for {message}: dropped",
	},
	"kept": {
		"消息{message}暫存至{at}",
		"消息{message}暂存至{at}",
		"{message} is kept until {at}",
	},
	"unkept": {
		"取出暫存消息{message}",
		"取出暂存消息{message}",
		"{message} was taken out again",
	},
	"once": {
		"此事件只發生一次，已記錄",
		"此事件只发生一次，已记录",
		"An event that happens once was noted",
	},
	"called": {
		"{step}啟動{procedure}",
		"{step}启动{procedure}",
		"{step} started {procedure}",
	},
	"reminded": {
		"已提醒{people}辦理{step}",
		"已提醒{people}办理{step}",
		"{people} was reminded of {step}",
	},
	"reminded.escalated": {
		"{step}已上報{people}",
		"{step}已上报{people}",
		"{step} was reported to {people}",
	},
	"issued": {
		"發出{document}，編號{number}",
		"发出{document}，编号{number}",
		"{document} was issued, number {number}",
	},
	"issued.again": {
		"重發{document}，編號{number}，第{edition}版",
		"重发{document}，编号{number}，第{edition}版",
		"{document} was issued again, number {number}, edition {edition}",
	},
	"stuck": {
		"{step}受阻：{code}",
		"{step}受阻：{code}",
		"{step} is stuck: {code}",
	},
	"resolved": {
		"{who}處理{step}的故障並重試",
		"{who}处理{step}的故障并重试",
		"{who} had {step} tried again",
	},
	"ended.finished": {
		"{procedure}結束：{end}",
		"{procedure}结束：{end}",
		"{procedure} ended: {end}",
	},
	"ended.cancelled": {
		"{procedure}已撤銷：{reason}",
		"{procedure}已撤销：{reason}",
		"{procedure} was cancelled: {reason}",
	},
	"ended.frozen": {
		"{procedure}已凍結，待檢修",
		"{procedure}已冻结，待检修",
		"{procedure} is frozen until it is repaired",
	},
	"unreadable": {
		"此記錄無法讀取",
		"此记录无法读取",
		"This entry cannot be read",
	},

	"engine": {
		"系統",
		"系统",
		"The engine",
	},
	"done": {
		"完成",
		"完成",
		"done",
	},
	"stop": {
		"分支結束",
		"分支结束",
		"the branch ended",
	},
	"yes": {
		"是",
		"是",
		"yes",
	},
	"no": {
		"否",
		"否",
		"no",
	},
	"rows": {
		"{n}行",
		"{n}行",
		"{n} rows",
	},
	"day": {
		"{n}天",
		"{n}天",
		"{n} d",
	},
	"hour": {
		"{n}小時",
		"{n}小时",
		"{n} h",
	},
	"minute": {
		"{n}分鐘",
		"{n}分钟",
		"{n} min",
	},
	"second": {
		"{n}秒",
		"{n}秒",
		"{n} s",
	},
	"workday": {
		"{n}個工作天",
		"{n}个工作日",
		"{n} working days",
	},
	"workhour": {
		"{n}個工作小時",
		"{n}个工作小时",
		"{n} working hours",
	},
	"approved": {
		"同意",
		"同意",
		"approved",
	},
	"rejected": {
		"不同意",
		"不同意",
		"rejected",
	},
}
