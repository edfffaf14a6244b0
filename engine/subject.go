package engine

import (
	"context"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/guicheng/guicheng/definitions"
	"github.com/guicheng/guicheng/definitions/value"
	"github.com/guicheng/guicheng/store"
)

// maxSubject is how much of one value a line of a list shows, in characters.
const maxSubject = 40

// subject says what a case is about: those of the procedure's fields for it that are filled in. None is private.
func (n *renderer) subject(p *definitions.Procedure, data value.Record) string {
	var parts []string
	for _, f := range p.Subject {
		if v := dataAt(data, f.Path); v != nil {
			parts = append(parts, firstLine(n.text(f, v)))
		}
	}
	return strings.Join(parts, " · ")
}

// firstLine shortens a text of several lines.
func firstLine(text string) string {
	line, rest, _ := strings.Cut(strings.TrimSpace(text), "\n")
	if line = strings.TrimSpace(line); utf8.RuneCountInString(line) > maxSubject {
		return string([]rune(line)[:maxSubject-1]) + "…"
	}
	if rest != "" {
		return line + "…"
	}
	return line
}

// subjectOf says what the case of a row is about; "" of one that cannot be read.
func (e *Engine) subjectOf(ctx context.Context, r *reader, lang string, row store.CaseRow) string {
	if !r.desk.hasSubject(row.Procedure) {
		return ""
	}
	s, err := e.read(ctx, row)
	if err != nil {
		return ""
	}
	return r.renderer(lang, s.proc).subject(s.proc, s.state.Data)
}

// nameSubjects says of each task in a list what its case is about.
func (e *Engine) nameSubjects(ctx context.Context, r *reader, lang string, tasks []TaskLine) error {
	var refs []store.CaseRef
	for _, t := range tasks {
		ref := store.CaseRef{Office: r.office, ID: t.Case}
		if r.desk.hasSubject(t.Procedure) && !slices.Contains(refs, ref) {
			refs = append(refs, ref)
		}
	}
	if len(refs) == 0 {
		return nil
	}
	rows, err := e.store.CasesByRef(ctx, refs)
	if err != nil {
		return err
	}
	of := make(map[string]string, len(rows))
	for _, row := range rows {
		of[row.ID] = e.subjectOf(ctx, r, lang, row)
	}
	for i := range tasks {
		tasks[i].Subject = of[tasks[i].Case]
	}
	return nil
}

// hasSubject tells whether lists say what the cases of a procedure are about, as it is today.
func (d *desk) hasSubject(procedure string) bool {
	p := d.newest[procedure]
	return p != nil && len(p.Subject) > 0
}
