package engine

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/guicheng/guicheng/definitions/value"
	"github.com/guicheng/guicheng/engine/core"
	"github.com/guicheng/guicheng/staff"
	"github.com/guicheng/guicheng/store"
)

// PutFile keeps a file that the actor may then use in a form, by the id of the attachment, in one case. The body has 1
// to 10 MiB; the media type is believed: who takes bytes from strangers checks it before.
func (e *Engine) PutFile(ctx context.Context, a Actor, name, mediaType string, body []byte) (value.Attachment, error) {
	out, err := e.putFile(ctx, a, name, mediaType, body)
	return out, e.told(err)
}

func (e *Engine) putFile(ctx context.Context, a Actor, name, mediaType string, body []byte) (value.Attachment, error) {
	var none value.Attachment
	r, err := e.reader(ctx, a)
	if err != nil {
		return none, err
	}
	switch {
	case len(body) == 0:
		return none, wrong("body", "required")
	case len(body) > maxFile:
		return none, wrong("body", "max", "max", strconv.Itoa(maxFile), "of", "bytes")
	case strings.TrimSpace(name) == "":
		return none, wrong("query.name", "required")
	case utf8.RuneCountInString(name) > maxName:
		return none, tooLong("query.name")
	case !plainName(name):
		return none, wrong("query.name", "printable")
	case !plainName(mediaType):
		return none, wrong("header.Content-Type", "printable")
	}
	id, err := e.ids.next(e.now())
	if err != nil {
		return none, err
	}
	sum := sha256.Sum256(body)
	row := store.FileRow{
		Office: r.office, ID: id, Name: name, Type: mediaType, Size: int64(len(body)), SHA256: sum[:], By: r.person.ID,
		At: e.now(), Body: body,
	}
	if err := e.store.PutFile(ctx, r.office, row); err != nil {
		return none, err
	}
	return attachmentOf(row), nil
}

// plainName tells whether people can read a name as it is written.
func plainName(name string) bool {
	return utf8.ValidString(name) && strings.TrimSpace(name) != "" && utf8.RuneCountInString(name) <= maxName &&
		!strings.ContainsFunc(name, func(r rune) bool { return !unicode.IsPrint(r) })
}

func attachmentOf(f store.FileRow) value.Attachment {
	return value.Attachment{ID: f.ID, Name: f.Name, Type: f.Type, Size: f.Size}
}

// File gives a file to who uploaded it, and to those who may see a case that uses it.
func (e *Engine) File(ctx context.Context, a Actor, id string) (FileView, error) {
	out, err := e.file(ctx, a, id)
	return out, e.told(err)
}

func (e *Engine) file(ctx context.Context, a Actor, id string) (FileView, error) {
	r, err := e.reader(ctx, a)
	if err != nil {
		return FileView{}, err
	}
	info, err := e.store.FileInfo(ctx, r.office, id)
	if err != nil {
		return FileView{}, err
	}
	if err := e.mayRead(ctx, r, info); err != nil {
		return FileView{}, err
	}
	row, err := e.store.File(ctx, r.office, id)
	if err != nil {
		return FileView{}, err
	}
	if sum := sha256.Sum256(row.Body); !slices.Equal(sum[:], row.SHA256) {
		return FileView{}, fmt.Errorf("file %s of office %s is not what was uploaded", id, r.office)
	}
	return FileView{Attachment: attachmentOf(row), Body: row.Body}, nil
}

// mayRead refuses whoever has nothing to do with a file as if it were not there.
func (e *Engine) mayRead(ctx context.Context, r *reader, f store.FileRow) error {
	if f.By == r.person.ID {
		return nil
	}
	for _, id := range append([]string{f.Case}, f.Shared...) {
		if id == "" {
			continue
		}
		switch _, err := e.visible(ctx, r, id); {
		case err == nil:
			return nil
		case codeOf(err) != CodeNotFound && codeOf(err) != string(core.CaseFrozen):
			return err
		}
	}
	return notFound()
}

// sources are what the values that a person sends may name: the people and units of his office, and files of his own
// that no case uses, or that the case uses already.
type sources struct {
	*staff.Roster
	find   func(id string) (store.FileRow, error) // of the office
	person string
	caseID string
	reused bool // his files count also when other cases use them: for a message that goes to each case that waits
	left   int  // files that may still be asked for
	words  *renderer
	why    map[string]string // code of the fault, by the id of each file that he may not use
	err    error
}

