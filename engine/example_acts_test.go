package engine_test

import (
	"context"
	"fmt"

	"github.com/guicheng/guicheng/definitions"
	"github.com/guicheng/guicheng/engine"
	"github.com/guicheng/guicheng/store"
	"github.com/guicheng/guicheng/store/sqlite"
)

const exampleRepair = `procedure: repair
title: 報修
number: 'BX-{n:3}'
manager: boss
data: {what: {title: 何事, type: text}}
messages: {drop: {title: 不修了, by: gate}}
start: {by: gate, form: [what]}
revoke: {until: sign}
ends: {mended: 修好, dropped: {title: 不修, cancels: all}}
events: [{message: drop, to: dropped}]
steps:
  - {step: look, title: 勘察, task: {by: gate, show: [what], recall: true, delegate: gate, add_signer: gate}}
  - {step: mend, title: 維修, task: {by: gate}}
  - {step: sign, title: 簽字, task: {by: boss}, then: mended}
`

// exampleHouse is an office in memory, in which so has begun a repair: his first task is open.
func exampleHouse() (e *engine.Engine, began engine.Started, end func()) {
	ctx := context.Background()
	db, err := sqlite.Open(":memory:")
	must(err)
	e, err = engine.Open(ctx, engine.Options{Store: db})
	must(err)
	_, problems, err := e.Deploy(ctx, engine.Operator("home"), []definitions.File{
		{Name: "office.yaml", Text: []byte(exampleOffice)},
		{Name: "repair.yaml", Text: []byte(exampleRepair)},
	})
	if err != nil {
		panic(fmt.Sprint(err, problems))
	}
	for _, p := range []store.PersonRow{
		{ID: "so", Name: "蘇", Posts: []string{"gate"}}, {ID: "mak", Name: "麥", Posts: []string{"gate"}},
		{ID: "lam", Name: "林", Posts: []string{"boss"}}, {ID: "ann", Name: "安", Admin: true},
	} {
		must(e.PutPerson(ctx, engine.Operator("home"), p))
	}
	began, err = e.Start(ctx, actor("so"), engine.StartRequest{Procedure: "repair", Values: []byte(`{"what": "水管"}`)})
	must(err)
	return e, began, func() { e.Close(); must(db.Close()) }
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}

func actor(person string) engine.Actor { return engine.Actor{Office: "home", Person: person} }

// shows prints how a case stands and what its actor may do next.
func shows(done engine.Done, err error) engine.Done {
	line := done.Status
	for _, t := range done.Tasks {
		line += " " + t.Title
	}
	fmt.Println(line, err) //nolint:forbidigo // what the examples show
	return done
}

func ExampleEngine_Start() {
	e, began, end := exampleHouse()
	defer end()
	again, err := e.Start(context.Background(), actor("so"), engine.StartRequest{
		Procedure: "repair", Values: []byte(`{"what": "門鎖"}`),
	})
	fmt.Println(began.Number, again.Number, again.Tasks[0].Title, err)
	// Output: BX-001 BX-002 勘察 <nil>
}

func ExampleEngine_Claim() {
	e, began, end := exampleHouse()
	defer end()
	shows(e.Claim(context.Background(), actor("so"), began.Tasks[0].ID))
	_, err := e.Claim(context.Background(), actor("mak"), began.Tasks[0].ID)
	fmt.Println(err)
	shows(e.Release(context.Background(), actor("so"), began.Tasks[0].ID))
	// Output:
	// running 勘察 <nil>
	// held-by-other holder="蘇" step="look"
	// running 勘察 <nil>
}

func ExampleEngine_Complete() {
	e, began, end := exampleHouse()
	defer end()
	shows(e.Complete(context.Background(), actor("so"), began.Tasks[0].ID, engine.CompleteRequest{}))
	// Output:
	// running 維修 <nil>
}

