// Command arpent is the whole of Arpent: the server and the tools around it.
package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"

	"github.com/alecthomas/kong"
)

// version is set by the linker.
var version = "development"

// commands are the command line.
type commands struct {
	settings

	Serve    serveCommand    `cmd:"" help:"Run the server."`
	Demo     demoCommand     `cmd:"" help:"Load a synthetic town."`
	Migrate  migrateCommand  `cmd:"" help:"Bring the database to the newest version."`
	Import   importCommand   `cmd:"" help:"Import files into a layer or an application."`
	Export   exportCommand   `cmd:"" help:"Write the records of a layer into a file."`
	Layer    layerCommand    `cmd:"" help:"Work with layer files."`
	User     userCommand     `cmd:"" help:"Manage accounts."`
	Tiles    tilesCommand    `cmd:"" help:"Work with vector tiles."`
	Token    tokenCommand    `cmd:"" help:"Manage tokens of programs."`
	Database databaseCommand `cmd:"" help:"Where the database is."`
	OpenAPI  openAPICommand  `cmd:"" name:"openapi" help:"Print the OpenAPI definition of the page's API."`
	Version  versionCommand  `cmd:"" help:"Print the version."`
}

// settings are common to all commands.
type settings struct {
	Data        string `env:"ARPENT_DATA" default:"./data" help:"Data folder." type:"path"`
	DatabaseURL string `env:"ARPENT_DATABASE_URL" name:"database-url" help:"PostGIS database; without it the server runs its own in the data folder."`
	URL         string `env:"ARPENT_URL" name:"url" help:"Address at which people reach the server, for links in mails and for signing in elsewhere; http://LISTEN when absent."`
	SMTPURL     string `env:"ARPENT_SMTP_URL" name:"smtp-url" help:"Mail server, such as smtp://user:password@host:587?from=arpent@town.example; without it mails are in the data folder."`
	FilesURL    string `env:"ARPENT_FILES_URL" name:"files-url" help:"S3 bucket for files attached to records, such as s3://key:secret@host:9000/bucket; without it they are in the data folder."`
}

// layerDir is the folder whose layer files are loaded beside the built-in ones.
func (s settings) layerDir() string { return filepath.Join(s.Data, "layers") }

// mapsFile says which base maps there are.
func (s settings) mapsFile() string { return filepath.Join(s.Data, "maps.yaml") }

func main() {
	slog.SetDefault(slog.New(slog.NewTextHandler(os.Stderr, nil)))
	var line commands
	parser, err := kong.New(&line, kong.Name("arpent"), kong.Description("A web mapping server for town halls."), kong.UsageOnError())
	if err != nil {
		fail(err, 1)
	}
	command, err := parser.Parse(os.Args[1:])
	if err != nil {
		fail(err, 2)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // who asks a second time does not wait for an orderly end
	err = command.Run(&run{ctx, line.settings})
	if ctx.Err() != nil && errors.Is(err, context.Canceled) {
		err = errors.New("interrupted: what was under way is undone")
	}
	if err != nil {
		fail(err, 1)
	}
}

func fail(err error, code int) {
	fmt.Fprintln(os.Stderr, "arpent:", err)
	os.Exit(code)
}

// run is what commands are run with.
type run struct {
	context.Context
	settings settings
}

type versionCommand struct{}

// Run prints the version.
func (versionCommand) Run(*run) error {
	_, err := fmt.Println(version)
	return err
}
