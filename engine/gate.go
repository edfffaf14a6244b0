package engine

import (
	"slices"
	"time"

	"github.com/guicheng/guicheng/definitions"
	"github.com/guicheng/guicheng/definitions/report"
	"github.com/guicheng/guicheng/definitions/value"
	"github.com/guicheng/guicheng/engine/proof"
	"github.com/guicheng/guicheng/store"
)

// unstaffed tells of steps for which the office has nobody, with its people and their substitutes as they are. It
// refuses a procedure that is new or changed, unless its author has said what happens then, and warns where nothing
// was changed: what is in force stays in force. Nobody can hold a post that comes with these files, so it warns of
// that, too. An office that has given nobody a post yet is not judged.
func unstaffed(before *desk, bundle *definitions.Bundle, now time.Time) []report.Problem {
	people := before.roster.Everyone()
	if !slices.ContainsFunc(people, func(p value.Person) bool { return len(p.Posts) > 0 }) {
		return nil
	}
	deputies := func(person, procedure string) []value.Person { return before.roster.Deputies(person, procedure, now) }
	found := func(list []*definitions.Procedure, people []value.Person) []report.Problem {
		some := &definitions.Bundle{Office: bundle.Office, Procedures: list}
		return proof.Staffed(some, definitions.NewPeople(bundle.Office, people), deputies)
	}
	same := func(p *definitions.Procedure) bool {
		return slices.ContainsFunc(before.lines, func(v store.VersionRow) bool {
			return v.Procedure == p.ID && v.Hash == p.Hash
		})
	}
	var changed, kept []*definitions.Procedure
	for _, p := range bundle.Procedures {
		if same(p) {
			kept = append(kept, p)
		} else {
			changed = append(changed, p)
		}
	}
	out := found(kept, people)
	for i := range out {
		out[i].Severity = report.Warning
	}
	grave := found(changed, slices.Concat(people, newcomers(before.office, bundle.Office)))
	for _, p := range found(changed, people) {
		if !slices.ContainsFunc(grave, func(g report.Problem) bool { return g.Place == p.Place }) {
			p.Severity = report.Warning
		}
		out = append(out, p)
	}
	return out
}

// newcomers are two who hold all the posts that an office does not have yet, as if somebody had been appointed.
func newcomers(before, after *definitions.Office) []value.Person {
	var posts []string
	for _, post := range after.Posts {
		if before == nil || !hasPost(before, post.ID) {
			posts = append(posts, post.ID)
		}
	}
	if len(posts) == 0 {
		return nil
	}
	return []value.Person{{ID: "@1", Name: "@1", Posts: posts}, {ID: "@2", Name: "@2", Posts: posts}}
}
