package crash_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/guicheng/guicheng/definitions"
	"github.com/guicheng/guicheng/engine/core"
	"github.com/guicheng/guicheng/store"
	"github.com/guicheng/guicheng/store/sqlite"
)

const (
	toMove = 400
	onPage = 50
)

// The versions between which cases move: what a case has tells by which it is, its clock and its computed field.
var (
	slowOne = strings.Replace(quick, "value: 4s", "value: 5h", 1)
	slowTwo = strings.NewReplacer("after: settings.answer_in", "after: hours(7)",
		"data:", "data:\n  greeting: {title: 稱呼, type: text, value: '\"客 \" + name'}",
	).Replace(slowOne)
)

// movePage is what was answered about a page of cases.
type movePage struct {
	Migration string
	Next      string
	Cases     []struct {
		Case  string
		Moves bool
	}
}

type moveState struct {
	Versions []struct {
		Version    int
		Cases      int
		Migrations map[string]int
	}
}

// TestKillInTheMiddleOfAMigration kills the server with -9 while it moves 400 cases to another version. Each is wholly
// by the one or by the other, what was acknowledged has moved, and the migration is finished, and then undone.
func TestKillInTheMiddleOfAMigration(t *testing.T) {
	t.Parallel()
	bin, dir := binary(t), t.TempDir()
	offices, data := filepath.Join(dir, "offices"), filepath.Join(dir, "data")
	write(t, filepath.Join(offices, "sunshine", "office.yaml"), office)
	write(t, filepath.Join(offices, "sunshine", "quick.yaml"), slowOne)
	first := serve(t, bin, data, offices)
	m := &migration{admin: signIn(t, first, "ma"), server: first}
	m.begin(t, signIn(t, first, "he"))
	m.post(t, "/api/v1/deployments", map[string]any{"files": []map[string]string{
		{"name": "office.yaml", "text": office}, {"name": "quick.yaml", "text": slowTwo},
	}}, &struct{ Office *string }{})

	acknowledged := m.killWhileItMoves(t)
	old, moved := m.audit(t, data)
	t.Logf("killed: %d cases were acknowledged, %d have moved, %d have not", len(acknowledged), len(moved), old)
	if old == 0 || len(moved) == 0 || old+len(moved) != toMove {
		t.Fatalf("%d cases have moved and %d have not, of %d", len(moved), old, toMove)
	}
	for _, id := range acknowledged {
		if !moved[id] {
			t.Errorf("case %s was said to have moved, and has not", id)
		}
	}

	m.server = serve(t, bin, data, offices)
	m.all(t, map[string]any{"migration": m.id})
	if s := m.state(t); len(s.Versions) != 1 || s.Versions[0].Version != 2 || s.Versions[0].Migrations[m.id] != toMove {
		t.Errorf("finished: %+v", s)
	}
	m.all(t, map[string]any{"migration": m.id, "undo": true})
	if s := m.state(t); len(s.Versions) != 1 || s.Versions[0].Version != 1 || s.Versions[0].Cases != toMove {
		t.Errorf("undone: %+v", s)
	}
	m.server.end(syscall.SIGTERM)
	if old, moved = m.audit(t, data); old != toMove || len(moved) != 0 {
		t.Errorf("in the end %d cases are by the first version, want %d", old, toMove)
	}
}

// migration is moved by one administrator, from wherever it stands.
type migration struct {
	admin  *person
	server *server
	id     string
}

func (m *migration) post(t *testing.T, path string, body, answer any) {
	t.Helper()
	if _, err := m.admin.call(t.Context(), m.server, http.MethodPost, path, "", body, answer); err != nil {
		t.Fatal(err)
	}
}

// begin starts the cases.
func (m *migration) begin(t *testing.T, gate *person) {
	t.Helper()
	var next atomic.Int64
	var group sync.WaitGroup
	for range workers {
		group.Go(func() {
			for n := next.Add(1); n <= toMove; n = next.Add(1) {
				body := map[string]any{"values": map[string]string{"name": fmt.Sprintf("客%d", n)}}
				_, err := gate.call(t.Context(), m.server, http.MethodPost, startPath, "", body, &started{})
				if err != nil {
					t.Error(err)
				}
			}
		})
	}
	group.Wait()
}

const (
	startPath   = "/api/v1/procedures/quick/cases"
	migratePath = "/api/v1/procedures/quick/migrate"
)

func (m *migration) state(t *testing.T) (out moveState) {
	t.Helper()
	if _, err := m.admin.call(t.Context(), m.server, http.MethodGet, migratePath, "", nil, &out); err != nil {
		t.Fatal(err)
	}
	return out
}

