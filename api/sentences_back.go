package api

import "github.com/guicheng/guicheng/engine/core"

// backRejections are the answers to acts on a case: what cannot be taken back, and why.
var backRejections = map[core.Code]sentence[words]{
	core.NotUpstream: {
		words{"不能退回到那裡", "這項工作不是由[「{title}」或其他]已完成的步驟而來。"},
		words{"不能退回到那里", "这项工作不是由[“{title}”或其他]已完成的步骤而来。"},
		words{"not before this", "This task did not come of [“{title}”, or of ]a step that was done."},
	},
	core.NotReturnable: {
		words{"不許退回", "[「{title}」]這一步不能退回：程序不許，或它是自動完成的。"},
		words{"不许退回", "[“{title}”]这一步不能退回：程序不许，或它是自动完成的。"},
		words{"cannot be returned to",
			"Nobody returns to[ “{title}”, to] this step: the procedure closes it, or it goes by itself."},
	},
	core.WouldStrand: {
		words{"案件會走不下去", "這樣做以後，案件到不了終點[：「{title}」會一直等下去]。"},
		words{"案件会走不下去", "这样做以后，案件到不了终点[：“{title}”会一直等下去]。"},
		words{"the case could not end", "After this the case could not come to its end[: “{title}” would wait for ever]."},
	},
	core.TooManyDetours: {
		words{"退回層數太多", "直接退回最多可以套[ {max} ]層。"},
		words{"退回层数太多", "直接退回最多可以套[ {max} ]层。"},
		words{"too many detours", "No more[ than {max}] returns that come straight back may lie within one another."},
	},
	core.NotRecallable: {
		words{"不能撤回", "程序不允許撤回這一步。"},
		words{"不能撤回", "程序不允许撤回这一步。"},
		words{"cannot be recalled", "The procedure does not let this step be taken back."},
	},
	core.PartOver: {
		words{"所屬部分已完成", "這一步所屬的部分已全部完成，不能單獨撤回；可請後面的人退回[「{title}」]。"},
		words{"所属部分已完成", "这一步所属的部分已全部完成，不能单独撤回；可请后面的人退回[“{title}”]。"},
		words{
			"its part is over", "The part to which it belongs is done, so that it is not taken back alone; " +
				"ask for the case to be returned[ to “{title}”].",
		},
	},
	core.SuccessorActed: {
		words{"後面已有人辦理", "已經有人接著辦理[「{title}」]，不能撤回；可請對方退回。"},
		words{"后面已有人办理", "已经有人接着办理[“{title}”]，不能撤回；可请对方退回。"},
		words{"somebody has gone on", "Somebody has gone on from it[ with “{title}”]; ask for the case to be returned."},
	},
	core.NotRevocable: {
		words{"不能撤銷", "程序不允許發起人撤銷案件[，因為「{title}」已完成]。"},
		words{"不能撤销", "程序不允许发起人撤销案件[，因为“{title}”已完成]。"},
		words{"cannot be revoked", "The procedure does not let the starter end the case[ once “{title}” is done]."},
	},
	core.UnknownStep: {
		words{"沒有這一步", "在這裡沒有這個步驟或終點[（{to}）][：從這裡不能轉到「{title}」][（是不是 {near}？）]。"},
		words{"没有这一步", "在这里没有这个步骤或终点[（{to}）][：从这里不能转到“{title}”][（是不是 {near}？）]。"},
		words{
			"no such step",
			"There is no such step or end here[: {to}][; “{title}” cannot open from here][ (did you mean {near}?)].",
		},
	},
	core.RunsAlready: {
		words{"仍在辦理", "[「{title}」]仍在辦理，不能再開一次；請讓它辦完，跳轉則可連它一併離開。"},
		words{"仍在办理", "[“{title}”]仍在办理，不能再开一次；请让它办完，跳转则可连它一并离开。"},
		words{
			"it is open already",
			"[“{title}”: ]It is open already, and cannot open twice; let it end, or leave it as well by a jump.",
		},
	},
	core.IntoRows: {
		words{"要整步跳轉", "[「{title}」]逐行辦理，不知道該從哪一行開始；請跳轉到這一步本身。"},
		words{"要整步跳转", "[“{title}”]逐行办理，不知道该从哪一行开始；请跳转到这一步本身。"},
		words{
			"it runs for each row",
			"[“{title}”: ]It runs once for each row, and in which of them is not known; jump to it as a whole.",
		},
	},
	core.CaseSuspended: {
		words{"案件已掛起", "案件已掛起，恢復之前只能加備註和抄送。"},
		words{"案件已挂起", "案件已挂起，恢复之前只能加备注和抄送。"},
		words{"case is suspended", "The case is suspended; until it is resumed it takes only comments and copies."},
	},
	core.CannotMove: {
		words{"不能移到新版", "案件現在的狀況，那一版程序接不上[（{why}）]。"},
		words{"不能移到新版", "案件现在的状况，那一版程序接不上[（{why}）]。"},
		words{"cannot be moved", "As the case stands, it cannot go on by that version of its procedure[: {why}]."},
	},
	core.NotSuspended: {
		words{"案件沒有掛起", "案件沒有掛起，不用恢復。"},
		words{"案件没有挂起", "案件没有挂起，不用恢复。"},
		words{"not suspended", "The case is not suspended."},
	},
}
