package jobs

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"arpent/layers"
)

// Files keeps the files that jobs made for a while, each in a folder of its own.
// Server processes on several machines share them by a network file system.
type Files struct{ folder string }

// NewFiles keeps files below a folder, which need not be there yet.
func NewFiles(folder string) *Files { return &Files{folder} }

// FileName is under which a job puts its file into its folder, whatever people
// see it called.
const FileName = "export"

// kept is how long files are kept.
const kept = 7 * 24 * time.Hour

func (f *Files) of(j *Job) string { return filepath.Join(f.folder, strconv.FormatInt(j.ID, 10)) }

// Begin is the folder of a job, without what an attempt left that ended in the
// middle.
func (f *Files) Begin(j *Job) (string, error) {
	folder := f.of(j)
	return folder, errors.Join(os.RemoveAll(folder), os.MkdirAll(folder, 0o700))
}

// Drop removes what a job made.
func (f *Files) Drop(j *Job) { _ = os.RemoveAll(f.of(j)) }

// Passing is a folder for a file that nobody comes back for; its caller removes it.
func (f *Files) Passing() (string, error) {
	if err := os.MkdirAll(f.folder, 0o700); err != nil {
		return "", err
	}
	return os.MkdirTemp(f.folder, "now-")
}

// Open opens the file of a job, NotFound once it is kept no more.
func (f *Files) Open(j *Job) (*os.File, error) {
	file, err := os.Open(filepath.Join(f.of(j), FileName))
	if errors.Is(err, os.ErrNotExist) {
		return nil, layers.Errorf(layers.NotFound, "the file is not kept any more: export again")
	}
	return file, err
}

// Sweep removes files that are too old to be of use.
func (f *Files) Sweep() error {
	entries, err := os.ReadDir(f.folder)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("forgetting old files of jobs: %w", err)
	}
	for _, e := range entries {
		if info, err := e.Info(); err == nil && time.Since(info.ModTime()) > kept {
			if err := os.RemoveAll(filepath.Join(f.folder, e.Name())); err != nil {
				return fmt.Errorf("forgetting old files of jobs: %w", err)
			}
		}
	}
	return nil
}

// NameOf is what people see a file called: its title, without what a name of a
// file may not have, and its ending.
func NameOf(title, ending string) string {
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune(`/\:*?"<>|`, r) {
			return ' '
		}
		return r
	}, title) + "." + ending
}
