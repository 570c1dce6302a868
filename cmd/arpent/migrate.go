package main

type migrateCommand struct{}

// Run migrates the database, which opening it does.
func (migrateCommand) Run(r *run) error {
	return r.withDatabase(func(*backend) error { return nil })
}
