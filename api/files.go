package api

import (
	"bytes"
	"mime"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/gin-gonic/gin"

	"github.com/guicheng/guicheng/definitions/value"
	"github.com/guicheng/guicheng/engine"
	"github.com/guicheng/guicheng/engine/core"
)

const (
	// maxFile: bytes of a file; the engine keeps no longer ones.
	maxFile = 10 << 20
	// fileTime: for a file to come or go. Ten megabytes over a telephone take more than a minute.
	fileTime = 3 * time.Minute
	// maxFileName: characters of the name under which a file is given out.
	maxFileName = 100
)

// kindOfFile is a media type that is taken, with the end of the names of such files.
type kindOfFile struct {
	media string
	end   string
	is    func(body []byte) bool // whether the content is what the type says
}

// kindsOfFiles are all that is taken. Nothing of it runs in a browser.
func kindsOfFiles() []kindOfFile {
	const (
		xml  = "application/vnd.openxmlformats-officedocument."
		odf  = "application/vnd.oasis.opendocument."
		zip  = "PK\x03\x04"
		ole  = "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
		png  = "\x89PNG\r\n\x1a\n"
		jpeg = "\xff\xd8\xff"
	)
	return []kindOfFile{
		{"image/png", "png", begins(png)},
		{"image/jpeg", "jpg", begins(jpeg)},
		{"image/webp", "webp", isWebP},
		{"image/heic", "heic", isHEIF},
		{"image/heif", "heif", isHEIF},
		{"application/pdf", "pdf", begins("%PDF-")},
		{"text/plain", "txt", isText},
		{"text/csv", "csv", isText},
		{xml + "wordprocessingml.document", "docx", begins(zip)},
		{xml + "spreadsheetml.sheet", "xlsx", begins(zip)},
		{xml + "presentationml.presentation", "pptx", begins(zip)},
		{odf + "text", "odt", begins(zip)},
		{odf + "spreadsheet", "ods", begins(zip)},
		{odf + "presentation", "odp", begins(zip)},
		{"application/msword", "doc", begins(ole)},
		{"application/vnd.ms-excel", "xls", begins(ole)},
		{"application/vnd.ms-powerpoint", "ppt", begins(ole)},
	}
}

func begins(magic string) func([]byte) bool {
	return func(body []byte) bool { return bytes.HasPrefix(body, []byte(magic)) }
}

func isWebP(body []byte) bool {
	return len(body) >= 12 && string(body[:4]) == "RIFF" && string(body[8:12]) == "WEBP"
}

// isHEIF looks at the main brand of the file; others with the same box are films.
func isHEIF(body []byte) bool {
	return len(body) >= 12 && string(body[4:8]) == "ftyp" &&
		slices.Contains([]string{"heic", "heix", "heim", "heis", "hevc", "hevx", "mif1", "msf1"}, string(body[8:12]))
}

// isText takes texts of any encoding, but no pages: some programs believe the content rather than the type.
func isText(body []byte) bool {
	text := bytes.TrimLeft(bytes.TrimPrefix(body, []byte("\xef\xbb\xbf")), " \t\r\n\f")
	return !bytes.HasPrefix(text, []byte("<")) && strings.HasPrefix(http.DetectContentType(body), "text/plain")
}

func kindOf(media string) (kindOfFile, bool) {
	kinds := kindsOfFiles()
	i := slices.IndexFunc(kinds, func(k kindOfFile) bool { return k.media == media })
	if i < 0 {
		return kindOfFile{}, false
	}
	return kinds[i], true
}

// fileRoutes are outside of huma, and have no readBody before them: a file is not JSON. That a form of another site
// could send one does no harm: its origin is refused, and the cookie is not sent with it.
func (s *server) fileRoutes() {
	g := s.gin.Group(prefix)
	g.Handlers = gin.HandlersChain{s.witness, s.headers, s.sameOrigin, s.authenticate}
	g.POST("/files", s.putFile)
	g.GET("/files/:id", s.file)
	s.describeFiles()
}

func (s *server) putFile(c *gin.Context) {
	if p := strictQuery(c, "name", "lang"); p != nil {
		s.refuse(c, p)
		return
	}
	media, _, err := mime.ParseMediaType(c.GetHeader("Content-Type"))
	kind, ok := kindOf(media)
	if err != nil || !ok {
		s.refuse(c, wrongFile(c))
		return
	}
	moreTime(c)
	body, refused := readAll(c, maxFile)
	if refused == nil && len(body) > 0 && !kind.is(body) {
		refused = wrongFile(c)
	}
	if refused != nil {
		if refused.Code == codeTooLarge {
			refused.say = tooLargeFile(c)
		}
		s.refuse(c, refused)
		return
	}
	a, err := s.engine.PutFile(c.Request.Context(), actorOf(c), sentName(c), media, body)
	if err != nil {
		s.fail(c, err)
		return
	}
	c.Header("Location", prefix+"/files/"+a.ID)
	c.JSON(http.StatusCreated, a)
}

