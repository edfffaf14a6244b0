package engine_test

import (
	"encoding/json"
	"path/filepath"
	"testing"

	"github.com/guicheng/guicheng/engine"
	"github.com/guicheng/guicheng/store"
	"github.com/guicheng/guicheng/store/sqlite"
)

const stepsYAML = `procedure: steps
title: 三步
number: 'SB{yyyy}-{n:6}'
manager: boss
data: {note: {title: 註, type: text}}
start: {by: desk, form: [note]}
steps:
  - {step: one, title: 一, task: {by: desk, form: [note]}, then: two}
  - {step: two, title: 二, task: {by: desk, form: [note]}, then: three}
  - {step: three, title: 三, task: {by: desk, form: [note]}, then: done}
`

// BenchmarkSteps moves cases of three tasks, each step durable before its reply, by 32 clients. One op is one step.
func BenchmarkSteps(b *testing.B) {
	s, err := sqlite.Open(filepath.Join(b.TempDir(), "bench.db"))
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = s.Close() })
	e, err := engine.Open(b.Context(), engine.Options{Store: s})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(e.Close)
	files := officeWith("steps.yaml", stepsYAML)
	if _, _, err := e.Deploy(b.Context(), engine.Operator("sun"), files); err != nil {
		b.Fatal(err)
	}
	chan1 := store.PersonRow{ID: "chan", Name: "陳", Posts: []string{"desk"}}
	if err := e.PutPerson(b.Context(), engine.Operator("sun"), chan1); err != nil {
		b.Fatal(err)
	}
	values := json.RawMessage(`{"note": "x"}`)
	b.ReportAllocs()
	b.ResetTimer()
	b.SetParallelism(16)
	b.RunParallel(func(pb *testing.PB) {
		var tasks []engine.TaskLine
		for pb.Next() {
			if len(tasks) == 0 {
				out, err := e.Start(b.Context(), as("chan"), engine.StartRequest{Procedure: "steps", Values: values})
				if err != nil {
					b.Error(err)
					return
				}
				tasks = out.Tasks
				continue
			}
			done, err := e.Complete(b.Context(), as("chan"), tasks[0].ID, engine.CompleteRequest{Values: values})
			if err != nil {
				b.Error(err)
				return
			}
			tasks = done.Tasks
		}
	})
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "steps/s")
}
