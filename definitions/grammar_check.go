package definitions

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/guicheng/guicheng/definitions/report"
	"github.com/guicheng/guicheng/definitions/value"
)

var (
	idForm   = regexp.MustCompile(`^[a-z][a-z0-9]*(-[a-z0-9]+)*$`)
	nameForm = regexp.MustCompile(`^[a-z][a-z0-9]*(_[a-z0-9]+)*$`)
	pathForm = regexp.MustCompile(`^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*$`)
)

const maxName = 64 // characters of an id or a name

// matcher compares a document with the grammar and gathers the titles in it.
type matcher struct {
	titles []*node
}

// match compares a value with the forms that it may have. What fits none is reported and refused.
func (m *matcher) match(n *node, forms []form) {
	if n.refused {
		return
	}
	switch n.kind {
	case listNode:
		m.list(n, forms)
	case mapNode:
		m.mapping(n, forms)
	default:
		m.scalar(n, forms)
	}
}

func (m *matcher) list(n *node, forms []form) {
	for _, f := range forms {
		switch f.kind {
		case kindFree:
			return
		case kindList:
			for _, item := range n.items {
				m.match(item, f.each)
			}
			return
		}
	}
	n.refuse(forms, "a list")
}

func (m *matcher) mapping(n *node, forms []form) {
	var named *shape
	var free *form
	for _, f := range forms {
		switch f.kind {
		case kindFree:
			return
		case kindEntries:
			free = &f
		case kindShape:
			named = shapeNamed(f.shape)
		}
	}
	if named != nil && free != nil && slices.ContainsFunc(n.entries, func(e entry) bool {
		return slices.Contains(named.marks, e.key.text)
	}) {
		free = nil
	}
	switch {
	case free != nil:
		for _, e := range n.entries {
			m.scalar(e.key, []form{scalar(free.key)})
			m.match(e.value, free.each)
		}
	case named != nil:
		m.shape(n, named)
	default:
		n.refuse(forms, "a mapping")
	}
}

func (m *matcher) shape(n *node, s *shape) {
	meant := map[string]bool{} // keys that stand there misspelt
	for _, e := range n.entries {
		k := s.key(e.key.text)
		if k == nil {
			if n.holds(s, e.key.text) { // it stands too far to the left, and that was said
				continue
			}
			meant[s.nearest(e.key.text)] = true
			e.key.fault("unknown-key", unknownKey(e.key.text, s), "%s has no %s", article(s.name), clipped(e.key.text))
			continue
		}
		if k.varied {
			e.key.fault("not-for-type", "", "%s belongs to a procedure that extends another", k.name)
		}
		m.match(e.value, k.forms)
	}
	for _, k := range s.keys {
		if k.required && !n.has(k.name) && !meant[k.name] {
			n.fault("missing-key", k.name+": "+k.doc, "%s without %s", article(s.name), k.name)
		}
	}
}

// holds tells whether a key belongs into one of the mapping that stands there without value.
func (n *node) holds(s *shape, key string) bool {
	k := s.key(n.empty)
	return k != nil && slices.ContainsFunc(k.forms, func(f form) bool {
		of := shapeNamed(f.shape)
		return f.kind == kindEntries || f.kind == kindShape && of != nil && of.key(key) != nil
	})
}

// nearest is the key that a misspelt one was most likely meant to be; "" where none is near.
func (s *shape) nearest(key string) string {
	names := make([]string, len(s.keys))
	for i, k := range s.keys {
		names[i] = k.name
	}
	return report.Nearest(key, names)
}

// has tells whether the key stands there, with whatever value.
func (n *node) has(name string) bool {
	return n != nil && slices.ContainsFunc(n.entries, func(e entry) bool { return e.key.text == name })
}

func unknownKey(wrong string, s *shape) string {
	names := make([]string, len(s.keys))
	for i, k := range s.keys {
		names[i] = k.name
	}
	switch {
	case wrong == "on" && slices.Contains(names, "events"):
		return "it is called events here"
	case wrong == "rules":
		return "rules stand at a step, or at the head of the procedure"
	case slices.Contains(names, meantBy(wrong)):
		return "did you mean " + meantBy(wrong) + "?"
	}
	if hint := misplaced(cmp.Or(meantBy(wrong), wrong), s); hint != "" {
		return hint
	}
	if hint := report.DidYouMean(wrong, names); hint != "" {
		return hint
	}
	return "it may have " + strings.Join(names, ", ")
}

