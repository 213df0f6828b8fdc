package main

import (
	"context"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"
	"github.com/coder/websocket/wsjson"

	"fondaco/gateway/sdl"
	"fondaco/partners/postgres"
	"fondaco/partners/postgres/postgrestest"
)

// openStream opens a subscription and gives a channel that tells with which
// code the node closes it.
func openStream(t *testing.T, url string, browser *http.Client, token string) <-chan websocket.StatusCode {
	t.Helper()
	// Far less than the minute after which every stream is proved anew.
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	t.Cleanup(cancel)
	conn, _, err := websocket.Dial( //nolint:bodyclose // the library closes it
		ctx, strings.Replace(url, "http", "ws", 1)+"/graphql", &websocket.DialOptions{HTTPClient: browser, Subprotocols: []string{"graphql-transport-ws"}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.CloseNow() })
	init := object{"type": "connection_init"}
	if token != "" {
		init["payload"] = object{"authorization": "Bearer " + token}
	}
	for _, m := range []object{init, {"id": "1", "type": "subscribe", "payload": object{"query": "subscription { changes { cursor } }"}}} {
		if err := wsjson.Write(ctx, conn, m); err != nil {
			t.Fatal(err)
		}
		var answer object
		if m["type"] != "connection_init" {
			break
		}
		if err := wsjson.Read(ctx, conn, &answer); err != nil || answer["type"] != "connection_ack" {
			t.Fatalf("%v, %v, want connection_ack", answer, err)
		}
	}
	closed := make(chan websocket.StatusCode, 1)
	done := make(chan struct{})
	t.Cleanup(func() { _ = conn.CloseNow(); <-done })
	go func() {
		defer close(done)
		for {
			var m object
			if err := wsjson.Read(ctx, conn, &m); err != nil {
				closed <- websocket.CloseStatus(err)
				return
			}
		}
	}()
	return closed
}

// TestStreamsEndWhenTheirProofIsTakenBack: a token that another process
// revokes, a session that is ended and a person who may not sign in any more
// end the streams that they opened at once, and those of nobody else.
func TestStreamsEndWhenTheirProofIsTakenBack(t *testing.T) {
	t.Parallel()
	a := startDemo(t, postgrestest.Folder(t))
	address, err := postgres.Join(t.Context(), filepath.Join(a.Data, "postgres"))
	if err != nil {
		t.Fatal(err)
	}
	on := []string{"--database-url", address.DSN("fondaco_distributor", ""), "--data", filepath.Join(a.Data, "distributor")}
	joao, ines := signIn(t, a.PartnerURL, "joao@lusitania.example", a.Password), signIn(t, a.PartnerURL, "ines@lusitania.example", a.Password)
	elsewhere := signIn(t, a.PartnerURL, "joao@lusitania.example", a.Password)
	user := at(t, joao.query(`{ users(first: 5, filter: {email: {eq: "joao@lusitania.example"}}) { nodes { id } } }`, nil), "users", "nodes", 0, "id").(string)

	byToken, byCookie := openStream(t, a.PartnerURL, nil, a.APIToken), openStream(t, a.PartnerURL, &elsewhere.http, "")
	stays, other := openStream(t, a.PartnerURL, &joao.http, ""), openStream(t, a.PartnerURL, &ines.http, "")

	code, out, said := operate(t, append([]string{"token", "list", plainID(t, user)}, on...)...)
	if code != exitDone {
		t.Fatalf("exit %d: %s", code, said)
	}
	token := strings.Fields(strings.Split(out, "\n")[1])[0]
	if code, _, said := operate(t, append([]string{"token", "revoke", token}, on...)...); code != exitDone {
		t.Fatalf("exit %d: %s", code, said)
	}
	endsWith := func(what string, closed <-chan websocket.StatusCode) {
		t.Helper()
		if code := <-closed; code != 4403 {
			t.Errorf("the stream of %s was closed with %d, want 4403 within 20 s", what, code)
		}
	}
	endsWith("a token that was revoked by another process", byToken)
	elsewhere.post("/auth/sign-out", "")
	endsWith("a session that was ended", byCookie)
	select {
	case code := <-stays:
		t.Errorf("a session of the same person was closed too, with %d", code)
	case code := <-other:
		t.Errorf("another person's stream was closed, with %d", code)
	default:
	}

	member := at(t, joao.query(`{ users(first: 5, filter: {email: {eq: "ines@lusitania.example"}}) { nodes { id version } } }`, nil), "users", "nodes", 0).(object)
	joao.mutate("updateUser", "UpdateUserInput", "user { active }", object{"id": member["id"], "expectedVersion": member["version"], "active": false})
	endsWith("a person who was disabled", other)
}

// plainID is the id in a global id, as commands take it.
func plainID(t *testing.T, global string) string {
	t.Helper()
	_, id, err := sdl.ParseGlobalID(global)
	if err != nil {
		t.Fatal(err)
	}
	return id.String()
}
