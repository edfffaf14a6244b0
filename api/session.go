package api

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/guicheng/guicheng/engine"
	"github.com/guicheng/guicheng/staff"
	"github.com/guicheng/guicheng/store"
)

// Me is who is signed in.
type Me struct {
	Office string   `json:"office"`
	ID     string   `json:"id"`
	Name   string   `json:"name"`
	Posts  []string `json:"posts"`
	Unit   string   `json:"unit,omitempty"`
	Admin  bool     `json:"admin" doc:"may deploy, and keep the directory"`
	Lang   string   `json:"lang,omitempty"`
}

// SignedIn is the answer to whoever signs in.
type SignedIn struct {
	Me      Me        `json:"me"`
	Session string    `json:"session,omitempty" doc:"for programs: Authorization: Bearer; browsers have the cookie"`
	Until   time.Time `json:"until" doc:"when the session ends"`
}

type (
	tokenBody struct {
		Token string `json:"token" maxLength:"200" doc:"the end of a sign-in link"`
	}
	signInInput struct {
		Asked
		Body tokenBody
	}
	setUpInput struct {
		Asked
		Body struct {
			Token  string `json:"token" maxLength:"200" doc:"from the server's console"`
			Office string `json:"office" pattern:"^[a-z][a-z0-9-]{0,63}$" doc:"id of the office, as in its office.yaml"`
			ID     string `json:"id" minLength:"1" maxLength:"64" doc:"of the first administrator"`
			Name   string `json:"name" minLength:"1" maxLength:"200"`
		}
	}
	signedOutput struct {
		Cookie http.Cookie `header:"Set-Cookie"`
		Body   SignedIn
	}
	signedOutOutput struct {
		Cookie http.Cookie `header:"Set-Cookie"`
	}
)

func (s *server) sessionRoutes() {
	routeRaw(s, s.op(http.MethodPost, prefix+"/sign-in", "sign-in", "Take a sign-in link and begin a session", public),
		s.signIn)
	routeRaw(s, s.op(http.MethodPost, prefix+"/set-up", "set-up",
		"Make the first administrator, by the link on the server's console; gone once there is one", public), s.setUp)
	routeRaw(s, s.op(http.MethodDelete, prefix+"/session", "sign-out", "End the session", noContent), s.signOut)
	route(s, s.op(http.MethodGet, prefix+"/me", "get-me", "Who is signed in"), s.me)
}

func (s *server) signIn(ctx context.Context, in *signInInput) (*signedOutput, error) {
	secret, who, err := s.door.SignIn(ctx, in.Body.Token)
	if err != nil {
		return nil, err
	}
	out := s.signed(secret, who)
	out.Body.Session = secret.Token
	return out, nil
}

func (s *server) setUp(ctx context.Context, in *setUpInput) (*signedOutput, error) {
	b := in.Body
	secret, who, err := s.door.SetUp(ctx, b.Token, b.Office, b.ID, func() error {
		if err := s.deployed(ctx, b.Office); err != nil {
			return err
		}
		return s.engine.FirstAdministrator(ctx, b.Office, store.PersonRow{ID: b.ID, Name: b.Name})
	})
	if errors.Is(err, staff.ErrSpent) {
		return nil, refusal(codeSetUpSpent)
	}
	if err != nil {
		return nil, err
	}
	out := s.signed(secret, who)
	out.Body.Session = secret.Token
	return out, nil
}

// deployed refuses an office that nobody could work in: a misspelt id would make an office of its own.
func (s *server) deployed(ctx context.Context, office string) error {
	offices, err := s.engine.Deployed(ctx)
	if err != nil || slices.Contains(offices, office) {
		return err
	}
	p := refusal(codeNoOffice)
	p.Args = map[string]string{"office": office, "offices": strings.Join(offices, ", ")}
	if len(offices) == 0 {
		p.Args["why"] = noneDeployed
	}
	return p
}

func (s *server) signed(secret staff.Secret, who staff.Signed) *signedOutput {
	return &signedOutput{
		Cookie: s.cookie(secret.Token, int(staff.SessionLife.Seconds())),
		Body:   SignedIn{Me: meOf(who.Office, who.Person), Until: secret.Until},
	}
}

// cookie keeps a session in a browser. It is not sent from other sites' pages, and scripts cannot read it.
func (s *server) cookie(value string, seconds int) http.Cookie {
	return http.Cookie{
		Name: cookieName, Value: value, Path: "/", MaxAge: seconds, HttpOnly: true, Secure: s.secure,
		SameSite: http.SameSiteStrictMode,
	}
}

func (s *server) signOut(ctx context.Context, in *Asked) (*signedOutOutput, error) {
	if err := s.door.SignOut(ctx, in.who.token); err != nil {
		return nil, err
	}
	return &signedOutOutput{Cookie: s.cookie("", -1)}, nil
}

func (s *server) me(_ context.Context, in *Asked) (Me, error) {
	return meOf(in.who.actor.Office, in.who.person), nil
}

func meOf(office string, p store.PersonRow) Me {
	return Me{
		Office: office, ID: p.ID, Name: p.Name, Posts: append([]string{}, p.Posts...), Unit: p.Unit, Admin: p.Admin,
		Lang: p.Lang,
	}
}

// actor is who asks, for the engine.
func (a *Asked) actor() engine.Actor {
	out := a.who.actor
	out.Lang = a.lang
	return out
}
