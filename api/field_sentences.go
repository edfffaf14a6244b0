package api

import (
	"github.com/guicheng/guicheng/definitions/value"
)

// fieldSentences has one for each code of a wrong field, and for what a bound counts where that is said otherwise.
var fieldSentences = map[string]sentence[string]{
	"required": {
		"必填[，還缺：{option}][（可選：{options}）]。", "必填[，还缺：{option}][（可选：{options}）]。",
		"Is required[; missing: {option}][; one of: {options}].",
	},
	"type":   {"寫法不對[，應為{want}]。", "写法不对[，应为{want}]。", "Is not of the field's kind[: want {want}]."},
	"option": {"不在選項之中[（可選：{options}）]。", "不在选项之中[（可选：{options}）]。", "Is not one of the options[: {options}]."},
	"pattern": {
		"格式不對[，應為{want}][（{hint}）]。", "格式不对[，应为{want}][（{hint}）]。",
		"Does not have the right form[: want {want}][ ({hint})].",
	},
	"min":            {"太小[（至少 {min}）]。", "太小[（至少 {min}）]。", "Is too small[: at least {min}]."},
	"min-characters": {"太短[（至少 {min}）]。", "太短[（至少 {min}）]。", "Is too short[: at least {min}]."},
	"min-entries":    {"太少[（至少 {min}）]。", "太少[（至少 {min}）]。", "Holds too few[: at least {min}]."},
	"min-rows":       {"行數太少[（至少 {min}）]。", "行数太少[（至少 {min}）]。", "Has too few rows[: at least {min}]."},
	"min-time":       {"太早[（最早 {min}）]。", "太早[（最早 {min}）]。", "Is too early[: {min} at the earliest]."},
	"min-span":       {"太短[（至少 {min}）]。", "太短[（至少 {min}）]。", "Is too short[: at least {min}]."},
	"max":            {"太大[（至多 {max}）]。", "太大[（至多 {max}）]。", "Is too large[: at most {max}]."},
	"max-characters": {"太長[（至多 {max}）]。", "太长[（至多 {max}）]。", "Is too long[: at most {max}]."},
	"max-entries":    {"太多[（至多 {max}）]。", "太多[（至多 {max}）]。", "Holds too many[: at most {max}]."},
	"max-files":      {"太多[（至多 {max}）]。", "太多[（至多 {max}）]。", "Holds too many[: at most {max}]."},
	"max-rows":       {"行數太多[（至多 {max}）]。", "行数太多[（至多 {max}）]。", "Has too many rows[: at most {max}]."},
	"max-time":       {"太晚[（最晚 {max}）]。", "太晚[（最晚 {max}）]。", "Is too late[: {max} at the latest]."},
	"max-span":       {"太長[（至多 {max}）]。", "太长[（至多 {max}）]。", "Is too long[: at most {max}]."},
	"places":         {"小數位太多[（至多 {max} 位）]。", "小数位太多[（至多 {max} 位）]。", "Has too many decimals[: at most {max}]."},
	"one-of-two":     {"不能與 {other} 同時填。", "不能与 {other} 同时填。", "Does not go together with {other}."},
	"unordered": {
		"這一欄的值不分大小，只能用 value 查找。", "这一栏的值不分大小，只能用 value 查找。",
		"Its values are not less or more than one another: search it by value.",
	},
	"not-asked":   {"現在不必填這一欄，請留空。", "现在不必填这一栏，请留空。", "Is not asked for now: leave it empty."},
	"not-in-form": {"這張表沒有這一欄，不能在這裡改。", "这张表没有这一栏，不能在这里改。", "Is not in this form and cannot be changed here."},
	"unknown": {
		"沒有這一欄[（是不是 {near}？）][；表上的欄位寫在 {inside} 裡]。",
		"没有这一栏[（是不是 {near}？）][；表上的栏目写在 {inside} 里]。",
		"There is no such field[ (did you mean {near}?)][; the fields of a form stand in {inside}].",
	},
	"rows":  {"行數或行號不對。", "行数或行号不对。", "Its rows are not those that were shown."},
	"check": {"不合規定。", "不合规定。", "Is against a rule."},
	"unfit": {"算不出是否合規定，請通知管理員。", "算不出是否合规定，请通知管理员。", "A rule cannot be evaluated; tell the administrator."},
	"wrong": {"填寫有誤。", "填写有误。", "Is wrong."},
	"id": {
		"須為 1 至 64 個英文字母、數字或 . _ @ -。", "须为 1 至 64 个英文字母、数字或 . _ @ -。",
		"Must be 1 to 64 letters, digits, and . _ @ -.",
	},
	"not-theirs": {"按規定不能由此人辦理。", "按规定不能由此人办理。", "A rule does not let this person do it."},
	"printable":  {"含有不能顯示的字元。", "含有不能显示的字符。", "Holds characters that cannot be shown."},
	"nobody":     {"單位裡沒有這個人。", "单位里没有这个人。", "Is nobody of the office."},
	"unique":     {"同一項列了兩次。", "同一项列了两次。", "Names the same one twice."},
	"formula": {
		"算式不對[：{why}]。", "算式不对[：{why}]。", "Is no condition that can be judged[: {why}].",
	},
	"cursor": {"請照抄上一頁的 next。", "请照抄上一页的 next。", "Take it from next of the page before, as it is."},
	"other-office": {
		"這些檔案屬於另一個單位[（{got}，應為 {want}）]。", "这些文件属于另一个单位[（{got}，应为 {want}）]。",
		"The files are those of another office[: {got}, not {want}].",
	},
	"no-such-file": {
		"沒有這個檔案，或不是您上傳的；請先上傳。", "没有这个文件，或不是您上传的；请先上传。",
		"There is no such file of yours: upload it first.",
	},
	"file-used": {
		"這個檔案已用於另一個案件；請再上傳一次。", "这个文件已用于另一个案件；请再上传一次。",
		"This file is used by another case: upload it once more.",
	},
}

