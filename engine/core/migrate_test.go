package core_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/guicheng/guicheng/engine/core"
	"github.com/guicheng/guicheng/internal/golden"
)

// TestMoves has a story for each kind of step that is open when its case is moved to another version, and for each
// reason why a case cannot be. A file has two versions; `migrate` moves to the second one, and then back.
func TestMoves(t *testing.T) {
	t.Parallel()
	golden.Each(t, "testdata/migrate/*.txt", play)
}

func (s *story) tellMigrated(e core.Migrated) string {
	line := fmt.Sprintf("moved from version %d to %d", e.From+1, e.To+1)
	if e.Back {
		line += ", back"
	}
	line += "\n"
	for _, path := range e.Dropped {
		line += "dropped " + path + "\n"
	}
	for _, d := range e.Dues {
		at := "never"
		if !d.At.IsZero() {
			at = d.At.In(s.p.Office.Zone).Format("15:04")
		}
		line += fmt.Sprintf("%s is due %s\n", s.name(d.Act), at)
	}
	return line
}

// tellObstacles tells all that keeps the case from being moved.
func (s *story) tellObstacles(in core.Input) string {
	move, _ := in.(core.Migrate)
	_, list := core.Movable(s.p, s.s, move, core.Context{Now: s.now, Staff: team{}})
	var b strings.Builder
	for _, o := range list {
		b.WriteString(strings.TrimSpace(fmt.Sprintf("cannot move: %s %s %s", o.Code, o.Step, o.Name)) + "\n")
	}
	return b.String()
}
