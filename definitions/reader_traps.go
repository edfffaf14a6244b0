package definitions

import (
	"strings"

	"go.yaml.in/yaml/v4"
)

// convert takes over a tree of the YAML reader and refuses what reads differently from how it looks.
func (s *source) convert(y *yaml.Node, budget *int, depth int) *node {
	n := &node{src: s, line: y.Line, column: y.Column, text: y.Value, style: y.Style}
	*budget--
	if *budget < 0 || depth > MaxDepth {
		*budget = -1
		return n
	}
	switch y.Kind {
	case yaml.MappingNode:
		n.kind = mapNode
		s.entries(n, y, budget, depth)
	case yaml.SequenceNode:
		n.kind = listNode
		for _, item := range y.Content {
			n.items = append(n.items, s.convert(item, budget, depth+1))
		}
	case yaml.AliasNode:
		n.kind, n.refused = scalarNode, true
		n.text = "*" + y.Value
		n.fault("yaml-alias", "put it in quotes", "%s is an alias: it is not used here", n.text)
	default:
		n.kind = scalarNode
	}
	s.traps(n, y)
	return n
}

// traps refuses tags, anchors and huge or empty scalars. Of a tagged scalar nothing is left to read.
func (s *source) traps(n *node, y *yaml.Node) {
	if n.refused {
		return
	}
	switch {
	case y.Style&yaml.TaggedStyle != 0 || y.Tag != "" && !strings.HasPrefix(y.Tag, "!!"):
		n.refused = true
		n.fault("yaml-tag", "put it in quotes", "%s is a YAML tag: the value is not read as it is written", y.Tag)
	case y.Anchor != "":
		n.refused = true
		n.fault("yaml-anchor", "put it in quotes", "&%s is a YAML anchor: it is not used here", y.Anchor)
	case len(n.text) > MaxScalar:
		n.refused = true
		n.fault("limit", "", "a text of %d bytes, the limit MaxScalar is %d", len(n.text), MaxScalar)
	case n.isNull():
		n.refused = true
		if n.text == "" {
			n.fault("yaml-empty", "write a value, or leave the entry out", "an entry without a value")
		} else {
			n.fault("yaml-null", `leave the entry out, or put the word in quotes`, "%s means nothing here", n.text)
		}
	}
}

// isNull tells an unquoted nothing.
func (n *node) isNull() bool {
	if n.kind != scalarNode || n.style&(yaml.SingleQuotedStyle|yaml.DoubleQuotedStyle|
		yaml.LiteralStyle|yaml.FoldedStyle) != 0 {
		return false
	}
	switch n.text {
	case "", "~", "null", "Null", "NULL":
		return true
	}
	return false
}

func (s *source) entries(n *node, y *yaml.Node, budget *int, depth int) {
	seen := make(map[string]*node, len(y.Content)/2)
	valueless, unmarked := 0, false // unmarked: entries of a list without their hyphens
	for i := 0; i+1 < len(y.Content) && *budget >= 0; i += 2 {
		k, v := y.Content[i], y.Content[i+1]
		if k.Kind == yaml.ScalarNode && v.Kind == yaml.ScalarNode && v.Value == "" && v.Style == 0 &&
			v.Tag == "!!null" && v.Anchor == "" {
			indented := y.Style&yaml.FlowStyle == 0 && i+2 < len(y.Content)
			n.empty = s.valueless(k, indented, budget, depth)
			valueless++
			continue
		}
		name := s.convert(k, budget, depth+1)
		item := s.convert(v, budget, depth+1)
		if name.kind != scalarNode {
			name.fault("yaml-key", "put it in quotes", "the key of an entry must be a simple text")
			continue
		}
		if name.refused {
			continue
		}
		if k.Tag == "!!merge" {
			name.fault("yaml-merge", "write the entries out", "<< merges other entries in: it is not used here")
			continue
		}
		if first := seen[name.text]; first != nil {
			hint := ""
			if y.Style&yaml.FlowStyle == 0 && name.text == y.Content[0].Value {
				hint, unmarked = "if another entry of a list begins here, a hyphen stands before it: - "+name.text+": …", true
			}
			if hint != "" || !unmarked {
				name.fault("duplicate-key", hint, "%s stands here twice, first on line %d", name.text, first.line)
			}
			continue
		}
		seen[name.text] = name
		n.entries = append(n.entries, entry{name, item})
	}
	n.refused = valueless > 0 && len(n.entries) == 0 // all of it is reported
}

// valueless reports a key without value, and gives it. In `{title: 甲,乙}` it is the rest of a text that a comma has
// split; in a block, what belongs to it may stand in its own column.
func (s *source) valueless(k *yaml.Node, indented bool, budget *int, depth int) string {
	name := s.convert(k, budget, depth+1)
	if name.refused {
		return ""
	}
	hint := "put the whole text in quotes if a comma is part of it; or write a value, or leave the entry out"
	if indented {
		hint = "what belongs to it begins further to the right than it does; or write a value, or leave the entry out"
	}
	name.fault("yaml-empty", hint, "%s has no value", clipped(name.text))
	return name.text
}
