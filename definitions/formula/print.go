package formula

import (
	"strconv"
	"strings"
	"time"

	"github.com/guicheng/guicheng/definitions/value"
)

// listMark stands between the entries of a list, as Chinese writing has it.
const listMark = "、"

// printer writes values for a person to read, in the office's zone.
type printer struct {
	scope *Scope
	opts  *Options
}

func (p printer) text(v any, t *typ) string {
	switch x := v.(type) {
	case string:
		for _, o := range t.titles {
			if o.ID == x {
				return o.Title
			}
		}
		return x
	case bool:
		if x {
			return "✓"
		}
		return "✗"
	case int64:
		return strconv.FormatInt(x, 10)
	case float64:
		return strconv.FormatFloat(x, 'f', -1, 64)
	case value.Money:
		return x.String()
	case value.Work:
		return x.String()
	case time.Duration:
		return value.FormatDuration(x)
	case time.Time:
		return p.time(x, t.kind)
	case value.Person:
		return x.Name
	case value.Unit:
		return x.Name
	case value.Attachment:
		return x.Name
	case Candidate:
		return x.Post + x.Person
	case nil:
		return ""
	}
	return p.list(v, t)
}

func (p printer) time(t time.Time, kind value.Kind) string {
	form := "2006-01-02 15:04"
	switch kind {
	case value.Date:
		form = "2006-01-02"
	case value.Month:
		form = "2006-01"
	}
	return t.In(zoneOf(p.scope, p.opts)).Format(form)
}

func (p printer) list(v any, t *typ) string {
	list, err := entries(v)
	if err != nil {
		return ""
	}
	elem := anyT
	if t.elem != nil {
		elem = t.elem
	}
	parts := make([]string, len(list))
	for i, entry := range list {
		parts[i] = p.text(entry, elem)
	}
	return strings.Join(parts, listMark)
}
