package engine

import (
	"context"
	"fmt"
	"time"

	"github.com/guicheng/guicheng/staff"
	"github.com/guicheng/guicheng/store"
)

// Keys gives a staff.Door what it asks for with each request from memory, where the engine knows it: otherwise a
// request of a signed-in person begins with two questions to the database. People are those of the office as the engine
// sees it, which is what rights are judged by. A session is believed for some seconds: one that ends on this node ends
// at once, one that ends on another node within that time.
func (e *Engine) Keys() staff.Keys {
	return &keys{Store: e.store, e: e, sessions: newLRU[string, seenSession](maxSessions)}
}

type keys struct {
	store.Store
	e        *Engine
	sessions *lru[string, seenSession] // by hash
}

var _ staff.Keys = (*keys)(nil)

type seenSession struct {
	row  store.SessionRow
	read time.Time
}

// Session implements store.Sessions.
func (k *keys) Session(ctx context.Context, hash []byte, now time.Time) (store.SessionRow, error) {
	read := k.e.clock.Now()
	if s, ok := k.sessions.get(string(hash)); ok && read.Sub(s.read).Abs() < deskAge && now.Before(s.row.Until) {
		return s.row, nil
	}
	row, err := k.Store.Session(ctx, hash, now)
	if err != nil {
		k.sessions.drop(string(hash))
		return row, err
	}
	k.sessions.put(string(hash), seenSession{row: row, read: read}, nil)
	return row, nil
}

// DropSession implements store.Sessions.
func (k *keys) DropSession(ctx context.Context, hash []byte) error {
	err := k.Store.DropSession(ctx, hash)
	k.sessions.drop(string(hash))
	return err
}

// Person implements store.Directory.
func (k *keys) Person(ctx context.Context, office, id string) (store.PersonRow, error) {
	d, err := k.e.books.desk(ctx, office)
	if err != nil {
		return store.PersonRow{}, err
	}
	if row, ok := d.roster.Row(id); ok {
		return row, nil
	}
	return store.PersonRow{}, fmt.Errorf("person %s of office %s: %w", id, office, store.ErrNotFound)
}
