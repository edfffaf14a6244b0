package storetest

import (
	"context"
	"fmt"
	"testing"

	"github.com/guicheng/guicheng/store"
)

func deploy(t *testing.T, s store.Store) {
	ctx := context.Background()
	bundle := func(hash string, minute int) store.BundleRow {
		by, warnings := fmt.Sprintf("admin %d", minute), fmt.Appendf(nil, "warnings at %d", minute)
		return store.BundleRow{Hash: hash, Files: []byte("files of " + hash), At: at(minute), By: by, Warnings: warnings}
	}
	proc := func(id, hash string) store.ProcedureHash {
		return store.ProcedureHash{Procedure: id, Title: "題 " + id, Hash: hash}
	}
	row := func(id string, version int, hash, from string, minute int) store.VersionRow {
		return store.VersionRow{Office: gate, Procedure: id, Version: version, Title: "題 " + id, Hash: hash, Bundle: from,
			At: at(minute)}
	}
	none, err := s.Version(ctx, gate, "p", 0)
	is(t, err, store.ErrNotFound)
	equal(t, "no version", none, store.VersionRow{})
	p1, q1 := row("p", 1, "hp1", "b1", 1), row("q", 1, "hq1", "b1", 1)
	first := []store.ProcedureHash{proc("p", "hp1"), proc("q", "hq1")}
	equal(t, "first", must(s.Deploy(ctx, gate, bundle("b1", 1), first))(t), []store.VersionRow{p1, q1})
	equal(t, "again", must(s.Deploy(ctx, gate, bundle("b1", 2), first))(t), []store.VersionRow{p1, q1})
	equal(t, "bundle", must(s.Bundle(ctx, gate, "b1"))(t), bundle("b1", 2))

	p2 := row("p", 2, "hp2", "b2", 3)
	equal(t, "second", must(s.Deploy(ctx, gate, bundle("b2", 3),
		[]store.ProcedureHash{proc("q", "hq1"), proc("p", "hp2")}))(t), []store.VersionRow{p2, q1})
	p3, r1 := row("p", 3, "hp1", "b3", 4), row("r", 1, "hr1", "b3", 4)
	equal(t, "back to the first text", must(s.Deploy(ctx, gate, bundle("b3", 4),
		[]store.ProcedureHash{proc("p", "hp1"), proc("r", "hr1")}))(t), []store.VersionRow{p3, r1})

	equal(t, "versions", must(s.Versions(ctx, gate))(t), []store.VersionRow{p3, q1, r1})
	equal(t, "newest", must(s.Version(ctx, gate, "p", 0))(t), p3)
	equal(t, "version 2", must(s.Version(ctx, gate, "p", 2))(t), p2)
	_, err = s.Version(ctx, gate, "p", 4)
	is(t, err, store.ErrNotFound)
	_, err = s.Bundle(ctx, gate, "b9")
	is(t, err, store.ErrNotFound)
	elsewhere := must(s.Deploy(ctx, other, bundle("b2", 5), []store.ProcedureHash{proc("p", "hp2")}))(t)
	equal(t, "another office's number", elsewhere[0].Version, 1)
	equal(t, "another office's bundle", must(s.Bundle(ctx, gate, "b2"))(t), bundle("b2", 3))
}

func persons(t *testing.T, s store.Store) {
	ctx := context.Background()
	chan1 := store.PersonRow{ID: "chan", Name: "陳", Posts: []string{"gate", "desk"},
		Skills: []string{"forklift"}, Unit: "1", Admin: true, Lang: "zh-TW",
		Changed: at(1)}
	ao := store.PersonRow{ID: "ao", Name: "區", Gone: true, Changed: at(2)}
	noError(t, s.PutPerson(ctx, gate, chan1))
	noError(t, s.PutPerson(ctx, gate, ao))
	noError(t, s.PutPerson(ctx, other, store.PersonRow{ID: "chan", Admin: true}))
	equal(t, "person", must(s.Person(ctx, gate, "chan"))(t), chan1)
	equal(t, "people", must(s.People(ctx, gate))(t), []store.PersonRow{ao, chan1})
	chan1.Posts, chan1.Lang, chan1.Changed = []string{"head"}, "", at(3)
	noError(t, s.PutPerson(ctx, gate, chan1))
	equal(t, "replaced", must(s.Person(ctx, gate, "chan"))(t), chan1)
	_, err := s.Person(ctx, gate, "wong")
	is(t, err, store.ErrNotFound)
}

func links(t *testing.T, s store.Store) {
	ctx := context.Background()
	link := store.LinkRow{Hash: []byte{1, 2, 3}, Office: gate, Person: "chan", Purpose: "sign-in", Until: at(30)}
	noError(t, s.PutLink(ctx, link))
	_, err := s.TakeLink(ctx, []byte{1, 2})
	is(t, err, store.ErrNotFound)
	equal(t, "link", must(s.TakeLink(ctx, link.Hash))(t), link)
	_, err = s.TakeLink(ctx, link.Hash)
	is(t, err, store.ErrNotFound)
}

