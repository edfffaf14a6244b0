package api

import (
	"context"
	"errors"
	"net/http"

	"github.com/guicheng/guicheng/definitions/value"
	"github.com/guicheng/guicheng/engine"
	"github.com/guicheng/guicheng/engine/core"
	"github.com/guicheng/guicheng/store"
)

// Procedures is what a person may start.
type Procedures struct {
	Procedures []engine.ProcedureLine `json:"procedures"`
}

// History is a part of what happened in a case.
type History struct {
	Events []engine.EventView `json:"events"`
	Next   int64              `json:"next,omitempty" doc:"after of the next page, which may be empty"`
}

type (
	startInput struct {
		Asked
		Keyed
		ID   string `path:"id" maxLength:"100" doc:"of the procedure"`
		Body struct {
			Way    int    `json:"way,omitempty" minimum:"0" maximum:"1000" doc:"which of the ways to start; mostly 0"`
			Values object `json:"values,omitempty" doc:"values of the form"`
		}
	}
	casesInput struct {
		Asked
		Page
		Procedure string `query:"procedure" maxLength:"100"`
		Status    string `query:"status" enum:"running,suspended,finished,cancelled,frozen"`
		Starter   string `query:"starter" maxLength:"64" doc:"id of the person who started it"`
		Number    string `query:"number" maxLength:"200" doc:"how the number begins"`
		Field     string `query:"field" maxLength:"200" doc:"a searchable field of the procedure"`
		Value     string `query:"value" maxLength:"500" doc:"what the case has in it"`
		From      string `query:"from" maxLength:"500" doc:"or: this or more, of numbers, money, times and durations"`
		To        string `query:"to" maxLength:"500" doc:"or: this or less; the greatest comes first"`
	}
	caseInput struct {
		Asked
		ID string `path:"id" maxLength:"200" doc:"id or number of the case"`
	}
	historyInput struct {
		Asked
		ID    string `path:"id" maxLength:"200" doc:"id or number of the case"`
		After int64  `query:"after" minimum:"0" doc:"sequence number of the last event that you have"`
		Limit int    `query:"limit" minimum:"1" maximum:"200" default:"50"`
		// Detail asks for the inner working, too.
		Detail bool `query:"detail" doc:"every event, with its body; else the story alone, as people tell it"`
	}
	messageInput struct {
		OnCase
		Name string `path:"name" maxLength:"100"`
		Body struct {
			ID     string `json:"id,omitempty" maxLength:"128" doc:"yours, for this message: the same id is taken once"`
			Values object `json:"values,omitempty" doc:"values of the message's form"`
			DryRun
		}
	}
	keyedMessageInput struct {
		Asked
		Keyed
		Name string `path:"name" maxLength:"100"`
		Body struct {
			Key    string `json:"key" minLength:"1" maxLength:"200" doc:"what the case waits for"`
			ID     string `json:"id,omitempty" maxLength:"128" doc:"yours, for this message: the same id is taken once"`
			Values object `json:"values,omitempty" doc:"values of the message's form"`
		}
	}
	rowInput struct {
		OnCase
		Body struct {
			Act    int64  `json:"act" doc:"of the step: see rows of the case"`
			Values object `json:"values,omitempty" doc:"values of a new row, under the row's name"`
		}
	}
	finishInput struct {
		OnCase
		Body struct {
			Act int64 `json:"act" doc:"of the step: see rows of the case"`
			DryRun
		}
	}
	retryInput struct {
		Asked
		ID   string `path:"id" maxLength:"200" doc:"id or number of the case"`
		Body struct {
			Act int64 `json:"act" doc:"of the incident"`
		}
	}
)

func (s *server) caseRoutes() {
	route(s, s.op(http.MethodGet, prefix+"/procedures", "list-procedures", "Procedures that you may start"), s.procedures)
	route(s, s.op(http.MethodPost, prefix+"/procedures/{id}/cases", "start-case", "Start a case", created), s.start)
	s.migrateRoutes()
	s.settingRoutes()
	route(s, s.op(http.MethodGet, prefix+"/cases", "list-cases", "Cases, youngest first"), s.cases)
	route(s, s.op(http.MethodGet, prefix+"/cases/{id}", "get-case", "A case as far as you may see it"), s.oneCase)
	route(s, s.op(http.MethodGet, prefix+"/cases/{id}/history", "list-history", "What happened in a case, and why"),
		s.history)
	route(s, s.op(http.MethodPost, prefix+"/cases/{id}/messages/{name}", "send-message", "Send a case a message by hand"),
		s.send)
	route(s, s.op(http.MethodPost, prefix+"/messages/{name}", "send-message-by-key",
		"Send a message to whichever case waits for its key"), s.sendByKey)
	route(s, s.op(http.MethodPost, prefix+"/cases/{id}/rows", "add-row", "Add a row to a step that runs for each"),
		s.addRow)
	route(s, s.op(http.MethodPost, prefix+"/cases/{id}/rows/finish", "finish-rows", "End a step that runs for each early"),
		s.finishRows)
	route(s, s.op(http.MethodPost, prefix+"/cases/{id}/retry", "retry-case", "Do again what failed with an incident"),
		s.retry)
}

func (s *server) procedures(ctx context.Context, in *Asked) (Procedures, error) {
	list, err := s.engine.Startable(ctx, in.actor(), in.lang)
	return Procedures{Procedures: list}, err
}

