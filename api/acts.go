package api

import (
	"context"
	"net/http"
	"time"

	"github.com/guicheng/guicheng/engine"
)

// Substitutes are those whose work others do.
type Substitutes struct {
	Substitutes []engine.SubstituteLine `json:"substitutes"`
}

type (
	sayInput struct {
		OnCase
		Body struct {
			Text string `json:"text,omitempty" maxLength:"2000"`
		}
	}
	copyCaseInput struct {
		OnCase
		Body struct {
			To   []string `json:"to" minItems:"1" maxItems:"100" nullable:"false" doc:"ids of persons"`
			Text string   `json:"text,omitempty" maxLength:"2000"`
		}
	}
	substituteInput struct {
		Asked
		Body struct {
			Person     string    `json:"person,omitempty" maxLength:"64" doc:"who is away, as administrators say; absent: you"`
			Substitute string    `json:"substitute" minLength:"1" maxLength:"64" doc:"id of the person who stands in"`
			From       time.Time `json:"from,omitempty" doc:"the first moment; absent: now"`
			Until      time.Time `json:"until" doc:"the first moment after"`
			Procedures []string  `json:"procedures,omitempty" maxItems:"100" nullable:"false" doc:"ids; absent or empty: all"`
		}
	}
	handOverInput struct {
		Asked
		Keyed
		ID   string `path:"id" maxLength:"64" doc:"of the person whose tasks they are; he may have left"`
		Body struct {
			To   string `json:"to" minLength:"1" maxLength:"64" doc:"id of the person who takes over"`
			Note string `json:"note,omitempty" maxLength:"200" doc:"why, for the record"`
		}
	}
	substituteIDInput struct {
		Asked
		ID string `path:"id" maxLength:"64"`
	}
)

func (s *server) actRoutes() {
	route(s, s.op(http.MethodPost, prefix+"/cases/{id}/urge", "urge-case", "Ask those who have the case now to hurry"),
		s.urge)
	route(s, s.op(http.MethodPost, prefix+"/cases/{id}/copy", "copy-case", "Give people the case to read"), s.copyCase)
	route(s, s.op(http.MethodPost, prefix+"/cases/{id}/comments", "comment-case", "Put a word on the case's record"),
		s.comment)
	route(s, s.op(http.MethodGet, prefix+"/cases/{id}/comments", "list-comments",
		"What was said on a case, and to whom it was copied"), s.sayings)
	route(s, s.op(http.MethodPost, prefix+"/people/{id}/hand-over", "hand-over",
		"Give all open tasks of a person to another, all or nothing"), s.handOver)
	route(s, s.op(http.MethodGet, prefix+"/substitutes", "list-substitutes",
		"Who does whose work: for administrators all, else what concerns you"), s.substitutes)
	route(s, s.op(http.MethodPost, prefix+"/substitutes", "put-substitute", "Let somebody do your work while you are away",
		created), s.putSubstitute)
	routeRaw(s, s.op(http.MethodDelete, prefix+"/substitutes/{id}", "end-substitute", "End a substitute at once",
		noContent), s.endSubstitute)
}

func (s *server) urge(ctx context.Context, in *sayInput) (engine.Done, error) {
	return onCase(ctx, s, &in.Asked, in.ID, func(id string) (engine.Done, error) {
		return s.engine.Urge(ctx, in.actor(), engine.SayRequest{Case: id, Text: in.Body.Text, Key: in.Key})
	})
}

func (s *server) copyCase(ctx context.Context, in *copyCaseInput) (engine.Done, error) {
	return onCase(ctx, s, &in.Asked, in.ID, func(id string) (engine.Done, error) {
		return s.engine.CopyCase(ctx, in.actor(), engine.SayRequest{
			Case: id, Text: in.Body.Text, To: in.Body.To, Key: in.Key,
		})
	})
}

func (s *server) comment(ctx context.Context, in *sayInput) (engine.Done, error) {
	return onCase(ctx, s, &in.Asked, in.ID, func(id string) (engine.Done, error) {
		return s.engine.Comment(ctx, in.actor(), engine.SayRequest{Case: id, Text: in.Body.Text, Key: in.Key})
	})
}

func (s *server) sayings(ctx context.Context, in *caseInput) (engine.Sayings, error) {
	return onCase(ctx, s, &in.Asked, in.ID, func(id string) (engine.Sayings, error) {
		return s.engine.Sayings(ctx, in.actor(), id)
	})
}

func (s *server) handOver(ctx context.Context, in *handOverInput) (engine.HandedOver, error) {
	return s.engine.HandOver(ctx, in.actor(), engine.HandOverRequest{
		From: in.ID, To: in.Body.To, Note: in.Body.Note, Key: in.Key,
	})
}

func (s *server) substitutes(ctx context.Context, in *Asked) (Substitutes, error) {
	list, err := s.engine.Substitutes(ctx, in.actor())
	return Substitutes{Substitutes: list}, err
}

func (s *server) putSubstitute(ctx context.Context, in *substituteInput) (engine.SubstituteLine, error) {
	b := in.Body
	return s.engine.PutSubstitute(ctx, in.actor(), engine.SubstituteRequest{
		Person: b.Person, Substitute: b.Substitute, From: b.From, Until: b.Until, Procedures: b.Procedures,
	})
}

func (s *server) endSubstitute(ctx context.Context, in *substituteIDInput) (*struct{}, error) {
	return nil, s.engine.EndSubstitute(ctx, in.actor(), in.ID)
}
