package api

import (
	"context"
	"net/http"

	"github.com/guicheng/guicheng/definitions"
	"github.com/guicheng/guicheng/engine"
)

type (
	migrateInput struct {
		Asked
		ID   string `path:"id" maxLength:"100" doc:"of the procedure"`
		Body struct {
			To        int    `json:"to,omitempty" minimum:"1" doc:"version; absent: the one in force"`
			Dry       bool   `json:"dry,omitempty" doc:"only tell which cases could be moved, and why others cannot"`
			Migration string `json:"migration,omitempty" maxLength:"100" doc:"from the answer about the page before"`
			Undo      bool   `json:"undo,omitempty" doc:"move back what this migration has moved"`
			After     string `json:"after,omitempty" maxLength:"500" doc:"next of the page before"`
			// Files are checked as an upload is.
			Files []UploadedFile `json:"files,omitempty" maxItems:"500" doc:"not deployed yet: only tell what could move"`
			Limit int            `json:"limit,omitempty" minimum:"1" maximum:"200" doc:"cases looked at; absent: 50"`
		}
	}
	migrationInput struct {
		Asked
		ID string `path:"id" maxLength:"100" doc:"of the procedure"`
	}
)

func (s *server) migrateRoutes() {
	const at = prefix + "/procedures/{id}/migrate"
	route(s, s.op(http.MethodGet, at, "migration-state", "By which versions the running cases go on"), s.migrationState)
	route(s, s.op(http.MethodPost, at, "migrate-cases", "Move running cases to another version, or tell which could be",
		upload), s.migrate)
}

func (s *server) migrate(ctx context.Context, in *migrateInput) (engine.Migration, error) {
	b := in.Body
	var files []definitions.File
	for _, f := range b.Files {
		files = append(files, definitions.File{Name: f.Name, Text: []byte(f.Text)})
	}
	return s.engine.Migrate(ctx, in.actor(), in.lang, engine.MigrateRequest{
		Procedure: in.ID, To: b.To, Dry: b.Dry, Migration: b.Migration, Undo: b.Undo, After: b.After, Limit: b.Limit,
		Files: files,
	})
}

func (s *server) migrationState(ctx context.Context, in *migrationInput) (engine.MigrationState, error) {
	return s.engine.MigrationState(ctx, in.actor(), in.ID)
}