// misplaced says where a key of a step stands that was written into its work, or the other way round.
func misplaced(key string, s *shape) string {
	step := shapeNamed("step")
	if s != step {
		if step.key(s.name) != nil && step.key(key) != nil {
			return fmt.Sprintf("%s stands at the step, beside %s", key, s.name)
		}
		return ""
	}
	for _, k := range step.keys {
		work, own := shapeNamed(k.name), func(f form) bool { return f.shape == k.name }
		if work != nil && work.key(key) != nil && slices.ContainsFunc(k.forms, own) {
			return fmt.Sprintf("%s stands inside %s: {%s: …}", key, k.name, key)
		}
	}
	return ""
}

// meant are the words of other languages, and what they are called here.
var meant = map[string]string{
	"otherwise": "else", "default": "else", "if": "when", "condition": "when", "goto": "to", "next": "to", "name": "title",
	"label": "title", "who": "by", "assignee": "by", "fields": "form", "buttons": "answers", "options": "answers",
	"deadline": "within", "due": "within", "loop": "repeat", "foreach": "for_each", "subprocess": "call",
	"lock": "exclusive", "mutex": "exclusive",
}

// meantBy is the key that a word of another language stands for; "" where there is none.
func meantBy(key string) string { return meant[key] }

// scalar compares a simple value with the forms; the first scalar form that accepts it counts.
func (m *matcher) scalar(n *node, forms []form) {
	if n.refused {
		return
	}
	tried := 0
	var code, message, hint string
	for _, f := range forms {
		if f.kind == kindFree {
			return
		}
		if f.kind == kindList || f.kind == kindEntries || f.kind == kindShape {
			continue
		}
		tried++
		if code, message, hint = n.fits(f); code == "" {
			if f.kind == kindTitle {
				m.titles = append(m.titles, n)
			}
			return
		}
	}
	n.refused = true
	switch {
	case n.faultWidth():
	case tried == 0:
		n.refuse(forms, "a simple value")
	default:
		n.fault(code, hint, "%s", message)
	}
}

// fits tells what is wrong with a scalar as a value of form f; code "" = nothing.
func (n *node) fits(f form) (code, message, hint string) {
	switch f.kind {
	case kindID, kindName, kindPath:
		return n.fitsName(f.kind)
	case kindWho:
		if strings.HasPrefix(n.text, "=") {
			return "", "", ""
		}
		return n.fitsName(kindID)
	case kindYesNo:
		if n.text != "true" && n.text != "false" {
			return "wrong-value", clipped(n.text) + " is neither true nor false", ""
		}
	case kindCount:
		if c, err := strconv.Atoi(n.text); err != nil || c < 0 || c > 1_000_000 {
			return "wrong-value", clipped(n.text) + " is not a whole number", ""
		}
	case kindSpan:
		if _, err := value.ParseDuration(n.text); err != nil {
			return "wrong-value", err.Error(), "write 30d, 8h or 15m"
		}
	case kindWord:
		if !slices.Contains(f.words, n.text) {
			return "wrong-value", clipped(n.text) + " is not allowed here", oneOf(n.text, f.words)
		}
	default:
		if strings.TrimSpace(n.text) == "" {
			return "yaml-empty", "an empty text", "write a value, or leave the entry out"
		}
	}
	return "", "", ""
}

func oneOf(wrong string, words []string) string {
	if hint := report.DidYouMean(wrong, words); hint != "" {
		return hint
	}
	return "it is one of " + strings.Join(words, ", ")
}

// peopleCall is a formula that gives people, without the = that it begins with.
var peopleCall = regexp.MustCompile(
	`^(superiors|heads|holders|done_by|staff|able|everyone|person|concat|least_loaded)\(`)

