package engine

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/guicheng/guicheng/definitions"
	"github.com/guicheng/guicheng/definitions/formula"
	"github.com/guicheng/guicheng/definitions/value"
	"github.com/guicheng/guicheng/engine/core"
)

// PaperLine is a paper that a case has issued.
type PaperLine struct {
	Document   string `json:"document"`
	Title      string `json:"title"`
	Number     string `json:"number"`
	Edition    int    `json:"edition" doc:"the newest; those before it are kept as well"`
	Superseded bool   `json:"superseded,omitempty" doc:"what it says was taken back"`
}

// Sheet is a paper, ready to be printed.
type Sheet struct {
	PaperLine
	Language string
	Head     definitions.Letterhead
	Case     string // number of the case
	Instead  string // number of the paper that this one replaces
	Issued   string // when, in the office's zone
	Parts    []SheetPart
	Words    SheetWords
}

// SheetPart is one piece of a paper: a text, lines, a table or signatures.
type SheetPart struct {
	Text       string
	Lines      []SheetLine
	Title      string   // of a table
	Heads      []string // of a table
	Rows       [][]SheetCell
	Cards      [][]SheetLine // what is to be cut out: one for each row
	Signatures []SheetSignature
}

// SheetLine is a field with its title.
type SheetLine struct {
	Title string
	SheetCell
}

// SheetCell is a value as it is printed; a picture stands in the place of its name.
type SheetCell struct {
	Text    string
	Picture string // id of the file; "" = there is none
	Signed  bool   // the picture is a signature
}

// SheetSignature is a block to sign in: who signed a step, or a line for a hand.
type SheetSignature struct {
	Title string
	Names []string
	When  string
}

// SheetWords are what is printed on every paper.
type SheetWords struct{ Number, Edition, Issued, Case, Instead, Superseded, Sign, Date string }

// Papers lists the papers of a case, in the order in which the procedure declares them.
func (e *Engine) Papers(ctx context.Context, a Actor, lang, id string) ([]PaperLine, error) {
	r, err := e.reader(ctx, a)
	if err != nil {
		return nil, e.told(err)
	}
	s, err := e.visible(ctx, r, id)
	if err != nil {
		return nil, e.told(err)
	}
	return r.renderer(lang, s.proc).papers(s), nil
}

func (n *renderer) papers(s *snapshot) []PaperLine {
	out := []PaperLine{}
	for _, d := range s.proc.Documents {
		for _, p := range s.state.Papers {
			if p.Document == d.ID {
				out = append(out, PaperLine{Document: d.ID, Title: n.say(d.Title), Number: p.Number, Edition: p.Edition,
					Superseded: p.Superseded})
			}
		}
	}
	return out
}

// Paper gives a paper of a case as it was when it was issued; edition 0 is the newest. It is in lang, or else in the
// office's own language. It is worked out from the history, which is what a case keeps: with a history that was
// forgotten its papers are not found any more.
func (e *Engine) Paper(ctx context.Context, a Actor, lang, id, document string, edition int) (Sheet, error) {
	out, err := e.paper(ctx, a, lang, id, document, edition)
	return out, e.told(err)
}

func (e *Engine) paper(ctx context.Context, a Actor, lang, id, document string, edition int) (Sheet, error) {
	r, err := e.reader(ctx, a)
	if err != nil {
		return Sheet{}, err
	}
	s, err := e.visible(ctx, r, id)
	if err != nil {
		return Sheet{}, err
	}
	i := slices.IndexFunc(s.proc.Documents, func(d *definitions.Document) bool { return d.ID == document })
	j := slices.IndexFunc(s.state.Papers, func(p core.Paper) bool { return p.Document == document })
	if i < 0 || j < 0 || edition > s.state.Papers[j].Edition || edition < 0 {
		return Sheet{}, notFound()
	}
	now := s.state.Papers[j]
	if edition == 0 {
		edition = now.Edition
	}
	b := &issuing{proc: s.proc, state: core.New(r.office, id), signed: map[string][]signed{}}
	if err := e.passTo(ctx, s, b, document, edition); err != nil {
		return Sheet{}, err
	}
	if lang == "" && s.proc.Office != nil {
		lang = s.proc.Office.Language
	}
	p := &printing{renderer: r.renderer(lang, s.proc), b: b}
	c := r.context(b.at)
	p.scope = core.ScopeIn(s.proc, b.state, c, 0)
	return p.sheet(s.proc.Documents[i], now)
}

// issuing is a case on its way to the moment at which a paper was issued.
type issuing struct {
	proc   *definitions.Procedure
	state  *core.State
	at     time.Time
	issued core.Issued
	signed map[string][]signed // by step: the answers of its last run
}

