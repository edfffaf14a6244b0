package engine_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/guicheng/guicheng/definitions/value"
	"github.com/guicheng/guicheng/engine"
)

// TestAnOfficeChangesASetting: cases that begin from then on have the office's value, those that run keep their own.
func TestAnOfficeChangesASetting(t *testing.T) {
	t.Parallel()
	w := open(t)
	list, err := w.SettingsOf(t.Context(), as("ann"), "en", "timed")
	if err != nil || len(list) != 1 || list[0].Set || string(list[0].Value) != `"3m"` || list[0].Changed != nil {
		t.Fatalf("at first: %+v, %v", list, err)
	}
	w.begin("chan", "timed", "")
	line, err := w.SetSetting(t.Context(), as("ann"), "en", "timed", "answer_in", []byte(`"10m"`))
	if err != nil || !line.Set || string(line.Value) != `"10m"` || line.Own != list[0].Text || line.ChangedBy != "ann" {
		t.Fatalf("set: %+v, %v", line, err)
	}
	w.begin("chan", "timed", "")
	w.clock.move(3 * time.Minute)
	w.eventually("the first case is late", w.hasTask("lam", "stand-in"))
	if n := w.tasks("so", "answer"); n != 1 {
		t.Errorf("%d cases wait for an answer after three minutes, want the second", n)
	}
	w.clock.move(7 * time.Minute)
	w.eventually("so is the second", func(context.Context) bool { return w.tasks("so", "answer") == 0 })
	line, err = w.SetSetting(t.Context(), as("ann"), "", "timed", "answer_in", []byte("null"))
	if err != nil || line.Set || string(line.Value) != `"3m"` {
		t.Errorf("taken back: %+v, %v", line, err)
	}
}

// tasks tells how many tasks of a step the person sees.
func (w *world) tasks(person, step string) int {
	w.t.Helper()
	page, err := w.Inbox(w.t.Context(), as(person), "", engine.InboxQuery{})
	if err != nil {
		w.t.Fatal(err)
	}
	n := 0
	for _, t := range page.Tasks {
		if t.Step == step {
			n++
		}
	}
	return n
}

func fieldsOf(err error) []value.Fault {
	if e, ok := errors.AsType[*engine.Error](err); ok {
		return e.Fields
	}
	return nil
}

func TestASettingIsOfItsType(t *testing.T) {
	t.Parallel()
	w := open(t)
	for _, raw := range []string{`"soon"`, `5`, `""`, `{}`, `[]`, `"3 workdays"`, `"-1m"`, `"0s"`} {
		_, err := w.SetSetting(t.Context(), as("ann"), "", "timed", "answer_in", []byte(raw))
		wantCode(t, err, "invalid")
		if faults := fieldsOf(err); len(faults) != 1 || faults[0].Path != "value" {
			t.Errorf("%s: %+v", raw, faults)
		}
	}
	for _, c := range []struct{ person, procedure, name, code string }{
		{"chan", "timed", "answer_in", engine.CodeForbidden}, {"lam", "timed", "answer_in", engine.CodeForbidden},
		{"ann", "timed", "nothing", "invalid"}, {"ann", "nothing", "answer_in", engine.CodeNotDeployed},
	} {
		_, err := w.SetSetting(t.Context(), as(c.person), "", c.procedure, c.name, []byte(`"5m"`))
		wantCode(t, err, c.code)
	}
}

// TestASettingThatDoesNotFitANewVersion: the deployment warns, and the version's own value is taken.
func TestASettingThatDoesNotFitANewVersion(t *testing.T) {
	t.Parallel()
	w := open(t)
	if _, err := w.SetSetting(t.Context(), as("ann"), "", "timed", "answer_in", []byte(`"10m"`)); err != nil {
		t.Fatal(err)
	}
	files := officeFiles()
	for i := range files {
		if files[i].Name == "timed.yaml" {
			files[i].Text = []byte(strings.Replace(timedYAML, "value: 3m}", "value: 3m, max: 5m}", 1))
		}
	}
	out, _, err := w.Deploy(t.Context(), as("ann"), files)
	if err != nil {
		t.Fatal(err)
	}
	warned := false
	for _, p := range out.Warnings {
		warned = warned || p.Code == "setting-unfit" && strings.Contains(p.Message, `"10m"`)
	}
	if !warned {
		t.Errorf("warnings: %+v", out.Warnings)
	}
	list, err := w.SettingsOf(t.Context(), as("ann"), "", "timed")
	if err != nil || len(list) != 1 || list[0].Set || string(list[0].Value) != `"3m"` {
		t.Errorf("in force: %+v, %v", list, err)
	}
}
