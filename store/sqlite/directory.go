package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/guicheng/guicheng/store"
)

const personColumns = "id, name, posts, unit, admin, gone, lang, changed, skills"

func scanPerson(r scanner) (p store.PersonRow, err error) {
	var posts, skills string
	var changed int64
	if err := r.Scan(&p.ID, &p.Name, &posts, &p.Unit, &p.Admin, &p.Gone, &p.Lang, &changed, &skills); err != nil {
		return p, err
	}
	p.Changed = fromMicros(changed)
	if p.Posts, err = decodeList[string](posts); err != nil {
		return p, err
	}
	p.Skills, err = decodeList[string](skills)
	return p, err
}

// PutPerson adds or replaces a person.
func (s *Store) PutPerson(ctx context.Context, office string, p store.PersonRow) error {
	return s.writing(ctx, "put person "+p.ID, 1, func(ctx context.Context, q *statements) error {
		return putPerson(ctx, q, office, p)
	})
}

// ChangePerson is PutPerson if the person is as was; an empty was: if there is no such person.
func (s *Store) ChangePerson(ctx context.Context, office string, was, p store.PersonRow, letter *store.Letter) error {
	return s.writing(ctx, "change person "+p.ID, 1, func(ctx context.Context, q *statements) error {
		now, err := queryOne(ctx, q, scanInt, "SELECT changed FROM persons WHERE office = ? AND id = ?", office, p.ID)
		switch {
		case err != nil && !errors.Is(err, sql.ErrNoRows):
			return err
		case (err == nil) != (was.ID != ""), err == nil && now != micros(was.Changed):
			return store.ErrStale
		}
		if err := putPerson(ctx, q, office, p); err != nil || letter == nil {
			return err
		}
		_, err = q.exec(ctx, putLetter, office, letter.ID, letter.From, letter.To, letter.Kind, blob(letter.Body))
		return err
	})
}

func scanBool(r scanner) (yes bool, err error) {
	err = r.Scan(&yes)
	return yes, err
}

func putPerson(ctx context.Context, q *statements, office string, p store.PersonRow) error {
	if !p.Admin || p.Gone {
		last, err := queryOne(ctx, q, scanBool,
			"SELECT count(*) > 0 AND sum(id <> ?) = 0 FROM persons WHERE office = ? AND admin AND NOT gone", p.ID, office)
		switch {
		case err != nil:
			return err
		case last:
			return store.ErrLastAdmin
		}
	}
	_, err := q.exec(ctx, "INSERT OR REPLACE INTO persons ("+personColumns+
		", office) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
		p.ID, p.Name, encodeList(p.Posts), p.Unit, p.Admin, p.Gone, p.Lang, micros(p.Changed),
		encodeList(p.Skills), office)
	return err
}

// Person returns one person.
func (s *Store) Person(ctx context.Context, office, id string) (store.PersonRow, error) {
	return find(ctx, s, "person "+id, scanPerson,
		"SELECT "+personColumns+" FROM persons WHERE office = ? AND id = ?", office, id)
}

// People lists all persons of an office, by id.
func (s *Store) People(ctx context.Context, office string) ([]store.PersonRow, error) {
	return list(ctx, s, "people of "+office, scanPerson,
		"SELECT "+personColumns+" FROM persons WHERE office = ? ORDER BY id", office)
}

// OfficeIDs lists the offices that have a bundle or a person, by id.
func (s *Store) OfficeIDs(ctx context.Context) ([]string, error) {
	return list(ctx, s, "offices", scanString,
		"SELECT office FROM bundles UNION SELECT office FROM persons ORDER BY office")
}

// PutLink keeps a one-time link.
func (s *Store) PutLink(ctx context.Context, l store.LinkRow) error {
	return s.writing(ctx, "put link", 1, func(ctx context.Context, q *statements) error {
		_, err := q.exec(ctx, "INSERT INTO links (hash, office, person, purpose, until) VALUES (?, ?, ?, ?, ?)",
			blob(l.Hash), l.Office, l.Person, l.Purpose, micros(l.Until))
		return err
	})
}

// TakeLink removes a link and returns it: of several takers exactly one gets it.
func (s *Store) TakeLink(ctx context.Context, hash []byte) (store.LinkRow, error) {
	var taken store.LinkRow
	err := s.writing(ctx, "take link", 1, func(ctx context.Context, q *statements) (err error) {
		taken, err = queryOne(ctx, q, func(r scanner) (l store.LinkRow, err error) {
			var until int64
			err = r.Scan(&l.Hash, &l.Office, &l.Person, &l.Purpose, &until)
			l.Until = fromMicros(until)
			return l, err
		}, "DELETE FROM links WHERE hash = ? RETURNING hash, office, person, purpose, until", blob(hash))
		return err
	})
	if err != nil {
		return store.LinkRow{}, err
	}
	return taken, nil
}

// PutSession keeps a session, or prolongs it.
func (s *Store) PutSession(ctx context.Context, n store.SessionRow) error {
	return s.writing(ctx, "put session", 1, func(ctx context.Context, q *statements) error {
		_, err := q.exec(ctx, "INSERT OR REPLACE INTO sessions (hash, office, person, until) VALUES (?, ?, ?, ?)",
			blob(n.Hash), n.Office, n.Person, micros(n.Until))
		return err
	})
}

// Session returns a session that has not expired at now.
func (s *Store) Session(ctx context.Context, hash []byte, now time.Time) (store.SessionRow, error) {
	return find(ctx, s, "session", func(r scanner) (n store.SessionRow, err error) {
		var until int64
		err = r.Scan(&n.Hash, &n.Office, &n.Person, &until)
		n.Until = fromMicros(until)
		return n, err
	}, "SELECT hash, office, person, until FROM sessions WHERE hash = ? AND until > ?", blob(hash), micros(now))
}

// DropSession ends a session. Again is no error.
func (s *Store) DropSession(ctx context.Context, hash []byte) error {
	return s.writing(ctx, "drop session", 1, func(ctx context.Context, q *statements) error {
		_, err := q.exec(ctx, "DELETE FROM sessions WHERE hash = ?", blob(hash))
		return err
	})
}
