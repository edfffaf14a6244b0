package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"

	"github.com/guicheng/guicheng/api"
	"github.com/guicheng/guicheng/engine"
)

// DeployCmd puts the files of an office in force on a running server.
type DeployCmd struct {
	Dir    string       `arg:"" help:"The office's folder: all of its files."`
	Yes    bool         `help:"Deploy. Without it, it is only told what a deployment would find and do."`
	Remove []string     `placeholder:"PROCEDURE" help:"In force, not in the folder, and to be in force no more."`
	Lang   string       `type:"lang" help:"zh-Hant, zh-Hans or en; absent: the terminal's."`
	Where  SessionFlags `embed:""`
}

// Run checks the folder as the server would, tells what would change, and changes it if that is wanted.
func (c *DeployCmd) Run(ctx context.Context, s *Streams) error {
	lang := s.language(c.Lang)
	server, err := c.Where.open(lang)
	if err != nil {
		return err
	}
	folders, err := gather([]string{c.Dir})
	if err != nil {
		return err
	}
	if folders[0].only != nil {
		return fmt.Errorf("%s is a file: an office is deployed whole, so name its folder, %s", c.Dir, folders[0].dir)
	}
	if len(folders) != 1 {
		return fmt.Errorf("there are %d offices in %s: deploy each folder by itself", len(folders), c.Dir)
	}
	sent := api.Upload{Removes: c.Remove}
	for _, f := range folders[0].files {
		sent.Files = append(sent.Files, api.UploadedFile{Name: f.Name, Text: string(f.Text)})
	}
	would, err := c.foresee(ctx, *server, sent)
	if err != nil {
		return err
	}
	texts := map[string][]byte{}
	folders[0].texts(texts)
	fmt.Fprint(s.Out, findings{lang: lang, texts: texts}.readable(folders[0].own(would.Problems)))
	if would.Failed {
		return failed{"the server refuses the files"}
	}
	for _, line := range would.Removed {
		if !slices.Contains(c.Remove, line.Procedure) {
			s.say(lang, "the folder lacks %s, which is in force; write --remove %[1]s if it is to go\n", line.Procedure)
			err = failed{"procedures would be removed"}
		}
	}
	if err != nil {
		return err
	}
	if !c.Yes {
		tellDeployment(s, lang, would.Versions, would.Removed)
		if len(would.Versions)+len(would.Removed) == 0 {
			return nil
		}
		s.say(lang, "That would be deployed at %s to %s; do it with --yes\n", server.Me.Office, server.Server)
		return nil
	}
	var done engine.Deployment
	if err := server.ask(ctx, http.MethodPost, "/deployments", sent, &done); err != nil {
		return err
	}
	tellDeployment(s, lang, would.Versions, done.Removed)
	s.say(lang, "Deployed at %s to %s\n", server.Me.Office, server.Server)
	return nil
}

// foresee asks for the findings in English: they are told in the terminal's language here, where their lines are. Why
// the server looks at no file it says itself.
func (c *DeployCmd) foresee(ctx context.Context, server remote, sent api.Upload) (out api.Findings, err error) {
	lang := server.lang
	server.lang = "en"
	err = server.ask(ctx, http.MethodPost, "/check", sent, &out)
	if _, said := errors.AsType[*refused](err); said {
		server.lang = lang
		err = server.ask(ctx, http.MethodPost, "/check", sent, &out)
	}
	return out, err
}

func tellDeployment(s *Streams, lang string, versions, removed []engine.VersionLine) {
	for _, v := range versions {
		s.say(lang, "  %s version %d  %s\n", v.Procedure, v.Version, v.Title)
	}
	for _, v := range removed {
		s.say(lang, "  %s in force no more  %s\n", v.Procedure, v.Title)
	}
	if len(versions)+len(removed) == 0 {
		s.say(lang, "  nothing changes\n")
	}
}
