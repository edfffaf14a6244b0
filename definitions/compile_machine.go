package definitions

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/guicheng/guicheng/definitions/formula"
	"github.com/guicheng/guicheng/definitions/value"
)

func (c *compiler) request(s *Step, n *node, row *value.Field) {
	w := &Request{Timeout: defaultTimeout, Method: n.get("method").str()}
	s.Work = w
	if to := n.get("to"); to != nil {
		w.System = to.text
		var ids []string
		for _, x := range c.b.out.Office.Systems {
			ids = append(ids, x.ID)
		}
		if !slices.Contains(ids, to.text) {
			hint := hintAmong(to.text, ids)
			if len(ids) == 0 {
				hint = "write systems: {" + clipped(to.text) + ": …} into office.yaml"
			}
			to.fault("unknown-system", hint, "the office has no system %s", clipped(to.text))
		}
	}
	if w.Method == "" {
		w.Method = "GET"
		if n.has("with") {
			w.Method = "POST"
		}
	}
	if n.has("with") && slices.Contains(bodiless, w.Method) {
		n.keyNode("with").fault("not-for-type", "write it into the path", "a %s is given nothing", w.Method)
	}
	w.Path = c.wire(n.get("path"), row)
	if path := n.get("path"); path.isText() && !strings.HasPrefix(path.text, "/") {
		path.fault("wrong-value", "write /"+clipped(path.text),
			"a path begins with /: the rest of the address is the system's")
	}
	for _, e := range n.get("headers").pairs() {
		c.header(w, e, row)
	}
	w.OK = c.statuses(n.get("ok"))
	if !n.has("ok") {
		w.OK = []Statuses{{From: 200, To: 299}}
	}
	for _, e := range n.get("errors").pairs() {
		w.Errors = append(w.Errors, &NamedError{ID: e.key.text, Title: e.key.text, Statuses: c.statuses(e.value)})
	}
	if t := n.get("timeout"); t != nil {
		w.Timeout = c.span(t, MaxTimeout)
	}
	status := &value.Field{Name: "status", Path: "status", Kind: value.Count}
	c.given(&w.Given, n, row, status)
}

func (c *compiler) job(s *Step, n *node, row *value.Field) {
	w := &Job{Name: n.get("kind").str()}
	s.Work = w
	for _, e := range n.get("outcomes").pairs() {
		c.reserved(e.key)
		s.Outcomes = append(s.Outcomes, Outcome{ID: e.key.text, Title: e.value.str()})
	}
	for _, e := range n.get("errors").pairs() {
		w.Errors = append(w.Errors, &NamedError{ID: e.key.text, Title: e.value.str()})
	}
	c.given(&w.Given, n, row)
}

// given reads what requests and jobs have in common. more are names that exist beside answer.
func (c *compiler) given(g *Given, n *node, row *value.Field, more ...*value.Field) {
	for _, e := range n.get("with").pairs() {
		a := &Argument{Name: e.key.text, Value: c.value(e.value, formula.Names{Row: row}, nil)}
		if a.Value == nil {
			continue
		}
		if a.Field = c.p.Data.Field(strings.TrimSpace(a.Value.Source())); a.Field == nil {
			a.Field = &value.Field{Name: a.Name, Path: a.Name, Kind: a.Value.Kind()}
		}
		g.With = append(g.With, a)
	}
	names := formula.Names{Row: row, Extra: more}
	if n.has("answer") {
		g.Answer = &value.Field{Name: "answer", Path: "answer", Kind: value.RecordKind}
		for _, e := range n.get("answer").pairs() {
			g.Answer.Fields = append(g.Answer.Fields, c.answerField(e))
		}
		names.Extra = append([]*value.Field{g.Answer}, more...)
	}
	for _, item := range n.get("optional").all() {
		i := slices.IndexFunc(fieldsOf(g.Answer), func(f *value.Field) bool { return f.Name == item.text })
		if i < 0 {
			item.fault("not-in-form", "optional names those of answer that may be missing", "%s is not in the answer",
				clipped(item.text))
			continue
		}
		g.Optional = append(g.Optional, g.Answer.Fields[i])
	}
	for _, e := range n.get("take").pairs() {
		if into, ok := c.target(e.key, row); ok {
			g.Take = append(g.Take, &Assign{Into: into.field, OfRow: into.ofRow, Value: c.value(e.value, names, into.field)})
		}
	}
	g.Retry = c.retry(n.get("retry"))
}

