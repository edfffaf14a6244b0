package engine

// backward are the sentences about acts on a case: what is taken back, what stands still, what is repaired.
var backward = map[string]said{
	"sent-back.return": {
		"{who}從{step}退回到{to}{reason}{region}",
		"{who}从{step}退回到{to}{reason}{region}",
		"{who} returned the case from {step} to {to}{reason}{region}",
	},
	"sent-back.way": {
		"{step}退回到{to}{region}",
		"{step}退回到{to}{region}",
		"{step} went back to {to}{region}",
	},
	"sent-back.recall": {
		"{who}撤回{to}{region}",
		"{who}撤回{to}{region}",
		"{who} recalled {to}{region}",
	},
	"sent-back.reopening": {
		"{to}重新開放{region}",
		"{to}重新开放{region}",
		"{to} goes on{region}",
	},
	"sent-back.jump": {
		"{who}讓案件從{step}跳轉到{to}{reason}{region}",
		"{who}让案件从{step}跳转到{to}{reason}{region}",
		"{who} let the case jump from {step} to {to}{reason}{region}",
	},
	"sent-back.undone": {
		"；不再作數：{steps}",
		"；不再作数：{steps}",
		"; no longer valid: {steps}",
	},
	"sent-back.withdrawn": {
		"；不再辦理：{steps}",
		"；不再办理：{steps}",
		"; withdrawn: {steps}",
	},
	"sent-back.reason": {
		"（{reason}）",
		"（{reason}）",
		" ({reason})",
	},
	"superseded": {
		"{document}{number}作廢",
		"{document}{number}作废",
		"{document} {number} is void",
	},
	"detoured": {
		"{who}從{step}退回到{to}{reason}，完成後直接回到{step}",
		"{who}从{step}退回到{to}{reason}，完成后直接回到{step}",
		"{who} returned the case from {step} to {to}{reason}; it comes straight back to {step}",
	},
	"reopened": {
		"{step}的一部分重新開放",
		"{step}的一部分重新开放",
		"A part of {step} goes on",
	},
	"rejoined": {
		"回到{step}",
		"回到{step}",
		"Back at {step}",
	},
	"case-suspended": {
		"{who}掛起案件{reason}",
		"{who}挂起案件{reason}",
		"{who} suspended the case{reason}",
	},
	"case-resumed": {
		"{who}恢復案件{reason}",
		"{who}恢复案件{reason}",
		"{who} resumed the case{reason}",
	},
	"case-resumed.later": {
		"{who}恢復案件{reason}，各時限順延{span}",
		"{who}恢复案件{reason}，各时限顺延{span}",
		"{who} resumed the case{reason}; its time limits are later by {span}",
	},
	"migrated": {
		"{who}把案件由第 {from} 版移到第 {to} 版程序",
		"{who}把案件由第 {from} 版移到第 {to} 版程序",
		"{who} moved the case from version {from} of the procedure to version {to}",
	},
	"migrated.back": {
		"{who}把案件由第 {from} 版移回第 {to} 版程序",
		"{who}把案件由第 {from} 版移回第 {to} 版程序",
		"{who} moved the case back from version {from} of the procedure to version {to}",
	},
	"forced": {
		"{who}代為完成{step}",
		"{who}代为完成{step}",
		"{who} completed {step} as a repair",
	},
	"forced.with": {
		"{who}代為完成{step}：{answer}",
		"{who}代为完成{step}：{answer}",
		"{who} completed {step} as a repair: {answer}",
	},
	"moved.parked": {
		"{step}暫停",
		"{step}暂停",
		"{step} waits",
	},
	"moved.undone": {
		"{step}不再作數",
		"{step}不再作数",
		"{step} is no longer valid",
	},
	"why.returned": {
		"案件已退回",
		"案件已退回",
		"the case went back",
	},
	"why.revoked": {
		"發起人已撤銷",
		"发起人已撤销",
		"its starter revoked the case",
	},
	"why.skipped": {
		"已代為完成",
		"已代为完成",
		"it was completed as a repair",
	},
	"ended.revoked": {
		"發起人{who}撤銷{procedure}{reason}",
		"发起人{who}撤销{procedure}{reason}",
		"{who}, who had started it, revoked {procedure}{reason}",
	},
	"issued.instead": {
		"，代替已作廢的{instead}",
		"，代替已作废的{instead}",
		", in place of {instead}, which is void",
	},
}
