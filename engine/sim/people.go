package sim

import (
	"slices"

	"github.com/guicheng/guicheng/definitions"
	"github.com/guicheng/guicheng/definitions/formula"
	"github.com/guicheng/guicheng/definitions/value"
)

// People are the staff of a world, in the order in which they were given.
type People struct{ *definitions.People }

var (
	_ formula.Staff  = (*People)(nil)
	_ value.Resolver = (*People)(nil)
)

// NewPeople makes the staff of an office from the players of its scenarios. A player without a name is called by his
// id.
func NewPeople(office *definitions.Office, players []definitions.Player) *People {
	var all []value.Person
	for _, x := range players {
		name := x.Name
		if name == "" {
			name = x.ID
		}
		all = append(all, value.Person{ID: x.ID, Name: name, Posts: slices.Clone(x.Posts), Unit: x.Unit,
			Skills: slices.Clone(x.Skills)})
	}
	return &People{definitions.NewPeople(office, all)}
}

// Deputies gives who does a player's work while he is away: his substitute, the substitute of that one, and so on over
// as many as the engine goes.
func (p *People) Deputies(players []definitions.Player) func(person, procedure string) []value.Person {
	next := map[string]string{}
	for _, x := range players {
		next[x.ID] = x.Substitute
	}
	return func(person, _ string) []value.Person {
		var out []value.Person
		for id := next[person]; id != "" && id != person && len(out) < definitions.MaxStandIns; id = next[id] {
			if who, ok := p.Person(id); ok && !slices.ContainsFunc(out, func(o value.Person) bool { return o.ID == id }) {
				out = append(out, who)
			}
		}
		return out
	}
}

// OnePerPost makes a staff in which each post of the office is held by one person, whose id is the post's.
func OnePerPost(office *definitions.Office) *People {
	players := make([]definitions.Player, len(office.Posts))
	for i, post := range office.Posts {
		players[i] = definitions.Player{ID: post.ID, Name: post.Title, Posts: []string{post.ID}}
	}
	return NewPeople(office, players)
}

// Attachment implements value.Resolver. In this world there is a file under every name, and all are of one byte.
func (p *People) Attachment(id string) (value.Attachment, bool) {
	return value.Attachment{ID: id, Name: id, Type: "text/plain", Size: 1}, true
}

// meant tells whether a candidate names the person, directly or by a post.
func meant(c formula.Candidate, who value.Person) bool {
	return c.Person != "" && c.Person == who.ID || c.Post != "" && slices.Contains(who.Posts, c.Post)
}
