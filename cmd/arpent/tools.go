package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"arpent/apps/land"
	"arpent/layers"
	"arpent/layers/postgis"
	"arpent/layers/postgis/cluster"
	"arpent/web/api"
	"arpent/web/auth"
)

type migrateCommand struct{}

// Run migrates the database.
func (migrateCommand) Run(r *run) error {
	b, err := openDatabase(r, r.settings)
	if err != nil {
		return err
	}
	return b.close()
}

type importCommand struct {
	Files        []string `arg:"" help:"Files to import: for land, sheets of the cadastral plan in EDIGEO (.tar.bz2)." type:"existingfile"`
	App          string   `required:"" enum:"land" help:"Application: land."`
	Collectivity string   `required:"" help:"Code of the collectivity, for land the INSEE code of the commune."`
}

// Run imports files and prints what became of their objects.
func (c importCommand) Run(r *run) error {
	b, err := openLayers(r, r.settings)
	if err != nil {
		return err
	}
	defer func() { _ = b.close() }()
	report, err := land.ImportEDIGEO(r, b.layers, b.store, commandLine, c.Collectivity, c.Files)
	if err != nil {
		return err
	}
	for _, n := range report {
		fmt.Printf("%-20s %5d created %5d updated %5d unchanged\n", n.Layer, n.Created, n.Updated, n.Unchanged)
	}
	return nil
}

type layerCommand struct {
	Dir        layerDirCommand        `cmd:"" help:"Print the folder whose layer files are loaded beside the built-in ones."`
	Introspect layerIntrospectCommand `cmd:"" help:"Print a layer file for a table."`
	Check      layerCheckCommand      `cmd:"" help:"Check layer files against the database."`
}

type layerDirCommand struct{}

// Run prints the folder, made if need be.
func (layerDirCommand) Run(r *run) error {
	dir, err := filepath.Abs(r.settings.layerDir())
	if err != nil {
		return err
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("making the folder of layer files: %w", err)
	}
	_, err = fmt.Println(dir)
	return err
}

type layerIntrospectCommand struct {
	Table string `arg:"" help:"schema.table"`
}

// Run prints a layer file.
func (c layerIntrospectCommand) Run(r *run) error {
	b, err := openDatabase(r, r.settings)
	if err != nil {
		return err
	}
	defer func() { _ = b.close() }()
	file, err := postgis.Introspect(r, b.pool, c.Table)
	if err != nil {
		return err
	}
	_, err = os.Stdout.Write(file)
	return err
}

type layerCheckCommand struct {
	Files []string `arg:"" help:"Layer files." type:"existingfile"`
}

// Run checks files; nothing is changed.
func (c layerCheckCommand) Run(r *run) error {
	b, err := openDatabase(r, r.settings)
	if err != nil {
		return err
	}
	defer func() { _ = b.close() }()
	store := postgis.NewStore(b.pool)
	var faults []error
	for _, path := range c.Files {
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		l, err := layers.ReadFile(path, data)
		if err == nil {
			err = store.Describe(r, l)
		}
		faults = append(faults, err)
	}
	if err := errors.Join(faults...); err != nil {
		return err
	}
	_, err = fmt.Println("ok")
	return err
}

type userCommand struct {
	Create   userCreateCommand   `cmd:"" help:"Make an account."`
	Password userPasswordCommand `cmd:"" help:"Set a password, read from standard input."`
	Grant    userGrantCommand    `cmd:"" help:"Give an account a role in a collectivity."`
}

type userCreateCommand struct {
	Login string `arg:""`
	Name  string `help:"Name as people know it."`
	Admin bool   `help:"Administers the server."`
}

// Run makes an account.
func (c userCreateCommand) Run(r *run) error {
	b, err := openDatabase(r, r.settings)
	if err != nil {
		return err
	}
	defer func() { _ = b.close() }()
	return auth.CreateAccount(r, b.pool, c.Login, c.Name, c.Admin)
}

type userPasswordCommand struct {
	Login string `arg:""`
}

// Run sets a password: not an argument, which others on the machine could read.
func (c userPasswordCommand) Run(r *run) error {
	var password string
	if _, err := fmt.Fscanln(os.Stdin, &password); err != nil {
		return errors.New("give the password on standard input, one line without spaces")
	}
	b, err := openDatabase(r, r.settings)
	if err != nil {
		return err
	}
	defer func() { _ = b.close() }()
	_, err = auth.SetPassword(r, b.pool, c.Login, strings.TrimSpace(password))
	return err
}

type userGrantCommand struct {
	Login        string `arg:""`
	Collectivity string `arg:""`
	Role         string `arg:"" enum:"reader,editor,admin,none" help:"reader, editor, admin, or none to take it away."`
}

// Run grants a role.
func (c userGrantCommand) Run(r *run) error {
	b, err := openDatabase(r, r.settings)
	if err != nil {
		return err
	}
	defer func() { _ = b.close() }()
	return auth.Grant(r, b.pool, c.Login, c.Collectivity, layers.Role(strings.TrimPrefix(c.Role, "none")))
}

type tokenCommand struct {
	Create tokenCreateCommand `cmd:"" help:"Make a token and print it."`
}

type tokenCreateCommand struct {
	User string `required:"" help:"Login of the account that the program acts as."`
	Name string `help:"What the token is for."`
	Days int    `help:"Days until it expires; 0 for never."`
}

// Run prints a token.
func (c tokenCreateCommand) Run(r *run) error {
	b, err := openDatabase(r, r.settings)
	if err != nil {
		return err
	}
	defer func() { _ = b.close() }()
	token, err := auth.CreateToken(r, b.pool, c.User, c.Name, time.Duration(c.Days)*24*time.Hour)
	if err != nil {
		return err
	}
	_, err = fmt.Println(token)
	return err
}

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

type openAPICommand struct{}

// Run prints the definition.
func (openAPICommand) Run(*run) error {
	definition, err := api.OpenAPI()
	if err != nil {
		return err
	}
	_, err = fmt.Println(string(definition))
	return err
}
