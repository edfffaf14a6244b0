package core

// A junction has no work: it joins and chooses. It may follow any step and its one outcome has no name.

func (m *machine) openJunction(a *Activation) { m.result(a, "") }
