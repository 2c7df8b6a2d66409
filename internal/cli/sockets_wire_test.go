package cli_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"

	"github.com/coder/websocket"

	"tenantry/internal/dbtest"
	"tenantry/internal/lab"
)

// Olive's app opens fifty WebSockets and not one more; a token that is dead opens
// none, whichever it was.
func TestWebSocketsOfOneUser(t *testing.T) {
	w := lab.New(t, dbtest.SQLite(t))
	w.Operator("Billing")
	srv := httptest.NewServer(w.HTTP)
	t.Cleanup(srv.Close)
	u, err := url.Parse(lab.Public)
	if err != nil {
		t.Fatal(err)
	}
	// open returns the answer to the first message: a text, or the code of the end.
	open := func(token, name string) string {
		t.Helper()
		conn, _, err := websocket.Dial(t.Context(), srv.URL+"/graphql", &websocket.DialOptions{Host: u.Host,
			Subprotocols: []string{"graphql-transport-ws"}, HTTPHeader: http.Header{}})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { conn.CloseNow() })
		first := fmt.Sprintf(`{"type":"connection_init","payload":{%q:"Bearer %s"}}`, name, token)
		if err := conn.Write(t.Context(), websocket.MessageText, []byte(first)); err != nil {
			t.Fatal(err)
		}
		_, text, err := conn.Read(t.Context())
		if err != nil {
			return fmt.Sprint(int(websocket.CloseStatus(err)))
		}
		return string(text)
	}
	const ack = `{"type":"connection_ack"}`
	for i := range 50 {
		if got := open(w.Person("olive").Token, "authorization"); got != ack {
			t.Fatalf("number %d: %s", i+1, got)
		}
	}
	for token, want := range map[string]string{
		w.Person("olive").Token:         "4029",
		w.Person("mia").Token:           ack,
		w.Person("Billing").Token:       ack,
		w.Person("mia").Token[1:] + "x": "4401",
		"tenantry_op_nothing":           "4401",
	} {
		if got := open(token, "Authorization"); got != want {
			t.Errorf("%.12s…: %s, want %s", token, got, want)
		}
	}
}
