package value

import (
	"encoding/json"
	"fmt"
	"strconv"
	"unicode/utf8"
)

func (d *decoder) person(path string, raw json.RawMessage) (any, bool) {
	if id, ok := stringOf(raw); ok {
		if d.resolver != nil {
			if p, found := d.resolver.Person(id); found {
				return p, true
			}
			d.fault(path, "option", "want", "person", "got", clip(id))
			return nil, false
		}
		return d.wrong(path, Human)
	}
	var p Person
	if json.Unmarshal(raw, &p) != nil || !identified(p.ID, p.Name) {
		return d.wrong(path, Human)
	}
	return p, true
}

func (d *decoder) unit(path string, raw json.RawMessage) (any, bool) {
	if id, ok := stringOf(raw); ok {
		if d.resolver != nil {
			if u, found := d.resolver.Unit(id); found {
				return u, true
			}
			d.fault(path, "option", "want", "unit", "got", clip(id))
			return nil, false
		}
		return d.wrong(path, UnitKind)
	}
	var u Unit
	if json.Unmarshal(raw, &u) != nil || !identified(u.ID, u.Name) {
		return d.wrong(path, UnitKind)
	}
	return u, true
}

func (d *decoder) attachment(path string, raw json.RawMessage) (any, bool) {
	var a Attachment
	if json.Unmarshal(raw, &a) != nil || !identified(a.ID, a.Name) || a.Size < 0 {
		return d.wrong(path, File)
	}
	return a, true
}

func identified(id, name string) bool {
	return id != "" && utf8.RuneCountInString(id) <= MaxText && utf8.RuneCountInString(name) <= MaxText
}

func (d *decoder) people(path string, raw json.RawMessage) (any, bool) {
	var list []json.RawMessage
	if json.Unmarshal(raw, &list) != nil || list == nil {
		return d.wrong(path, People)
	}
	if len(list) > MaxItems {
		d.fault(path, "max", "max", strconv.Itoa(MaxItems), "of", "entries")
		return nil, false
	}
	out, good := make([]Person, 0, len(list)), true
	for i, part := range list {
		v, ok := d.person(fmt.Sprintf("%s[%d]", path, i), part)
		if p, is := v.(Person); is {
			out = append(out, p)
		}
		good = good && ok
	}
	return out, good
}