func fieldsOf(f *value.Field) []*value.Field {
	if f == nil {
		return nil
	}
	return f.Fields
}

// answerField reads a field of an answer: declared as data are, but not asked, computed or checked.
func (c *compiler) answerField(e entry) *value.Field {
	c.name(e.key, false)
	f := c.field(e, nil)
	for _, key := range []string{"when", "value", "check", "key"} {
		if e.value.has(key) {
			e.value.keyNode(key).fault("not-for-type", "", "a field of an answer has no %s", key)
		}
	}
	within(f, "answer")
	return f
}

// within puts the name of a record before the paths of a field and of all in it.
func within(f *value.Field, name string) {
	f.Path = name + "." + f.Name
	for _, sub := range f.Fields {
		within(sub, f.Path)
	}
}

func (c *compiler) retry(n *node) Retry {
	r := Retry{Times: defaultTimes, First: defaultFirst, Most: defaultMost}
	if times := n.get("times"); times != nil {
		r.Times, _ = strconv.Atoi(times.text)
		if r.Times > MaxRetries {
			times.fault("limit", "", "the limit MaxRetries is %d", MaxRetries)
		}
	}
	if first := n.get("first"); first != nil {
		r.First = c.span(first, MaxPause)
	}
	if most := n.get("most"); most != nil {
		r.Most = c.span(most, MaxPause)
	}
	r.Most = max(r.Most, r.First)
	return r
}

func (c *compiler) span(n *node, most time.Duration) time.Duration {
	d, err := value.ParseDuration(n.text)
	if err == nil && (d <= 0 || d > most) {
		n.fault("wrong-value", "", "this is between 1ns and %s", value.FormatDuration(most))
	}
	return d
}

// statuses reads HTTP statuses: 404, '200..299', or several.
func (c *compiler) statuses(n *node) []Statuses {
	var out []Statuses
	for _, item := range n.all() {
		from, to, isRange := strings.Cut(item.str(), "..")
		if !isRange {
			to = from
		}
		low, err := strconv.Atoi(strings.TrimSpace(from))
		high, err2 := strconv.Atoi(strings.TrimSpace(to))
		if err != nil || err2 != nil || low < 100 || high > 599 || low > high {
			item.fault("wrong-value", "write 404 or '200..299'", "%s is no status of HTTP", clipped(item.str()))
			continue
		}
		out = append(out, Statuses{From: low, To: high})
	}
	return out
}

var (
	bodiless   = []string{"GET", "DELETE"}
	headerName = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9-]{0,63}$`)
	// ownHeaders are those that the engine writes itself, or that belong to the way and not to the message.
	ownHeaders = []string{
		"host", "content-length", "content-type", "connection", "transfer-encoding", "idempotency-key", "authorization",
		"cookie", "proxy-authorization", "upgrade", "te", "trailer", "webhook-id", "webhook-timestamp", "webhook-signature",
	}
)

func (c *compiler) header(w *Request, e entry, row *value.Field) {
	name := e.key.text
	switch {
	case !headerName.MatchString(name):
		e.key.fault("wrong-name", "X-Kind", "%s is no name of a header", clipped(name))
		return
	case slices.Contains(ownHeaders, strings.ToLower(name)):
		e.key.fault("reserved-name", "secrets are told to the server, with the system", "%s is written by the engine", name)
		return
	}
	if text := c.wire(e.value, row); text != nil {
		w.Headers = append(w.Headers, &Header{Name: name, Text: text})
	}
}

// wire reads a text for another system.
func (c *compiler) wire(n *node, row *value.Field) *formula.Template {
	if !n.isText() {
		return nil
	}
	at := textPlace{node: n}
	t, faults := c.p.Formulas.Text(n.text, formula.Names{Row: row})
	if !c.report(at, faults) || t == nil {
		return nil
	}
	c.p.texts[t] = at
	return t
}