// kindWords say how a value of each kind is written: as people say it, with an example. Those at the end are JSON's.
var kindWords = map[string]sentence[string]{
	value.Text.String():     {"文字", "文字", "a text"},
	value.Note.String():     {"文字", "文字", "a text"},
	value.Phone.String():    {"電話號碼，如 13800000000", "电话号码，如 13800000000", "a telephone number such as 13800000000"},
	value.IDNumber.String(): {"15 或 18 位身份證號碼", "15 或 18 位身份证号码", "an identity number of 15 or 18 characters"},
	value.Address.String():  {"文字", "文字", "a text"},
	value.Email.String(): {
		"電郵地址，如 chan@office.example", "邮箱地址，如 chan@office.example",
		"an address such as chan@office.example",
	},
	value.Choice.String():    {"一個選項", "一个选项", "the id of one option"},
	value.Post.String():      {"一個崗位", "一个岗位", "the id of a post"},
	value.Choices.String():   {"選項清單，如 [\"a\", \"b\"]", "选项清单，如 [\"a\", \"b\"]", `a list of options such as ["a", "b"]`},
	value.Checklist.String(): {"選項清單，如 [\"a\", \"b\"]", "选项清单，如 [\"a\", \"b\"]", `a list of options such as ["a", "b"]`},
	value.Texts.String():     {"文字清單，如 [\"甲\", \"乙\"]", "文字清单，如 [\"甲\", \"乙\"]", `a list of texts such as ["a", "b"]`},
	value.People.String():    {"人員清單，如 [\"chan\"]", "人员清单，如 [\"chan\"]", `a list of persons such as ["chan"]`},
	value.YesNo.String():     {"是或否：true 或 false", "是或否：true 或 false", "true or false"},
	value.Count.String():     {"整數，如 3", "整数，如 3", "a whole number such as 3"},
	value.Number.String():    {"數字，如 1.5", "数字，如 1.5", "a number such as 1.5"},
	value.Moment.String(): {
		"時刻，如 2026-11-24T09:00:00+08:00", "时刻，如 2026-11-24T09:00:00+08:00",
		"a moment such as 2026-11-24T09:00:00+08:00",
	},
	value.Date.String():     {"日期，如 2026-11-24", "日期，如 2026-11-24", "a date such as 2026-11-24"},
	value.Month.String():    {"月份，如 2026-11", "月份，如 2026-11", "a month such as 2026-11"},
	value.Duration.String(): {"時長，如 1h30m 或 3d", "时长，如 1h30m 或 3d", "a duration such as 1h30m or 3d"},
	value.Worktime.String(): {
		"工作時間，如 3 workdays（3 個工作日）或 5 workhours（5 個工作小時）",
		"工作时间，如 3 workdays（3 个工作日）或 5 workhours（5 个工作小时）",
		"working time such as 3 workdays or 5 workhours",
	},
	value.Cash.String():       {"金額，如 10.00", "金额，如 10.00", "an amount such as 10.00"},
	value.Human.String():      {"一位人員的 id", "一位人员的 id", "the id of a person"},
	value.UnitKind.String():   {"一個部門的 id", "一个部门的 id", "the id of a unit"},
	value.File.String():       {"上傳檔案的 id", "上传文件的 id", "the id of an uploaded file"},
	value.Photo.String():      {"上傳相片的 id（圖片檔）", "上传照片的 id（图片文件）", "the id of an uploaded photograph (an image)"},
	value.Signature.String():  {"上傳簽名的 id（圖片檔）", "上传签名的 id（图片文件）", "the id of an uploaded signature (an image)"},
	value.RecordKind.String(): {"物件，如 {\"name\": …}", "对象，如 {\"name\": …}", `an object such as {"name": …}`},
	value.TableKind.String():  {"行的清單，如 [{…}, {…}]", "行的清单，如 [{…}, {…}]", "a list of rows such as [{…}, {…}]"},

	"string to be RFC 3339 date-time": {
		"時刻，如 2026-11-02T15:00:00+08:00", "时刻，如 2026-11-02T15:00:00+08:00", "a moment such as 2026-11-02T15:00:00+08:00",
	},
	"string":  {"文字", "文字", "a text"},
	"integer": {"整數，如 3", "整数，如 3", "a whole number such as 3"},
	"boolean": {"true 或 false", "true 或 false", "true or false"},
	"array":   {"清單，如 [\"a\", \"b\"]", "清单，如 [\"a\", \"b\"]", `a list such as ["a", "b"]`},
	"object":  {"物件，如 {\"name\": …}", "对象，如 {\"name\": …}", `an object such as {"name": …}`},
}

// measures are what a bound counts.
var measures = map[string]sentence[string]{
	"characters": {"個字", "个字", "characters"},
	"bytes":      {"位元組", "字节", "bytes"},
	"entries":    {"項", "项", "entries"},
	"rows":       {"行", "行", "rows"},
	"files":      {"個檔案", "个文件", "files"},
}

// single is what English calls one of what a bound counts.
var single = map[string]string{
	"characters": "character", "bytes": "byte", "entries": "entry", "rows": "row", "files": "file",
}
