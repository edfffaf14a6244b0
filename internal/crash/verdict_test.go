package crash_test

import (
	"bytes"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/guicheng/guicheng/definitions"
	"github.com/guicheng/guicheng/engine/core"
	"github.com/guicheng/guicheng/store"
)

// quiet proves by the API that nothing is left over, and that no case is missing, doubled or unheard of.
func (k *soak) quiet() {
	byProcedure := map[string]int{}
	for _, e := range k.ledger {
		byProcedure[e.procedure]++
	}
	byProcedure["callee"] = byProcedure["caller"] // each was called once
	for procedure, want := range byProcedure {
		var numbers []string
		for cursor, more := "", true; more; more = cursor != "" {
			var page struct {
				Cases []caseLine `json:"cases"`
				Next  string     `json:"next"`
			}
			path := "/api/v1/cases?limit=200&procedure=" + procedure + "&after=" + cursor
			if _, err := k.act("ma", http.MethodGet, path, "", nil, &page); err != nil {
				k.violate("list of cases: %v", err)
				return
			}
			for _, c := range page.Cases {
				numbers = append(numbers, c.Number)
				if c.Status != "finished" {
					k.violate("case %s of %s is %s in the end", c.Number, procedure, c.Status)
				}
			}
			cursor = page.Next
		}
		if len(numbers) != want {
			k.violate("there are %d cases of %s, %d were begun", len(numbers), procedure, want)
		}
		k.gapless(procedure, numbers)
	}
	k.recheck(200)
}

// gapless wants each year's numbers to be 1, 2, 3 and so on.
func (k *soak) gapless(procedure string, numbers []string) {
	years := map[string][]int{}
	for _, number := range numbers {
		year, n, _ := strings.Cut(number, "-")
		value, err := strconv.Atoi(n)
		if err != nil {
			k.violate("number %q: %v", number, err)
		}
		years[year] = append(years[year], value)
	}
	for year, list := range years {
		slices.Sort(list)
		for i, n := range list {
			if n != i+1 {
				k.violate("number %d of %s in %s is %d: one is missing or doubled", i+1, procedure, year, n)
				return
			}
		}
	}
}

// audit reads the database itself, with no engine in between: each state is the fold of its history, and nothing is
// left of work that is done.
func (k *soak) audit(open func() (store.Store, error)) {
	k.t.Helper()
	var files []definitions.File
	for name, text := range k.office {
		files = append(files, definitions.File{Name: name, Text: []byte(text)})
	}
	bundle, problems := definitions.Compile(files)
	if bundle == nil {
		k.t.Fatal(problems)
	}
	st, err := open()
	if err != nil {
		k.t.Fatal(err)
	}
	defer st.Close()
	cases, marks := 0, map[string]bool{}
	for cursor, more := "", true; more; more = cursor != "" {
		page, err := st.CasesOf(k.t.Context(), "sunshine", store.CaseQuery{After: cursor, Limit: 200})
		if err != nil {
			k.t.Fatal(err)
		}
		for _, row := range page.Items {
			cases++
			folded, replies, err := folds(k.t, st, bundle.Procedure(row.Procedure), row)
			if err == nil {
				data := func(field string) string { return fmt.Sprint(folded.Data[field]) }
				if row.Procedure == "order" {
					marks[data("mark")] = true
				}
				err = k.checkMachines(k.byID[row.ID], replies, data)
			}
			if err != nil {
				k.violate("%v", err)
			}
		}
		cursor = page.Next
	}
	timers, err := st.DueTimers(k.t.Context(), time.Now().Add(1_000*time.Hour), 10)
	letters, letterErr := st.Letters(k.t.Context(), 100)
	letters = slices.DeleteFunc(letters, func(l store.Letter) bool {
		return l.Kind == "kept" // it asks for messages that came before; the case has ended, and needs none
	})
	_, jobs, jobErr := st.NextJob(k.t.Context(), "", []string{"read", core.RequestName})
	if err := errors.Join(err, letterErr, jobErr); err != nil || len(timers) > 0 || len(letters) > 0 || jobs {
		k.violate("left over: timers %v, letters %v, jobs %t; %v", timers, letters, jobs, err)
	}
	k.unasked(marks)
	k.t.Logf("%d cases are the fold of their histories", cases)
}

// folds proves that a case's state is what its history makes, and that no task of its is left when it has ended. It
// gives the state, and what machines have answered.
func folds(t *testing.T, st store.Store, p *definitions.Procedure, row store.CaseRow) (
	folded *core.State, replies []core.Replied, err error,
) {
	t.Helper()
	row, err = st.Case(t.Context(), row.Office, row.ID)
	if err != nil {
		return nil, nil, err
	}
	history, err := st.History(t.Context(), row.Office, row.ID, 0, 10_000)
	if err != nil {
		return nil, nil, err
	}
	folded = core.New(row.Office, row.ID)
	for i, e := range history {
		if e.Seq != int64(i+1) {
			return nil, nil, fmt.Errorf("case %s: event %d has number %d", row.Number, i+1, e.Seq)
		}
		event, err := core.DecodeEvent(p, e.Kind, e.Body)
		if err != nil {
			return nil, nil, fmt.Errorf("case %s: %w", row.Number, err)
		}
		core.Apply(p, folded, event)
		if replied, ok := event.(core.Replied); ok {
			replies = append(replies, replied)
		}
	}
	got, err := core.EncodeState(p, folded)
	if err == nil && !bytes.Equal(got, row.State) {
		err = fmt.Errorf("case %s is not the fold of its history:\n%s\n%s", row.Number, got, row.State)
	}
	tasks, tasksErr := st.TasksOf(t.Context(), row.Office, row.ID)
	if len(tasks) > 0 {
		err = fmt.Errorf("case %s has ended, and has tasks %v", row.Number, tasks)
	}
	return folded, replies, errors.Join(err, tasksErr)
}
