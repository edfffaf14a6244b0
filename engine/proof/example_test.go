package proof_test

import (
	"fmt"

	"github.com/guicheng/guicheng/definitions"
	"github.com/guicheng/guicheng/definitions/report"
	"github.com/guicheng/guicheng/engine/proof"
)

// What is deployed is compiled and proved. The finding shows how a case comes to where it is stuck.
func ExampleCheck() {
	office := `office: small
title: Small office
language: en
languages: [en]
zone: Asia/Shanghai
currency: CNY
posts: {desk: Desk}
`
	repair := `procedure: repair
title: Repair
start: {by: desk}
steps:
  - {step: ask, title: Ask, task: {by: desk, answers: {fix: Fix it, bill: Bill it}}, then: {fix: fix, bill: bill}}
  - {step: fix, title: Fix, task: {by: desk}, then: sign}
  - {step: bill, title: Bill, task: {by: desk}, then: sign}
  - {step: sign, title: Sign, task: {by: desk}, join: all}
`
	bundle, problems := proof.Check([]definitions.File{
		{Name: "office.yaml", Text: []byte(office)}, {Name: "repair.yaml", Text: []byte(repair)},
	})
	fmt.Println(bundle == nil)
	fmt.Print(report.Render(problems, nil))
	// Output:
	// true
	// repair.yaml:8:12: error[no-end]: Sign (sign) can wait for ever
	//    = 1. Ask: Fix it -> Fix
	//    = 2. Fix -> Sign
	//    = 3. Sign has come from Fix and waits for Bill, from where nothing can come any more
	//    = hint: write join: active to wait only for those that can still come
	// 1 error
}
