package definitions

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/guicheng/guicheng/definitions/report"
)

// Compile reads and checks the files of one office: office.yaml, procedures, texts.<lang>.yaml and
// <procedure>.scenarios.yaml. All problems of all files come back at once, by file and place, at most MaxProblems and
// a closing line; the bundle is nil when one of them is an error. It never panics and its cost is bounded, whatever
// stands in the files.
func Compile(files []File) (*Bundle, []report.Problem) {
	bundle, problems, _ := compile(files)
	if report.Failed(problems) {
		return nil, problems
	}
	return bundle, problems
}

// compile tells as well whether names and types are right.
func compile(files []File) (bundle *Bundle, problems []report.Problem, sound bool) {
	b := &bundler{byID: map[string]*compiler{}, bases: bases{}}
	files = slices.Clone(files)
	slices.SortStableFunc(files, func(x, y File) int { return strings.Compare(x.Name, y.Name) })
	b.out = &Bundle{Files: files, Hash: hashFiles(files)}
	if b.plausible(files) {
		b.compile(files)
	}
	return b.out, report.Limit(report.Sort(b.problems), MaxProblems), b.sound
}

// Draft compiles like [Compile], and gives the bundle also where names and types are right but the check of a whole
// procedure finds errors: to look at what would become of its cases, never to run them.
func Draft(files []File) (*Bundle, []report.Problem) {
	bundle, problems, sound := compile(files)
	if !sound {
		return nil, problems
	}
	return bundle, problems
}

// ReadDir gathers the YAML files of one office's folder, by name; other files and folders in it are left alone.
func ReadDir(fsys fs.FS, dir string) ([]File, error) {
	list, err := fs.ReadDir(fsys, dir)
	if err != nil {
		return nil, fmt.Errorf("read office folder %s: %w", dir, err)
	}
	var files []File
	for _, e := range list {
		if e.IsDir() || path.Ext(e.Name()) != ".yaml" {
			continue
		}
		text, err := fs.ReadFile(fsys, path.Join(dir, e.Name()))
		if err != nil {
			return nil, fmt.Errorf("read office folder %s: %w", dir, err)
		}
		files = append(files, File{Name: e.Name(), Text: text})
	}
	return files, nil
}

// bundler compiles the files of one office together.
type bundler struct {
	out      *Bundle
	problems []report.Problem
	failed   bool
	sound    bool // names and types are right
	matcher  matcher
	office   *node // the document office.yaml
	posts    map[string]bool
	procs    []*compiler // by id
	byID     map[string]*compiler
	texts    []*document
	holidays []*document // that the office brings
	bases    bases       // copies of other offices' procedures
	varied   []*document // that extend one of them
	scenes   []scene
	load     *document // how much there is to do
	shared   []byte    // the text of office.yaml
}

// scene is a document of scenarios.
type scene struct {
	file File
	doc  *document
}

// add keeps a problem. A hostile file may have very many: what is beyond any use is not kept.
func (b *bundler) add(p report.Problem) {
	b.failed = b.failed || p.Severity == report.Error
	if len(b.problems) < 50*MaxProblems {
		b.problems = append(b.problems, p)
	}
}

// plausible bounds the whole before a file is opened.
func (b *bundler) plausible(files []File) bool {
	total := 0
	for i, f := range files {
		total += len(f.Text)
		if i > 0 && files[i-1].Name == f.Name {
			b.at(f.Name, "duplicate-file", "two files have the name %s", f.Name)
			return false
		}
	}
	switch {
	case len(files) > MaxFiles:
		b.at("", "limit", "%d files, the limit MaxFiles is %d", len(files), MaxFiles)
	case total > MaxTotal:
		b.at("", "limit", "%d bytes in all files, the limit MaxTotal is %d", total, MaxTotal)
	default:
		return true
	}
	return false
}

func (b *bundler) at(file, code, format string, args ...any) {
	b.add(report.Problem{Place: report.Place{File: file, Line: 1, Column: 1}, Code: code,
		Message: fmt.Sprintf(format, args...)})
}

func (b *bundler) compile(files []File) {
	for _, f := range files {
		b.open(f)
	}
	for _, d := range b.varied {
		if whole, ok := b.bases.vary(d); ok {
			b.matcher.match(whole.root, []form{mapOf("procedure")})
			b.procedure(whole)
		}
	}
	b.readOffice()
	slices.SortStableFunc(b.procs, func(x, y *compiler) int { return strings.Compare(x.p.ID, y.p.ID) })
	b.readTexts()
	for _, c := range b.procs {
		c.p.Office = b.out.Office
		c.declare()
	}
	for _, c := range b.procs {
		c.body()
	}
	for _, c := range b.procs {
		c.collected()
	}
	for _, c := range b.procs {
		c.p.Hash = c.hash()
		b.out.Procedures = append(b.out.Procedures, c.p)
	}
	if b.sound = !b.failed && len(b.procs) > 0; b.sound {
		for _, c := range b.procs {
			checkProcedure(c.p, b.add)
		}
	}
	b.untranslated()
	if !b.failed {
		b.unusedTexts()
		for _, s := range b.scenes {
			if plays := readScenarios(s.file, s.doc, b.out, b.add); plays != nil {
				b.out.Scenarios = append(b.out.Scenarios, plays)
			}
		}
		if b.load != nil {
			b.out.Load = readLoad(b.load, b.out)
		}
	}
	for _, c := range b.procs {
		c.p.texts = nil
	}
}

