package engine

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/guicheng/guicheng/definitions"
	"github.com/guicheng/guicheng/definitions/report"
	"github.com/guicheng/guicheng/engine/core"
	"github.com/guicheng/guicheng/staff"
	"github.com/guicheng/guicheng/store"
)

// books knows each office's procedures and people, as far as they were asked for. Bundles are compiled on first use:
// a server with a thousand versions starts at once.
type books struct {
	store    store.Store
	clock    Clock
	desks    *lru[string, *deskEntry]
	bundles  *lru[bundleKey, *bundleEntry]
	versions *lru[versionKey, *definitions.Procedure]
}

type bundleKey struct{ office, hash string }

type versionKey struct {
	office, procedure string
	version           int
}

// bundleEntry compiles once, whoever asks.
type bundleEntry struct {
	mu     sync.Mutex
	bundle *definitions.Bundle
}

// deskEntry reads once, whoever asks.
type deskEntry struct {
	mu   sync.Mutex
	desk *desk
}

// desk is an office at one moment: what is in force, and who is there. It is immutable.
type desk struct {
	office *definitions.Office               // nil: nothing was deployed yet
	bundle *definitions.Bundle               // in force
	lines  []store.VersionRow                // in force, by id
	newest map[string]*definitions.Procedure // in force, by id
	roster *staff.Roster
	since  time.Time                       // when the bundle in force was deployed
	set    map[settingKey]store.SettingRow // of settings
	read   time.Time
}

// notDeployed says that the office has no such procedure in force, and which it has.
func (d *desk) notDeployed(procedure string) *Error {
	there := strings.Join(slices.Sorted(maps.Keys(d.newest)), ", ")
	return &Error{Code: CodeNotDeployed, Args: map[string]string{"procedure": procedure, "there": there}}
}

func newBooks(s store.Store, clock Clock) *books {
	return &books{
		store: s, clock: clock, desks: newLRU[string, *deskEntry](maxDesks),
		bundles:  newLRU[bundleKey, *bundleEntry](maxBundles),
		versions: newLRU[versionKey, *definitions.Procedure](maxVersions),
	}
}

// desk gives the office as it was at most deskAge ago; this engine's own deployments and people count at once.
func (b *books) desk(ctx context.Context, office string) (*desk, error) {
	entry, ok := b.desks.get(office)
	if !ok {
		entry = &deskEntry{}
		b.desks.put(office, entry, func(old *deskEntry) bool { entry = old; return true })
	}
	entry.mu.Lock()
	defer entry.mu.Unlock()
	now := b.clock.Now()
	if d := entry.desk; d != nil && now.Sub(d.read).Abs() < deskAge {
		return d, nil
	}
	d, err := b.readDesk(ctx, office)
	if err != nil {
		return nil, err
	}
	d.read = now
	entry.desk = d
	return d, nil
}

// forget makes the next question read the office again.
func (b *books) forget(office string) { b.desks.drop(office) }

// forgetAll does so for all offices.
func (b *books) forgetAll() { b.desks.clear() }

func (b *books) readDesk(ctx context.Context, office string) (*desk, error) {
	lines, err := b.store.Versions(ctx, office)
	if err != nil {
		return nil, err
	}
	people, err := b.store.People(ctx, office)
	if err != nil {
		return nil, err
	}
	away, err := b.store.Substitutes(ctx, office)
	if err != nil {
		return nil, err
	}
	settings, err := b.store.Settings(ctx, office)
	if err != nil {
		return nil, err
	}
	d := &desk{newest: map[string]*definitions.Procedure{}, set: settingsByKey(settings)}
	current := inForce(lines)
	if current == nil {
		d.roster = staff.NewRoster(nil, people, away...)
		return d, nil
	}
	if d.bundle, err = b.bundle(ctx, office, current.Bundle); err != nil {
		return nil, err
	}
	d.office, d.since = d.bundle.Office, current.At
	for _, line := range lines {
		// A procedure that the bundle in force no longer has: its cases go on, none begins.
		if p := d.bundle.Procedure(line.Procedure); p != nil {
			d.lines = append(d.lines, line)
			d.newest[line.Procedure] = numbered(p, line.Version)
		}
	}
	d.roster = staff.NewRoster(d.office, people, away...)
	return d, nil
}

