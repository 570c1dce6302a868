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

// maxUnpacked bounds what an archive may unpack to.
const maxUnpacked = 1 << 30

// Unpack unpacks a .tar.bz2 into a folder. Folders within the archive are
// flattened; anything but plain files is left out.
func Unpack(archive, into string) error {
	file, err := os.Open(archive)
	if err != nil {
		return layers.Errorf(layers.BadRequest, "%s cannot be opened", archive)
	}
	defer func() { _ = file.Close() }()
	entries := tar.NewReader(bzip2.NewReader(file))
	var total int64
	for n := 0; ; n++ {
		entry, err := entries.Next()
		if errors.Is(err, io.EOF) && n > 0 {
			return nil
		}
		if err != nil {
			return layers.Errorf(layers.Invalid, "%s is no complete .tar.bz2 archive: get it again", archive)
		}
		if entry.Typeflag != tar.TypeReg {
			continue
		}
		if total += entry.Size; total > maxUnpacked {
			return layers.Errorf(layers.TooLarge, "%s unpacks to more than %d MB", archive, maxUnpacked>>20)
		}
		if err := unpackFile(entries, filepath.Join(into, filepath.Base(entry.Name)), entry.Size); err != nil {
			return fmt.Errorf("unpacking %s: %w", archive, err)
		}
	}
}

func unpackFile(from io.Reader, path string, size int64) error {
	out, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = io.CopyN(out, from, size)
	return errors.Join(err, out.Close())
}
