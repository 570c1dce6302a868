package imports

import (
	"context"
	"os"
	"path/filepath"

	"arpent/layers"
	"arpent/layers/exchange"
)

// Local is an import of files of this machine, by the command line: no account
// has it, and it is forgotten when it is closed.
type Local struct {
	*Import
	*Inspection
	service *Service
	viewer  layers.Viewer
}

// OpenLocal looks into files that belong together, such as the parts of a
// shapefile.
func (s *Service) OpenLocal(ctx context.Context, v layers.Viewer, layer string, paths ...string) (*Local, error) {
	in, err := s.Receive(v, layer)
	if err != nil {
		return nil, err
	}
	local, err := s.openLocal(ctx, v, in, paths)
	if err != nil {
		in.Drop()
	}
	return local, err
}

func (s *Service) openLocal(ctx context.Context, v layers.Viewer, in *Incoming, paths []string) (*Local, error) {
	for _, path := range paths {
		if err := in.addFile(path); err != nil {
			return nil, err
		}
	}
	i := in.whole()
	f, err := exchange.Open(in.path(), i.File)
	if err != nil {
		return nil, err
	}
	l, err := s.writable(v, i.Layer)
	if err != nil {
		return nil, err
	}
	seen, err := s.inspect(ctx, v, l, f, nil, "")
	if err != nil {
		return nil, err
	}
	return &Local{i, seen, s, v}, nil
}

func (in *Incoming) addFile(path string) error {
	file, err := os.Open(path)
	if err != nil {
		return layers.Errorf(layers.BadRequest, "%s cannot be opened: check who may read it", path)
	}
	defer func() { _ = file.Close() }()
	return in.Add(filepath.Base(path), file)
}

// Run imports by the plan, or tries to.
func (l *Local) Run(ctx context.Context, cause string, dryRun bool) (*Outcome, error) {
	return l.service.Run(ctx, l.viewer, l.Import, *l.Plan, cause, dryRun, func(int64, int64) {})
}

// Rejects opens the file of the records that were rejected.
func (l *Local) Rejects() (*os.File, error) { return l.service.Rejects(l.Import) }

// Close forgets the files.
func (l *Local) Close() error { return os.RemoveAll(filepath.Dir(l.service.files(l.folder))) }
