package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"slices"

	"github.com/guicheng/guicheng/api"
	"github.com/guicheng/guicheng/engine"
)

// DeployCmd puts the files of an office in force on a running server.
type DeployCmd struct {
	Dir    string       `arg:"" type:"existingdir" help:"The office's folder: all of its files."`
	Yes    bool         `help:"Deploy. Without it, it is only told what a deployment would find and do."`
	Remove []string     `placeholder:"PROCEDURE" help:"In force, not in the folder, and to be in force no more."`
	Lang   string       `enum:"zh-Hant,zh-Hans,en," default:"" help:"zh-Hant, zh-Hans or en; absent: the terminal's."`
	Where  SessionFlags `embed:""`
}

// deployWords are what is said of sessions and deployments, by language.
var deployWords = map[string]struct{ signed, version, removed, same, would, unsaid, done string }{
	"zh-Hant": {
		"已登入：%s（%s，%s），%s\n", "  %s 第 %d 版  %s\n", "  %s 撤下  %s\n", "  沒有改變\n", "以上會部署到 %s 的 %s；確定就加 --yes\n",
		"資料夾裡沒有現行的 %s；要撤下就加 --remove %[1]s\n", "已部署到 %s 的 %s\n",
	},
	"zh-Hans": {
		"已登录：%s（%s，%s），%s\n", "  %s 第 %d 版  %s\n", "  %s 撤下  %s\n", "  没有改变\n", "以上会部署到 %s 的 %s；确定就加 --yes\n",
		"文件夹里没有现行的 %s；要撤下就加 --remove %[1]s\n", "已部署到 %s 的 %s\n",
	},
	"en": {
		"Signed in as %s (%s of %s) at %s\n", "  %s version %d  %s\n", "  %s in force no more  %s\n", "  nothing changes\n",
		"That would be deployed at %s to %s; do it with --yes\n",
		"the folder lacks %s, which is in force; write --remove %[1]s if it is to go\n", "Deployed at %s to %s\n",
	},
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
	words := deployWords[lang]
	for _, line := range would.Removed {
		if !slices.Contains(c.Remove, line.Procedure) {
			fmt.Fprintf(s.Out, words.unsaid, line.Procedure)
			err = failed{"procedures would be removed"}
		}
	}
	if err != nil {
		return err
	}
	if !c.Yes {
		tellDeployment(s.Out, lang, would.Versions, would.Removed)
		fmt.Fprintf(s.Out, words.would, server.Me.Office, server.Server)
		return nil
	}
	var done engine.Deployment
	if err := server.ask(ctx, http.MethodPost, "/deployments", sent, &done); err != nil {
		return err
	}
	tellDeployment(s.Out, lang, would.Versions, done.Removed)
	fmt.Fprintf(s.Out, words.done, server.Me.Office, server.Server)
	return nil
}

// foresee asks for the findings in English: they are told in the terminal's language here, where their lines are.
func (c *DeployCmd) foresee(ctx context.Context, server remote, sent api.Upload) (out api.Findings, err error) {
	server.lang = "en"
	err = server.ask(ctx, http.MethodPost, "/check", sent, &out)
	return out, err
}

func tellDeployment(out io.Writer, lang string, versions, removed []engine.VersionLine) {
	words := deployWords[lang]
	for _, v := range versions {
		fmt.Fprintf(out, words.version, v.Procedure, v.Version, v.Title)
	}
	for _, v := range removed {
		fmt.Fprintf(out, words.removed, v.Procedure, v.Title)
	}
	if len(versions)+len(removed) == 0 {
		fmt.Fprint(out, words.same)
	}
}