// The codes of faults of files.
const (
	faultNoFile   = "no-such-file"
	faultFileUsed = "file-used"
	faultTooMany  = "max"
)

var _ value.Resolver = (*sources)(nil)

// sources are those of a person's act on a case; one act reads its values with them once.
func (e *Engine) sources(ctx context.Context, r *reader, caseID string) *sources {
	return &sources{
		Roster: r.desk.roster, person: r.person.ID, caseID: caseID, left: maxFiles, words: r.renderer("", nil),
		why:  map[string]string{},
		find: func(id string) (store.FileRow, error) { return e.store.FileInfo(ctx, r.office, id) },
	}
}

// Attachment implements value.Resolver.
func (s *sources) Attachment(id string) (value.Attachment, bool) {
	if s.left--; s.left < 0 || s.err != nil {
		s.why[id] = faultTooMany
		return value.Attachment{}, false
	}
	f, err := s.find(id)
	if err != nil {
		if !errors.Is(err, store.ErrNotFound) {
			s.err = err
		}
		s.why[id] = faultNoFile
		return value.Attachment{}, false
	}
	own := f.By == s.person && s.person != ""
	used := f.Case != "" || len(f.Shared) > 0
	here := s.caseID != "" && (f.Case == s.caseID || slices.Contains(f.Shared, s.caseID))
	switch {
	case here || own && (!used || s.reused):
		return attachmentOf(f), true
	case own:
		s.why[id] = faultFileUsed
	default: // that a colleague has such a file is not told
		s.why[id] = faultNoFile
	}
	return value.Attachment{}, false
}

// renameFiles gives the faults of files their own codes.
func (s *sources) renameFiles(faults []value.Fault) {
	for i, f := range faults {
		switch f.Args["want"] {
		case value.File.String(), value.Photo.String(), value.Signature.String():
		default:
			continue
		}
		if f.Code != "option" {
			continue
		}
		faults[i].Code = faultNoFile
		if code := s.why[f.Args["got"]]; code != "" {
			faults[i].Code = code
		}
		if faults[i].Code == faultTooMany {
			faults[i].Args = map[string]string{"max": strconv.Itoa(maxFiles), "of": "files"}
		}
	}
}

// addFiles makes the files that a person sent the case's. Files that are new in its data came from another case, by a
// call or its end, and are shared with it.
func (st *staged) addFiles() {
	fields := st.proc().Data.Fields
	if st.broken != nil || st.input == nil || !slices.ContainsFunc(fields, holdsFiles) {
		return
	}
	sent := filesOf(nil, valuesOf(st.input))
	known := sortedOnce(append(filesOf(nil, st.before.state.Data), sent...))
	came := slices.DeleteFunc(filesOf(nil, st.state.Data), func(id string) bool {
		_, is := slices.BinarySearch(known, id)
		return is
	})
	if st.job.sharesFiles {
		sent, came = nil, append(came, sent...)
	}
	st.change.Files, st.change.Shares = sortedOnce(sent), sortedOnce(came)
}

// valuesOf are what a person filled in.
func valuesOf(in core.Input) value.Record {
	switch x := in.(type) {
	case core.Start:
		return x.Values
	case core.Complete:
		return x.Values
	case core.Deliver:
		return x.Values
	default:
		return nil
	}
}

func holdsFiles(f *value.Field) bool {
	return f.Kind.IsAttachment() || slices.ContainsFunc(f.Fields, holdsFiles)
}

// filesOf appends the ids of the files that a value holds, at any depth.
func filesOf(ids []string, v any) []string {
	switch x := v.(type) {
	case value.Attachment:
		return append(ids, x.ID)
	case value.Record:
		for _, name := range slices.Sorted(maps.Keys(x)) {
			ids = filesOf(ids, x[name])
		}
	case []value.Record:
		for _, row := range x {
			ids = filesOf(ids, row)
		}
	}
	return ids
}

func sortedOnce(ids []string) []string {
	slices.Sort(ids)
	return slices.Compact(ids)
}
