package definitions

import (
	"slices"
	"strconv"
	"strings"

	"github.com/guicheng/guicheng/definitions/formula"
	"github.com/guicheng/guicheng/definitions/value"
)

func (c *compiler) register(e entry) {
	n := e.value
	r := &Register{ID: e.key.text, Title: n.get("title").str()}
	c.p.texts[r] = textPlace{node: e.key}
	c.p.Registers = append(c.p.Registers, r)
	if t := n.get("for_each"); t != nil {
		r.Table = c.tableAt(t)
	}
	if from := n.get("from"); from != nil {
		r.From = c.stepNamed(from)
	}
	r.When = c.guard(n.get("when"), formula.Names{Row: r.Table, Now: true})
	r.Columns = c.printed(n.get("columns"), r.Table)
	r.keyed(c.p.Data)
	r.By, r.Open = c.who(n.get("by"), formula.Names{}), n.has("by")
	for _, item := range n.get("sort").all() {
		c.sortKey(r, item)
	}
	for _, total := range n.get("totals").pairs() {
		r.Totals = append(r.Totals, c.computedLine(total, nil, r.Lines))
	}
}

// keyed names the columns: by the last part of what they show, or by all of it where that is taken.
func (r *Register) keyed(data *value.Schema) {
	r.Row = &value.Field{Name: "row", Path: "row", Kind: value.RecordKind}
	r.Lines = &value.Field{Name: "lines", Path: "lines", Kind: value.TableKind, Each: "line"}
	taken := map[string]bool{}
	for _, p := range r.Columns {
		p.Key = p.Name[strings.LastIndexByte(p.Name, '.')+1:]
		if taken[p.Key] {
			p.Key = strings.ReplaceAll(p.Name, ".", "_")
		}
		for n := 2; taken[p.Key]; n++ {
			p.Key = strings.ReplaceAll(p.Name, ".", "_") + "_" + strconv.Itoa(n)
		}
		taken[p.Key] = true
		p.Private = slices.ContainsFunc(p.reads(), data.PrivateName)
		in, of := *p.As, *p.As
		in.Name, in.Path = p.Key, "row."+p.Key
		of.Name, of.Path = p.Key, "lines."+p.Key
		r.Row.Fields, r.Lines.Fields = append(r.Row.Fields, &in), append(r.Lines.Fields, &of)
	}
}

// Column finds a column by its key, or by what it shows; -1 if there is none.
func (r *Register) Column(name string) int {
	if i := slices.IndexFunc(r.Columns, func(p *Printed) bool { return p.Key == name }); i >= 0 {
		return i
	}
	return slices.IndexFunc(r.Columns, func(p *Printed) bool { return p.Name == name })
}

func (r *Register) keys() []string {
	out := make([]string, len(r.Columns))
	for i, p := range r.Columns {
		out[i] = p.Key
	}
	return out
}

func (c *compiler) sortKey(r *Register, n *node) {
	name, down := strings.CutPrefix(n.str(), "-")
	i := r.Column(name)
	if i < 0 {
		n.fault("unknown-column", hintAmong(name, r.keys()), "the register has no column %s", clipped(name))
		return
	}
	r.Sort = append(r.Sort, SortKey{Column: i, Down: down})
}

// collect compiles a step that gathers lines of a register: a job that the engine does by itself.
func (c *compiler) collect(s *Step, n *node) {
	w := &Job{Name: CollectName, Collect: &Collect{}}
	w.Retry = Retry{Times: defaultTimes, First: defaultFirst, Most: defaultMost}
	s.Work = w
	procedure, register, _ := strings.Cut(n.get("register").str(), ".")
	other := c.b.byID[procedure]
	if n.get("register") == nil {
		return
	}
	if other == nil {
		ids := make([]string, len(c.b.procs))
		for i, p := range c.b.procs {
			ids[i] = p.p.ID
		}
		n.get("register").fault("unknown-register", hintAmong(procedure, ids), "write procedure.register: there is no "+
			"procedure %s", clipped(procedure))
		return
	}
	w.Collect.Procedure, w.Collect.of = procedure, other.p
	c.collects = append(c.collects, collecting{step: s, node: n, of: other, register: register})
	if other != c {
		c.calls = append(c.calls, other) // another text of it is another version of this one
	}
}

// collecting is a step whose register is looked up when all procedures are compiled.
type collecting struct {
	step     *Step
	node     *node
	of       *compiler
	register string
}

// collected completes the steps that gather lines, once every register is there.
func (c *compiler) collected() {
	for _, x := range c.collects {
		w, _ := x.step.Work.(*Job)
		at := x.node.get("register")
		r := x.of.p.Register(x.register)
		if r == nil {
			var ids []string
			for _, one := range x.of.p.Registers {
				ids = append(ids, one.ID)
			}
			at.fault("unknown-register", hintAmong(x.register, ids), "%s has no register %s", x.of.p.ID,
				clipped(x.register))
			continue
		}
		w.Collect.Register = r
		w.Collect.When = c.guard(x.node.get("when"), formula.Names{Extra: []*value.Field{r.Row}})
		into := x.node.get("into")
		if into == nil {
			continue
		}
		table := c.tableAt(into)
		if table == nil {
			continue
		}
		w.Collect.Into = table
		c.receive(w, r, table, into)
	}
}

// receive makes the answer of the job out of the columns that the register and the table have in common.
func (c *compiler) receive(w *Job, r *Register, table *value.Field, at *node) {
	rows := &value.Field{Name: "rows", Path: "answer.rows", Kind: value.TableKind, Each: "line"}
	for _, column := range table.Fields {
		i := r.Column(column.Name)
		if i < 0 || c.computed[column] {
			continue
		}
		if from := r.Columns[i].As; !receives(column, from) {
			at.fault("type", "give the column of the table the type of the register's", "%s of the register is %s, and "+
				"%s is %s", r.Columns[i].Key, from.Kind, column.Path, column.Kind)
			continue
		}
		f := *column
		f.Path = "answer.rows." + f.Name
		rows.Fields = append(rows.Fields, &f)
	}
	if len(rows.Fields) == 0 {
		at.fault("unknown-column", "name the columns of the table as the register's: "+strings.Join(r.keys(), ", "),
			"%s has no column of the register", table.Path)
		return
	}
	w.Answer = &value.Field{Name: "answer", Path: "answer", Kind: value.RecordKind, Fields: []*value.Field{rows}}
	v, faults := c.p.Formulas.Value("answer.rows", formula.Names{Extra: []*value.Field{w.Answer}}, table)
	if len(faults) > 0 {
		at.fault("type", "", "the lines of the register do not fit into %s: %s", table.Path, faults[0].Message)
		return
	}
	c.p.texts[v] = textPlace{node: at}
	w.Take = []*Assign{{Into: table, Value: v}}
}

// receives tells whether a column of a table can hold what a column of a register shows.
func receives(column, from *value.Field) bool {
	return column.Kind == from.Kind || column.Kind.IsText() && (from.Kind.IsText() || from.Kind == value.Choice)
}
