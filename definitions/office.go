package definitions

import (
	"time"

	"github.com/guicheng/guicheng/definitions/calendar"
	"github.com/guicheng/guicheng/definitions/value"
)

// Office is an organisation as data: the file office.yaml.
type Office struct {
	ID         string
	Title      string
	Language   string // of all titles in its files: zh-Hant, zh-Hans or en
	Zone       *time.Location
	Currency   string   // ISO 4217
	Posts      []Post   // in file order
	Skills     []Skill  // in file order
	Systems    []System // in file order
	Units      []value.Unit
	Superiors  map[string]string       // post -> post
	Types      map[string]*value.Field // the office's own narrowed field types
	Rules      []Rule                  // in file order; empty = they are not listed
	Languages  []string                // in which its titles are wanted
	Calendars  []*calendar.Calendar    // the first is for all that names no other; empty = [calendar.Default]
	Letterhead Letterhead
	Texts      map[string]Texts // language -> translations
}

// Rule is one of the rules that an office has set itself: "visitor.4", and what it says.
type Rule struct{ ID, Title string }

// Letterhead is what stands at the head and foot of an office's papers.
type Letterhead struct {
	Name  string
	Lines []string
	Foot  string
}

// Calendar is the calendar with the given id, or else the office's own.
func (o *Office) Calendar(id string) *calendar.Calendar {
	for _, c := range o.Calendars {
		if c.ID == id {
			return c
		}
	}
	if len(o.Calendars) > 0 {
		return o.Calendars[0]
	}
	return calendar.Default
}

// MissingHolidays names the holidays whose days are not known although they will be needed: of this year, and from
// 1 December on of the next. It gives the year that is missing first.
func (o *Office) MissingHolidays(now time.Time) (name string, year int, missing bool) {
	local := now.In(o.Zone)
	last := local.Year()
	if local.Month() == time.December {
		last++
	}
	for year := local.Year(); year <= last; year++ {
		for _, c := range o.Calendars {
			if !c.Covers(year) {
				return c.Holidays, year, true
			}
		}
	}
	return "", 0, false
}

// Post is a function that persons of the office hold.
type Post struct {
	ID    string
	Title string
}

// Skill is what a person may be able to do: a licence, a trade.
type Skill struct {
	ID    string
	Title string
}

// System is a computer system that procedures send requests to. Where it is, and its secrets, are told to the server.
type System struct {
	ID    string
	Title string
}

// Texts translates: text in the office's language -> text.
type Texts map[string]string

// Say gives text in language lang, or as it stands where there is no translation. The titles of what every case has are
// said in all languages.
func (o *Office) Say(lang, text string) string {
	if t, ok := o.Texts[lang][text]; ok {
		return t
	}
	for _, t := range caseTitles {
		if t.titles[languageIndex(o.Language)] == text {
			return t.titles[languageIndex(lang)]
		}
	}
	return text
}

// Bundle is everything that one office deploys together.
type Bundle struct {
	Office     *Office
	Procedures []*Procedure // by id
	Scenarios  []*Scenarios
	Load       *Load  // nil: the office says nothing of it
	Files      []File // what it was read from, by name
	Hash       string // of Files
}

// File is one source text of a bundle. Name is relative to the office's folder and uses slashes.
type File struct {
	Name string `json:"name"`
	Text []byte `json:"text"`
}

// Procedure returns the procedure with the given id; nil if there is none.
func (b *Bundle) Procedure(id string) *Procedure {
	for _, p := range b.Procedures {
		if p.ID == id {
			return p
		}
	}
	return nil
}
