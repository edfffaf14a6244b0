package formula

import (
	"slices"

	"github.com/guicheng/guicheng/definitions/value"
)

// sort is a type as formulas see it.
type sort uint8

const (
	tAny sort = iota // of an empty list's entries, or after a fault
	tBool
	tInt
	tFloat
	tString
	tTime
	tDuration
	tWork
	tMoney
	tPerson
	tUnit
	tFile
	tRecord
	tList
	tGroups    // of groupBy: lists by text
	tCandidate // an entry of manager: a post or a person
)

var sortNames = [...]string{
	"anything", "yes or no", "a whole number", "a number", "a text", "a time", "a duration", "a worktime", "money",
	"a person", "a unit", "a file", "a record", "a list", "groups", "a person or post",
}

// typ is a type: its sort, and what the sort leaves open.
type typ struct {
	sort    sort
	kind    value.Kind // tells date and month from moment, a choice from a text
	name    string     // of a record: its name in CEL
	elem    *typ       // of a list or of groups
	members []member   // of a record, in order
	options []string   // ids that a text can be; nil = any
	what    string     // what the options are: "option", "post"
	code    string     // of the fault: "unknown-option"
	titles  []value.Option
	rows    bool // a table: absent means empty
}

type member struct {
	name string
	typ  *typ
	must bool // never empty
}

var (
	anyT      = &typ{sort: tAny}
	boolT     = &typ{sort: tBool, kind: value.YesNo}
	intT      = &typ{sort: tInt, kind: value.Count}
	floatT    = &typ{sort: tFloat, kind: value.Number}
	stringT   = &typ{sort: tString, kind: value.Text}
	momentT   = &typ{sort: tTime, kind: value.Moment}
	dateT     = &typ{sort: tTime, kind: value.Date}
	monthT    = &typ{sort: tTime, kind: value.Month}
	durationT = &typ{sort: tDuration, kind: value.Duration}
	workT     = &typ{sort: tWork, kind: value.Worktime}
	moneyT    = &typ{sort: tMoney, kind: value.Cash}
	fileT     = &typ{sort: tFile, kind: value.File, name: "file"}
	candT     = &typ{sort: tCandidate}
	unitT     = &typ{sort: tUnit, kind: value.UnitKind, name: "unit", members: []member{
		{name: "id", typ: stringT, must: true}, {name: "name", typ: stringT, must: true}}}
)

func listOf(elem *typ) *typ { return &typ{sort: tList, elem: elem} }

// String describes the type to an author.
func (t *typ) String() string {
	switch {
	case t.sort == tList && t.elem.sort != tAny:
		return "a list of " + pluralNames[t.elem.sort]
	case t.kind == value.Date:
		return "a date"
	case t.kind == value.Month:
		return "a month"
	}
	return sortNames[t.sort]
}

var pluralNames = [...]string{
	"anything", "yes and no", "whole numbers", "numbers", "texts", "times", "durations", "worktimes", "money",
	"persons", "units", "files", "rows", "lists", "groups", "persons and posts",
}

func (t *typ) member(name string) *member {
	i := slices.IndexFunc(t.members, func(m member) bool { return m.name == name })
	if i < 0 {
		return nil
	}
	return &t.members[i]
}

func (t *typ) memberNames() []string {
	names := make([]string, len(t.members))
	for i, m := range t.members {
		names[i] = m.name
	}
	return names
}

func (t *typ) isNumber() bool { return t.sort == tInt || t.sort == tFloat }
func (t *typ) isScalar() bool { return t.sort >= tBool && t.sort <= tUnit }

// typeOf gives the type of a declared field.
func (o *Options) typeOf(f *value.Field) *typ {
	switch f.Kind {
	case 0: // its type is not known, which was told
		return anyT
	case value.Choice:
		return optionType(f)
	case value.Post:
		return o.postType()
	case value.Choices, value.Checklist:
		return &typ{sort: tList, kind: f.Kind, elem: optionType(f)}
	case value.Texts:
		return &typ{sort: tList, kind: f.Kind, elem: stringT}
	case value.People:
		return &typ{sort: tList, kind: f.Kind, elem: o.personType()}
	case value.YesNo:
		return boolT
	case value.Count:
		return intT
	case value.Number:
		return floatT
	case value.Moment, value.Date, value.Month:
		return &typ{sort: tTime, kind: f.Kind}
	case value.Duration:
		return durationT
	case value.Worktime:
		return workT
	case value.Cash:
		return moneyT
	case value.Human:
		return o.personType()
	case value.UnitKind:
		return unitT
	case value.File, value.Photo, value.Signature:
		return fileT
	case value.RecordKind:
		return o.recordType(f)
	case value.TableKind:
		return &typ{sort: tList, kind: f.Kind, elem: o.recordType(f), rows: true}
	}
	return &typ{sort: tString, kind: f.Kind}
}

func optionType(f *value.Field) *typ {
	return &typ{
		sort: tString, kind: value.Choice, options: ids(f), what: "option", code: "unknown-option", titles: f.Options,
	}
}

func (o *Options) recordType(f *value.Field) *typ {
	t := &typ{sort: tRecord, kind: value.RecordKind, name: "data." + f.Path}
	for _, sub := range f.Fields {
		t.members = append(t.members, member{name: sub.Name, typ: o.typeOf(sub)})
	}
	return t
}

func ids(f *value.Field) []string {
	out := make([]string, len(f.Options))
	for i, opt := range f.Options {
		out[i] = opt.ID
	}
	return out
}

func (o *Options) postType() *typ {
	posts := sortedKeys(o.Posts)
	if len(posts) == 0 {
		return &typ{sort: tString, kind: value.Post}
	}
	return &typ{sort: tString, kind: value.Post, options: posts, what: "post", code: "unknown-post"}
}

func (o *Options) skillType() *typ {
	skills := sortedKeys(o.Skills)
	if len(skills) == 0 {
		return stringT
	}
	return &typ{sort: tString, kind: value.Choice, options: skills, what: "skill", code: "unknown-skill"}
}

func (o *Options) personType() *typ {
	return &typ{sort: tPerson, kind: value.Human, name: "person", members: []member{
		{name: "id", typ: stringT, must: true}, {name: "name", typ: stringT, must: true},
		{name: "posts", typ: listOf(o.postType()), must: true}, {name: "unit", typ: unitT, must: true},
		{name: "skills", typ: listOf(o.skillType()), must: true},
	}}
}

func (o *Options) caseType() *typ {
	return &typ{sort: tRecord, kind: value.RecordKind, name: "case", members: []member{
		{name: "number", typ: stringT, must: true}, {name: "started", typ: momentT, must: true},
		{name: "starter", typ: o.personType(), must: true}, {name: "state", typ: stringT, must: true},
		{name: "outcome", typ: stringT, must: true}, {name: "ended", typ: momentT},
	}}
}

func sortedKeys(set map[string]bool) []string {
	keys := make([]string, 0, len(set))
	for k, ok := range set {
		if ok {
			keys = append(keys, k)
		}
	}
	slices.Sort(keys)
	return keys
}

// renamed gives the records of another procedure's data names of their own: both may have a `resident`.
func renamed(t *typ, name string) *typ {
	out := *t
	switch t.sort {
	case tRecord:
		out.name = "extra." + name
		out.members = slices.Clone(t.members)
		for i, m := range out.members {
			out.members[i].typ = renamed(m.typ, name+"."+m.name)
		}
	case tList:
		out.elem = renamed(t.elem, name)
	}
	return &out
}
