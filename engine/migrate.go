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

	"github.com/guicheng/guicheng/definitions"
	"github.com/guicheng/guicheng/definitions/value"
	"github.com/guicheng/guicheng/engine/core"
	"github.com/guicheng/guicheng/engine/proof"
	"github.com/guicheng/guicheng/store"
)

// MigrateRequest moves running cases of a procedure to another version of it, a page of them at a time.
type MigrateRequest struct {
	Procedure string
	To        int    // version; 0 = the one in force. Of an undo: 0
	Dry       bool   // only tell which could
	Migration string // id of the migration, from the answer about its first page; "" = a new one
	Undo      bool   // move back what Migration has moved, each case to the version whence it came
	After     string // Next of the page before
	Limit     int    // cases looked at, 1 to 200; below 1 means 50
	// Files are an office's with a version that is not deployed yet: it is only looked at which cases could be moved.
	Files []definitions.File
}

// Migration is what became of a page of cases.
type Migration struct {
	Migration string     `json:"migration,omitempty" doc:"its id: for the next page, and to undo it; a preview has none"`
	Procedure string     `json:"procedure"`
	To        int        `json:"to,omitempty" doc:"version; absent of an undo"`
	Dry       bool       `json:"dry" doc:"nothing was moved, it was only looked at"`
	Cases     []MoveLine `json:"cases" doc:"running cases that are not on that version"`
	Next      string     `json:"next,omitempty" doc:"cursor of the next page; absent: this is the last"`
}

// MoveLine is what became of one case.
type MoveLine struct {
	Case   string         `json:"case"`
	Number string         `json:"number"`
	From   int            `json:"from" doc:"version by which it ran"`
	To     int            `json:"to" doc:"version to which it was to be moved"`
	Moves  bool           `json:"moves" doc:"it was moved, or could be"`
	Why    []ObstacleView `json:"why" doc:"what keeps it"`
}

// ObstacleView is one reason why a case cannot be moved to another version.
type ObstacleView struct {
	Code string `json:"code" doc:"stable name of the reason"`
	Step string `json:"step,omitempty"`
	Name string `json:"name,omitempty" doc:"field, message, paper or end that it is about"`
	Text string `json:"text" doc:"one sentence in the asked language"`
}

// MigrationState tells where the running cases of a procedure are.
type MigrationState struct {
	Procedure string         `json:"procedure"`
	Newest    int            `json:"newest" doc:"version in force; 0: none is"`
	Versions  []VersionCount `json:"versions" doc:"oldest first"`
	More      bool           `json:"more" doc:"there are more cases than were counted"`
}

// VersionCount counts the running cases of one version.
type VersionCount struct {
	Version    int            `json:"version"`
	Cases      int            `json:"cases"`
	Migrations map[string]int `json:"migrations,omitempty" doc:"how many of them which migration has brought here"`
}

// Limits of migrations.
const (
	maxCounted = 10_000 // cases counted at once
	maxCovers  = 32     // versions of which it is remembered what their proofs cover
)

// Migrate moves a page of running cases to another version of their procedure, each by itself, or tells which could be.
// Cases go on meanwhile: one that moves on is judged again as it stands then. Only an administrator may.
func (e *Engine) Migrate(ctx context.Context, a Actor, lang string, q MigrateRequest) (Migration, error) {
	out, err := e.migrate(ctx, a, lang, q)
	return out, e.told(err)
}

// mover moves the cases of one request.
type mover struct {
	e      *Engine
	q      MigrateRequest
	person value.Person // who wants it
	desk   *desk
	lang   string
	to     *definitions.Procedure // nil of an undo
}

