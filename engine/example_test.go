package engine_test

import (
	"context"
	"fmt"

	"github.com/guicheng/guicheng/definitions"
	"github.com/guicheng/guicheng/engine"
	"github.com/guicheng/guicheng/store"
	"github.com/guicheng/guicheng/store/sqlite"
)

const exampleOffice = `office: home
title: 管理處
language: zh-Hant
zone: Asia/Shanghai
currency: CNY
posts: {gate: 大門崗, boss: 主任}
`

const exampleProcedure = `procedure: visitor
title: 來訪登記
number: 'LF-{n:3}'
manager: gate
data: {name: {title: 姓名, type: text}}
start: {by: gate, form: [name]}
steps:
  - {step: admit, title: 放行, task: {by: gate, show: [name]}, then: done}
`

func Example() {
	ctx := context.Background()
	db, err := sqlite.Open(":memory:")
	if err != nil {
		panic(err)
	}
	defer func() { _ = db.Close() }()
	e, err := engine.Open(ctx, engine.Options{Store: db})
	if err != nil {
		panic(err)
	}
	defer e.Close()

	operator, gate := engine.Operator("home"), engine.Actor{Office: "home", Person: "so"}
	deployed, _, err := e.Deploy(ctx, operator, []definitions.File{
		{Name: "office.yaml", Text: []byte(exampleOffice)}, {Name: "visitor.yaml", Text: []byte(exampleProcedure)},
	})
	fmt.Println(deployed.Versions, err)
	fmt.Println(e.PutPerson(ctx, operator, store.PersonRow{ID: "so", Name: "蘇", Posts: []string{"gate"}}))

	begun, err := e.Start(ctx, gate, engine.StartRequest{Procedure: "visitor", Values: []byte(`{"name": "陳先生"}`)})
	fmt.Println(begun.Number, begun.Tasks[0].Title, err)
	done, err := e.Complete(ctx, gate, begun.Tasks[0].ID, engine.CompleteRequest{})
	fmt.Println(done.Status, err)

	// Output:
	// [{visitor 1 來訪登記}] <nil>
	// <nil>
	// LF-001 放行 <nil>
	// finished <nil>
}
