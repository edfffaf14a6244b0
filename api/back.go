package api

import (
	"context"
	"net/http"

	"github.com/guicheng/guicheng/engine"
)

type (
	returnInput struct {
		Asked
		Keyed
		ID   string `path:"id" maxLength:"200"`
		Body struct {
			To   string `json:"to" minLength:"1" maxLength:"100" doc:"id of the step, as in returns of the task"`
			Mode string `json:"mode,omitempty" enum:"again,straight" doc:"again (the usual) or straight back"`
			Reasoned
			DryRun
		}
	}
	recallInput struct {
		Asked
		Keyed
		ID   string `path:"id" maxLength:"200" doc:"a task that you have done, as in recalls of the case"`
		Body struct{ DryRun }
	}
	revokeInput struct {
		OnCase
		Body struct {
			Reasoned
			DryRun
		}
	}
	suspendInput struct {
		OnCase
		Body struct{ Reasoned }
	}
	cancelInput struct {
		OnCase
		Body struct {
			Reason string `json:"reason,omitempty" maxLength:"200" doc:"needed, unless dry"`
			DryRun
		}
	}
	jumpInput struct {
		OnCase
		Body struct {
			Leave  []int64 `json:"leave" minItems:"1" maxItems:"100" nullable:"false" doc:"acts, as in running of the case"`
			To     string  `json:"to" minLength:"1" maxLength:"100" doc:"id of the step that opens in their stead"`
			Reason string  `json:"reason,omitempty" maxLength:"200" doc:"needed, unless dry"`
			DryRun
		}
	}
	targetsInput struct {
		Asked
		ID    string  `path:"id" maxLength:"200" doc:"id or number of the case"`
		Leave []int64 `query:"leave" required:"true" minItems:"1" maxItems:"100" doc:"acts, as in running of the case"`
	}
	targetsOutput struct {
		Targets []engine.TargetView `json:"targets" doc:"steps, those beside the first of what is left first"`
	}
	skipInput struct {
		OnCase
		Act  int64 `path:"act" doc:"of the incident, or of running of the case"`
		Body struct {
			Answer string `json:"answer,omitempty" maxLength:"200" doc:"outcome that it comes to, if its step has any"`
			To     string `json:"to,omitempty" maxLength:"100" doc:"step or end to go on to; absent: as the procedure says"`
			Values object `json:"values,omitempty" doc:"what is filled in with it, by full names"`
			DryRun
		}
	}
)

func (s *server) backRoutes() {
	one := prefix + "/cases/{id}"
	route(s, s.op(http.MethodPost, prefix+"/tasks/{id}/return", "return-task", "Send the case back to an earlier step"),
		s.returnTask)
	route(s, s.op(http.MethodPost, prefix+"/tasks/{id}/recall", "recall-task", "Take back what you have done"), s.recall)
	route(s, s.op(http.MethodPost, one+"/revoke", "revoke-case", "End a case that you started"), s.revoke)
	route(s, s.op(http.MethodPost, one+"/cancel", "cancel-case", "Withdraw a whole case"), s.cancel)
	route(s, s.op(http.MethodPost, one+"/jump", "jump-case", "Leave open work and open a step in its stead: a repair"),
		s.jump)
	route(s, s.op(http.MethodGet, one+"/targets", "jump-targets", "Where a jump may lead from what it leaves"), s.targets)
	route(s, s.op(http.MethodPost, one+"/suspend", "suspend-case", "Stop a case until it is resumed"), s.suspend)
	route(s, s.op(http.MethodPost, one+"/resume", "resume-case", "Take a suspended case up again"), s.resume)
	route(s, s.op(http.MethodPost, one+"/incidents/{act}/skip", "skip-act",
		"Complete what is stuck, or open, by your word: a repair"), s.skip)
}

func (s *server) returnTask(ctx context.Context, in *returnInput) (engine.Done, error) {
	b := in.Body
	return s.engine.Return(ctx, in.actor(), in.ID, engine.ReturnRequest{
		To: b.To, Straight: b.Mode == "straight", Reason: b.Reason, Dry: b.Dry, Key: in.Key,
	})
}

func (s *server) recall(ctx context.Context, in *recallInput) (engine.Done, error) {
	return s.engine.Recall(ctx, in.actor(), in.ID, engine.RecallRequest{Dry: in.Body.Dry, Key: in.Key})
}

func (s *server) revoke(ctx context.Context, in *revokeInput) (engine.Done, error) {
	return onCase(ctx, s, &in.Asked, in.ID, func(id string) (engine.Done, error) {
		return s.engine.Revoke(ctx, in.actor(), id, engine.RevokeRequest{
			Reason: in.Body.Reason, Dry: in.Body.Dry, Key: in.Key,
		})
	})
}

func (s *server) cancel(ctx context.Context, in *cancelInput) (engine.Done, error) {
	return onCase(ctx, s, &in.Asked, in.ID, func(id string) (engine.Done, error) {
		return s.engine.Cancel(ctx, in.actor(), id, engine.CancelRequest{
			Reason: in.Body.Reason, Dry: in.Body.Dry, Key: in.Key,
		})
	})
}

func (s *server) jump(ctx context.Context, in *jumpInput) (engine.Done, error) {
	b := in.Body
	return onCase(ctx, s, &in.Asked, in.ID, func(id string) (engine.Done, error) {
		return s.engine.Jump(ctx, in.actor(), id, engine.JumpRequest{
			Leave: b.Leave, To: b.To, Reason: b.Reason, Dry: b.Dry, Key: in.Key,
		})
	})
}

func (s *server) targets(ctx context.Context, in *targetsInput) (targetsOutput, error) {
	return onCase(ctx, s, &in.Asked, in.ID, func(id string) (targetsOutput, error) {
		out, err := s.engine.JumpTargets(ctx, in.actor(), in.lang, id, in.Leave)
		for i := range out {
			giveReason(&out[i].MayView, in.lang)
		}
		return targetsOutput{Targets: out}, err
	})
}

func (s *server) suspend(ctx context.Context, in *suspendInput) (engine.Done, error) {
	return onCase(ctx, s, &in.Asked, in.ID, func(id string) (engine.Done, error) {
		return s.engine.Suspend(ctx, in.actor(), id, engine.SuspendRequest{Reason: in.Body.Reason, Key: in.Key})
	})
}

func (s *server) resume(ctx context.Context, in *suspendInput) (engine.Done, error) {
	return onCase(ctx, s, &in.Asked, in.ID, func(id string) (engine.Done, error) {
		return s.engine.Resume(ctx, in.actor(), id, engine.SuspendRequest{Reason: in.Body.Reason, Key: in.Key})
	})
}

func (s *server) skip(ctx context.Context, in *skipInput) (engine.Done, error) {
	b := in.Body
	return onCase(ctx, s, &in.Asked, in.ID, func(id string) (engine.Done, error) {
		return s.engine.SkipStep(ctx, in.actor(), id, engine.SkipRequest{
			Act: in.Act, Answer: b.Answer, To: b.To, Values: b.Values.orNone(), Dry: b.Dry, Key: in.Key,
		})
	})
}