func (e *Engine) migrate(ctx context.Context, a Actor, lang string, q MigrateRequest) (Migration, error) {
	if err := e.administrator(ctx, a); err != nil {
		return Migration{}, err
	}
	m := &mover{e: e, q: q, lang: lang}
	var err error
	if m.desk, err = e.books.desk(ctx, a.Office); err != nil {
		return Migration{}, err
	}
	m.person, _ = m.desk.roster.Person(a.Person)
	if q.Undo && q.Migration == "" {
		return Migration{}, wrong("migration", "required")
	}
	if m.q.Migration == "" && !q.Dry && q.Files == nil {
		if m.q.Migration, err = e.ids.next(e.now()); err != nil {
			return Migration{}, err
		}
	}
	switch {
	case q.Files != nil:
		m.q.Dry, m.q.Undo = true, false
		if m.to, err = m.undeployed(); err != nil {
			return Migration{}, err
		}
	case q.Undo && q.After == "":
		if err := m.known(ctx, a.Office); err != nil {
			return Migration{}, err
		}
	case !q.Undo:
		if m.to, err = m.version(ctx, a.Office, q.To); err != nil {
			return Migration{}, err
		}
	}
	out := Migration{Migration: m.q.Migration, Procedure: q.Procedure, Dry: m.q.Dry, Cases: []MoveLine{}}
	if m.to != nil {
		out.To = m.to.Version
	}
	page, err := e.runningPage(ctx, a.Office, q.Procedure, q.After, q.Limit)
	if err != nil {
		return Migration{}, err
	}
	out.Next = page.Next
	for _, row := range page.Items {
		line, err := m.one(ctx, row)
		if err != nil {
			return Migration{}, err
		}
		if line != nil {
			out.Cases = append(out.Cases, *line)
		}
	}
	return out, nil
}

// version is the one to which cases are moved.
func (m *mover) version(ctx context.Context, office string, version int) (*definitions.Procedure, error) {
	if version == 0 {
		if p := m.desk.newest[m.q.Procedure]; p != nil {
			return p, nil
		}
		return nil, m.notDeployed()
	}
	_, err := m.e.store.Version(ctx, office, m.q.Procedure, version)
	if errors.Is(err, store.ErrNotFound) {
		return nil, m.notDeployed()
	}
	if err != nil {
		return nil, err
	}
	return m.e.books.version(ctx, office, m.q.Procedure, version)
}

// notDeployed names what there is: versions of the procedure, or the procedures.
func (m *mover) notDeployed() error {
	out := m.desk.notDeployed(m.q.Procedure)
	if p := m.desk.newest[m.q.Procedure]; p != nil && m.q.To != 0 {
		out.Args["procedure"] = fmt.Sprintf("%s@%d", p.ID, m.q.To)
		out.Args["there"] = fmt.Sprintf("%s@1 – %s@%d", p.ID, p.ID, p.Version)
	}
	return out
}

// known refuses to undo what has moved no case of the procedure.
func (m *mover) known(ctx context.Context, office string) error {
	q := store.CaseQuery{Procedure: m.q.Procedure, Limit: maxPage}
	for seen := 0; seen < maxCounted; {
		page, err := m.e.store.CasesOf(ctx, office, q)
		if err != nil {
			return err
		}
		for _, row := range page.Items {
			if moved := core.MovedToOf(row.State); moved != nil && moved.Migration == m.q.Migration {
				return nil
			}
		}
		seen += len(page.Items)
		if q.After = page.Next; q.After == "" {
			return &Error{Code: CodeNotMigrated, Args: map[string]string{
				"migration": m.q.Migration, "procedure": m.q.Procedure,
			}}
		}
	}
	return nil // it is one of so many that it may be there
}

// undeployed is the version that the files have, as if it were deployed next.
func (m *mover) undeployed() (*definitions.Procedure, error) {
	bundle, problems, err := check(m.q.Files)
	if err != nil {
		return nil, err
	}
	if bundle == nil {
		return nil, fail(CodeRefused, errors.New(firstError(problems)))
	}
	p := bundle.Procedure(m.q.Procedure)
	if p == nil {
		return nil, m.notDeployed()
	}
	last := 0
	if now := m.desk.newest[p.ID]; now != nil {
		if now.Hash == p.Hash { // a deployment would make no new version of it
			return now, nil
		}
		last = now.Version
	}
	return numbered(p, last+1), nil
}

// running are the states of cases that have not ended, in the order in which pages go through them.
var running = []string{string(core.Running), string(core.Suspended)}

// runningPage lists cases that have not ended: those that run, then those that are suspended.
func (e *Engine) runningPage(ctx context.Context, office, procedure, after string, limit int) (
	store.Page[store.CaseRow], error,
) {
	status, cursor := running[0], after
	if rest, ok := strings.CutPrefix(after, running[1]+":"); ok {
		status, cursor = running[1], rest
	}
	page, err := e.store.CasesOf(ctx, office, store.CaseQuery{
		Procedure: procedure, Status: status, After: cursor, Limit: limit,
	})
	switch {
	case err != nil:
	case page.Next != "" && status == running[1]:
		page.Next = running[1] + ":" + page.Next
	case page.Next == "" && status == running[0]:
		page.Next = running[1] + ":"
	}
	return page, err
}

