package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/guicheng/guicheng/definitions"
	"github.com/guicheng/guicheng/engine"
	"github.com/guicheng/guicheng/store"
	"github.com/guicheng/guicheng/store/sqlite"
)

const smallOffice = `office: small
title: Small
language: en
zone: Asia/Shanghai
currency: CNY
posts: {desk: Desk, boss: Boss}
`

// fromManual gives a block of the manual's section about moving cases.
func fromManual(t *testing.T, mark string) string {
	t.Helper()
	text, err := os.ReadFile("../../docs/operations.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, ok := strings.Cut(string(text), "```"+mark+"\n")
	block, _, closed := strings.Cut(rest, "```")
	if !ok || !closed {
		t.Fatalf("the manual has no block %q", mark)
	}
	return block
}

// said is what a command of the manual prints, without the command itself.
func said(t *testing.T, mark string) string {
	t.Helper()
	var out []string
	for line := range strings.Lines(fromManual(t, mark)) {
		if !strings.HasPrefix(line, "$ ") {
			out = append(out, line)
		}
	}
	return strings.Join(out, "")
}

var moment = regexp.MustCompile(`\d{4}-\d\d-\d\d \d\d:\d\d`)

// TestTheManualMovesCases plays the example of the manual: what its commands print is what they print.
func TestTheManualMovesCases(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	versions := map[string]string{"old": fromManual(t, "yaml first"), "new": fromManual(t, "yaml second")}
	for _, name := range []string{"old", "new"} {
		write(t, filepath.Join(dir, name, "office.yaml"), smallOffice)
		write(t, filepath.Join(dir, name, "leave.yaml"), versions[name])
	}
	data := filepath.Join(dir, "data")
	where := dataFlags{Data: data}
	begun := onData(t, data, func(e *engine.Engine) string {
		deploy(t, e, versions["old"])
		chan1 := engine.Actor{Office: "small", Person: "chan"}
		for range 2 {
			three := engine.StartRequest{Procedure: "leave", Values: json.RawMessage(`{"days": 3}`)}
			if _, err := e.Start(t.Context(), chan1, three); err != nil {
				t.Fatal(err)
			}
		}
		page, err := e.Inbox(t.Context(), chan1, "", engine.InboxQuery{Number: "L002"})
		if err != nil || len(page.Tasks) != 1 {
			t.Fatal(page, err)
		}
		done := engine.CompleteRequest{Values: json.RawMessage(`{"why": "x"}`)}
		if _, err = e.Complete(t.Context(), chan1, page.Tasks[0].ID, done); err != nil {
			t.Fatal(err)
		}
		return page.Tasks[0].Case
	})
	diff, err := run(t, &DiffCmd{
		Old: filepath.Join(dir, "old"), New: filepath.Join(dir, "new"), Lang: "en", Format: "text", Running: true,
		Where: where,
	}, "")
	if want := said(t, "text diff"); err != nil || !strings.HasSuffix(diff, "differences\n"+want) {
		t.Errorf("diff: %v\n%s", err, diff)
	}
	diffWithout(t, dir, versions["new"], where)
	recorded, err := run(t, &HistoryCmd{Office: "small", Procedure: "leave", Limit: 10, Where: where}, "")
	if err != nil || !strings.Contains(recorded, begun) {
		t.Fatalf("history: %v\n%s", err, recorded)
	}
	replay, err := run(t, &ReplayCmd{New: filepath.Join(dir, "new"), Against: "-", Lang: "en", Format: "text"}, recorded)
	if want := moment.ReplaceAllString(said(t, "text replay"), "T"); err != nil ||
		moment.ReplaceAllString(replay, "T") != want {
		t.Errorf("replay: %v\n%s", err, replay)
	}
	itself := &ReplayCmd{New: filepath.Join(dir, "old"), Against: "-", Lang: "zh-Hant", Format: "text"}
	same, err := run(t, itself, recorded)
	if err != nil || same != "2 個案件，2 個照舊\n" {
		t.Errorf("replay against itself: %v\n%s", err, same)
	}
	onData(t, data, func(e *engine.Engine) string { deploy(t, e, versions["new"]); return "" })
	moved, err := run(t, &MigrateCmd{
		Office: "small", Procedure: "leave", Yes: true, Lang: "en", Format: "text", Where: where,
	}, "")
	id := regexp.MustCompile(`migration (\S+);`).FindStringSubmatch(moved)
	if id == nil {
		t.Fatalf("no migration is named: %v\n%s", err, moved)
	}
	if want := strings.ReplaceAll(said(t, "text migrate"), "1m8f3q", id[1]); err != nil || moved != want {
		t.Errorf("migrate: %v\n%s", err, moved)
	}
	back, err := run(t, &MigrateCmd{
		Office: "small", Procedure: "leave", Undo: new(id[1]), Yes: true, Lang: "zh-Hans", Format: "text", Where: where,
	}, "")
	if err != nil || !strings.Contains(back, "L002  2 -> 1  已移") {
		t.Errorf("undo: %v\n%s", err, back)
	}
}

// diffWithout compares the old version with one that has another procedure in its place.
func diffWithout(t *testing.T, dir, leave string, where dataFlags) {
	t.Helper()
	write(t, filepath.Join(dir, "gone", "office.yaml"), smallOffice)
	write(t, filepath.Join(dir, "gone", "trip.yaml"), strings.Replace(leave, ": leave", ": trip", 1))
	diff, err := run(t, &DiffCmd{
		Old: filepath.Join(dir, "old"), New: filepath.Join(dir, "gone"), Lang: "en", Format: "text", Running: true,
		Where: where,
	}, "")
	if err != nil {
		t.Error(err)
	}
	mustHave(t, diff, "procedure leave (Leave) is gone\n", "procedure trip (Leave) is new\n",
		"leave: the newer version does not have it; its running cases go on as they are\n")
}

// TestWhatIsMistypedIsNamed: what there is not is said, with what there is.
func TestWhatIsMistypedIsNamed(t *testing.T) {
	t.Parallel()
	data := filepath.Join(t.TempDir(), "data")
	where := dataFlags{Data: data}
	onData(t, data, func(e *engine.Engine) string { deploy(t, e, fromManual(t, "yaml first")); return "" })
	migrate := func(c MigrateCmd) any {
		c.Office, c.Lang, c.Format, c.Where = "small", "en", "text", where
		return &c
	}
	not := filepath.Join(t.TempDir(), "e.json")
	write(t, not, "{}")
	for want, c := range map[string]any{
		`there is no office "moon"; there are the offices: small`: &HistoryCmd{
			Office: "moon", Procedure: "leave", Limit: 9, Where: where,
		},
		`small has no procedure "leav"; it has: leave`: &HistoryCmd{
			Office: "small", Procedure: "leav", Limit: 9, Where: where,
		},
		"no such procedure in force: leav. Did you mean leave? There": migrate(MigrateCmd{Procedure: "leav"}),
		"no such procedure in force: leave@9. There are: leave@1":     migrate(MigrateCmd{Procedure: "leave", To: 9}),
		"No case of leave was last moved by": migrate(MigrateCmd{
			Procedure: "leave", Undo: new("nonsense"),
		}),
		"--undo wants the id of a migration": migrate(MigrateCmd{Procedure: "leave", Undo: new(""), Yes: true}),
		"leave out --to":                     migrate(MigrateCmd{Procedure: "leave", Undo: new("1m8f3q"), To: 1}),
		"e.json is no recording, as guicheng history writes them": &ReplayCmd{
			New: sunshine, Against: not, Lang: "en", Format: "text",
		},
	} {
		if out, err := run(t, c, ""); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("want %q: %v\n%s", want, err, out)
		}
	}
}

