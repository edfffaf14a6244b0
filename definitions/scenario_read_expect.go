package definitions

import (
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"time"

	"go.yaml.in/yaml/v4"

	"github.com/guicheng/guicheng/definitions/report"
	"github.com/guicheng/guicheng/definitions/value"
)

// expect reads what must hold at a point of a play.
func (r *playReader) expect(n *node) *Expect {
	x := &Expect{
		Open: r.steps(n.get("open")), Only: n.get("only").yes(), NotOpen: r.steps(n.get("not_open")),
		Number: n.get("number").str(), Running: n.get("running").yes(),
	}
	for _, who := range n.get("who_may").all() {
		x.WhoMay = append(x.WhoMay, r.someone(who))
	}
	if len(x.WhoMay) > 0 && len(x.Open) != 1 {
		n.get("who_may").fault("who-may", "name one step under open", "who may do which of %d open steps?", len(x.Open))
	}
	if data := n.get("data"); data != nil {
		x.Data = map[string]any{}
		r.values(data, r.p, x.Data)
	}
	for _, path := range n.get("empty").all() {
		r.field(path, r.p)
		x.Empty = append(x.Empty, path.str())
	}
	x.Due = r.due(n.get("due"), x)
	if registers := n.get("registers"); registers != nil {
		x.Registers = map[string]any{}
		for _, e := range registers.pairs() {
			if reg := r.register(e.key); reg != nil {
				x.Registers[reg.ID] = r.plain(e.value, reg.Lines)
			}
		}
	}
	x.Issued = r.counts(n.get("issued"), func(key *node) {
		ids := make([]string, len(r.p.Documents))
		for i, d := range r.p.Documents {
			ids[i] = d.ID
		}
		r.known(key, "document", ids)
	})
	x.Times = r.counts(n.get("times"), func(key *node) { r.step(key) })
	x.Copied, x.Told = r.people(n.get("copied")), r.people(n.get("told"))
	for _, id := range n.get("called").all() {
		x.Called = append(x.Called, r.known(id, "procedure", r.procedures))
	}
	if ended := n.get("ended"); ended != nil {
		ends := append(endsOf(r.p), CancelledEnd)
		if r.p.Revoke != nil {
			ends = append(ends, RevokedEnd)
		}
		x.Ended = r.known(ended, "end", ends)
	}
	return x
}

// due reads until when the one open task is to be done.
func (r *playReader) due(n *node, x *Expect) time.Time {
	if n == nil {
		return time.Time{}
	}
	if len(x.Open) != 1 {
		n.fault("who-may", "name one step under open", "which of %d open steps is due then?", len(x.Open))
	}
	at, err := value.ParseMoment(n.str(), r.office.Zone)
	if err != nil {
		n.fault("wrong-value", "as in 2026-11-02 09:30", "%s is no moment", clipped(n.str()))
	}
	return at
}

// register finds a register of the procedure, and reports it when there is none.
func (r *playReader) register(key *node) *Register {
	ids := make([]string, len(r.p.Registers))
	for i, reg := range r.p.Registers {
		ids[i] = reg.ID
	}
	return r.p.Register(r.known(key, "register", ids))
}

func (r *playReader) steps(n *node) []string {
	var out []string
	for _, id := range n.all() {
		r.step(id)
		out = append(out, id.str())
	}
	return out
}

// people reads a list of posts and players.
func (r *playReader) people(n *node) []string {
	var list, out []string
	for _, p := range r.office.Posts {
		list = append(list, p.ID)
	}
	for _, p := range r.out.Staff {
		list = append(list, p.ID)
	}
	for _, id := range n.all() {
		out = append(out, r.known(id, "post", list))
	}
	return out
}

func (r *playReader) counts(n *node, check func(key *node)) map[string]int {
	if n == nil {
		return nil
	}
	out := map[string]int{}
	for _, e := range n.pairs() {
		check(e.key)
		out[e.key.str()] = number(e.value)
	}
	return out
}

func number(n *node) int {
	i, _ := strconv.Atoi(n.str()) // the grammar has seen to it that it is one
	return i
}

