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
	for _, book := range []map[string]said{phrases, words, signing, controlPhrases, backward, papers, obstaclePhrases} {
		if p, ok := book[name]; ok {
			return p.in(lang)
		}
	}
	return name
}

func (p said) in(lang string) string {
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

// phrases are all sentences of a case's history, by kind of event and what it says.
var phrases = map[string]said{
	"case-started": {
		"{who}發起{procedure}，編號{number}",
		"{who}发起{procedure}，编号{number}",
		"{who} started {procedure}, number {number}",
	},
	"case-started.self": {
		"{procedure}自動開始，編號{number}",
		"{procedure}自动开始，编号{number}",
		"{procedure} began by itself, number {number}",
	},
	"case-started.called": {
		"{procedure}由另一個案件開始，編號{number}",
		"{procedure}由另一个案件开始，编号{number}",
		"Another case started {procedure}, number {number}",
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
		"{step}開始",
		"{step}开始",
		"{step} began",
	},
	"frame-closed": {
		"{step}內部結束",
		"{step}内部结束",
		"The run of {step} ended",
	},
	"opened": {
		"{step}開始",
		"{step}开始",
		"{step} began",
	},
	"opened.again": {
		"{step}第{n}次開始",
		"{step}第{n}次开始",
		"{step} began again (time {n})",
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
	"moved.reverting": {
		"{step}正在撤銷已辦事項",
		"{step}正在撤销已办事项",
		"{step} is undoing what was done",
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
		"{step}撤回：{why}",
		"{step}撤回：{why}",
		"{step} was withdrawn: {why}",
	},
	"why.interrupted": {
		"事情已轉往別處",
		"事情已转往别处",
		"the case went another way",
	},
	"why.cancelled": {
		"已取消",
		"已取消",
		"it was called off",
	},
	"why.ended": {
		"已有結果",
		"已有结果",
		"the outcome is settled",
	},
	"why.enough": {
		"毋須再等",
		"无须再等",
		"there is no need to wait for it",
	},
	"why.retry": {
		"重試",
		"重试",
		"tried again",
	},
	"why.race": {
		"另一件事先發生了",
		"另一件事先发生了",
		"something else happened first",
	},
	"why.not-now": {
		"目前不宜辦理",
		"目前不宜办理",
		"it is not for now",
	},
	"why.error": {
		"出了差錯",
		"出了差错",
		"an error came up",
	},
	"why.": {
		"不再需要",
		"不再需要",
		"it is not needed any more",
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
		"{step}有一項結束",
		"{step}有一项结束",
		"A row of {step} ended",
	},
	"subscribed": {
		"{step}等候消息{message}",
		"{step}等候消息{message}",
		"{step} waits for {message}",
	},
	"unsubscribed": {
		"{step}不再以原編碼等候消息{message}",
		"{step}不再以原编码等候消息{message}",
		"{step} waits for {message} under its old key no more",
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
	"resulted.call": {
		"{step}另開的案件{procedure}結束：{answer}",
		"{step}另开的案件{procedure}结束：{answer}",
		"{procedure}, which {step} started, ended: {answer}",
	},
	"chosen": {
		"{step}之後轉往{to}",
		"{step}之后转往{to}",
		"Next after {step}: {to}",
	},
	"chosen.none": {
		"{step}之後沒有後續",
		"{step}之后没有后续",
		"Nothing follows {step}",
	},
	"reasons": {
		"（{list}）",
		"（{list}）",
		" ({list})",
	},
	"reason": {
		"{field}：{value}",
		"{field}：{value}",
		"{field}: {value}",
	},
	"reason.and": {
		"；",
		"；",
		"; ",
	},
	"way.end": {
		"終點{end}",
		"终点{end}",
		"the end {end}",
	},
	"way.stop": {
		"這條分支的終點",
		"这条分支的终点",
		"the end of this branch",
	},
	"reason.row": {
		"{row}（{value}）",
		"{row}（{value}）",
		"{row} ({value})",
	},
	"judged": {
		"條件成立：{guard}",
		"条件成立：{guard}",
		"The condition holds: {guard}",
	},
	"judged.read": {
		"條件成立{reasons}",
		"条件成立{reasons}",
		"The condition holds{reasons}",
	},
	"decided": {
		"{step}按決策表第{rows}行",
		"{step}按决策表第{rows}行",
		"{step} was decided by row {rows} of its table",
	},
	"decided.none": {
		"{step}的決策表沒有一行符合",
		"{step}的决策表没有一行符合",
		"No row of the table of {step} fits",
	},
	"asked.request": {
		"{step}向{system}發出請求",
		"{step}向{system}发出请求",
		"{step} asks {system}",
	},
	"asked.job": {
		"{step}交由程式辦理（{kind}）",
		"{step}交由程序办理（{kind}）",
		"{step} is given to a program ({kind})",
	},
	"tried.again": {
		"{step}未能辦妥（第{given}次）：{message}，{at}再試",
		"{step}未能办妥（第{given}次）：{message}，{at}再试",
		"{step} did not succeed (try {given}): {message}; it is tried again at {at}",
	},
	"tried": {
		"{step}未能辦妥（第{given}次）：{message}",
		"{step}未能办妥（第{given}次）：{message}",
		"{step} did not succeed (try {given}): {message}",
	},
	"replied": {
		"{step}已得回覆",
		"{step}已得回复",
		"{step} was answered",
	},
	"replied.often": {
		"{step}已得回覆，前後共發出{given}次",
		"{step}已得回复，前后共发出{given}次",
		"{step} was answered, after it was given out {given} times",
	},
	"replied.wrong": {
		"{step}的回覆不合要求（{wrong}）",
		"{step}的回复不合要求（{wrong}）",
		"{step} was answered otherwise than it was asked to be ({wrong})",
	},
	"end-reached": {
		"{step}到達終點{end}",
		"{step}到达终点{end}",
		"{step} came to the end {end}",
	},
	"end-reached.first": {
		"到達終點{end}，其餘仍在進行",
		"到达终点{end}，其余仍在进行",
		"The end {end} is reached; the rest goes on",
	},
	"timer-set": {
		"{step}設定時限{at}",
		"{step}设定时限{at}",
		"{step} has a timer at {at}",
	},
	"timer-cleared": {
		"{step}的時限解除",
		"{step}的时限解除",
		"The timer of {step} was cleared",
	},
	"timer-cleared.due": {
		"{step}時限已到",
		"{step}时限已到",
		"The time for {step} ran out",
	},
	"timer-cleared.waited": {
		"{step}等候的時間已到",
		"{step}等候的时间已到",
		"The time that {step} waited for has come",
	},
	"deed.leaves": {
		"，{step}中止",
		"，{step}中止",
		"; {step} breaks off",
	},
	"deed.to": {
		"，轉往{to}",
		"，转往{to}",
		"; next comes {to}",
	},
	"deed.end": {
		"，到此為止：{to}",
		"，到此为止：{to}",
		"; it ends here: {to}",
	},
	"deed.also": {
		"，另行開始{to}",
		"，另行开始{to}",
		"; {to} begins at the same time",
	},
	"deed.finish": {
		"，不再等候其餘各項",
		"，不再等候其余各项",
		"; the rest is not waited for",
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
		"收到消息{message}，留待有需要時採用",
		"收到消息{message}，留待有需要时采用",
		"{message} was received and is kept until it is needed",
	},
	"received.dropped": {
		"收到消息{message}，但無人等候，不予採用",
		"收到消息{message}，但无人等候，不予采用",
		"{message} was received, but nothing waited for it",
	},
	"kept": {
		"消息{message}保留至{at}",
		"消息{message}保留至{at}",
		"{message} is kept until {at}",
	},
	"unkept": {
		"取出保留的消息{message}",
		"取出保留的消息{message}",
		"{message} was taken out again",
	},
	"once": {
		"此事件只發生一次，已記錄",
		"此事件只发生一次，已记录",
		"An event that happens once was noted",
	},
	"once.over": {
		"此事件可再次發生",
		"此事件可再次发生",
		"The event may happen again",
	},
	"called": {
		"{step}另開案件{procedure}",
		"{step}另开案件{procedure}",
		"{step} started {procedure} as a case of its own",
	},
	"returned": {
		"{procedure}已辦結，但{step}未能取得其結果",
		"{procedure}已办结，但{step}未能取得其结果",
		"{procedure} has ended, but {step} could not take its result",
	},
	"in-stead": {
		"{person}（代{for}）",
		"{person}（代{for}）",
		"{person} (for {for})",
	},
	"not-handed-over": {
		"{step}未能由{from}轉給{to}：規定不許，仍歸{from}",
		"{step}未能由{from}转给{to}：规定不许，仍归{from}",
		"{step} could not be handed over from {from} to {to}: a rule forbids it",
	},
	"urged": {
		"{who}催辦：{people}",
		"{who}催办：{people}",
		"{who} urged {people}",
	},
	"urged.text": {
		"{who}催辦：{people}（{text}）",
		"{who}催办：{people}（{text}）",
		"{who} urged {people}: {text}",
	},
	"case-copied": {
		"{who}抄送本案：{people}",
		"{who}抄送本案：{people}",
		"{who} copied the case to {people}",
	},
	"case-copied.text": {
		"{who}抄送本案：{people}（{text}）",
		"{who}抄送本案：{people}（{text}）",
		"{who} copied the case to {people}: {text}",
	},
	"commented": {
		"{who}留言：{text}",
		"{who}留言：{text}",
		"{who} commented: {text}",
	},
	"reminded": {
		"已提醒{people}辦理{step}",
		"已提醒{people}办理{step}",
		"Reminder of {step} to {people}",
	},
	"reminded.due": {
		"到了{step}定下的時間，已提醒{people}",
		"到了{step}定下的时间，已提醒{people}",
		"At the time set for {step}, reminded: {people}",
	},
	"reminded.escalated": {
		"{step}已上報{people}",
		"{step}已上报{people}",
		"{step} was reported to {people}",
	},
	"reminded.escalated.due": {
		"到了{step}定下的時間，已上報{people}",
		"到了{step}定下的时间，已上报{people}",
		"At the time set for {step}, it was reported to {people}",
	},
	"reminded.reassigned": {
		"{step}改由{people}辦理",
		"{step}改由{people}办理",
		"{step} was handed to {people}",
	},
	"reminded.reassigned.due": {
		"到了{step}定下的時間，改由{people}辦理",
		"到了{step}定下的时间，改由{people}办理",
		"At the time set for {step}, it was handed to {people}",
	},
	"issued": {
		"發出{document}，編號{number}",
		"发出{document}，编号{number}",
		"{document} was issued, number {number}",
	},
	"issued.again": {
		"再次發出{document}（第{edition}版），編號{number}",
		"再次发出{document}（第{edition}版），编号{number}",
		"{document} was issued again (edition {edition}), number {number}",
	},
	"issued.copies": {
		"，副本送{people}",
		"，副本送{people}",
		"; copies to {people}",
	},
	"stuck": {
		"{step}遇到故障：{what}",
		"{step}遇到故障：{what}",
		"{step} is stuck: {what}",
	},
	"stirred": {
		"{step}不再停頓",
		"{step}不再停顿",
		"{step} stands still no more",
	},
	"resolved": {
		"{who}處理了{step}的故障，重新執行",
		"{who}处理了{step}的故障，重新执行",
		"{who} dealt with the fault of {step}; it runs again",
	},
}
