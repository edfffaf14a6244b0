package engine

import (
	"slices"
	"strconv"
	"strings"

	"github.com/guicheng/guicheng/definitions"
	"github.com/guicheng/guicheng/definitions/value"
	"github.com/guicheng/guicheng/engine/core"
)

// stepOf names the step that an activation runs, with the row that it is about.
func (t *teller) stepOf(act core.ID) string {
	a := t.act(act)
	if a == nil {
		return phrase(t.lang, "step")
	}
	return t.named(core.StepOf(t.proc, t.state, act), a.Frame)
}

// named names a step of a frame, with the row that the frame is about.
func (t *teller) named(st *definitions.Step, frame core.ID) string {
	if st == nil {
		return phrase(t.lang, "step")
	}
	title := st.Title
	if st == t.proc.Case {
		title = t.proc.Title
	}
	text := t.quoted(t.say(title))
	for f := t.frame(frame); f != nil; {
		owner := t.act(f.Owner)
		if owner == nil {
			break
		}
		if f.Row >= 0 {
			return t.withRow(text, core.StepOf(t.proc, t.state, owner.ID), f.Row)
		}
		f = t.frame(owner.Frame)
	}
	return text
}

// rowNamed names a `for_each` with one of its rows.
func (t *teller) rowNamed(owner core.ID, row int) string {
	return t.withRow(t.stepOf(owner), core.StepOf(t.proc, t.state, owner), row)
}

// frameNamed names what a frame runs: a block, or a row of a `for_each`.
func (t *teller) frameNamed(id core.ID) string {
	f := t.frame(id)
	switch {
	case f == nil:
		return phrase(t.lang, "step")
	case f.Row >= 0:
		return t.rowNamed(f.Owner, f.Row)
	default:
		return t.stepOf(f.Owner)
	}
}

func (t *teller) withRow(text string, st *definitions.Step, row int) string {
	n := strconv.Itoa(row + 1)
	if st != nil {
		if multi, ok := st.Work.(*definitions.Multi); ok {
			if name := t.rowName(t.state.Data, multi.Table, row); name != "" {
				return t.fill("row.named", "step", text, "n", n, "name", name)
			}
		}
	}
	return t.fill("row", "step", text, "n", n)
}

// maxRowName is how many characters of a row's name a sentence has room for.
const maxRowName = 30

// rowName is what people know a row of a table by: its first value that is a name and not private.
func (n *renderer) rowName(data value.Record, table *value.Field, row int) string {
	rows, _ := dataAt(data, table.Path).([]value.Record)
	if table.Private || row >= len(rows) {
		return ""
	}
	for _, c := range table.Fields {
		v := rows[row][c.Name]
		if v == nil || c.Private || !naming(c.Kind) {
			continue
		}
		name := []rune(n.text(c, v))
		if len(name) > maxRowName {
			name = append(name[:maxRowName], '…')
		}
		return string(name)
	}
	return ""
}

// naming tells whether a value of a kind is something's name.
func naming(k value.Kind) bool {
	return slices.Contains([]value.Kind{value.Text, value.Post, value.Choice, value.Human, value.UnitKind}, k)
}

func (t *teller) frame(id core.ID) *core.Frame {
	for _, f := range t.state.Frames {
		if f.ID == id {
			return f
		}
	}
	return nil
}

func (t *teller) act(id core.ID) *core.Activation {
	for _, a := range t.state.Acts {
		if a.ID == id {
			return a
		}
	}
	return nil
}

// graph is the list of steps that a frame runs; nil: not known.
func (t *teller) graph(frame core.ID) *definitions.Graph {
	f := t.frame(frame)
	if f == nil {
		return nil
	}
	st := core.StepOf(t.proc, t.state, f.Owner)
	if st == nil {
		return nil
	}
	return st.Inside()
}

// stepIn finds a step of the list that a frame runs: a body may have a step with the id of the step around it.
func (t *teller) stepIn(frame core.ID, id string) *definitions.Step {
	if frame == 0 {
		return t.proc.Case
	}
	if g := t.graph(frame); g != nil {
		return g.Step(id)
	}
	return nil
}

