package engine

// controlPhrases tell what the order of steps did: rounds, locks, errors, compensation.
var controlPhrases = map[string]said{
	"grown": {
		"{step}增至{n}項",
		"{step}增至{n}项",
		"{step} has grown to {n}",
	},
	"grown.by": {
		"{who}為{step}加一項，共{n}項",
		"{who}为{step}加一项，共{n}项",
		"{who} added one to {step}: {n} now",
	},
	"ended-early": {
		"{who}提前結束{step}",
		"{who}提前结束{step}",
		"{who} ended {step} early",
	},
	"locked": {
		"{step}開始，同類步驟須等候",
		"{step}开始，同类步骤须等候",
		"{step} began; what it excludes must wait",
	},
	"raised": {
		"{step}出現差錯「{error}」，由{by}處理",
		"{step}出现差错“{error}”，由{by}处理",
		"{step} raised the error “{error}”; {by} deals with it",
	},
	"raised.untaken": {
		"{step}出現差錯「{error}」，尚無人處理",
		"{step}出现差错“{error}”，尚无人处理",
		"{step} raised the error “{error}”, and nothing deals with it",
	},
	"can-undo": {
		"{step}日後可以撤銷",
		"{step}日后可以撤销",
		"{step} can be undone",
	},
	"undo-began": {
		"{step}：先撤銷已辦的{n}項",
		"{step}：先撤销已办的{n}项",
		"{step}: {n} things that were done are undone first",
	},
	"revoke-began": {
		"{who}撤銷自己發起的{procedure}{reason}：先撤銷已辦的{n}項",
		"{who}撤销自己发起的{procedure}{reason}：先撤销已办的{n}项",
		"{who}, who had started it, revokes {procedure}{reason}: {n} things that were done are undone first",
	},
	"undo-ended": {
		"{step}：應撤銷的已全部撤銷",
		"{step}：应撤销的已全部撤销",
		"{step}: all of it is undone",
	},
}
