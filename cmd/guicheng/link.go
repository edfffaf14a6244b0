package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strings"
	"time"

	"github.com/guicheng/guicheng/api"
	"github.com/guicheng/guicheng/staff"
	"github.com/guicheng/guicheng/store"
)

// linkCmd is the way back in for an office whose administrators cannot sign in. It needs the machine and its files,
// and so gives nobody what he could not take.
type linkCmd struct {
	Office string `arg:"" help:"Id of the office."`
	Person string `arg:"" help:"Id of the person who is to sign in."`

	Where     dataFlags `embed:""`
	Listen    string    `default:"127.0.0.1:8080" env:"GUICHENG_LISTEN" help:"Where the server listens (${default})."`
	PublicURL string    `name:"public-url" env:"GUICHENG_PUBLIC_URL" placeholder:"URL" help:"Where people reach it."`
	Lang      string    `type:"lang" help:"zh-Hant, zh-Hans or en; absent: the terminal's."`
}

// Run prints a link that signs one person in, once.
func (c *linkCmd) Run(ctx context.Context, s *Streams) (err error) {
	if _, _, err := net.SplitHostPort(c.Listen); err != nil {
		return wrongListen(c.Listen)
	}
	public, err := api.PublicOrigin(publicURL(c.PublicURL, c.Listen))
	if err != nil {
		return err
	}
	db, err := c.Where.open(ctx, "stop it first, or let an administrator make the link there")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	now, err := db.Now(ctx) // the clock by which the servers judge the link
	if err != nil {
		return err
	}
	secret, err := staff.NewDoor(db, func() time.Time { return now }).NewLink(ctx, c.Office, c.Person)
	if errors.Is(err, store.ErrNotFound) {
		return c.unknown(ctx, db)
	}
	if err != nil {
		return err
	}
	link := api.SignInLink(public, secret.Token)
	s.say(s.language(c.Lang), "While the server runs, this signs %s of %s in, once, within %.0f minutes:\n\n  %s\n",
		c.Person, c.Office, staff.LinkLife.Minutes(), link)
	return nil
}

// unknown says who there is: administrators first in need of a link.
func (c *linkCmd) unknown(ctx context.Context, db store.Store) error {
	people, err := db.People(ctx, c.Office)
	if err != nil {
		return err
	}
	if len(people) == 0 {
		offices, err := db.OfficeIDs(ctx)
		if err != nil {
			return err
		}
		return fmt.Errorf("there is nobody in an office %q; there are the offices: %s", c.Office,
			strings.Join(offices, ", "))
	}
	var admins []string
	for _, p := range people {
		if p.Admin && !p.Gone {
			admins = append(admins, p.ID)
		}
	}
	return fmt.Errorf("%q is nobody of %s, or has left; its administrators are: %s", c.Person, c.Office,
		strings.Join(admins, ", "))
}
