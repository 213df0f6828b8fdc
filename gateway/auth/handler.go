package auth

import (
	"encoding/json"
	"errors"
	"log/slog"
	"mime"
	"net/http"
	"strconv"
	"strings"

	"fondaco/policy"
	"fondaco/schema"
)

// Handler serves the routes under /auth/:
//
//	POST   /auth/sign-in        {"email","password"}: begins a session
//	POST   /auth/sign-out       ends the session
//	GET    /auth/session        who is signed in, or {"signedIn":false}
//	GET    /auth/link?t=…&to=…  begins a session by a one-time link and leads into the app
//	GET    /auth/sessions       the open sessions of this person
//	DELETE /auth/sessions/{id}  ends one of them
//
// It refuses requests that another site's page makes in the browser.
func (s *Service) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /auth/sign-in", s.serveSignIn)
	mux.HandleFunc("POST /auth/sign-out", s.serveSignOut)
	mux.HandleFunc("GET /auth/session", s.serveSession)
	mux.HandleFunc("GET "+linkPath, s.serveLink)
	mux.HandleFunc("GET /auth/sessions", s.serveSessions)
	mux.HandleFunc("DELETE /auth/sessions/{id}", s.serveEndSession)
	return http.NewCrossOriginProtection().Handler(noStore(mux))
}

func noStore(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Cache-Control", "no-store")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("X-Content-Type-Options", "nosniff")
		next.ServeHTTP(w, r)
	})
}

// identity is what the app learns about who is signed in.
type identity struct {
	SignedIn bool          `json:"signedIn"`
	User     string        `json:"user,omitempty"`
	Firm     string        `json:"firm,omitempty"`
	Roles    []schema.Role `json:"roles,omitempty"`
	Teams    []string      `json:"teams,omitempty"`
	Session  *Session      `json:"session,omitempty"`
}

func identityOf(p policy.Principal, session *Session) identity {
	id := identity{SignedIn: true, User: p.User.String(), Firm: p.Firm.String(), Roles: p.Roles, Session: session}
	for _, t := range p.Teams {
		id.Teams = append(id.Teams, t.String())
	}
	return id
}

func (s *Service) serveSignIn(w http.ResponseWriter, r *http.Request) {
	// A form of another site cannot send this type without the browser asking first.
	if kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || kind != "application/json" {
		s.fail(w, &schema.Error{Code: schema.CodeInvalid, Op: "sign in", Message: "send JSON with Content-Type application/json"})
		return
	}
	var in struct{ Email, Password string }
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, 4096)).Decode(&in); err != nil {
		s.fail(w, &schema.Error{Code: schema.CodeInvalid, Op: "sign in", Message: `send {"email":"…","password":"…"} in at most 4 KB`, Err: err})
		return
	}
	p, session, text, err := s.SignIn(r.Context(), in.Email, in.Password, s.origin(r))
	if err != nil {
		s.fail(w, err)
		return
	}
	s.enter(w, r, text)
	s.answer(w, http.StatusOK, identityOf(p, &session))
}

// enter gives the browser its new session and ends the one that it had.
func (s *Service) enter(w http.ResponseWriter, r *http.Request, text string) {
	if old, err := r.Cookie(s.cookieName()); err == nil {
		if err := s.endByCookie(r.Context(), old.Value); err != nil {
			s.o.Log.Error("old session could not be ended", slog.Any("error", err))
		}
	}
	http.SetCookie(w, s.cookie(text, s.o.Limits.Absolute))
}

func (s *Service) serveSignOut(w http.ResponseWriter, r *http.Request) {
	if c, err := r.Cookie(s.cookieName()); err == nil {
		if err := s.endByCookie(r.Context(), c.Value); err != nil {
			s.fail(w, err)
			return
		}
	}
	http.SetCookie(w, s.cookie("", 0))
	s.answer(w, http.StatusOK, identity{})
}

func (s *Service) serveSession(w http.ResponseWriter, r *http.Request) {
	p, session, err := s.authenticate(r)
	switch {
	case err == nil:
		s.answer(w, http.StatusOK, identityOf(p, session))
	case schema.Code(err) == schema.CodeDenied:
		s.answer(w, http.StatusOK, identity{})
	default:
		s.fail(w, err)
	}
}

func (s *Service) serveLink(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	_, _, text, err := s.UseLink(r.Context(), q.Get("t"), s.origin(r))
	if errors.Is(err, errSpent) {
		// A person stands here, not a program: the app says it, and offers the password.
		http.Redirect(w, r, "/?link=spent", http.StatusSeeOther)
		return
	}
	if err != nil {
		s.fail(w, err)
		return
	}
	s.enter(w, r, text)
	http.Redirect(w, r, localPath(q.Get("to")), http.StatusSeeOther) //nolint:gosec // localPath leads nowhere else
}

// localPath lets a link lead into the app and nowhere else.
func localPath(to string) string {
	if !strings.HasPrefix(to, "/") || strings.HasPrefix(to, "//") || strings.ContainsAny(to, "\\\r\n\t") {
		return "/"
	}
	return to
}

func (s *Service) serveSessions(w http.ResponseWriter, r *http.Request) {
	p, current, err := s.authenticate(r)
	if err != nil {
		s.fail(w, err)
		return
	}
	list, err := s.Sessions(r.Context(), p.User.ID())
	if err != nil {
		s.fail(w, err)
		return
	}
	body := struct {
		Current  string    `json:"current,omitempty"`
		Sessions []Session `json:"sessions"`
	}{Sessions: list}
	if current != nil {
		body.Current = current.ID.String()
	}
	s.answer(w, http.StatusOK, body)
}

func (s *Service) serveEndSession(w http.ResponseWriter, r *http.Request) {
	p, current, err := s.authenticate(r)
	if err == nil && current == nil {
		err = denied("sessions are ended by the person who is signed in, not by an API token", nil)
	}
	var id schema.ID
	if err == nil {
		if id, err = schema.ParseID(r.PathValue("id")); err != nil {
			err = schema.NotFound("Session")
		}
	}
	if err == nil {
		err = s.EndSession(r.Context(), p.User.ID(), id)
	}
	if err != nil {
		s.fail(w, err)
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

func (s *Service) answer(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	if err := json.NewEncoder(w).Encode(body); err != nil {
		s.o.Log.Debug("answer not delivered", slog.Any("error", err))
	}
}

var statusOf = map[schema.ErrorCode]int{
	schema.CodeInvalid: http.StatusBadRequest, schema.CodeNotFound: http.StatusNotFound, schema.CodeDenied: http.StatusUnauthorized,
	schema.CodeConflict: http.StatusConflict, schema.CodeLimit: http.StatusTooManyRequests, schema.CodeUnavailable: http.StatusServiceUnavailable,
}

// fail answers with {"error":{"code","message"}}; what is not the user's to
// act on is logged, and its cause not shown.
func (s *Service) fail(w http.ResponseWriter, err error) {
	code := schema.Code(err)
	status, known := statusOf[code]
	message := err.Error()
	if shown, ok := errors.AsType[*schema.Error](err); known && ok {
		message = shown.Message
	}
	if !known {
		s.o.Log.Error("authentication broke", slog.Any("error", err))
		status, message = http.StatusInternalServerError, "internal error"
	}
	if t, ok := errors.AsType[tooOftenError](err); ok {
		w.Header().Set("Retry-After", strconv.Itoa(t.seconds()))
	}
	s.answer(w, status, map[string]any{"error": map[string]any{"code": code, "message": message}})
}
