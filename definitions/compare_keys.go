package definitions

import "strings"

// keyWords name the keys of files as an administrator knows them.
var keyWords = map[string]wording{
	"title":         {"標題", "标题", "title"},
	"description":   {"說明", "说明", "description"},
	"number":        {"編號", "编号", "number"},
	"manager":       {"負責崗位", "负责岗位", "who answers for it"},
	"subject":       {"事由", "事由", "what it is about"},
	"calendar":      {"工作時間", "工作时间", "calendar"},
	"start":         {"怎樣開始", "怎样开始", "how it starts"},
	"start.by":      {"誰可以開始", "谁可以开始", "who may start it"},
	"by":            {"由誰做", "由谁做", "who does it"},
	"form":          {"要填的欄位", "要填的栏目", "what is asked for"},
	"optional":      {"可以留空的欄位", "可以留空的栏目", "what may be left empty"},
	"show":          {"只看的欄位", "只看的栏目", "what is shown"},
	"answers":       {"答覆", "答复", "answers"},
	"check":         {"核對條件", "核对条件", "what must hold"},
	"allow":         {"誰可以做的條件", "谁可以做的条件", "who of them may do it"},
	"sign":          {"會簽方式", "会签方式", "how they sign"},
	"nobody":        {"沒有人時怎麼辦", "没有人时怎么办", "what happens when nobody is there"},
	"self":          {"只有發起人能做時怎麼辦", "只有发起人能做时怎么办", "what happens when only the starter could do it"},
	"again":         {"同一人再批時怎麼辦", "同一人再批时怎么办", "what happens when somebody would approve twice"},
	"transfer":      {"可轉給誰", "可转给谁", "to whom it may be given"},
	"delegate":      {"可委派給誰", "可委派给谁", "who may prepare it"},
	"add_signer":    {"可請誰加簽", "可请谁加签", "who may be asked to sign"},
	"remove_signer": {"誰可減簽", "谁可减签", "who may take signers out"},
	"note":          {"給辦理人的話", "给办理人的话", "note to who does it"},
	"priority":      {"優先次序", "优先次序", "priority"},
	"recall":        {"可以取回", "可以取回", "may be recalled"},
	"add":           {"加一行", "加一行", "adds a row"},
	"edit_rows":     {"可以改行", "可以改行", "rows may be edited"},
	"then":          {"接著到哪裡", "接着到哪里", "where it goes on"},
	"choose":        {"走幾條路", "走几条路", "how many ways are taken"},
	"join":          {"怎樣會合", "怎样会合", "what it waits for"},
	"within":        {"期限", "期限", "time limit"},
	"timeouts":      {"到時怎麼辦", "到时怎么办", "what happens in time"},
	"events":        {"有事發生時怎麼辦", "有事发生时怎么办", "what happens at events"},
	"issues":        {"出什麼單據", "出什么单据", "papers that it makes"},
	"wait":          {"等什麼", "等什么", "what is waited for"},
	"call":          {"呼叫的程序", "调用的程序", "what is called"},
	"set":           {"設的值", "设的值", "what is set"},
	"decide":        {"決策表", "决策表", "decision table"},
	"rows":          {"行", "行", "rows"},
	"for_each":      {"逐行做", "逐行做", "for each row"},
	"repeat":        {"重複", "重复", "again and again"},
	"type":          {"類型", "类型", "type"},
	"when":          {"何時才算", "何时才算", "when it counts"},
	"value":         {"值", "值", "value"},
	"default":       {"預填", "预填", "what a form begins with"},
	"options":       {"選項", "选项", "options"},
	"min":           {"最小", "最小", "least"},
	"max":           {"最大", "最大", "most"},
	"pattern":       {"格式", "格式", "pattern"},
	"hint":          {"提示", "提示", "hint"},
	"places":        {"小數位", "小数位", "decimals"},
	"private":       {"個人資料", "个人资料", "personal data"},
	"searchable":    {"可搜尋", "可搜索", "searchable"},
	"key":           {"用什麼辨認", "用什么辨认", "what tells them apart"},
	"body":          {"內容", "内容", "body"},
	"copies":        {"抄送", "抄送", "who gets copies"},
	"columns":       {"各欄", "各栏", "columns"},
	"sort":          {"排序", "排序", "order"},
	"totals":        {"合計", "合计", "totals"},
	"rules":         {"所依的規定", "所依的规定", "rules that it keeps"},
	"zone":          {"時區", "时区", "time zone"},
	"currency":      {"貨幣", "货币", "currency"},
	"superiors":     {"上級", "上级", "who is above whom"},
	"language":      {"語言", "语言", "language"},
	"languages":     {"語言", "语言", "languages"},
	"letterhead":    {"抬頭", "抬头", "letterhead"},
	"calendars":     {"工作時間", "工作时间", "calendars"},
}

// keyName says a key in words, with the key as it is written: `who does it (task.by)`. One without words stands alone.
func keyName(key, lang string) string {
	words, ok := keyWords[key]
	for part := range strings.SplitSeq(strings.TrimPrefix(key, "start."), ".") {
		if !ok {
			words, ok = keyWords[part]
		}
	}
	said := words.in(lang)
	switch {
	case !ok || said == key:
		return key
	case lang == "en":
		return said + " (" + key + ")"
	}
	return said + "（" + key + "）"
}
