package engine

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/guicheng/guicheng/definitions"
	"github.com/guicheng/guicheng/definitions/value"
	"github.com/guicheng/guicheng/engine/core"
	"github.com/guicheng/guicheng/store"
)

// PutPerson adds or replaces a person of the office. A change after which nobody would keep the office any more is
// refused with code last-administrator.
func (e *Engine) PutPerson(ctx context.Context, a Actor, p store.PersonRow) error {
	_, _, err := e.ChangePerson(ctx, a, p.ID, func(old *store.PersonRow) { *old = p })
	return err
}

// Unattended is work that a change of the office has left to nobody: tasks that are offered to a post which nobody
// holds any more, or whose holders a rule keeps from them, or that are those of a person who has left.
type Unattended struct {
	Post     string `json:"post,omitempty" doc:"absent: they are the person's own; hand them over"`
	Title    string `json:"title,omitempty" doc:"of the post"`
	Tasks    int    `json:"tasks" doc:"up to 1000"`
	Excluded bool   `json:"excluded,omitempty" doc:"somebody holds the post, but a rule keeps him from these"`
}

// ChangePerson lets change alter what the office knows of a person, and gives what it knows then, and which work has
// nobody now; a person who is not there yet begins with nothing but the id. Refused as PutPerson.
func (e *Engine) ChangePerson(ctx context.Context, a Actor, id string, change func(*store.PersonRow)) (
	store.PersonRow, []Unattended, error,
) {
	if err := e.administrator(ctx, a); err != nil {
		return store.PersonRow{}, nil, e.told(err)
	}
	var old store.PersonRow
	now, err := e.changePerson(ctx, a, id, func(p *store.PersonRow) {
		old = *p
		old.Posts = slices.Clone(p.Posts)
		change(p)
	})
	if err != nil {
		return now, nil, e.told(err)
	}
	left, err := e.unattended(ctx, a, old, now)
	return now, left, e.told(err)
}

// unattended counts the work that a person had and that nobody has now.
func (e *Engine) unattended(ctx context.Context, a Actor, old, now store.PersonRow) ([]Unattended, error) {
	if old.Gone {
		return nil, nil // it was so before
	}
	d, err := e.books.desk(ctx, a.Office)
	if err != nil || d.office == nil {
		return nil, err
	}
	who := []store.Candidate{}
	for _, post := range old.Posts {
		if len(d.roster.Holders(post)) == 0 {
			who = append(who, store.Candidate("post:"+post))
		}
	}
	if now.Gone {
		who = append(who, store.Candidate("person:"+now.ID), store.Candidate("holder:"+now.ID), heldBy(now.ID))
	}
	counts := map[store.Candidate]int{}
	if len(who) > 0 {
		if counts, err = e.store.InboxCounts(ctx, a.Office, who, maxCount); err != nil {
			return nil, err
		}
	}
	var out []Unattended
	own := Unattended{}
	for _, c := range who {
		post, isPost := strings.CutPrefix(string(c), "post:")
		switch n := counts[c]; {
		case n == 0:
		case isPost:
			out = append(out, Unattended{Post: post, Title: d.postTitle(a.Lang, post), Tasks: n})
		default:
			own.Tasks = min(own.Tasks+n, maxCount)
		}
	}
	if own.Tasks > 0 {
		out = append(out, own)
	}
	for _, post := range old.Posts {
		if !now.Gone && slices.Contains(now.Posts, post) || len(d.roster.Holders(post)) == 0 {
			continue
		}
		n, err := e.excluded(ctx, a.Office, d, post)
		if err != nil {
			return nil, err
		}
		if n > 0 {
			out = append(out, Unattended{Post: post, Title: d.postTitle(a.Lang, post), Tasks: n, Excluded: true})
		}
	}
	return out, nil
}

// excluded counts the tasks of a post that none of the office may do, though some hold the post.
func (e *Engine) excluded(ctx context.Context, office string, d *desk, post string) (int, error) {
	n, after := 0, ""
	c := core.Context{Now: e.now(), Staff: d.roster, Office: d.office}
	for range maxCount / maxPage {
		page, err := e.store.Inbox(ctx, office, store.InboxQuery{
			Who: []store.Candidate{store.Candidate("post:" + post)}, After: after, Limit: maxPage,
		})
		if err != nil {
			return 0, err
		}
		for _, t := range page.Items {
			id, slot, ok := splitID(t.ID)
			if !ok {
				continue
			}
			s, err := e.snapshot(ctx, caseKey{office: office, id: id})
			if err != nil { // what cannot be read is told where it is looked at
				continue
			}
			err = guarded(func() error {
				if !core.Attended(s.proc, s.state, c, slot) {
					n++
				}
				return nil
			})
			if err != nil {
				return 0, err
			}
		}
		if after = page.Next; after == "" {
			break
		}
	}
	return n, nil
}

func (d *desk) postTitle(lang, post string) string {
	for _, p := range d.office.Posts {
		if p.ID == post {
			return d.say(lang, p.Title)
		}
	}
	return ""
}

func (e *Engine) changePerson(ctx context.Context, a Actor, id string, change func(*store.PersonRow)) (
	store.PersonRow, error,
) {
	e.staff.Lock()
	defer e.staff.Unlock()
	for try := 1; ; try++ {
		p, err := e.tryPerson(ctx, a, id, change)
		switch {
		case errors.Is(err, store.ErrStale) && try < maxTries: // another node has changed it meanwhile
		case errors.Is(err, store.ErrStale):
			return store.PersonRow{}, &Error{Code: CodeBusy}
		case errors.Is(err, store.ErrLastAdmin):
			return store.PersonRow{}, &Error{Code: CodeLastAdmin}
		default:
			return p, err
		}
	}
}

