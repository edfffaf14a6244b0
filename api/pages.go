package api

import (
	"context"
	"net/http"

	"github.com/guicheng/guicheng/definitions/value"
	"github.com/guicheng/guicheng/engine"
	"github.com/guicheng/guicheng/engine/core"
)

// Tried is how a form stands that is being filled in.
type Tried struct {
	engine.TriedView
	Fields []FieldProblem `json:"fields" doc:"what is wrong with it, or missing"`
	Detail string         `json:"detail,omitempty" doc:"what is wrong with the form as a whole, in the asked language"`
}

type (
	tryTaskInput struct {
		Asked
		ID   string `path:"id" maxLength:"200"`
		Body struct {
			Answer string `json:"answer,omitempty" maxLength:"200" doc:"the answer that you are about to give"`
			Values object `json:"values,omitempty" doc:"what was filled in so far"`
		}
	}
	tryStartInput struct {
		Asked
		ID   string `path:"id" maxLength:"100" doc:"of the procedure"`
		Body struct {
			Way    int    `json:"way,omitempty" minimum:"0" maximum:"1000" doc:"which of the ways to start; mostly 0"`
			Values object `json:"values,omitempty" doc:"what was filled in so far"`
		}
	}
	tryMessageInput struct {
		Asked
		ID   string `path:"id" maxLength:"200" doc:"id or number of the case"`
		Name string `path:"name" maxLength:"100"`
		Body struct {
			Values object `json:"values,omitempty" doc:"what was filled in so far"`
		}
	}
)

func (s *server) pageRoutes() {
	route(s, s.op(http.MethodGet, prefix+"/office", "get-office", "The office as everybody in it knows it"), s.office)
	route(s, s.op(http.MethodPost, prefix+"/tasks/{id}/try", "try-task", "How a task's form stands; nothing is kept"),
		s.tryTask)
	route(s, s.op(http.MethodPost, prefix+"/procedures/{id}/try", "try-start",
		"How the form of a case stands that is to begin; nothing is kept"), s.tryStart)
	route(s, s.op(http.MethodPost, prefix+"/cases/{id}/messages/{name}/try", "try-message",
		"How the form of a message stands; nothing is kept"), s.tryMessage)
}

func (s *server) office(ctx context.Context, in *Asked) (engine.OfficeView, error) {
	return s.engine.Office(ctx, in.actor(), in.lang)
}

func (s *server) tryTask(ctx context.Context, in *tryTaskInput) (Tried, error) {
	return s.try(ctx, &in.Asked, engine.TryRequest{
		Task: in.ID, Answer: in.Body.Answer, Values: in.Body.Values.orNone(),
	})
}

func (s *server) tryStart(ctx context.Context, in *tryStartInput) (Tried, error) {
	return s.try(ctx, &in.Asked, engine.TryRequest{
		Procedure: in.ID, Way: in.Body.Way, Values: in.Body.Values.orNone(),
	})
}

func (s *server) tryMessage(ctx context.Context, in *tryMessageInput) (Tried, error) {
	return onCase(ctx, s, &in.Asked, in.ID, func(id string) (Tried, error) {
		return s.try(ctx, &in.Asked, engine.TryRequest{
			Case: id, Message: in.Name, Values: in.Body.Values.orNone(),
		})
	})
}

func (s *server) try(ctx context.Context, a *Asked, q engine.TryRequest) (Tried, error) {
	view, err := s.engine.Try(ctx, a.actor(), a.lang, q)
	if err != nil {
		return Tried{}, err
	}
	out := Tried{TriedView: view, Fields: []FieldProblem{}}
	out.add(a.lang, view.Faults)
	if view.Refused != nil {
		if view.Refused.Code == string(core.CheckFailed) {
			out.add(a.lang, view.Refused.Fields)
		}
		out.Detail = problemOf(view.Refused).render(a.lang).Detail
	}
	return out, nil
}

func (t *Tried) add(lang string, faults []value.Fault) {
	for _, f := range faults {
		t.Fields = append(t.Fields, FieldProblem{Path: f.Path, Code: f.Code, Detail: fieldDetail(lang, f)})
	}
}
