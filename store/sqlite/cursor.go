package sqlite

import (
	"encoding/base64"
	"encoding/json"
	"fmt"

	"github.com/guicheng/guicheng/store"
)

// cursor is where a page ended: the sort keys of its last row. Callers see it as opaque text.
type cursor struct {
	List  string `json:"l"` // which list and which version of its order
	Rank  int64  `json:"r,omitempty"`
	First int64  `json:"a"`
	Then  int64  `json:"b"`
	ID    string `json:"i"`
}

const (
	inboxCursor  = "inbox2"
	casesCursor  = "cases1"
	copiesCursor = "copies1"
)

func (c cursor) encode() string {
	b, err := json.Marshal(c)
	if err != nil { // strings and numbers always encode
		return ""
	}
	return base64.RawURLEncoding.EncodeToString(b)
}

// decodeCursor reads a cursor of one list; from stands in for "", the list's beginning.
func decodeCursor(text string, from cursor) (cursor, error) {
	if text == "" {
		return from, nil
	}
	var c cursor
	b, err := base64.RawURLEncoding.DecodeString(text)
	if err == nil {
		err = json.Unmarshal(b, &c)
	}
	if err != nil || c.List != from.List || c.ID == "" {
		return cursor{}, fmt.Errorf("%w: %.40q is not a cursor of this list: begin at its first page",
			store.ErrBadCursor, text)
	}
	return c, nil
}

// page cuts the row that was read beyond limit, and tells the cursor of the last one kept.
func page[T any](items []T, limit int, at func(T) cursor) store.Page[T] {
	if len(items) <= limit {
		return store.Page[T]{Items: items}
	}
	items = items[:limit]
	return store.Page[T]{Items: items, Next: at(items[limit-1]).encode()}
}