// wholeOffice is deployed beside the procedures, as if it were one, so that the newest version of it names the bundle
// in force: also when a deployment only takes a procedure away or corrects a translation.
const wholeOffice = "."

func inForce(lines []store.VersionRow) *store.VersionRow {
	for i := range lines {
		if lines[i].Procedure == wholeOffice {
			return &lines[i]
		}
	}
	return nil
}

// numbered gives a procedure its version; the compiled one is shared and stays as it is.
func numbered(p *definitions.Procedure, version int) *definitions.Procedure {
	out := *p
	out.Version = version
	return &out
}

// bundle gives a deployed bundle, compiled.
func (b *books) bundle(ctx context.Context, office, hash string) (*definitions.Bundle, error) {
	key := bundleKey{office: office, hash: hash}
	entry, ok := b.bundles.get(key)
	if !ok {
		entry = &bundleEntry{}
		b.bundles.put(key, entry, func(old *bundleEntry) bool { entry = old; return true })
	}
	entry.mu.Lock()
	defer entry.mu.Unlock()
	if entry.bundle != nil {
		return entry.bundle, nil
	}
	row, err := b.store.Bundle(ctx, office, hash)
	if err != nil {
		return nil, fmt.Errorf("bundle %s of office %s: %w", hash, office, missing(err))
	}
	var files []definitions.File
	if err := json.Unmarshal(row.Files, &files); err != nil {
		return nil, fmt.Errorf("bundle %s of office %s cannot be read: %w", hash, office, err)
	}
	bundle, problems, err := compile(files)
	if err != nil {
		return nil, err
	}
	if bundle == nil {
		return nil, fmt.Errorf("bundle %s of office %s does not compile here: %w? %s", hash, office, core.ErrNewer,
			firstError(problems))
	}
	entry.bundle = bundle
	return bundle, nil
}

// missing keeps a lost bundle from passing for a lost case.
func missing(err error) error {
	if errors.Is(err, store.ErrNotFound) {
		return errors.New("is not in the store")
	}
	return err
}

func firstError(problems []report.Problem) string {
	for _, p := range problems {
		if p.Severity == report.Error {
			return fmt.Sprintf("%s:%d: %s", p.File, p.Line, p.Message)
		}
	}
	return "no reason given"
}

// compile guards against the compiler's own faults: a bundle may harm nothing but itself.
func compile(files []definitions.File) (b *definitions.Bundle, problems []report.Problem, err error) {
	err = guarded(func() error {
		b, problems = definitions.Compile(files)
		return nil
	})
	return b, problems, err
}

// version gives one version of a procedure, for the cases that are bound to it.
func (b *books) version(ctx context.Context, office, procedure string, version int) (*definitions.Procedure, error) {
	key := versionKey{office: office, procedure: procedure, version: version}
	if p, ok := b.versions.get(key); ok {
		return p, nil
	}
	row, err := b.store.Version(ctx, office, procedure, version)
	if err != nil {
		return nil, fmt.Errorf("version %d of %s in office %s: %w", version, procedure, office, missing(err))
	}
	bundle, err := b.bundle(ctx, office, row.Bundle)
	if err != nil {
		return nil, err
	}
	p := bundle.Procedure(procedure)
	if p == nil {
		return nil, fmt.Errorf("bundle %s of office %s has no procedure %s", row.Bundle, office, procedure)
	}
	out := numbered(p, version)
	b.versions.put(key, out, nil)
	return out, nil
}

// say translates text of the office's files into the reader's language.
func (d *desk) say(lang, text string) string {
	if d.office == nil || text == "" {
		return text
	}
	return d.office.Say(lang, text)
}

// sorted lists the ids of the procedures in force.
func (d *desk) sorted() []string {
	out := make([]string, 0, len(d.lines))
	for _, line := range d.lines {
		out = append(out, line.Procedure)
	}
	slices.SortFunc(out, strings.Compare)
	return out
}
