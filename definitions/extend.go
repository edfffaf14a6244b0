package definitions

import (
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/guicheng/guicheng/definitions/report"
)

// A procedure that extends another is laid over the text of that one, which stands beside it in the office's folder:
// mappings are merged key by key, steps by their ids wherever they stand, every other value and list is replaced. What
// comes of it is checked as a whole; a finding points into the file that wrote it.

var extendsForm = regexp.MustCompile(`^([a-z][a-z0-9-]*)/([a-z][a-z0-9-]*)(@[1-9][0-9]{0,8})?$`)

// isBase tells a copy of another office's procedures: <office>.base.yaml, or <office>.<name>.base.yaml.
func isBase(file string) bool { return strings.HasSuffix(path.Base(file), ".base.yaml") }

// baseOffice is the office whose procedures such a file holds.
func baseOffice(file string) string {
	office, _, _ := strings.Cut(path.Base(file), ".")
	return office
}

// bases are the documents that can be extended, by office/procedure.
type bases map[string]*document

func (b bases) add(d *document) {
	if id := d.root.get("procedure").str(); id != "" {
		key := baseOffice(d.src.name) + "/" + id
		if b[key] == nil {
			b[key] = d
		}
	}
}

// vary lays a procedure over the one that it extends; false: it cannot, and that is reported.
func (b bases) vary(d *document) (*document, bool) {
	at := d.root.get("extends")
	parts := extendsForm.FindStringSubmatch(at.str())
	if len(parts) < 3 {
		d.root.keyNode("extends").fault("wrong-value", "write office/procedure, or office/procedure@3",
			"this does not name a procedure of another office")
		return nil, false
	}
	base := b[parts[1]+"/"+parts[2]]
	if base == nil {
		at.fault("unknown-base", "put a copy of its file beside this one, as "+parts[1]+".base.yaml",
			"there is no copy of %s here", clipped(at.text))
		return nil, false
	}
	if base.root.has("extends") {
		at.fault("unknown-base", "extend the procedure that stands behind it", "%s extends another one itself",
			clipped(at.text))
		return nil, false
	}
	v, own := &variation{root: copyNode(base.root)}, copyNode(d.root)
	v.drop(own.get("drops"))
	v.lay(v.root, own)
	return &document{src: d.src, root: v.root, from: d.from, to: d.to, base: base}, true
}

// copyNode copies a tree: what is found out about one copy does not hold for another.
func copyNode(n *node) *node {
	if n == nil {
		return nil
	}
	out := *n
	out.items = make([]*node, len(n.items))
	for i, item := range n.items {
		out.items[i] = copyNode(item)
	}
	out.entries = make([]entry, len(n.entries))
	for i, e := range n.entries {
		out.entries[i] = entry{key: copyNode(e.key), value: copyNode(e.value)}
	}
	return &out
}

// variation is a procedure on its way from its base to what it becomes.
type variation struct{ root *node }

// onlyVaried are the keys that say how one procedure is laid over another.
var onlyVaried = []string{"extends", "drops"}

// lay puts the keys of a mapping over those of another.
func (v *variation) lay(under, over *node) {
	for _, e := range over.entries {
		if over.has("extends") && slices.Contains(onlyVaried, e.key.text) {
			continue
		}
		i := slices.IndexFunc(under.entries, func(x entry) bool { return x.key.text == e.key.text })
		switch {
		case e.key.text == "steps" && e.value.kind == listNode && i >= 0 && under.entries[i].value.kind == listNode:
			v.steps(under.entries[i].value, e.value)
		case i < 0:
			under.entries = append(under.entries, e)
		case e.value.kind == mapNode && under.entries[i].value.kind == mapNode:
			v.lay(under.entries[i].value, e.value)
		default:
			under.entries[i] = e
		}
	}
}

// steps lays each step over that of its id, wherever it stands, and puts in those that are new.
func (v *variation) steps(list, over *node) {
	for _, s := range over.items {
		id := s.get("step").str()
		if in, i := v.find(v.root, id); in != nil {
			v.lay(in.items[i], s)
			continue
		}
		v.insert(list, s)
	}
}

