package oracle

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/guicheng/guicheng/definitions"
	"github.com/guicheng/guicheng/definitions/value"
	"github.com/guicheng/guicheng/engine/core"
)

// view reads the core's state as the reference says where a case stands: by paths instead of numbers.
type view struct {
	p     *definitions.Procedure
	s     *core.State
	acts  map[core.ID]*core.Activation
	frame map[core.ID]*core.Frame
	ended []*core.Activation // what is done in parts that have come to their end, and can be taken back
	over  map[core.ID]bool   // the frames of these parts
}

func newView(p *definitions.Procedure, s *core.State) *view {
	v := &view{
		p: p, s: s, acts: map[core.ID]*core.Activation{}, frame: map[core.ID]*core.Frame{}, over: map[core.ID]bool{},
	}
	for _, a := range s.Acts {
		v.acts[a.ID] = a
	}
	for _, f := range s.Frames {
		v.frame[f.ID] = f
	}
	for _, part := range s.Parts {
		v.frame[part.Frame.ID], v.over[part.Frame.ID] = part.Frame, true
		for _, a := range part.Acts {
			v.acts[a.ID] = a
		}
	}
	for _, part := range s.Parts {
		for _, a := range part.Acts {
			if a.State == core.Done && a.Last != 0 && v.recalls(a, part.Frame.Owner) {
				v.ended = append(v.ended, a)
			}
		}
	}
	return v
}

// recalls tells whether an act inside another is a task that can be taken back.
func (v *view) recalls(a *core.Activation, owner core.ID) bool {
	st := v.p.Steps[a.Step]
	if rows, ok := st.Work.(*definitions.Multi); ok && v.acts[owner].Step == a.Step { // the task of a row
		st = rows.Body.Steps[0]
	}
	task, ok := st.Work.(*definitions.Task)
	return ok && task.Recall
}

func (v *view) path(a *core.Activation) string {
	if a.Frame == 0 {
		return a.Step
	}
	return v.framePath(a.Frame) + "/" + a.Step + "#" + strconv.Itoa(a.N)
}

func (v *view) framePath(id core.ID) string {
	f := v.frame[id]
	if f == nil || v.acts[f.Owner] == nil {
		return "?" + strconv.Itoa(int(id))
	}
	path := v.path(v.acts[f.Owner])
	if f.Row >= 0 {
		path += "[" + strconv.Itoa(f.Row) + "]"
	}
	if v.over[id] {
		path += "'"
	}
	return path
}

func clock(t time.Time) string { return t.UTC().Format("02 15:04:05") }

// marking says where the case stands, as [reference.Case.Marking] does.
func (v *view) marking() []string {
	lines := []string{strings.TrimSpace("case " + string(v.s.Status) + " " + v.s.Outcome)}
	if v.s.Status == core.Running || v.s.Status == core.Suspended {
		for _, a := range v.s.Acts {
			lines = append(lines, v.act(a)...)
		}
		for _, a := range v.ended {
			lines = append(lines, "ended "+v.path(a))
		}
		for _, f := range v.s.Frames {
			outcome, _ := f.Outcome()
			lines = append(lines, strings.TrimSpace("frame "+v.framePath(f.ID)+" "+outcome))
			lines = append(lines, v.joins(f)...)
		}
		for _, k := range v.s.Kept {
			lines = append(lines, "kept "+k.ID+" "+k.Name+" until "+clock(k.Until))
		}
	}
	record := v.s.Data
	if record == nil {
		record = value.Record{}
	}
	data, err := json.Marshal(record)
	if err != nil {
		data = []byte(err.Error())
	}
	lines = append(lines, "data "+string(data))
	slices.Sort(lines)
	return lines
}

func (v *view) act(a *core.Activation) []string {
	if a.State == core.Withdrawn {
		return nil
	}
	head := "act " + v.path(a) + " " + string(a.State)
	if !a.Due.IsZero() {
		head += " due " + clock(a.Due)
	}
	if a.Total > 0 {
		head += fmt.Sprintf(" %d/%d", a.Finished, a.Total)
	}
	if len(a.Missed) > 0 {
		head += " missed " + strings.Join(a.Missed, ",")
	}
	lines := []string{head}
	for i, s := range a.Slots {
		var posts []string
		for _, c := range s.Candidates {
			posts = append(posts, c.Post+c.Person)
		}
		holder := ""
		if s.Holder != nil {
			holder = s.Holder.ID
		}
		lines = append(lines, strings.TrimSpace(fmt.Sprintf("task %s.%d %s %s %s %s", v.path(a), i, s.State,
			strings.Join(posts, ","), holder, s.Answer)))
	}
	for _, t := range a.Timers {
		if t.Kind != core.KeepTimer {
			lines = append(lines, fmt.Sprintf("timer %s %s %d at %s", v.path(a), t.Kind, t.Index, clock(t.At)))
		}
	}
	return lines
}

func (v *view) joins(f *core.Frame) []string {
	from := map[string][]string{}
	var to []string
	for _, t := range v.s.Tokens {
		if t.Frame != f.ID {
			continue
		}
		if from[t.To] == nil {
			to = append(to, t.To)
		}
		from[t.To] = append(from[t.To], t.Input)
	}
	var lines []string
	for _, s := range to {
		lines = append(lines, "tokens "+v.framePath(f.ID)+"/"+s+" from "+strings.Join(from[s], ","))
	}
	count := map[string]int{}
	for _, r := range v.s.Rounds {
		if r.Frame != f.ID || !r.Open || len(r.Seen) == 0 {
			continue
		}
		var seen []string
		for _, e := range r.Seen {
			seen = append(seen, e.Input)
		}
		slices.Sort(seen)
		lines = append(lines, fmt.Sprintf("round %s/%s.%d seen %s fired %t", v.framePath(f.ID), r.Step, count[r.Step],
			strings.Join(seen, ","), r.Fired != 0))
		count[r.Step]++
	}
	return lines
}

// find finds an act by its path.
func (v *view) find(path string) *core.Activation {
	for _, a := range slices.Concat(v.s.Acts, v.ended) {
		if v.path(a) == path {
			return a
		}
	}
	return nil
}
