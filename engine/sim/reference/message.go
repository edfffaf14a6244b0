package reference

import (
	"slices"

	"github.com/guicheng/guicheng/definitions"
	"github.com/guicheng/guicheng/definitions/value"
)

// send brings a message: the oldest act that waits for it takes it.
func (c *Case) send(in Input) bool {
	i := slices.IndexFunc(c.p.Messages, func(m *definitions.Message) bool { return m.ID == in.Name })
	if i < 0 {
		return false
	}
	m := c.p.Messages[i]
	if !m.Open || !holds(in.Who, m.By.Posts) || !complete(m.Form, in.Values) {
		return false
	}
	if c.status == "running" && c.bring(m, in.Values) {
		return true
	}
	if m.Keep > 0 {
		c.inbox = append(c.inbox, kept{in.ID, m, in.Values, c.now.Add(m.Keep)})
	}
	return m.Keep > 0
}

// bring gives a message to the oldest step that waits for it, or to each; to the case itself last, since what is nearer
// comes first. It reports whether somebody took it.
func (c *Case) bring(m *definitions.Message, values value.Record) bool {
	taken := false
	for _, a := range append(slices.Clone(c.acts[1:]), c.root) {
		for _, take := range c.takers(a, m) {
			if taken && !m.Each {
				break
			}
			if !taken {
				c.fill(a, m.Form, values)
			}
			taken = true
			take()
		}
	}
	return taken
}

// takers lists what an act does with a message, for each of its outcomes and events that wait for it.
func (c *Case) takers(a *act, m *definitions.Message) []func() {
	var all []func()
	if a.undoing {
		return nil
	}
	if w, ok := a.step.Work.(*definitions.Wait); ok && a.state == open {
		for _, f := range w.For {
			if f.Message == m {
				all = append(all, func() {
					if a.state == open {
						c.complete(a, f.Outcome)
					}
				})
			}
		}
	}
	for _, e := range a.step.Events {
		deaf := a.detour != nil && e.Do.Kind == definitions.DeedAlso
		if e.Message == m && !c.happened(e) && a.state == open && !deaf {
			all = append(all, func() {
				if a.state == open && !c.happened(e) {
					c.event(a, e)
				}
			})
		}
	}
	return all
}

// happened tells whether an event that may happen once has happened.
func (c *Case) happened(e *definitions.Event) bool { return slices.Contains(c.once, e) }

func (c *Case) event(a *act, e *definitions.Event) {
	if e.Once {
		c.once = append(c.once, e)
	}
	c.deed(a, e.Do)
}

// unpack lets an act that has just opened take what was kept for it, oldest first.
func (c *Case) unpack(a *act) {
	for i := 0; i < len(c.inbox); i++ {
		k := c.inbox[i]
		if all := c.takers(a, k.message); len(all) > 0 {
			c.inbox = slices.Delete(c.inbox, i, i+1)
			c.fill(a, k.message.Form, k.values)
			all[0]()
			i--
		}
	}
}
