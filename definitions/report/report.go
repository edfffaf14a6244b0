// Package report holds what a check finds in a procedure, and shows it like a compiler does.
package report

import (
	"cmp"
	"fmt"
	"slices"
)

// Place is a position in a source file. Line and Column count from 1; Column counts characters, not bytes.
type Place struct {
	File   string `json:"file"`
	Line   int    `json:"line"`
	Column int    `json:"column"`
}

// String is the place as editors and terminals know it: "visitor.yaml:41:7".
func (p Place) String() string { return fmt.Sprintf("%s:%d:%d", p.File, p.Line, p.Column) }

// Severity of a problem.
type Severity uint8

// An Error refuses the procedure; a Warning is shown and recorded.
const (
	Error Severity = iota
	Warning
)

// String is "error" or "warning".
func (s Severity) String() string {
	if s == Warning {
		return "warning"
	}
	return "error"
}

// MarshalText writes the severity as a word.
func (s Severity) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText reads what MarshalText wrote; any other word is refused.
func (s *Severity) UnmarshalText(text []byte) error {
	switch string(text) {
	case "error":
		*s = Error
	case "warning":
		*s = Warning
	default:
		return fmt.Errorf("severity %q: want error or warning", text)
	}
	return nil
}

// Problem is one finding.
type Problem struct {
	Place
	Severity Severity `json:"severity"`
	Code     string   `json:"code"`           // kebab-case and stable: "unknown-name"
	Message  string   `json:"message"`        // what is wrong, one sentence without a full stop
	Way      []string `json:"way,omitempty"`  // the shortest way there, a line for each step; may be empty
	Hint     string   `json:"hint,omitempty"` // what would be right; may be empty
	// WayIn is the way in other languages, where whoever found the problem says it in them himself.
	WayIn map[string][]string `json:"-"`
	Width int                 `json:"width,omitempty"` // characters that the caret underlines; 0 is shown as 1

	// Sentence is what is wrong and what would be right in another language than the message's; In puts it here.
	Sentence string `json:"sentence,omitempty"`
	// Detail is the message in that language; "" where it is not said in it.
	Detail string `json:"detail,omitempty"`
}

// String is the problem on one line, without its hint.
func (p Problem) String() string {
	return fmt.Sprintf("%s: %s[%s]: %s", p.Place, p.Severity, p.Code, printable(p.Message))
}

// Failed tells whether one of the problems is an error.
func Failed(problems []Problem) bool {
	return slices.ContainsFunc(problems, func(p Problem) bool { return p.Severity == Error })
}

// Named calls a thing as people know it, with the id by which its author finds it: "Sign (sign)".
func Named(title, id string) string {
	if title == "" || title == id {
		return id
	}
	return title + " (" + id + ")"
}

// Among calls a thing by its title, with its id where another one has the same title. titles are by id.
func Among(titles map[string]string, id string) string {
	for other, title := range titles { // any order: one is enough
		if other != id && title == titles[id] {
			return Named(title, id)
		}
	}
	return cmp.Or(titles[id], id)
}

// Sort orders problems by place; of equal places errors come first, then by code and text. Repeats are dropped.
func Sort(problems []Problem) []Problem {
	slices.SortStableFunc(problems, compare)
	return slices.CompactFunc(problems, func(a, b Problem) bool { return compare(a, b) == 0 })
}

func compare(a, b Problem) int {
	return cmp.Or(
		cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column),
		cmp.Compare(a.Severity, b.Severity), cmp.Compare(a.Code, b.Code), cmp.Compare(a.Message, b.Message),
		slices.Compare(a.Way, b.Way), cmp.Compare(a.Hint, b.Hint), cmp.Compare(a.Width, b.Width),
	)
}

// Limit keeps the first most problems of a sorted list and says in a closing line how many there were. Errors are
// kept before warnings, so that a limited list of a refused bundle still refuses it.
func Limit(problems []Problem, most int) []Problem {
	if len(problems) <= most {
		return problems
	}
	kept := make([]Problem, 0, most+1)
	for _, severity := range []Severity{Error, Warning} {
		for _, p := range problems {
			if p.Severity == severity && len(kept) < most {
				kept = append(kept, p)
			}
		}
	}
	kept = Sort(kept)
	last := kept[len(kept)-1]
	return append(kept, Problem{
		Place: last.Place, Severity: kept[0].Severity, Code: "too-many",
		Message: fmt.Sprintf("%d more problems are not shown", len(problems)-most),
		Hint:    "put these right first",
	})
}
