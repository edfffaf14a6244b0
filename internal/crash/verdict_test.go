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
				Cases []caseNow `json:"cases"`
				Next  string    `json:"next"`
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
	for name, text := range soakOffice {
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
	cases := 0
	for cursor, more := "", true; more; more = cursor != "" {
		page, err := st.CasesOf(k.t.Context(), "sunshine", store.CaseQuery{After: cursor, Limit: 200})
		if err != nil {
			k.t.Fatal(err)
		}
		for _, row := range page.Items {
			cases++
			if err := folds(k.t, st, bundle.Procedure(row.Procedure), row); err != nil {
				k.violate("%v", err)
			}
		}
		cursor = page.Next
	}
	timers, err := st.DueTimers(k.t.Context(), time.Now().Add(1_000*time.Hour), 10)
	letters, letterErr := st.Letters(k.t.Context(), 10)
	if err != nil || letterErr != nil || len(timers) > 0 || len(letters) > 0 {
		k.violate("left over: timers %v, letters %v; %v, %v", timers, letters, err, letterErr)
	}
	k.t.Logf("%d cases are the fold of their histories", cases)
}

// folds proves that a case's state is what its history makes, and that no task of its is left when it has ended.
func folds(t *testing.T, st store.Store, p *definitions.Procedure, row store.CaseRow) error {
	t.Helper()
	row, err := st.Case(t.Context(), row.Office, row.ID)
	if err != nil {
		return err
	}
	history, err := st.History(t.Context(), row.Office, row.ID, 0, 10_000)
	if err != nil {
		return err
	}
	folded := core.New(row.Office, row.ID)
	for i, e := range history {
		if e.Seq != int64(i+1) {
			return fmt.Errorf("case %s: event %d has number %d", row.Number, i+1, e.Seq)
		}
		event, err := core.DecodeEvent(p, e.Kind, e.Body)
		if err != nil {
			return fmt.Errorf("case %s: %w", row.Number, err)
		}
		core.Apply(p, folded, event)
	}
	got, err := core.EncodeState(p, folded)
	if err == nil && !bytes.Equal(got, row.State) {
		err = fmt.Errorf("case %s is not the fold of its history:\n%s\n%s", row.Number, got, row.State)
	}
	tasks, tasksErr := st.TasksOf(t.Context(), row.Office, row.ID)
	if len(tasks) > 0 {
		err = fmt.Errorf("case %s has ended, and has tasks %v", row.Number, tasks)
	}
	return errors.Join(err, tasksErr)
}