// endIn names an end of the list that a frame runs.
func (t *teller) endIn(frame core.ID, id string) string {
	if g := t.graph(frame); g != nil {
		for _, end := range g.Ends {
			if end.ID == id && end.Title != "" {
				return t.quoted(t.say(end.Title))
			}
		}
	}
	return t.quoted(phrase(t.lang, id))
}

func (t *teller) quoted(title string) string { return fill(phrase(t.lang, "quoted"), "title", title) }

// answer names what a step came to.
func (t *teller) answer(act core.ID, id string) string {
	st := core.StepOf(t.proc, t.state, act)
	if st == nil {
		return t.end(id)
	}
	if task, ok := st.Work.(*definitions.Task); ok {
		for _, o := range task.Answers {
			if o.ID == id {
				return t.say(o.Title)
			}
		}
	}
	for _, o := range st.Outcomes {
		if o.ID == id && o.Title != "" {
			return t.say(o.Title)
		}
	}
	return phrase(t.lang, id)
}

// end names an end of the procedure.
func (t *teller) end(id string) string {
	if end := endOf(t.proc, id); end != nil && end.Title != "" {
		return t.say(end.Title)
	}
	if id == "" {
		id = definitions.DoneEnd
	}
	return phrase(t.lang, id)
}

// endOf finds an end of the procedure itself.
func endOf(p *definitions.Procedure, id string) *definitions.End {
	block, ok := p.Case.Work.(*definitions.Block)
	if !ok {
		return nil
	}
	for _, end := range block.Graph.Ends {
		if end.ID == id {
			return end
		}
	}
	return nil
}

// wayOf finds a way out of the step that an activation runs; nil: there is none.
func (t *teller) wayOf(act core.ID, i int) *definitions.Way {
	st := core.StepOf(t.proc, t.state, act)
	if st == nil || i < 0 || i >= len(st.Ways) {
		return nil
	}
	return st.Ways[i]
}

// wayTitle is the plain title of where a way leads.
func (t *teller) wayTitle(w *definitions.Way) string {
	switch {
	case w.To != nil:
		return t.say(w.To.Title)
	case w.Return != nil:
		return t.say(w.Return.Title)
	case w.End.Title != "":
		return t.say(w.End.Title)
	default:
		return phrase(t.lang, w.End.ID)
	}
}

// wayNamed is where a way leads, within a sentence.
func (t *teller) wayNamed(w *definitions.Way) string {
	switch {
	case w.To != nil:
		return t.quoted(t.say(w.To.Title))
	case w.Return != nil:
		return t.quoted(t.say(w.Return.Title))
	case w.End.ID == definitions.StopEnd:
		return phrase(t.lang, "way.stop")
	default:
		return t.fill("way.end", "end", t.quoted(t.wayTitle(w)))
	}
}

func (t *teller) document(id string) string {
	for _, d := range t.proc.Documents {
		if d.ID == id {
			return t.fill("paper", "title", t.say(d.Title))
		}
	}
	return id
}

func (t *teller) message(id string) string {
	if m := messageOf(t.proc, id); m != nil {
		return t.say(m.Title)
	}
	return id
}

func (t *teller) procedure(id string) string {
	if p := calleeOf(t.proc, id); p != nil {
		return t.say(p.Title)
	}
	return id
}

// fieldOf finds what a formula calls by a name: a field, a column by the name of its table's row, or a setting.
func (t *teller) fieldOf(name string) *value.Field {
	if f := t.proc.Data.Field(name); f != nil {
		return f
	}
	head, rest, _ := strings.Cut(name, ".")
	if table := t.proc.Data.Table(head); table != nil {
		return t.proc.Data.Field(table.Path + "." + rest)
	}
	for _, s := range t.proc.Settings {
		if head == "settings" && s.Name == rest {
			return s.Field
		}
	}
	return nil
}
