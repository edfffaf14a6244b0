package core

import (
	"slices"

	"github.com/guicheng/guicheng/definitions"
	"github.com/guicheng/guicheng/definitions/value"
)

// Revoked is the outcome of a case that its starter has taken back.
const Revoked = definitions.RevokedEnd

// revoke ends a case by the one who started it, as soon as all that can be undone is.
func (m *machine) revoke(in Revoke) *Rejection {
	if r := m.revocable(in.Actor); r != nil {
		return r
	}
	root, then := m.act(1), Undoing{End: Revoked, By: in.Actor.ID, Reason: in.Reason}
	if frame := m.innerFrame(root.ID); frame != 0 {
		m.withdrawAll(frame, Revoked)
	}
	if !m.undo(root, m.toUndo(0, &definitions.Undo{All: true}), then) {
		m.endRevoked(then)
	}
	return nil
}

func (m *machine) endRevoked(then Undoing) {
	m.withdraw(m.act(1), Revoked)
	m.emit(Ended{
		Status: Cancelled, Outcome: then.End, By: then.By, Code: CallCancelled, Reason: then.Reason, At: m.c.Now,
	})
}

func (m *machine) revocable(who value.Person) *Rejection {
	switch {
	case m.p.Revoke == nil, m.act(1).Undo != nil: // on its way to an end already
		return &Rejection{Code: NotRevocable}
	case m.s.Starter.ID == "" || m.s.Starter.ID != who.ID:
		return &Rejection{Code: NotAllowed, Args: map[string]string{"procedure": m.p.ID}}
	case (marking{p: m.p, s: m.s}).finished(m.p.Revoke.ID):
		return &Rejection{Code: NotRevocable, Args: map[string]string{
			"step": m.p.Revoke.ID, "title": m.p.Revoke.Title,
		}}
	}
	return nil
}

func among(list []value.Person, who value.Person) bool {
	return slices.ContainsFunc(list, func(p value.Person) bool { return p.ID == who.ID })
}