func ExampleEngine_SaveDraft() {
	e, began, end := exampleHouse()
	defer end()
	ctx := context.Background()
	fmt.Println(e.SaveDraft(ctx, actor("so"), began.Tasks[0].ID, []byte(`{"what": "水管和門鎖"}`)))
	view, err := e.Task(ctx, actor("so"), "", began.Tasks[0].ID)
	fmt.Println(string(view.Draft), err)
	// Output:
	// <nil>
	// {"what": "水管和門鎖"} <nil>
}

func ExampleEngine_Send() {
	e, began, end := exampleHouse()
	defer end()
	done := shows(e.Send(context.Background(), actor("so"), engine.MessageRequest{Case: began.Case, Name: "drop"}))
	fmt.Println(done.Outcome)
	// Output:
	// finished <nil>
	// dropped
}

func ExampleEngine_Cancel() {
	e, began, end := exampleHouse()
	defer end()
	_, err := e.Cancel(context.Background(), actor("mak"), began.Case, engine.CancelRequest{Reason: "重複"})
	fmt.Println(err)
	shows(e.Cancel(context.Background(), actor("lam"), began.Case, engine.CancelRequest{Reason: "重複"}))
	// Output:
	// not-allowed procedure="repair"
	// cancelled <nil>
}

func ExampleEngine_Transfer() {
	e, began, end := exampleHouse()
	defer end()
	shows(e.StartWork(context.Background(), actor("so"), began.Tasks[0].ID))
	shows(e.Transfer(context.Background(), actor("so"), began.Tasks[0].ID, engine.TransferRequest{To: "mak"}))
	shows(e.Complete(context.Background(), actor("mak"), began.Tasks[0].ID, engine.CompleteRequest{}))
	// Output:
	// running 勘察 <nil>
	// running <nil>
	// running 維修 <nil>
}

func ExampleEngine_Delegate() {
	e, began, end := exampleHouse()
	defer end()
	shows(e.StartWork(context.Background(), actor("so"), began.Tasks[0].ID))
	shows(e.Delegate(context.Background(), actor("so"), began.Tasks[0].ID, engine.DelegateRequest{To: "mak"}))
	shows(e.Complete(context.Background(), actor("mak"), began.Tasks[0].ID, engine.CompleteRequest{})) // comes back
	shows(e.Complete(context.Background(), actor("so"), began.Tasks[0].ID, engine.CompleteRequest{}))
	// Output:
	// running 勘察 <nil>
	// running <nil>
	// running <nil>
	// running 維修 <nil>
}

func ExampleEngine_AddSigners() {
	e, began, end := exampleHouse()
	defer end()
	ctx := context.Background()
	shows(e.StartWork(ctx, actor("so"), began.Tasks[0].ID))
	more := engine.SignersRequest{Place: "before", People: []string{"mak"}}
	shows(e.AddSigners(ctx, actor("so"), began.Tasks[0].ID, more))
	view, err := e.Task(ctx, actor("so"), "", began.Tasks[0].ID)
	fmt.Println(len(view.Signers), err)
	shows(e.RemoveSigner(ctx, actor("so"), began.Tasks[0].ID, engine.RemoveRequest{Signer: view.Signers[1].Task}))
	// Output:
	// running 勘察 <nil>
	// running <nil>
	// 2 <nil>
	// running 勘察 <nil>
}

func ExampleEngine_Return() {
	e, began, end := exampleHouse()
	defer end()
	ctx := context.Background()
	next := shows(e.Complete(ctx, actor("so"), began.Tasks[0].ID, engine.CompleteRequest{}))
	try, err := e.Return(ctx, actor("mak"), next.Tasks[0].ID, engine.ReturnRequest{To: "look", Dry: true})
	fmt.Println(try.Preview.Undone[0].Title, try.Preview.Opened[0].Title, err)
	shows(e.Return(ctx, actor("mak"), next.Tasks[0].ID, engine.ReturnRequest{To: "look"}))
	// Output:
	// running 維修 <nil>
	// 勘察 勘察 <nil>
	// running 勘察 <nil>
}

func ExampleEngine_Recall() {
	e, began, end := exampleHouse()
	defer end()
	shows(e.Complete(context.Background(), actor("so"), began.Tasks[0].ID, engine.CompleteRequest{}))
	shows(e.Recall(context.Background(), actor("so"), began.Tasks[0].ID, engine.RecallRequest{}))
	// Output:
	// running 維修 <nil>
	// running 勘察 <nil>
}