// one moves a case, or tells whether it could be; nil = it is none of those that are to be moved.
func (m *mover) one(ctx context.Context, row store.CaseRow) (*MoveLine, error) {
	if m.to != nil && row.Version == m.to.Version {
		return nil, nil //nolint:nilnil // it is there already
	}
	s, err := m.e.fresh(ctx, caseKey{office: row.Office, id: row.ID})
	if err != nil {
		return m.unreadable(row, err)
	}
	in, err := m.input(ctx, s)
	if in == nil || err != nil {
		return nil, err
	}
	line := &MoveLine{Case: row.ID, Number: row.Number, From: s.state.Version, To: in.To.Version, Why: []ObstacleView{}}
	obstacles, err := m.judge(s, *in)
	switch {
	case err != nil:
		return nil, err
	case len(obstacles) == 0 && m.q.Dry:
		line.Moves = true
	case len(obstacles) == 0:
		if obstacles, err = m.move(ctx, row); err != nil {
			return m.refused(line, err)
		}
		line.Moves = len(obstacles) == 0
	}
	for _, o := range obstacles {
		line.Why = append(line.Why, m.view(s, in.To, o))
	}
	return line, nil
}

// input is what moves a case; nil = it is not to be moved.
func (m *mover) input(ctx context.Context, s *snapshot) (*core.Migrate, error) {
	to := m.to
	if m.q.Undo {
		moved := s.state.MovedTo
		if moved == nil || moved.Migration != m.q.Migration || moved.Back {
			return nil, nil //nolint:nilnil // it was not moved by this, or was moved on since, or is back
		}
		var err error
		if to, err = m.e.books.version(ctx, s.row.Office, s.row.Procedure, moved.From); err != nil {
			return nil, err
		}
	} else if s.state.Version == to.Version {
		return nil, nil //nolint:nilnil // it is there already
	}
	return &core.Migrate{
		To: to, Actor: m.person, Migration: m.q.Migration, Back: m.q.Undo, Settings: m.desk.settings(to),
	}, nil
}

// judge tells what keeps a case from being moved: the case itself, or the proof of the version.
func (m *mover) judge(s *snapshot, in core.Migrate) (out []core.Obstacle, err error) {
	if s.state.Status == core.Suspended {
		return []core.Obstacle{{Code: stillSuspended}}, nil
	}
	err = guarded(func() error {
		c := core.Context{Now: m.e.now(), Staff: m.desk.roster, Office: m.desk.office}
		there, list := core.Movable(s.proc, s.state, in, c)
		if out = list; len(list) > 0 {
			return nil
		}
		if o := m.e.covers.of(s.row.Office, in.To).Covers(there); o != nil {
			out = []core.Obstacle{*o}
		}
		return nil
	})
	return out, err
}

// move commits the move of one case. It is judged again as it stands when its turn comes.
func (m *mover) move(ctx context.Context, row store.CaseRow) ([]core.Obstacle, error) {
	j := newJob(row.Office, row.ID)
	j.actor = m.person.ID
	var obstacles []core.Obstacle
	j.build = func(s *snapshot) (core.Input, error) {
		obstacles = nil
		in, err := m.input(ctx, s)
		if err != nil {
			return nil, err
		}
		if in == nil {
			return nil, errMovedAlready
		}
		if obstacles, err = m.judge(s, *in); err != nil {
			return nil, err
		}
		if len(obstacles) > 0 {
			return nil, &Error{Code: string(core.CannotMove), Args: map[string]string{"why": string(obstacles[0].Code)}}
		}
		return *in, nil
	}
	_, err := m.e.do(ctx, j)
	if errors.Is(err, errMovedAlready) {
		return nil, nil // another node, or another request, has done it
	}
	if codeOf(err) == string(core.CannotMove) && len(obstacles) > 0 {
		return obstacles, nil
	}
	return nil, err
}

var errMovedAlready = errors.New("the case is on that version already")

