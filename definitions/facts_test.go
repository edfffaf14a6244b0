package definitions

import (
	"fmt"
	"strings"
	"testing"

	"github.com/guicheng/guicheng/definitions/report"
)

const smallOffice = `office: small
title: Small office
language: en
zone: Asia/Shanghai
currency: CNY
posts: {desk: Desk, gate: Gate, manager: Manager}
types:
  unit-no: {type: text, pattern: '[A-Z][0-9]{1,2}-[0-9]{3,4}', hint: such as A12-0803}
`

// checkText compiles procedures in a small office and gives the report as text: one line a problem, its hint below.
func checkText(t *testing.T, procedures string) string {
	t.Helper()
	_, problems := Compile([]File{
		{Name: "office.yaml", Text: []byte(smallOffice)},
		{Name: "it.yaml", Text: []byte(procedures)},
	})
	var out strings.Builder
	for _, p := range problems {
		if p.Code == "untranslated" || p.Code == "never-filled" && p.Severity == report.Warning {
			continue // the small office speaks one language, and its data is not all used
		}
		kind := "error"
		if p.Severity == report.Warning {
			kind = "warning"
		}
		fmt.Fprintf(&out, "%s:%d:%d: %s %s: %s\n", p.File, p.Line, p.Column, kind, p.Code, p.Message)
		if p.Hint != "" {
			fmt.Fprintf(&out, "  hint: %s\n", p.Hint)
		}
	}
	return out.String()
}
