package reference

import (
	"slices"

	"github.com/guicheng/guicheng/definitions"
)

// admit lets one act open whose turn has come, or hides a task whose condition has turned false before anybody began.
func (c *Case) admit() bool {
	for _, a := range c.acts {
		st := a.step
		_, task := st.Work.(*definitions.Task)
		switch {
		case st.Lock == nil && st.OnlyWhile == nil:
		case a.state == ready && c.mayOpen(a):
			c.later(func() { c.enter(a) })
			return true
		case a.state == open && task && !a.begunWork() && !c.isTime(a):
			a.state, a.slots = ready, nil
			c.putDown(a)
			return true
		}
	}
	return false
}

// mayOpen tells whether an act may open now. A task is offered while another holds its lock.
func (c *Case) mayOpen(a *act) bool {
	_, task := a.step.Work.(*definitions.Task)
	return c.isTime(a) && (task || !c.barred(a))
}

// isTime judges the condition under which an act may be open.
func (c *Case) isTime(a *act) bool {
	return a.sent || a.step.OnlyWhile == nil || c.holds(a, a.step.OnlyWhile)
}

// putDown frees the lock of an act on which nobody works any more.
func (c *Case) putDown(a *act) {
	if !a.begunWork() {
		c.locks = slices.DeleteFunc(c.locks, func(l lock) bool { return l.by == a })
	}
}

// barred tells whether another holds the lock that an act needs.
func (c *Case) barred(a *act) bool { return c.holder(a) != nil }

// holder is another that holds the lock which an act needs; nil = none.
func (c *Case) holder(a *act) *act {
	c.locks = slices.DeleteFunc(c.locks, func(l lock) bool { return l.by.over() })
	want := lockOf(a)
	for _, l := range c.locks {
		if a.step.Lock != nil && l.name == want.name && l.in == want.in && !a.under(l.by) {
			return l.by
		}
	}
	return nil
}

func lockOf(a *act) lock {
	switch l := a.step.Lock; {
	case l == nil:
		return lock{}
	case l.Name == "":
		return lock{in: a.frame, by: a}
	default:
		return lock{name: l.Name, by: a}
	}
}

func (c *Case) lock(a *act) { c.locks = append(c.locks, lockOf(a)) }

// within tells whether an act is another one or runs inside it.
func (a *act) within(outer *act) bool {
	return a == outer || a.frame != nil && a.frame.owner.within(outer)
}

// under tells whether an act is another one, runs inside it, or is a detour for one that does.
func (a *act) under(outer *act) bool {
	return a == outer || a.detour != nil && a.detour.under(outer) || a.frame != nil && a.frame.owner.under(outer)
}

// begunWork tells whether somebody has begun to work on a task.
func (a *act) begunWork() bool {
	return slices.ContainsFunc(a.slots, func(s *slot) bool { return s.state == "started" || s.state == "answered" })
}

// startWork is called when somebody begins to work on a task: it takes its lock and wins its race.
func (c *Case) startWork(a *act) {
	if a.step.Lock != nil && !a.begunWork() {
		c.lock(a)
	}
	c.win(a)
}

// win withdraws those with which an act races.
func (c *Case) win(a *act) {
	for _, b := range c.acts {
		if a.race != nil && b.race == a.race && b != a {
			c.withdraw(b)
		}
	}
}

// raise lets an error be taken by the nearest act outwards that has an event for it: one that comes up in an act, or at
// an end of its list f. What takes it beside ends only the thread of the error.
func (c *Case) raise(from *act, code string, f *frame) bool {
	for at := from; ; at = at.frame.owner {
		i := slices.IndexFunc(at.step.Events, func(e *definitions.Event) bool {
			return e.Error != "" && (e.Error == code || e.Error == "*") && !at.undoing && !c.happened(e)
		})
		if i < 0 && at.frame != nil {
			continue
		}
		if i < 0 {
			return false
		}
		switch e := at.step.Events[i]; {
		case e.Do.Kind == definitions.DeedTo:
		case f != nil && at == from:
			f.fail(f.owner)
		default:
			c.perish(from)
		}
		c.event(at, at.step.Events[i])
		return true
	}
}

// perish ends an act, and with it its thread, because of an error that was taken beside.
func (c *Case) perish(a *act) {
	if a.frame != nil {
		c.withdraw(a)
		a.frame.fail(a)
	}
}

// fail ends a thread of a frame by an error that was taken beside.
func (f *frame) fail(by *act) { f.ends = append(f.ends, ending{definitions.StopEnd, by, true}) }

// errorEnd raises the error that an end is. What nobody takes is an incident of the step around; of one that has passed
// on already only the thread ends.
func (c *Case) errorEnd(f *frame, code string) {
	switch {
	case c.raise(f.owner, code, f):
	case f.owner.state == open:
		c.close(f.owner)
		f.owner.state, f.owner.stuck = failed, open
	default:
		f.fail(f.owner)
	}
}
