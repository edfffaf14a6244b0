package engine

import (
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/guicheng/guicheng/definitions"
	"github.com/guicheng/guicheng/definitions/value"
	"github.com/guicheng/guicheng/engine/core"
)

// tellSteps tells the life of steps and threads.
func (t *teller) tellSteps(event core.Event) string {
	switch x := event.(type) {
	case core.FrameOpened:
		if x.Row >= 0 {
			return t.fill("frame-opened.row", "step", t.rowNamed(x.Owner, x.Row))
		}
		return t.fill("frame-opened", "step", t.stepOf(x.Owner))
	case core.FrameClosed:
		return t.fill("frame-closed", "step", t.frameNamed(x.Frame))
	case core.Opened:
		step := t.named(t.stepIn(x.Frame, x.Step), x.Frame)
		if x.N > 1 {
			return t.fill("opened.again", "step", step, "n", strconv.Itoa(x.N))
		}
		return t.fill("opened", "step", step)
	case core.Moved:
		return t.fill("moved."+string(x.To), "step", t.stepOf(x.Act), "why", phrase(t.lang, "why."+x.Why))
	case core.Passed:
		return t.fill("passed", "to", t.named(t.stepIn(x.Frame, x.To), x.Frame))
	case core.Joined:
		return t.fill("joined", "to", t.named(t.stepIn(x.Frame, x.Step), x.Frame))
	case core.RoundChanged:
		return t.fill("round-changed", "to", t.named(t.stepIn(x.Round.Frame, x.Round.Step), x.Round.Frame))
	case core.Locked:
		return t.fill("locked", "step", t.stepOf(x.Lock.Act))
	case core.Raised:
		return t.raised(x)
	case core.CanUndo:
		return t.fill("can-undo", "step", t.stepOf(x.Act))
	case core.UndoBegan:
		if x.Undo.End == core.Revoked {
			return t.fill("revoke-began", "procedure", t.quoted(t.say(t.proc.Title)), "reason", t.because(x.Undo.Reason),
				"n", strconv.Itoa(len(x.Undo.Left)))
		}
		return t.fill("undo-began", "step", t.stepOf(x.Act), "n", strconv.Itoa(len(x.Undo.Left)))
	case core.UndoEnded:
		return t.fill("undo-ended", "step", t.stepOf(x.Act))
	case core.Resulted:
		return t.resulted(x)
	case core.Chosen:
		return t.chosen(x)
	case core.Judged:
		return t.judged(x)
	case core.Decided:
		return t.decided(x)
	case core.Once:
		if x.Over {
			return t.fill("once.over")
		}
		return t.fill("once")
	case core.Spread, core.Grown, core.RowEnded, core.EndedEarly:
		return t.tellRows(event)
	default:
		return t.tellTasks(event)
	}
}

// tellRows tells of the rows of a `for_each` and the rounds of a repeat.
func (t *teller) tellRows(event core.Event) string {
	switch x := event.(type) { //nolint:gochecksumtype // tellSteps has the others
	case core.Spread:
		return t.fill("spread", "step", t.stepOf(x.Act), "n", strconv.Itoa(x.Total))
	case core.Grown:
		name := "grown"
		if x.By.ID != "" {
			name, t.who = "grown.by", x.By.Name
		}
		return t.fill(name, "step", t.stepOf(x.Act), "n", strconv.Itoa(x.Total))
	case core.RowEnded:
		return t.fill("row-ended", "step", t.stepOf(x.Act))
	case core.EndedEarly:
		t.who = x.By.Name
		return t.fill("ended-early", "step", t.stepOf(x.Act))
	}
	return ""
}

// raised tells which error came up where, and whether anything takes it.
func (t *teller) raised(x core.Raised) string {
	if x.Taker == 0 {
		return t.fill("raised.untaken", "step", t.stepOf(x.Act), "error", x.Error)
	}
	return t.fill("raised", "step", t.stepOf(x.Act), "error", x.Error, "by", t.stepOf(x.Taker))
}

// resulted tells what a step came to; of a called case, how it ended.
func (t *teller) resulted(x core.Resulted) string {
	if st := core.StepOf(t.proc, t.state, x.Act); st != nil {
		if call, ok := st.Work.(*definitions.Call); ok && x.Answer != "" {
			return t.fill("resulted.call", "step", t.stepOf(x.Act), "answer", t.answer(x.Act, x.Answer),
				"procedure", t.quoted(t.procedure(call.Procedure)))
		}
	}
	return t.withAnswer("resulted", x.Act, x.Answer)
}

