package proof

import (
	"maps"
	"slices"
	"sync"

	"github.com/guicheng/guicheng/definitions"
	"github.com/guicheng/guicheng/definitions/report"
	"github.com/guicheng/guicheng/engine/core"
)

// Cover tells of cases that stand somewhere, in whatever way they came there, whether the proof of a procedure covers
// them: whatever happens from there on, an end can be reached, nothing meets that must not, there is one outcome. What
// it has found of a marking it keeps, since many cases stand alike. Several goroutines may ask it.
type Cover struct {
	p     *definitions.Procedure
	bound int // of the markings that are looked through from where a case stands
	once  sync.Once

	proven
	doubtful map[*definitions.Graph]map[string]bool // codes of what is found in a list wherever a case stands in it

	mu    sync.Mutex
	known map[marking]*core.Obstacle
}

// marking is where a run of a list stands.
type marking struct {
	g   *definitions.Graph
	key string
}

// NewCover makes one for a compiled procedure.
func NewCover(p *definitions.Procedure) *Cover {
	return &Cover{p: p, bound: MaxMarkings, known: map[marking]*core.Obstacle{}}
}

// prove finds what the lists of the procedure come to, and what is found in them anyway.
func (v *Cover) prove() {
	v.proven = proven{reached: map[*definitions.Graph]ends{}, calls: calledBack(v.p)}
	v.doubtful = map[*definitions.Graph]map[string]bool{}
	graphs := v.p.Graphs()
	for _, graph := range slices.Backward(graphs) {
		s := newSpace(v.p, graph, v.proven)
		s.explore()
		codes := map[string]bool{}
		for _, p := range s.findings() { // with every choice free
			codes[p.Code] = true
		}
		if found, comes := prove(v.p, graph, v.proven); !report.Failed(found) {
			v.reached[graph] = comes
		}
		v.doubtful[graph] = codes
	}
}

// Covers tells why a case that stands as s could go wrong by this procedure; nil = it cannot.
func (v *Cover) Covers(s *core.State) *core.Obstacle {
	v.once.Do(v.prove)
	for _, f := range s.Frames {
		if f.Undoes != nil {
			continue
		}
		net, at := core.NetAt(v.p, s, f.ID)
		at.Noted = string(slices.Repeat([]byte{noted + holds}, len(net.Graph().Conditions)))
		key := marking{g: net.Graph(), key: keyOf(net, at)}
		v.mu.Lock()
		o, ok := v.known[key]
		v.mu.Unlock()
		if !ok {
			o = v.from(net, at)
			v.mu.Lock()
			if len(v.known) < maxKnown {
				v.known[key] = o
			}
			v.mu.Unlock()
		}
		if o != nil {
			return o
		}
	}
	return nil
}

// from follows everything that may happen from a marking on.
func (v *Cover) from(net *core.Net, at *core.Marking) *core.Obstacle {
	s := newSpace(v.p, net.Graph(), v.proven)
	s.net, s.bound = net, v.bound
	s.exploreFrom(at)
	code, step := s.wrong()
	if code == "" {
		for _, e := range slices.Sorted(maps.Keys(s.ends)) {
			if known, ok := v.reached[net.Graph()]; ok && !known[e] {
				return &core.Obstacle{Code: core.EndGone, Name: e}
			}
		}
		return nil
	}
	for _, found := range codes[code] {
		if v.doubtful[net.Graph()][found] { // it was found when the version was deployed, and did not count
			return nil
		}
	}
	o := &core.Obstacle{Code: code}
	if step != nil {
		o.Step = step.ID
	}
	return o
}

// codes are those of the findings that say of a list what an obstacle says of a case.
var codes = map[core.ObstacleCode][]string{
	core.CouldBeStuck: {"no-end", "left-behind"}, core.ThreadsMeet: {"input-twice"}, core.TwoOutcomes: {"two-outcomes"},
}

// wrong names the first thing that could go wrong from where the space began, and where; "" = nothing.
func (s *space) wrong() (code core.ObstacleCode, at *definitions.Step) {
	switch {
	case s.meets != nil:
		return core.ThreadsMeet, s.meets.at
	case s.limit != "":
		return core.CannotBeProved, nil
	}
	for i, good := range s.completes() {
		if !good && (len(s.nodes[i].next) == 0 || code == "") {
			code = core.CouldBeStuck
			if at = s.nodes[i].starved; len(s.nodes[i].next) == 0 {
				return code, at
			}
		}
	}
	if code != "" {
		return code, at
	}
	_, rows := s.g.Owner.Work.(*definitions.Multi)
	for _, n := range s.nodes {
		if len(n.outcomes) > 1 && !rows {
			return core.TwoOutcomes, nil
		}
	}
	return "", nil
}
