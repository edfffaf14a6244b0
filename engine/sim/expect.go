package sim

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/guicheng/guicheng/definitions"
	"github.com/guicheng/guicheng/definitions/formula"
	"github.com/guicheng/guicheng/definitions/report"
	"github.com/guicheng/guicheng/definitions/value"
	"github.com/guicheng/guicheng/engine/core"
)

// expect compares a case with what a play says of it; nil when all of it holds.
func (st *stage) expect(at report.Place, x *definitions.Expect) *Failure {
	c := st.main
	if c == nil {
		return &Failure{at, "a case", "none was started"}
	}
	for _, check := range []func(*Case, *definitions.Expect) (want, got string){
		st.expectOpen, st.expectPeople, st.expectData, st.expectRegisters, st.expectPapers, st.expectEnd,
	} {
		if want, got := check(c, x); want != got {
			return &Failure{at, want, got}
		}
	}
	return nil
}

// OpenSteps lists the steps on which somebody or something is waited for, blocks and finished rows aside, by name.
func (c *Case) OpenSteps() []string {
	var out []string
	for _, a := range c.State.Acts {
		if a.Frame == 0 || !a.State.Live() || slices.Contains(out, a.Step) {
			continue
		}
		if _, ok := core.StepOf(c.Procedure, c.State, a.ID).Work.(*definitions.Block); ok {
			continue
		}
		out = append(out, a.Step)
	}
	slices.Sort(out)
	return out
}

func (st *stage) expectOpen(c *Case, x *definitions.Expect) (want, got string) {
	open := c.OpenSteps()
	list := func(ids []string) string {
		if len(ids) == 0 {
			return "nothing open"
		}
		return strings.Join(ids, ", ") + " open"
	}
	if x.Only {
		must := slices.Clone(x.Open)
		slices.Sort(must)
		if !slices.Equal(must, open) {
			return "only " + list(must), list(open)
		}
	}
	for _, id := range x.Open {
		if !slices.Contains(open, id) && !c.openBlock(id) {
			return id + " open", list(open)
		}
	}
	for _, id := range x.NotOpen {
		if slices.Contains(open, id) || c.openBlock(id) {
			return id + " not open", list(open)
		}
	}
	for _, id := range slices.Sorted(maps.Keys(x.Times)) {
		if n := c.times(id); n != x.Times[id] {
			return fmt.Sprintf("%s %d times", id, x.Times[id]), fmt.Sprintf("%s %d times", id, n)
		}
	}
	return "", ""
}

func (c *Case) openBlock(id string) bool {
	return slices.ContainsFunc(c.State.Acts, func(a *core.Activation) bool {
		return a.Frame != 0 && a.Step == id && a.State.Live()
	})
}

// times counts the runs of a step in the whole history, once for all rows of a `for_each`.
func (c *Case) times(id string) int {
	n := 0
	inner := map[core.ID]bool{} // frames of rows
	for _, e := range c.History {
		switch e := e.(type) { //nolint:gochecksumtype // looks for runs of a step
		case core.FrameOpened:
			inner[e.Frame] = e.Row >= 0
		case core.Opened:
			if e.Step == id && e.Act != 1 && !inner[e.Frame] {
				n++
			}
		}
	}
	if n > 0 {
		return n
	}
	for _, e := range c.History {
		if o, ok := e.(core.Opened); ok && o.Step == id && o.Act != 1 {
			n++
		}
	}
	return n
}

func (st *stage) expectPeople(c *Case, x *definitions.Expect) (want, got string) {
	if len(x.WhoMay) > 0 && len(x.Open) == 1 {
		var may []string
		for _, p := range st.world.People.Everyone() {
			if slices.ContainsFunc(st.world.MayDo(c, p.ID), func(t core.PutTask) bool { return t.Step == x.Open[0] }) {
				may = append(may, p.ID)
			}
		}
		slices.Sort(may)
		must := slices.Clone(x.WhoMay)
		slices.Sort(must)
		if !slices.Equal(may, must) {
			return x.Open[0] + " for " + strings.Join(must, ", "), x.Open[0] + " for " + strings.Join(may, ", ")
		}
	}
	if !x.Due.IsZero() && len(x.Open) == 1 {
		i := slices.IndexFunc(c.Tasks, func(t core.PutTask) bool { return t.Step == x.Open[0] && t.Due.Equal(x.Due) })
		if i < 0 {
			return x.Open[0] + " due " + st.clock(x.Due), x.Open[0] + " due " + st.dues(c, x.Open[0])
		}
	}
	var copied []formula.Candidate
	for _, x := range c.Copies {
		copied = append(copied, x.To...)
	}
	for _, id := range x.Copied {
		if !st.reached(copied, id) {
			return "a copy for " + id, "copies for " + names(copied)
		}
	}
	for _, id := range x.Told {
		if !st.reached(c.Told(), id) {
			return id + " told", "told: " + names(c.Told())
		}
	}
	return "", ""
}

// reached tells whether candidates name a post or, also by his post, a person.
func (st *stage) reached(list []formula.Candidate, id string) bool {
	who, isPerson := st.world.People.Person(id)
	return slices.ContainsFunc(list, func(c formula.Candidate) bool {
		return c.Post == id || c.Person == id || isPerson && meant(c, who)
	})
}

func names(list []formula.Candidate) string {
	if len(list) == 0 {
		return "nobody"
	}
	out := make([]string, len(list))
	for i, c := range list {
		out[i] = c.Post + c.Person
	}
	return strings.Join(out, ", ")
}