func ExampleEngine_Revoke() {
	e, began, end := exampleHouse()
	defer end()
	shows(e.Revoke(context.Background(), actor("so"), began.Case, engine.RevokeRequest{Reason: "自己修好了"}))
	// Output:
	// cancelled <nil>
}

func ExampleEngine_Suspend() {
	e, began, end := exampleHouse()
	defer end()
	ctx := context.Background()
	shows(e.Suspend(ctx, actor("lam"), began.Case, engine.SuspendRequest{Reason: "等材料"}))
	_, err := e.Complete(ctx, actor("so"), began.Tasks[0].ID, engine.CompleteRequest{})
	fmt.Println(err)
	shows(e.Resume(ctx, actor("lam"), began.Case, engine.SuspendRequest{}))
	// Output:
	// suspended <nil>
	// suspended number="BX-001"
	// running <nil>
}

func ExampleEngine_Jump() {
	e, began, end := exampleHouse()
	defer end()
	ctx, admin := context.Background(), actor("ann")
	view, err := e.Case(ctx, admin, "", began.Case)
	must(err)
	leave := []int64{view.Running[0].Act}
	targets, err := e.JumpTargets(ctx, admin, "", began.Case, leave)
	fmt.Println(len(targets), targets[2].Title, targets[2].May, err)
	shows(e.Jump(ctx, admin, began.Case, engine.JumpRequest{Leave: leave, To: "sign", Reason: "已修好"}))
	// Output:
	// 3 簽字 true <nil>
	// running <nil>
}

func ExampleEngine_SkipStep() {
	e, began, end := exampleHouse()
	defer end()
	view, err := e.Case(context.Background(), actor("ann"), "", began.Case)
	must(err)
	act := view.Running[0].Act
	shows(e.SkipStep(context.Background(), actor("ann"), began.Case, engine.SkipRequest{Act: act}))
	inbox, err := e.Inbox(context.Background(), actor("mak"), "", engine.InboxQuery{Limit: 10})
	fmt.Println(inbox.Tasks[0].Title, err)
	// Output:
	// running <nil>
	// 維修 <nil>
}

func ExampleEngine_Retry() {
	e, began, end := exampleHouse()
	defer end()
	ctx := context.Background()
	lam := store.PersonRow{ID: "lam", Name: "林"}
	must(e.PutPerson(ctx, actor("ann"), lam)) // he is not the boss any more
	next := shows(e.Complete(ctx, actor("so"), began.Tasks[0].ID, engine.CompleteRequest{}))
	shows(e.Complete(ctx, actor("so"), next.Tasks[0].ID, engine.CompleteRequest{}))
	view, err := e.Case(ctx, actor("ann"), "", began.Case)
	fmt.Println(view.Incidents[0].Code, err)
	lam.Posts = []string{"boss"}
	must(e.PutPerson(ctx, actor("ann"), lam))
	done, err := e.Retry(ctx, actor("ann"), began.Case, view.Incidents[0].Act)
	fmt.Println(len(done.Incidents), err)
	// Output:
	// running 維修 <nil>
	// running <nil>
	// nobody <nil>
	// 0 <nil>
}

func ExampleEngine_Comment() {
	e, began, end := exampleHouse()
	defer end()
	ctx := context.Background()
	shows(e.Comment(ctx, actor("so"), engine.SayRequest{Case: began.Case, Text: "水管在廚房"}))
	shows(e.Urge(ctx, actor("so"), engine.SayRequest{Case: began.Case, Text: "漏得厲害"}))
	shows(e.CopyCase(ctx, actor("so"), engine.SayRequest{Case: began.Case, To: []string{"lam"}}))
	said, err := e.Sayings(ctx, actor("so"), began.Case)
	fmt.Println(said.Comments[0].Text, err)
	// Output:
	// running 勘察 <nil>
	// running 勘察 <nil>
	// running 勘察 <nil>
	// 水管在廚房 <nil>
}
