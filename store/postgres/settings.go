package postgres

import (
	"context"

	"github.com/guicheng/guicheng/store"
)

const (
	sqlPutSetting = `INSERT INTO settings (office, procedure, name, value, changed, changed_by)
	VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (office, procedure, name)
	DO UPDATE SET value = excluded.value, changed = excluded.changed, changed_by = excluded.changed_by`
	sqlOfficeSettings = `SELECT procedure, name, value, changed, changed_by FROM settings WHERE office = $1
	ORDER BY procedure, name`
	sqlDropSetting = "DELETE FROM settings WHERE office = $1 AND procedure = $2 AND name = $3"
)

// PutSetting adds or replaces one.
func (s *Store) PutSetting(ctx context.Context, office string, n store.SettingRow) error {
	return s.changeOffice(ctx, "put setting "+n.Name, office, sqlPutSetting, office, n.Procedure, n.Name, blob(n.Value),
		micros(n.Changed), n.ChangedBy)
}

// Settings lists all of an office, by procedure and name.
func (s *Store) Settings(ctx context.Context, office string) ([]store.SettingRow, error) {
	return list(ctx, s, "settings of "+office, named(office), func(r scanner) (n store.SettingRow, err error) {
		var changed int64
		err = r.Scan(&n.Procedure, &n.Name, &n.Value, &changed, &n.ChangedBy)
		n.Changed = fromMicros(changed)
		return n, err
	}, sqlOfficeSettings, office)
}

// DropSetting takes one away. Again is no error.
func (s *Store) DropSetting(ctx context.Context, office, procedure, name string) error {
	return s.changeOffice(ctx, "drop setting "+name, office, sqlDropSetting, office, procedure, name)
}
