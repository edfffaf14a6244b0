package api

import (
	"compress/gzip"
	"io"
	"mime"
	"net/http"
	"sync"

	"github.com/gin-gonic/gin"
)

// compressFrom is how many bytes of an answer are worth compressing: less fits a packet anyhow.
const compressFrom = 1400

// gzips are kept, since making one costs more than what it mostly compresses.
var gzips = sync.Pool{New: func() any {
	z, _ := gzip.NewWriterLevel(nil, gzip.BestSpeed) // fails for unknown levels alone
	return z
}}

// compress sends what was asked for compressed, if the client takes that. What POST answers is left as it is: it may
// hold a link or a token, and the length of a compressed body tells of what is in it (BREACH). Answers to GET hold
// neither, and the cookie, which is SameSite=Strict, keeps other sites from asking at all.
func compress(c *gin.Context) {
	if c.Request.Method != http.MethodGet || !takesEncoding(c.GetHeader("Accept-Encoding"), "gzip") {
		return
	}
	w := &squeezer{ResponseWriter: c.Writer}
	c.Writer = w
	defer w.end()
	c.Next()
}

// squeezer compresses an answer that begins with enough of a text.
type squeezer struct {
	gin.ResponseWriter

	begun bool
	zip   *gzip.Writer
}

func (w *squeezer) Write(b []byte) (int, error) {
	if !w.begun {
		w.begin(len(b))
	}
	if w.zip != nil {
		return w.zip.Write(b)
	}
	return w.ResponseWriter.Write(b)
}

func (w *squeezer) WriteString(s string) (int, error) {
	if !w.begun {
		w.begin(len(s))
	}
	if w.zip != nil {
		return io.WriteString(w.zip, s)
	}
	return w.ResponseWriter.WriteString(s)
}

// Unwrap is for http.ResponseController.
func (w *squeezer) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// begin decides by the first part, which of JSON is all.
func (w *squeezer) begin(size int) {
	w.begun = true
	h := w.Header()
	kind, _, _ := mime.ParseMediaType(h.Get("Content-Type"))
	if size < compressFrom || !compressible(kind) || w.Status() != http.StatusOK || h.Get("Content-Encoding") != "" {
		return
	}
	h.Set("Content-Encoding", "gzip")
	h.Del("Content-Length")
	w.zip, _ = gzips.Get().(*gzip.Writer)
	w.zip.Reset(w.ResponseWriter)
}

func compressible(kind string) bool {
	switch kind {
	case "application/json", "application/openapi+json", "application/openapi+yaml", "image/svg+xml", "text/csv":
		return true
	}
	return false
}

// end writes what is left. A client that has gone misses nothing.
func (w *squeezer) end() {
	if w.zip != nil {
		_ = w.zip.Close()
		gzips.Put(w.zip)
		w.zip = nil
	}
}
