package definitions

import (
	"slices"

	"github.com/guicheng/guicheng/definitions/formula"
	"github.com/guicheng/guicheng/definitions/value"
)

func (c *compiler) start(i int, n *node) *Start {
	s := &Start{Index: i, By: c.who(n.get("by"), formula.Names{})}
	c.nodes[s] = n
	s.Form = c.form(n, nil)
	s.Checks = c.checks(n.get("check"), formula.Names{Actor: true, Now: true})
	s.Schedule = c.schedule(n)
	var each []*value.Field
	if s.ForEach, s.Each = c.startEach(n); s.Each != nil {
		each = append(each, s.Each)
	}
	c.startMessage(s, n.get("message"))
	s.Set = c.assigns(n.get("set"), nil, each...)
	return s
}

// startMessage reads by which message from outside a case begins: what the message carries is what it is begun with.
func (c *compiler) startMessage(s *Start, n *node) {
	if n == nil {
		return
	}
	at := c.nodes[s]
	for _, key := range []string{"by", "form", "optional", "schedule"} {
		if at.has(key) {
			at.keyNode(key).fault("not-for-type", "make it an entry of its own: start is a list",
				"what begins by a message has no %s: the message says who may send it and what it carries", key)
		}
	}
	m := c.messages[n.str()]
	switch {
	case m == nil:
		ids := make([]string, len(c.p.Messages))
		for i, m := range c.p.Messages {
			ids[i] = m.ID
		}
		n.fault("unknown-message", hintAmong(n.str(), ids), "there is no message %s", clipped(n.str()))
	case !c.nodes[m].has("key"):
		n.fault("not-for-type", "write key: into the message, or by: into the start",
			"%s has no key: by that a sender outside names the case", m.ID)
	default:
		s.Message, s.Form, s.By = m, m.Form, m.By
	}
}

// CallStart is the index of the start whose form a call fills: the first by hand or call that has one, else the first.
func (p *Procedure) CallStart() int {
	return max(0, slices.IndexFunc(p.Starts, func(s *Start) bool {
		return s.Form != nil && s.Schedule == nil && s.Message == nil
	}))
}
