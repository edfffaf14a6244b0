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
		old.Posts, old.Skills = slices.Clone(p.Posts), slices.Clone(p.Skills)
		change(p)
	})
	if err != nil {
		return now, nil, e.told(err)
	}
	left, err := e.unattended(ctx, a, old, now)
	return now, left, e.told(err)
}

// ForeseePerson gives what ChangePerson would, and changes nothing.
func (e *Engine) ForeseePerson(ctx context.Context, a Actor, id string, change func(*store.PersonRow)) (
	store.PersonRow, []Unattended, error,
) {
	if err := e.administrator(ctx, a); err != nil {
		return store.PersonRow{}, nil, e.told(err)
	}
	old, now, err := e.personAfter(ctx, a, id, change)
	if err != nil {
		return store.PersonRow{}, nil, e.told(err)
	}
	d, err := e.books.desk(ctx, a.Office)
	if err != nil {
		return store.PersonRow{}, nil, e.told(err)
	}
	if d.roster.HasAdmin() && !d.roster.With(now).HasAdmin() {
		return store.PersonRow{}, nil, &Error{Code: CodeLastAdmin}
	}
	left, err := e.unattended(ctx, a, old, now)
	return now, left, e.told(err)
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
	old, p, err := e.personAfter(ctx, a, id, change)
	if err != nil {
		return store.PersonRow{}, err
	}
	p.Changed = e.now()
	if !p.Changed.After(old.Changed) { // by it a change is known from the next
		p.Changed = old.Changed.Add(time.Microsecond)
	}
	letter, err := e.staffLetter(ctx, a, old, p)
	if err != nil {
		return store.PersonRow{}, err
	}
	if err := e.store.ChangePerson(ctx, a.Office, old, p, letter); err != nil {
		return store.PersonRow{}, err
	}
	e.books.forget(a.Office)
	if letter != nil {
		e.post.ring()
	}
	return p, nil
}

// personAfter gives what the office knows of a person, and what it would know after a change.
func (e *Engine) personAfter(ctx context.Context, a Actor, id string, change func(*store.PersonRow)) (
	old, p store.PersonRow, err error,
) {
	old, err = e.store.Person(ctx, a.Office, id)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return old, p, err
	}
	p = old
	p.ID, p.Posts, p.Skills = id, slices.Clone(old.Posts), slices.Clone(old.Skills)
	change(&p)
	p.ID = id
	p.Posts = slices.Compact(slices.Sorted(slices.Values(p.Posts)))
	p.Skills = slices.Compact(slices.Sorted(slices.Values(p.Skills)))
	d, err := e.books.desk(ctx, a.Office)
	if err != nil {
		return old, p, err
	}
	if faults := d.wrongPerson(p, a.Lang); len(faults) > 0 {
		return old, p, &Error{Code: string(core.Invalid), Fields: faults}
	}
	return old, p, nil
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