func sessions(t *testing.T, s store.Store) {
	ctx := context.Background()
	session := store.SessionRow{Hash: []byte{9, 8}, Office: gate, Person: "chan", Until: at(30)}
	noError(t, s.PutSession(ctx, session))
	equal(t, "session", must(s.Session(ctx, session.Hash, at(29)))(t), session)
	_, err := s.Session(ctx, session.Hash, at(30))
	is(t, err, store.ErrNotFound)
	session.Until = at(90)
	noError(t, s.PutSession(ctx, session))
	equal(t, "prolonged", must(s.Session(ctx, session.Hash, at(60)))(t), session)
	_, err = s.Session(ctx, []byte{9}, morning)
	is(t, err, store.ErrNotFound)
	noError(t, s.DropSession(ctx, session.Hash))
	noError(t, s.DropSession(ctx, session.Hash))
	_, err = s.Session(ctx, session.Hash, morning)
	is(t, err, store.ErrNotFound)
}

func offices(t *testing.T, s store.Store) {
	ctx := context.Background()
	equal(t, "none", len(must(s.OfficeIDs(ctx))(t)), 0)
	noError(t, s.PutPerson(ctx, "b", store.PersonRow{ID: "chan"}))
	noError(t, s.PutPerson(ctx, "a", store.PersonRow{ID: "chan"}))
	must(s.Deploy(ctx, "c", store.BundleRow{Hash: "h"}, nil))(t)
	must(s.Deploy(ctx, "a", store.BundleRow{Hash: "h"}, nil))(t)
	equal(t, "offices", must(s.OfficeIDs(ctx))(t), []string{"a", "b", "c"})
}

// isolation fills one office and asks another for each of its things, by every read there is.
func isolation(t *testing.T, s store.Store) {
	ctx := context.Background()
	fillOffice(t, s)
	who := []store.Candidate{"post:gate", "person:chan", "holder:chan"}
	for name, read := range map[string]func(office string) (int, error){
		"Case":         func(o string) (int, error) { return one(s.Case(ctx, o, "c1")) },
		"CaseByNumber": func(o string) (int, error) { return one(s.CaseByNumber(ctx, o, "R-1")) },
		"CasesOf": func(o string) (int, error) {
			p, err := s.CasesOf(ctx, o, store.CaseQuery{Limit: 10})
			return len(p.Items), err
		},
		"CasesOf filtered": func(o string) (int, error) {
			p, err := s.CasesOf(ctx, o, store.CaseQuery{Number: "R", Starter: "chan", Limit: 10})
			return len(p.Items), err
		},
		"History": func(o string) (int, error) { return many(s.History(ctx, o, "c1", 0, 10)) },
		"Answer":  func(o string) (int, error) { return one(s.Answer(ctx, o, "k1")) },
		"Counters": func(o string) (int, error) {
			m, err := s.Counters(ctx, o, []string{"a"})
			return int(m["a"]), err
		},
		"Inbox": func(o string) (int, error) {
			p, err := s.Inbox(ctx, o, store.InboxQuery{Who: who, Limit: 10})
			return len(p.Items), err
		},
		"InboxCounts": func(o string) (int, error) {
			m, err := s.InboxCounts(ctx, o, who, 10)
			return m["post:gate"], err
		},
		"Task":    func(o string) (int, error) { return one(s.Task(ctx, o, "c1.1")) },
		"TasksOf": func(o string) (int, error) { return many(s.TasksOf(ctx, o, "c1")) },
		"Copies": func(o string) (int, error) {
			p, err := s.Copies(ctx, o, who, "chan", "", 10)
			return len(p.Items), err
		},
		"CopiesOf":     func(o string) (int, error) { return many(s.CopiesOf(ctx, o, "c1")) },
		"Subscribers":  func(o string) (int, error) { return many(s.Subscribers(ctx, o, "bell", "k")) },
		"KeptMessages": func(o string) (int, error) { return many(s.KeptMessages(ctx, o, "bell", "k", morning)) },
		"Bundle":       func(o string) (int, error) { return one(s.Bundle(ctx, o, "b1")) },
		"Versions":     func(o string) (int, error) { return many(s.Versions(ctx, o)) },
		"Version":      func(o string) (int, error) { return one(s.Version(ctx, o, "p", 1)) },
		"newest":       func(o string) (int, error) { return one(s.Version(ctx, o, "p", 0)) },
		"Person":       func(o string) (int, error) { return one(s.Person(ctx, o, "chan")) },
		"File":         func(o string) (int, error) { return one(s.File(ctx, o, "f1")) },
		"FileInfo":     func(o string) (int, error) { return one(s.FileInfo(ctx, o, "f1")) },
		"People":       func(o string) (int, error) { return many(s.People(ctx, o)) },
	} {
		equal(t, name+" in its office", must(read(gate))(t), 1)
		n, err := read(other)
		if n != 0 || (err != nil && !isNotFound(err)) {
			t.Fatalf("%s in the other office: %d and %v, want nothing", name, n, err)
		}
	}
	isolatedWrites(t, s)
}
