package sim

import (
	"fmt"
	"regexp/syntax"
	"strconv"
	"strings"
	"time"

	"github.com/guicheng/guicheng/definitions/value"
	"github.com/guicheng/guicheng/engine/core"
)

// words are what made-up texts are made of: also those that are awkward.
var words = [...]string{"水管漏水", "Mrs O'Neil <b>", "陳先生", "=SUM(A1)", "漢字 and 字", "\"quoted\"", "a\\b", "é", "👍"}

// put fills in a field, sometimes not.
func (k *Walker) put(into map[string]any, f *value.Field, data value.Record) {
	if f.Kind != value.RecordKind && f.Kind != value.TableKind && k.rand.IntN(12) == 0 {
		return
	}
	into[f.Name] = k.value(f, data)
}

// value makes up a value of a field, as JSON has it, and mostly one that fits.
func (k *Walker) value(f *value.Field, data value.Record) any {
	switch f.Kind {
	case value.RecordKind:
		rec := map[string]any{}
		for _, sub := range f.Fields {
			k.put(rec, sub, data)
		}
		return rec
	case value.TableKind:
		return k.rows(f, data)
	case value.Choice, value.Post, value.Choices, value.Checklist, value.Texts:
		return k.chosen(f)
	case value.YesNo:
		return k.rand.IntN(2) == 0
	case value.Count:
		low, _ := f.Min.(int64)
		return low + int64(k.rand.IntN(4))
	case value.Number:
		low, _ := f.Min.(float64)
		return low + float64(k.rand.IntN(8))/2
	case value.Cash:
		return fmt.Sprintf("%d.%02d", k.rand.IntN(500), k.rand.IntN(100))
	case value.Moment, value.Date, value.Month:
		return k.moment(f)
	case value.Duration:
		low, _ := f.Min.(time.Duration)
		return value.FormatDuration(low + time.Duration(k.rand.IntN(90))*time.Minute)
	case value.Worktime:
		return strconv.Itoa(1+k.rand.IntN(5)) + " workdays"
	case value.Human:
		return k.anyone().ID
	case value.People:
		return []any{k.anyone().ID}
	case value.UnitKind:
		return k.unit()
	case value.File, value.Photo, value.Signature:
		return map[string]any{"id": "f-" + strconv.Itoa(k.rand.IntN(100)), "name": "sign", "type": "image/png", "size": 9}
	}
	return k.text(f)
}

func (k *Walker) unit() any {
	units := k.World.People.Units()
	if len(units) == 0 {
		return map[string]any{"id": "u", "name": "unit"}
	}
	return units[k.rand.IntN(len(units))].ID
}

// rows makes up a table: as many rows as there are, or a few.
func (k *Walker) rows(f *value.Field, data value.Record) any {
	n := k.rand.IntN(3)
	if low, ok := f.Min.(int64); ok {
		n += int(low)
	}
	if old, ok := data[f.Name].([]value.Record); ok {
		n = len(old)
	}
	rows := make([]any, n)
	for i := range rows {
		row := map[string]any{}
		for _, column := range f.Fields {
			if column.Name != core.RowNumber {
				k.put(row, column, nil)
			}
		}
		rows[i] = row
	}
	return rows
}

func (k *Walker) chosen(f *value.Field) any {
	ids := make([]any, 0, len(f.Options))
	for _, o := range f.Options {
		if f.Kind == value.Checklist || k.rand.IntN(2) == 0 {
			ids = append(ids, o.ID)
		}
	}
	switch {
	case f.Kind == value.Texts:
		return []any{words[k.rand.IntN(len(words))]}
	case f.Kind == value.Post && len(f.Options) == 0:
		posts := k.World.Bundle.Office.Posts
		return posts[k.rand.IntN(len(posts))].ID
	case f.Kind == value.Choice || f.Kind == value.Post:
		return f.Options[k.rand.IntN(len(f.Options))].ID
	case len(ids) == 0 && len(f.Options) > 0:
		ids = append(ids, f.Options[k.rand.IntN(len(f.Options))].ID)
	}
	return ids
}

func (k *Walker) moment(f *value.Field) string {
	at := k.World.Now.Add(time.Duration(k.rand.IntN(300)-60) * time.Minute)
	switch f.Kind {
	case value.Date:
		return at.In(k.World.Bundle.Office.Zone).Format(time.DateOnly)
	case value.Month:
		return at.In(k.World.Bundle.Office.Zone).Format("2006-01")
	}
	return at.Format(time.RFC3339)
}

func (k *Walker) text(f *value.Field) string {
	switch f.Kind {
	case value.Phone:
		return fmt.Sprintf("1380000%04d", k.rand.IntN(10_000))
	case value.IDNumber:
		return fmt.Sprintf("11010119900101%03dX", k.rand.IntN(1000))
	case value.Email:
		return fmt.Sprintf("x%d@example.com", k.rand.IntN(100))
	}
	if f.Pattern == "" {
		return words[k.rand.IntN(len(words))]
	}
	re, err := syntax.Parse(f.Pattern, syntax.Perl)
	if err != nil {
		return "?"
	}
	var b strings.Builder
	k.match(&b, re.Simplify())
	return b.String()
}

// match writes a text that fits a pattern.
func (k *Walker) match(b *strings.Builder, re *syntax.Regexp) {
	switch re.Op {
	case syntax.OpLiteral:
		b.WriteString(string(re.Rune))
	case syntax.OpCharClass:
		at := 2 * k.rand.IntN(len(re.Rune)/2)
		b.WriteRune(re.Rune[at] + rune(k.rand.IntN(int(min(re.Rune[at+1]-re.Rune[at], 100))+1)))
	case syntax.OpAlternate:
		k.match(b, re.Sub[k.rand.IntN(len(re.Sub))])
	case syntax.OpQuest, syntax.OpStar:
		if k.rand.IntN(2) == 0 {
			k.match(b, re.Sub[0])
		}
	case syntax.OpConcat, syntax.OpCapture, syntax.OpPlus:
		for _, sub := range re.Sub {
			k.match(b, sub)
		}
	case syntax.OpAnyChar, syntax.OpAnyCharNotNL:
		b.WriteByte('x')
	}
}

// cutRow splits "papers[1]" into its name and row.
func cutRow(part string) (name string, row int, ok bool) {
	name, rest, ok := strings.Cut(part, "[")
	if !ok {
		return part, 0, false
	}
	row, err := strconv.Atoi(strings.TrimSuffix(rest, "]"))
	return name, row, err == nil
}
