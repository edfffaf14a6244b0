package definitions

import "strings"

// wording is a text in zh-Hant, zh-Hans and en.
type wording [3]string

func (w wording) in(lang string) string {
	switch lang {
	case "en":
		return w[2]
	case "zh-Hans":
		return w[1]
	}
	return w[0]
}

// thingWords name the sections of a file.
var thingWords = map[string]wording{
	"":           {"整份檔案", "整份文件", "the file"},
	"steps":      {"步驟", "步骤", "step"},
	"data":       {"欄位", "栏位", "field"},
	"settings":   {"設定", "设定", "setting"},
	"messages":   {"訊息", "消息", "message"},
	"ends":       {"結局", "结局", "end"},
	"documents":  {"單據", "单据", "document"},
	"registers":  {"登記簿", "登记簿", "register"},
	"posts":      {"崗位", "岗位", "post"},
	"units":      {"部門", "部门", "unit"},
	"types":      {"欄位類型", "栏位类型", "field type"},
	"systems":    {"外部系統", "外部系统", "system"},
	"procedures": {"程序", "程序", "procedure"},
	"skills":     {"技能", "技能", "skill"},
}

// changeWords say what became of a whole thing, and of one key of it.
var changeWords = map[ChangeKind]struct{ whole, key wording }{
	Added: {
		wording{"新增{what}", "新增{what}", "{what} is new"},
		wording{"{what}：{key} 新增 {new}", "{what}：{key} 新增 {new}", "{what}: {key} gets {new}"},
	},
	Removed: {
		wording{"刪去{what}", "删去{what}", "{what} is gone"},
		wording{"{what}：{key} 刪去 {old}", "{what}：{key} 删去 {old}", "{what}: {key} loses {old}"},
	},
	Altered: {
		wording{"{what}由 {old} 改為 {new}", "{what}由 {old} 改为 {new}", "{what} was {old}, and is {new}"},
		wording{"{what}：{key} 由 {old} 改為 {new}", "{what}：{key} 由 {old} 改为 {new}", "{what}: {key} was {old}, and is {new}"},
	},
	Moved: {
		wording{"{what}移到別處", "{what}移到别处", "{what} stands elsewhere in the list"},
		wording{"{what}由{from}移到{to}", "{what}由{from}移到{to}", "{what} has moved from {from} to {to}"},
	},
}

// ownKeyWords say what became of a key of the file itself.
var ownKeyWords = map[ChangeKind]wording{
	Added:   {"{what} 新增 {new}", "{what} 新增 {new}", "{what} gets {new}"},
	Removed: {"{what} 刪去 {old}", "{what} 删去 {old}", "{what} loses {old}"},
}

var (
	mainList  = wording{"主流程", "主流程", "the main list"}
	blockList = wording{"「{id}」之內", "“{id}”之内", "inside {id}"}
	nameWords = wording{"「{title}」（{id}）", "“{title}”（{id}）", " {id} ({title})"}
	idWords   = wording{"「{id}」", "“{id}”", " {id}"}
)

// Say tells a change in words, in zh-Hant, zh-Hans or en.
func (c Change) Say(lang string) string {
	what := thingWords[c.Thing].in(lang)
	switch {
	case c.ID != "" && c.Title != "" && c.Title != c.ID:
		what += fillIn(nameWords.in(lang), "{id}", c.ID, "{title}", c.Title)
	case c.ID != "":
		what += fillIn(idWords.in(lang), "{id}", c.ID)
	case c.Key != "": // of the file itself: its key says enough
		what = keyName(c.Key, lang)
	}
	words := changeWords[c.Kind].whole
	if c.ID == "" && c.Key != "" && c.Kind != Altered {
		words = ownKeyWords[c.Kind]
	}
	if c.Key != "" && c.ID != "" || c.Kind == Moved && c.Old != c.New {
		words = changeWords[c.Kind].key
	}
	return fillIn(words.in(lang), "{what}", what, "{key}", keyName(c.Key, lang), "{old}", c.Old, "{new}", c.New,
		"{from}", listName(c.Old, lang), "{to}", listName(c.New, lang))
}

func listName(step, lang string) string {
	if step == "" {
		return mainList.in(lang)
	}
	return fillIn(blockList.in(lang), "{id}", step)
}

func fillIn(text string, pairs ...string) string {
	return strings.ReplaceAll(strings.NewReplacer(pairs...).Replace(text), "） ", "）")
}