// open reads a file, compares it with the grammar and sorts its documents by what they are.
func (b *bundler) open(f File) {
	base := path.Base(f.Name)
	if meant := likelyName(base); meant != "" { // and goes on as if: what the rest lacks without it is not told
		b.at(f.Name, "misnamed-file", "%s is not read as %s: small and capital letters differ", f.Name, meant)
		base = meant
	}
	before := len(b.problems)
	docs := readFile(f, b.add)
	if base == officeFile {
		b.shared = f.Text
	}
	for i, d := range docs {
		switch {
		case base == officeFile:
			b.matcher.match(d.root, []form{mapOf("office")})
			if i > 0 {
				d.root.fault("wrong-kind", "", "office.yaml holds one document")
				continue
			}
			b.office = d.root
		case strings.HasPrefix(base, "holidays."):
			b.matcher.match(d.root, []form{mapOf("holidays")})
			b.holidays = append(b.holidays, d)
		case strings.HasPrefix(base, "texts.") && strings.Count(base, ".") == 2:
			b.matcher.match(d.root, []form{entriesOf(kindText, scalar(kindText))})
			b.texts = append(b.texts, d)
		case base == "load.yaml":
			b.matcher.match(d.root, []form{mapOf("load")})
			b.load = d
		case strings.HasSuffix(base, ".scenarios.yaml"):
			b.matcher.match(d.root, []form{mapOf("scenarios")})
			b.scenes = append(b.scenes, scene{f, d})
		case isBase(base):
			b.bases.add(d)
		case path.Ext(base) == ".yaml" && d.root.has("extends"):
			b.varied = append(b.varied, d)
		case path.Ext(base) == ".yaml":
			b.matcher.match(d.root, []form{mapOf("procedure")})
			b.procedure(d)
		default:
			b.at(f.Name, "unknown-file", "%s is not a YAML file: its name does not end with .yaml", f.Name)
		}
	}
	b.explainWidths(f, before)
	if len(docs) == 0 && len(b.problems) == before {
		b.at(f.Name, "empty-file", "there is nothing in %s", f.Name)
	}
}

// hasPart tells whether a file is what its name says, and no procedure.
func hasPart(base string) bool {
	return base == officeFile || base == "load.yaml" || strings.HasSuffix(base, ".scenarios.yaml") || isBase(base) ||
		strings.HasPrefix(base, "holidays.") || strings.HasPrefix(base, "texts.") && strings.Count(base, ".") == 2
}

// likelyName is the name that a file would have to have to be what it was most likely meant as; "" = its own.
func likelyName(base string) string {
	lower := strings.ToLower(base)
	if hasPart(base) || !hasPart(lower) {
		return ""
	}
	for _, kind := range []string{"texts.", "holidays."} {
		if strings.HasPrefix(lower, kind) {
			return kind + base[len(kind):]
		}
	}
	return lower
}

func (b *bundler) procedure(d *document) {
	id := d.root.get("procedure")
	if id.str() == "" {
		return
	}
	if first := b.byID[id.text]; first != nil {
		id.fault("duplicate-procedure", "", "the procedure %s stands here again, first at %s", id.text,
			first.root.get("procedure").place())
		return
	}
	c := newCompiler(b, d)
	b.byID[id.text] = c
	b.procs = append(b.procs, c)
}

func (b *bundler) zone() *time.Location {
	if b.out.Office == nil || b.out.Office.Zone == nil {
		return time.UTC
	}
	return b.out.Office.Zone
}

func hashFiles(files []File) string {
	h := sha256.New()
	for _, f := range files {
		fmt.Fprintf(h, "%d %s\n%d\n", len(f.Name), f.Name, len(f.Text))
		h.Write(f.Text)
	}
	return hex.EncodeToString(h.Sum(nil))
}

// hash is over the procedure's own text, the office's, and the texts of the procedures that it calls.
func (c *compiler) hash() string {
	seen := map[*compiler]bool{}
	var visit func(*compiler)
	visit = func(c *compiler) {
		if seen[c] {
			return
		}
		seen[c] = true
		for _, callee := range c.calls {
			visit(callee)
		}
	}
	visit(c)
	h := sha256.New()
	part := func(name string, text []byte) {
		h.Write([]byte(strconv.Quote(name) + " " + strconv.Itoa(len(text)) + "\n"))
		h.Write(text)
	}
	part("office", c.b.shared)
	part(c.p.ID, c.doc.text())
	for _, other := range c.b.procs { // by id
		if seen[other] && other != c {
			part(other.p.ID, other.doc.text())
		}
	}
	return hex.EncodeToString(h.Sum(nil))
}
