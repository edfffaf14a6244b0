package engine

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/guicheng/guicheng/definitions"
	"github.com/guicheng/guicheng/definitions/value"
)

// masked stands where a private value would be.
const masked = "•••"

// renderer writes values as people read them, in one language and in the office's zone.
type renderer struct {
	desk *desk
	lang string
	zone *time.Location
	cash string // the office's currency

	reads value.Person // who reads it, and when
	at    time.Time
}

// renderer speaks lang; "" is the reader's own language, and where he has none the office's.
func (r *reader) renderer(lang string, p *definitions.Procedure) *renderer {
	out := &renderer{desk: r.desk, lang: r.language(lang), reads: r.person, at: r.at}
	office := r.desk.office
	if p != nil {
		office = p.Office
	}
	if office != nil {
		out.zone, out.cash = office.Zone, office.Currency
	}
	if out.zone == nil {
		out.zone = time.UTC
	}
	return out
}

func (r *reader) language(asked string) string {
	switch {
	case asked != "":
		return asked
	case r.lang != "":
		return r.lang
	case r.desk.roster.Language(r.person.ID) != "":
		return r.desk.roster.Language(r.person.ID)
	case r.desk.office != nil && r.desk.office.Language != "":
		return r.desk.office.Language
	}
	return langTraditional
}

func (n *renderer) say(text string) string { return n.desk.say(n.lang, text) }

// list joins entries as the language does.
func (n *renderer) list(parts []string) string {
	if n.lang == langEnglish {
		return strings.Join(parts, ", ")
	}
	return strings.Join(parts, "、")
}

// text writes a value of a field.
func (n *renderer) text(f *value.Field, v any) string {
	switch x := v.(type) {
	case string:
		return n.textual(f, x)
	case []string:
		parts := make([]string, len(x))
		for i, id := range x {
			parts[i] = n.option(f, id)
		}
		return n.list(parts)
	case bool:
		return phrase(n.lang, map[bool]string{true: "yes", false: "no"}[x])
	case int64:
		return strconv.FormatInt(x, 10)
	case float64:
		if f.Places > 0 {
			return strconv.FormatFloat(x, 'f', f.Places, 64)
		}
		return strconv.FormatFloat(x, 'f', -1, 64)
	case time.Time:
		return n.time(f.Kind, x)
	case time.Duration:
		return n.span(x)
	case value.Work:
		return n.work(x)
	case value.Money:
		return n.money(x)
	case value.Person:
		return x.Name
	case []value.Person:
		parts := make([]string, len(x))
		for i, p := range x {
			parts[i] = p.Name
		}
		return n.list(parts)
	case value.Unit:
		return x.Name
	case value.Attachment:
		return x.Name
	case value.Record:
		return n.record(f, x)
	case []value.Record:
		return fill(phrase(n.lang, "rows"), "n", strconv.Itoa(len(x)))
	}
	return fmt.Sprint(v)
}

func (n *renderer) textual(f *value.Field, text string) string {
	switch f.Kind {
	case value.Choice:
		return n.option(f, text)
	case value.Post:
		return n.post(text)
	}
	return text
}

func (n *renderer) option(f *value.Field, id string) string {
	for _, o := range f.Options {
		if o.ID == id {
			return n.say(o.Title)
		}
	}
	return id
}

func (n *renderer) post(id string) string {
	if n.desk.office != nil {
		for _, p := range n.desk.office.Posts {
			if p.ID == id {
				return n.say(p.Title)
			}
		}
	}
	return id
}

// byName names who did something; "" = the engine.
func (n *renderer) byName(id string) string {
	if id == "" {
		return ""
	}
	return n.person(id)
}

// person names somebody by id, also one who has gone.
func (n *renderer) person(id string) string {
	if p, ok := n.desk.roster.Person(id); ok {
		return p.Name
	}
	return id
}

func (n *renderer) time(kind value.Kind, t time.Time) string {
	local := t.In(n.zone)
	switch kind {
	case value.Date:
		return local.Format("2006-01-02")
	case value.Month:
		return local.Format("2006-01")
	}
	return local.Format("2006-01-02 15:04")
}

// span writes a duration with at most its two largest units.
func (n *renderer) span(d time.Duration) string {
	if d < 0 {
		return "-" + n.span(-d)
	}
	units := []struct {
		name string
		size time.Duration
	}{{"day", 24 * time.Hour}, {"hour", time.Hour}, {"minute", time.Minute}, {"second", time.Second}}
	var parts []string
	for _, u := range units {
		if count := d / u.size; count > 0 && len(parts) < 2 {
			parts = append(parts, fill(phrase(n.lang, u.name), "n", strconv.FormatInt(int64(count), 10)))
			d %= u.size
		}
	}
	if len(parts) == 0 {
		return fill(phrase(n.lang, "second"), "n", "0")
	}
	return strings.Join(parts, " ")
}