// killWhileItMoves asks page by page, and kills the server within one of them. It gives what was acknowledged.
func (m *migration) killWhileItMoves(t *testing.T) (moved []string) {
	t.Helper()
	gone := make(chan struct{})
	body := map[string]any{"limit": onPage}
	go func() {
		defer close(gone)
		for {
			var page movePage
			_, err := m.admin.call(t.Context(), m.server, http.MethodPost, migratePath, "", body, &page)
			if err != nil {
				return // it is gone
			}
			for _, c := range page.Cases {
				if c.Moves {
					moved = append(moved, c.Case)
				}
			}
			m.id = page.Migration
			if page.Next == "" {
				return
			}
			body = map[string]any{"limit": onPage, "migration": m.id, "after": page.Next}
		}
	}()
	waitUntil(t, "cases to move", func() bool {
		there := m.state(t).Versions
		last := there[len(there)-1]
		return last.Version == 2 && last.Cases > onPage && last.Cases%onPage != 0
	})
	m.server.end(syscall.SIGKILL)
	<-gone
	return moved
}

// all moves all pages.
func (m *migration) all(t *testing.T, body map[string]any) {
	t.Helper()
	for {
		var page movePage
		m.post(t, migratePath, body, &page)
		if page.Next == "" {
			return
		}
		body["after"] = page.Next
	}
}

// audit reads the database itself: each case is the fold of its history by the version of each part of it, and its rows
// are those of its state. It counts those by the first version and names those by the second.
func (m *migration) audit(t *testing.T, data string) (old int, moved map[string]bool) {
	t.Helper()
	st, err := sqlite.Open(filepath.Join(data, "guicheng.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	a := &auditor{st: st}
	if a.timers, err = st.DueTimers(t.Context(), time.Now().Add(1000*time.Hour), 10_000); err != nil {
		t.Fatal(err)
	}
	versions, moved := []*definitions.Procedure{version(t, slowOne, 1), version(t, slowTwo, 2)}, map[string]bool{}
	for cursor := ""; ; {
		page, err := st.CasesOf(t.Context(), "sunshine", store.CaseQuery{After: cursor, Limit: 200})
		if err != nil {
			t.Fatal(err)
		}
		for _, row := range page.Items {
			if s := a.fold(t, row.ID, versions); s.Version == 2 {
				moved[row.ID] = true
			} else {
				old++
			}
		}
		if cursor = page.Next; cursor == "" {
			return old, moved
		}
	}
}

func version(t *testing.T, text string, n int) *definitions.Procedure {
	t.Helper()
	bundle, problems := definitions.Compile([]definitions.File{
		{Name: "office.yaml", Text: []byte(office)}, {Name: "quick.yaml", Text: []byte(text)},
	})
	if bundle == nil {
		t.Fatal(problems)
	}
	p := *bundle.Procedures[0]
	p.Version = n
	return &p
}

// fold reads a case's history: an event of a move, and all after it, are by the version to which it leads.
func (a *auditor) fold(t *testing.T, id string, versions []*definitions.Procedure) *core.State {
	t.Helper()
	row, err := a.st.Case(t.Context(), "sunshine", id)
	if err != nil {
		t.Fatal(err)
	}
	history, err := a.st.History(t.Context(), "sunshine", id, 0, 10_000)
	if err != nil {
		t.Fatal(err)
	}
	p, s := versions[0], core.New("sunshine", id)
	for _, e := range history {
		if e.Kind == (core.Migrated{}).Kind() {
			var to struct {
				To int `json:"to"`
			}
			if err := json.Unmarshal(e.Body, &to); err != nil {
				t.Fatal(err)
			}
			p = versions[to.To-1]
		}
		event, err := core.DecodeEvent(p, e.Kind, e.Body)
		if err != nil {
			t.Fatalf("case %s: %v", id, err)
		}
		core.Apply(p, s, event)
	}
	if got, err := core.EncodeState(p, s); err != nil || !bytes.Equal(got, row.State) || row.Version != s.Version {
		t.Errorf("case %s, by version %d, is not the fold of its history: %v\n%s\n%s", id, row.Version, err, got,
			row.State)
	}
	after := map[int]time.Duration{1: 5 * time.Hour, 2: 7 * time.Hour}[s.Version]
	for _, act := range s.Acts {
		if len(act.Timers) == 1 && !act.Timers[0].At.Equal(act.Opened.Add(after)) {
			t.Errorf("case %s, by version %d, opened at %s and is due %s", id, s.Version, act.Opened, act.Timers[0].At)
		}
	}
	if greeted := s.Data["greeting"] != nil; greeted != (s.Version == 2) {
		t.Errorf("case %s, by version %d, has greeting %v", id, s.Version, s.Data["greeting"])
	}
	a.rows(t, s)
	return s
}
