package sqlite

import (
	"context"

	"github.com/guicheng/guicheng/store"
)

// PutSetting adds or replaces one.
func (s *Store) PutSetting(ctx context.Context, office string, n store.SettingRow) error {
	return s.writing(ctx, "put setting "+n.Name, 1, func(ctx context.Context, q *statements) error {
		_, err := q.exec(ctx, `INSERT OR REPLACE INTO settings (office, procedure, name, value, changed, changed_by)
			VALUES (?, ?, ?, ?, ?, ?)`, office, n.Procedure, n.Name, blob(n.Value), micros(n.Changed), n.ChangedBy)
		return err
	})
}

// Settings lists all of an office, by procedure and name.
func (s *Store) Settings(ctx context.Context, office string) ([]store.SettingRow, error) {
	return list(ctx, s, "settings of "+office, func(r scanner) (n store.SettingRow, err error) {
		var changed int64
		err = r.Scan(&n.Procedure, &n.Name, &n.Value, &changed, &n.ChangedBy)
		n.Changed = fromMicros(changed)
		return n, err
	}, `SELECT procedure, name, value, changed, changed_by FROM settings WHERE office = ?
		ORDER BY procedure, name`, office)
}

// DropSetting takes one away. Again is no error.
func (s *Store) DropSetting(ctx context.Context, office, procedure, name string) error {
	return s.writing(ctx, "drop setting "+name, 1, func(ctx context.Context, q *statements) error {
		_, err := q.exec(ctx, "DELETE FROM settings WHERE office = ? AND procedure = ? AND name = ?", office, procedure, name)
		return err
	})
}
