// Package shared holds what the drivers do alike: the pages of a list and the steps of a schema. What a row looks like
// and how it is asked for is each driver's own.
package shared

import (
	"encoding/base64"
	"encoding/json"
	"fmt"

	"github.com/guicheng/guicheng/store"
)

// How many rows are read where nobody says so, and at most.
const (
	usualPage  = 50
	mostInPage = 200
	usualList  = 100
	mostInList = 10_000
)

// PageOf is how many rows a page that a person turns has: what was asked for, within 1..200; 0 or less means 50.
func PageOf(asked int) int { return between(asked, usualPage, mostInPage) }

// ListOf is how many rows the engine walks at once: what was asked for, within 1..10,000; 0 or less means 100.
func ListOf(asked int) int { return between(asked, usualList, mostInList) }

func between(asked, usual, most int) int {
	if asked < 1 {
		asked = usual
	}
	return min(asked, most)
}

// Cursor is where a page ended: the sort keys of its last row. Callers see it as opaque text.
type Cursor struct {
	List  string `json:"l"` // which list and which version of its order
	Rank  int64  `json:"r,omitempty"`
	First int64  `json:"a"`
	Then  int64  `json:"b"`
	ID    string `json:"i"`
	Text  string `json:"t,omitempty"`
}

// The lists that have pages, each with the version of its order.
const (
	Inbox  = "inbox2"
	Cases  = "cases1"
	Found  = "found1"
	Copies = "copies1"
)

func (c Cursor) encode() string {
	b, err := json.Marshal(c)
	if err != nil { // strings and numbers always encode
		return ""
	}
	return base64.RawURLEncoding.EncodeToString(b)
}

// DecodeCursor reads a cursor of one list; from stands in for "", the list's beginning. A text that is none, or is of
// another list, is store.ErrBadCursor.
func DecodeCursor(text string, from Cursor) (Cursor, error) {
	if text == "" {
		return from, nil
	}
	var c Cursor
	b, err := base64.RawURLEncoding.DecodeString(text)
	if err == nil {
		err = json.Unmarshal(b, &c)
	}
	if err != nil || c.List != from.List || c.ID == "" {
		return Cursor{}, fmt.Errorf("%w: %.40q is not a cursor of this list: begin at its first page",
			store.ErrBadCursor, text)
	}
	return c, nil
}

// Page cuts the row that was read beyond limit, and tells the cursor of the last one kept.
func Page[T any](items []T, limit int, at func(T) Cursor) store.Page[T] {
	if len(items) <= limit {
		return store.Page[T]{Items: items}
	}
	items = items[:limit]
	return store.Page[T]{Items: items, Next: at(items[limit-1]).encode()}
}