// chosen tells where a step leads, and what its guards read.
func (t *teller) chosen(x core.Chosen) string {
	var to []string
	for _, i := range x.Ways {
		if way := t.wayOf(x.Act, i); way != nil {
			to = append(to, t.wayNamed(way))
		}
	}
	if len(to) == 0 {
		return t.fill("chosen.none", "step", t.stepOf(x.Act))
	}
	return t.fill("chosen", "step", t.stepOf(x.Act), "to", t.list(to)) + t.reasons(x.Why)
}

func (t *teller) judged(x core.Judged) string {
	text := t.fill("judged", "guard", x.Why.Guard)
	if why := t.reasons([]core.Why{x.Why}); why != "" {
		text = t.fill("judged.read", "reasons", why)
	}
	if deed := t.deedOfJudged(x); deed != nil {
		return text + t.consequence(deed)
	}
	return text
}

// decided tells which rows of a table fitted, and what they looked at.
func (t *teller) decided(x core.Decided) string {
	name, rows := "decided", make([]string, len(x.Hits))
	for i, hit := range x.Hits {
		rows[i] = strconv.Itoa(hit.Row)
	}
	if len(rows) == 0 {
		name = "decided.none"
	}
	return t.fill(name, "step", t.stepOf(x.Act), "rows", t.list(rows)) + t.reasons(rowsOf(x))
}

// reasons lists what guards read, in words; of a table, the columns that they look at. Records do not fit into a
// sentence.
func (t *teller) reasons(list []core.Why) string {
	var parts, seen []string
	for _, w := range list {
		for _, read := range w.Read {
			f := t.fieldOf(read.Name)
			if f == nil || f.Kind == value.RecordKind || slices.Contains(seen, read.Name) {
				continue
			}
			seen = append(seen, read.Name)
			if f.Kind == value.TableKind {
				parts = append(parts, t.columns(f, w.Guard)...)
				continue
			}
			text := phrase(t.lang, "empty")
			if read.Value != nil {
				text = t.reading(read.Name, read.Value)
			}
			parts = append(parts, t.fill("reason", "field", t.say(f.Title), "value", text))
		}
	}
	if len(parts) == 0 {
		return ""
	}
	return t.fill("reasons", "list", strings.Join(parts, phrase(t.lang, "reason.and")))
}

// maxReasonRows is how many rows of a table a sentence has room for.
const maxReasonRows = 6

// columns says what the rows hold that a guard goes through.
func (t *teller) columns(table *value.Field, guard string) []string {
	rows, _ := dataAt(t.state.Data, table.Path).([]value.Record)
	if table.Private || len(rows) == 0 || len(rows) > maxReasonRows {
		return nil
	}
	var out []string
	for _, c := range table.Fields {
		if c.Private || !selects(guard, c.Name) {
			continue
		}
		values := make([]string, len(rows))
		for i, row := range rows {
			name, text := t.rowName(t.state.Data, table, i), phrase(t.lang, "empty")
			if name == "" {
				name = strconv.Itoa(i + 1)
			}
			if row[c.Name] != nil {
				text = t.text(c, row[c.Name])
			}
			values[i] = t.fill("reason.row", "row", name, "value", text)
		}
		out = append(out, t.fill("reason", "field", t.say(c.Title), "value", t.list(values)))
	}
	return out
}

// selects says whether a guard's text reads `.name` of something.
func selects(guard, name string) bool {
	for _, rest := range strings.Split(guard, ".")[1:] {
		end := strings.IndexFunc(rest, func(r rune) bool { return r != '_' && !unicode.IsLetter(r) && !unicode.IsDigit(r) })
		if end < 0 {
			end = len(rest)
		}
		if rest[:end] == name {
			return true
		}
	}
	return false
}

// incident says what went wrong. The machine's own words are added where they say more, unless they could show what is
// private.
func (t *teller) incident(in core.Incident) string {
	if in.Code == core.CallCancelled {
		return t.fill("incident.call-cancelled", "reason", in.Message)
	}
	text := phrase(t.lang, "incident."+in.Code)
	if _, known := words["incident."+in.Code]; !known {
		text = phrase(t.lang, "incident")
	}
	if incidentTellsPrivate(t.proc, in) {
		return fill(text, "message", masked)
	}
	text = fill(text, "message", in.Message)
	if in.Formula != "" {
		text += t.fill("formula", "formula", in.Formula)
	}
	return text
}
