package shared

import (
	"fmt"
	"io/fs"
	"strconv"
	"strings"
)

// Migration is one step forward of a schema. Its number is where it stands in the list, from 1.
type Migration struct {
	Name string
	Text string // SQL
}

// Migrations lists migrations/<number>_<what>.sql in order, and refuses a gap.
func Migrations(files fs.FS) ([]Migration, error) {
	entries, err := fs.ReadDir(files, "migrations") // sorted by name
	if err != nil {
		return nil, fmt.Errorf("migrations: %w", err)
	}
	var list []Migration
	for i, e := range entries {
		number, _, _ := strings.Cut(e.Name(), "_")
		if n, err := strconv.Atoi(number); err != nil || n != i+1 {
			return nil, fmt.Errorf("migration %s: its name must begin with %04d_", e.Name(), i+1)
		}
		text, err := fs.ReadFile(files, "migrations/"+e.Name())
		if err != nil {
			return nil, fmt.Errorf("migration %s: %w", e.Name(), err)
		}
		list = append(list, Migration{Name: e.Name(), Text: string(text)})
	}
	return list, nil
}

// Known refuses a schema whose number is higher than the last that this program knows.
func Known(have, know int) error {
	if have > know {
		return fmt.Errorf("the database's schema has number %d, this program knows %d: "+
			"start the newer release of Guicheng that wrote it", have, know)
	}
	return nil
}
