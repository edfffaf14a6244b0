package postgres

import (
	"slices"
	"strings"

	"github.com/guicheng/guicheng/store"
	"github.com/guicheng/guicheng/store/packed"
)

// A wave is changes of a batch that touch nothing in common, so that one statement for each table can judge or write
// them all. A change that touches what one before it touched begins the next wave: it sees what those before it did.
type wave struct {
	changes []*store.Change
	index   []int // of each in the batch
	chain   []int32
	draws   []draw
	leaves  []packed.Leaf // the events of each
}

// draw is a number that a change takes. Changes of one wave may draw from one series, each the number after the
// other's: a chain. The first link is compared with the counter; if a link is refused, those after it are stale.
type draw struct {
	ord    int32 // of the change in its wave, from 1
	office string
	series string
	n      int64
	head   bool
	before int64 // the last number must be; of heads
	fresh  bool  // the chain begins with the series
}

// name is a thing that a change touches.
type name struct {
	kind   kind
	office string
	id     string
}

type kind uint8

const (
	aCase kind = iota
	aNumber
	aKey
	aMessage
	aTask
	aTimer
	aLetter
	aKept
	aSubscription
	aCopy
	aFile
	aJob
)

// link is where a series stands after the draws of a wave.
type link struct {
	chain int32
	set   string // all series of the chain
	last  int64
	fresh bool
}

// splitter deals changes out to waves.
type splitter struct {
	waves []*wave
	names map[name]struct{}
	links map[name]link
	buf   []name
}

func split(changes []store.Change) []*wave {
	s := splitter{}
	s.next()
	for i := range changes {
		s.add(i, &changes[i], len(changes) > 1)
	}
	return s.waves
}

func (s *splitter) next() {
	s.waves = append(s.waves, &wave{})
	s.names, s.links = map[name]struct{}{}, map[name]link{}
}

func (s *splitter) add(i int, c *store.Change, company bool) {
	if company {
		s.buf = touched(s.buf[:0], c)
		if !s.fits(c) {
			s.next()
		}
		for _, n := range s.buf {
			s.names[n] = struct{}{}
		}
	}
	w := s.waves[len(s.waves)-1]
	w.changes, w.index = append(w.changes, c), append(w.index, i)
	w.chain = append(w.chain, s.drawn(w, c))
}

func (s *splitter) fits(c *store.Change) bool {
	for _, n := range s.buf {
		if _, taken := s.names[n]; taken {
			return false
		}
	}
	set := seriesOf(c)
	for i, d := range c.Draws {
		l, known := s.links[name{office: c.Office, id: d.Series}]
		first := !slices.ContainsFunc(c.Draws[:i], func(e store.Draw) bool { return e.Series == d.Series })
		if known && (l.set != set || first && l.last != d.N-1) {
			return false
		}
		// A set that is new as a whole may not name a series that is known: the check above sees to it.
	}
	return true
}

// seriesOf names the series that a change draws from.
func seriesOf(c *store.Change) string {
	if len(c.Draws) == 0 {
		return ""
	}
	all := make([]string, len(c.Draws))
	for i, d := range c.Draws {
		all[i] = d.Series
	}
	slices.Sort(all)
	return strings.Join(slices.Compact(all), "\x00")
}

// drawn notes the draws of the change that was added last, and returns its chain; 0 = it draws nothing.
func (s *splitter) drawn(w *wave, c *store.Change) int32 {
	if len(c.Draws) == 0 {
		return 0
	}
	ord := int32(len(w.changes))
	chain, set := ord, seriesOf(c)
	for i, d := range c.Draws {
		at := name{office: c.Office, id: d.Series}
		l, known := s.links[at]
		row := draw{ord: ord, office: c.Office, series: d.Series, n: d.N}
		switch again := slices.ContainsFunc(c.Draws[:i], func(e store.Draw) bool { return e.Series == d.Series }); {
		case !known:
			l = link{chain: chain, set: set, fresh: d.N == 1}
			row.head, row.before = true, d.N-1
		case again && l.last != d.N-1: // a gap within the change: no counter stands there
			row.head, row.before = true, -1
		}
		chain, l.last, row.fresh = l.chain, d.N, l.fresh
		s.links[at] = l
		w.draws = append(w.draws, row)
	}
	return chain
}

