package knocks_test

import (
	"testing"

	"arpent/layers/knocks"
)

func TestAllWhoAreSubscribedHearAKnock(t *testing.T) {
	var d knocks.Door
	a, b := d.Subscribe(t.Context()), d.Subscribe(t.Context())
	d.Knock("12")
	if got := <-a + <-b; got != "1212" {
		t.Errorf("%q", got)
	}
}

func TestWhoIsFarBehindIsToldToLookAtEverything(t *testing.T) {
	var d knocks.Door
	heard := d.Subscribe(t.Context())
	for range 1000 {
		d.Knock("12")
	}
	last := "nothing"
	for range len(heard) {
		last = <-heard
	}
	if last != "" {
		t.Errorf("the last is %q", last)
	}
}
