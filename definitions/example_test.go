package definitions_test

import (
	"fmt"

	"github.com/guicheng/guicheng/definitions"
	"github.com/guicheng/guicheng/definitions/report"
)

// A misspelt field is found before anything runs, at its place and with the nearest name.
func ExampleCompile() {
	_, problems := definitions.Compile([]definitions.File{
		{Name: "office.yaml", Text: []byte(`office: home
title: Home
language: en
zone: Asia/Shanghai
currency: CNY
posts: {desk: Desk}
`)},
		{Name: "leave.yaml", Text: []byte(`procedure: leave
title: Leave
number: 'L{yyyy}-{n:3}'
manager: desk
data: {days: {title: Days, type: count}}
start: {by: desk, form: [days]}
ends: {long: Long, short: Short}
steps:
  - {step: judge, title: Judge, task: {by: desk}, then: [{when: dayz > 3, to: long}, {to: short}]}
`)},
	})
	for _, p := range problems {
		if p.Severity == report.Error {
			fmt.Printf("%s:%d:%d %s (%s)\n", p.File, p.Line, p.Column, p.Message, p.Hint)
		}
	}
	// Output: leave.yaml:9:65 there is no name dayz here (did you mean days?)
}
