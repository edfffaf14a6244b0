package engine

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/guicheng/guicheng/definitions"
	"github.com/guicheng/guicheng/definitions/report"
	"github.com/guicheng/guicheng/definitions/value"
	"github.com/guicheng/guicheng/engine/core"
	"github.com/guicheng/guicheng/store"
)

// SettingLine is a constant of a procedure: what the procedure says, and what the office has made of it.
type SettingLine struct {
	Name      string          `json:"name"`
	Title     string          `json:"title"`
	Type      string          `json:"type"`
	Value     json.RawMessage `json:"value" doc:"in force for cases that begin from now on"`
	Text      string          `json:"text" doc:"the same as people write it"`
	Own       string          `json:"own" doc:"what the procedure says, as people write it"`
	Set       bool            `json:"set" doc:"whether the office has set it"`
	Changed   *time.Time      `json:"changed,omitempty"`
	ChangedBy string          `json:"changed_by,omitempty" doc:"id of the person"`
}

// SettingsOf lists the settings of a procedure in force, in its order. For administrators.
func (e *Engine) SettingsOf(ctx context.Context, a Actor, lang, procedure string) ([]SettingLine, error) {
	r, p, err := e.keeper(ctx, a, procedure)
	if err != nil {
		return nil, e.told(err)
	}
	out := make([]SettingLine, 0, len(p.Settings))
	for _, s := range p.Settings {
		line, err := r.setting(lang, p, s)
		if err != nil {
			return nil, e.told(err)
		}
		out = append(out, line)
	}
	return out, nil
}

// SetSetting gives a setting the office's value, as JSON; null takes the procedure's own again. Running cases keep what
// they began with. For administrators.
func (e *Engine) SetSetting(ctx context.Context, a Actor, lang, procedure, name string, raw json.RawMessage) (
	SettingLine, error,
) {
	out, err := e.setSetting(ctx, a, lang, procedure, name, raw)
	return out, e.told(err)
}

func (e *Engine) setSetting(ctx context.Context, a Actor, lang, procedure, name string, raw json.RawMessage) (
	SettingLine, error,
) {
	r, p, err := e.keeper(ctx, a, procedure)
	if err != nil {
		return SettingLine{}, err
	}
	i := slices.IndexFunc(p.Settings, func(s *definitions.Setting) bool { return s.Name == name })
	if i < 0 {
		var names []string
		for _, s := range p.Settings {
			names = append(names, s.Name)
		}
		return SettingLine{}, wrong("name", "option", "options", strings.Join(names, ", "))
	}
	s := p.Settings[i]
	if len(raw) == 0 || string(raw) == "null" {
		err = e.store.DropSetting(ctx, r.office, p.ID, name)
	} else {
		err = e.putSetting(ctx, r, p, s, raw)
	}
	if err != nil {
		return SettingLine{}, err
	}
	e.books.forget(r.office)
	e.log.Info("setting changed", "office", r.office, "procedure", p.ID, "setting", name, "by", r.person.ID)
	if r, err = e.reader(ctx, a); err != nil {
		return SettingLine{}, err
	}
	return r.setting(lang, p, s)
}

func (e *Engine) putSetting(
	ctx context.Context, r *reader, p *definitions.Procedure, s *definitions.Setting, raw json.RawMessage,
) error {
	from := e.sources(ctx, r, "")
	v, faults := settingOf(p, s, raw, from)
	if from.err != nil {
		return from.err
	}
	faults = append(faults, from.misfits([]*value.Field{s.Field}, value.Record{s.Name: v}, "")...)
	if len(faults) > 0 {
		for i := range faults {
			faults[i].Path = "value"
		}
		return &Error{Code: string(core.Invalid), Fields: faults}
	}
	encoded, err := s.Encode(v, p.Office.Zone)
	if err != nil {
		return fmt.Errorf("setting %s of %s: %w", s.Name, p.ID, err)
	}
	return e.store.PutSetting(ctx, r.office, store.SettingRow{
		Procedure: p.ID, Name: s.Name, Value: encoded, Changed: e.now(), ChangedBy: r.person.ID,
	})
}

