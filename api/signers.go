package api

import (
	"context"
	"net/http"

	"github.com/guicheng/guicheng/engine"
)

type (
	transferInput struct {
		Asked
		Keyed
		ID   string `path:"id" maxLength:"200"`
		Body struct {
			To   string `json:"to" maxLength:"64" doc:"id of the person who does it from now on"`
			Keep bool   `json:"keep,omitempty" doc:"with the draft; else he begins afresh"`
			Note string `json:"note,omitempty" maxLength:"200" doc:"why; it stands in the story of the case"`
		}
	}
	delegateInput struct {
		Asked
		Keyed
		ID   string `path:"id" maxLength:"200"`
		Body struct {
			To   string `json:"to" maxLength:"64" doc:"id of the person who works on it until it comes back"`
			Note string `json:"note,omitempty" maxLength:"200" doc:"why; it stands in the story of the case"`
		}
	}
	signersInput struct {
		Asked
		Keyed
		ID   string `path:"id" maxLength:"200"`
		Body struct {
			Place  string   `json:"place" enum:"before,after,beside" doc:"when they are asked, seen from you"`
			People []string `json:"people,omitempty" maxItems:"100" doc:"ids of persons"`
			Posts  []string `json:"posts,omitempty" maxItems:"100" doc:"of each, one holder signs"`
			Sign   string   `json:"sign,omitempty" maxLength:"30" doc:"all (the usual), all-at-end, any, in-order, 2/3, >1/2"`
			Note   string   `json:"note,omitempty" maxLength:"200" doc:"why; it stands in the story of the case"`
		}
	}
	removeInput struct {
		Asked
		Keyed
		ID     string `path:"id" maxLength:"200"`
		Signer string `path:"signer" maxLength:"200" doc:"task of the signer, as in signers of the task"`
		Note   string `query:"note" maxLength:"200" doc:"why; it stands in the story of the case"`
	}
)

func (s *server) signerRoutes() {
	task := prefix + "/tasks/{id}"
	route(s, s.op(http.MethodPost, task+"/start", "start-task", "Begin to work on a task"), s.startWork)
	route(s, s.op(http.MethodPost, task+"/transfer", "transfer-task", "Give a task to somebody else for good"), s.transfer)
	route(s, s.op(http.MethodPost, task+"/delegate", "delegate-task", "Let somebody work on it, and decide yourself"),
		s.delegate)
	route(s, s.op(http.MethodPost, task+"/signers", "add-signers", "Ask more people to sign"), s.addSigners)
	route(s, s.op(http.MethodDelete, task+"/signers/{signer}", "remove-signer", "Take out a signer who has not acted"),
		s.removeSigner)
}

func (s *server) startWork(ctx context.Context, in *taskInput) (engine.Done, error) {
	return s.engine.StartWork(ctx, in.actor(), in.ID)
}

func (s *server) transfer(ctx context.Context, in *transferInput) (engine.Done, error) {
	return s.engine.Transfer(ctx, in.actor(), in.ID, engine.TransferRequest{
		To: in.Body.To, Keep: in.Body.Keep, Note: in.Body.Note, Key: in.Key,
	})
}

func (s *server) delegate(ctx context.Context, in *delegateInput) (engine.Done, error) {
	return s.engine.Delegate(ctx, in.actor(), in.ID, engine.DelegateRequest{
		To: in.Body.To, Note: in.Body.Note, Key: in.Key,
	})
}

func (s *server) addSigners(ctx context.Context, in *signersInput) (engine.Done, error) {
	return s.engine.AddSigners(ctx, in.actor(), in.ID, engine.SignersRequest{
		Place: in.Body.Place, People: in.Body.People, Posts: in.Body.Posts, Sign: in.Body.Sign, Note: in.Body.Note,
		Key: in.Key,
	})
}

func (s *server) removeSigner(ctx context.Context, in *removeInput) (engine.Done, error) {
	return s.engine.RemoveSigner(ctx, in.actor(), in.ID, engine.RemoveRequest{
		Signer: in.Signer, Note: in.Note, Key: in.Key,
	})
}

// giveReasons puts sentences to the codes that say why an act is not possible.
func giveReasons(acts []engine.ActView, lang string) {
	for i := range acts {
		giveReason(&acts[i].MayView, lang)
	}
}

// giveReason does so for one thing that can or cannot be done.
func giveReason(t *engine.MayView, lang string) {
	if !t.May {
		t.Reason = reasonFor(t.WhyNot, t.Args, lang)
	}
}

func reasonFor(code string, args map[string]string, lang string) string {
	p := refusal(code)
	p.Args = args
	return p.render(lang).Detail
}
