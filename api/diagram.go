package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"
)

type (
	diagramInput struct {
		Asked
		ID     string `path:"id" maxLength:"200" doc:"id of the procedure; of a case also its number"`
		Narrow bool   `query:"narrow" doc:"for telephones: without lanes, each box names who does it"`
	}
	picture struct {
		ContentType string `header:"Content-Type"`
		// A picture that somebody opens by itself runs nothing, and shows nothing but itself.
		Policy string `header:"Content-Security-Policy"`
		Body   []byte
	}
)

const (
	svgType   = "image/svg+xml; charset=utf-8"
	svgPolicy = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
)

func (s *server) diagramRoutes() {
	routeRaw(s, s.op(http.MethodGet, prefix+"/procedures/{id}/diagram", "draw-procedure",
		"A procedure as a picture (SVG)", drawn), s.diagram)
	routeRaw(s, s.op(http.MethodGet, prefix+"/cases/{id}/diagram", "draw-case",
		"A case's procedure as a picture (SVG): where it stands, what was passed", drawn), s.caseDiagram)
}

// drawn describes an answer that is a picture.
func drawn(_ *server, o *huma.Operation) {
	o.Responses["200"] = &huma.Response{Description: "The picture", Content: map[string]*huma.MediaType{
		"image/svg+xml": {Schema: &huma.Schema{Type: huma.TypeString}},
	}}
}

func (s *server) diagram(ctx context.Context, in *diagramInput) (*picture, error) {
	svg, err := s.engine.Diagram(ctx, in.actor(), in.lang, in.ID, in.Narrow)
	return &picture{ContentType: svgType, Policy: svgPolicy, Body: svg}, err
}

func (s *server) caseDiagram(ctx context.Context, in *diagramInput) (*picture, error) {
	return onCase(ctx, s, &in.Asked, in.ID, func(id string) (*picture, error) {
		svg, err := s.engine.CaseDiagram(ctx, in.actor(), in.lang, id, in.Narrow)
		return &picture{ContentType: svgType, Policy: svgPolicy, Body: svg}, err
	})
}