func (e *Engine) tryPerson(ctx context.Context, a Actor, id string, change func(*store.PersonRow)) (
	store.PersonRow, error,
) {
	old, err := e.store.Person(ctx, a.Office, id)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return store.PersonRow{}, err
	}
	p := old
	p.ID, p.Posts, p.Skills = id, slices.Clone(old.Posts), slices.Clone(old.Skills)
	change(&p)
	p.ID = id
	p.Posts = slices.Compact(slices.Sorted(slices.Values(p.Posts)))
	p.Skills = slices.Compact(slices.Sorted(slices.Values(p.Skills)))
	d, err := e.books.desk(ctx, a.Office)
	if err != nil {
		return store.PersonRow{}, err
	}
	if faults := d.wrongPerson(p, a.Lang); len(faults) > 0 {
		return store.PersonRow{}, &Error{Code: string(core.Invalid), Fields: faults}
	}
	p.Changed = e.now()
	if !p.Changed.After(old.Changed) { // by it a change is known from the next
		p.Changed = old.Changed.Add(time.Microsecond)
	}
	if err := e.store.ChangePerson(ctx, a.Office, old, p); err != nil {
		return store.PersonRow{}, err
	}
	e.books.forget(a.Office)
	return p, nil
}

// wrongPerson finds what cannot be true of a person of the office. Before the first deployment there are no posts and
// units to compare with.
func (d *desk) wrongPerson(p store.PersonRow, lang string) []value.Fault {
	var out []value.Fault
	if !plainID(p.ID) {
		out = append(out, faultAt("id", "id"))
	}
	switch {
	case strings.TrimSpace(p.Name) == "":
		out = append(out, faultAt("name", "required"))
	case utf8.RuneCountInString(p.Name) > maxName:
		out = append(out, tooLong("name").Fields...)
	}
	for i, id := range p.Posts {
		path := fmt.Sprintf("posts[%d]", i)
		switch {
		case !plainID(id):
			out = append(out, faultAt(path, "id"))
		case d.office != nil && !hasPost(d.office, id):
			out = append(out, faultAt(path, "option", "got", id, "options", d.postList(lang)))
		}
	}
	for i, id := range p.Skills {
		path := fmt.Sprintf("skills[%d]", i)
		switch {
		case !plainID(id):
			out = append(out, faultAt(path, "id"))
		case d.office != nil && !hasSkill(d.office, id):
			out = append(out, faultAt(path, "option", "got", id, "options", d.skillList(lang)))
		}
	}
	if _, ok := d.roster.Unit(p.Unit); !ok && p.Unit != "" && d.office != nil {
		out = append(out, faultAt("unit", "option", "got", p.Unit, "options", d.unitList(lang)))
	}
	return out
}

func (d *desk) postList(lang string) string {
	out := make([]Choice, len(d.office.Posts))
	for i, p := range d.office.Posts {
		out[i] = Choice{ID: p.ID, Title: d.say(lang, p.Title)}
	}
	return listed(out)
}

func (d *desk) skillList(lang string) string {
	out := make([]Choice, len(d.office.Skills))
	for i, s := range d.office.Skills {
		out[i] = Choice{ID: s.ID, Title: d.say(lang, s.Title)}
	}
	return listed(out)
}

func hasSkill(office *definitions.Office, id string) bool {
	return slices.ContainsFunc(office.Skills, func(s definitions.Skill) bool { return s.ID == id })
}

func (d *desk) unitList(lang string) string {
	units := d.roster.Units()
	out := make([]Choice, len(units))
	for i, u := range units {
		out[i] = Choice{ID: u.ID, Title: d.say(lang, u.Name)}
	}
	return listed(out)
}

// listed writes what can be chosen for those who read and those who type: "個人 person, 單位 company".
func listed(choices []Choice) string {
	parts := make([]string, len(choices))
	for i, c := range choices {
		parts[i] = strings.TrimSpace(c.Title + " " + c.ID)
	}
	return strings.Join(parts, ", ")
}

// plainID keeps separators of keys and of paths out of ids.
func plainID(id string) bool {
	if id == "" || len(id) > 64 {
		return false
	}
	for _, r := range id {
		switch {
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9':
		case r == '.', r == '_', r == '@', r == '-':
		default:
			return false
		}
	}
	return true
}

// FirstAdministrator adds the office's first administrator. It is refused, with code forbidden, once there is one.
func (e *Engine) FirstAdministrator(ctx context.Context, office string, p store.PersonRow) error {
	e.books.forget(office)
	d, err := e.books.desk(ctx, office)
	if err != nil {
		return e.told(err)
	}
	if d.roster.HasAdmin() {
		return e.told(fail(CodeForbidden, errors.New("the office has an administrator")))
	}
	p.Admin, p.Gone = true, false
	_, err = e.changePerson(ctx, Operator(office), p.ID, func(old *store.PersonRow) { *old = p })
	return e.told(err)
}

// People lists all persons of the office, also those who have gone, by id.
func (e *Engine) People(ctx context.Context, a Actor) ([]store.PersonRow, error) {
	if err := e.administrator(ctx, a); err != nil {
		return nil, e.told(err)
	}
	out, err := e.store.People(ctx, a.Office)
	return out, e.told(err)
}
