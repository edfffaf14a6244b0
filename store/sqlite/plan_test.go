package sqlite

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/guicheng/guicheng/store"
	"github.com/guicheng/guicheng/store/shared"
)

// TestHotReadsAreRanges asks SQLite how it would read: none of these may walk a whole table, and lists that an index
// has in order may not be sorted.
func TestHotReadsAreRanges(t *testing.T) {
	t.Parallel()
	s := open(t, "")
	who := []store.Candidate{"post:a", "post:b", "post:c"}
	inbox, inboxArgs := inboxQuery("gate", store.InboxQuery{}, who, shared.Cursor{}, 51)
	q := store.InboxQuery{Procedure: "p", Step: "s", Number: "n"}
	filtered, filteredArgs := inboxQuery("gate", q, who, shared.Cursor{}, 51)
	copied, copiedArgs := copiesQuery("gate", who, "chan", shared.Cursor{}, 51)
	plate := store.CaseQuery{Procedure: "p", Field: "p.plate", From: "MA"}
	found, foundArgs := casesQuery("gate", plate, shared.Cursor{}, 51)
	for name, tt := range map[string]struct {
		text string
		args []any
		sort bool // merging several ranges needs one
	}{
		"inbox":           {inbox, inboxArgs, true},
		"inbox, filtered": {filtered, filteredArgs, true},
		"copies":          {copied, copiedArgs, true},
		"look":            {sqlLook, []any{"gate", "c", "k", "m", "l", "t", "k", "s", "n", "j", 1}, false},
		"due timers":      {sqlDueTimers, []any{1, 1}, false},
		"found":           {found, foundArgs, false},
		"cases": {"SELECT id FROM cases WHERE office = ? AND (started, id) < (?, ?) ORDER BY started DESC, id DESC",
			[]any{"gate", 1, ""}, false},
		"cases of a starter": {"SELECT id FROM cases WHERE office = ? AND (started, id) < (?, ?) AND starter = ? " +
			"AND starter <> '' ORDER BY started DESC, id DESC", []any{"gate", 1, "", "chan"}, false},
		"file":      {"SELECT " + fileColumns + " FROM files f WHERE f.office = ? AND f.id = ?", []any{"gate", "f"}, true},
		"jobs":      {sqlFreeJobsOf, []any{"gate", "scan", 1, 1}, true}, // of those that become free at one moment
		"requests":  {sqlFreeJobs, []any{"@request", 1, 1}, true},
		"next job":  {sqlNextJobOf, []any{"gate", "scan"}, false},
		"next":      {sqlNextJob, []any{"@request"}, false},
		"file free": {sqlFileFree, []any{"gate", "f", "c"}, false},
		"subscribers": {"SELECT id FROM subscriptions WHERE office = ? AND name = ? AND key = ? ORDER BY rowid",
			[]any{"gate", "n", "k"}, false},
	} {
		plan, err := queryAll(context.Background(), s.writer.stmts, func(r scanner) (string, error) {
			var id, parent, unused int
			var detail string
			err := r.Scan(&id, &parent, &unused, &detail)
			return fmt.Sprint(detail), err
		}, "EXPLAIN QUERY PLAN "+tt.text, tt.args...)
		if err != nil {
			t.Fatal(err)
		}
		all := strings.Join(plan, "\n")
		for _, step := range plan {
			table, isScan := strings.CutPrefix(step, "SCAN ")
			if isScan && !strings.HasPrefix(table, "(") && table != "k" &&
				!strings.HasPrefix(table, "CONSTANT") {
				t.Errorf("%s walks a table: %s\n%s", name, step, all)
			}
		}
		if !tt.sort && strings.Contains(all, "TEMP B-TREE") {
			t.Errorf("%s sorts:\n%s", name, all)
		}
	}
}