// signed is one answer to a task.
type signed struct {
	act    core.ID
	name   string
	answer string
	at     time.Time
}

// passTo brings a case to where it stood when an edition of a document was issued.
func (e *Engine) passTo(ctx context.Context, s *snapshot, b *issuing, document string, edition int) error {
	for after := int64(0); ; {
		rows, err := e.store.History(ctx, s.row.Office, s.row.ID, after, maxPage)
		if err != nil {
			return err
		}
		if len(rows) == 0 || after == 0 && rows[0].Seq != 1 {
			return notFound() // it was forgotten
		}
		for _, row := range rows {
			event, err := core.DecodeEvent(b.proc, row.Kind, row.Body)
			if err == nil {
				err = guarded(func() error { b.see(event, row.At); return nil })
			}
			if err != nil {
				return fail(CodeInternal, errors.Join(errors.New("the history of case "+s.row.ID+" cannot be read"), err))
			}
			if x, ok := event.(core.Issued); ok && x.Document == document && x.Edition == edition {
				b.issued, b.at = x, row.At
				return nil
			}
		}
		after = rows[len(rows)-1].Seq
	}
}

// see follows the case, and notes who answered.
func (b *issuing) see(event core.Event, at time.Time) {
	if x, ok := event.(core.Answered); ok {
		if st := core.StepOf(b.proc, b.state, x.Act); st != nil {
			list := slices.DeleteFunc(b.signed[st.ID], func(s signed) bool { return s.act != x.Act })
			one := signed{act: x.Act, name: x.Person.Name, answer: x.Answer, at: at}
			if x.For != nil {
				one.name += " (" + x.For.Name + ")"
			}
			b.signed[st.ID] = append(list, one)
		}
	}
	core.Apply(b.proc, b.state, event)
}

// printing writes a paper.
type printing struct {
	*renderer
	b     *issuing
	scope *formula.Scope
}

func (p *printing) sheet(d *definitions.Document, now core.Paper) (Sheet, error) {
	out := Sheet{
		PaperLine: PaperLine{Document: d.ID, Title: p.say(d.Title), Number: p.b.issued.Number, Edition: p.b.issued.Edition,
			Superseded: now.Superseded || now.Edition > p.b.issued.Edition},
		Language: p.lang, Case: p.b.state.Number, Instead: p.b.issued.Instead, Issued: p.time(value.Moment, p.b.at),
		Words: SheetWords{
			Number: phrase(p.lang, "paper.number"), Edition: phrase(p.lang, "paper.edition"),
			Issued: phrase(p.lang, "paper.issued"), Case: phrase(p.lang, "paper.case"),
			Instead: phrase(p.lang, "paper.instead"), Superseded: phrase(p.lang, "paper.superseded"),
			Sign: phrase(p.lang, "paper.sign"), Date: phrase(p.lang, "paper.date"),
		},
	}
	if o := p.b.proc.Office; o != nil {
		out.Head = definitions.Letterhead{Name: p.say(o.Letterhead.Name), Foot: p.say(o.Letterhead.Foot)}
		for _, line := range o.Letterhead.Lines {
			out.Head.Lines = append(out.Head.Lines, p.say(line))
		}
	}
	for _, part := range d.Body {
		parts, err := p.part(part)
		if err != nil {
			return Sheet{}, err
		}
		out.Parts = append(out.Parts, parts...)
	}
	return out, nil
}

func (p *printing) part(part *definitions.DocumentPart) ([]SheetPart, error) {
	switch {
	case part.Text != nil:
		text, err := part.Text.Eval(p.scope)
		if err != nil {
			return nil, fail(CodeInternal, err)
		}
		return []SheetPart{{Text: text}}, nil
	case part.Table != nil:
		rows, _ := p.scope.Data[part.Table.Table.Name].([]value.Record)
		out := p.table(part.Table.Table, part.Table.When, part.Table.Columns, rows)
		if part.Table.Cards {
			out = cards(out)
		}
		return []SheetPart{out}, nil
	case len(part.Signatures) > 0:
		var out SheetPart
		for _, st := range part.Signatures {
			out.Signatures = append(out.Signatures, p.signature(st))
		}
		return []SheetPart{out}, nil
	}
	return p.lines(part.Fields), nil
}

