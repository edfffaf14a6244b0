package staff

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/guicheng/guicheng/store"
)

// How long a secret lives, and how much chance is in it.
const (
	// LinkLife is how long a link can be used: long enough to be handed over, too short to lie about.
	LinkLife = 30 * time.Minute
	// SessionLife is a long working day. It is not prolonged: a request that only reads writes nothing.
	SessionLife = 12 * time.Hour

	secretBytes = 32 // 256 bits; 128 would do
)

// The purposes of links.
const (
	purposeSignIn = "sign-in"
	purposeSetUp  = "set-up"
)

// The errors of a Door that callers decide by.
var (
	// ErrNotSignedIn says that a session is unknown, over, or that of a person who has left.
	ErrNotSignedIn = errors.New("not signed in")
	// ErrSpent says that a link is unknown, was used, or is too old.
	ErrSpent = errors.New("the link is unknown, was used, or is too old")
	// ErrSetUp says that the office has an administrator, so that nothing is left to set up.
	ErrSetUp = errors.New("the office has an administrator already")
)

// Keys is what a Door needs of a store.
type Keys interface {
	store.Directory
	store.Sessions
}

var _ Keys = store.Store(nil)

// Door lets people in: by links for one use, and then by sessions. It keeps digests of secrets, never the secrets.
type Door struct {
	keys Keys
	now  func() time.Time
	kept sync.Map // offices of which an administrator was seen
}

// NewDoor makes a door. now is the present time; nil means this machine's.
func NewDoor(keys Keys, now func() time.Time) *Door {
	if now == nil {
		now = time.Now
	}
	return &Door{keys: keys, now: now}
}

// Signed is somebody who is signed in, as the directory knows him now.
type Signed struct {
	Office string
	Person store.PersonRow
}

// Secret is what a person or a browser holds: in the address of a link, or in a cookie.
type Secret struct {
	Token string // base64url without padding
	Until time.Time
}

// NewLink makes a link by which a person signs in once. store.ErrNotFound if the office has no such person, or the
// person has left.
func (d *Door) NewLink(ctx context.Context, office, person string) (Secret, error) {
	p, err := d.keys.Person(ctx, office, person)
	if err != nil {
		return Secret{}, fmt.Errorf("link for %s of office %s: %w", person, office, err)
	}
	if p.Gone {
		return Secret{}, fmt.Errorf("link for %s of office %s, who has left: %w", person, office, store.ErrNotFound)
	}
	return d.link(ctx, store.LinkRow{Office: office, Person: person, Purpose: purposeSignIn})
}

// NewSetUpLink makes a link by which the office's first administrator is made. ErrSetUp if there is one.
func (d *Door) NewSetUpLink(ctx context.Context, office string) (Secret, error) {
	has, err := d.HasAdministrator(ctx, office)
	if err != nil {
		return Secret{}, err
	}
	if has {
		return Secret{}, ErrSetUp
	}
	return d.link(ctx, store.LinkRow{Purpose: purposeSetUp})
}

func (d *Door) link(ctx context.Context, row store.LinkRow) (Secret, error) {
	s := Secret{Token: newToken(), Until: d.now().Add(LinkLife)}
	row.Hash, row.Until = digest(s.Token), s.Until
	if err := d.keys.PutLink(ctx, row); err != nil {
		return Secret{}, fmt.Errorf("keep a link: %w", err)
	}
	return s, nil
}

// SignIn takes a link and begins a session. ErrSpent if the link is not good; of several who use it one gets in.
func (d *Door) SignIn(ctx context.Context, token string) (Secret, Signed, error) {
	row, err := d.take(ctx, token, purposeSignIn)
	if err != nil {
		return Secret{}, Signed{}, err
	}
	p, err := d.keys.Person(ctx, row.Office, row.Person)
	if errors.Is(err, store.ErrNotFound) || err == nil && p.Gone {
		return Secret{}, Signed{}, ErrSpent
	}
	if err != nil {
		return Secret{}, Signed{}, fmt.Errorf("who signs in: %w", err)
	}
	return d.begin(ctx, Signed{Office: row.Office, Person: p})
}

