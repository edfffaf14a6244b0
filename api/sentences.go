package api

import (
	"github.com/guicheng/guicheng/engine"
	"github.com/guicheng/guicheng/engine/core"
)

// words are what is said of a problem: a title for its kind, and a detail. In a detail {name} is an argument, and a
// part in brackets is left out when its argument is missing.
type words struct{ title, detail string }

// sentence is one thing said in three languages.
type sentence[T any] struct{ hant, hans, en T }

// in gives the sentence in a language; in Traditional Chinese if it is none of ours.
func (s sentence[T]) in(lang string) T {
	switch lang {
	case hans:
		return s.hans
	case en:
		return s.en
	}
	return s.hant
}

// sentences has one for each code of a problem.
var sentences = map[string]sentence[words]{
	codeUnknownRoute: {
		words{"沒有這個網址", "這裡沒有這個網址；有哪些，見 /openapi.json。"},
		words{"没有这个网址", "这里没有这个网址；有哪些，见 /openapi.json。"},
		words{"no such address", "There is nothing at this address; /openapi.json lists what there is."},
	},
	codeWrongMethod: {
		words{"方法不對", "這個網址不接受這個方法；接受哪些，見 Allow 標頭。"},
		words{"方法不对", "这个网址不接受这个方法；接受哪些，见 Allow 标头。"},
		words{"wrong method", "This address does not take this method; the Allow header lists those it takes."},
	},
	codeBadJSON: {
		words{"讀不懂請求", "請求內容必須是一個 JSON 物件，用 UTF-8 編碼，同一層的名稱不能重複，" +
			"也不能含有 U+0000[（第 {line} 行第 {column} 字起讀不懂）]。"},
		words{"读不懂请求", "请求内容必须是一个 JSON 对象，用 UTF-8 编码，同一层的名称不能重复，" +
			"也不能含有 U+0000[（第 {line} 行第 {column} 字起读不懂）]。"},
		words{"unreadable body", "The body must be one JSON object in UTF-8, without a name twice in one object and " +
			"without U+0000[: see line {line}, character {column}]."},
	},
	codeTooLarge: {
		words{"請求太大", "請求內容超過上限[（{max} 位元組）]。"},
		words{"请求太大", "请求内容超过上限[（{max} 字节）]。"},
		words{"body too large", "The body is longer than is taken[ ({max} bytes)]."},
	},
	codeWrongType: {
		words{"內容類型不對", "請求內容必須標明 Content-Type: application/json。"},
		words{"内容类型不对", "请求内容必须标明 Content-Type: application/json。"},
		words{"wrong content type", "The body must come with Content-Type: application/json."},
	},
	codeTooSlow: {
		words{"請求太慢", "請求內容沒有及時送到，請再試一次。"},
		words{"请求太慢", "请求内容没有及时送到，请再试一次。"},
		words{"too slow", "The body did not arrive in time; please try again."},
	},
	codeForeignOrigin: {
		words{"來自別的網站", "請求來自別的網站的網頁，沒有執行。"},
		words{"来自别的网站", "请求来自别的网站的网页，没有执行。"},
		words{"another site's page", "The request comes from a page of another site and was not carried out."},
	},
	codeLinkSpent: {
		words{"連結失效", "這個登入連結已用過、已過期，或不正確；請管理員另發一個。"},
		words{"链接失效", "这个登录链接已用过、已过期，或不正确；请管理员另发一个。"},
		words{"link is spent", "This link was used, is too old, or is not right; ask an administrator for a new one."},
	},
	codeSetUpSpent: {
		words{"密鑰失效", "這個設立密鑰已用過、已過期，或不正確；伺服器每次啟動都會在終端印出新的，直到單位有了管理員。"},
		words{"密钥失效", "这个设立密钥已用过、已过期，或不正确；服务器每次启动都会在终端印出新的，直到单位有了管理员。"},
		words{"secret is spent", "This secret was used, is too old, or is not right; the server prints a new one on its " +
			"console whenever it starts, until the office has an administrator."},
	},
	codeSetUpDone: {
		words{"已經設立", "這個單位已有管理員，設立密鑰不再有效；請管理員加入您，並發給您登入連結。"},
		words{"已经设立", "这个单位已有管理员，设立密钥不再有效；请管理员加入您，并发给您登录链接。"},
		words{"set up already", "The office has an administrator, so nothing is left to set up; ask the administrator to " +
			"add you, and for a sign-in link."},
	},
	engine.CodeNotFound: {
		words{"找不到", "沒有這一項，或您無權知道它。"},
		words{"找不到", "没有这一项，或您无权知道它。"},
		words{"not found", "There is no such thing, or it is not for you to know of."},
	},
	engine.CodeForbidden: {
		words{"無權", "這項工作只能由它的承辦人，或案件的有關人員退回。"},
		words{"无权", "这项工作只能由它的承办人，或案件的有关人员退回。"},
		words{"not allowed", "Only who does this task, or is involved in its case, may send it back."},
	},
	engine.CodeNotSignedIn: {
		words{"尚未登入", "請先用登入連結登入；登入已過期的，請管理員另發連結。"},
		words{"尚未登录", "请先用登录链接登录；登录已过期的，请管理员另发链接。"},
		words{"not signed in", "Sign in by a link first; if your session is over, ask an administrator for a new link."},
	},
	codeNoWorker: {
		words{"不是已登記的程式", "請在 Authorization: Bearer 後面寫上管理員發給這個程式的密鑰（workers）。"},
		words{"不是已登记的程序", "请在 Authorization: Bearer 后面写上管理员发给这个程序的密钥（workers）。"},
		words{"not a worker", "Send the token that an administrator gave this program (workers): " +
			"Authorization: Bearer …"},
	},
	codeOtherPerson: {
		words{"登入的人已換", "這個瀏覽器後來由{name}登入；為免誤用別人的名義，這個請求沒有執行。"},
		words{"登录的人已换", "这个浏览器后来由{name}登录；为免误用别人的名义，这个请求没有执行。"},
		words{"somebody else is signed in", "{name} has signed in with this browser since; so that nothing is done in " +
			"the wrong name, this request was not carried out."},
	},
	engine.CodeBusy: {
		words{"太忙", "現在要處理的太多，請稍候再試。"},
		words{"太忙", "现在要处理的太多，请稍候再试。"},
		words{"busy", "There is too much to do just now; please try again in a moment."},
	},
	engine.CodeUnavailable: {
		words{"暫時不能處理", "現在不能讀寫資料，沒有任何改動；請稍候再試。"},
		words{"暂时不能处理", "现在不能读写数据，没有任何改动；请稍候再试。"},
		words{"unavailable", "Nothing can be read or written just now, and nothing was changed; please try again later."},
	},
	engine.CodeKeyReused: {
		words{"識別碼重複使用", "這個 Idempotency-Key 已用於另一個請求，請換一個。"},
		words{"识别码重复使用", "这个 Idempotency-Key 已用于另一个请求，请换一个。"},
		words{"key used before", "This Idempotency-Key was used with another request; take a new one."},
	},
	engine.CodeInternal: {
		words{"內部錯誤", "伺服器出了錯，已記錄下來；請稍候再試，或通知管理員。"},
		words{"内部错误", "服务器出了错，已记录下来；请稍候再试，或通知管理员。"},
		words{"internal error", "The server made a mistake, which is on record; try again later, or tell the administrator."},
	},
	engine.CodeNotDeployed: {
		words{"沒有這個程序", "單位沒有部署這個程序[（{procedure}）]。[是不是 {near}？][現有：{there}。]"},
		words{"没有这个程序", "单位没有部署这个程序[（{procedure}）]。[是不是 {near}？][现有：{there}。]"},
		words{"not deployed", "The office has no such procedure in force[: {procedure}].[ Did you mean {near}?]" +
			"[ There are: {there}.]"},
	},
	engine.CodeNotMigrated: {
		words{"沒有這次移動", "{procedure} 沒有案件最後由 {migration} 移過：沒有這次移動，或案件後來又移到了別的版本。"},
		words{"没有这次移动", "{procedure} 没有案件最后由 {migration} 移过：没有这次移动，或案件后来又移到了别的版本。"},
		words{
			"unknown migration", "No case of {procedure} was last moved by {migration}: there was no such migration, or its " +
				"cases have been moved on since.",
		},
	},
	engine.CodeRefused: {
		words{"未部署", "檔案有錯，沒有部署；詳見 problems。"},
		words{"未部署", "文件有错，没有部署；详见 problems。"},
		words{"deployment refused", "The files have errors, and nothing was deployed; problems lists them."},
	},
	engine.CodeWouldRemove: {
		words{"會撤下程序", "檔案裡沒有現行的這些程序：{procedures}。要撤下就在 removes 裡寫上它們；不然請把檔案補齊。"},
		words{"会撤下程序", "文件里没有现行的这些程序：{procedures}。要撤下就在 removes 里写上它们；不然请把文件补齐。"},
		words{
			"procedures would be removed", "The files lack procedures that are in force: {procedures}. Name them in removes " +
				"if they are to go; else send their files as well.",
		},
	},
	engine.CodeNotAllHanded: {
		words{"不能全部轉辦", "有的任務按規定不能由[{person}]辦理，因此一件也沒有轉；請先處理下列任務，或另選一人。"},
		words{"不能全部转办", "有的任务按规定不能由[{person}]办理，因此一件也没有转；请先处理下列任务，或另选一人。"},
		words{
			"not all can be handed over", "Some tasks may not be done by[ {person}], so none was handed over: deal with " +
				"those named first, or choose somebody else.",
		},
	},
	engine.CodeWithdrawn: {
		words{"工作已撤回", "這項工作已不需要，或已辦妥；無須再做。"},
		words{"工作已撤回", "这项工作已不需要，或已办妥；无须再做。"},
		words{"job withdrawn", "The job is not wanted any more, or was done; nothing is left to do."},
	},
	engine.CodeLockLost: {
		words{"工作已由別人接手", "期限已過，這項工作已交由別的程式辦理；遲來的回覆不予接納。"},
		words{"工作已由别人接手", "期限已过，这项工作已交由别的程序办理；迟来的回复不予接纳。"},
		words{"lock lost", "The time was over and another worker has the job; a late answer is not taken."},
	},
	engine.CodeLastAdmin: {
		words{"最後一位管理員", "這是單位最後一位管理員，沒有改動；請先讓別人也成為管理員。"},
		words{"最后一位管理员", "这是单位最后一位管理员，没有改动；请先让别人也成为管理员。"},
		words{"last administrator", "Nobody else keeps the office, so nothing was changed; make somebody else an " +
			"administrator first."},
	},
	codeNoOffice: {
		words{"沒有這個單位", "沒有部署這個單位[；已部署的：{offices}]。"},
		words{"没有这个单位", "没有部署这个单位[；已部署的：{offices}]。"},
		words{"no such office", "This office is not deployed[; these are: {offices}]."},
	},
}