// lines prints fields with their titles; a record is printed field by field, a table as one.
func (p *printing) lines(list []*definitions.Printed) []SheetPart {
	var out []SheetPart
	add := func(l SheetLine) {
		if len(out) == 0 || out[len(out)-1].Heads != nil {
			out = append(out, SheetPart{})
		}
		last := &out[len(out)-1]
		last.Lines = append(last.Lines, l)
	}
	for _, one := range list {
		v := core.Print(one, nil, p.scope)
		switch {
		case one.Field != nil && one.Field.Kind == value.RecordKind:
			rec, _ := v.(value.Record)
			for _, f := range one.Field.Fields {
				add(SheetLine{Title: p.say(f.Title), SheetCell: p.cell(f, rec[f.Name])})
			}
		case one.Field != nil && one.Field.Kind == value.TableKind:
			rows, _ := v.([]value.Record)
			out = append(out, p.table(one.Field, nil, columnsOf(one.Field), rows))
		case one.Case != "":
			text := p.written(one.As, v)
			if s, ok := v.(string); ok {
				text = p.ofCase(p.b.proc, one.Case, s)
			}
			add(SheetLine{Title: p.say(one.Title), SheetCell: SheetCell{Text: text}})
		default:
			add(SheetLine{Title: p.say(one.Title), SheetCell: p.cell(one.As, v)})
		}
	}
	return out
}

// columnsOf are all columns of a table, as a paper prints them.
func columnsOf(table *value.Field) []*definitions.Printed {
	out := make([]*definitions.Printed, len(table.Fields))
	for i, f := range table.Fields {
		out[i] = &definitions.Printed{Name: table.Each + "." + f.Name, Title: f.Title, Field: f, As: f}
	}
	return out
}

// table prints the rows for which when holds; a row that it cannot judge is left out.
func (p *printing) table(
	t *value.Field, when *formula.Guard, columns []*definitions.Printed, rows []value.Record,
) SheetPart {
	out := SheetPart{Title: p.say(t.Title), Heads: []string{}}
	for _, c := range columns {
		out.Heads = append(out.Heads, p.say(c.Title))
	}
	scope := *p.scope
	for _, row := range rows {
		scope.Row = row
		if when != nil {
			if yes, err := when.Eval(&scope); err != nil || !yes {
				continue
			}
		}
		cells := make([]SheetCell, len(columns))
		for i, c := range columns {
			cells[i] = p.cell(c.As, core.Print(c, row, &scope))
		}
		out.Rows = append(out.Rows, cells)
	}
	return out
}

// cards makes a card of each row of a table, pictures first.
func cards(table SheetPart) SheetPart {
	out := SheetPart{Cards: [][]SheetLine{}}
	for _, row := range table.Rows {
		var card []SheetLine
		for i, cell := range row {
			card = append(card, SheetLine{Title: table.Heads[i], SheetCell: cell})
		}
		slices.SortStableFunc(card, func(a, b SheetLine) int { return cmp.Compare(b.first(), a.first()) })
		out.Cards = append(out.Cards, card)
	}
	return out
}

// first is 1 for what stands at the head of a card.
func (l SheetLine) first() int {
	if l.Picture != "" && !l.Signed {
		return 1
	}
	return 0
}

// pictures are the media types that a browser shows as a picture, and that can do nothing else.
var pictures = []string{"image/jpeg", "image/png", "image/webp", "image/gif"}

func (p *printing) cell(f *value.Field, v any) SheetCell {
	out := SheetCell{Text: p.written(f, v)}
	if a, ok := v.(value.Attachment); ok && f != nil && slices.Contains(pictures, a.Type) {
		out.Picture, out.Signed = a.ID, f.Kind == value.Signature
	}
	return out
}

func (p *printing) written(f *value.Field, v any) string {
	if v == nil || f == nil {
		return ""
	}
	return p.text(f, v)
}

// signature names who did a step; what was taken back does not count.
func (p *printing) signature(st *definitions.Step) SheetSignature {
	out := SheetSignature{Title: p.say(st.Title)}
	for _, s := range p.b.signed[st.ID] {
		if slices.ContainsFunc(p.b.state.Acts, func(a *core.Activation) bool {
			return a.ID == s.act && a.State == core.Undone
		}) {
			continue
		}
		name := s.name
		if title := answerTitle(st, s.answer); title != "" {
			name = strings.TrimSpace(name + " · " + p.say(title))
		}
		out.Names = append(out.Names, name)
		out.When = p.time(value.Moment, s.at)
	}
	return out
}

func answerTitle(st *definitions.Step, answer string) string {
	task, ok := definitions.TaskOf(st)
	if !ok {
		return ""
	}
	for _, a := range task.Answers {
		if a.ID == answer {
			return a.Title
		}
	}
	return ""
}