// SetUp takes a set-up link and lets add make the first administrator, with whose session it answers. When add fails,
// the link stays good, so that a misspelt id does not lock the house. ErrSetUp if the office has an administrator.
func (d *Door) SetUp(ctx context.Context, token, office, person string, add func() error) (Secret, Signed, error) {
	has, err := d.HasAdministrator(ctx, office)
	if err != nil {
		return Secret{}, Signed{}, err
	}
	if has {
		return Secret{}, Signed{}, ErrSetUp
	}
	row, err := d.take(ctx, token, purposeSetUp)
	if err != nil {
		return Secret{}, Signed{}, err
	}
	if err := add(); err != nil {
		return Secret{}, Signed{}, errors.Join(err, d.keys.PutLink(context.WithoutCancel(ctx), row))
	}
	p, err := d.keys.Person(ctx, office, person)
	if err != nil {
		return Secret{}, Signed{}, fmt.Errorf("the new administrator: %w", err)
	}
	return d.begin(ctx, Signed{Office: office, Person: p})
}

// HasAdministrator tells whether the office has somebody who keeps it. Once it is so, it stays so for this Door: the
// last administrator of an office cannot leave.
func (d *Door) HasAdministrator(ctx context.Context, office string) (bool, error) {
	if _, ok := d.kept.Load(office); ok {
		return true, nil
	}
	people, err := d.keys.People(ctx, office)
	if err != nil {
		return false, fmt.Errorf("look for an administrator of office %s: %w", office, err)
	}
	if !NewRoster(nil, people).HasAdmin() {
		return false, nil
	}
	d.kept.Store(office, true)
	return true, nil
}

// take removes a link and checks that it is good. One that was shown at the wrong door stays good for the right one.
func (d *Door) take(ctx context.Context, token, purpose string) (store.LinkRow, error) {
	if !plausible(token) {
		return store.LinkRow{}, ErrSpent
	}
	row, err := d.keys.TakeLink(ctx, digest(token))
	if errors.Is(err, store.ErrNotFound) {
		return store.LinkRow{}, ErrSpent
	}
	if err != nil {
		return store.LinkRow{}, fmt.Errorf("take a link: %w", err)
	}
	if !d.now().Before(row.Until) {
		return store.LinkRow{}, ErrSpent
	}
	if row.Purpose != purpose {
		return store.LinkRow{}, errors.Join(ErrSpent, d.keys.PutLink(context.WithoutCancel(ctx), row))
	}
	return row, nil
}

func (d *Door) begin(ctx context.Context, who Signed) (Secret, Signed, error) {
	s := Secret{Token: newToken(), Until: d.now().Add(SessionLife)}
	row := store.SessionRow{Hash: digest(s.Token), Office: who.Office, Person: who.Person.ID, Until: s.Until}
	if err := d.keys.PutSession(ctx, row); err != nil {
		return Secret{}, Signed{}, fmt.Errorf("keep a session: %w", err)
	}
	return s, who, nil
}

// Who tells whose session a token is, as the directory knows the person at this moment. ErrNotSignedIn if it is
// nobody's any more.
func (d *Door) Who(ctx context.Context, token string) (Signed, error) {
	if !plausible(token) {
		return Signed{}, ErrNotSignedIn
	}
	row, err := d.keys.Session(ctx, digest(token), d.now())
	if errors.Is(err, store.ErrNotFound) {
		return Signed{}, ErrNotSignedIn
	}
	if err != nil {
		return Signed{}, fmt.Errorf("session: %w", err)
	}
	p, err := d.keys.Person(ctx, row.Office, row.Person)
	if errors.Is(err, store.ErrNotFound) || err == nil && p.Gone {
		return Signed{}, ErrNotSignedIn
	}
	if err != nil {
		return Signed{}, fmt.Errorf("whose session: %w", err)
	}
	return Signed{Office: row.Office, Person: p}, nil
}

// SignOut ends a session. Again is no error.
func (d *Door) SignOut(ctx context.Context, token string) error {
	if err := d.keys.DropSession(ctx, digest(token)); err != nil {
		return fmt.Errorf("end a session: %w", err)
	}
	return nil
}

// plausible keeps what cannot be a token of ours away from the store.
func plausible(token string) bool {
	return len(token) == base64.RawURLEncoding.EncodedLen(secretBytes)
}

// newToken is chance. crypto/rand does not fail: it ends the program rather than give less.
func newToken() string {
	raw := make([]byte, secretBytes)
	_, _ = rand.Read(raw)
	return base64.RawURLEncoding.EncodeToString(raw)
}

func digest(token string) []byte {
	sum := sha256.Sum256([]byte(token))
	return sum[:]
}