// keeper is an administrator who looks at a procedure in force.
func (e *Engine) keeper(ctx context.Context, a Actor, procedure string) (*reader, *definitions.Procedure, error) {
	r, err := e.reader(ctx, a)
	if err != nil {
		return nil, nil, err
	}
	if !r.admin {
		return nil, nil, forbidden(WhyAdministrators)
	}
	p := r.desk.newest[procedure]
	if p == nil {
		return nil, nil, r.desk.notDeployed(procedure)
	}
	return r, p, nil
}

// settingOf reads a value of a setting.
func settingOf(p *definitions.Procedure, s *definitions.Setting, raw json.RawMessage, from value.Resolver) (
	any, []value.Fault,
) {
	whole, err := json.Marshal(map[string]json.RawMessage{s.Name: raw})
	if err != nil {
		return nil, []value.Fault{faultAt(s.Name, "type", "want", s.Kind.String())}
	}
	rec, faults := value.DecodeRecord([]*value.Field{s.Field}, whole, p.Office.Zone, from)
	v := rec[s.Name]
	switch {
	case len(faults) > 0:
	case v == nil:
		faults = []value.Fault{faultAt(s.Name, "required")}
	case spanless(v):
		faults = []value.Fault{faultAt(s.Name, "type", "want", s.Kind.String())}
	default:
		faults = s.Check(v)
	}
	return v, faults
}

// spanless tells a span of time that is none: a time limit of it would have passed before anybody could do anything.
func spanless(v any) bool {
	switch x := v.(type) {
	case time.Duration:
		return x <= 0
	case value.Work:
		return x.Days <= 0 && x.Hours <= 0
	}
	return false
}

// settings are what the office has made of a procedure's settings, for a case that begins. What does not fit this
// version is passed over: its deployment has warned of it.
func (d *desk) settings(p *definitions.Procedure) value.Record {
	var out value.Record
	for _, s := range p.Settings {
		row, ok := d.set[settingKey{p.ID, s.Name}]
		if !ok {
			continue
		}
		if v, faults := settingOf(p, s, row.Value, nil); len(faults) == 0 {
			if out == nil {
				out = value.Record{}
			}
			out[s.Name] = v
		}
	}
	return out
}

type settingKey struct{ procedure, name string }

func settingsByKey(rows []store.SettingRow) map[settingKey]store.SettingRow {
	out := make(map[settingKey]store.SettingRow, len(rows))
	for _, row := range rows {
		out[settingKey{row.Procedure, row.Name}] = row
	}
	return out
}

func (r *reader) setting(lang string, p *definitions.Procedure, s *definitions.Setting) (SettingLine, error) {
	n := r.renderer(lang, p)
	out := SettingLine{Name: s.Name, Title: n.say(s.Title), Type: s.Kind.String(), Own: n.text(s.Field, s.Value)}
	v := s.Value
	if set, ok := r.desk.settings(p)[s.Name]; ok {
		row := r.desk.set[settingKey{p.ID, s.Name}]
		v, out.Set, out.Changed, out.ChangedBy = set, true, &row.Changed, row.ChangedBy
	}
	raw, err := s.Encode(v, p.Office.Zone)
	if err != nil {
		return out, fmt.Errorf("setting %s of %s: %w", s.Name, p.ID, err)
	}
	out.Value, out.Text = raw, n.text(s.Field, v)
	return out, nil
}

// unfitSettings warns of values that the office has set and that a new version has no use for.
func unfitSettings(before *desk, bundle *definitions.Bundle) []report.Problem {
	byKey := func(a, b settingKey) int { return strings.Compare(a.procedure+" "+a.name, b.procedure+" "+b.name) }
	var out []report.Problem
	for _, key := range slices.SortedFunc(maps.Keys(before.set), byKey) {
		p := bundle.Procedure(key.procedure)
		if p == nil {
			continue
		}
		i := slices.IndexFunc(p.Settings, func(s *definitions.Setting) bool { return s.Name == key.name })
		if i >= 0 {
			if _, faults := settingOf(p, p.Settings[i], before.set[key].Value, nil); len(faults) == 0 {
				continue
			}
		}
		out = append(out, report.Problem{
			Place:    report.Place{File: p.ID + ".yaml", Line: 1, Column: 1},
			Severity: report.Warning, Code: "setting-unfit",
			Message: fmt.Sprintf("the office has set %q of %q to %s, which does not fit this version: its own value is taken",
				key.name, key.procedure, before.set[key].Value),
			Hint: "set it anew, or to null",
		})
	}
	return out
}
