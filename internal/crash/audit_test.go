package crash_test

import (
	"bytes"
	"fmt"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/guicheng/guicheng/definitions"
	"github.com/guicheng/guicheng/engine/core"
	"github.com/guicheng/guicheng/store"
	"github.com/guicheng/guicheng/store/sqlite"
)

// audit reads the database itself, with no engine in between, and holds it against the ledger.
func (l *ledger) audit(t *testing.T, data string) {
	t.Helper()
	bundle, problems := definitions.Compile([]definitions.File{
		{Name: "office.yaml", Text: []byte(office)}, {Name: "quick.yaml", Text: []byte(quick)},
	})
	if bundle == nil {
		t.Fatal(problems)
	}
	st, err := sqlite.Open(filepath.Join(data, "guicheng.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	a := &auditor{p: bundle.Procedures[0], st: st, numbers: map[string]bool{}, answers: map[string]int{}}
	a.timers, err = st.DueTimers(t.Context(), time.Now().Add(1000*time.Hour), 10_000)
	if err != nil {
		t.Fatal(err)
	}
	for cursor := ""; ; {
		page, err := st.CasesOf(t.Context(), "sunshine", store.CaseQuery{After: cursor, Limit: 200})
		if err != nil {
			t.Fatal(err)
		}
		for _, row := range page.Items {
			a.oneCase(t, row.ID)
		}
		if cursor = page.Next; cursor == "" {
			break
		}
	}
	if len(a.numbers) != cases {
		t.Errorf("%d cases are on disk, want %d: a start was lost or done twice", len(a.numbers), cases)
	}
	for n := 1; n <= cases; n++ {
		if number := fmt.Sprintf("Q%s-%04d", time.Now().In(a.p.Office.Zone).Format("2006"), n); !a.numbers[number] {
			t.Errorf("number %s was left out", number)
		}
	}
	for task := range l.answered {
		if a.answers[task] != 1 {
			t.Errorf("the answer to %s was acknowledged and stands %d times in the history", task, a.answers[task])
		}
	}
	t.Logf("%d cases, %d answers, %d timers fired", len(a.numbers), len(a.answers), a.fired)
}

type auditor struct {
	p       *definitions.Procedure
	st      store.Store
	timers  []store.TimerRow
	numbers map[string]bool
	answers map[string]int // by task
	fired   int
}

// oneCase proves that a case's state is the fold of its history and that its rows are those of its state.
func (a *auditor) oneCase(t *testing.T, id string) {
	t.Helper()
	row, err := a.st.Case(t.Context(), "sunshine", id)
	if err != nil {
		t.Fatal(err)
	}
	a.numbers[row.Number] = true
	history, err := a.st.History(t.Context(), "sunshine", id, 0, 10_000)
	if err != nil {
		t.Fatal(err)
	}
	folded := core.New("sunshine", id)
	asked, fired := 0, 0
	for i, e := range history {
		if e.Seq != int64(i+1) {
			t.Fatalf("case %s: event %d has number %d", id, i+1, e.Seq)
		}
		event, err := core.DecodeEvent(a.p, e.Kind, e.Body)
		if err != nil {
			t.Fatalf("case %s: %v", id, err)
		}
		core.Apply(a.p, folded, event)
		switch event := event.(type) {
		case core.Answered:
			a.answers[fmt.Sprintf("%s.%d", id, event.Slot)]++
		case core.Opened:
			if event.Step == "stand-in" {
				asked++
			}
		case core.TimerCleared:
			if event.Fired {
				fired++
			}
		default:
		}
	}
	a.fired += fired
	if fired > 1 || asked != fired {
		t.Errorf("case %s: its clock fired %d times and the stand-in was asked %d times", id, fired, asked)
	}
	if got, err := core.EncodeState(a.p, folded); err != nil || !bytes.Equal(got, row.State) {
		t.Errorf("case %s is not the fold of its history: %v\n%s\n%s", id, err, got, row.State)
	}
	a.rows(t, folded)
}

// rows holds the open tasks and timers of a case against its state.
func (a *auditor) rows(t *testing.T, s *core.State) {
	t.Helper()
	var tasks, timers []string
	for _, act := range s.Acts {
		for _, slot := range act.Slots {
			tasks = append(tasks, fmt.Sprintf("%s.%d", s.Case, slot.ID))
		}
		for _, timer := range act.Timers {
			timers = append(timers, fmt.Sprintf("%s.%d", s.Case, timer.ID))
		}
	}
	rows, err := a.st.TasksOf(t.Context(), "sunshine", s.Case)
	if err != nil {
		t.Fatal(err)
	}
	var onDisk, armed []string
	for _, row := range rows {
		onDisk = append(onDisk, row.ID)
	}
	for _, row := range a.timers {
		if row.Case == s.Case {
			armed = append(armed, row.ID)
		}
	}
	if !slices.Equal(tasks, onDisk) || !slices.Equal(timers, armed) {
		t.Errorf("case %s has tasks %v and timers %v; on disk are %v and %v", s.Case, tasks, timers, onDisk, armed)
	}
	if s.Status == core.Running && len(tasks) != 1 || s.Status != core.Running && len(tasks) != 0 {
		t.Errorf("case %s is %s and has %d open tasks: half a step", s.Case, s.Status, len(tasks))
	}
}
