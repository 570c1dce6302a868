// Package imports fills layers from files of people: it keeps what they send,
// shows what is in it, proposes how its columns fill the fields, and writes
// the records in one transaction, or says of each record why it cannot.
package imports

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"arpent/layers"
	"arpent/layers/exchange"
	"arpent/layers/jobs"
)

// Service keeps files that are to be imported and imports them.
type Service struct {
	layers *layers.Service
	pool   *pgxpool.Pool
	folder string // uploads, a folder each below
}

// New makes the service, which keeps files in the folder. Server processes on
// several machines share it by a network file system.
func New(service *layers.Service, pool *pgxpool.Pool, folder string) *Service {
	return &Service{layers: service, pool: pool, folder: folder}
}

// Limits on what is sent.
const (
	maxSize  = 1 << 30 // bytes
	maxParts = 64      // files of one sending, such as those of a shapefile
)

// kept is how long files are kept.
const kept = 30 * 24 * time.Hour

// Import is a file, or several that belong together, to be imported into a layer.
type Import struct {
	ID        int64
	Account   int64
	Layer     string
	File      string // as its sender calls it
	Size      int64
	CreatedAt time.Time

	folder string
	viewer func(ctx context.Context) (layers.Viewer, error) // its account as it is now; nil outside a job
}

// Incoming is an import whose files arrive.
type Incoming struct {
	service *Service
	viewer  layers.Viewer
	layer   string
	name    string // of the folder
	names   []string
	size    int64
}

// Receive opens a folder for the files of an import.
func (s *Service) Receive(v layers.Viewer, layer string) (*Incoming, error) {
	if _, err := s.writable(v, layer); err != nil {
		return nil, err
	}
	in := &Incoming{service: s, viewer: v, layer: layer, name: rand.Text()}
	if err := os.MkdirAll(in.path(), 0o700); err != nil {
		return nil, exchange.Full(err)
	}
	return in, nil
}

func (s *Service) writable(v layers.Viewer, layer string) (*layers.Layer, error) {
	l, err := s.layers.Catalog().Get(v, layer)
	if err != nil {
		return nil, err
	}
	if v.Anonymous() {
		return nil, layers.Errorf(layers.Unauthorized, "sign in to import into layer %s", layer)
	}
	if !v.May(layers.Import, l, "") {
		return nil, layers.Errorf(layers.Forbidden, "you have no right to import into layer %s: ask an administrator", layer)
	}
	return l, nil
}

func (in *Incoming) path() string { return in.service.files(in.name) }

// files is where what was sent is; beside it lie the records that were rejected.
func (s *Service) files(folder string) string { return filepath.Join(s.folder, folder, "files") }

// Add stores a file. Its name is for people; it is stored under another.
func (in *Incoming) Add(name string, content io.Reader) error {
	name = exchange.CleanName(name)
	if len(in.names) == maxParts {
		return layers.Errorf(layers.TooLarge, "more than %d files at once: put them in a zip", maxParts)
	}
	file, err := os.OpenFile(filepath.Join(in.path(), exchange.StoredName(name)), os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if errors.Is(err, os.ErrExist) {
		return layers.Errorf(layers.Invalid, "two files are called %s: give one", name)
	}
	if err != nil {
		return exchange.Full(err)
	}
	defer func() { _ = file.Close() }()
	n, err := io.Copy(file, io.LimitReader(content, maxSize-in.size+1))
	if err != nil {
		return exchange.Full(err)
	}
	if in.size += n; in.size > maxSize {
		return layers.Errorf(layers.TooLarge, "%s is larger than %d MB: import it in parts", name, maxSize>>20)
	}
	in.names = append(in.names, name)
	return exchange.Full(file.Close())
}

// Drop forgets what arrived.
func (in *Incoming) Drop() { _ = os.RemoveAll(filepath.Dir(in.path())) }

// Keep notes the import. A file that cannot be read is refused at once.
func (in *Incoming) Keep(ctx context.Context) (*Import, error) {
	if len(in.names) == 0 {
		return nil, layers.Errorf(layers.BadRequest, "choose a file to import")
	}
	i := in.whole()
	f, err := exchange.Open(in.path(), i.File)
	if err != nil {
		return nil, err
	}
	reading, err := f.Guess()
	if err != nil {
		return nil, err
	}
	if _, err := f.Tables(ctx, reading); err != nil {
		return nil, err
	}
	err = in.service.pool.QueryRow(ctx, `insert into arpent.import (account_id, layer, folder, file, size) values ($1, $2, $3, $4, $5) returning id, created_at`,
		i.Account, i.Layer, i.folder, i.File, i.Size).Scan(&i.ID, &i.CreatedAt)
	if err != nil {
		return nil, fmt.Errorf("noting an import: %w", err)
	}
	return i, nil
}

// whole is the import of all that arrived.
func (in *Incoming) whole() *Import {
	return &Import{Account: in.viewer.UserID, Layer: in.layer, File: in.called(), Size: in.size, folder: in.name}
}

// called is the name of the file, or of the one that the others belong to.
func (in *Incoming) called() string {
	for _, name := range in.names {
		if strings.EqualFold(filepath.Ext(name), ".shp") || strings.EqualFold(filepath.Ext(name), ".thf") {
			return name
		}
	}
	return in.names[0]
}

// Get reads an import of the viewer.
func (s *Service) Get(ctx context.Context, v layers.Viewer, id int64) (*Import, error) {
	i := &Import{ID: id}
	err := s.pool.QueryRow(ctx, `select account_id, layer, folder, file, size, created_at from arpent.import where id = $1 and account_id = $2`, id, v.UserID).
		Scan(&i.Account, &i.Layer, &i.folder, &i.File, &i.Size, &i.CreatedAt)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, layers.Errorf(layers.NotFound, "you have no import %d: send the file again", id)
	}
	if err != nil {
		return nil, fmt.Errorf("reading an import: %w", err)
	}
	return i, nil
}

