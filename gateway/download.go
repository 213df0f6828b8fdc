package gateway

import (
	"mime"
	"net/http"
	"strings"
	"time"

	"fondaco/gateway/encode"
	"fondaco/policy"
	"fondaco/schema"
)

// downloadOpen is how long an address from which bytes can be fetched works.
const downloadOpen = 5 * time.Minute

// downloadTicket is in the path from which the bytes of a document version
// are fetched. Whoever holds it reads as its principal, and is judged anew.
type downloadTicket struct {
	Principal policy.Principal
	Version   schema.ID
	Until     time.Time
}

// downloads gives a function that appends a Download for a reader.
func (g *Gateway) downloads(p policy.Principal) func(b []byte, version schema.ID, parts []partItem) []byte {
	until := g.now().Add(downloadOpen)
	return func(b []byte, version schema.ID, parts []partItem) []byte {
		b = append(b, '{')
		for i, part := range parts {
			if i > 0 {
				b = append(b, ',')
			}
			b = append(b, part.key...)
			switch part.name {
			case "url":
				b = encode.Text(b, downloadPath+g.sealer.seal(forDownload, downloadTicket{p, version, until}))
			case "expiresAt":
				b = encode.Time(b, until)
			default:
				b = encode.Text(b, "Download")
			}
		}
		return append(b, '}')
	}
}

// deliver sends the bytes of a document version, whole or in ranges. They are
// a stranger's: never shown as part of the site, never guessed at, and
// without any right if a browser opens them after all.
func (g *Gateway) deliver(w http.ResponseWriter, r *http.Request) {
	var t downloadTicket
	if g.sealer.open(forDownload, r.PathValue("ticket"), &t) != nil || g.now().After(t.Until) {
		g.refuseHTTP(w, r, http.StatusForbidden, codeDenied, "this address has expired; read the document again to get a new one")
		return
	}
	file, version, err := g.partners.OpenBody(policy.With(r.Context(), t.Principal), t.Version)
	if err != nil {
		g.failHTTP(w, r, err)
		return
	}
	defer func() { _ = file.Close() }() // it was only read
	h := w.Header()
	h.Set("Content-Type", safeType(version.MediaType))
	h.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": version.FileName}))
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Content-Security-Policy", "sandbox; default-src 'none'")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Cache-Control", "private, no-store")
	h.Set("ETag", `"`+version.SHA256+`"`)
	http.ServeContent(w, r, "", time.Time{}, file)
}

// safeType gives a media type that no browser runs.
func safeType(mediaType string) string {
	kind, _, err := mime.ParseMediaType(mediaType)
	if err != nil || strings.HasPrefix(kind, "text/") || strings.HasSuffix(kind, "xml") || strings.Contains(kind, "javascript") {
		return "application/octet-stream"
	}
	return kind
}
