package formula

import (
	"strings"

	"github.com/guicheng/guicheng/definitions/value"
)

func doneByCall(r *run, args []any) (any, error) {
	step, _ := args[0].(string)
	return doneBy(r.scope, step), nil
}

func headsCall(r *run, args []any) (any, error) {
	u, ok := args[0].(value.Unit)
	if !ok {
		return nil, wrongType("heads takes a unit")
	}
	return headsIn(r.scope, u), nil
}

func staffCall(r *run, args []any) (any, error) {
	post, ok1 := args[0].(string)
	u, ok2 := args[1].(value.Unit)
	if !ok1 || !ok2 {
		return nil, wrongType("staff takes a post and a unit")
	}
	if r.scope.Staff == nil {
		return []value.Person(nil), nil
	}
	return r.scope.Staff.InUnit(post, u.ID), nil
}

func unitsCall(r *run, _ []any) (any, error) {
	if r.scope.Staff == nil {
		return []value.Unit(nil), nil
	}
	return r.scope.Staff.Units(), nil
}

func superiorsCall(r *run, args []any) (any, error) {
	p, ok := args[0].(value.Person)
	if !ok {
		return nil, wrongType("superiors takes a person")
	}
	if r.scope.Staff == nil {
		return []value.Person(nil), nil
	}
	return r.scope.Staff.Superiors(p.ID), nil
}

func holdersCall(r *run, args []any) (any, error) {
	post, ok := args[0].(string)
	if !ok {
		return nil, wrongType("holders takes a post")
	}
	if r.scope.Staff == nil {
		return []value.Person(nil), nil
	}
	return r.scope.Staff.Holders(post), nil
}

func everyoneCall(r *run, _ []any) (any, error) {
	if r.scope.Staff == nil {
		return []value.Person(nil), nil
	}
	return r.scope.Staff.Everyone(), nil
}

// personCall gives the person of an id, as a list: nobody, if he is not there.
func personCall(r *run, args []any) (any, error) {
	id, ok := args[0].(string)
	if !ok {
		return nil, wrongType("person takes the id of a person")
	}
	if r.scope.Staff == nil {
		return []value.Person(nil), nil
	}
	for _, p := range r.scope.Staff.Everyone() {
		if p.ID == id {
			return []value.Person{p}, nil
		}
	}
	return []value.Person(nil), nil
}

// listCall joins the texts of a list for a person to read.
func listCall(r *run, args []any) (any, error) {
	list, err := entries(args[0])
	if err != nil {
		return nil, err
	}
	p := printer{scope: r.scope, opts: r.opts}
	parts, size := make([]string, len(list)), 0
	for i, v := range list {
		parts[i] = p.text(v, anyT)
		if size += len(parts[i]) + len(listMark); size > MaxString {
			return nil, limitFailure("MaxString", MaxString)
		}
	}
	if err := r.spend(len(list) + size/64 + 1); err != nil {
		return nil, err
	}
	return strings.Join(parts, listMark), nil
}