// TestCasesOfARunningServerAreMoved: an administrator asks the server, where no data are named.
func TestCasesOfARunningServerAreMoved(t *testing.T) {
	t.Parallel()
	r := start(t, serveCmd{Data: filepath.Join(t.TempDir(), "data"), Demo: true})
	session := filepath.Join(t.TempDir(), "session.json")
	do := atTerminal(t, session)
	dir := broken(t, "visitor.yaml", "title: 來訪人士接待", "title: 訪客接待")
	mustHave(t, do(1, "migrate", "sunshine", "visitor"), "not signed in: guicheng sign-in LINK")
	do(0, "sign-in", r.link("ma"))
	before := do(0, "migrate", "sunshine", "visitor", "--lang", "zh-Hant")
	mustHave(t, before, "visitor：0 個未結案件，可以移 0 個")
	diff := do(0, "diff", sunshine, dir, "--running", "--lang", "en")
	mustHave(t, diff, "visitor: ", "running cases could move")
	if strings.Contains(diff, "complaint: ") {
		t.Errorf("what does not change is told of:\n%s", diff)
	}
	do(0, "deploy", dir, "--yes")
	mustHave(t, do(0, "migrate", "sunshine", "visitor", "--yes", "--lang", "en"), "running cases moved")
	mustHave(t, do(1, "migrate", "sunshine", "visitor", "--undo", "nonsense", "--yes", "--lang", "zh-Hans"), "没有这次移动")
	mustHave(t, do(1, "migrate", "house", "visitor"), "you are signed in to sunshine at "+r.url+", not to house")
}

func write(t *testing.T, file, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(file), 0o750); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// onData does something with an engine on a data folder, as a server would, and closes it.
func onData(t *testing.T, data string, do func(*engine.Engine) string) string {
	t.Helper()
	if err := os.MkdirAll(data, 0o750); err != nil {
		t.Fatal(err)
	}
	db, err := sqlite.Open(filepath.Join(data, databaseFile))
	if err != nil {
		t.Fatal(err)
	}
	e, err := engine.Open(t.Context(), engine.Options{Store: db})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		e.Close()
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	}()
	return do(e)
}

func deploy(t *testing.T, e *engine.Engine, procedure string) {
	t.Helper()
	office := engine.Operator("small")
	_, _, err := e.Deploy(t.Context(), office, []definitions.File{
		{Name: "office.yaml", Text: []byte(smallOffice)}, {Name: "leave.yaml", Text: []byte(procedure)},
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range []store.PersonRow{
		{ID: "ann", Name: "Ann", Admin: true}, {ID: "chan", Name: "Chan", Posts: []string{"desk"}},
		{ID: "lam", Name: "Lam", Posts: []string{"boss"}},
	} {
		if err := e.PutPerson(t.Context(), office, p); err != nil {
			t.Fatal(err)
		}
	}
}