func (st *stage) expectData(c *Case, x *definitions.Expect) (want, got string) {
	for _, path := range slices.Sorted(maps.Keys(x.Data)) {
		f := c.Procedure.Data.Field(path)
		if f == nil {
			return path + " set", "there is no such field"
		}
		raw, err := json.Marshal(x.Data[path])
		if err != nil {
			return path + " set", err.Error()
		}
		v, faults := f.Decode(raw, st.world.Bundle.Office.Zone, st.world.People)
		if len(faults) > 0 {
			return fmt.Sprintf("%s = %s", path, raw),
				fmt.Sprintf("the value does not fit the field: %s %s", faults[0].Path, faults[0].Code)
		}
		if have := dataAt(c.State.Data, path); !agrees(v, have) {
			return fmt.Sprintf("%s = %s", path, raw), fmt.Sprintf("%s = %s", path, st.show(f, have))
		}
	}
	for _, path := range x.Empty {
		if have := dataAt(c.State.Data, path); have != nil {
			return path + " empty", fmt.Sprintf("%s = %s", path, st.show(c.Procedure.Data.Field(path), have))
		}
	}
	return "", ""
}

// clock writes a moment as a play has it.
func (st *stage) clock(t time.Time) string {
	return t.In(st.world.Bundle.Office.Zone).Format("2006-01-02 15:04")
}

// dues says until when the open tasks of a step are to be done.
func (st *stage) dues(c *Case, step string) string {
	var out []string
	for _, t := range c.Tasks {
		if t.Step == step && !t.Due.IsZero() {
			out = append(out, st.clock(t.Due))
		}
	}
	return cmp.Or(strings.Join(out, ", "), "at no time")
}

func (st *stage) expectRegisters(c *Case, x *definitions.Expect) (want, got string) {
	for _, id := range slices.Sorted(maps.Keys(x.Registers)) {
		reg := c.Procedure.Register(id)
		raw, err := json.Marshal(x.Registers[id])
		if err != nil {
			return "lines in " + id, err.Error()
		}
		v, faults := reg.Lines.Decode(raw, st.world.Bundle.Office.Zone, st.world.People)
		if len(faults) > 0 {
			return fmt.Sprintf("%s = %s", id, raw),
				fmt.Sprintf("a value does not fit its column: %s %s", faults[0].Path, faults[0].Code)
		}
		there := append([]value.Record{}, st.world.Register(c.Procedure.ID, id)...)
		if !agrees(v, there) {
			return fmt.Sprintf("%s = %s", id, raw), fmt.Sprintf("%s = %s", id, st.show(reg.Lines, there))
		}
	}
	return "", ""
}

func (st *stage) show(f *value.Field, v any) string {
	if v == nil {
		return "nothing"
	}
	raw, err := f.Encode(v, st.world.Bundle.Office.Zone)
	if err != nil {
		return err.Error()
	}
	return string(bytes.TrimSpace(raw))
}

// agrees compares a value with what is there; of rows only the columns that are named.
func agrees(want, have any) bool {
	rows, ok := want.([]value.Record)
	if !ok {
		return value.Equal(want, have)
	}
	there, _ := have.([]value.Record)
	return slices.EqualFunc(rows, there, func(w, h value.Record) bool {
		for _, name := range slices.Sorted(maps.Keys(w)) {
			if !value.Equal(w[name], h[name]) {
				return false
			}
		}
		return true
	})
}

// dataAt reads a field of data by its full name; nil if it is empty.
func dataAt(data value.Record, path string) any {
	head, rest, inside := strings.Cut(path, ".")
	if !inside {
		return data[head]
	}
	inner, _ := data[head].(value.Record)
	return dataAt(inner, rest)
}

func (st *stage) expectPapers(c *Case, x *definitions.Expect) (want, got string) {
	for _, id := range slices.Sorted(maps.Keys(x.Issued)) {
		n := 0
		for _, e := range c.History {
			if issued, ok := e.(core.Issued); ok && issued.Document == id {
				n++
			}
		}
		if n != x.Issued[id] {
			return fmt.Sprintf("%s issued %d times", id, x.Issued[id]), fmt.Sprintf("%s issued %d times", id, n)
		}
	}
	for _, id := range x.Called {
		if !slices.ContainsFunc(c.Calls, func(s core.StartCase) bool { return s.Procedure == id }) {
			return id + " called", id + " not called"
		}
	}
	return "", ""
}

func (st *stage) expectEnd(c *Case, x *definitions.Expect) (want, got string) {
	have := string(c.State.Status)
	switch c.State.Status {
	case core.Finished:
		have = "ended: " + c.State.Outcome
	case core.Cancelled:
		have = "ended: " + cmp.Or(c.State.Outcome, definitions.CancelledEnd)
	case core.Running, core.Suspended, core.Frozen:
	}
	switch {
	case x.Ended != "" && have != "ended: "+x.Ended:
		return "ended: " + x.Ended, have + c.waiting()
	case x.Running && c.State.Status != core.Running:
		return "running", have
	case x.Number != "" && x.Number != c.State.Number:
		return "number " + x.Number, "number " + c.State.Number
	}
	return "", ""
}

// waiting names what a running case waits for; "" for one that has ended.
func (c *Case) waiting() string {
	if c.State.Status != core.Running {
		return ""
	}
	var out strings.Builder
	out.WriteString(", open: " + strings.Join(c.OpenSteps(), ", "))
	for _, a := range c.State.Acts {
		if a.Incident != nil {
			fmt.Fprintf(&out, "; %s is stuck: %s", a.Step, a.Incident.Error())
		}
	}
	return out.String()
}
