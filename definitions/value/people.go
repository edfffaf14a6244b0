package value

import (
	"encoding/json"
	"fmt"
	"strconv"
	"unicode/utf8"
)

// A reading with a Resolver is of what people send: of a person, unit or attachment only the id is believed, whatever
// else is sent with it. Without one it is of what the engine wrote itself, and an object is taken as it stands.

func (d *decoder) person(path string, raw json.RawMessage) (any, bool) {
	if d.resolver != nil {
		return resolved(d, path, raw, Human, d.resolver.Person)
	}
	var p Person
	if json.Unmarshal(raw, &p) != nil || !identified(p.ID, p.Name) {
		return d.wrong(path, Human)
	}
	return p, true
}

func (d *decoder) unit(path string, raw json.RawMessage) (any, bool) {
	if d.resolver != nil {
		return resolved(d, path, raw, UnitKind, d.resolver.Unit)
	}
	var u Unit
	if json.Unmarshal(raw, &u) != nil || !identified(u.ID, u.Name) {
		return d.wrong(path, UnitKind)
	}
	return u, true
}

func (d *decoder) attachment(f *Field, path string, raw json.RawMessage) (any, bool) {
	if d.resolver != nil {
		return resolved(d, path, raw, f.Kind, d.resolver.Attachment)
	}
	var a Attachment
	if json.Unmarshal(raw, &a) != nil || !identified(a.ID, a.Name) || a.Size < 0 {
		return d.wrong(path, f.Kind)
	}
	return a, true
}

// resolved reads an id, alone or as a member of an object, and takes what the resolver knows by it.
func resolved[T any](d *decoder, path string, raw json.RawMessage, k Kind, find func(string) (T, bool)) (any, bool) {
	id, ok := stringOf(raw)
	if !ok {
		var object struct {
			ID string `json:"id"`
		}
		if json.Unmarshal(raw, &object) != nil {
			return d.wrong(path, k)
		}
		id = object.ID
	}
	if !identified(id, "") {
		return d.wrong(path, k)
	}
	if v, found := find(id); found {
		return v, true
	}
	d.fault(path, "option", "want", k.String(), "got", clip(id))
	return nil, false
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
