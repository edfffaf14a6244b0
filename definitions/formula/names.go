package formula

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/guicheng/guicheng/definitions/value"
)

// source says where the value of a name comes from.
type source uint8

const (
	fromData source = iota + 1
	fromSettings
	fromToday
	fromCase
	fromRow
	fromExtra
	fromActor
	fromAnswer
	fromOutcome
	fromDue
	fromNow
	fromTotal
	fromFinished
	fromRunning
	fromManager
	fromHolders
	fromChoose // not a name: it marks a place where people are chosen
)

// binding is what one name means at a place.
type binding struct {
	source source
	typ    *typ
	path   string // of data: the path that a read reports; "" = always there
	zone   *time.Location
}

// choosing cannot be written by an author.
const choosing = "$choose"

// where tells an author where a name exists that does not exist here.
var where = map[string]string{
	"actor":    "in allow and check",
	"answer":   "in the check of a task with answers",
	"outcome":  "in the take of a call",
	"due":      "in the timeouts of a step with within",
	"now":      "everywhere but in wait.when, events.when, until and only_while; use at",
	"today":    "everywhere but in wait.when, events.when and only_while, which no new day makes true; use at",
	"total":    "in the until of a for_each",
	"finished": "in the until of a for_each",
	"running":  "in the until of a for_each",
	"manager":  "where people are named: by, remind, escalate, reassign",
	"holders":  "where people are named: by, remind, escalate, reassign",
	"its":      "in the take of a call",
	"row":      "in the when of a collect",
	"lines":    "in the totals of a register",
	"each":     "in the set of a start with for_each",
}

// bindings lists the names of a place. What is said of the place itself hides data of the same name.
func (e *Env) bindings(n Names) map[string]binding {
	out := make(map[string]binding, len(e.data)+8)
	maps.Copy(out, e.data)
	for _, f := range n.Extra {
		out[f.Name] = binding{source: fromExtra, typ: renamed(e.opts.typeOf(f), f.Name), path: f.Name}
	}
	if n.Row != nil {
		out[n.Row.Each] = binding{source: fromRow, typ: e.opts.recordType(n.Row), path: n.Row.Each}
	}
	if n.Answers != nil {
		out["answer"] = binding{source: fromAnswer, typ: &typ{
			sort: tString, kind: value.Choice, options: n.Answers, what: "answer", code: "unknown-option"}}
	}
	special := []struct {
		here bool
		name string
		b    binding
	}{
		{n.Actor, "actor", binding{source: fromActor, typ: e.opts.personType()}},
		{n.Outcome, "outcome", binding{source: fromOutcome, typ: stringT}},
		{n.Due, "due", binding{source: fromDue, typ: momentT}},
		{n.Now, "now", binding{source: fromNow, typ: momentT}},
		{n.Counts, "total", binding{source: fromTotal, typ: intT}},
		{n.Counts, "finished", binding{source: fromFinished, typ: intT}},
		{n.Counts, "running", binding{source: fromRunning, typ: intT}},
		{n.Manager, "manager", binding{source: fromManager, typ: listOf(candT)}},
		{n.Manager, "holders", binding{source: fromHolders, typ: listOf(e.opts.personType())}},
	}
	if n.Settled {
		delete(out, "today")
	}
	if n.Choose {
		out[choosing] = binding{source: fromChoose, typ: boolT}
	}
	for _, s := range special {
		if s.here {
			out[s.name] = s.b
		}
	}
	return out
}

// place tells where a name that does not exist here exists; "" if nowhere.
func (e *Env) place(name string) string {
	if text, ok := where[name]; ok {
		return fmt.Sprintf("%s exists %s", name, text)
	}
	if t := e.opts.Schema.Table(name); t != nil {
		return fmt.Sprintf("%s names one row of %s: it exists in for_each over %s, in the rows' own when, check and "+
			"value, and in papers and registers over %s", name, t.Path, t.Path, t.Path)
	}
	return ""
}

// absent is the failure of reading an empty field.
func absent(path string) *Failure {
	return &Failure{Code: "absent", Path: path, Message: path + " is empty"}
}

// resolve gives a name's value; false: it is empty. A record or table without entry is there, and empty.
func (b binding) resolve(name string, s *Scope) (any, bool) {
	switch b.source {
	case fromData:
		return present(b.typ, s.Data, name)
	case fromExtra:
		return present(b.typ, s.Extra, name)
	case fromSettings:
		return s.Settings, true
	case fromRow:
		return s.Row, true
	case fromCase:
		return &s.Case, true
	case fromToday:
		return value.DayOf(s.Now, cmp.Or(s.Zone, b.zone)), true
	case fromActor:
		if s.Actor == nil {
			return nil, false
		}
		return *s.Actor, true
	case fromAnswer:
		return s.Answer, true
	case fromOutcome:
		return s.Outcome, true
	case fromDue:
		return s.Due, !s.Due.IsZero()
	case fromNow:
		return s.Now, true
	}
	return b.resolveMore(s)
}

func (b binding) resolveMore(s *Scope) (any, bool) {
	switch b.source {
	case fromTotal:
		return s.Total, true
	case fromFinished:
		return s.Finished, true
	case fromRunning:
		return s.Running, true
	case fromManager:
		return s.Manager, true
	case fromHolders:
		return s.Holders, true
	}
	return nil, false
}

func present(t *typ, rec value.Record, name string) (any, bool) {
	v, ok := rec[name]
	if ok && v != nil {
		return v, true
	}
	switch {
	case t.sort == tRecord:
		return value.Record(nil), true
	case t.rows:
		return []value.Record(nil), true
	}
	return nil, false
}

// getMember reads a member of a record, person, unit or case. The result of a person's unit has no name: a person
// carries the id alone.
func getMember(obj any, name string) (any, bool) {
	switch x := obj.(type) {
	case value.Record:
		v, ok := x[name]
		return v, ok && v != nil
	case value.Person:
		switch name {
		case "id":
			return x.ID, true
		case "name":
			return x.Name, true
		case "posts":
			return x.Posts, true
		case "skills":
			return x.Skills, true
		case "unit":
			return value.Unit{ID: x.Unit, Name: x.Unit}, true
		}
	case value.Unit:
		switch name {
		case "id":
			return x.ID, true
		case "name":
			return x.Name, true
		}
	case *Case:
		return caseMember(x, name)
	}
	return nil, false
}

func caseMember(c *Case, name string) (any, bool) {
	switch name {
	case "number":
		return c.Number, true
	case "started":
		return c.Started, true
	case "starter":
		return c.Starter, true
	case "state":
		return c.State, true
	case "outcome":
		return c.Outcome, true
	case "ended":
		return c.Ended, !c.Ended.IsZero()
	}
	return nil, false
}

func sortedNames(b map[string]binding) []string { return slices.Sorted(maps.Keys(b)) }

// zoneOf is the office's zone, as the scope or else the options say.
func zoneOf(s *Scope, o *Options) *time.Location {
	switch {
	case s.Zone != nil:
		return s.Zone
	case o.Zone != nil:
		return o.Zone
	}
	return time.UTC
}
