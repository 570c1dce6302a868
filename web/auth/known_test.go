package auth

import (
	"testing"

	"arpent/layers"
)

func TestNobodyIsRememberedWhoWasReadBeforeAChange(t *testing.T) {
	var k known
	marie, key := layers.Viewer{UserID: 1, Login: "marie"}, keyOf("token", "x")
	holds := func(when string, want bool) {
		t.Helper()
		if _, _, got := k.get(key); got != want {
			t.Errorf("%s: remembered %v, want %v", when, got, want)
		}
	}
	_, turn, _ := k.get(key)
	k.put(key, marie, turn)
	holds("before the database was heard", false)
	k.forget()
	_, turn, _ = k.get(key)
	k.forget()
	k.put(key, marie, turn)
	holds("read before a change", false)
	_, turn, _ = k.get(key)
	k.put(key, layers.Viewer{}, turn)
	holds("anybody", false)
	k.put(key, marie, turn)
	holds("read since", true)
	if keyOf("session", "x") == key {
		t.Error("a session and a token of one text are one")
	}
}
