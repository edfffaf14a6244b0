package sim

import (
	"fmt"
	"strings"

	"github.com/guicheng/guicheng/definitions"
)

const largeOffice = `office: small
title: Small office
language: en
zone: Asia/Shanghai
currency: CNY
posts: {desk: Desk}
`

// LargeOffice is an office with one procedure of 200 steps, for measuring: ten parts one after the other, each with
// choices, a loop, and four branches of three steps.
func LargeOffice() []definitions.File {
	var b strings.Builder
	b.WriteString("procedure: large\ntitle: Large\nstart: {by: desk}\nsteps:\n")
	task := func(id, rest string) {
		fmt.Fprintf(&b, "  - {step: %s, title: S, task: {by: desk%s}\n", id, rest)
	}
	for i := range 10 {
		task(fmt.Sprintf("ask%d", i), fmt.Sprintf(", answers: {ok: OK, again: Again}}, then: {ok: in%d, again: ask%d}", i, i))
		task(fmt.Sprintf("in%d", i), fmt.Sprintf("}, choose: all, then: [a%d, b%d, c%d, d%d]", i, i, i, i))
		for _, branch := range []string{"a", "b", "c", "d"} {
			task(fmt.Sprintf("%s%d", branch, i), fmt.Sprintf("}, then: %sx%d", branch, i))
			task(fmt.Sprintf("%sx%d", branch, i),
				fmt.Sprintf(", answers: {ok: OK, again: Again}}, then: {ok: %sy%d, again: %s%d}", branch, i, branch, i))
			task(fmt.Sprintf("%sy%d", branch, i), fmt.Sprintf("}, then: join%d", i))
		}
		join := []string{"all", "active"}[i%2]
		task(fmt.Sprintf("join%d", i), fmt.Sprintf("}, join: %s, then: p%d", join, i))
		for k := range 5 {
			to := fmt.Sprintf("p%d%s", i, strings.Repeat("x", k+1))
			if k == 4 {
				to = fmt.Sprintf("ask%d", i+1)
			}
			if i == 9 && k == 4 {
				to = "done"
			}
			task(fmt.Sprintf("p%d%s", i, strings.Repeat("x", k)), "}, then: "+to)
		}
	}
	return []definitions.File{
		{Name: "large.yaml", Text: []byte(b.String())},
		{Name: "office.yaml", Text: []byte(largeOffice)},
	}
}
