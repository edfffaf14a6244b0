package postgres

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/guicheng/guicheng/store"
)

const personColumns = "id, name, posts, unit, admin, gone, lang, changed, skills"

const (
	sqlPutPerson = "INSERT INTO persons (office, " + personColumns + `) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
	ON CONFLICT (office, id) DO UPDATE SET name = excluded.name, posts = excluded.posts, unit = excluded.unit,
	admin = excluded.admin, gone = excluded.gone, lang = excluded.lang, changed = excluded.changed,
	skills = excluded.skills`
	sqlPerson  = "SELECT " + personColumns + " FROM persons WHERE office = $1 AND id = $2"
	sqlPeople  = "SELECT " + personColumns + " FROM persons WHERE office = $1 ORDER BY id"
	sqlOffices = "SELECT office FROM bundles UNION SELECT office FROM persons ORDER BY office"
	sqlPutLink = "INSERT INTO links (hash, office, person, purpose, until) VALUES ($1, $2, $3, $4, $5)"
	sqlTake    = "DELETE FROM links WHERE hash = $1 RETURNING hash, office, person, purpose, until"
	sqlPutSess = `INSERT INTO sessions (hash, office, person, until) VALUES ($1, $2, $3, $4) ON CONFLICT (hash)
	DO UPDATE SET office = excluded.office, person = excluded.person, until = excluded.until`
	sqlSession = "SELECT hash, office, person, until FROM sessions WHERE hash = $1 AND until > $2"
	sqlDrop    = "DELETE FROM sessions WHERE hash = $1"
)

func scanPerson(r scanner) (p store.PersonRow, err error) {
	var posts, skills []string
	var changed int64
	if err := r.Scan(&p.ID, &p.Name, &posts, &p.Unit, &p.Admin, &p.Gone, &p.Lang, &changed, &skills); err != nil {
		return p, err
	}
	p.Changed = fromMicros(changed)
	if len(posts) > 0 {
		p.Posts = posts
	}
	if len(skills) > 0 {
		p.Skills = skills
	}
	return p, nil
}

// exec runs one statement that changes something.
func (s *Store) exec(ctx context.Context, what, offices, text string, args ...any) error {
	return s.change(ctx, what, func() *pgx.Batch {
		b := s.begin(offices)
		b.Queue(text, args...)
		return b
	})
}

// PutPerson adds or replaces a person.
func (s *Store) PutPerson(ctx context.Context, office string, p store.PersonRow) error {
	return s.exec(ctx, "put person "+p.ID, named(office), sqlPutPerson, office, p.ID, p.Name, texts(p.Posts), p.Unit,
		p.Admin, p.Gone, p.Lang, micros(p.Changed), texts(p.Skills))
}

// Person returns one person.
func (s *Store) Person(ctx context.Context, office, id string) (store.PersonRow, error) {
	return find(ctx, s, "person "+id, named(office), scanPerson, sqlPerson, office, id)
}

// People lists all persons of an office, by id.
func (s *Store) People(ctx context.Context, office string) ([]store.PersonRow, error) {
	return list(ctx, s, "people of "+office, named(office), scanPerson, sqlPeople, office)
}

// OfficeIDs lists the offices that have a bundle or a person, by id.
func (s *Store) OfficeIDs(ctx context.Context) ([]string, error) {
	return list(ctx, s, "offices", everyOffice, scanString, sqlOffices)
}

// PutLink keeps a one-time link.
func (s *Store) PutLink(ctx context.Context, l store.LinkRow) error {
	return s.exec(ctx, "put link", named(l.Office), sqlPutLink, blob(l.Hash), l.Office, l.Person, l.Purpose,
		micros(l.Until))
}

// TakeLink removes a link and returns it: of several takers exactly one gets it.
func (s *Store) TakeLink(ctx context.Context, hash []byte) (store.LinkRow, error) {
	var taken store.LinkRow
	err := s.change(ctx, "take link", func() *pgx.Batch {
		b := s.begin(everyOffice)
		b.Queue(sqlTake, blob(hash)).QueryRow(func(r pgx.Row) error {
			var l store.LinkRow
			var until int64
			err := r.Scan(&l.Hash, &l.Office, &l.Person, &l.Purpose, &until)
			l.Until = fromMicros(until)
			taken = l
			return err
		})
		return b
	})
	if err != nil {
		return store.LinkRow{}, err
	}
	return taken, nil
}

// PutSession keeps a session, or prolongs it.
func (s *Store) PutSession(ctx context.Context, n store.SessionRow) error {
	return s.exec(ctx, "put session", named(n.Office), sqlPutSess, blob(n.Hash), n.Office, n.Person, micros(n.Until))
}

// Session returns a session that has not expired at now.
func (s *Store) Session(ctx context.Context, hash []byte, now time.Time) (store.SessionRow, error) {
	return find(ctx, s, "session", everyOffice, func(r scanner) (n store.SessionRow, err error) {
		var until int64
		err = r.Scan(&n.Hash, &n.Office, &n.Person, &until)
		n.Until = fromMicros(until)
		return n, err
	}, sqlSession, blob(hash), micros(now))
}

// DropSession ends a session. Again is no error.
func (s *Store) DropSession(ctx context.Context, hash []byte) error {
	return s.exec(ctx, "drop session", everyOffice, sqlDrop, blob(hash))
}
