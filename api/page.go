package api

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"path"
	"slices"
	"strings"

	"github.com/gin-gonic/gin"
)

// The page is a program of its own in the browser: whatever address people open, they get the same document, and it
// asks the API for the rest. Its files are named by their content, so that a browser fetches each only once.

const (
	indexFile   = "index.html"
	assetsRoute = "/assets/"
	// pagePolicy lets the page load from here alone. Pictures are also made in the browser: photographs, signatures.
	pagePolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; " +
		"connect-src 'self'; font-src 'self'; manifest-src 'self'; frame-ancestors 'none'; base-uri 'none'; " +
		"form-action 'none'"
)

// page is what a browser is given.
type page struct {
	index asset
	files map[string]asset // by path
}

// asset is a file with its compressed forms.
type asset struct {
	kind string // media type
	tag  string // entity tag
	body map[string][]byte
}

// encodings are the forms of an asset, the smallest first, with the ends of their files.
func encodings() []struct{ name, end string } {
	return []struct{ name, end string }{{"br", ".br"}, {"gzip", ".gz"}, {"", ""}}
}

// kindsOfAssets are the media types of what the build makes.
func kindsOfAssets() map[string]string {
	return map[string]string{
		".html": "text/html; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8",
		".svg": "image/svg+xml", ".png": "image/png", ".webmanifest": "application/manifest+json",
	}
}

// readPage takes the built page into memory; nil: there is none.
func readPage(built fs.FS) (*page, error) {
	if built == nil {
		return nil, nil //nolint:nilnil // no page is no fault
	}
	out := &page{files: map[string]asset{}}
	kinds := kindsOfAssets()
	err := fs.WalkDir(built, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || kinds[path.Ext(name)] == "" {
			return err
		}
		out.files[name], err = readAsset(built, name, kinds[path.Ext(name)])
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("the page: %w", err)
	}
	var ok bool
	if out.index, ok = out.files[indexFile]; !ok {
		return nil, errors.New("the page has no " + indexFile)
	}
	return out, nil
}

func readAsset(built fs.FS, name, kind string) (asset, error) {
	out := asset{kind: kind, body: map[string][]byte{}}
	for _, e := range encodings() {
		body, err := fs.ReadFile(built, name+e.end)
		switch {
		case err == nil:
			out.body[e.name] = body
		case e.name == "" || !errors.Is(err, fs.ErrNotExist):
			return asset{}, err
		}
	}
	sum := sha256.Sum256(out.body[""])
	out.tag = `"` + hex.EncodeToString(sum[:8]) + `"`
	return out, nil
}

// givePage answers browsers that open an address, and those that load the page's files. Programs, which ask for JSON,
// pass.
func (s *server) givePage(c *gin.Context) {
	r := c.Request
	if r.Method != http.MethodGet && r.Method != http.MethodHead || strings.HasPrefix(r.URL.Path, prefix+"/") {
		return
	}
	if s.page == nil {
		if r.URL.Path == "/" && wantsPage(r) {
			c.Data(http.StatusOK, "text/html; charset=utf-8", []byte(noPage))
			c.Abort()
		}
		return
	}
	name := strings.TrimPrefix(r.URL.Path, "/")
	file, ok := s.page.files[name]
	switch {
	case ok && name != indexFile:
		if strings.HasPrefix(r.URL.Path, assetsRoute) {
			c.Header("Cache-Control", "public, max-age=31536000, immutable")
		} else {
			c.Header("Cache-Control", "no-cache")
		}
		file.give(c)
	case wantsPage(r) && s.isPage(r.URL.Path):
		c.Header("Cache-Control", "no-cache")
		c.Header("Content-Security-Policy", pagePolicy)
		s.page.index.give(c)
	}
}

// isPage tells an address of the page from the few others that a browser may open.
func (s *server) isPage(path string) bool {
	return path == "/" || !strings.HasPrefix(path, assetsRoute) && !s.public["GET "+path]
}

// give sends an asset in the smallest form that the browser takes.
func (a asset) give(c *gin.Context) {
	defer c.Abort()
	c.Header("Vary", "Accept, Accept-Encoding")
	c.Header("Etag", a.tag)
	if slices.Contains(strings.Split(c.GetHeader("If-None-Match"), ", "), a.tag) {
		c.Status(http.StatusNotModified)
		return
	}
	for _, e := range encodings() {
		body, ok := a.body[e.name]
		if !ok || !takesEncoding(c.GetHeader("Accept-Encoding"), e.name) {
			continue
		}
		if e.name != "" {
			c.Header("Content-Encoding", e.name)
		}
		c.Data(http.StatusOK, a.kind, body)
		return
	}
}

func takesEncoding(header, name string) bool {
	if name == "" {
		return true
	}
	for part := range strings.SplitSeq(header, ",") {
		coding, params, _ := strings.Cut(strings.TrimSpace(part), ";")
		if strings.EqualFold(strings.TrimSpace(coding), name) {
			return strings.ReplaceAll(params, " ", "") != "q=0"
		}
	}
	return false
}

// wantsPage tells a browser that opens an address from a program.
func wantsPage(r *http.Request) bool { return strings.Contains(r.Header.Get("Accept"), "text/html") }

// noPage is what a browser sees where the server carries no page.
const noPage = `<!doctype html>
<html lang="zh-Hant"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>規程</title>
<h1>規程 Guicheng</h1>
<p>這個伺服器只提供 API，沒有網頁。要有網頁，請用 <code>make run</code> 建置（需要 Node）。</p>
<p lang="zh-Hans">这个服务器只提供 API，没有网页。要有网页，请用 <code>make run</code> 构建（需要 Node）。</p>
<p lang="en">This server serves the API alone. The page is built by <code>make run</code>, which needs Node.</p>
<p><a href="/openapi.json">openapi.json</a></p>
</html>
`
