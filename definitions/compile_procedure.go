package definitions

import (
	"maps"
	"slices"
	"strings"

	"github.com/guicheng/guicheng/definitions/formula"
	"github.com/guicheng/guicheng/definitions/report"
	"github.com/guicheng/guicheng/definitions/value"
)

// compiler compiles one procedure, in two phases: declare reads what other procedures may refer to (data, starts,
// ends), body all the rest.
type compiler struct {
	b     *bundler
	doc   *document
	root  *node
	p     *Procedure
	graph *Graph // the outermost list

	nodes     map[any]*node // by *value.Field, *Step, *Start …: where it stands
	parent    map[*value.Field]*value.Field
	rules     map[*value.Field]*FieldRule
	computed  map[*value.Field]bool
	stops     map[*Graph]*End
	lists     []*Graph      // all graphs, outer ones first
	implied   map[*Way]bool // ways that the order of the list says
	messages  map[string]*Message
	documents map[string]*Document
	calls     []*compiler
	collects  []collecting
}

func newCompiler(b *bundler, d *document) *compiler {
	c := &compiler{
		b: b, doc: d, root: d.root,
		nodes: map[any]*node{}, parent: map[*value.Field]*value.Field{}, rules: map[*value.Field]*FieldRule{},
		computed: map[*value.Field]bool{}, stops: map[*Graph]*End{}, implied: map[*Way]bool{},
		messages: map[string]*Message{}, documents: map[string]*Document{},
	}
	c.p = &Procedure{
		ID: d.root.get("procedure").str(), Title: d.root.get("title").str(),
		Description: d.root.get("description").str(), Steps: map[string]*Step{}, texts: map[any]textPlace{},
		Defaults: map[*value.Field]*formula.Value{},
	}
	return c
}

// declare reads data, settings and ends, and prepares the types of the expressions.
func (c *compiler) declare() {
	p, n := c.p, c.root
	p.Number = c.series(n.get("number"), p.ID+"-{yyyy}-{n:4}")
	c.settings(n.get("settings"))
	c.data(n.get("data"))
	c.graph = &Graph{}
	p.Case = &Step{ID: p.ID, Title: p.Title, Place: n.get("procedure").place(), Work: &Block{Graph: c.graph},
		Rules: rulesOf(n, c.b.out.Office)}
	c.graph.Owner = p.Case
	c.nodes[p.Case] = n
	c.ends(c.graph, n.get("ends"))
	p.Case.Outcomes = outcomesOf(c.graph)
	steps := map[string]bool{}
	stepIDs(n, steps)
	settings := make([]*value.Field, len(p.Settings))
	for i, s := range p.Settings {
		settings[i] = s.Field
	}
	env, err := formula.NewEnv(formula.Options{
		Schema: p.Data, Settings: settings, Steps: steps, Posts: c.b.posts, Skills: c.b.skills(),
		Currency: c.b.out.Office.Currency, Zone: c.b.zone(), Calendar: c.calendar(n.get("calendar")),
	})
	if err != nil && !c.b.failed { // else it is said already which name cannot be
		n.fault("internal", "", "the types of %s cannot be prepared: %v", p.ID, err)
	}
	p.Formulas = env
	for _, e := range n.get("messages").pairs() {
		c.reserved(e.key)
		m := &Message{ID: e.key.text, Title: e.value.get("title").str()}
		c.messages[m.ID] = m
		c.nodes[m] = e.value
		p.texts[m] = textPlace{node: e.key}
		p.Messages = append(p.Messages, m)
	}
	for _, e := range n.get("documents").pairs() {
		d := &Document{ID: e.key.text, Title: e.value.get("title").str()}
		c.documents[d.ID] = d
		c.nodes[d] = e.value
		p.texts[d] = textPlace{node: e.key}
		p.Documents = append(p.Documents, d)
	}
}

// body compiles all that stands in expressions, forms and steps.
func (c *compiler) body() {
	if c.p.Formulas == nil {
		return
	}
	n := c.root
	c.fieldRules()
	c.p.Manager = c.who(n.get("manager"), formula.Names{})
	c.subject(n.get("subject"))
	for _, m := range c.p.Messages {
		c.message(m, c.nodes[m])
	}
	for i, s := range n.get("start").all() {
		if s.isMap() {
			c.p.Starts = append(c.p.Starts, c.start(i, s))
		}
	}
	c.p.Again = repeats[n.get("again").str()]
	c.list(c.graph, n.get("steps"), nil)
	c.revoke(n)
	c.clock(c.p.Case, n, nil)
	c.deeds(c.p.Case, n, c.graph, nil)
	for _, g := range c.lists {
		c.joins(g)
	}
	for _, d := range c.p.Documents {
		c.document(d, c.nodes[d])
	}
	for _, e := range n.get("registers").pairs() {
		c.register(e)
	}
}

