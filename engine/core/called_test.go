package core_test

import (
	"testing"

	"github.com/guicheng/guicheng/definitions/value"
	"github.com/guicheng/guicheng/engine/core"
)

// inCalled plays an act in the case that this one has called last, of a procedure of the same story; `called start`
// begins it with what it was given. What it came to is brought back at once, and so is that it is called off.
func (s *story) inCalled(t *testing.T, line string) string {
	t.Helper()
	if line != "start" {
		return s.below.do(t, line)
	}
	p := s.family[s.call.Procedure]
	if p == nil {
		t.Fatalf("%s calls %s, which is not in this story", s.p.ID, s.call.Procedure)
	}
	given, faults := value.DecodeRecord(p.Data.Fields, s.call.Values, p.Office.Zone, nil)
	if len(faults) > 0 {
		t.Fatalf("%s: %+v", s.call.Values, faults)
	}
	s.below = &story{
		p: p, versions: s.versions, family: s.family, s: core.New("test", s.call.Case), now: s.now, series: s.series,
		tasks: map[core.ID]core.PutTask{}, above: s,
	}
	return s.below.step(t, core.Start{
		Values: given, Depth: s.call.Depth, Parent: &core.Parent{Case: s.s.Case, Act: s.call.Act},
	})
}

// keepCall remembers which case is called, and brings the one that called this one what it came to.
func (s *story) keepCall(t *testing.T, e core.Effect) string {
	t.Helper()
	switch e := e.(type) {
	case core.StartCase:
		s.call = e
	case core.EndChild:
		if s.above == nil {
			return ""
		}
		said := s.above.step(t, core.ChildEnded{
			Act: e.Parent.Act, Case: s.s.Case, Outcome: e.Outcome, Data: s.s.Data, Code: e.Code, Failed: e.Failed,
		})
		return "in " + s.above.s.Case + ":\n" + said
	case core.CancelCase:
		if s.below == nil || s.below.s.Case != e.Case {
			return ""
		}
		return "in " + e.Case + ":\n" + s.below.step(t, core.Cancel{Code: core.CalledOff})
	}
	return ""
}
