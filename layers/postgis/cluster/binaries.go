package cluster

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// binaries is the folder of PostgreSQL's programs and their major version.
type binaries struct {
	dir   string
	major string
}

func (b binaries) path(program string) string { return filepath.Join(b.dir, program) }

// findBinaries finds the PostgreSQL that made the cluster, or the newest when
// there is no cluster yet.
func findBinaries(l layout) (binaries, error) {
	found, err := installed()
	if err != nil {
		return binaries{}, err
	}
	content, err := os.ReadFile(filepath.Join(l.data, "PG_VERSION"))
	if errors.Is(err, fs.ErrNotExist) {
		return found[0], nil
	}
	if err != nil {
		return binaries{}, fmt.Errorf("reading the version of the cluster: %w", err)
	}
	made := strings.TrimSpace(string(content))
	for _, b := range found {
		if b.major == made {
			return b, nil
		}
	}
	return binaries{}, fmt.Errorf("the cluster in %s was made by PostgreSQL %s, but %s is installed: install PostgreSQL %s with PostGIS, upgrade the folder with pg_upgrade, or set ARPENT_DATA to another folder", l.data, made, found[0].major, made)
}

// installed lists the installed PostgreSQL that have PostGIS, the newest
// first; there is at least one.
func installed() ([]binaries, error) {
	var found []binaries
	dirs, err := filepath.Glob("/usr/lib/postgresql/*/bin")
	if err != nil {
		return nil, err
	}
	for _, dir := range dirs {
		major := filepath.Base(filepath.Dir(dir))
		if exists(filepath.Join(dir, "postgres")) && exists(filepath.Join("/usr/share/postgresql", major, "extension/postgis.control")) {
			found = append(found, binaries{dir, major})
		}
	}
	if len(found) == 0 {
		if b, ok := configured(); ok {
			return []binaries{b}, nil
		}
		return nil, errors.New("no PostgreSQL with PostGIS is installed: install the packages postgresql and postgresql-15-postgis-3, or set ARPENT_DATABASE_URL to a database that has PostGIS")
	}
	slices.SortFunc(found, func(a, b binaries) int {
		na, _ := strconv.Atoi(a.major)
		nb, _ := strconv.Atoi(b.major)
		return nb - na
	})
	return found, nil
}

// configured asks the pg_config on the path.
func configured() (binaries, bool) {
	ask := func(flag string) string {
		out, err := exec.Command("pg_config", flag).Output()
		if err != nil {
			return ""
		}
		return strings.TrimSpace(string(out))
	}
	b := binaries{dir: ask("--bindir")}
	if fields := strings.Fields(ask("--version")); len(fields) > 1 {
		b.major, _, _ = strings.Cut(fields[1], ".")
	}
	return b, exists(b.path("postgres")) && exists(filepath.Join(ask("--sharedir"), "extension/postgis.control"))
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}
