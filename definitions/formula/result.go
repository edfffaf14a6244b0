package formula

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/guicheng/guicheng/definitions/value"
)

// fits tells why a type cannot be the value of a field; "" if it can.
func fits(t *typ, want *value.Field) string {
	if t.sort == tAny || want.Kind == 0 { // or its own type is not known, which was said
		return ""
	}
	var ok bool
	switch want.Kind {
	case value.YesNo:
		ok = t.sort == tBool
	case value.Count:
		ok = t.sort == tInt
	case value.Number:
		ok = t.isNumber()
	case value.Moment, value.Date, value.Month:
		ok = t.sort == tTime
	case value.Duration:
		ok = t.sort == tDuration
	case value.Worktime:
		ok = t.sort == tWork
	case value.Cash:
		ok = t.sort == tMoney
	case value.Human:
		ok = t.sort == tPerson
	case value.UnitKind:
		ok = t.sort == tUnit
	case value.File, value.Photo, value.Signature:
		ok = t.sort == tFile
	case value.Choices, value.Checklist, value.Texts:
		ok = t.sort == tList && (t.elem.sort == tString || t.elem.sort == tAny)
	case value.People:
		ok = t.sort == tList && (t.elem.sort == tPerson || t.elem.sort == tAny)
	case value.RecordKind:
		return recordFits(t, want)
	case value.TableKind:
		if t.sort == tList && t.elem.sort != tAny {
			return recordFits(t.elem, want)
		}
		ok = t.sort == tList
	default:
		ok = t.sort == tString
	}
	if ok {
		return ""
	}
	return fmt.Sprintf("%s is a %s, but this is %s", want.Path, want.Kind, t)
}

// recordFits: every field of the result is declared, and fits; fields that are left out stay empty.
func recordFits(t *typ, want *value.Field) string {
	if t.sort != tRecord {
		return fmt.Sprintf("%s is a %s, but this is %s", want.Path, want.Kind, t)
	}
	names := make([]string, len(want.Fields))
	byName := make(map[string]*value.Field, len(want.Fields))
	for i, f := range want.Fields {
		names[i], byName[f.Name] = f.Name, f
	}
	for _, m := range t.members {
		f, ok := byName[m.name]
		if !ok {
			return fmt.Sprintf("%s has no field %s; it has %s", want.Path, m.name, strings.Join(names, ", "))
		}
		if why := fits(m.typ, f); why != "" {
			return why
		}
	}
	return ""
}

// shaper turns what a program gave into the Go values of package value.
type shaper struct{ zone *time.Location }

func unexpected(want *value.Field, v any) *Failure {
	return &Failure{Code: "type", Path: want.Path, Message: fmt.Sprintf("%s cannot hold %T", want.Path, v)}
}

// shape gives v in the Go type of the field.
func (s shaper) shape(v any, want *value.Field) (any, error) {
	if v == nil {
		return nil, &Failure{Code: "absent", Path: want.Path,
			Message: "the formula for " + want.Path + " found nothing"}
	}
	switch want.Kind {
	case value.RecordKind:
		return s.record(v, want)
	case value.TableKind:
		return s.table(v, want)
	case value.People:
		return shapeList[value.Person](v, want)
	case value.Texts, value.Choices, value.Checklist:
		return shapeList[string](v, want)
	case value.Number:
		if f, ok := toFloat(v); ok {
			return f, nil
		}
		return nil, unexpected(want, v)
	case value.Moment, value.Date, value.Month:
		t, ok := v.(time.Time)
		if !ok {
			return nil, unexpected(want, v)
		}
		return s.time(t, want.Kind), nil
	}
	if !scalarFits(v, want.Kind) {
		return nil, unexpected(want, v)
	}
	if text, ok := v.(string); ok {
		if len(text) > MaxString {
			return nil, limitFailure("MaxString", MaxString)
		}
		return v, optionFits(text, want)
	}
	return v, nil
}

// optionFits refuses a computed text that is none of a choice's options.
func optionFits(text string, want *value.Field) error {
	if len(want.Options) == 0 || slices.ContainsFunc(want.Options, func(o value.Option) bool { return o.ID == text }) {
		return nil
	}
	return &Failure{Code: "type", Path: want.Path, Message: fmt.Sprintf("%.40q is no option of %s", text, want.Path)}
}

func scalarFits(v any, k value.Kind) bool {
	switch v.(type) {
	case string:
		return k.IsText() || k == value.Choice || k == value.Post
	case bool:
		return k == value.YesNo
	case int64:
		return k == value.Count
	case time.Duration:
		return k == value.Duration
	case value.Work:
		return k == value.Worktime
	case value.Money:
		return k == value.Cash
	case value.Person:
		return k == value.Human
	case value.Unit:
		return k == value.UnitKind
	case value.Attachment:
		return k.IsAttachment()
	}
	return false
}

func (s shaper) time(t time.Time, k value.Kind) time.Time {
	switch k {
	case value.Date:
		return value.DayOf(t, s.zone)
	case value.Month:
		return value.MonthOf(t, s.zone)
	}
	return t.UTC().Truncate(time.Second)
}

func (s shaper) record(v any, want *value.Field) (any, error) {
	rec, ok := v.(value.Record)
	if !ok {
		return nil, unexpected(want, v)
	}
	out := make(value.Record, len(rec))
	for _, f := range want.Fields {
		part, ok := rec[f.Name]
		if !ok {
			continue
		}
		shaped, err := s.shape(part, f)
		if err != nil {
			return nil, err
		}
		out[f.Name] = shaped
	}
	return out, nil
}

func (s shaper) table(v any, want *value.Field) (any, error) {
	list, err := entries(v)
	if err != nil {
		return nil, err
	}
	if len(list) > MaxItems {
		return nil, limitFailure("MaxItems", MaxItems)
	}
	out := make([]value.Record, 0, len(list))
	for _, entry := range list {
		row, err := s.record(entry, want)
		if err != nil {
			return nil, err
		}
		rec, ok := row.(value.Record)
		if !ok {
			return nil, unexpected(want, entry)
		}
		out = append(out, rec)
	}
	return out, nil
}

func shapeList[T any](v any, want *value.Field) (any, error) {
	list, err := entries(v)
	if err != nil {
		return nil, err
	}
	if len(list) > MaxItems {
		return nil, limitFailure("MaxItems", MaxItems)
	}
	out := make([]T, 0, len(list))
	for _, entry := range list {
		x, ok := entry.(T)
		if !ok {
			return nil, unexpected(want, entry)
		}
		if text, ok := entry.(string); ok {
			if err := optionFits(text, want); err != nil {
				return nil, err
			}
		}
		if whole, ok := value.Clone(x).(T); ok {
			out = append(out, whole)
		}
	}
	return out, nil
}

// plain gives a result that no field asks for: lists in the Go type of their entries.
func plain(v any, t *typ) (any, error) {
	if v == nil {
		return nil, &Failure{Code: "absent", Message: "the formula found nothing"}
	}
	if t.sort != tList {
		return value.Clone(v), nil
	}
	whole := &value.Field{Path: "the result"}
	switch t.elem.sort {
	case tString:
		return shapeList[string](v, whole)
	case tPerson:
		return shapeList[value.Person](v, whole)
	case tUnit:
		return shapeList[value.Unit](v, whole)
	case tRecord:
		return shapeList[value.Record](v, whole)
	}
	return shapeList[any](v, whole)
}
