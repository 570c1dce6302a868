package exchange

import (
	"archive/zip"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"arpent/layers"
)

// maxRatio is how many times larger than packed a large file may become:
// tables of text shrink to a twentieth.
const maxRatio = 200

// checkZip refuses archives that unpack to too much, by what they say; reading
// stops as well where they lie.
func checkZip(archive string, files []*zip.File) error {
	var total uint64
	for _, f := range files {
		total += f.UncompressedSize64
		if f.UncompressedSize64 > 10<<20 && f.UncompressedSize64/max(f.CompressedSize64, 1) > maxRatio {
			return layers.Errorf(layers.TooLarge, "%s holds a file that unpacks to more than %d times its size: such archives are refused", archive, maxRatio)
		}
	}
	if total > maxUnpacked || len(files) > maxFiles {
		return layers.Errorf(layers.TooLarge, "%s unpacks to more than %d MB or %d files", archive, maxUnpacked>>20, maxFiles)
	}
	return nil
}

// checkWorkbook refuses workbooks that unpack to too much: they are archives too.
func checkWorkbook(path, name string) error {
	archive, err := zip.OpenReader(path)
	if err != nil {
		return layers.Errorf(layers.Invalid, "%s is no complete workbook: save it again", name)
	}
	defer func() { _ = archive.Close() }()
	return checkZip(name, archive.File)
}

// unpackZip unpacks what can be read of a zip archive into a folder, under
// plain names.
func unpackZip(path, name, into string) error {
	archive, err := zip.OpenReader(path)
	if err != nil {
		return layers.Errorf(layers.Invalid, "%s is no complete zip archive: make it again", name)
	}
	defer func() { _ = archive.Close() }()
	if err := checkZip(name, archive.File); err != nil {
		return err
	}
	for _, f := range archive.File {
		slashed := strings.ReplaceAll(f.Name, `\`, "/")
		if !filepath.IsLocal(strings.TrimSuffix(slashed, "/")) || !f.FileInfo().Mode().IsRegular() && !f.FileInfo().IsDir() {
			return layers.Errorf(layers.Invalid, "%s holds %.100q, which is no file within it: get the archive from another source", name, f.Name)
		}
		if f.FileInfo().IsDir() || !wanted(slashed) {
			continue
		}
		if err := unpackZipped(f, name, filepath.Join(into, StoredName(slashed))); err != nil {
			return err
		}
	}
	return nil
}

func unpackZipped(f *zip.File, archive, to string) error {
	from, err := f.Open()
	if err != nil {
		return layers.Errorf(layers.Invalid, "%s holds %.100q in a way that cannot be unpacked: make the archive again, without a password", archive, f.Name)
	}
	defer func() { _ = from.Close() }()
	out, err := os.OpenFile(to, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if errors.Is(err, os.ErrExist) {
		return layers.Errorf(layers.Invalid, "%s holds two files %s: keep one", archive, filepath.Base(f.Name))
	}
	if err != nil {
		return fmt.Errorf("unpacking %s: %w", archive, err)
	}
	defer func() { _ = out.Close() }()
	content := &reader{Reader: io.LimitReader(from, int64(min(f.UncompressedSize64, maxUnpacked))+1)}
	n, err := io.Copy(out, content)
	if content.failed || err == nil && uint64(n) != f.UncompressedSize64 {
		return layers.Errorf(layers.Invalid, "%s is damaged at %.100q: make the archive again", archive, f.Name)
	}
	if err != nil {
		return Full(err)
	}
	return Full(out.Close())
}
