package sim

import (
	"errors"

	"github.com/guicheng/guicheng/definitions"
	"github.com/guicheng/guicheng/definitions/formula"
	"github.com/guicheng/guicheng/definitions/value"
)

// Entered is what a form that is being filled in knows: the case's data with what has been typed so far.
type Entered struct {
	Data, Settings value.Record
	Row            value.Record // the row in scope; nil = none
}

// Asked judges a field's `when` by what has been entered. path is its full name, of a column with its table's. A field
// whose `when` reads what is computed only when the form is sent is asked for.
func (w *World) Asked(p *definitions.Procedure, path string, in Entered) bool {
	computed := map[string]bool{}
	for _, rule := range p.Rules {
		computed[rule.Field.Path] = rule.Value != nil
	}
	scope := &formula.Scope{Data: in.Data, Settings: in.Settings, Row: in.Row, Now: w.Now, Zone: w.Bundle.Office.Zone,
		Staff: w.People, Marking: nothingDone{}}
	for _, rule := range p.Rules {
		if rule.Field.Path != path || rule.When == nil {
			continue
		}
		holds, err := rule.When.Eval(scope)
		if failure, ok := errors.AsType[*formula.Failure](err); ok {
			return failure.Code != "absent" || computed[failure.Path]
		}
		return err != nil || holds
	}
	return true
}

// nothingDone stands for the marking of a case where a field's `when` asks for one.
type nothingDone struct{}

var _ formula.Marking = nothingDone{}

// Open implements formula.Marking.
func (nothingDone) Open(string) bool { return false }

// Done implements formula.Marking.
func (nothingDone) Done(string) bool { return false }

// Times implements formula.Marking.
func (nothingDone) Times(string) int64 { return 0 }

// DoneBy implements formula.Marking.
func (nothingDone) DoneBy(string) []value.Person { return nil }
