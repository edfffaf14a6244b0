package engine

import (
	"context"
	"maps"
	"slices"
	"sync"

	"github.com/guicheng/guicheng/definitions/value"
	"github.com/guicheng/guicheng/engine/core"
	"github.com/guicheng/guicheng/store"
)

// A watch is told what was committed, and nothing before. It may be told too little, never wrong things: whoever begins
// a watch reads his lists afterwards, and again whenever Again is set.

// Moved tells what a commit did to the tasks of one who watches, and that it did anything to the case he looks at or to
// one that it called.
type Moved struct {
	Case  string   `json:"case,omitempty" doc:"id of the case"`
	Come  []string `json:"come,omitempty" doc:"ids of tasks that are new in your inbox, or not as they were"`
	Gone  []string `json:"gone,omitempty" doc:"ids of tasks that are in your inbox no more"`
	Again bool     `json:"again,omitempty" doc:"more may have happened: read your lists again"`
}

// Watch is one who is told. Close it.
type Watch struct {
	// Moves gives what happened, until the watch is closed.
	Moves <-chan Moved

	moves chan Moved
	from  *watchers
	r     *reader
	of    string // the case that he looks at
	lost  bool   // something was not told, because he did not listen
}

// watchers are all who are told, by office.
type watchers struct {
	mu sync.Mutex
	of map[string][]*Watch
}

// Watch implements Pages. Who the actor is, and whether he may see the case, is looked up once: a watch of hours goes
// by the posts of its beginning.
func (e *Engine) Watch(ctx context.Context, a Actor, caseID string) (*Watch, error) {
	r, err := e.reader(ctx, a)
	if err != nil {
		return nil, e.told(err)
	}
	if caseID != "" {
		if _, err := e.visible(ctx, r, caseID); err != nil {
			return nil, e.told(err)
		}
	}
	moves := make(chan Moved, watchBuffer)
	w := &Watch{Moves: moves, moves: moves, from: &e.watchers, r: r, of: caseID}
	e.watchers.mu.Lock()
	defer e.watchers.mu.Unlock()
	if e.watchers.of == nil {
		e.watchers.of = map[string][]*Watch{}
	}
	e.watchers.of[r.office] = append(e.watchers.of[r.office], w)
	return w, nil
}

// Close ends it. Again is no error.
func (w *Watch) Close() {
	w.from.mu.Lock()
	defer w.from.mu.Unlock()
	list := slices.DeleteFunc(w.from.of[w.r.office], func(x *Watch) bool { return x == w })
	if w.from.of[w.r.office] = list; len(list) == 0 {
		delete(w.from.of, w.r.office)
	}
}

// committed tells those who watch an office what a step did to their tasks.
func (ws *watchers) committed(st *staged) {
	ws.mu.Lock()
	defer ws.mu.Unlock()
	list := ws.of[st.job.key.office]
	if len(list) == 0 {
		return
	}
	before, after := offersOf(st.before, st.before.state), offersOf(st.before, st.state)
	parent := ""
	if st.state != nil && st.state.Parent != nil {
		parent = st.state.Parent.Case
	}
	for _, w := range list {
		w.compare(st.job.key.id, before, after)
		if parent != "" && parent == w.of { // that case says who has the ones it waits for
			w.tell(Moved{Case: parent})
		}
	}
}

// again tells those who watch an office ("" = any) that something happened which this node has not seen.
func (ws *watchers) again(office string) {
	ws.mu.Lock()
	defer ws.mu.Unlock()
	for _, of := range slices.Sorted(maps.Keys(ws.of)) {
		for _, w := range ws.of[of] {
			if office == "" || office == of {
				w.tell(Moved{Again: true})
			}
		}
	}
}

// offer is an open task as a watch looks at it.
type offer struct {
	core.PutTask
	procedure string
}

func offersOf(s *snapshot, state *core.State) []offer {
	if s.proc == nil || state == nil {
		return nil
	}
	var out []offer
	for _, t := range openTasks(s.proc, state) {
		out = append(out, offer{PutTask: t, procedure: s.proc.ID})
	}
	return out
}

// same tells whether a list would show a task alike.
func (o offer) same(x offer) bool {
	return o.Holder == x.Holder && o.Held == x.Held && o.Due.Equal(x.Due) && o.Until.Equal(x.Until) &&
		o.Priority == x.Priority
}

func (w *Watch) compare(caseID string, before, after []offer) {
	out := Moved{Case: caseID}
	find := func(list []offer, slot core.ID) *offer {
		i := slices.IndexFunc(list, func(o offer) bool { return o.Slot == slot })
		if i < 0 || !w.offered(list[i]) {
			return nil
		}
		return &list[i]
	}
	for _, o := range before {
		if w.offered(o) && find(after, o.Slot) == nil {
			out.Gone = append(out.Gone, rowID(caseID, o.Slot))
		}
	}
	for _, o := range after {
		if was := find(before, o.Slot); w.offered(o) && (was == nil || !was.same(o)) {
			out.Come = append(out.Come, rowID(caseID, o.Slot))
		}
	}
	if len(out.Gone)+len(out.Come) > 0 || caseID == w.of {
		w.tell(out)
	}
}

// offered tells whether a task stands in the inbox of the one who watches.
func (w *Watch) offered(o offer) bool {
	if o.Held {
		return false
	}
	mine := func(p value.Person) bool {
		if o.Holder != "" {
			return o.Holder == p.ID
		}
		who := inboxOf(p)
		return slices.ContainsFunc(candidates(o.Candidates), func(c store.Candidate) bool { return slices.Contains(who, c) })
	}
	return mine(w.r.person) || slices.ContainsFunc(w.r.standsFor(o.procedure), mine)
}

// tell never waits: who does not listen is told later that he has missed something.
func (w *Watch) tell(m Moved) {
	if w.lost {
		m = Moved{Again: true}
	}
	select {
	case w.moves <- m:
		w.lost = false
	default:
		w.lost = true
	}
}