// touched lists what a change reads to be judged, or writes.
func touched(list []name, c *store.Change) []name {
	add := func(k kind, id string) {
		if id != "" {
			list = append(list, name{k, c.Office, id})
		}
	}
	add(aCase, c.Case.ID)
	add(aNumber, c.Case.Number)
	add(aMessage, c.Message)
	add(aLetter, c.TakesLetter)
	add(aTimer, c.TakesTimer)
	add(aKept, c.TakesKept)
	add(aJob, c.Job)
	if c.Answer != nil {
		list = append(list, name{aKey, c.Office, c.Answer.Key})
	}
	for i := range c.PutTasks {
		add(aTask, c.PutTasks[i].ID)
	}
	for i := range c.Drafts {
		add(aTask, c.Drafts[i].Task)
	}
	for i := range c.Timers {
		add(aTimer, c.Timers[i].ID)
	}
	for i := range c.Subs {
		add(aSubscription, c.Subs[i].ID)
	}
	for i := range c.Letters {
		add(aLetter, c.Letters[i].ID)
	}
	for i := range c.Jobs {
		add(aJob, c.Jobs[i].ID)
	}
	for i := range c.Delays {
		add(aJob, c.Delays[i].ID)
	}
	for i := range c.Copies {
		add(aCopy, c.Copies[i].ID)
	}
	for _, ids := range []struct {
		kind kind
		ids  []string
	}{{aTask, c.Drops}, {aTimer, c.Disarm}, {aSubscription, c.Unsubs}, {aFile, c.Files}, {aFile, c.Shares},
		{aJob, c.DropJobs}} {
		for _, id := range ids.ids {
			add(ids.kind, id)
		}
	}
	return list
}

// row is one row of a change for a statement.
type row[R any] struct {
	ord int32
	c   *store.Change
	v   R
}

// rowsOf lists the rows of a kind of all changes of a wave.
func rowsOf[R any](w *wave, of func(*store.Change) []R) []row[R] {
	var all []row[R]
	for i, c := range w.changes {
		for _, v := range of(c) {
			all = append(all, row[R]{int32(i + 1), c, v})
		}
	}
	return all
}

// column is one field of all rows.
func column[R, T any](rows []row[R], of func(*row[R]) T) []T {
	out := make([]T, len(rows))
	for i := range rows {
		out[i] = of(&rows[i])
	}
	return out
}

func ords[R any](rows []row[R]) []int32 {
	return column(rows, func(r *row[R]) int32 { return r.ord })
}

func offices[R any](rows []row[R]) []string {
	return column(rows, func(r *row[R]) string { return r.c.Office })
}

func caseIDs[R any](rows []row[R]) []string {
	return column(rows, func(r *row[R]) string { return r.c.Case.ID })
}

// values are the rows themselves, of rows that are ids.
func values(rows []row[string]) []string {
	return column(rows, func(r *row[string]) string { return r.v })
}

// latest leaves of rows with one id the last, as if they had been written one after the other.
func latest[R any](list []R, id func(*R) string) []R {
	if len(list) < 2 {
		return list
	}
	at := make(map[string]int, len(list))
	for i := range list {
		at[id(&list[i])] = i
	}
	if len(at) == len(list) {
		return list
	}
	kept := make([]R, 0, len(at))
	for i := range list {
		if at[id(&list[i])] == i {
			kept = append(kept, list[i])
		}
	}
	return kept
}

// allOffices are the offices of a batch, as a transaction names them: one, or several with U+001F around each.
func allOffices(changes []store.Change) string {
	list := make([]string, len(changes))
	for i := range changes {
		list[i] = changes[i].Office
	}
	slices.Sort(list)
	list = slices.Compact(list)
	if len(list) == 1 {
		return named(list[0])
	}
	return separator + strings.Join(list, separator) + separator
}
