package tidy

import (
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"sync"
)

const module = "github.com/guicheng/guicheng"

// positions is shared, because types are checked across files. It may be used by all tests at once.
var positions = token.NewFileSet()

// file is a Go file of the house, or a snippet that plays one.
type file struct {
	path string // slash-separated, from the module's root
	src  string
	ast  *ast.File
}

// room is the directory that the file lives in: the unit of the plan.
func (f *file) room() string { return path.Dir(f.path) }

func (f *file) test() bool { return strings.HasSuffix(f.path, "_test.go") }

func (f *file) line(n ast.Node) int { return positions.Position(n.Pos()).Line }

// in says whether the file is in one of these directories or below.
func (f *file) in(dirs ...string) bool {
	return slices.ContainsFunc(dirs, func(d string) bool { return f.room() == d || strings.HasPrefix(f.room(), d+"/") })
}

// imported is the name under which the file knows an import path, "" if it does not import it.
func (f *file) imported(importPath string) string {
	for _, spec := range f.ast.Imports {
		if strings.Trim(spec.Path.Value, `"`) != importPath {
			continue
		}
		if spec.Name != nil {
			return spec.Name.Name
		}
		return path.Base(importPath)
	}
	return ""
}

// refers says whether an expression is importPath.Name, and gives the name.
func (f *file) refers(e ast.Expr, importPath string) (string, bool) {
	sel, ok := e.(*ast.SelectorExpr)
	if !ok {
		return "", false
	}
	x, ok := sel.X.(*ast.Ident)
	if !ok || x.Name == "" || x.Name != f.imported(importPath) {
		return "", false
	}
	return sel.Sel.Name, true
}

// tree is the whole house.
type tree struct {
	root  string
	goes  []*file
	texts []*file // everything else that people read or write; not parsed
	heavy []string
}

// house reads the tree once for all tests.
var house = sync.OnceValues(func() (*tree, error) {
	root, err := moduleRoot()
	if err != nil {
		return nil, err
	}
	t := &tree{root: root}
	return t, filepath.WalkDir(root, t.visit)
})

func moduleRoot() (string, error) {
	dir, err := os.Getwd()
	for err == nil {
		if _, statErr := os.Stat(filepath.Join(dir, "go.mod")); statErr == nil {
			return dir, nil
		}
		if filepath.Dir(dir) == dir {
			return "", errors.New("no go.mod above the working directory")
		}
		dir = filepath.Dir(dir)
	}
	return "", err
}

// readable are the endings of texts that the rules about words look into.
var readable = []string{
	".md", ".yaml", ".yml", ".sh", ".sql", ".txt", ".json", ".ts", ".tsx", ".mjs", ".css", "Makefile", "run",
}

func (t *tree) visit(name string, entry fs.DirEntry, err error) error {
	if err != nil {
		return err
	}
	rel, err := filepath.Rel(t.root, name)
	if err != nil {
		return err
	}
	rel = filepath.ToSlash(rel)
	if entry.IsDir() {
		return skip(rel)
	}
	if info, err := entry.Info(); err == nil && info.Size() > maxBytes && !passing(rel) {
		t.heavy = append(t.heavy, rel)
	}
	isGo := strings.HasSuffix(rel, ".go") && !strings.Contains(rel, "testdata/")
	if !isGo && !slices.ContainsFunc(readable, func(end string) bool { return strings.HasSuffix(rel, end) }) {
		return nil
	}
	src, err := os.ReadFile(name)
	if err != nil {
		return err
	}
	if !isGo {
		t.texts = append(t.texts, &file{path: rel, src: string(src)})
		return nil
	}
	f, err := parse(rel, string(src))
	if err != nil {
		return err
	}
	t.goes = append(t.goes, f)
	return nil
}

// passing tells what tests and measurements leave behind, which .gitignore keeps out.
func passing(rel string) bool {
	return slices.Contains([]string{".test", ".prof", ".out", ".db", ".db-shm", ".db-wal"}, path.Ext(rel))
}

// skip leaves out what is not ours: tools, build results, the demo's data, hidden directories but the CI's.
func skip(rel string) error {
	ours := rel == "." || rel == ".ci" || !strings.HasPrefix(path.Base(rel), ".")
	if !ours || slices.Contains([]string{"bin", "data", "node_modules", "dist"}, path.Base(rel)) {
		return fs.SkipDir
	}
	return nil
}

func parse(rel, src string) (*file, error) {
	tree, err := parser.ParseFile(positions, rel, src, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	return &file{path: rel, src: src, ast: tree}, nil
}
