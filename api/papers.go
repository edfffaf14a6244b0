package api

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"html/template"
	"net/http"
	"strconv"

	"github.com/danielgtaylor/huma/v2"
	"github.com/gin-gonic/gin"

	"github.com/guicheng/guicheng/definitions/value"
	"github.com/guicheng/guicheng/engine"
)

// Papers are what a case has issued.
type Papers struct {
	Papers []engine.PaperLine `json:"papers"`
}

// paperStyle is how a paper looks, on a screen and on A4. No font is fetched: papers are printed where there is none
// of ours.
const paperStyle = `
body{font:12pt/1.6 "Noto Serif CJK TC","Songti TC","PMingLiU","Noto Serif",serif;color:#111;max-width:180mm;` +
	`margin:12mm auto;padding:0 6mm}
header,footer{text-align:center}header{border-bottom:1.5pt solid #111;padding-bottom:3mm;margin-bottom:6mm}
header strong{display:block;font-size:16pt;letter-spacing:.1em}header span,footer{font-size:9pt;color:#444}
header span{display:block}h1{text-align:center;font-size:18pt;letter-spacing:.15em;margin:4mm 0}
.meta{display:flex;flex-wrap:wrap;justify-content:space-between;gap:1mm 8mm;font-size:10pt;margin-bottom:5mm}
.void{border:1.5pt solid #b00;color:#b00;text-align:center;padding:1mm;margin-bottom:4mm}
p{white-space:pre-wrap;overflow-wrap:anywhere;margin:3mm 0}
table{border-collapse:collapse;width:100%;margin:4mm 0}th,td{border:.5pt solid #555;padding:1.2mm 2mm;` +
	`text-align:left;vertical-align:top;overflow-wrap:anywhere;white-space:pre-wrap}
caption{text-align:left;font-weight:600;padding-bottom:1mm}
th{background:#f2f2f2;font-weight:600}.lines th{width:32%}thead{display:table-header-group}
img{display:block;max-width:60mm;max-height:45mm}td img{max-width:34mm;max-height:34mm}` +
	`img.signed{max-height:16mm}
tr,.sign{break-inside:avoid}.signs{display:flex;flex-wrap:wrap;gap:6mm;margin-top:10mm}
.sign{flex:1 1 55mm;min-height:24mm}.sign b{font-weight:600}.sign div{border-bottom:.5pt solid #111;min-height:9mm;` +
	`padding-top:2mm}.sign small{color:#444}
.cards{display:flex;flex-wrap:wrap;gap:6mm;margin:6mm 0}
.card{width:86mm;min-height:54mm;box-sizing:border-box;` +
	`border:.75pt dashed #555;border-radius:3mm;padding:3mm 4mm;break-inside:avoid;font-size:10pt;line-height:1.45}
.card strong,.card b{display:block;text-align:center}.card b{font-size:12pt;letter-spacing:.1em;margin-bottom:1.5mm}
.card img{float:right;width:25mm;height:33mm;object-fit:cover;margin-left:3mm}.card small{color:#444}
footer{border-top:.5pt solid #555;margin-top:10mm;padding-top:2mm}
@page{size:A4;margin:16mm 14mm}@media print{body{max-width:none;margin:0;padding:0}th{background:none}}
`

// paperPage is the page of a paper; what comes from data is escaped where it stands. Its address ends in
// cases/{id}/documents/{document}, from where the files are three steps up.
var paperPage = template.Must(template.New("paper").Parse(`{{define "cell"}}{{if .Picture}}` +
	`<img{{if .Signed}} class="signed"{{end}} src="../../../files/{{.Picture}}" alt="{{.Text}}">` +
	`{{else}}{{.Text}}{{end}}{{end}}<!doctype html>
<html lang="{{.Language}}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">` +
	`<title>{{.Title}} {{.Number}}</title><style>` + paperStyle + `</style></head><body>
<header><strong>{{.Head.Name}}</strong>{{range .Head.Lines}}<span>{{.}}</span>{{end}}</header>
<h1>{{.Title}}</h1>
{{if .Superseded}}<div class="void">{{.Words.Superseded}}</div>{{end}}
<div class="meta"><span>{{.Words.Number}} {{.Number}}</span>
{{- if ne .Number .Case}}<span>{{.Words.Case}} {{.Case}}</span>{{end}}
{{- if gt .Edition 1}}<span>{{.Words.Edition}} {{.Edition}}</span>{{end}}
{{- if .Instead}}<span>{{.Words.Instead}} {{.Instead}}</span>{{end}}<span>{{.Words.Issued}} {{.Issued}}</span></div>
{{range .Parts}}
{{- if .Text}}<p>{{.Text}}</p>{{end}}
{{- if .Lines}}<table class="lines"><tbody>
{{- range .Lines}}<tr><th scope="row">{{.Title}}</th><td>{{template "cell" .SheetCell}}</td></tr>{{end -}}
</tbody></table>{{end}}
{{- if .Heads}}<table><caption>{{.Title}}</caption><thead><tr>
{{- range .Heads}}<th scope="col">{{.}}</th>{{end}}</tr></thead><tbody>
{{- range .Rows}}<tr>{{range .}}<td>{{template "cell" .}}</td>{{end}}</tr>{{end}}</tbody></table>{{end}}
{{- if .Cards}}<div class="cards">{{range .Cards}}<div class="card"><strong>{{$.Head.Name}}</strong><b>{{$.Title}}</b>
{{- range .}}{{if and .Picture (not .Signed)}}{{template "cell" .SheetCell}}{{else if .Text -}}
<div><small>{{.Title}}</small> {{template "cell" .SheetCell}}</div>{{end}}{{end}}</div>{{end}}</div>{{end}}
{{- if .Signatures}}<div class="signs">{{range .Signatures}}<div class="sign"><b>{{.Title}}</b>
{{- range .Names}}<div>{{.}}</div>{{else}}<div></div>{{end}}
<small>{{if .When}}{{$.Words.Date}} {{.When}}{{else}}{{$.Words.Sign}} / {{$.Words.Date}}{{end}}</small></div>
{{- end}}</div>{{end}}
{{end}}
{{- if .Head.Foot}}<footer>{{.Head.Foot}}</footer>{{end}}
</body></html>
`))