// rejections has one for each code of the core; they are the procedure's answers.
var rejections = map[core.Code]sentence[words]{
	core.UrgedLately: {
		words{"剛催辦過", "這個案件一小時內已催辦多次[，{again} 之後可再催]。"},
		words{"刚催办过", "这个案件一小时内已催办多次[，{again} 之后可再催]。"},
		words{"urged lately", "This case was urged as often as is allowed within an hour[; again after {again}]."},
	},
	core.NobodyToUrge: {
		words{"無人可催", "這個案件現在沒有等人辦理的任務。"},
		words{"无人可催", "这个案件现在没有等人办理的任务。"},
		words{"nobody to urge", "No task of this case is open: nobody has it now."},
	},
	core.NotOpen: {
		words{"已不在等待", "這項工作已完成、已撤回，或還沒開始。"},
		words{"已不在等待", "这项工作已完成、已撤回，或还没开始。"},
		words{"not open", "This was done, was withdrawn, or has not begun."},
	},
	core.NotACandidate: {
		words{"不是您的工作", "這項工作沒有交給您或您的崗位。"},
		words{"不是您的工作", "这项工作没有交给您或您的岗位。"},
		words{"not your task", "This task is offered neither to you nor to a post of yours."},
	},
	core.NotAllowed: {
		words{"程序不允許", "這個程序不允許您做這件事。"},
		words{"程序不允许", "这个程序不允许您做这件事。"},
		words{"not allowed here", "The procedure does not allow you to do this."},
	},
	core.HeldByOther: {
		words{"已有人接手", "這項工作已有人接手[（{holder}）]。"},
		words{"已有人接手", "这项工作已有人接手[（{holder}）]。"},
		words{"held by somebody else", "Somebody else has claimed this task[: {holder}]."},
	},
	core.Excluded: {
		words{"須稍後再辦", "「{step}」正在辦理，兩者不能同時進行；請待其完成。"},
		words{"须稍后再办", "“{step}”正在办理，两者不能同时进行；请待其完成。"},
		words{"not at the same time", "“{step}” is under way, and the two are never done together; please wait for it."},
	},
	core.NotHeld: {
		words{"未接手", "這項工作不在您手上；要交回或轉給別人，須先接手。"},
		words{"未接手", "这项工作不在您手上；要交回或转给别人，须先接手。"},
		words{"not held", "You do not hold this task: claim it before you give it back, or to somebody else."},
	},
	core.NotEligible: {
		words{"不能交給這個人", "[{person}]不能辦理或簽署這項工作：程序沒有准許，或已在簽署人之中。"},
		words{"不能交给这个人", "[{person}]不能办理或签署这项工作：程序没有准许，或已在签署人之中。"},
		words{"not for this person", "[{person}: ]the procedure does not let this person do or sign the task, or " +
			"he signs it already."},
	},
	core.Asking: {
		words{"等候加簽", "先請的人還沒有答復完；答復後這項工作會回到辦理人手上。"},
		words{"等候加签", "先请的人还没有答复完；答复后这项工作会回到办理人手上。"},
		words{"others were asked first", "Those who were asked first have not all answered; then the task comes back."},
	},
	core.NoSignatures: {
		words{"不是簽署", "這項工作只要一個答復，不是簽署；可以在辦理之前請人加簽。"},
		words{"不是签署", "这项工作只要一个答复，不是签署；可以在办理之前请人加签。"},
		words{"no signatures", "The task asks for one answer, not for signatures; others can be asked before it only."},
	},
	core.TooMany: {
		words{"加簽太多", "簽署人太多[，最多{max}人][，加簽最多{depth}層]。"},
		words{"加签太多", "签署人太多[，最多{max}人][，加签最多{depth}层]。"},
		words{"too many signers", "There are too many signers[: at most {max}][: those added may add in turn {depth} deep]."},
	},
	core.LastSigner: {
		words{"最後一位簽署人", "這是最後一位簽署人，不能減去。"},
		words{"最后一位签署人", "这是最后一位签署人，不能减去。"},
		words{"last signer", "Nobody would be left to sign."},
	},
	core.HasActed: {
		words{"已開始辦理", "這位簽署人已開始辦理或已答復，不能減去。"},
		words{"已开始办理", "这位签署人已开始办理或已答复，不能减去。"},
		words{"has acted", "This signer has begun or answered already and stays."},
	},
	core.AlreadyDone: {
		words{"已經如此", "這一步您已經做過了。"},
		words{"已经如此", "这一步您已经做过了。"},
		words{"done already", "You have done this already."},
	},
	core.Invalid: {
		words{"填寫有誤", "有些欄位漏填或填錯，詳見各欄位。"},
		words{"填写有误", "有些栏目漏填或填错，详见各栏目。"},
		words{"fields are wrong", "Some fields are missing or wrong; each says why."},
	},
	core.CheckFailed: {
		words{"不合規定", "填寫的內容不合程序的規定。"},
		words{"不合规定", "填写的内容不合程序的规定。"},
		words{"against a rule", "What was filled in is against a rule of the procedure."},
	},
	core.UnknownAnswer: {
		words{"沒有這個選項", "這項工作沒有這個答覆[（{answer}）]。"},
		words{"没有这个选项", "这项工作没有这个答复[（{answer}）]。"},
		words{"no such answer", "The task has no such answer[: {answer}]."},
	},
	core.UnknownName: {
		words{"沒有這種訊息", "程序沒有這種訊息[（{message}）]。"},
		words{"没有这种消息", "程序没有这种消息[（{message}）]。"},
		words{"no such message", "The procedure has no such message[: {message}]."},
	},
	core.NotExpected: {
		words{"沒有在等這個訊息", "現在沒有案件在等這個訊息[（{message}）]。"},
		words{"没有在等这个消息", "现在没有案件在等这个消息[（{message}）]。"},
		words{"not expected", "Nothing waits for this message now[: {message}]."},
	},
	core.Repeated: {
		words{"已經收到", "這個訊息先前已經收到，沒有重複處理。"},
		words{"已经收到", "这个消息先前已经收到，没有重复处理。"},
		words{"repeated", "This has come before; it was not done again."},
	},
	core.CaseEnded: {
		words{"案件已結束", "案件已結束，不能再改。"},
		words{"案件已结束", "案件已结束，不能再改。"},
		words{"case has ended", "The case has ended and takes no more changes."},
	},
	core.CaseFrozen: {
		words{"案件已凍結", "案件因系統錯誤凍結，請通知管理員；其他案件不受影響。"},
		words{"案件已冻结", "案件因系统错误冻结，请通知管理员；其他案件不受影响。"},
		words{"case is frozen", "The case is frozen after a fault of the system; tell the administrator. Others go on."},
	},
	core.TooDeep: {
		words{"層數太多", "程序之間呼叫的層數太多。"},
		words{"层数太多", "程序之间调用的层数太多。"},
		words{"too deep", "Procedures call one another too deeply."},
	},
	core.Unfit: {
		words{"算不出來", "程序裡的算式現在算不出來[（{formula}）]，請通知管理員。"},
		words{"算不出来", "程序里的算式现在算不出来[（{formula}）]，请通知管理员。"},
		words{"cannot be decided", "A formula of the procedure cannot be evaluated[ ({formula})]; tell the administrator."},
	},
}

