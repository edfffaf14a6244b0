package bench_test

import (
	"bytes"
	"context"
	"database/sql"
	"fmt"
	"path/filepath"
	"testing"

	_ "modernc.org/sqlite" // the driver that the store uses, so that only what is above it differs
)

// hand writes the rows of a W3 step straight to SQLite, many steps to a transaction: the physical limit.
type hand struct {
	db    *sql.DB
	steps chan handStep
	done  chan struct{}
}

// handStep is one completion: the case moves on, its task goes, the next one comes, history grows.
type handStep struct {
	id    string
	step  int // 0 starts the case
	reply chan error
}

const handSchema = `
CREATE TABLE cases (office TEXT, id TEXT, revision INTEGER, status TEXT, state BLOB, PRIMARY KEY (office, id));
CREATE TABLE tasks (office TEXT, id TEXT, post TEXT, due INTEGER, title TEXT, PRIMARY KEY (office, id)) WITHOUT ROWID;
CREATE INDEX tasks_post ON tasks (office, post, due, id);
CREATE TABLE history (office TEXT, id TEXT, seq INTEGER, at INTEGER, actor TEXT, body BLOB,
  PRIMARY KEY (office, id, seq)) WITHOUT ROWID;`

func newHand(b *testing.B) *hand {
	b.Helper()
	dsn := "file:" + filepath.Join(b.TempDir(), "hand.db") +
		"?_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)&_txlock=immediate"
	db, err := sql.Open("sqlite", dsn)
	if err != nil {
		b.Fatal(err)
	}
	db.SetMaxOpenConns(1)
	if _, err := db.ExecContext(b.Context(), handSchema); err != nil {
		b.Fatal(err)
	}
	h := &hand{db: db, steps: make(chan handStep, 256), done: make(chan struct{})}
	go h.loop()
	b.Cleanup(func() {
		close(h.steps)
		<-h.done
		if err := db.Close(); err != nil {
			b.Error(err)
		}
	})
	return h
}

// loop takes what waits, commits it together and only then answers.
func (h *hand) loop() {
	defer close(h.done)
	for first := range h.steps {
		batch := []handStep{first}
	gather:
		for len(batch) < 100 {
			select {
			case s, ok := <-h.steps:
				if !ok {
					break gather
				}
				batch = append(batch, s)
			default:
				break gather
			}
		}
		err := h.commit(batch)
		for _, s := range batch {
			s.reply <- err
		}
	}
}

func (h *hand) commit(batch []handStep) error {
	ctx := context.Background()
	tx, err := h.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	for _, s := range batch {
		if err := h.write(ctx, tx, s); err != nil {
			return err
		}
	}
	return tx.Commit()
}

// stateBytes and eventBytes are what the engine writes for this procedure, so that both move the same bytes.
const (
	stateBytes = 900
	eventBytes = 850
)

func (h *hand) write(ctx context.Context, tx *sql.Tx, s handStep) error {
	exec := func(text string, args ...any) error {
		_, err := tx.ExecContext(ctx, text, args...)
		return err
	}
	state := bytes.Repeat([]byte("s"), stateBytes)
	if s.step == 0 {
		if err := exec("INSERT INTO cases VALUES ('o', ?, 1, 'running', ?)", s.id, state); err != nil {
			return err
		}
	} else {
		if err := exec("UPDATE cases SET revision = revision + 1, state = ? WHERE office = 'o' AND id = ? AND revision = ?",
			state, s.id, s.step); err != nil {
			return err
		}
		if err := exec("DELETE FROM tasks WHERE office = 'o' AND id = ?", fmt.Sprint(s.id, ".", s.step-1)); err != nil {
			return err
		}
	}
	if s.step < 3 {
		if err := exec("INSERT INTO tasks VALUES ('o', ?, 'desk', 0, 'one of three')",
			fmt.Sprint(s.id, ".", s.step)); err != nil {
			return err
		}
	}
	events := bytes.Repeat([]byte("e"), eventBytes)
	return exec("INSERT INTO history VALUES ('o', ?, ?, 0, 'chan', ?)", s.id, s.step, events)
}

// w3 runs one case of three steps by hand.
func (h *hand) w3(id string) error {
	for step := range 4 {
		reply := make(chan error, 1)
		h.steps <- handStep{id: id, step: step, reply: reply}
		if err := <-reply; err != nil {
			return err
		}
	}
	return nil
}
