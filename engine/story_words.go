package engine

// words are what the sentences of a history are put together from: names, values, and what can go wrong.
var words = map[string]said{
	"quoted": {
		"「{title}」",
		"“{title}”",
		"“{title}”",
	},
	"paper": {
		"《{title}》",
		"《{title}》",
		"“{title}”",
	},
	"row": {
		"{step}（第{n}項）",
		"{step}（第{n}项）",
		"{step} (row {n})",
	},
	"row.named": {
		"{step}（{n} {name}）",
		"{step}（{n} {name}）",
		"{step} ({n} {name})",
	},
	"step": {
		"某步驟",
		"某步骤",
		"A step",
	},
	"else": {
		"其他情形",
		"其他情形",
		"anything else",
	},
	"empty": {
		"未填",
		"未填",
		"not filled in",
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
		"{n}個工作日",
		"{n}个工作日",
		"{n} working days",
	},
	"workday.one": {
		"1個工作日",
		"1个工作日",
		"1 working day",
	},
	"workhour": {
		"{n}個工作小時",
		"{n}个工作小时",
		"{n} working hours",
	},
	"workhour.one": {
		"1個工作小時",
		"1个工作小时",
		"1 working hour",
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
	"incident": {
		"{message}",
		"{message}",
		"{message}",
	},
	"incident.nobody": {
		"沒有人可以辦理",
		"没有人可以办理",
		"nobody is there to do it",
	},
	"incident.error": {
		"出現了流程沒有處理的錯誤（{message}）",
		"出现了流程没有处理的错误（{message}）",
		"an error came up that the procedure does not take ({message})",
	},
	"incident.not-upstream": {
		"要退回的步驟，本案並未做過",
		"要退回的步骤，本案并未做过",
		"the step to which it would go back was not done in this case",
	},
	"incident.runs-already": {
		"要退回的步驟還有幾行在辦理",
		"要退回的步骤还有几行在办理",
		"of the step to which it would go back, rows are still open",
	},
	"incident.formula": {
		"算式未能算出（{message}）",
		"算式未能算出（{message}）",
		"a formula could not be worked out ({message})",
	},
	"incident.weight": {
		"簽署的權重必須大於零",
		"签署的权重必须大于零",
		"the weight of a signature is not above zero",
	},
	"incident.too-many-signers": {
		"簽署的人太多（{message}）",
		"签署的人太多（{message}）",
		"there are too many signers ({message})",
	},
	"incident.no-way": {
		"依現有資料沒有一條去路成立",
		"依现有资料没有一条去路成立",
		"no way out of it is open for what the data say",
	},
	"incident.job-failed": {
		"程式或其他系統未能辦妥：{message}",
		"程序或其他系统未能办妥：{message}",
		"a program or another system did not succeed: {message}",
	},
	"incident.answer-wrong": {
		"其他系統的回覆與約定不符：{message}",
		"其他系统的回复与约定不符：{message}",
		"the answer of another system is not as agreed: {message}",
	},
	"incident.no-row": {
		"決策表沒有一行符合現有資料",
		"决策表没有一行符合现有资料",
		"no row of the decision table fits the data",
	},
	"incident.several-rows": {
		"決策表有多於一行符合，只可有一行：{message}",
		"决策表有多于一行符合，只可有一行：{message}",
		"several rows of the decision table fit, and only one may: {message}",
	},
	"incident.rows-differ": {
		"決策表中同時符合的各行結果不同：{message}",
		"决策表中同时符合的各行结果不同：{message}",
		"rows of the decision table that fit together say something else: {message}",
	},
	"incident.ended-nowhere": {
		"其中各步都停了，卻沒有到達任何終點",
		"其中各步都停了，却没有到达任何终点",
		"all in it has stopped without reaching an end",
	},
	"incident.stalled": {
		"案件中已沒有任何事可以令等候的繼續下去",
		"案件中已没有任何事可以令等候的继续下去",
		"nothing is left in the case that could let what waits go on",
	},
	"incident.too-many-moves": {
		"一次牽動的步驟太多",
		"一次牵动的步骤太多",
		"too much was set in motion at once",
	},
	"incident.too-deep": {
		"案件相互啟動的層數太多",
		"案件相互启动的层数太多",
		"too many cases have started one another",
	},
	"incident.call-failed": {
		"另開的案件未能完成（{message}）",
		"另开的案件未能完成（{message}）",
		"the case that it started came to nothing ({message})",
	},
	"incident.call-cancelled": {
		"另開的案件已撤銷：{reason}",
		"另开的案件已撤销：{reason}",
		"the case that it started was cancelled: {reason}",
	},
	"incident.message": {
		"保留的消息與現有資料不符（{message}）",
		"保留的消息与现有资料不符（{message}）",
		"the kept message does not fit the data ({message})",
	},
	"incident.every": {
		"重複提醒的間隔不是正數",
		"重复提醒的间隔不是正数",
		"the span after which it repeats is not positive",
	},
	"incident.absent": {
		"所需的資料還沒有填（{message}）",
		"所需的资料还没有填（{message}）",
		"what it needs is not filled in ({message})",
	},
	"incident.type": {
		"資料的類型不合（{message}）",
		"资料的类型不合（{message}）",
		"the data are of the wrong kind ({message})",
	},
	"incident.arithmetic": {
		"算不出來（{message}）",
		"算不出来（{message}）",
		"it cannot be computed ({message})",
	},
	"incident.limit": {
		"超過上限（{message}）",
		"超过上限（{message}）",
		"a limit is met ({message})",
	},
	"formula": {
		"，公式：{formula}",
		"，公式：{formula}",
		"; formula: {formula}",
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
	"ended.cancelled.by": {
		"{who}撤銷{procedure}：{reason}",
		"{who}撤销{procedure}：{reason}",
		"{who} cancelled {procedure}: {reason}",
	},
	"called-off": {
		"原案件不再需要",
		"原案件不再需要",
		"the case that started it needs it no more",
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
	"drew": {
		"序列{series}用了第{n}號",
		"序列{series}用了第{n}号",
		"Number {n} of {series} was used",
	},
}