func (n *node) fitsName(k formKind) (code, message, hint string) {
	if n.plainWord() {
		return "yaml-word", n.text + " is read as true, false or nothing by other YAML readers", "put it in quotes"
	}
	want, like, example := idForm, "small letters, digits and hyphens", "front-desk"
	switch k {
	case kindName:
		want, like, example = nameForm, "small letters, digits and underlines", "unit_no"
	case kindPath:
		want, like, example = pathForm, "names with dots between them", "matter.what"
	}
	if peopleCall.MatchString(n.text) {
		return "wrong-name", clipped(n.text) + " is not a name as it must be written here",
			"people that are computed begin with =: '=" + clipped(n.text) + "'"
	}
	if !want.MatchString(n.text) {
		hint = like + ": " + example
		if words := strings.Fields(n.text); len(words) > 1 && !slices.ContainsFunc(words, func(w string) bool {
			return !want.MatchString(w)
		}) {
			hint += "; or is a comma missing between them: " + clipped(strings.Join(words, ", "))
		}
		return "wrong-name", clipped(n.text) + " is not a name as it must be written here", hint
	}
	if len(n.text) > maxName*4 || k != kindPath && len(n.text) > maxName {
		return "limit", "a name has at most " + strconv.Itoa(maxName) + " letters", ""
	}
	return "", "", ""
}

// plainWord tells the unquoted words that YAML readers take for something other than text.
func (n *node) plainWord() bool {
	if n.style&(yaml.SingleQuotedStyle|yaml.DoubleQuotedStyle) != 0 {
		return false
	}
	switch strings.ToLower(n.text) {
	case "yes", "no", "on", "off", "true", "false", "null":
		return true
	}
	return false
}

func (n *node) refuse(forms []form, got string) {
	n.refused = true
	hint := ""
	if n.kind == scalarNode && slices.ContainsFunc(forms, func(f form) bool { return f.shape == "for-each" }) {
		hint = "for_each: {in: " + clipped(n.text) + "}"
	}
	is := func(kind formKind, shape string) bool {
		return slices.ContainsFunc(forms, func(f form) bool { return f.kind == kind && (shape == "" || f.shape == shape) })
	}
	switch {
	case n.kind == scalarNode && is(kindShape, "wait-for"):
		hint = "a name for what has come stands before it: over: {after: days(2)}"
	case n.kind == scalarNode && slices.ContainsFunc(forms, titled):
		hint = "write {title: " + clipped(n.text) + "}"
	case n.kind == mapNode && is(kindList, "") && len(n.entries) > 0:
		hint = "each entry of a list begins with a hyphen: - " + n.entries[0].key.text + ": …"
	case n.kind == listNode && is(kindEntries, ""):
		hint = "each with a name of its own: {first: …, second: …}"
	}
	n.fault("wrong-kind", hint, "%s stands here; it must be %s", got, describe(forms))
}

// titled tells whether a form is a mapping with a title.
func titled(f form) bool {
	return f.kind == kindShape && shapeNamed(f.shape) != nil && shapeNamed(f.shape).key("title") != nil
}

// describe says in words what may stand at a place.
func describe(forms []form) string {
	var parts []string
	for _, f := range forms {
		text := "a simple value"
		switch f.kind {
		case kindList:
			text = "a list"
		case kindEntries:
			text = "a mapping"
		case kindShape:
			text = "a mapping with " + keysOf(f.shape)
		case kindWord:
			text = strings.Join(f.words, ", ")
		case kindID, kindName, kindPath:
			text = "a name"
		case kindTitle, kindPaper:
			text = "a text"
		case kindGuard, kindWhen, kindTest, kindValue:
			text = "an expression"
		case kindWho:
			text = "a post"
		}
		if !slices.Contains(parts, text) {
			parts = append(parts, text)
		}
	}
	return strings.Join(parts, " or ")
}

func keysOf(name string) string {
	s := shapeNamed(name)
	var names []string
	for _, k := range s.keys[:min(len(s.keys), 3)] {
		names = append(names, k.name)
	}
	return strings.Join(names, ", ") + " …"
}

func article(name string) string {
	if strings.ContainsRune("aeiou", rune(name[0])) {
		return "an " + name
	}
	return "a " + name
}

// clipped keeps a message short, whatever stands in the file.
func clipped(text string) string {
	runes := []rune(text)
	if len(runes) > 60 {
		return string(runes[:60]) + "…"
	}
	return text
}
