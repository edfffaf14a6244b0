package engine_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/guicheng/guicheng/definitions"
	"github.com/guicheng/guicheng/engine"
	"github.com/guicheng/guicheng/engine/core"
	"github.com/guicheng/guicheng/store"
)

// client does one thing after another, and asks again with the same key what was not answered for certain.
type client struct {
	*world
	store   *faulty
	rand    *rand.Rand
	keys    int
	open    []*deed           // without a certain answer
	cases   map[string]string // what was acknowledged: the case of each start, by its key
	starts  map[string]int    // of them, by procedure
	done    map[string]bool   // tasks whose completion was acknowledged
	refusal int
}

// deed is one request, with its key. It may be made again.
type deed struct {
	do   func() error
	then func()
}

// certain tells whether an answer is one for good.
func certain(err error) bool {
	var e *engine.Error
	return err == nil || errors.As(err, &e) &&
		!slices.Contains([]string{engine.CodeUnavailable, engine.CodeBusy, engine.CodeInternal}, e.Code)
}

// try makes a request; what is not certain is kept to be made again.
func (c *client) try(d *deed) {
	err := d.do()
	switch {
	case !certain(err):
		c.open = append(c.open, d)
	case err != nil:
		c.refusal++
	default:
		d.then()
	}
}

func (c *client) key() string {
	c.keys++
	return "k" + strconv.Itoa(c.keys)
}

func (c *client) begin(procedure, values string) {
	key := c.key()
	var out engine.Started
	c.try(&deed{
		do: func() (err error) {
			out, err = c.Start(c.t.Context(), as("chan"), engine.StartRequest{
				Procedure: procedure, Values: json.RawMessage(values), Key: key,
			})
			return err
		},
		then: func() {
			c.cases[key] = out.Case
			c.starts[procedure]++
		},
	})
}

// work completes a task that somebody sees.
func (c *client) work() {
	who := []string{"so", "lam", "chan"}[c.rand.IntN(3)]
	page, err := c.Inbox(c.t.Context(), as(who), "", engine.InboxQuery{})
	if err != nil || len(page.Tasks) == 0 {
		return
	}
	task := page.Tasks[c.rand.IntN(len(page.Tasks))]
	if c.rand.IntN(4) == 0 {
		if _, err := c.Claim(c.t.Context(), as(who), task.ID); err != nil {
			c.refusal++
		}
		return
	}
	req := engine.CompleteRequest{Key: c.key()}
	if task.Step == "do" {
		req.Answer = []string{"fine", "fine", "redo"}[c.rand.IntN(3)]
	}
	c.try(&deed{
		do: func() error {
			_, err := c.Complete(c.t.Context(), as(who), task.ID, req)
			return err
		},
		then: func() { c.done[task.ID] = true },
	})
}

func (c *client) act() {
	switch n := c.rand.IntN(10); {
	case n < 2:
		c.begin("errand", `{"what": "x"}`)
	case n < 3:
		c.begin("order", `{"matter": "y"}`)
	case n < 4:
		c.begin("timed", "")
	case n < 5:
		c.clock.move(time.Duration(c.rand.IntN(90)) * time.Second)
	case n < 6 && len(c.open) > 0:
		d := c.open[0]
		c.open = c.open[1:]
		c.try(d)
	default:
		c.work()
	}
}

// settle lets the store be well again, and asks once more whatever is not certain.
func (c *client) settle() {
	c.store.turn(false)
	for len(c.open) > 0 {
		open := c.open
		c.open = nil
		for _, d := range open {
			c.try(d)
		}
	}
	c.eventually("letters and timers are done", func(ctx context.Context) bool {
		c.clock.move(10 * time.Second) // whoever waits before he tries again need not wait
		letters, err := c.store.Letters(ctx, 1)
		timers, timersErr := c.store.DueTimers(ctx, c.clock.Now(), 1)
		return err == nil && timersErr == nil && len(letters) == 0 && len(timers) == 0
	})
}

// rows lists all cases of a procedure.
func (c *client) rows(procedure string) []store.CaseRow {
	c.t.Helper()
	var all []store.CaseRow
	for cursor, more := "", true; more; more = cursor != "" {
		page, err := c.store.CasesOf(c.t.Context(), "sun", store.CaseQuery{Procedure: procedure, After: cursor, Limit: 200})
		if err != nil {
			c.t.Fatal(err)
		}
		all, cursor = append(all, page.Items...), page.Next
	}
	return all
}