// fill reads values: names of samples and values by full name, one after the other, so that later ones win.
func (r *playReader) fill(n *node, p *Procedure) map[string]any {
	if n == nil {
		return nil
	}
	into := map[string]any{}
	for _, part := range n.all() {
		if part.isText() {
			sample, ok := r.samples[part.str()]
			if !ok {
				r.known(part, "sample", r.names)
			}
			maps.Copy(into, sample)
			continue
		}
		r.values(part, p, into)
	}
	return into
}

// values reads a mapping from full names to values.
func (r *playReader) values(n *node, p *Procedure, into map[string]any) {
	for _, e := range n.pairs() {
		f := r.field(e.key, p)
		switch {
		case f == nil:
		case f.Kind == value.RecordKind:
			r.record(e.value, f, e.key.str(), into)
		default:
			into[e.key.str()] = r.plain(e.value, f)
		}
	}
}

// record takes a record's values one by one, so that a later value for one of them wins.
func (r *playReader) record(n *node, f *value.Field, path string, into map[string]any) {
	for _, e := range n.pairs() {
		sub := column(f, e.key)
		switch {
		case sub == nil:
		case sub.Kind == value.RecordKind:
			r.record(e.value, sub, path+"."+sub.Name, into)
		default:
			into[path+"."+sub.Name] = r.plain(e.value, sub)
		}
	}
}

// column finds an entry of a record or table, and reports it when there is none.
func column(f *value.Field, key *node) *value.Field {
	names := make([]string, len(f.Fields))
	for i, sub := range f.Fields {
		if sub.Name == key.str() {
			return sub
		}
		names[i] = sub.Name
	}
	key.fault("unknown-field", report.DidYouMean(key.str(), names), "%s has no field %q", f.Path, key.str())
	return nil
}

// field finds a field by its full name; in a form for one row by the row's name. It reports it when there is none.
func (r *playReader) field(key *node, p *Procedure) *value.Field {
	var names []string
	var find func(list []*value.Field, prefix string) *value.Field
	find = func(list []*value.Field, prefix string) *value.Field {
		for _, f := range list {
			name := prefix + f.Name
			if name == key.str() {
				return f
			}
			names = append(names, name)
			if found := find(f.Fields, name+"."); found != nil {
				return found
			}
			if f.Kind == value.TableKind {
				if found := find(f.Fields, f.Each+"."); found != nil {
					return found
				}
			}
		}
		return nil
	}
	f := find(p.Data.Fields, "")
	if f == nil && key.isText() {
		key.fault("unknown-field", report.DidYouMean(key.str(), names), "%s has no field %q", p.ID, key.str())
	}
	return f
}

// plain gives a value as JSON has it. What does not fit its field is left as it is: a play may show the refusal.
func (r *playReader) plain(n *node, f *value.Field) any {
	switch {
	case n.isList() && f.Kind == value.TableKind:
		rows := make([]any, 0, len(n.items))
		for _, item := range n.items {
			row := map[string]any{}
			for _, e := range item.pairs() {
				if sub := column(f, e.key); sub != nil {
					row[sub.Name] = r.plain(e.value, sub)
				}
			}
			rows = append(rows, row)
		}
		return rows
	case n.isList():
		list := make([]any, 0, len(n.items))
		for _, item := range n.items {
			list = append(list, scalarJSON(item))
		}
		return list
	case n.isMap():
		object := map[string]any{}
		for _, e := range n.pairs() {
			object[e.key.str()] = scalarJSON(e.value)
		}
		return object
	}
	switch {
	case f.Kind == value.YesNo, f.Kind == value.Count, f.Kind == value.Number:
		return scalarJSON(n)
	case f.Kind.IsAttachment(): // a name stands for a small file of that name
		return map[string]any{"id": n.str(), "name": n.str(), "type": "text/plain", "size": json.Number("1")}
	case slices.Contains([]value.Kind{value.Choices, value.Checklist, value.Texts, value.People}, f.Kind):
		return []any{n.str()}
	}
	return n.str()
}

// scalarJSON reads true, false and numbers as such where they are not in quotes.
func scalarJSON(n *node) any {
	text := n.str()
	if n.style&(yaml.SingleQuotedStyle|yaml.DoubleQuotedStyle) != 0 {
		return text
	}
	switch text {
	case "true":
		return true
	case "false":
		return false
	}
	if json.Valid([]byte(text)) && text != "null" {
		return json.Number(text)
	}
	return text
}
