package core_test

import (
	"testing"

	"github.com/guicheng/guicheng/definitions/value"
	"github.com/guicheng/guicheng/engine/core"
)

// inCalled plays an act in the case of the same procedure that this one has called last; `called start` begins it with
// what it was given. What it came to is brought back at once.
func (s *story) inCalled(t *testing.T, line string) string {
	t.Helper()
	if line != "start" {
		return s.below.do(t, line)
	}
	if s.call.Procedure != s.p.ID {
		t.Fatalf("%s calls %s, which is not in this story", s.p.ID, s.call.Procedure)
	}
	given, faults := value.DecodeRecord(s.p.Data.Fields, s.call.Values, s.p.Office.Zone, nil)
	if len(faults) > 0 {
		t.Fatalf("%s: %+v", s.call.Values, faults)
	}
	s.below = &story{
		p: s.p, versions: s.versions, s: core.New("test", s.call.Case), now: s.now, series: s.series,
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
	}
	return ""
}
