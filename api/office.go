package api

import (
	"cmp"
	"context"
	"net/http"
	"slices"
	"time"

	"github.com/guicheng/guicheng/definitions"
	"github.com/guicheng/guicheng/definitions/report"
	"github.com/guicheng/guicheng/engine"
	"github.com/guicheng/guicheng/store"
)

// Person is somebody of the office.
type Person struct {
	ID      string    `json:"id"`
	Name    string    `json:"name"`
	Posts   []string  `json:"posts"`
	Skills  []string  `json:"skills" doc:"what the person is able to do"`
	Unit    string    `json:"unit,omitempty"`
	Admin   bool      `json:"admin" doc:"may deploy, and keep the directory"`
	Gone    bool      `json:"gone" doc:"has left: cannot sign in, is offered nothing"`
	Lang    string    `json:"lang,omitempty"`
	Changed time.Time `json:"changed"`
}

// ChangedPerson is a person after a change of the directory.
type ChangedPerson struct {
	Person
	Unattended []engine.Unattended `json:"unattended,omitempty" doc:"open work that nobody can do since this change"`
}

// People are all persons of the office.
type People struct {
	People []Person `json:"people"`
}

// Link is a way to sign in once. It is shown this once only.
type Link struct {
	Link  string    `json:"link" doc:"to hand to the person"`
	Token string    `json:"token" doc:"the end of the link, for POST sign-in"`
	Until time.Time `json:"until"`
}

// Versions are the procedures in force.
type Versions struct {
	Versions []engine.VersionLine `json:"versions"`
}

// Findings are what is wrong with definitions.
type Findings struct {
	Problems []report.Problem `json:"problems"`
	Failed   bool             `json:"failed" doc:"whether a deployment of these files would be refused"`
	// Versions and Removed are what a deployment would do.
	Versions []engine.VersionLine `json:"versions" doc:"procedures of which it would make a new version"`
	Removed  []engine.VersionLine `json:"removed,omitempty" doc:"procedures that would be in force no more"`
}

// Upload is an office's files: office.yaml, its procedures, scenarios and texts.
type Upload struct {
	Files []UploadedFile `json:"files" minItems:"1" maxItems:"500" nullable:"false" doc:"all of the office"`
	// Removes is read by deployments alone.
	Removes []string `json:"removes,omitempty" maxItems:"500" doc:"procedures that are to be in force no more"`
}

// UploadedFile is one of them.
type UploadedFile struct {
	Name string `json:"name" minLength:"1" maxLength:"200" doc:"relative to the office's folder: visitor.yaml"`
	Text string `json:"text"`
}

type (
	personInput struct {
		Asked
		ID string `path:"id" maxLength:"64"`
	}
	putPersonInput struct {
		Asked
		ID   string `path:"id" maxLength:"64"`
		Body struct {
			Name   *string   `json:"name,omitempty" minLength:"1" maxLength:"200" doc:"absent: as it was"`
			Posts  *[]string `json:"posts,omitempty" maxItems:"100" nullable:"false" doc:"absent: as it was"`
			Skills *[]string `json:"skills,omitempty" maxItems:"100" nullable:"false" doc:"absent: as it was"`
			Unit   *string   `json:"unit,omitempty" maxLength:"100" doc:"absent: as it was"`
			Admin  *bool     `json:"admin,omitempty" doc:"absent: as it was"`
			Gone   *bool     `json:"gone,omitempty" doc:"absent: as it was"`
			Lang   *string   `json:"lang,omitempty" enum:"zh-Hant,zh-Hans,en" doc:"absent: as it was"`
			Dry    bool      `json:"dry,omitempty" doc:"only tell what would come of it, in unattended"`
		}
	}
	uploadInput struct {
		Asked
		Body Upload
	}
)

func (s *server) officeRoutes() {
	route(s, s.op(http.MethodGet, prefix+"/people", "list-people", "The office's directory"), s.people)
	route(s, s.op(http.MethodGet, prefix+"/people/{id}", "get-person", "One person"), s.person)
	route(s, s.op(http.MethodPut, prefix+"/people/{id}", "put-person", "Add or change a person"), s.putPerson)
	route(s, s.op(http.MethodPost, prefix+"/people/{id}/link", "make-link", "Make a sign-in link for a person", created),
		s.link)
	route(s, s.op(http.MethodGet, prefix+"/deployments", "list-versions", "The procedures in force"), s.versions)
	route(s, s.op(http.MethodGet, prefix+"/deployments/current", "get-deployment",
		"When what is in force was deployed, by whom, and of what that warned"), s.inForce)
	route(s, s.op(http.MethodPost, prefix+"/deployments", "deploy", "Put an office's files in force", upload), s.deploy)
	route(s, s.op(http.MethodPost, prefix+"/check", "check", "Check files without deploying them", upload), s.check)
}

