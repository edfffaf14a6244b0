package api

import (
	"context"
	"net/http"

	"github.com/guicheng/guicheng/engine"
)

type (
	// Page asks for a part of a list.
	Page struct {
		After string `query:"after" maxLength:"1000" doc:"next of the page before"`
		Limit int    `query:"limit" minimum:"1" maximum:"200" default:"50"`
	}
	inboxInput struct {
		Asked
		Page
		Post      string `query:"post" maxLength:"100" doc:"one of your posts alone"`
		Procedure string `query:"procedure" maxLength:"100"`
		Number    string `query:"number" maxLength:"200" doc:"how the case's number begins"`
		Find      string `query:"find" maxLength:"200" doc:"how a number or a searchable text begins, or a value"`
		Mine      bool   `query:"mine" doc:"only what you claimed"`
		Team      bool   `query:"team" doc:"instead: what those have, or are offered, whose superior you are"`
	}
	taskInput struct {
		Asked
		ID string `path:"id" maxLength:"200"`
	}
	draftInput struct {
		Asked
		ID   string `path:"id" maxLength:"200"`
		Body struct {
			Values object `json:"values" doc:"what was filled in so far; not checked"`
		}
	}
	completeInput struct {
		Asked
		Keyed
		ID   string `path:"id" maxLength:"200"`
		Body struct {
			Answer string `json:"answer,omitempty" maxLength:"200" doc:"one of the task's answers, if it has any"`
			Values object `json:"values,omitempty" doc:"values of the form"`
			Note   string `json:"note,omitempty" maxLength:"200" doc:"a remark that stands in the story of the case"`
			Pile   bool   `json:"pile,omitempty" doc:"answer also with the next task of this step, of another case"`
			DryRun
		}
	}
	copiesInput struct {
		Asked
		Page
	}
	copyInput struct {
		Asked
		ID string `path:"id" maxLength:"500"`
	}
)

func (s *server) taskRoutes() {
	route(s, s.op(http.MethodGet, prefix+"/inbox", "list-inbox", "Open tasks that you may do, urgent ones first"),
		s.inbox)
	route(s, s.op(http.MethodGet, prefix+"/tasks/{id}", "get-task", "A task with its form"), s.task)
	route(s, s.op(http.MethodPost, prefix+"/tasks/{id}/claim", "claim-task", "Take a task for yourself alone"), s.claim)
	route(s, s.op(http.MethodPost, prefix+"/tasks/{id}/release", "release-task", "Give a claimed task back"), s.release)
	routeRaw(s, s.op(http.MethodPut, prefix+"/tasks/{id}/draft", "save-draft", "Keep what was filled in", noContent),
		s.saveDraft)
	route(s, s.op(http.MethodPost, prefix+"/tasks/{id}/complete", "complete-task", "Finish a task"), s.complete)
	route(s, s.op(http.MethodGet, prefix+"/copies", "list-copies", "Documents that were copied to you"), s.copies)
	routeRaw(s, s.op(http.MethodPost, prefix+"/copies/{id}/read", "read-copy", "Mark a copy as read", noContent),
		s.readCopy)
}

func (s *server) inbox(ctx context.Context, in *inboxInput) (engine.InboxPage, error) {
	return s.engine.Inbox(ctx, in.actor(), in.lang, engine.InboxQuery{
		Post: in.Post, Procedure: in.Procedure, Number: in.Number, Find: in.Find,
		Mine: in.Mine, Team: in.Team,
		After: in.After, Limit: in.Limit,
	})
}

func (s *server) task(ctx context.Context, in *taskInput) (engine.TaskView, error) {
	out, err := s.engine.Task(ctx, in.actor(), in.lang, in.ID)
	giveReasons(out.Acts, in.lang)
	for i := range out.Returns {
		giveReason(&out.Returns[i].MayView, in.lang)
		giveReason(&out.Returns[i].Straight, in.lang)
	}
	return out, err
}

func (s *server) claim(ctx context.Context, in *taskInput) (engine.Done, error) {
	return s.engine.Claim(ctx, in.actor(), in.ID)
}

func (s *server) release(ctx context.Context, in *taskInput) (engine.Done, error) {
	return s.engine.Release(ctx, in.actor(), in.ID)
}

func (s *server) saveDraft(ctx context.Context, in *draftInput) (*struct{}, error) {
	return nil, s.engine.SaveDraft(ctx, in.actor(), in.ID, in.Body.Values.RawMessage)
}

func (s *server) complete(ctx context.Context, in *completeInput) (engine.Done, error) {
	return s.engine.Complete(ctx, in.actor(), in.ID, engine.CompleteRequest{
		Answer: in.Body.Answer, Values: in.Body.Values.orNone(), Note: in.Body.Note, Key: in.Key,
		Pile: in.Body.Pile, Dry: in.Body.Dry,
	})
}

func (s *server) copies(ctx context.Context, in *copiesInput) (engine.CopyList, error) {
	return s.engine.Copies(ctx, in.actor(), in.lang, in.After, in.Limit)
}

func (s *server) readCopy(ctx context.Context, in *copyInput) (*struct{}, error) {
	return nil, s.engine.ReadCopy(ctx, in.actor(), in.ID)
}