// variants are more exact sentences, by the code and what Args["why"] says.
var variants = map[string]sentence[words]{
	string(core.NotOpen) + " " + engine.FateDone: {
		words{"已有人完成", "這項工作已[由{by}]完成。"},
		words{"已有人完成", "这项工作已[由{by}]完成。"},
		words{"already done", "This task is done already[, by {by}]."},
	},
	string(core.NotOpen) + " " + engine.FateTimedOut: {
		words{"已逾時", "這項工作的時限已過，系統已另作處理。"},
		words{"已超时", "这项工作的时限已过，系统已另作处理。"},
		words{"timed out", "The time for this task is over, and the case has gone on without it."},
	},
	string(core.NotOpen) + " " + engine.FateWithdrawn: {
		words{"已撤回", "這項工作已撤回，不必再做。"},
		words{"已撤回", "这项工作已撤回，不必再做。"},
		words{"withdrawn", "This task was withdrawn: there is nothing left to do."},
	},
	string(core.NotOpen) + " " + engine.FateMoved: {
		words{"已改由他人辦理", "這項工作已改由他人辦理。"},
		words{"已改由他人办理", "这项工作已改由他人办理。"},
		words{"given to others", "This task is offered to others now."},
	},
	string(core.NotOpen) + " " + engine.FateRemoved: {
		words{"已減簽", "這項工作不必再簽[，由{by}減去]。"},
		words{"已减签", "这项工作不必再签[，由{by}减去]。"},
		words{"taken out", "You need not sign this any more[; {by} took you out]."},
	},
	engine.CodeForbidden + " " + engine.WhyAdministrators: {
		words{"只有管理員可以", "只有單位的管理員可以這樣做；請管理員辦理。"},
		words{"只有管理员可以", "只有单位的管理员可以这样做；请管理员办理。"},
		words{"for administrators", "Only an administrator of the office may do this; ask one."},
	},
	engine.CodeForbidden + " " + engine.WhyOneself: {
		words{"只能為自己", "只能為自己找人代替；替別人安排，要管理員辦理。"},
		words{"只能为自己", "只能为自己找人代替；替别人安排，要管理员办理。"},
		words{"for oneself only", "One finds a substitute for oneself; for somebody else, an administrator does."},
	},
	engine.CodeForbidden + " " + engine.WhyKind: {
		words{"不是這個程式的工作", "這個程式沒有登記做「{kind}」這種工作；請管理員在 workers 加上，或只取登記了的種類。"},
		words{"不是这个程序的工作", "这个程序没有登记做“{kind}”这种工作；请管理员在 workers 加上，或只取登记了的种类。"},
		words{"not for this worker", "This worker is not entered for jobs of the kind “{kind}”; ask an administrator to " +
			"add it (workers), or fetch the kinds that are entered."},
	},
	codeBadJSON + " " + whyEmpty: {
		words{"沒有內容", "請求沒有內容；這裡要一個 JSON 物件，空的也可以。要填哪些，見 /openapi.json。"},
		words{"没有内容", "请求没有内容；这里要一个 JSON 对象，空的也可以。要填哪些，见 /openapi.json。"},
		words{"empty body", "The request has no body; a JSON object is wanted here, an empty one at least. " +
			"/openapi.json says what is in it."},
	},
	codeBadJSON + " " + whyNotUTF8: {
		words{"編碼不對", "請求內容須用 UTF-8 編碼；第 {line} 行第 {column} 字起不是。"},
		words{"编码不对", "请求内容须用 UTF-8 编码；第 {line} 行第 {column} 字起不是。"},
		words{"not UTF-8", "The body must be in UTF-8; from line {line}, character {column} on it is not."},
	},
	codeBadJSON + " " + whyNotJSON: {
		words{"不是 JSON", "請求內容不是 JSON：第 {line} 行第 {column} 字起讀不懂（引號、逗號、括號可有漏寫或多寫？）。"},
		words{"不是 JSON", "请求内容不是 JSON：第 {line} 行第 {column} 字起读不懂（引号、逗号、括号可有漏写或多写？）。"},
		words{"not JSON", "The body is no JSON: it cannot be read from line {line}, character {column} on. Is a quotation " +
			"mark, a comma or a bracket missing, or one too many?"},
	},
	codeBadJSON + " " + whyNotObject: {
		words{"不是物件", "請求內容須是一個 JSON 物件，即寫在大括號裡。"},
		words{"不是对象", "请求内容须是一个 JSON 对象，即写在大括号里。"},
		words{"not an object", "The body must be one JSON object: it stands in curly brackets."},
	},
	codeBadJSON + " " + whyMore: {
		words{"不只一個", "請求內容只能有一個 JSON 物件；第 {line} 行第 {column} 字又開始了一個。"},
		words{"不只一个", "请求内容只能有一个 JSON 对象；第 {line} 行第 {column} 字又开始了一个。"},
		words{"more than one", "The body must be one JSON object; at line {line}, character {column} another value begins."},
	},
	codeBadJSON + " " + whyTwice: {
		words{"名稱重複", "同一個 JSON 物件裡，名稱不能重複（不分大小寫）；見第 {line} 行第 {column} 字之前。"},
		words{"名称重复", "同一个 JSON 对象里，名称不能重复（不分大小写）；见第 {line} 行第 {column} 字之前。"},
		words{"a name twice", "One JSON object may not have a name twice, whatever its case: see the name that ends at " +
			"line {line}, character {column}."},
	},
	codeBadJSON + " " + whyNul: {
		words{"不能有這個字元", "請求內容不能含有字元 U+0000；見第 {line} 行第 {column} 字之前。"},
		words{"不能有这个字符", "请求内容不能含有字符 U+0000；见第 {line} 行第 {column} 字之前。"},
		words{"a character that is not taken", "The character U+0000 is not taken; it is in the text that ends at " +
			"line {line}, character {column}."},
	},
	codeBadJSON + " " + whyDeep: {
		words{"層數太多", "請求內容的物件和清單最多相套 {max} 層；第 {line} 行第 {column} 字起超過了。"},
		words{"层数太多", "请求内容的对象和清单最多相套 {max} 层；第 {line} 行第 {column} 字起超过了。"},
		words{"too deep", "Objects and lists stand in one another at most {max} deep; at line {line}, character " +
			"{column} it is more."},
	},
	codeNoOffice + " " + noneDeployed: {
		words{"沒有任何單位", "伺服器還沒有部署任何單位；請用 --definitions 或 --demo 啟動。"},
		words{"没有任何单位", "服务器还没有部署任何单位；请用 --definitions 或 --demo 启动。"},
		words{"no office", "No office is deployed at all; start the server with --definitions or --demo."},
	},
}

// noneDeployed is why no office can be set up: there is none.
const noneDeployed = "none"

// sentenceFor finds the sentence of a problem; false: it has none.
func sentenceFor(p *ProblemDocument) (sentence[words], bool) {
	if s, ok := variants[p.Code+" "+p.Args["why"]]; ok {
		return s, true
	}
	return sentenceOf(p.Code)
}

// sentenceOf finds the sentence of a code; false: it has none.
func sentenceOf(code string) (sentence[words], bool) {
	if s, ok := sentences[code]; ok {
		return s, true
	}
	if s, ok := rejections[core.Code(code)]; ok {
		return s, true
	}
	s, ok := backRejections[core.Code(code)]
	return s, ok
}
