package shared

import (
	"math"
	"unicode/utf8"

	"github.com/guicheng/guicheng/store"
)

// FoundCase is a case of a list, with the key that it was found by; "" = no field was asked for.
type FoundCase struct {
	store.CaseRow
	Text string
}

// Scanner is a row of a result.
type Scanner interface {
	Scan(dest ...any) error
}

// Also is a row that has one column more than its reader asks for.
func Also(r Scanner, dest any) Scanner { return also{r, dest} }

type also struct {
	row  Scanner
	dest any
}

func (a also) Scan(dest ...any) error { return a.row.Scan(append(dest, a.dest)...) }

// CasesFrom is where a list of cases begins: at its first page below the greatest key that is asked for.
func CasesFrom(q store.CaseQuery) (Cursor, error) {
	from := Cursor{List: Cases, First: math.MaxInt64}
	if q.Field != "" {
		if from.List, from.Text = Found, q.To; q.To == "" {
			from.Text = string(utf8.MaxRune) // no key has that character
		}
	}
	return DecodeCursor(q.After, from)
}

// CasesPage is a page of the list: see [CasesFrom].
func CasesPage(items []FoundCase, limit int, list string) store.Page[store.CaseRow] {
	page := Page(items, limit, func(c FoundCase) Cursor {
		return Cursor{List: list, First: c.Started.UnixMicro(), ID: c.ID, Text: c.Text}
	})
	out := store.Page[store.CaseRow]{Items: make([]store.CaseRow, len(page.Items)), Next: page.Next}
	for i := range page.Items {
		out.Items[i] = page.Items[i].CaseRow
	}
	return out
}