// paperPolicy lets a page have its own style, pictures of this server, and nothing else: no script, no frame of another
// site.
var paperPolicy = func() string {
	sum := sha256.Sum256([]byte(paperStyle))
	return "default-src 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) +
		"'; img-src 'self'; frame-ancestors 'self'; base-uri 'none'; form-action 'none'; " +
		"sandbox allow-same-origin allow-modals"
}()

type papersInput struct {
	Asked
	ID string `path:"id" maxLength:"100"`
}

func (s *server) paperRoutes() {
	route(s, s.op(http.MethodGet, prefix+"/cases/{id}/documents", "list-documents", "The papers that a case has issued"),
		s.papers)
	g := s.gin.Group(prefix)
	g.Handlers = gin.HandlersChain{s.witness, s.headers, s.sameOrigin, s.authenticate}
	g.GET("/cases/:id/documents/:document", s.paper)
	s.describePaper()
}

func (s *server) papers(ctx context.Context, in *papersInput) (Papers, error) {
	list, err := onCase(ctx, s, &in.Asked, in.ID, func(id string) ([]engine.PaperLine, error) {
		return s.engine.Papers(ctx, in.actor(), in.lang, id)
	})
	return Papers{Papers: list}, err
}

// paper is a page for the browser, which prints it or makes a PDF of it.
func (s *server) paper(c *gin.Context) {
	p := strictQuery(c, "lang", "edition")
	edition, err := strconv.Atoi(c.DefaultQuery("edition", "0"))
	if p == nil && (err != nil || edition < 0) {
		p = refusal("invalid")
		p.faults = []value.Fault{{Path: "query.edition", Code: "type", Args: map[string]string{"want": "count"}}}
	}
	if p != nil {
		s.refuse(c, p)
		return
	}
	ctx := c.Request.Context()
	id, err := s.caseID(ctx, actorOf(c).Office, c.Param("id"))
	if err != nil {
		s.fail(c, err)
		return
	}
	sheet, err := s.engine.Paper(ctx, actorOf(c), c.Query("lang"), id, c.Param("document"), edition)
	if err != nil {
		s.fail(c, err)
		return
	}
	var b bytes.Buffer
	if err := paperPage.Execute(&b, sheet); err != nil {
		s.fail(c, err)
		return
	}
	c.Header("Cache-Control", "private, no-store")
	c.Header("Content-Security-Policy", paperPolicy)
	c.Header("X-Frame-Options", "SAMEORIGIN")
	c.Data(http.StatusOK, "text/html; charset=utf-8", b.Bytes())
}

func (s *server) describePaper() {
	get := s.op(http.MethodGet, prefix+"/cases/{id}/documents/{document}", "print-document",
		"A paper as it was when it was issued, as a page to be printed")
	text := &huma.Schema{Type: huma.TypeString}
	for _, name := range []string{"id", "document"} {
		get.Parameters = append(get.Parameters, &huma.Param{Name: name, In: "path", Required: true, Schema: text})
	}
	get.Parameters = append(get.Parameters,
		&huma.Param{
			Name: "edition", In: "query", Description: "absent: the newest", Schema: &huma.Schema{Type: huma.TypeInteger},
		},
		&huma.Param{Name: "lang", In: "query", Description: "absent: the office's own", Schema: text})
	get.Responses["200"] = &huma.Response{Description: "The paper", Content: map[string]*huma.MediaType{
		"text/html": {Schema: text},
	}}
	s.huma.OpenAPI().AddOperation(&get)
}
