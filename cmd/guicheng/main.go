// Command guicheng checks, tests and plays procedures, and serves them.
package main

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"reflect"
	"runtime/debug"
	"strings"

	"github.com/alecthomas/kong"

	"github.com/guicheng/guicheng/definitions/report"
)

// cli is the command line.
type cli struct {
	Serve    serveCmd    `cmd:"" help:"Serve offices over HTTP."`
	SignIn   SignInCmd   `cmd:"" name:"sign-in" help:"Begin a session at a running server, for deploy."`
	Deploy   DeployCmd   `cmd:"" help:"Put an office's files in force on a running server."`
	Link     linkCmd     `cmd:"" help:"Print a sign-in link, for when nobody can sign in."`
	Check    CheckCmd    `cmd:"" help:"Check procedures as a deployment would."`
	Test     TestCmd     `cmd:"" help:"Play the scenarios of procedures."`
	Play     PlayCmd     `cmd:"" help:"Play a procedure by hand, step by step."`
	Simulate SimulateCmd `cmd:"" help:"Play the load of an office for a year, and say where it waits."`
	Diff     DiffCmd     `cmd:"" help:"Say in words what differs between two versions of procedures."`
	Migrate  MigrateCmd  `cmd:"" help:"Move running cases to another version of their procedure, or tell which could be."`
	History  HistoryCmd  `cmd:"" help:"Write the recorded cases of a procedure into a file."`
	Replay   ReplayCmd   `cmd:"" help:"Play recorded cases against a new version: which would have gone otherwise?"`
	Diagram  DiagramCmd  `cmd:"" help:"Draw a procedure as SVG."`
	Schema   SchemaCmd   `cmd:"" help:"Print the JSON Schema of procedure files, for editors."`

	OpenAPI OpenAPICmd `cmd:"" name:"openapi" help:"Print the description of the HTTP API, for makers of clients."`

	Version kong.VersionFlag `short:"v" help:"Print the version."`
}

func main() {
	os.Exit(execute(context.Background(), os.Args[1:], &Streams{In: os.Stdin, Out: os.Stdout, Err: os.Stderr,
		Lang: terminalLanguage(os.Getenv)}))
}

// terminalLanguage is what the environment asks for, as other programs read it; English where it asks for neither form
// of Chinese.
func terminalLanguage(env func(string) string) string {
	return cmp.Or(report.Language(cmp.Or(env("LC_ALL"), env("LC_MESSAGES"), env("LANG"))), "en")
}

// askedLanguage is the one that --lang names, before the line is read: what is wrong with it is told in it, too.
func askedLanguage(args []string) string {
	for i, arg := range args {
		if tag, ok := strings.CutPrefix(arg, "--lang="); ok {
			return report.Language(tag)
		}
		if arg == "--lang" && i+1 < len(args) {
			return report.Language(args[i+1])
		}
	}
	return ""
}

// readLanguage reads the value of --lang.
func readLanguage(ctx *kong.DecodeContext, into reflect.Value) error {
	var tag string
	if err := ctx.Scan.PopValueInto("string", &tag); err != nil {
		return err
	}
	lang := report.Language(tag)
	if lang == "" {
		return fmt.Errorf("“%s” is no language of Guicheng: zh-Hant, zh-Hans or en", tag)
	}
	into.SetString(lang)
	return nil
}

// execute runs one command and gives the exit code. A server ends with ctx.
func execute(ctx context.Context, args []string, s *Streams) int {
	s.Lang = cmp.Or(askedLanguage(args), s.Lang)
	var c cli
	parser, err := kong.New(&c, kong.Name("guicheng"), kong.Description("規程: workflow for offices."),
		kong.Writers(s.Out, s.Err), kong.Vars{"version": version()}, kong.ConfigureHelp(kong.HelpOptions{Compact: true}),
		kong.Help(helpPrinter(s)), kong.NamedMapper("lang", kong.MapperFunc(readLanguage)),
		kong.BindTo(ctx, (*context.Context)(nil)))
	if err != nil {
		fmt.Fprintf(s.Err, "guicheng: %s\n", err)
		return 1
	}
	helpIn(parser.Model.Node, s.language(""))
	if len(args) == 0 {
		return help(parser, s)
	}
	command, err := parser.Parse(args)
	if err != nil {
		return refuseLine(err, s)
	}
	return exitOf(command.Run(s), s)
}

// help tells who asks for nothing what there is.
func help(parser *kong.Kong, s *Streams) int {
	nothing, err := kong.Trace(parser, nil)
	if err == nil {
		err = nothing.PrintUsage(false)
	}
	return exitOf(err, s)
}

// version is what the build knows of itself.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok || info.Main.Version == "" {
		return "devel"
	}
	return strings.Trim(info.Main.Version, "()")
}
