package api

import (
	"context"
	"encoding/json"
	"net/http"

	"github.com/guicheng/guicheng/engine"
)

// Settings are the constants of a procedure.
type Settings struct {
	Settings []engine.SettingLine `json:"settings"`
}

type (
	settingsInput struct {
		Asked
		ID string `path:"id" maxLength:"100" doc:"of the procedure"`
	}
	settingInput struct {
		Asked
		ID   string `path:"id" maxLength:"100" doc:"of the procedure"`
		Name string `path:"name" maxLength:"100" doc:"of the setting"`
		Body struct {
			Value any `json:"value" doc:"in the form of the setting's type"`
		}
	}
	ownSettingInput struct {
		Asked
		ID   string `path:"id" maxLength:"100" doc:"of the procedure"`
		Name string `path:"name" maxLength:"100" doc:"of the setting"`
	}
)

func (s *server) settingRoutes() {
	const at = prefix + "/procedures/{id}/settings"
	route(s, s.op(http.MethodGet, at, "list-settings", "The constants of a procedure"), s.settings)
	route(s, s.op(http.MethodPut, at+"/{name}", "put-setting", "Give a constant the office's value"), s.putSetting)
	route(s, s.op(http.MethodDelete, at+"/{name}", "drop-setting", "Take the procedure's own value again"), s.dropSetting)
}

func (s *server) settings(ctx context.Context, in *settingsInput) (Settings, error) {
	list, err := s.engine.SettingsOf(ctx, in.actor(), in.lang, in.ID)
	return Settings{Settings: list}, err
}

func (s *server) putSetting(ctx context.Context, in *settingInput) (engine.SettingLine, error) {
	raw, err := json.Marshal(in.Body.Value)
	if err != nil {
		return engine.SettingLine{}, err
	}
	return s.engine.SetSetting(ctx, in.actor(), in.lang, in.ID, in.Name, raw)
}

func (s *server) dropSetting(ctx context.Context, in *ownSettingInput) (engine.SettingLine, error) {
	return s.engine.SetSetting(ctx, in.actor(), in.lang, in.ID, in.Name, nil)
}