// audit tests that there is each case that was acknowledged and no other, without a gap in the numbers; that each
// task was answered once at most, and that whose answer was acknowledged, once; that each state is the fold of its
// history, and the tasks that lie open are those of the state.
func (c *client) audit(bundle *definitions.Bundle) {
	c.t.Helper()
	answered := map[string]int{}
	for procedure, want := range map[string]int{ // any order: each is counted by itself
		"errand": c.starts["errand"] + c.starts["order"], "order": c.starts["order"], "timed": c.starts["timed"],
	} {
		rows := c.rows(procedure)
		if len(rows) != want {
			c.t.Errorf("%d cases of %s, %d were acknowledged", len(rows), procedure, want)
		}
		var numbers []string
		for _, row := range rows {
			numbers = append(numbers, row.Number)
			c.auditCase(bundle.Procedure(procedure), row, answered)
		}
		slices.Sort(numbers)
		for i, n := range numbers {
			if n[len(n)-3:] != fmt.Sprintf("%03d", i+1) {
				c.t.Errorf("number %d of %s is %s", i+1, procedure, n)
			}
		}
	}
	for task := range c.done { // any order: each is an error of its own
		if answered[task] != 1 {
			c.t.Errorf("task %s was acknowledged and answered %d times", task, answered[task])
		}
	}
	for task, n := range answered { // any order: each is an error of its own
		if n > 1 {
			c.t.Errorf("task %s was answered %d times", task, n)
		}
	}
}

func (c *client) auditCase(p *definitions.Procedure, row store.CaseRow, answered map[string]int) {
	c.t.Helper()
	row, err := c.store.Case(c.t.Context(), row.Office, row.ID)
	if err != nil {
		c.t.Fatal(err)
	}
	history, err := c.store.History(c.t.Context(), row.Office, row.ID, 0, 10_000)
	if err != nil {
		c.t.Fatal(err)
	}
	s := core.New(row.Office, row.ID)
	for i, e := range history {
		event, err := core.DecodeEvent(p, e.Kind, e.Body)
		if err != nil || e.Seq != int64(i+1) {
			c.t.Fatalf("event %d of %s has number %d: %v", i+1, row.Number, e.Seq, err)
		}
		var slot struct {
			Slot int64 `json:"slot"`
		}
		if err := json.Unmarshal(e.Body, &slot); e.Kind == "answered" && err == nil {
			answered[row.ID+"."+strconv.FormatInt(slot.Slot, 10)]++
		}
		core.Apply(p, s, event)
	}
	if folded, err := core.EncodeState(p, s); err != nil || !bytes.Equal(folded, row.State) {
		c.t.Errorf("%s is not the fold of its history (%v):\n%s\n%s", row.Number, err, folded, row.State)
	}
	want := 0
	for _, a := range s.Acts {
		if a.State == core.Open {
			want += len(a.Slots)
		}
	}
	if tasks, err := c.store.TasksOf(c.t.Context(), row.Office, row.ID); err != nil || len(tasks) != want {
		c.t.Errorf("%s has %d open tasks, its state says %d (%v)", row.Number, len(tasks), want, err)
	}
}

// Whatever one call in twenty to the store does, nothing that was acknowledged is lost and nothing is done twice.
func TestAFaultyStoreLosesNothingAndDoublesNothing(t *testing.T) {
	t.Parallel()
	bundle, problems := definitions.Compile(officeFiles())
	if bundle == nil {
		t.Fatal(problems)
	}
	for seed := range uint64(8) {
		t.Run(strconv.FormatUint(seed, 10), func(t *testing.T) {
			t.Parallel()
			s := &faulty{real: openStore(t, ":memory:"), rand: rand.New(rand.NewPCG(seed, 1))}
			c := &client{
				world: openOn(t, s), store: s, rand: rand.New(rand.NewPCG(seed, 2)),
				cases: map[string]string{}, starts: map[string]int{}, done: map[string]bool{},
			}
			s.turn(true)
			for range 250 {
				c.act()
			}
			c.settle()
			c.audit(bundle)
			calls, failed := s.failures()
			if len(c.done) < 20 || failed < int(fine) || failed*100 < calls || failed*100 > calls*12 {
				t.Errorf("too little happened: %d tasks done, %d of %d calls failed", len(c.done), failed, calls)
			}
			t.Logf("%v cases, %d tasks done, %d requests refused, %d of %d calls failed",
				c.starts, len(c.done), c.refusal, failed, calls)
		})
	}
}
