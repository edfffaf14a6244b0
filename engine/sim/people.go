package sim

import (
	"maps"
	"slices"

	"github.com/guicheng/guicheng/definitions"
	"github.com/guicheng/guicheng/definitions/formula"
	"github.com/guicheng/guicheng/definitions/value"
)

// People are the staff of a world, in the order in which they were given.
type People struct {
	office *definitions.Office
	all    []value.Person
}

var (
	_ formula.Staff  = (*People)(nil)
	_ value.Resolver = (*People)(nil)
)

// NewPeople makes the staff of an office from the players of its scenarios. A player without a name is called by his
// id.
func NewPeople(office *definitions.Office, players []definitions.Player) *People {
	p := &People{office: office}
	for _, x := range players {
		name := x.Name
		if name == "" {
			name = x.ID
		}
		p.all = append(p.all, value.Person{ID: x.ID, Name: name, Posts: slices.Clone(x.Posts), Unit: x.Unit,
			Skills: slices.Clone(x.Skills)})
	}
	return p
}

// OnePerPost makes a staff in which each post of the office is held by one person, whose id is the post's.
func OnePerPost(office *definitions.Office) *People {
	players := make([]definitions.Player, len(office.Posts))
	for i, post := range office.Posts {
		players[i] = definitions.Player{ID: post.ID, Name: post.Title, Posts: []string{post.ID}}
	}
	return NewPeople(office, players)
}

// Person implements value.Resolver.
func (p *People) Person(id string) (value.Person, bool) {
	for _, x := range p.all {
		if x.ID == id {
			return x, true
		}
	}
	return value.Person{}, false
}

// Unit implements value.Resolver.
func (p *People) Unit(id string) (value.Unit, bool) {
	for _, u := range p.office.Units {
		if u.ID == id {
			return u, true
		}
	}
	return value.Unit{}, false
}

// Attachment implements value.Resolver. In this world there is a file under every name, and all are of one byte.
func (p *People) Attachment(id string) (value.Attachment, bool) {
	return value.Attachment{ID: id, Name: id, Type: "text/plain", Size: 1}, true
}

// Everyone implements formula.Staff.
func (p *People) Everyone() []value.Person { return slices.Clone(p.all) }

// Holders implements formula.Staff.
func (p *People) Holders(post string) []value.Person {
	return p.those(func(x value.Person) bool { return slices.Contains(x.Posts, post) })
}

// Able implements formula.Staff.
func (p *People) Able(skill string) []value.Person {
	return p.those(func(x value.Person) bool { return slices.Contains(x.Skills, skill) })
}

// InUnit implements formula.Staff.
func (p *People) InUnit(post, unit string) []value.Person {
	return p.those(func(x value.Person) bool { return x.Unit == unit && slices.Contains(x.Posts, post) })
}

// Units implements formula.Staff.
func (p *People) Units() []value.Unit { return slices.Clone(p.office.Units) }

// Heads implements formula.Staff: those of a unit who hold a post that is above another.
func (p *People) Heads(unit string) []value.Person {
	return p.those(func(x value.Person) bool {
		return x.Unit == unit && slices.ContainsFunc(x.Posts, func(post string) bool {
			return slices.Contains(slices.Sorted(maps.Values(p.office.Superiors)), post)
		})
	})
}

// Superiors implements formula.Staff: the holders of the posts above those of a person.
func (p *People) Superiors(person string) []value.Person {
	who, _ := p.Person(person)
	return p.those(func(x value.Person) bool {
		return slices.ContainsFunc(who.Posts, func(post string) bool {
			above, ok := p.office.Superiors[post]
			return ok && slices.Contains(x.Posts, above)
		})
	})
}

func (p *People) those(is func(value.Person) bool) []value.Person {
	var out []value.Person
	for _, x := range p.all {
		if is(x) {
			out = append(out, x)
		}
	}
	return out
}

// meant tells whether a candidate names the person, directly or by a post.
func meant(c formula.Candidate, who value.Person) bool {
	return c.Person != "" && c.Person == who.ID || c.Post != "" && slices.Contains(who.Posts, c.Post)
}