func (s *Service) open(i *Import) (*exchange.File, error) {
	folder := s.files(i.folder)
	if _, err := os.Stat(folder); errors.Is(err, os.ErrNotExist) {
		return nil, layers.Errorf(layers.NotFound, "the file of import %d is not kept any more: send it again", i.ID)
	}
	return exchange.Open(folder, i.File)
}

// Sweep removes what is too old to be of use, and folders that no import has.
func (s *Service) Sweep(ctx context.Context) error {
	rows, err := s.pool.Query(ctx, `with old as (delete from arpent.import where created_at < now() - $1::interval)
		select folder from arpent.import where created_at >= now() - $1::interval`, kept)
	if err != nil {
		return fmt.Errorf("forgetting old imports: %w", err)
	}
	known, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return fmt.Errorf("forgetting old imports: %w", err)
	}
	keep := map[string]bool{}
	for _, folder := range known {
		keep[folder] = true
	}
	entries, err := os.ReadDir(s.folder)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("forgetting old imports: %w", err)
	}
	for _, e := range entries {
		if info, err := e.Info(); err == nil && !keep[e.Name()] && time.Since(info.ModTime()) > 24*time.Hour {
			if err := os.RemoveAll(filepath.Join(s.folder, e.Name())); err != nil {
				return fmt.Errorf("forgetting old imports: %w", err)
			}
		}
	}
	return nil
}

// remember keeps a plan as the one for files with these columns.
func (s *Service) remember(ctx context.Context, v layers.Viewer, layer string, columns []string, p *Plan) error {
	encoded, err := json.Marshal(p)
	if err != nil {
		return err
	}
	_, err = s.pool.Exec(ctx, `insert into arpent.import_plan (account_id, layer, header, plan) values ($1, $2, $3, $4)
		on conflict (account_id, layer, header) do update set plan = excluded.plan, used_at = now()`, v.UserID, layer, headerOf(columns), encoded)
	if err != nil {
		return fmt.Errorf("remembering how a file was imported: %w", err)
	}
	return nil
}

// remembered is the plan last used for files with these columns, nil for none.
func (s *Service) remembered(ctx context.Context, v layers.Viewer, layer string, columns []string) (*Plan, error) {
	var encoded []byte
	err := s.pool.QueryRow(ctx, `select plan from arpent.import_plan where account_id = $1 and layer = $2 and header = $3`,
		v.UserID, layer, headerOf(columns)).Scan(&encoded)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("remembering how a file was imported: %w", err)
	}
	var p Plan
	return &p, json.Unmarshal(encoded, &p)
}

func headerOf(columns []string) string {
	columns = slices.DeleteFunc(slices.Clone(columns), ours)
	sum := sha256.Sum256([]byte(strings.Join(columns, "\x00")))
	return hex.EncodeToString(sum[:])
}

// Kind is that of jobs that import.
const Kind = "import"

// order is what a job of importing is ordered with.
type order struct {
	Import int64 `json:"import"`
	Plan   Plan  `json:"plan"`
	DryRun bool  `json:"dryRun"`
}

// Order puts an import, or a try of it, in the queue.
func (s *Service) Order(ctx context.Context, v layers.Viewer, queue *jobs.Service, id int64, p Plan, dryRun bool) (*jobs.Job, error) {
	i, err := s.Get(ctx, v, id)
	if err != nil {
		return nil, err
	}
	l, err := s.writable(v, i.Layer)
	if err != nil {
		return nil, err
	}
	if err := p.check(v, l); err != nil {
		return nil, err
	}
	return queue.Add(ctx, v, jobs.Order{Kind: Kind, Layer: i.Layer, Title: i.File, Arguments: order{id, p, dryRun}})
}

// Work does a job of importing.
func (s *Service) Work(ctx context.Context, v layers.Viewer, j *jobs.Job, report func(done, total int64)) (any, error) {
	var o order
	if err := j.Arguments(&o); err != nil {
		return nil, err
	}
	i, err := s.Get(ctx, v, o.Import)
	if err != nil {
		return nil, err
	}
	i.viewer = j.Viewer
	return s.Run(ctx, v, i, o.Plan, fmt.Sprintf("import %d", j.ID), o.DryRun, report)
}