// subject reads what a case is about: values in a line, that everybody may see who sees its number.
func (c *compiler) subject(n *node) {
	for _, item := range n.all() {
		got, ok := c.path(item, nil)
		if !ok {
			continue
		}
		switch f := got.field; {
		case c.p.Data.Private(f.Path):
			item.fault("wrong-value", "", "%s is private, and lists show what a case is about to all who are offered its tasks",
				f.Path)
		case got.table != nil:
			item.fault("wrong-value", "make a field of the case", "%s is a column, and a case has many rows", f.Path)
		case f.Kind >= value.File:
			item.fault("not-for-type", "name its fields one by one", "a line of a list cannot show a %s", f.Kind)
		default:
			c.p.Subject = appendNew(c.p.Subject, f)
		}
	}
}

// revoke reads what the starter may do with the whole case, and whether its clocks can stand still.
func (c *compiler) revoke(n *node) {
	c.p.PauseClocks = n.get("pause_clocks").yes()
	until := n.get("revoke").get("until")
	if until == nil {
		return
	}
	if c.p.Revoke = c.p.Steps[until.str()]; c.p.Revoke == nil {
		until.fault("unknown-step", hintAmong(until.str(), slices.Sorted(maps.Keys(c.p.Steps))), "there is no step %s",
			clipped(until.str()))
	}
}

// stepIDs gathers the ids of all steps, for open('x') and its like.
func stepIDs(n *node, into map[string]bool) {
	for _, s := range n.get("steps").all() {
		if id := s.get("step").str(); id != "" {
			into[id] = true
		}
		stepIDs(s, into)
		stepIDs(s.get("repeat"), into)
	}
}

func texts(n *node) []string {
	var out []string
	for _, item := range n.all() {
		out = append(out, item.str())
	}
	return out
}

// reserved refuses the ids that every procedure has already.
func (c *compiler) reserved(n *node) {
	if n.str() == "done" || n.str() == "stop" {
		n.fault("reserved-name", "choose another name", "%s is a place that every list has", n.text)
	}
}

// report turns the faults of an expression into problems at their exact places.
func (c *compiler) report(at textPlace, faults []formula.Fault) bool {
	for _, f := range faults {
		c.b.add(report.Problem{Place: at.at(f.Offset), Code: f.Code, Message: f.Message, Hint: f.Hint, Width: f.Width})
	}
	return len(faults) == 0
}

func (c *compiler) guard(n *node, names formula.Names) *formula.Guard {
	if !n.isText() {
		return nil
	}
	at := textPlace{node: n}
	g, faults := c.p.Formulas.Guard(n.text, names)
	if !c.report(at, faults) || g == nil {
		return nil
	}
	c.p.texts[g] = at
	return g
}

func (c *compiler) when(n *node, names formula.Names) *formula.When {
	if !n.isText() {
		return nil
	}
	at := textPlace{node: n}
	w, faults := c.p.Formulas.When(n.text, names)
	if !c.report(at, faults) || w == nil {
		return nil
	}
	c.p.texts[w] = at
	return w
}

func (c *compiler) value(n *node, names formula.Names, want *value.Field) *formula.Value {
	if !n.isText() {
		return nil
	}
	at := textPlace{node: n}
	v, faults := c.p.Formulas.Value(n.text, names, want)
	if !c.report(at, faults) || v == nil {
		return nil
	}
	c.p.texts[v] = at
	return v
}

// spoilt tells whether a name is declared in a section of the procedure and could not be read there, which was said:
// it is refused, or it is not indented.
func (c *compiler) spoilt(section, name string) bool {
	if c.root == nil {
		return false
	}
	for _, e := range c.root.entries {
		if e.key.text == section && slices.ContainsFunc(e.value.entries, func(x entry) bool {
			return x.key.text == name && (x.key.refused || x.value.refused)
		}) {
			return true
		}
	}
	return c.root.empty == section && c.root.has(name)
}

// who reads people: a post, a list of posts, or = and an expression.
func (c *compiler) who(n *node, names formula.Names) Who {
	items := n.all()
	if n.isList() && len(items) == 0 && len(n.items) == 0 {
		n.fault("missing-key", "", "nobody is named here")
	}
	var w Who
	if len(items) > 0 {
		w.Place = items[0].place()
	}
	for _, item := range items {
		text, computed := strings.CutPrefix(item.str(), "=")
		if !computed {
			if c.b.posts != nil && !c.b.posts[text] && c.p.Data != nil && c.p.Data.Field(text) != nil {
				item.fault("unknown-post", "who stands in the field is written '="+text+"'", "the office has no post %s", text)
				continue
			}
			if c.b.post(item) && !slices.Contains(w.Posts, text) {
				w.Posts = append(w.Posts, text)
				w.Candidates = append(w.Candidates, formula.Candidate{Post: text})
			}
			continue
		}
		if len(items) > 1 {
			item.fault("wrong-kind", `write one expression: =concat(["front-desk"], holders)`,
				"a computed person stands alone, not in a list")
			continue
		}
		at := textPlace{node: item, skip: 1}
		x, faults := c.p.Formulas.Who(text, names)
		if c.report(at, faults) && x != nil {
			c.p.texts[x] = at
			w.Expr = x
		}
	}
	return w
}

