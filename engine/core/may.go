package core

import "github.com/guicheng/guicheng/definitions/value"

// Act names something that a person may do with a task or a case. The names are part of the API and never change.
type Act string

// Possible is an act with the answer to whether this person may do it now. Nothing is hidden: an act that is not
// possible is listed with its reason, so that a page can show both.
type Possible struct {
	Act Act
	// What it is done to, where that is not the whole of what was asked about: an activation, a task that was done, or
	// a message. Step is the step of the former two.
	On      ID
	Step    string
	Message string
	Why     *Rejection // nil = it may be done
}

// Rights are what an office gives a person over a case, whatever stands in it.
type Rights struct {
	Manages bool // he is the manager of its procedure, or an administrator
	Admin   bool
}

// admin says why nobody with these rights may repair a case.
func (r Rights) admin() *Rejection {
	if !r.Admin {
		return &Rejection{Code: Forbidden, Args: map[string]string{"why": "administrators"}}
	}
	return nil
}

// manager says why nobody with these rights may do what the manager may.
func (r Rights) manager(procedure string) *Rejection {
	if !r.Manages {
		return &Rejection{Code: NotAllowed, Args: map[string]string{"procedure": procedure}}
	}
	return nil
}

// isStarter tells whether a person began the case.
func (m *machine) isStarter(who *value.Person) bool {
	return who != nil && m.s.Starter.ID != "" && m.s.Starter.ID == who.ID
}
