package postgres

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/guicheng/guicheng/store"
)

const personColumns = "id, name, posts, unit, admin, gone, lang, changed, skills"

const (
	// Whoever takes an administrator away locks them all first, so that the last two do not go at once.
	sqlLockKeepers = `SELECT FROM persons WHERE office = $1 AND (admin AND NOT gone OR id = $2) ORDER BY id
	FOR NO KEY UPDATE`
	// 2: not as it was; 3: nobody would keep the office; 1: done. was is null where it does not matter.
	sqlPutPerson = `WITH now AS MATERIALIZED (
	SELECT count(*) FILTER (WHERE admin AND NOT gone) AS keepers, max(changed) FILTER (WHERE id = $2) AS changed,
		count(*) FILTER (WHERE admin AND NOT gone AND id <> $2) AS others FROM persons WHERE office = $1
), judged AS MATERIALIZED (
	SELECT CASE WHEN $11::bigint <> coalesce(changed, -1) THEN 2
		WHEN keepers > 0 AND others = 0 AND ($7 OR NOT $6) THEN 3 ELSE 1 END AS result FROM now
), put AS (
	INSERT INTO persons (office, ` + personColumns + `) SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, $10
	FROM judged WHERE result = 1
	ON CONFLICT (office, id) DO UPDATE SET name = excluded.name, posts = excluded.posts, unit = excluded.unit,
		admin = excluded.admin, gone = excluded.gone, lang = excluded.lang, changed = excluded.changed,
		skills = excluded.skills
	WHERE $11::bigint IS NULL OR persons.changed = $11::bigint RETURNING id
), written AS (
	INSERT INTO letters (office, id, sender, addressee, kind, body) SELECT $1, $12, $13, $14, $15, $16 FROM put
	WHERE $12::text <> ''
)
SELECT CASE WHEN result = 1 AND NOT EXISTS (SELECT FROM put) THEN 2 ELSE result END FROM judged`
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

// changeOffice is exec for what nodes remember of an office.
func (s *Store) changeOffice(ctx context.Context, what, office, text string, args ...any) error {
	err := s.exec(ctx, what, named(office), text, args...)
	if err == nil {
		s.news.office(office)
	}
	return err
}

// PutPerson adds or replaces a person.
func (s *Store) PutPerson(ctx context.Context, office string, p store.PersonRow) error {
	return s.putPerson(ctx, office, nil, p, nil)
}

// ChangePerson is PutPerson if the person is as was; an empty was: if there is no such person.
func (s *Store) ChangePerson(ctx context.Context, office string, was, p store.PersonRow, letter *store.Letter) error {
	changed := int64(-1)
	if was.ID != "" {
		changed = micros(was.Changed)
	}
	return s.putPerson(ctx, office, &changed, p, letter)
}

func (s *Store) putPerson(
	ctx context.Context, office string, was *int64, p store.PersonRow, letter *store.Letter,
) error {
	l := store.Letter{}
	if letter != nil {
		l = *letter
	}
	what := "put person " + p.ID
	result := 0
	err := s.change(ctx, what, func() *pgx.Batch {
		b := s.begin(named(office))
		b.Queue(sqlLockKeepers, office, p.ID)
		b.Queue(sqlPutPerson, office, p.ID, p.Name, texts(p.Posts), p.Unit, p.Admin, p.Gone, p.Lang, micros(p.Changed),
			texts(p.Skills), was, l.ID, l.From, l.To, l.Kind, blob(l.Body),
		).QueryRow(func(r pgx.Row) error { return r.Scan(&result) })
		return b
	})
	switch {
	case err != nil:
		return err
	case result == 2:
		return failure(what, store.ErrStale)
	case result == 3:
		return failure(what, store.ErrLastAdmin)
	}
	s.news.office(office)
	if letter != nil {
		s.news.work()
	}
	return nil
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
