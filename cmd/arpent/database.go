package main

import (
	"fmt"
	"os"

	"arpent/layers/postgis/cluster"
)

type databaseCommand struct {
	URL databaseURLCommand `cmd:"" name:"url" help:"Print the address of the database, for psql."`
}

type databaseURLCommand struct{}

// Run prints the address; a private database answers there while a server runs.
func (databaseURLCommand) Run(r *run) error {
	url := r.settings.DatabaseURL
	if url == "" {
		var err error
		if url, err = cluster.URL(r.settings.Data); err != nil {
			return err
		}
		if !cluster.Running(r, r.settings.Data) {
			fmt.Fprintln(os.Stderr, "arpent: the database is not running now: it does while `arpent serve` runs")
		}
	}
	_, err := fmt.Println(url)
	return err
}
