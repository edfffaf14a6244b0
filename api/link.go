package api

import (
	"net/http"
	"reflect"

	"github.com/danielgtaylor/huma/v2"
	"github.com/gin-gonic/gin"
)

// linkRoute is the address of a sign-in link. To look at it does not spend it: programs look at links before people
// do. It is spent by POST, from the page's script or, where there is no page, from a form.
const linkRoute = "/sign-in/:token"

// linkRoutes are outside of huma: a form is not JSON, and what it is answered with is another address.
func (s *server) linkRoutes() {
	s.public["GET "+linkRoute], s.public["POST "+linkRoute] = true, true
	g := s.gin.Group("")
	g.Handlers = gin.HandlersChain{s.witness, s.headers, s.givePage, bounded, s.sameOrigin, s.authenticate}
	g.GET(linkRoute, s.showLink)
	g.POST(linkRoute, s.spendLink)
	o := s.op(http.MethodPost, "/sign-in/{token}", "open-sign-in-link", "Take a sign-in link, as its address is", public)
	o.Parameters = []*huma.Param{{
		Name: "token", In: "path", Required: true, Schema: &huma.Schema{Type: huma.TypeString},
	}}
	schema := s.huma.OpenAPI().Components.Schemas.Schema(reflect.TypeFor[SignedIn](), true, "")
	o.Responses["200"] = &huma.Response{
		Description: "Signed in, with a cookie; a browser is sent to the page instead",
		Content:     map[string]*huma.MediaType{"application/json": {Schema: schema}},
	}
	s.huma.OpenAPI().AddOperation(&o)
}

// showLink asks whoever opens a link in a browser to go on; programs are told how.
func (s *server) showLink(c *gin.Context) {
	if !wantsPage(c.Request) {
		s.refuse(c, refusal(codeWrongMethod))
		return
	}
	c.Header("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'")
	c.Data(http.StatusOK, "text/html; charset=utf-8", []byte(linkForm))
}

// spendLink gives the cookie alone: what stands on a screen is read by others.
func (s *server) spendLink(c *gin.Context) {
	secret, who, err := s.door.SignIn(c.Request.Context(), c.Param("token"))
	if err != nil {
		s.fail(c, err)
		return
	}
	out := s.signed(secret, who)
	http.SetCookie(c.Writer, &out.Cookie)
	if wantsPage(c.Request) {
		c.Redirect(http.StatusSeeOther, "/")
		return
	}
	c.JSON(http.StatusOK, out.Body)
}

// linkForm posts to the address that it stands at.
const linkForm = `<!doctype html>
<html lang="zh-Hant"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>規程</title>
<h1>規程 Guicheng</h1>
<form method="post"><button>登入 · <span lang="en">Sign in</span></button></form>
</html>
`