func (n *renderer) work(w value.Work) string {
	switch {
	case w.Days == 1:
		return phrase(n.lang, "workday.one")
	case w.Hours == 1:
		return phrase(n.lang, "workhour.one")
	case w.Days != 0:
		return fill(phrase(n.lang, "workday"), "n", strconv.Itoa(w.Days))
	}
	return fill(phrase(n.lang, "workhour"), "n", strconv.Itoa(w.Hours))
}

func (n *renderer) money(m value.Money) string {
	switch {
	case n.cash == "CNY" && n.lang != langEnglish:
		return m.String() + " 元"
	case n.cash == "":
		return m.String()
	}
	return n.cash + " " + m.String()
}

func (n *renderer) record(f *value.Field, rec value.Record) string {
	var parts []string
	for _, sub := range f.Fields {
		v, ok := rec[sub.Name]
		switch {
		case !ok:
		case sub.Private:
			parts = append(parts, n.say(sub.Title)+": "+masked)
		default:
			parts = append(parts, n.say(sub.Title)+": "+n.text(sub, v))
		}
	}
	return n.list(parts)
}

// shown lists fields with their values, to read. Records are spread into their fields. hide masks private ones.
func (n *renderer) shown(fields []*value.Field, data value.Record, hide bool) ([]ShownField, error) {
	out := []ShownField{}
	for _, f := range fields {
		if f.Kind == value.RecordKind {
			inner := value.Record{}
			if rec, ok := dataAt(data, f.Path).(value.Record); ok {
				inner = rec
			}
			more, err := n.shownIn(f, inner, hide)
			if err != nil {
				return nil, err
			}
			out = append(out, more...)
			continue
		}
		one, err := n.show(f, dataAt(data, f.Path), hide && isPrivate(f, nil))
		if err != nil {
			return nil, err
		}
		if hide {
			one.maskColumns(f)
		}
		out = append(out, one)
	}
	return out, nil
}

func (n *renderer) shownIn(record *value.Field, rec value.Record, hide bool) ([]ShownField, error) {
	var out []ShownField
	for _, f := range record.Fields {
		one, err := n.show(f, rec[f.Name], hide && isPrivate(f, record))
		if err != nil {
			return nil, err
		}
		one.Group = n.say(record.Title)
		out = append(out, one)
	}
	return out, nil
}

func isPrivate(f, parent *value.Field) bool { return f.Private || parent != nil && parent.Private }

// show writes one field. v nil: it is empty.
func (n *renderer) show(f *value.Field, v any, hide bool) (ShownField, error) {
	out := ShownField{Path: f.Path, Title: n.say(f.Title), Type: f.Kind.String()}
	for _, c := range f.Fields {
		out.Columns = append(out.Columns, ShownField{Path: c.Path, Title: n.say(c.Title), Type: c.Kind.String()})
	}
	switch {
	case v == nil:
	case hide:
		out.Text = masked
	default:
		raw, err := f.Encode(v, n.zone)
		if err != nil {
			return out, fmt.Errorf("show %s: %w", f.Path, err)
		}
		out.Value, out.Text = raw, n.text(f, v)
	}
	if rows, ok := v.([]value.Record); ok && !hide {
		out.Rows = n.cells(f, rows)
	}
	return out, nil
}

// cells are the rows of a table as people read them.
func (n *renderer) cells(table *value.Field, rows []value.Record) [][]string {
	out := make([][]string, len(rows))
	for i, row := range rows {
		out[i] = make([]string, len(table.Fields))
		for j, c := range table.Fields {
			if v := row[c.Name]; v != nil {
				out[i][j] = n.text(c, v)
			}
		}
	}
	return out
}

// maskColumns masks the private columns of a table that is shown.
func (s *ShownField) maskColumns(table *value.Field) {
	if table.Kind != value.TableKind || len(s.Value) == 0 {
		return
	}
	s.Value = maskRows(table, s.Value)
	for _, row := range s.Rows {
		for j, c := range table.Fields {
			if row[j] != "" && c.Private {
				row[j] = masked
			}
		}
	}
}

// maskRows replaces the private entries of a table's JSON; what cannot be read is left out whole.
func maskRows(table *value.Field, raw json.RawMessage) json.RawMessage {
	var rows []map[string]json.RawMessage
	if json.Unmarshal(raw, &rows) != nil {
		return nil
	}
	for _, row := range rows {
		for _, c := range table.Fields {
			if _, ok := row[c.Name]; ok && c.Private {
				row[c.Name] = maskedJSON()
			}
		}
	}
	out, err := json.Marshal(rows)
	if err != nil {
		return nil
	}
	return out
}

func maskedJSON() json.RawMessage { return json.RawMessage(`"` + masked + `"`) }

// dataAt reads a field of the data by its full name; nil: empty.
func dataAt(data value.Record, path string) any {
	head, rest, inside := strings.Cut(path, ".")
	if !inside {
		return data[head]
	}
	if inner, ok := data[head].(value.Record); ok {
		return dataAt(inner, rest)
	}
	return nil
}