// sentName is a sent file's name. Some browsers send the whole path.
func sentName(c *gin.Context) string {
	name := c.Query("name")
	return name[strings.LastIndexAny(name, `/\`)+1:]
}

// actorOf is who asks, for the engine.
func actorOf(c *gin.Context) engine.Actor {
	out := callerOf(c).actor
	out.Lang = languageOf(c)
	return out
}

// strictQuery refuses parameters that nobody reads, as all other routes do.
func strictQuery(c *gin.Context, known ...string) *ProblemDocument {
	query, err := url.ParseQuery(c.Request.URL.RawQuery)
	if err != nil {
		return refusal(codeUnknownRoute)
	}
	p := refusal(string(core.Invalid))
	for name := range query {
		if !slices.Contains(known, name) {
			p.faults = append(p.faults, humaFault("query."+name, "unknown query parameter"))
		}
	}
	if len(p.faults) == 0 {
		return nil
	}
	slices.SortFunc(p.faults, func(a, b value.Fault) int { return strings.Compare(a.Path, b.Path) })
	p.faults = p.faults[:min(len(p.faults), maxFaults)]
	return p
}

// moreTime gives a file the time that it needs. A writer that cannot be told has no limit.
func moreTime(c *gin.Context) {
	until := time.Now().Add(fileTime)
	control := http.NewResponseController(c.Writer)
	_ = control.SetReadDeadline(until)
	_ = control.SetWriteDeadline(until)
}

// wrongFile is the refusal of a body by its type, in words for files.
func wrongFile(c *gin.Context) *ProblemDocument {
	p := refusal(codeWrongType)
	p.say = fill(sentence[string]{
		"[「{name}」不能收：]只收相片（PNG、JPEG、WebP、HEIC）、PDF、純文字、CSV 和辦公文件，內容須與標明的種類相符。",
		"[“{name}”不能收：]只收照片（PNG、JPEG、WebP、HEIC）、PDF、纯文本、CSV 和办公文件，内容须与标明的种类相符。",
		"[“{name}” is not taken. ]Only pictures (PNG, JPEG, WebP, HEIC), PDF, plain text, CSV and office documents are, " +
			"and the content must be of the kind that was named.",
	}.in(languageOf(c)), map[string]string{"name": sentName(c)})
	return p
}

// tooLargeFile says of a file how large one may be.
func tooLargeFile(c *gin.Context) string {
	return fill(sentence[string]{
		"[「{name}」太大：]檔案至多 {max} MB。",
		"[“{name}”太大：]文件至多 {max} MB。",
		"[“{name}” is too large. ]A file has at most {max} MB.",
	}.in(languageOf(c)), map[string]string{"name": sentName(c), "max": strconv.Itoa(maxFile >> 20)})
}

// file gives a file as a download: nothing of it is shown or run in our name.
func (s *server) file(c *gin.Context) {
	if p := strictQuery(c, "lang"); p != nil {
		s.refuse(c, p)
		return
	}
	f, err := s.engine.File(c.Request.Context(), actorOf(c), c.Param("id"))
	if err != nil {
		s.fail(c, err)
		return
	}
	end, media := "bin", "application/octet-stream"
	if kind, ok := kindOf(f.Type); ok {
		end, media = kind.end, kind.media
	}
	c.Header("Cache-Control", "private, no-store")
	c.Header("Content-Security-Policy", "sandbox; default-src 'none'; frame-ancestors 'none'")
	c.Header("Content-Disposition", disposition(f.Attachment, end))
	c.Header("Content-Length", strconv.Itoa(len(f.Body)))
	moreTime(c)
	c.Data(http.StatusOK, media, f.Body)
}

// disposition names a download twice: for old programs by its id, for all others by its own name as far as it is
// harmless, and always with the end that its type has.
func disposition(a value.Attachment, end string) string {
	name := strings.Map(func(r rune) rune {
		if r < ' ' || strings.ContainsRune("\x7f\"*/:<>?\\|%", r) {
			return '_'
		}
		return r
	}, strings.ToValidUTF8(a.Name, "_"))
	name = strings.TrimSuffix(name, "."+end)
	if runes := []rune(name); len(runes) > maxFileName {
		name = string(runes[:maxFileName])
	}
	if name = strings.Trim(name, " ."); name == "" {
		name = "file"
	}
	escaped := strings.ReplaceAll(url.QueryEscape(name+"."+end), "+", "%20")
	return `attachment; filename="` + asciiID(a.ID) + "." + end + `"; filename*=UTF-8''` + escaped
}

// asciiID is an id as the engine makes them; what else there could be is left out.
func asciiID(id string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' || r >= 'a' && r <= 'z' {
			return r
		}
		return -1
	}, id)
}

// describeFiles tells the world of the routes that huma does not serve.
func (s *server) describeFiles() {
	put := s.op(http.MethodPost, prefix+"/files", "upload-file", "Upload a file, to be named in a form by its id", created)
	put.Parameters = []*huma.Param{{
		Name: "name", In: "query", Required: true, Description: "what people call the file",
		Schema: &huma.Schema{Type: huma.TypeString},
	}}
	put.RequestBody = &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{}}
	get := s.op(http.MethodGet, prefix+"/files/{id}", "download-file", "A file that you may see")
	get.Parameters = []*huma.Param{{
		Name: "id", In: "path", Required: true, Schema: &huma.Schema{Type: huma.TypeString},
	}}
	download := &huma.Response{Description: "The file, as a download", Content: map[string]*huma.MediaType{}}
	for _, kind := range kindsOfFiles() {
		body := &huma.Schema{Type: huma.TypeString, Format: "binary"}
		put.RequestBody.Content[kind.media] = &huma.MediaType{Schema: body}
		download.Content[kind.media] = &huma.MediaType{Schema: body}
	}
	schema := s.huma.OpenAPI().Components.Schemas.Schema(reflect.TypeFor[value.Attachment](), true, "")
	put.Responses["201"] = &huma.Response{
		Description: "Kept", Content: map[string]*huma.MediaType{"application/json": {Schema: schema}},
	}
	get.Responses["200"] = download
	s.huma.OpenAPI().AddOperation(&put)
	s.huma.OpenAPI().AddOperation(&get)
}