func (s *server) start(ctx context.Context, in *startInput) (engine.Started, error) {
	return s.engine.Start(ctx, in.actor(), engine.StartRequest{
		Procedure: in.ID, Way: in.Body.Way, Values: in.Body.Values.orNone(), Key: in.Key,
	})
}

func (s *server) cases(ctx context.Context, in *casesInput) (engine.CaseList, error) {
	from, to := in.From, in.To
	if in.Value != "" {
		if from+to != "" {
			p := refusal(string(core.Invalid))
			p.faults = []value.Fault{{Path: "query.value", Code: "one-of-two", Args: map[string]string{"other": "from, to"}}}
			return engine.CaseList{}, p
		}
		from, to = in.Value, in.Value
	}
	return s.engine.Cases(ctx, in.actor(), in.lang, store.CaseQuery{
		Procedure: in.Procedure, Status: in.Status, Starter: in.Starter, Number: in.Number, After: in.After,
		Limit: in.Limit, Field: in.Field, From: from, To: to,
	})
}

// caseID gives the id of a case that is named by its number, which is how people name it. Whether the caller may know
// of the case is for the engine to say.
func (s *server) caseID(ctx context.Context, office, name string) (string, error) {
	row, err := s.numbers.CaseByNumber(ctx, office, name)
	if errors.Is(err, store.ErrNotFound) {
		return name, nil
	}
	return row.ID, err
}

// onCase calls the engine with the id of a case that is named by id or number.
func onCase[T any](ctx context.Context, s *server, a *Asked, name string, do func(id string) (T, error)) (T, error) {
	id, err := s.caseID(ctx, a.actor().Office, name)
	if err != nil {
		var none T
		return none, err
	}
	return do(id)
}

func (s *server) oneCase(ctx context.Context, in *caseInput) (engine.CaseView, error) {
	return onCase(ctx, s, &in.Asked, in.ID, func(id string) (engine.CaseView, error) {
		out, err := s.engine.Case(ctx, in.actor(), in.lang, id)
		giveReasons(out.Acts, in.lang)
		for i := range out.Recalls {
			giveReason(&out.Recalls[i].MayView, in.lang)
		}
		return out, err
	})
}

func (s *server) history(ctx context.Context, in *historyInput) (History, error) {
	return onCase(ctx, s, &in.Asked, in.ID, func(id string) (History, error) {
		limit := in.Limit
		if !in.Detail {
			limit = maxEvents
		}
		events, err := s.engine.History(ctx, in.actor(), in.lang, id, in.After, limit)
		out := History{Events: events}
		if len(events) == limit {
			out.Next = events[len(events)-1].Seq
		}
		if !in.Detail {
			out = out.story(in.Limit)
		}
		return out, err
	})
}

// maxEvents is how many events are looked through for a page of a story.
const maxEvents = 200

// story leaves at most limit of the events that a person would tell. There may be fewer, or none, and a next page yet.
func (h History) story(limit int) History {
	out := History{Events: []engine.EventView{}, Next: h.Next}
	for _, e := range h.Events {
		switch {
		case e.Detail:
		case len(out.Events) == limit:
			out.Next = out.Events[limit-1].Seq
			return out
		default:
			e.Body = nil
			out.Events = append(out.Events, e)
		}
	}
	return out
}

func (s *server) send(ctx context.Context, in *messageInput) (engine.Done, error) {
	return onCase(ctx, s, &in.Asked, in.ID, func(id string) (engine.Done, error) {
		return s.engine.Send(ctx, in.actor(), engine.MessageRequest{
			Case: id, Name: in.Name, ID: in.Body.ID, Values: in.Body.Values.orNone(), Once: in.Key,
			Dry: in.Body.Dry,
		})
	})
}

func (s *server) sendByKey(ctx context.Context, in *keyedMessageInput) (engine.Done, error) {
	return s.engine.Send(ctx, in.actor(), engine.MessageRequest{
		Name: in.Name, Key: in.Body.Key, ID: messageID(in.Body.ID, in.Key), Values: in.Body.Values.orNone(),
	})
}

// messageID: a message has an id of its own, which an Idempotency-Key can stand for.
func messageID(id, key string) string {
	if id != "" {
		return id
	}
	return key
}

func (s *server) addRow(ctx context.Context, in *rowInput) (engine.Done, error) {
	return onCase(ctx, s, &in.Asked, in.ID, func(id string) (engine.Done, error) {
		return s.engine.AddRow(ctx, in.actor(), id, engine.RowRequest{
			Act: in.Body.Act, Values: in.Body.Values.orNone(), Key: in.Key,
		})
	})
}

func (s *server) finishRows(ctx context.Context, in *finishInput) (engine.Done, error) {
	return onCase(ctx, s, &in.Asked, in.ID, func(id string) (engine.Done, error) {
		return s.engine.FinishRows(ctx, in.actor(), id, engine.RowRequest{Act: in.Body.Act, Dry: in.Body.Dry, Key: in.Key})
	})
}

func (s *server) retry(ctx context.Context, in *retryInput) (engine.Done, error) {
	return onCase(ctx, s, &in.Asked, in.ID, func(id string) (engine.Done, error) {
		return s.engine.Retry(ctx, in.actor(), id, in.Body.Act)
	})
}
