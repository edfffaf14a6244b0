// Package packed is how the drivers keep a case's state and its events: as JSON, made small by a dictionary of what
// stands in every case. A finished case takes a third of the room, and a commit writes as much less.
package packed

import (
	"cmp"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/klauspost/compress/s2"

	"github.com/guicheng/guicheng/store"
)

// The first byte says how the rest is to be read. A dictionary never changes, because old cases are read by it: a
// better one is a new file with the next number.
const (
	plain = 0
	first = 1 // made small by 1.dict
)

//go:embed 1.dict
var firstText []byte

var firstDict = sync.OnceValue(func() *s2.Dict { return s2.MakeDict(firstText, nil) })

// Pack makes raw small. Nothing stays nothing.
func Pack(raw []byte) []byte {
	if len(raw) == 0 {
		return []byte{}
	}
	room := borrow(s2.MaxEncodedLen(len(raw)))
	defer room.giveBack()
	if packed := firstDict().Encode(room.bytes, raw); len(packed) > 0 && len(packed) < len(raw) {
		return append(append(make([]byte, 0, 1+len(packed)), first), packed...)
	}
	return append(append(make([]byte, 0, 1+len(raw)), plain), raw...)
}

// room is borrowed while something is packed: what is kept of it is much smaller.
type room struct{ bytes []byte }

var rooms = sync.Pool{New: func() any { return new(room) }}

// borrow gives room for size bytes, of any content.
func borrow(size int) *room {
	r, _ := rooms.Get().(*room)
	if cap(r.bytes) < size {
		r.bytes = make([]byte, size)
	}
	r.bytes = r.bytes[:size]
	return r
}

// giveBack returns it; what a large case needed is not held on to.
func (r *room) giveBack() {
	if cap(r.bytes) <= 64<<10 {
		rooms.Put(r)
	}
}

// Unpack gives what Pack was given.
func Unpack(kept []byte) ([]byte, error) {
	if len(kept) == 0 {
		return kept, nil
	}
	switch kept[0] {
	case plain:
		return kept[1:], nil
	case first:
		return firstDict().Decode(nil, kept[1:])
	case '[', '{': // as it was before it was packed
		return kept, nil
	}
	return nil, fmt.Errorf("it is packed in way %d, which this release does not know", kept[0])
}

// Leaf is the events of one change as one row: a step has a handful of them, and they are written and read together.
type Leaf struct {
	First, Last int64 // numbers; 0 = no events
	At          int64 // of the last event, in microseconds
	Body        []byte
}

// entry is the stored form of an event.
type entry struct {
	Seq   int64           `json:"seq"`
	At    int64           `json:"at"` // microseconds
	Actor string          `json:"actor,omitempty"`
	Kind  string          `json:"kind"`
	Body  json.RawMessage `json:"body,omitempty"`
}

// Events makes a leaf of a change's events.
func Events(events []store.EventRow) (Leaf, error) {
	if len(events) == 0 {
		return Leaf{}, nil
	}
	bySeq := func(x, y store.EventRow) int { return cmp.Compare(x.Seq, y.Seq) }
	if !slices.IsSortedFunc(events, bySeq) {
		events = slices.SortedFunc(slices.Values(events), bySeq)
	}
	size := 2
	for i := range events {
		e := &events[i]
		switch {
		case e.Seq < 1:
			return Leaf{}, fmt.Errorf("an event has number %d, want 1 or more", e.Seq)
		case i > 0 && events[i-1].Seq == e.Seq:
			return Leaf{}, fmt.Errorf("two events have number %d", e.Seq)
		case len(e.Body) > 0 && !json.Valid(e.Body):
			return Leaf{}, fmt.Errorf("event %d: its body is no JSON", e.Seq)
		}
		size += len(e.Body) + len(e.Actor) + len(e.Kind) + 80
	}
	room := borrow(size)
	defer room.giveBack()
	raw := room.bytes[:0]
	for i := range events {
		raw = appendEntry(append(raw, ','), &events[i])
	}
	raw[0] = '['
	raw = append(raw, ']')
	room.bytes = raw // it may have grown
	last := &events[len(events)-1]
	return Leaf{First: events[0].Seq, Last: last.Seq, At: micros(last.At), Body: Pack(raw)}, nil
}

// appendEntry writes what json.Marshal would, without reading the body again.
func appendEntry(raw []byte, e *store.EventRow) []byte {
	raw = strconv.AppendInt(append(raw, `{"seq":`...), e.Seq, 10)
	raw = strconv.AppendInt(append(raw, `,"at":`...), micros(e.At), 10)
	if e.Actor != "" {
		raw = appendText(append(raw, `,"actor":`...), e.Actor)
	}
	raw = appendText(append(raw, `,"kind":`...), e.Kind)
	if len(e.Body) > 0 {
		raw = append(append(raw, `,"body":`...), e.Body...)
	}
	return append(raw, '}')
}

func appendText(raw []byte, text string) []byte {
	for i := range len(text) {
		if c := text[i]; c < ' ' || c > '~' || c == '"' || c == '\\' {
			quoted, err := json.Marshal(text)
			if err != nil { // a string always can
				return append(raw, `""`...)
			}
			return append(raw, quoted...)
		}
	}
	return append(append(append(raw, '"'), text...), '"')
}

// ReadEvents reads a leaf's body: events of a case, oldest first.
func ReadEvents(office, id string, body []byte) ([]store.EventRow, error) {
	raw, err := Unpack(body)
	if err != nil {
		return nil, err
	}
	var entries []entry
	if err := json.Unmarshal(raw, &entries); err != nil {
		return nil, errors.Join(fmt.Errorf("events of case %s cannot be read", id), err)
	}
	out := make([]store.EventRow, len(entries))
	for i, e := range entries {
		out[i] = store.EventRow{
			Office: office, Case: id, Seq: e.Seq, At: moment(e.At), Actor: e.Actor, Kind: e.Kind, Body: e.Body,
		}
	}
	return out, nil
}

// micros is how times are kept: microseconds since 1970; the zero time is 0.
func micros(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMicro()
}

func moment(n int64) time.Time {
	if n == 0 {
		return time.Time{}
	}
	return time.UnixMicro(n).UTC()
}