// insert puts a new step before or after another, or else at the end of the list.
func (v *variation) insert(list, s *node) {
	place, next := s.get("before"), 0
	if place == nil {
		place, next = s.get("after"), 1
	}
	if place == nil || place.kind != scalarNode {
		list.items = append(list.items, s)
		return
	}
	in, i := v.find(v.root, place.text)
	if in == nil {
		place.fault("unknown-step", "", "there is no step %s, beside which this one is put", clipped(place.text))
		list.items = append(list.items, s)
		return
	}
	s.entries = slices.DeleteFunc(slices.Clone(s.entries), func(e entry) bool { return e.value == place })
	in.items = slices.Insert(in.items, i+next, s)
}

// find gives the list in which a step stands, and its place in it; nil if there is none.
func (v *variation) find(n *node, id string) (*node, int) {
	if n == nil || id == "" {
		return nil, 0
	}
	if list := n.get("steps"); list.isList() {
		for i, s := range list.items {
			if s.get("step").str() == id {
				return list, i
			}
		}
		for _, s := range list.items {
			if in, i := v.find(s, id); in != nil {
				return in, i
			}
		}
	}
	return v.find(n.get("repeat"), id)
}

// drop takes away what the variation does without: steps.<id>, documents.slip, data.host.phone, steps.<id>.timeouts.
func (v *variation) drop(list *node) {
	for _, item := range list.all() {
		if item.kind != scalarNode || !v.dropOne(item.text) {
			item.fault("unknown-drop", "write steps.<id>, data.<name>, documents.<id>, or a key of one of them",
				"the base has no %s", clipped(item.str()))
		}
	}
}

func (v *variation) dropOne(what string) bool {
	at, keys := v.root, strings.Split(what, ".")
	if keys[0] == "steps" && len(keys) > 1 {
		in, i := v.find(v.root, keys[1])
		if in == nil {
			return false
		}
		if len(keys) == 2 {
			in.items = slices.Delete(in.items, i, i+1)
			return true
		}
		at, keys = in.items[i], keys[2:]
	}
	for len(keys) > 1 {
		if at = at.get(keys[0]); at == nil || at.kind != mapNode {
			return false
		}
		keys = keys[1:]
		if keys[0] != "fields" && at.get("fields").isMap() && !at.has(keys[0]) { // data.host.phone
			at = at.get("fields")
		}
	}
	before := len(at.entries)
	at.entries = slices.DeleteFunc(at.entries, func(e entry) bool { return e.key.text == keys[0] })
	return len(at.entries) < before
}

// BaseChanges tells what newer versions of the procedures that an office extends change for it: of each that is not as
// the copy that the office has, one finding, a warning with the differences of what comes of it. theirs are
// the files of the office that is extended, as they are now. What the office says otherwise makes no difference.
func BaseChanges(ours []File, office string, theirs []File) []report.Problem {
	var out []report.Problem
	now := bases{}
	for _, f := range theirs {
		for _, d := range silent(f) {
			if id := d.root.get("procedure").str(); id != "" {
				now[office+"/"+id] = d
			}
		}
	}
	old := basesOf(ours)
	for _, f := range ours {
		if isBase(f.Name) {
			continue
		}
		for _, d := range silent(f) {
			if p, some := baseChange(d, office, old, now); some {
				out = append(out, p)
			}
		}
	}
	return out
}

// baseChange tells what of one procedure is otherwise with the base of now.
func baseChange(d *document, office string, old, now bases) (report.Problem, bool) {
	at := d.root.get("extends")
	parts := extendsForm.FindStringSubmatch(at.str())
	if len(parts) < 3 || parts[1] != office || now[parts[1]+"/"+parts[2]] == nil {
		return report.Problem{}, false
	}
	before, ok := old.vary(d)
	after, still := now.vary(d)
	if !ok || !still {
		return report.Problem{}, false
	}
	c := &comparer{}
	c.file(d.root.get("procedure").str(), before.root, after.root)
	p := report.Problem{Place: at.place(), Width: at.width(), Severity: report.Warning, Code: "base-changed",
		Message: parts[1] + "/" + parts[2] + " is not any more as the copy of it here",
		Hint:    "copy its file anew, and look at what it changes here"}
	p.WayIn = map[string][]string{}
	for _, x := range c.changes {
		p.Way = append(p.Way, x.Say("en"))
		for _, lang := range languages {
			p.WayIn[lang] = append(p.WayIn[lang], x.Say(lang))
		}
	}
	return p, len(c.changes) > 0
}

// basesOf gathers the copies of other offices' procedures among files.
func basesOf(files []File) bases {
	out := bases{}
	for _, f := range files {
		if isBase(f.Name) {
			for _, d := range silent(f) {
				out.add(d)
			}
		}
	}
	return out
}