// fieldRules compiles when, value, check and key of every field, and orders them.
func (c *compiler) fieldRules() {
	for _, path := range c.paths() {
		f := c.p.Data.Field(path)
		if f == nil {
			continue
		}
		c.fieldRule(f, c.nodes[f])
	}
	c.order()
}

// paths lists all full names of the data in file order.
func (c *compiler) paths() []string {
	var out []string
	for _, f := range c.p.Data.Fields {
		out = append(out, f.Path)
		for _, sub := range f.Fields {
			out = append(out, sub.Path)
		}
	}
	return out
}

func (c *compiler) fieldRule(f *value.Field, n *node) {
	names := formula.Names{Now: true}
	if t := c.parent[f]; t != nil && t.Kind == value.TableKind {
		names.Row = t
	}
	r := &FieldRule{Field: f}
	r.When = c.guard(n.get("when"), names)
	if n.has("value") {
		c.computed[f] = true
		plain := names
		plain.Now = false
		r.Value = c.value(n.get("value"), plain, f)
		if n.has("check") {
			n.keyNode("check").fault("not-for-type", "", "%s is computed: nobody could put it right", f.Path)
		}
	}
	if n.has("default") {
		c.byDefault(f, n, r.Value != nil)
	}
	asked := names
	asked.Actor = true
	r.Checks = c.checks(n.get("check"), asked)
	for _, k := range r.Checks {
		if k.At == nil {
			k.At = f
		}
	}
	if f.Kind == value.TableKind && n.has("key") {
		r.Key = c.value(n.get("key"), formula.Names{Row: f}, nil)
	}
	if r.When != nil || r.Value != nil || len(r.Checks) > 0 || r.Key != nil {
		c.rules[f] = r
	}
}

// byDefault reads what a form begins with. It is made before anything is filled in, so it reads no data.
func (c *compiler) byDefault(f *value.Field, n *node, computed bool) {
	d := n.get("default")
	if computed {
		n.keyNode("default").fault("not-for-type", "", "%s is computed: it cannot be filled in", f.Path)
		return
	}
	v := c.value(d, formula.Names{Now: true, Actor: true}, f)
	if v == nil {
		return
	}
	if reads := v.Reads(); len(reads) > 0 {
		d.fault("wrong-value", "a default reads now, today, actor and settings; what follows from data is a value",
			"%s is not known before the form is filled in", reads[0])
		return
	}
	c.p.Defaults[f] = v
}

// order puts the rules so that what one reads stands before it. A circle is an error.
func (c *compiler) order() {
	const open, done = 1, 2
	state := map[*FieldRule]int{}
	var visit func(r *FieldRule)
	visit = func(r *FieldRule) {
		if state[r] != 0 {
			return
		}
		state[r] = open
		for _, other := range c.readBy(r) {
			if state[other] == open {
				c.nodes[r.Field].keyNode("value").fault("circle", "",
					"%s is computed from %s, and that in turn from %s", r.Field.Path, other.Field.Path, r.Field.Path)
				continue
			}
			visit(other)
		}
		state[r] = done
		c.p.Rules = append(c.p.Rules, r)
	}
	for _, path := range c.paths() {
		if r := c.rules[c.p.Data.Field(path)]; r != nil {
			visit(r)
		}
	}
}

// readBy lists the rules of the fields that a rule reads, in file order.
func (c *compiler) readBy(r *FieldRule) []*FieldRule {
	read := map[string]bool{}
	if r.Value != nil {
		for _, path := range r.Value.Reads() {
			read[c.fullName(path)] = true
		}
	}
	if r.When != nil {
		for _, got := range r.When.Uncovered(nothingKnown{}) {
			read[c.fullName(got.Path)] = true
		}
	}
	var out []*FieldRule
	for _, path := range c.paths() {
		f := c.p.Data.Field(path)
		other := c.rules[f]
		if other == nil || other == r && !read[path] {
			continue
		}
		for _, name := range slices.Sorted(maps.Keys(read)) {
			if name == path || strings.HasPrefix(path, name+".") || strings.HasPrefix(name, path+".") {
				out = append(out, other)
				break
			}
		}
	}
	return out
}

// fullName turns a path by row name into one by table: paper.price is papers.price.
func (c *compiler) fullName(path string) string {
	first, rest, dotted := strings.Cut(path, ".")
	if t := c.p.Data.Table(first); t != nil {
		if !dotted {
			return t.Path
		}
		return t.Path + "." + rest
	}
	return path
}

// nothingKnown makes every read of a formula an uncovered one.
type nothingKnown struct{}

var _ formula.Known = nothingKnown{}

// Covers is false: nothing is known.
func (nothingKnown) Covers(string) bool { return false }

// Said implements formula.Known.
func (nothingKnown) Said(string) bool { return false }

// With knows no more than before.
func (k nothingKnown) With([]formula.Fact) formula.Known { return k }