func (s *server) people(ctx context.Context, in *Asked) (People, error) {
	rows, err := s.engine.People(ctx, in.actor())
	out := People{People: make([]Person, 0, len(rows))}
	for _, row := range rows {
		out.People = append(out.People, personOf(row))
	}
	return out, err
}

func (s *server) person(ctx context.Context, in *personInput) (Person, error) {
	rows, err := s.engine.People(ctx, in.actor())
	if err != nil {
		return Person{}, err
	}
	for _, row := range rows {
		if row.ID == in.ID {
			return personOf(row), nil
		}
	}
	return Person{}, refusal(engine.CodeNotFound)
}

// putPerson changes what is said: who leaves a right out does not take it away.
func (s *server) putPerson(ctx context.Context, in *putPersonInput) (ChangedPerson, error) {
	b := in.Body
	do := s.engine.ChangePerson
	if b.Dry {
		do = s.engine.ForeseePerson
	}
	row, left, err := do(ctx, in.actor(), in.ID, func(p *store.PersonRow) {
		change(&p.Name, b.Name)
		change(&p.Posts, b.Posts)
		change(&p.Skills, b.Skills)
		change(&p.Unit, b.Unit)
		change(&p.Admin, b.Admin)
		change(&p.Gone, b.Gone)
		change(&p.Lang, b.Lang)
	})
	if err != nil {
		return ChangedPerson{}, err
	}
	return ChangedPerson{Person: personOf(row), Unattended: left}, nil
}

func change[T any](to, said *T) {
	if said != nil {
		*to = *said
	}
}

func personOf(p store.PersonRow) Person {
	return Person{
		ID: p.ID, Name: p.Name, Posts: append([]string{}, p.Posts...), Unit: p.Unit,
		Skills: append([]string{}, p.Skills...), Admin: p.Admin, Gone: p.Gone,
		Lang: p.Lang, Changed: p.Changed,
	}
}

func (s *server) link(ctx context.Context, in *personInput) (Link, error) {
	if err := in.administrator(); err != nil {
		return Link{}, err
	}
	secret, err := s.door.NewLink(ctx, in.actor().Office, in.ID)
	if err != nil {
		return Link{}, err
	}
	return Link{Link: SignInLink(s.origin, secret.Token), Token: secret.Token, Until: secret.Until}, nil
}

// SignInLink is the address that a person opens to sign in. origin is a scheme and host; "" leaves them out.
func SignInLink(origin, token string) string { return origin + "/sign-in/" + token }

func (s *server) versions(ctx context.Context, in *Asked) (Versions, error) {
	list, err := s.engine.Versions(ctx, in.actor().Office)
	return Versions{Versions: list}, err
}

func (s *server) inForce(ctx context.Context, in *Asked) (engine.Deployment, error) {
	out, err := s.engine.InForce(ctx, in.actor())
	out.Warnings = report.In(cmp.Or(in.lang, hant), out.Warnings, nil)
	return out, err
}

func (s *server) deploy(ctx context.Context, in *uploadInput) (engine.Deployment, error) {
	out, problems, err := s.engine.Deploy(ctx, in.actor(), in.files(), in.Body.Removes...)
	if err != nil {
		p := problemOf(err)
		p.Problems = in.told(problems)
		return engine.Deployment{}, p
	}
	out.Warnings = in.told(out.Warnings)
	return out, nil
}

// check is for administrators: compiling takes longer than anything else that can be asked.
func (s *server) check(ctx context.Context, in *uploadInput) (Findings, error) {
	if err := in.administrator(); err != nil {
		return Findings{}, err
	}
	would, problems, err := s.engine.Foresee(ctx, in.actor(), in.files())
	if err != nil {
		return Findings{}, problemOf(err)
	}
	return Findings{
		Problems: in.told(problems), Failed: report.Failed(problems), Versions: would.Versions, Removed: would.Removed,
	}, nil
}

// told says problems in the asked language, and in that of all sentences where none is asked for; errors first.
func (in *uploadInput) told(problems []report.Problem) []report.Problem {
	out := report.In(cmp.Or(in.lang, hant), problems, in.source)
	slices.SortStableFunc(out, func(a, b report.Problem) int { return cmp.Compare(a.Severity, b.Severity) })
	return append([]report.Problem{}, out...)
}

// source is the text of an uploaded file.
func (in *uploadInput) source(name string) []byte {
	for _, f := range in.Body.Files {
		if f.Name == name {
			return []byte(f.Text)
		}
	}
	return nil
}

func (in *uploadInput) files() []definitions.File {
	files := make([]definitions.File, 0, len(in.Body.Files))
	for _, f := range in.Body.Files {
		files = append(files, definitions.File{Name: f.Name, Text: []byte(f.Text)})
	}
	return files
}
