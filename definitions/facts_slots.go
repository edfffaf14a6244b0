package definitions

import (
	"slices"
	"strings"
	"time"

	"github.com/guicheng/guicheng/definitions/domain"
	"github.com/guicheng/guicheng/definitions/formula"
	"github.com/guicheng/guicheng/definitions/value"
)

// slot is one thing that can be empty: a field, a column in every row, a column of the row in scope, or a table
// (empty = without a row).
type slot struct {
	path  string
	field *value.Field
	rule  *FieldRule
	table *value.Field // whose column it is
	twin  int          // column and row slot name each other; -1 for others
	ofRow bool
	// dependents lose what is known of them when this one changes: their `when` or `value` reads it.
	dependents []int
}

func (s *slot) computed() bool { return s.rule != nil && s.rule.Value != nil }

func (s *slot) when() *formula.Guard {
	if s.rule == nil {
		return nil
	}
	return s.rule.When
}

// slots numbers everything of one procedure that can be empty.
type slots struct {
	list   []slot
	byPath map[string]int
	byRow  map[string]int
	tables map[string]*value.Field // by the name of a row
	finite map[*formula.Guard]*truth
	values map[int][]domain.Piece // of slots with few values
	cuts   map[string][]any       // by path: with what the conditions of the procedure compare a field
	given  map[string]bool        // by path: fields that are not only filled in, so that their bounds need not hold
	zone   *time.Location
	blanks map[*value.Field]*known
	work   *work

	settings value.Record // that are taken for constants; nil = an office may have others
	declared *slots       // the same with the procedure's own settings; nil = it has none
}

func newSlots(p *Procedure) *slots {
	u := &slots{
		byPath: map[string]int{}, byRow: map[string]int{},
		tables: map[string]*value.Field{}, finite: map[*formula.Guard]*truth{},
		values: map[int][]domain.Piece{}, given: givenIn(p), zone: zoneOf(p), work: &work{},
	}
	rules := map[*value.Field]*FieldRule{}
	for _, r := range p.Rules {
		rules[r.Field] = r
	}
	var add func([]*value.Field)
	add = func(fields []*value.Field) {
		for _, f := range fields {
			switch f.Kind {
			case value.RecordKind:
				add(f.Fields)
			case value.TableKind:
				u.addTable(f, rules)
			default:
				u.byPath[f.Path] = len(u.list)
				u.list = append(u.list, slot{path: f.Path, field: f, rule: rules[f], twin: -1})
			}
		}
	}
	add(p.Data.Fields)
	u.link()
	u.cut(p)
	u.declare(p)
	return u
}

// declare prepares what holds with the settings as the procedure has them.
func (u *slots) declare(p *Procedure) {
	if len(p.Settings) == 0 {
		return
	}
	d := *u
	d.finite, d.values, d.settings = map[*formula.Guard]*truth{}, map[int][]domain.Piece{}, value.Record{}
	for _, s := range p.Settings {
		d.settings[s.Name] = s.Value
	}
	d.cut(p)
	u.declared = &d
}

func (u *slots) addTable(t *value.Field, rules map[*value.Field]*FieldRule) {
	u.tables[t.Each] = t
	u.byPath[t.Path] = len(u.list)
	u.list = append(u.list, slot{path: t.Path, field: t, twin: -1})
	for _, c := range t.Fields {
		n := len(u.list)
		row := t.Each + "." + c.Name
		u.byPath[c.Path], u.byRow[row] = n, n+1
		u.list = append(u.list,
			slot{path: c.Path, field: c, rule: rules[c], table: t, twin: n + 1},
			slot{path: row, field: c, rule: rules[c], table: t, twin: n, ofRow: true})
	}
}

// find gives the slot that a path of a formula reads; row is the table whose row is in scope. False: it names nothing
// that can be empty (settings, a record, a function's result).
func (u *slots) find(path string, row *value.Field) (int, bool) {
	for path != "" {
		if each, column, ok := strings.Cut(path, "."); ok {
			if t := u.tables[each]; t != nil && u.byPath[path] == 0 {
				name := each + "." + column
				if id, ok := u.byRow[name]; ok {
					if t != row {
						id = u.list[id].twin
					}
					return id, true
				}
			}
		}
		if id, ok := u.byPath[path]; ok {
			return id, true
		}
		cut := strings.LastIndexByte(path, '.')
		if cut < 0 {
			return 0, false
		}
		path = path[:cut]
	}
	return 0, false
}

// under lists the slots that a field stands for: itself, a record's fields, a table's columns.
func (u *slots) under(f *value.Field) []int {
	if f.Kind == value.RecordKind {
		var out []int
		for _, sub := range f.Fields {
			out = append(out, u.under(sub)...)
		}
		return out
	}
	id, ok := u.byPath[f.Path]
	if !ok {
		return nil
	}
	out := []int{id}
	if f.Kind == value.TableKind {
		for _, c := range f.Fields {
			out = append(out, u.byPath[c.Path])
		}
	}
	return out
}

// link finds the dependents of every slot, and the dependents of those.
func (u *slots) link() {
	direct := make([][]int, len(u.list))
	for id := range u.list {
		s := &u.list[id]
		var row *value.Field
		if s.ofRow {
			row = s.table
		}
		for _, path := range s.reads() {
			for _, from := range u.named(path, row) {
				if from != id {
					direct[from] = append(direct[from], id)
				}
			}
		}
	}
	for id := range u.list {
		seen := map[int]bool{id: true}
		queue := slices.Clone(direct[id])
		for len(queue) > 0 {
			next := queue[0]
			queue = queue[1:]
			if seen[next] {
				continue
			}
			seen[next] = true
			u.list[id].dependents = append(u.list[id].dependents, next)
			queue = append(queue, direct[next]...)
		}
		slices.Sort(u.list[id].dependents)
	}
}

// named is find for a name that may be a whole record or table.
func (u *slots) named(path string, row *value.Field) []int {
	if id, ok := u.find(path, row); ok {
		out := []int{id}
		if t := u.list[id].field; t.Kind == value.TableKind {
			out = u.under(t)
		}
		return out
	}
	var out []int
	for id := range u.list {
		if strings.HasPrefix(u.list[id].path, path+".") {
			out = append(out, id)
		}
	}
	return out
}

// reads lists the names that decide whether the field exists and what it is.
func (s *slot) reads() []string {
	var out []string
	if g := s.when(); g != nil {
		out = append(out, guardReads(g)...)
	}
	if s.computed() {
		out = append(out, s.rule.Value.Reads()...)
	}
	return out
}

func guardReads(g *formula.Guard) []string {
	var out []string
	for _, r := range g.Readings(&formula.Scope{}) {
		out = append(out, r.Name)
	}
	return out
}
