package web_test

import (
	"context"
	"fmt"
	"net/http"
	"testing"

	"github.com/paulmach/orb/maptile"

	"arpent/layers/postgis/postgistest"
	"arpent/web/auth"
)

// hears has the site hear what changes about accounts, as the program does.
// What comes out of the channel has been heard.
func (s *site) hears() <-chan struct{} {
	s.Helper()
	ctx, stop := context.WithCancel(context.Background())
	heard, stopped := make(chan struct{}, 64), make(chan struct{})
	go func() {
		defer close(stopped)
		_ = s.store.Listen(ctx, auth.Channel, func(knock string) {
			s.accounts.Knock(knock)
			heard <- struct{}{}
		})
	}()
	s.Cleanup(func() {
		stop()
		<-stopped
	})
	<-heard // it has begun
	return heard
}

// Tiles that are kept, and readers that are remembered, open nothing to whom a
// right was taken.
func TestATileIsClosedToWhoLostTheRight(t *testing.T) {
	s := newSite(t)
	heard := s.hears()
	change := func(sql string) {
		t.Helper()
		s.exec(sql)
		<-heard
	}
	postgistest.Account(t, s.pool, "ours", s.town.Code, "manager")
	<-heard // the account
	<-heard // its membership
	ours := s.bearer("ours")
	var lon, lat float64
	if err := s.pool.QueryRow(t.Context(), `select ST_X(p), ST_Y(p) from land.blocks, ST_Transform(ST_PointOnSurface(geom), 4326) p order by id limit 1`).Scan(&lon, &lat); err != nil {
		t.Fatal(err)
	}
	at := maptile.At([2]float64{lon, lat}, 16)
	path := fmt.Sprintf("/tiles/land.blocks/%d/%d/%d.mvt", at.Z, at.X, at.Y)
	for range 3 { // made, kept; read, remembered
		s.ask(http.StatusOK, http.MethodGet, path, nil, ours)
	}
	change(`delete from arpent.membership`)
	s.ask(http.StatusForbidden, http.MethodGet, path, nil, ours)
	change(`insert into arpent.membership select id, '` + s.town.Code + `', 'manager' from arpent.account where login = 'ours'`)
	s.ask(http.StatusOK, http.MethodGet, path, nil, ours)
	change(`update arpent.account set disabled = true where login = 'ours'`)
	s.ask(http.StatusUnauthorized, http.MethodGet, path, nil, ours)
	s.ask(http.StatusUnauthorized, http.MethodGet, path, nil)
}
