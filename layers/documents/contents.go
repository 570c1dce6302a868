package documents

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"arpent/layers"
)

// Contents keeps contents under names that say what is in them: what is there
// is never written again.
type Contents interface {
	// Keep takes the file at path over under the key. Either all of it is there
	// afterwards or nothing.
	Keep(ctx context.Context, key, path string) error
	Open(ctx context.Context, key string) (io.ReadSeekCloser, error)
}

// OpenContents opens what address says: a bucket, as in
// s3://key:secret@host:9000/bucket/folder?region=fr&tls=false, or with ""
// the folder.
func OpenContents(ctx context.Context, address, folder string) (Contents, error) {
	if address == "" {
		return Folder(folder), nil
	}
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "s3" || u.Host == "" || strings.Trim(u.Path, "/") == "" {
		return nil, errors.New("ARPENT_FILES_URL is no address of a bucket, such as s3://key:secret@host:9000/bucket")
	}
	return openBucket(ctx, u)
}

// Folder keeps contents in a folder. Server processes on several machines
// share it by a network file system, or use a bucket.
type Folder string

var _ Contents = Folder("")

func (f Folder) path(key string) string {
	return filepath.Join(string(f), key[:2], key[2:])
}

// Keep moves the file into the folder, on the disk before it is in its place.
func (f Folder) Keep(_ context.Context, key, path string) error {
	to := f.path(key)
	if _, err := os.Stat(to); err == nil {
		return nil
	}
	if err := os.MkdirAll(filepath.Dir(to), 0o750); err != nil {
		return full(err)
	}
	if err := syncFile(path); err != nil {
		return full(err)
	}
	if err := os.Rename(path, to); err != nil {
		return full(err)
	}
	return syncFile(filepath.Dir(to))
}

// Open opens what is kept.
func (f Folder) Open(_ context.Context, key string) (io.ReadSeekCloser, error) {
	file, err := os.Open(f.path(key))
	if err != nil {
		return nil, fmt.Errorf("reading the content of a file: %w", err)
	}
	return file, nil
}

func syncFile(path string) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(file.Sync(), file.Close())
}

// full says in words that there is no room left.
func full(err error) error {
	if errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) {
		return layers.Errorf(layers.Unavailable, "the server has no room left for files: nothing was kept, tell an administrator%w", silent{err})
	}
	return fmt.Errorf("keeping a file: %w", err)
}

// silent keeps a cause for the log and out of the words that people read.
type silent struct{ error }

func (silent) Error() string   { return "" }
func (s silent) Unwrap() error { return s.error }

// clear makes the folder if need be and empties it.
func clear(folder string) error {
	if err := os.RemoveAll(folder); err != nil {
		return fmt.Errorf("emptying the folder for uploads: %w", err)
	}
	if err := os.MkdirAll(folder, 0o750); err != nil {
		return fmt.Errorf("making the folder for uploads: %w", err)
	}
	return nil
}
