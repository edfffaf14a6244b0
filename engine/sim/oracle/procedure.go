package oracle

import (
	"errors"
	"strings"

	"github.com/guicheng/guicheng/definitions"
	"github.com/guicheng/guicheng/definitions/report"
)

// compile reads a procedure; the error is what the check says against it.
func compile(t *tree) (*definitions.Procedure, error) {
	bundle, problems := definitions.Compile([]definitions.File{
		{Name: "office.yaml", Text: []byte(office)},
		{Name: "p.yaml", Text: []byte(t.yaml())},
		{Name: "sub.yaml", Text: []byte(callee)},
	})
	if bundle == nil {
		var all []string
		for _, p := range problems {
			if p.Severity == report.Error {
				all = append(all, p.Code+": "+p.Message)
			}
		}
		return nil, errors.New(strings.Join(all, "; "))
	}
	return bundle.Procedures[0], nil
}
