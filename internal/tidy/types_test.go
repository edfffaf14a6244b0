package tidy

import (
	"bytes"
	"errors"
	"fmt"
	"go/ast"
	"go/build"
	"go/importer"
	"go/types"
	"io"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"sync"
)

// typer finds the types of the house's packages: ours from source and forgivingly, so that one broken room does not
// hide another; those of others from the compiler's export data.
type typer struct {
	mu      sync.Mutex
	tree    *tree
	foreign types.Importer
	ours    map[string]*types.Package // by room; nil while it is being checked
	infos   map[*file]*types.Info
}

var _ types.Importer = (*typer)(nil)

var theTyper = sync.OnceValues(func() (*typer, error) {
	t, err := house()
	if err != nil {
		return nil, err
	}
	exports, err := exportData(t)
	if err != nil {
		return nil, err
	}
	open := func(p string) (io.ReadCloser, error) {
		if exports[p] == "" {
			return nil, fmt.Errorf("no export data of %s", p)
		}
		return os.Open(exports[p])
	}
	return &typer{
		tree: t, foreign: importer.ForCompiler(positions, "gc", open),
		ours: map[string]*types.Package{}, infos: map[*file]*types.Info{},
	}, nil
})

// exportData asks the go command for the export files of all packages from outside that typed rooms import.
func exportData(t *tree) (map[string]string, error) {
	roots := []string{"maps", "slices", "sort"}
	for _, f := range t.goes {
		if f.test() || !f.in("definitions", "engine", "staff") && f.room() != "store" {
			continue
		}
		importsOf(f, func(p string) string {
			if !strings.HasPrefix(p, module) && p != "C" {
				roots = append(roots, p)
			}
			return ""
		})
	}
	slices.Sort(roots)
	args := []string{"list", "-e", "-export", "-deps", "-f", "{{.ImportPath}}\t{{.Export}}"}
	cmd := exec.Command("go", append(args, slices.Compact(roots)...)...)
	cmd.Dir = t.root
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("go list: %w\n%s", err, stderr.String())
	}
	exports := map[string]string{}
	for line := range strings.Lines(string(out)) {
		p, at, _ := strings.Cut(strings.TrimSpace(line), "\t")
		exports[p] = at
	}
	return exports, nil
}

// types gives what is known of the types of a file; for a snippet it is checked alone.
func (f *file) types() *types.Info {
	ty, err := theTyper()
	if err != nil {
		panic(err)
	}
	ty.mu.Lock()
	defer ty.mu.Unlock()
	if info := ty.infos[f]; info != nil {
		return info
	}
	if slices.Contains(ty.tree.goes, f) {
		if _, err := ty.room(f.room()); err == nil && ty.infos[f] != nil {
			return ty.infos[f]
		}
	}
	_, info := ty.check(f.room(), []*file{f})
	return info
}

// Import implements types.Importer.
func (ty *typer) Import(p string) (*types.Package, error) {
	if room, ok := strings.CutPrefix(p, module+"/"); ok {
		return ty.room(room)
	}
	return ty.foreign.Import(p)
}

func (ty *typer) room(room string) (*types.Package, error) {
	if pkg, begun := ty.ours[room]; begun {
		if pkg == nil {
			return nil, errors.New("import cycle through " + room)
		}
		return pkg, nil
	}
	ty.ours[room] = nil
	var files []*file
	for _, f := range ty.tree.goes {
		if f.room() != room || f.test() {
			continue
		}
		built, err := build.Default.MatchFile(filepath.Join(ty.tree.root, room), path.Base(f.path))
		if err != nil {
			return nil, err
		}
		if built {
			files = append(files, f)
		}
	}
	pkg, info := ty.check(room, files)
	for _, f := range files {
		ty.infos[f] = info
	}
	ty.ours[room] = pkg
	return pkg, nil
}

// check types files as one package. Errors of the code are passed over: the compiler reports them better.
func (ty *typer) check(room string, files []*file) (*types.Package, *types.Info) {
	info := &types.Info{
		Types: map[ast.Expr]types.TypeAndValue{}, Defs: map[*ast.Ident]types.Object{},
		Uses: map[*ast.Ident]types.Object{},
	}
	conf := types.Config{Importer: ty, Error: func(error) {}, FakeImportC: true}
	trees := make([]*ast.File, 0, len(files))
	for _, f := range files {
		trees = append(trees, f.ast)
	}
	pkg, _ := conf.Check(path.Join(module, room), positions, trees, info)
	return pkg, info
}
