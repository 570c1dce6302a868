package exchange

import (
	"archive/tar"
	"compress/bzip2"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"arpent/layers"
)

// What an archive may unpack to.
const (
	maxUnpacked = 1 << 30 // bytes
	maxFiles    = 10_000
	maxName     = 255 // bytes
)

// Unpack unpacks a .tar.bz2 into a folder. Its files come to stand in the
// folder itself; what is neither a plain file nor a folder, and what would lie
// outside, is refused.
func Unpack(archive, into string) error {
	path, err := plainFile(archive)
	if err != nil {
		return err
	}
	file, err := os.Open(path)
	if err != nil {
		return layers.Errorf(layers.BadRequest, "%s cannot be opened: check who may read it", archive)
	}
	defer func() { _ = file.Close() }()
	entries := tar.NewReader(bzip2.NewReader(file))
	var files int
	var total int64
	for {
		entry, err := entries.Next()
		if errors.Is(err, io.EOF) && files > 0 {
			return nil
		}
		if err != nil {
			return incomplete(archive)
		}
		if entry.Typeflag == tar.TypeDir {
			continue
		}
		if entry.Typeflag != tar.TypeReg || !filepath.IsLocal(entry.Name) || len(filepath.Base(entry.Name)) > maxName {
			return layers.Errorf(layers.Invalid, "%s holds %.100q, which is no file within it: get the archive from another source", archive, entry.Name)
		}
		files++
		if total += entry.Size; total > maxUnpacked || files > maxFiles {
			return layers.Errorf(layers.TooLarge, "%s unpacks to more than %d MB or %d files", archive, maxUnpacked>>20, maxFiles)
		}
		if err := unpackFile(archive, entries, filepath.Join(into, filepath.Base(entry.Name))); err != nil {
			return err
		}
	}
}

func unpackFile(archive string, from io.Reader, path string) error {
	out, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if errors.Is(err, os.ErrExist) {
		return layers.Errorf(layers.Invalid, "%s holds two files %s", archive, filepath.Base(path))
	}
	if err != nil {
		return fmt.Errorf("unpacking %s: %w", archive, err)
	}
	defer func() { _ = out.Close() }()
	content := &reader{Reader: from}
	if _, err := io.Copy(out, content); content.failed {
		return incomplete(archive)
	} else if err != nil {
		return fmt.Errorf("unpacking %s: %w", archive, err)
	}
	if err := out.Close(); err != nil {
		return fmt.Errorf("unpacking %s: %w", archive, err)
	}
	return nil
}

// reader remembers that reading failed, which io.Copy does not tell from a
// failure to write.
type reader struct {
	io.Reader
	failed bool
}

func (r *reader) Read(p []byte) (int, error) {
	n, err := r.Reader.Read(p)
	r.failed = r.failed || err != nil && !errors.Is(err, io.EOF)
	return n, err
}

func incomplete(archive string) error {
	return layers.Errorf(layers.Invalid, "%s is no complete .tar.bz2 archive: get it again", archive)
}
