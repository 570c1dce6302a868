package auth_test

import (
	"strings"
	"testing"

	"arpent/layers"
	"arpent/web/auth"
)

const (
	oldPassword = "the password before"
	newPassword = "the password after it"
)

func TestALinkByMailGivesAnotherPasswordOnce(t *testing.T) {
	h := newHouse(t, nil)
	h.account(t, "marie", "marie@town.example", oldPassword)
	client := browser(t)
	if status := h.signIn(t, client, "marie", oldPassword); status != 200 {
		t.Fatalf("signing in answers %d", status)
	}
	if err := h.RequestReset(t.Context(), "192.0.2.1", "MARIE@town.example", "fr"); err != nil {
		t.Fatal(err)
	}
	texts, tokens := h.letters(t)
	if len(tokens) != 1 || !strings.Contains(texts[0], "To: <marie@town.example>") || !strings.Contains(texts[0], h.url+"/#reset=") || !strings.Contains(texts[0], "Bonjour marie") {
		t.Fatalf("mails: %v", texts)
	}
	var stored int
	if err := h.pool.QueryRow(t.Context(), `select count(*) from arpent.password_reset where position($1::bytea in hash) > 0`, tokens[0]).Scan(&stored); err != nil || stored != 0 {
		t.Errorf("the token is stored as it is (%v)", err)
	}
	wantKind(t, h.Reset(t.Context(), tokens[0], "short"), layers.Invalid)
	wantKind(t, h.Reset(t.Context(), "NONSENSE", newPassword), layers.Invalid)
	if err := h.Reset(t.Context(), tokens[0], newPassword); err != nil {
		t.Fatal(err)
	}
	wantKind(t, h.Reset(t.Context(), tokens[0], newPassword), layers.Invalid)
	if text, _ := get(t, client, h.url+"/"); strings.Contains(text, "marie") {
		t.Error("the session with the old password goes on")
	}
	if status := h.signIn(t, browser(t), "marie", oldPassword); status != 401 {
		t.Errorf("the old password answers %d", status)
	}
	if status := h.signIn(t, browser(t), "marie", newPassword); status != 200 {
		t.Errorf("the new password answers %d", status)
	}
}

func TestALinkIsNotGoodForEver(t *testing.T) {
	h := newHouse(t, nil)
	h.account(t, "marie", "marie@town.example", oldPassword)
	ask := func() string {
		t.Helper()
		if err := h.RequestReset(t.Context(), "192.0.2.1", "marie", "en"); err != nil {
			t.Fatal(err)
		}
		_, tokens := h.letters(t)
		return tokens[len(tokens)-1]
	}
	late := ask()
	if _, err := h.pool.Exec(t.Context(), `update arpent.password_reset set expires_at = now() - interval '1 second'`); err != nil {
		t.Fatal(err)
	}
	wantKind(t, h.Reset(t.Context(), late, newPassword), layers.Invalid)
	overtaken := ask()
	if _, err := auth.SetPassword(t.Context(), h.pool, "marie", newPassword); err != nil {
		t.Fatal(err)
	}
	wantKind(t, h.Reset(t.Context(), overtaken, "yet another password"), layers.Invalid)
	disabled := ask()
	if _, err := h.pool.Exec(t.Context(), `update arpent.account set disabled = true`); err != nil {
		t.Fatal(err)
	}
	wantKind(t, h.Reset(t.Context(), disabled, "yet another password"), layers.Invalid)
}

func TestWhoAsksForALinkLearnsNothing(t *testing.T) {
	h := newHouse(t, nil)
	h.account(t, "marie", "", oldPassword)
	h.account(t, "gone", "gone@town.example", oldPassword)
	if _, err := h.pool.Exec(t.Context(), `update arpent.account set disabled = true where login = 'gone'`); err != nil {
		t.Fatal(err)
	}
	for i, name := range []string{"marie", "gone", "nobody"} {
		if err := h.RequestReset(t.Context(), "192.0.2.1", name, "fr"); err != nil {
			t.Errorf("request %d: %v", i, err)
		}
	}
	if texts, _ := h.letters(t); len(texts) != 0 {
		t.Errorf("mails: %v", texts)
	}
	for range 2 {
		wantKind(t, h.RequestReset(t.Context(), "192.0.2.2", "nobody", "fr"), "")
	}
	wantKind(t, h.RequestReset(t.Context(), "192.0.2.3", "Nobody", "fr"), layers.TooMany)
	for _, name := range strings.Split("a b c d e f g", " ") {
		wantKind(t, h.RequestReset(t.Context(), "192.0.2.1", name, "fr"), "")
	}
	wantKind(t, h.RequestReset(t.Context(), "192.0.2.1", "h", "fr"), layers.TooMany)
}
