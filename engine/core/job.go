package core

import "github.com/guicheng/guicheng/definitions"

// A job waits until a worker outside has done it. It may follow any step; its outcome is the one that the worker names.
// It is withdrawn like any other work: the worker learns it when he speaks of it again.

func (m *machine) openJob(a *Activation, w *definitions.Job) {
	if w.Collect != nil {
		m.openCollect(a, w)
		return
	}
	given, wrong := m.arguments(&w.Given, m.scope(a))
	if wrong != nil {
		m.stick(a.ID, AtOpen, wrong)
		return
	}
	m.ask(a, w.Name, given, &w.Given)
}
