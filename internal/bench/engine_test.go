package bench_test

import (
	"context"
	"fmt"
	"path/filepath"
	"testing"

	"github.com/guicheng/guicheng/definitions"
	"github.com/guicheng/guicheng/engine"
	"github.com/guicheng/guicheng/store"
	"github.com/guicheng/guicheng/store/sqlite"
)

const office = `office: bench
title: 量測
language: zh-Hant
zone: Asia/Shanghai
currency: CNY
posts: {desk: 服務臺}
`

const procedure = `procedure: three
title: 三步
number: 'W{yyyy}{mm}{dd}-{n:6}'
manager: desk
start: {by: desk}
steps:
  - {step: one, title: 一, task: {by: desk}}
  - {step: two, title: 二, task: {by: desk}}
  - {step: three, title: 三, task: {by: desk}}
`

// house is an engine on a fresh SQLite file with one administrator, chan, who holds the desk.
type house struct {
	*engine.Engine
	store store.Store
	desk  engine.Actor
}

func newEngine(b *testing.B) *house {
	b.Helper()
	st, err := sqlite.Open(filepath.Join(b.TempDir(), "guicheng.db"))
	if err != nil {
		b.Fatal(err)
	}
	e, err := engine.Open(b.Context(), engine.Options{Store: st})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		e.Close()
		if err := st.Close(); err != nil {
			b.Error(err)
		}
	})
	h := &house{Engine: e, store: st, desk: engine.Actor{Office: "bench", Person: "chan"}}
	person := store.PersonRow{ID: "chan", Name: "陳", Posts: []string{"desk"}, Admin: true}
	if err := e.FirstAdministrator(b.Context(), "bench", person); err != nil {
		b.Fatal(err)
	}
	files := []definitions.File{
		{Name: "office.yaml", Text: []byte(office)}, {Name: "three.yaml", Text: []byte(procedure)},
	}
	if _, problems, err := e.Deploy(b.Context(), h.desk, files); err != nil {
		b.Fatal(err, problems)
	}
	return h
}

// w3 runs one case of three steps by the Go API.
func (h *house) w3(int64) error {
	ctx := context.Background()
	started, err := h.Start(ctx, h.desk, engine.StartRequest{Procedure: "three"})
	if err != nil {
		return err
	}
	tasks := started.Tasks
	for range 3 {
		if len(tasks) != 1 {
			return fmt.Errorf("case %s has %d tasks, want 1", started.Number, len(tasks))
		}
		done, err := h.Complete(ctx, h.desk, tasks[0].ID, engine.CompleteRequest{})
		if err != nil {
			return err
		}
		tasks = done.Tasks
	}
	return nil
}
