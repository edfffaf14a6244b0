package api

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/danielgtaylor/huma/v2"
)

// jsonFormat is how bodies are read and written. Unlike huma's own it is not a variable that others can change.
var jsonFormat = huma.Format{
	Marshal: func(w io.Writer, v any) error {
		enc := json.NewEncoder(w)
		enc.SetEscapeHTML(false)
		return enc.Encode(v)
	},
	Unmarshal: json.Unmarshal,
}

// object is a JSON object that the engine reads by the procedure's own types.
type object struct{ json.RawMessage }

var _ huma.SchemaProvider = object{}

// Schema describes any object.
func (object) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{Type: huma.TypeObject, AdditionalProperties: true}
}

// checkJSON refuses what two readers could understand differently, or what is deeper than any form: one JSON object in
// UTF-8, without a name twice in one object (names that differ in case alone count as the same), without the character
// U+0000, which not every store can keep, and nothing after it. The error says where.
func checkJSON(body []byte) error {
	if !utf8.Valid(body) {
		return &misread{firstInvalid(body), whyNotUTF8}
	}
	dec := json.NewDecoder(bytes.NewReader(body))
	dec.UseNumber()
	w := &jsonWalk{}
	for {
		token, err := dec.Token()
		if errors.Is(err, io.EOF) && w.ended {
			return nil
		}
		if err != nil {
			at := dec.InputOffset()
			if bad, ok := errors.AsType[*json.SyntaxError](err); ok {
				at = bad.Offset
			}
			return &misread{at, whyNotJSON}
		}
		if why := w.step(token); why != "" {
			return &misread{dec.InputOffset(), why}
		}
	}
}

// misread is what is wrong with a body, and behind how many bytes.
type misread struct {
	at  int64
	why string
}

// Why a body is misread: Args["why"] of codeBadJSON, with a sentence each.
const (
	whyEmpty     = "empty"
	whyNotUTF8   = "not-utf-8"
	whyNotJSON   = "not-json"
	whyNotObject = "not-an-object"
	whyMore      = "more-than-one"
	whyTwice     = "name-twice"
	whyNul       = "u-0000"
	whyDeep      = "too-deep"
)

func (m *misread) Error() string { return m.why }

// refusal says where and why.
func (m *misread) refusal(body []byte) *ProblemDocument {
	p := refusal(codeBadJSON)
	p.Args = m.place(body)
	p.Args["why"], p.Args["max"] = m.why, strconv.Itoa(maxDepth)
	return p
}

// place gives the line and the character where body was misread, from 1.
func (m *misread) place(body []byte) map[string]string {
	before := body[:min(max(m.at, 0), int64(len(body)))]
	line := bytes.Count(before, []byte("\n")) + 1
	column := max(utf8.RuneCount(before[bytes.LastIndexByte(before, '\n')+1:]), 1)
	return map[string]string{"line": strconv.Itoa(line), "column": strconv.Itoa(column)}
}

func firstInvalid(body []byte) int64 {
	for i := 0; i < len(body); {
		r, size := utf8.DecodeRune(body[i:])
		i += size
		if r == utf8.RuneError && size == 1 {
			return int64(i)
		}
	}
	return int64(len(body))
}

// jsonWalk knows where in a document a token stands.
type jsonWalk struct {
	open  []level
	ended bool
}

type level struct {
	names map[string]bool // nil: an array
	value bool            // a name was read, its value is next
}

// step gives why a token may not stand where it does; "" = it may.
func (w *jsonWalk) step(token json.Token) string {
	if w.ended {
		return whyMore
	}
	if text, ok := token.(string); ok && strings.ContainsRune(text, 0) {
		return whyNul
	}
	if d, ok := token.(json.Delim); ok {
		return w.delim(d)
	}
	top := w.top()
	if top == nil {
		return whyNotObject
	}
	if name, ok := token.(string); ok && top.names != nil && !top.value {
		return top.name(name)
	}
	top.value = false
	return ""
}

func (l *level) name(name string) string {
	name = strings.ToLower(name)
	if l.names[name] {
		return whyTwice
	}
	l.names[name], l.value = true, true
	return ""
}

func (w *jsonWalk) delim(d json.Delim) string {
	switch d {
	case '{', '[':
		if len(w.open) == 0 && d == '[' {
			return whyNotObject
		}
		if len(w.open) >= maxDepth {
			return whyDeep
		}
		next := level{}
		if d == '{' {
			next.names = map[string]bool{}
		}
		w.open = append(w.open, next)
		return ""
	}
	w.open = w.open[:len(w.open)-1]
	if top := w.top(); top != nil {
		top.value = false
	} else {
		w.ended = true
	}
	return ""
}

func (w *jsonWalk) top() *level {
	if len(w.open) == 0 {
		return nil
	}
	return &w.open[len(w.open)-1]
}

// orNone is the object's text; nil if there is none, or null.
func (o object) orNone() json.RawMessage {
	if len(o.RawMessage) == 0 || string(o.RawMessage) == "null" {
		return nil
	}
	return o.RawMessage
}
