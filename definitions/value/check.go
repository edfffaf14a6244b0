package value

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// Patterns of the kinds that have one of their own. An office's own pattern comes on top of them.
var kindPatterns = map[Kind]*regexp.Regexp{
	Phone:    regexp.MustCompile(`^\+?[0-9][0-9 ()-]{3,19}$`),
	IDNumber: regexp.MustCompile(`^([0-9]{15}|[0-9]{17}[0-9Xx])$`),
	Email:    regexp.MustCompile(`^[^\s@<>(),;:"\[\]\\]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$`),
}

// CompilePattern reads a field's pattern as it is matched: anchored at both ends, and not longer than MaxPattern.
func CompilePattern(pattern string) (*regexp.Regexp, error) {
	if utf8.RuneCountInString(pattern) > MaxPattern {
		return nil, fmt.Errorf("a pattern has at most %d characters", MaxPattern)
	}
	return regexp.Compile(`^(?:` + pattern + `)$`)
}

// Check tests a value's bounds, pattern and options, and those of all that a record or table holds. It does not test
// whether the field is required; but a text of nothing but spaces is at fault, code "required".
func (f *Field) Check(v any) []Fault {
	d := &decoder{}
	d.check(f, f.Path, v)
	return d.faults
}

func (d *decoder) check(f *Field, path string, v any) {
	if f.Kind == 0 { // of a type that does not exist, which was said
		return
	}
	if !f.holds(v) {
		d.fault(path, "type", "want", f.Kind.String())
		return
	}
	switch x := v.(type) {
	case string:
		d.checkText(f, path, x)
	case []string:
		d.checkStrings(f, path, x)
	case float64:
		if f.Places > 0 && !hasPlaces(x, f.Places) {
			d.fault(path, "places", "max", strconv.Itoa(f.Places))
		}
	case Record:
		d.checkRecord(f, path, x)
	case []Record:
		for i, row := range x {
			d.checkRecord(f, fmt.Sprintf("%s[%d]", path, i), row)
		}
	}
	d.checkBounds(f, path, v)
}

func (d *decoder) checkRecord(f *Field, path string, rec Record) {
	for _, sub := range f.Fields {
		if v, ok := rec[sub.Name]; ok {
			d.check(sub, path+"."+sub.Name, v)
		}
	}
}

func (d *decoder) checkText(f *Field, path, text string) {
	if strings.TrimSpace(text) == "" {
		d.fault(path, "required")
		return
	}
	if limit := textLimit(f.Kind); utf8.RuneCountInString(text) > limit {
		d.fault(path, "max", "max", strconv.Itoa(limit), "of", "characters")
		return
	}
	if f.Kind == Choice && !f.hasOption(text) {
		d.fault(path, "option", "got", clip(text), "options", f.optionList())
	}
	if own := kindPatterns[f.Kind]; own != nil && !own.MatchString(text) {
		d.fault(path, "pattern", "want", f.Kind.String(), "hint", f.Hint)
		return
	}
	if f.Pattern == "" {
		return
	}
	if re, err := CompilePattern(f.Pattern); err != nil || !re.MatchString(text) {
		d.fault(path, "pattern", "pattern", f.Pattern, "hint", f.Hint)
	}
}

func (d *decoder) checkStrings(f *Field, path string, list []string) {
	if len(list) > MaxItems {
		d.fault(path, "max", "max", strconv.Itoa(MaxItems), "of", "entries")
		return
	}
	if f.Kind == Texts {
		return
	}
	for i, id := range list {
		if !f.hasOption(id) {
			d.fault(fmt.Sprintf("%s[%d]", path, i), "option", "got", clip(id), "options", f.optionList())
		}
	}
	if f.Kind != Checklist {
		return
	}
	for _, o := range f.Options {
		if !slices.Contains(list, o.ID) {
			d.fault(path, "required", "option", o.ID)
		}
	}
}

func (f *Field) hasOption(id string) bool {
	return slices.ContainsFunc(f.Options, func(o Option) bool { return o.ID == id })
}

func (f *Field) optionList() string {
	ids := make([]string, len(f.Options))
	for i, o := range f.Options {
		ids[i] = o.ID
	}
	return strings.Join(ids, ", ")
}

// hasPlaces tells whether n has at most places decimals as a person would write it.
func hasPlaces(n float64, places int) bool {
	_, part, _ := strings.Cut(strconv.FormatFloat(n, 'f', -1, 64), ".")
	return len(part) <= places
}

func (d *decoder) checkBounds(f *Field, path string, v any) {
	measure, of := measured(v)
	if order, ok := Compare(measure, f.Min); ok && order < 0 {
		d.fault(path, "min", "min", boundText(f, f.Min), "of", of)
	}
	if order, ok := Compare(measure, f.Max); ok && order > 0 {
		d.fault(path, "max", "max", boundText(f, f.Max), "of", of)
	}
}

// measured is what the bounds of a field are held against, and what it counts; "" = it is the value itself.
func measured(v any) (measure any, of string) {
	switch x := v.(type) {
	case string:
		return int64(utf8.RuneCountInString(x)), "characters"
	case []string:
		return int64(len(x)), "entries"
	case []Person:
		return int64(len(x)), "entries"
	case []Record:
		return int64(len(x)), "rows"
	case time.Duration:
		return x, "span"
	case time.Time:
		return x, "time"
	}
	return v, ""
}

func boundText(f *Field, bound any) string {
	switch x := bound.(type) {
	case time.Duration:
		return FormatDuration(x)
	case time.Time:
		return f.timeText(x, x.Location())
	}
	return fmt.Sprint(bound)
}
