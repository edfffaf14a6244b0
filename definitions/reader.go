package definitions

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"
	"go.yaml.in/yaml/v4/plugin/loaderlimits"

	"github.com/guicheng/guicheng/definitions/report"
)

// What a bundle of files may hold. A problem of code "limit" names the limit that was met.
const (
	MaxFile      = 1 << 20 // bytes of one file
	MaxFiles     = 200     // files of one office
	MaxTotal     = 8 << 20 // bytes of all files
	MaxDepth     = 40      // levels of a file's tree
	MaxNodes     = 100_000 // nodes of a file's tree
	MaxDocuments = 100     // documents in one file
	MaxScalar    = 64 << 10
	MaxProblems  = 200 // shown of one bundle
)

// nodeKind says what a node is.
type nodeKind uint8

const (
	scalarNode nodeKind = iota + 1
	listNode
	mapNode
)

// source is one file that is being read. Everything that is wrong in it is given to add.
type source struct {
	name string
	text []byte
	rows [][]rune // its lines, split when the first place inside a scalar is asked for
	add  func(report.Problem)
}

// document is one YAML document of a file.
type document struct {
	src  *source
	root *node
	base *document // that it extends; nil = none
	from int       // line on which it begins, from 1
	to   int       // line after its last
}

// node is a value in a file. A nil node is a value that is not there: all its methods answer.
type node struct {
	src          *source
	kind         nodeKind
	text         string // of a scalar
	style        yaml.Style
	line, column int
	items        []*node // of a list
	entries      []entry // of a mapping, in file order; keys are scalars and differ
	refused      bool    // its form is wrong and reported: whoever reads it treats it as absent
	empty        string  // of a mapping: a key that stands there without value, which was reported
}

// entry is one key of a mapping with its value.
type entry struct{ key, value *node }

// get gives the value of a key; nil if there is none or it was refused.
func (n *node) get(key string) *node {
	if n == nil || n.kind != mapNode {
		return nil
	}
	for _, e := range n.entries {
		if e.key.text == key {
			return e.value.valid()
		}
	}
	return nil
}

// key gives the node of a key itself, for its place.
func (n *node) keyNode(key string) *node {
	if n == nil {
		return nil
	}
	for _, e := range n.entries {
		if e.key.text == key {
			return e.key
		}
	}
	return n
}

func (n *node) valid() *node {
	if n == nil || n.refused {
		return nil
	}
	return n
}

// str is the text of a scalar; "" of anything else.
func (n *node) str() string {
	if n == nil || n.kind != scalarNode || n.refused {
		return ""
	}
	return n.text
}

func (n *node) isText() bool { return n != nil && n.kind == scalarNode && !n.refused }
func (n *node) isMap() bool  { return n != nil && n.kind == mapNode && !n.refused }
func (n *node) isList() bool { return n != nil && n.kind == listNode && !n.refused }
func (n *node) yes() bool    { return n.str() == "true" }

// all gives the items of a list, or the node itself where one entry stands alone; refused ones are left out.
func (n *node) all() []*node {
	if n.valid() == nil {
		return nil
	}
	if n.kind != listNode {
		return []*node{n}
	}
	out := make([]*node, 0, len(n.items))
	for _, item := range n.items {
		if !item.refused {
			out = append(out, item)
		}
	}
	return out
}

// pairs gives the entries of a mapping whose values were not refused.
func (n *node) pairs() []entry {
	if n.valid() == nil || n.kind != mapNode {
		return nil
	}
	out := make([]entry, 0, len(n.entries))
	for _, e := range n.entries {
		if !e.value.refused && !e.key.refused {
			out = append(out, e)
		}
	}
	return out
}

// place is where the node begins.
func (n *node) place() report.Place {
	if n == nil {
		return report.Place{}
	}
	return report.Place{File: n.src.name, Line: n.line, Column: n.column}
}

// width is how many characters of its line the node takes, as far as that is simple to say.
func (n *node) width() int {
	if n.kind != scalarNode || strings.Contains(n.text, "\n") {
		return 1
	}
	w := utf8.RuneCountInString(n.text)
	if n.style&(yaml.DoubleQuotedStyle|yaml.SingleQuotedStyle) != 0 {
		w += 2
	}
	return min(w, 80)
}

// fault reports an error at the node.
func (n *node) fault(code, hint, format string, args ...any) {
	n.src.add(report.Problem{Place: n.place(), Width: n.width(), Code: code, Hint: hint,
		Message: fmt.Sprintf(format, args...)})
}

