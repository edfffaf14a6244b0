package proof

import "github.com/guicheng/guicheng/definitions"

// NewSmallCover is NewCover with another bound of markings, so that a test meets it soon.
func NewSmallCover(p *definitions.Procedure, bound int) *Cover {
	v := NewCover(p)
	v.bound = bound
	return v
}
