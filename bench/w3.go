package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"

	"github.com/guicheng/guicheng/definitions"
	"github.com/guicheng/guicheng/engine"
	"github.com/guicheng/guicheng/internal/pgtest"
	"github.com/guicheng/guicheng/store"
	"github.com/guicheng/guicheng/store/postgres"
	"github.com/guicheng/guicheng/store/sqlite"
)

const office = `office: bench
title: 量測
language: zh-Hant
zone: Asia/Shanghai
currency: CNY
posts: {desk: 服務臺}
`

// W3: a case of three human steps, each with a form.
const procedure = `procedure: three
title: 三步
number: 'W{yyyy}{mm}{dd}-{n:6}'
manager: desk
data:
  name: {title: 名, type: text}
  size: {title: 數, type: count}
  note: {title: 註, type: note}
start: {by: desk, form: [name]}
steps:
  - {step: one, title: 一, task: {by: desk, form: [size]}}
  - {step: two, title: 二, task: {by: desk, form: [note]}}
  - {step: three, title: 三, task: {by: desk}}
`

// filled are the values of the start and of the three steps.
var filled = [4]string{`{"name":"王先生"}`, `{"size":20}`, `{"note":"十二樓的燈不亮"}`, `{}`}

const (
	overSQLite   = "sqlite"
	overPostgres = "postgres"
)

// openStore gives a fresh store, and the address under which plain SQL finds it.
func openStore(ctx context.Context, kind, dir string) (store.Store, string, error) {
	if kind == overSQLite {
		path := filepath.Join(dir, "guicheng.db")
		s, err := sqlite.Open(path)
		return s, path, err
	}
	dsn, err := pgtest.Create(ctx)
	if err != nil {
		return nil, "", err
	}
	s, err := postgres.Open(ctx, dsn)
	return s, dsn, err
}

// house is an engine with one administrator, chan, who holds the desk.
type house struct {
	*engine.Engine
	store   store.Store
	desk    engine.Actor
	closers []func() error
}

// openHouse opens an engine on st, and deploys W3.
func openHouse(ctx context.Context, st store.Store) (*house, error) {
	e, err := engine.Open(ctx, engine.Options{Store: st})
	if err != nil {
		return nil, err
	}
	h := &house{Engine: e, store: st, desk: engine.Actor{Office: "bench", Person: "chan"}}
	h.closers = append(h.closers, func() error { e.Close(); return nil })
	people, err := st.People(ctx, "bench")
	if err == nil && len(people) == 0 { // a second node finds her there
		person := store.PersonRow{ID: "chan", Name: "陳", Posts: []string{"desk"}, Admin: true}
		err = e.FirstAdministrator(ctx, "bench", person)
	}
	if err == nil {
		err = h.deploy(ctx, "three.yaml", procedure)
	}
	if err != nil {
		return nil, errors.Join(err, h.close())
	}
	return h, nil
}

func (h *house) deploy(ctx context.Context, name, text string) error {
	return h.deployTo(ctx, office, name, text)
}

func (h *house) deployTo(ctx context.Context, office, name, text string) error {
	files := []definitions.File{
		{Name: "office.yaml", Text: []byte(office)}, {Name: name, Text: []byte(text)},
	}
	if _, problems, err := h.Deploy(ctx, h.desk, files); err != nil {
		return fmt.Errorf("deploy %s: %w %v", name, err, problems)
	}
	return nil
}

func (h *house) close() error {
	var errs []error
	for _, c := range h.closers {
		errs = append(errs, c())
	}
	return errors.Join(errs...)
}

// w3 runs one case by the Go API.
func (h *house) w3(ctx context.Context, tick func()) error {
	started, err := h.Start(ctx, h.desk, engine.StartRequest{Procedure: "three", Values: []byte(filled[0])})
	if err != nil {
		return err
	}
	tick()
	tasks := started.Tasks
	for _, values := range filled[1:] {
		if len(tasks) != 1 {
			return fmt.Errorf("case %s has %d tasks, want 1", started.Number, len(tasks))
		}
		done, err := h.Complete(ctx, h.desk, tasks[0].ID, engine.CompleteRequest{Values: []byte(values)})
		if err != nil {
			return err
		}
		tick()
		tasks = done.Tasks
	}
	return nil
}