// readFile splits a file into its documents. What cannot be read is reported, and what can be read is returned.
func readFile(file File, add func(report.Problem)) []*document {
	src := &source{name: file.Name, text: file.Text, add: add}
	if !src.plausible() {
		return nil
	}
	loader, err := yaml.NewLoader(bytes.NewReader(file.Text),
		yaml.WithPlugin(loaderlimits.New(loaderlimits.DepthValue(MaxDepth))))
	if err != nil {
		src.syntax(err)
		return nil
	}
	var docs []*document
	budget := MaxNodes
	for {
		var y yaml.Node
		if err := loader.Load(&y); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			src.syntax(err)
			break
		}
		if len(docs) == MaxDocuments {
			src.at(y.Line, y.Column, "limit", "", "more than %d documents (the limit MaxDocuments)", MaxDocuments)
			break
		}
		if len(y.Content) == 0 || y.Content[0].Kind == yaml.ScalarNode && y.Content[0].Value == "" {
			continue // `---` at the end of a file
		}
		root := src.convert(y.Content[0], &budget, 0)
		if budget < 0 {
			src.at(1, 1, "limit", "", "the file has more than %d values (the limit MaxNodes)", MaxNodes)
			return nil
		}
		if len(docs) > 0 {
			docs[len(docs)-1].to = y.Line
		}
		docs = append(docs, &document{src: src, root: root, from: y.Line})
	}
	if len(docs) > 0 {
		docs[0].from = 1
		docs[len(docs)-1].to = bytes.Count(file.Text, []byte{'\n'}) + 2
	}
	return docs
}

// text gives the lines of the document, for its hash.
func (d *document) text() []byte {
	lines := bytes.SplitAfter(d.src.text, []byte{'\n'})
	own := bytes.Join(lines[min(d.from-1, len(lines)):min(d.to-1, len(lines))], nil)
	if d.base != nil {
		return append(append(d.base.text(), '\n'), own...)
	}
	return own
}

func (s *source) at(line, column int, code, hint, format string, args ...any) {
	s.add(report.Problem{Place: report.Place{File: s.name, Line: max(line, 1), Column: max(column, 1)}, Code: code,
		Hint: hint, Message: fmt.Sprintf(format, args...)})
}

// plausible refuses what the YAML reader should never see.
func (s *source) plausible() bool {
	if len(s.text) > MaxFile {
		s.at(1, 1, "limit", "split it", "the file has %d bytes, the limit MaxFile is %d", len(s.text), MaxFile)
		return false
	}
	line, column := 1, 1
	for i := 0; i < len(s.text); {
		r, size := utf8.DecodeRune(s.text[i:])
		switch {
		case r == utf8.RuneError && size == 1:
			s.at(line, column, "encoding", "save the file as UTF-8", "this is not UTF-8")
			return false
		case r < ' ' && r != '\n' && r != '\r' && r != '\t', r == 0x7f:
			s.at(line, column, "encoding", "remove it", "control character U+%04X", r)
			return false
		case r == '\n':
			line, column = line+1, 0
		}
		column++
		i += size
	}
	return true
}

// unclosed names the bracket that an error of the YAML reader is about.
func (s *source) unclosed(le *yaml.LoadError) string {
	bracket, closing := "{", "}"
	if strings.Contains(le.ContextMsg, "sequence") {
		bracket, closing = "[", "]"
	}
	return fmt.Sprintf("the %s on line %d is not closed by %s, a comma is missing behind it, or "+
		"a formula with a comma in it lacks its quotes", bracket,
		le.ContextMark.Line, closing)
}

// syntax reports an error of the YAML reader.
func (s *source) syntax(err error) {
	var le *yaml.LoadError
	if !errors.As(err, &le) {
		s.at(1, 1, "yaml", "", "not a YAML file: %v", err)
		return
	}
	mark := le.Mark
	if mark.Line == 0 {
		mark = le.ContextMark
	}
	message := le.Message
	if le.ContextMsg != "" {
		message = le.ContextMsg + ": " + message
	}
	hint := ""
	switch {
	case strings.Contains(message, "max depth"):
		s.at(mark.Line, mark.Column, "limit", "", "more than %d levels inside one another (the limit MaxDepth)", MaxDepth)
		return
	case strings.Contains(message, "unknown anchor"):
		s.at(mark.Line, mark.Column, "yaml-alias", "put it in quotes", "aliases (*name) are not used here")
		return
	case strings.HasPrefix(le.ContextMsg, "while parsing a flow") && le.ContextMark.Line > 0:
		hint = s.unclosed(le)
	case strings.Contains(message, "expected '-' indicator"):
		message = "neither an entry of the list nor a part of one begins in this column"
		hint = fmt.Sprintf("each entry of a list begins with a hyphen, what belongs to it stands further to the right: "+
			"the first of it stands on line %d in column %d", le.ContextMark.Line, le.ContextMark.Column)
	case strings.HasPrefix(le.ContextMsg, "while parsing a block") && le.ContextMark.Line > 0:
		hint = fmt.Sprintf("what belongs together begins in the same column: the first of it stands on line %d in "+
			"column %d", le.ContextMark.Line, le.ContextMark.Column)
	case strings.Contains(message, "could not find expected ':'"):
		hint = fmt.Sprintf("behind a key come a colon and a space: look at line %d", max(mark.Line-1, 1))
	case strings.Contains(message, "mapping values are not allowed"):
		hint = "a text with a colon and a space in it is put in quotes; or this line is indented too far"
	case strings.Contains(message, "found a tab character"):
		hint = "indent with spaces, not with tabs"
	case strings.Contains(message, "cannot start any token"):
		hint = "no tabs for indenting; a text that begins with % @ or ` is put in quotes"
	case strings.Contains(message, "alias") || strings.Contains(message, "anchor") || strings.Contains(message, "tag"):
		hint = "a text that begins with * & or ! is put in quotes"
	}
	s.at(mark.Line, mark.Column, "yaml", hint, "not YAML: %s", message)
}
