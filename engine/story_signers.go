package engine

// signing are the sentences about people who work on tasks together.
var signing = map[string]said{
	"began": {
		"{who}開始辦理{step}",
		"{who}开始办理{step}",
		"{who} began {step}",
	},
	"began.draft": {
		"{who}開始辦理{step}並暫存",
		"{who}开始办理{step}并暂存",
		"{who} began {step} and saved a draft",
	},
	"advised.with": {
		"{who}就{step}先表示意見：{answer}",
		"{who}就{step}先表示意见：{answer}",
		"{who} was asked first about {step}: {answer}",
	},
	"answered.again": {
		"{who}先前已同意，{step}不再詢問",
		"{who}先前已同意，{step}不再询问",
		"{who} has approved before and was not asked again: {step}",
	},
	"skipped.self": {
		"{step}只有發起人自己可辦，已跳過（{people}）",
		"{step}只有发起人自己可办，已跳过（{people}）",
		"{step}: only the starter himself could do it, so it was skipped ({people})",
	},
	"skipped.nobody": {
		"{step}無人可辦，已跳過（{people}）",
		"{step}无人可办，已跳过（{people}）",
		"{step}: nobody is there to do it, so it was skipped ({people})",
	},
	"transferred": {
		"{who}把{step}轉辦給{to}",
		"{who}把{step}转办给{to}",
		"{who} transferred {step} to {to}",
	},
	"transferred.keep": {
		"{who}把{step}連同草稿轉辦給{to}",
		"{who}把{step}连同草稿转办给{to}",
		"{who} transferred {step} to {to}, with the draft",
	},
	"delegated": {
		"{who}把{step}委派給{to}",
		"{who}把{step}委派给{to}",
		"{who} delegated {step} to {to}",
	},
	"gave-back": {
		"{who}把{step}交回",
		"{who}把{step}交回",
		"{who} gave {step} back undone",
	},
	"gave-back.taken": {
		"{who}收回委派的{step}",
		"{who}收回委派的{step}",
		"{who} took {step} back",
	},
	"gave-back.done": {
		"{who}辦好{step}並交回",
		"{who}办好{step}并交回",
		"{who} gave {step} back for a decision",
	},
	"gave-back.done.with": {
		"{who}辦好{step}並交回，建議：{answer}",
		"{who}办好{step}并交回，建议：{answer}",
		"{who} gave {step} back for a decision and proposes: {answer}",
	},
	"signers-added.before": {
		"{who}辦理{step}之前，先請{people}加簽",
		"{who}办理{step}之前，先请{people}加签",
		"{who} asks {people} first: {step}",
	},
	"signers-added.after": {
		"{who}辦理{step}之後，再請{people}加簽",
		"{who}办理{step}之后，再请{people}加签",
		"{who} asks {people} to sign afterwards: {step}",
	},
	"signers-added.beside": {
		"{who}請{people}一同簽署{step}",
		"{who}请{people}一同签署{step}",
		"{who} asks {people} to sign as well: {step}",
	},
	"signers-out": {
		"{step}已有結論，其餘加簽不再需要",
		"{step}已有结论，其余加签不再需要",
		"{step}: the other signers are not needed any more",
	},
	"signers-out.by": {
		"{who}減去{step}的簽署人{people}",
		"{who}减去{step}的签署人{people}",
		"{who} took {people} out of the signers of {step}",
	},
	"resumed": {
		"加簽已畢，{step}回到原辦理人",
		"加签已毕，{step}回到原办理人",
		"Those who were asked first have answered; {step} goes on",
	},
	"mode":            {"（{mode}）", "（{mode}）", " ({mode})"},
	"mode.all":        {"會簽", "会签", "all must approve"},
	"mode.all-at-end": {"會簽，全部答復後計算", "会签，全部答复后计算", "all must approve, counted at the end"},
	"mode.any":        {"或簽", "或签", "the first answer decides"},
	"mode.in-order":   {"依次", "依次", "one after another"},
	"mode.ratio":      {"票簽，至少{ratio}", "票签，至少{ratio}", "at least {ratio} must approve"},
	"mode.more":       {"票簽，多於{ratio}", "票签，多于{ratio}", "more than {ratio} must approve"},
	"note":            {"：{note}", "：{note}", ": {note}"},
}
