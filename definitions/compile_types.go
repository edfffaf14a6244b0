package definitions

import (
	"regexp"
	"slices"
	"strings"

	"github.com/guicheng/guicheng/definitions/report"
	"github.com/guicheng/guicheng/definitions/value"
)

// foreignTypes are the words of other languages for our types.
var foreignTypes = map[string]string{
	"string": "text", "str": "text", "varchar": "text", "longtext": "note", "textarea": "note", "memo": "note",
	"int": "count", "integer": "count", "long": "count", "number-of": "count",
	"bool": "yes-no", "boolean": "yes-no", "checkbox": "yes-no",
	"datetime": "moment", "timestamp": "moment", "time": "moment", "date-time": "moment",
	"float": "number", "double": "number", "real": "number",
	"decimal": "money", "currency": "money", "amount": "money", "cash": "money",
	"enum": "choice", "select": "choice", "radio": "choice", "multiselect": "choices", "list": "texts", "array": "texts",
	"user": "person", "staff": "person", "department": "unit", "attachment": "file", "image": "photo", "upload": "file",
	"timespan": "duration", "interval": "duration", "role": "post",
}

// typeHint names the type that a wrong word most likely means, and else all types.
func (b *bundler) typeHint(wrong string) string {
	if word := foreignTypes[strings.ToLower(wrong)]; word != "" {
		return "it is called " + word + " here"
	}
	var names []string
	for k := value.Text; k < value.RecordKind; k++ {
		names = append(names, k.String())
	}
	for _, e := range b.office.get("types").pairs() {
		names = append(names, e.key.text)
	}
	all := "the types are " + strings.Join(names, ", ")
	if near := report.DidYouMean(wrong, names); near != "" {
		return near + " " + all
	}
	return all
}

var (
	spanCalled  = regexp.MustCompile(`^\s*(minutes|hours|days|workdays|workhours)\(\s*(\d+)\s*\)\s*$`)
	spanInWords = regexp.MustCompile(`^\s*(\d+)\s*(minute|hour|day|workday|workhour|min|hr)s?\s*$`)
)

// settingHint says how a setting's value is written, from what stands there.
func settingHint(f *value.Field, text string) string {
	if len(f.Options) > 0 {
		ids := make([]string, len(f.Options))
		for i, o := range f.Options {
			ids[i] = o.ID
		}
		return hintAmong(text, ids)
	}
	number, unit := "", ""
	if m := spanCalled.FindStringSubmatch(text); m != nil {
		number, unit = m[2], strings.TrimSuffix(m[1], "s")
	} else if m := spanInWords.FindStringSubmatch(text); m != nil {
		number, unit = m[1], m[2]
	}
	work := unit == "workday" || unit == "workhour"
	switch {
	case f.Kind == value.Duration && work:
		return "working time is a type of its own: type: worktime, value: " + number + " " + unit + "s"
	case f.Kind == value.Duration && unit != "":
		return "write " + number + unit[:1] + "; only formulas have " + plural(unit) + "(" + number + ")"
	case f.Kind == value.Worktime && work:
		return "write " + number + " " + unit + "s"
	}
	return f.Hint
}

// plural is the function that makes a span of a unit.
func plural(unit string) string {
	short := []string{"min", "hr"}
	long := []string{"minutes", "hours"}
	if i := slices.Index(short, unit); i >= 0 {
		return long[i]
	}
	return unit + "s"
}