// refused keeps one case that has ended or frozen meanwhile from hindering the others.
func (m *mover) refused(line *MoveLine, err error) (*MoveLine, error) {
	switch code := codeOf(err); code {
	case string(core.CaseEnded):
		return nil, nil //nolint:nilnil // it need not be moved any more
	case string(core.CaseFrozen), string(core.CaseSuspended), CodeInternal:
		line.Why = append(line.Why, ObstacleView{Code: code, Text: phrase(m.lang, "obstacle.frozen")})
		return line, nil
	}
	return nil, err
}

// unreadable is a case that is as good as frozen.
func (m *mover) unreadable(row store.CaseRow, err error) (*MoveLine, error) {
	if codeOf(err) != string(core.CaseFrozen) {
		return nil, err
	}
	line := &MoveLine{Case: row.ID, Number: row.Number, From: row.Version, Why: []ObstacleView{}}
	if m.to != nil {
		line.To = m.to.Version
	}
	return m.refused(line, err)
}

// view says an obstacle.
func (m *mover) view(s *snapshot, to *definitions.Procedure, o core.Obstacle) ObstacleView {
	return ObstacleView{
		Code: string(o.Code), Step: o.Step, Name: o.Name, Text: SayObstacle(m.lang, s.proc, to, o),
	}
}

// MigrationState tells by which versions the running cases of a procedure go on, and which migrations brought them
// there. Only an administrator may ask.
func (e *Engine) MigrationState(ctx context.Context, a Actor, procedure string) (MigrationState, error) {
	out, err := e.migrationState(ctx, a, procedure)
	return out, e.told(err)
}

func (e *Engine) migrationState(ctx context.Context, a Actor, procedure string) (MigrationState, error) {
	if err := e.administrator(ctx, a); err != nil {
		return MigrationState{}, err
	}
	d, err := e.books.desk(ctx, a.Office)
	if err != nil {
		return MigrationState{}, err
	}
	out := MigrationState{Procedure: procedure, Versions: []VersionCount{}}
	if p := d.newest[procedure]; p != nil {
		out.Newest = p.Version
	}
	seen, after := 0, ""
	for {
		page, err := e.runningPage(ctx, a.Office, procedure, after, maxPage)
		if err != nil {
			return MigrationState{}, err
		}
		for _, row := range page.Items {
			moved := core.MovedToOf(row.State)
			out.count(row.Version, moved)
		}
		if seen += len(page.Items); page.Next == "" || seen >= maxCounted {
			out.More = page.Next != ""
			return out, nil
		}
		after = page.Next
	}
}

func (s *MigrationState) count(version int, moved *core.MovedTo) {
	i, ok := slices.BinarySearchFunc(s.Versions, version, func(v VersionCount, n int) int { return v.Version - n })
	if !ok {
		s.Versions = slices.Insert(s.Versions, i, VersionCount{Version: version})
	}
	v := &s.Versions[i]
	v.Cases++
	if moved == nil || moved.Back {
		return
	}
	if v.Migrations == nil {
		v.Migrations = map[string]int{}
	}
	v.Migrations[moved.Migration]++
}

// draftFor is a draft as a form takes it: in a case that was moved, the task may ask for other fields than it did.
func draftFor(s *snapshot, form *definitions.Form, draft []byte) []byte {
	var values map[string]json.RawMessage
	if s.state.MovedTo == nil || form == nil || json.Unmarshal(draft, &values) != nil {
		return draft
	}
	asked := core.FormFields(s.proc, form)
	for _, name := range slices.Sorted(maps.Keys(values)) {
		if !slices.ContainsFunc(asked, func(f *value.Field) bool { return f.Name == name }) {
			delete(values, name)
		}
	}
	raw, err := json.Marshal(values)
	if err != nil {
		return nil
	}
	return raw
}

// coverings remembers what the proofs of versions cover.
type coverings struct {
	mu   sync.Mutex
	list map[string]*proof.Cover
}

func (c *coverings) of(office string, p *definitions.Procedure) *proof.Cover {
	key := fmt.Sprintf("%s/%s/%d/%s", office, p.ID, p.Version, p.Hash)
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.list == nil || len(c.list) >= maxCovers && c.list[key] == nil {
		c.list = map[string]*proof.Cover{}
	}
	if c.list[key] == nil {
		c.list[key] = proof.NewCover(p)
	}
	return c.list[key]
}
