package cluster_test

import (
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"arpent/layers/postgis/cluster"
)

func asRoot(t *testing.T) {
	t.Helper()
	if os.Getuid() != 0 {
		t.Skip("only root can become another account")
	}
}

func mode(t *testing.T, path string) os.FileMode {
	t.Helper()
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	return info.Mode().Perm()
}

func TestAPathTooLongForASocketServesToo(t *testing.T) {
	dir := filepath.Join(t.TempDir(), strings.Repeat("long", 30))
	c := open(t, dir)
	if got := query[int](t, c.URL(), `select 1`); got != 1 {
		t.Error("no answer")
	}
	if strings.Contains(c.URL(), "long") {
		t.Errorf("URL is %s", c.URL())
	}
}

func TestAFolderBelowAClosedOneServesToo(t *testing.T) {
	parent := filepath.Join(t.TempDir(), "closed")
	dir := filepath.Join(parent, "data")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	c := open(t, dir)
	if got := query[int](t, c.URL(), `select 1`); got != 1 {
		t.Error("no answer")
	}
	if got := mode(t, parent); got != 0o700 {
		t.Errorf("the folder above became %v", got)
	}
	if got := mode(t, filepath.Join(dir, "postgres")); got != 0o700 {
		t.Errorf("the cluster's folder is %v", got)
	}
	if os.Getuid() == 0 && mode(t, dir) != 0o711 {
		t.Errorf("the data folder is %v", mode(t, dir))
	}
}

// Containers rarely have the capability to pass closed folders.
func TestAClosedFolderThatCannotBePassedIsNamed(t *testing.T) {
	asRoot(t)
	parent := filepath.Join(t.TempDir(), "closed")
	dir := filepath.Join(parent, "data")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("setpriv", "--bounding-set=-dac_read_search", "--inh-caps=-dac_read_search", os.Args[0])
	release, said := startUser(t, cmd, dir)
	_ = release.Close()
	_ = cmd.Wait()
	if !strings.Contains(said, "set ARPENT_DATA to a folder elsewhere") || !strings.Contains(said, "chmod o+x "+parent) {
		t.Errorf("the other process says %q", said)
	}
}

func TestAnAccountOtherThanRootRunsItsOwn(t *testing.T) {
	asRoot(t)
	dir, err := os.MkdirTemp("/tmp", "arpent-nobody-")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = os.RemoveAll(dir) }()
	const nobody = 65534
	program := filepath.Join(dir, "program") // the test's own is in a closed folder
	copyProgram(t, program)
	if err := os.Chown(dir, nobody, nobody); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(program)
	cmd.Dir = dir
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: nobody, Gid: nobody}}
	release, said := startUser(t, cmd, dir)
	if said != "running\n" {
		t.Errorf("the other process says %q", said)
	}
	_, err = cluster.Open(t.Context(), dir, quiet) // as root, who would run it as postgres
	if err == nil || !strings.Contains(err.Error(), "belongs to the account nobody, and PostgreSQL would run as postgres") {
		t.Errorf("error is %v", err)
	}
	_ = release.Close()
	if err := cmd.Wait(); err != nil {
		t.Error(err)
	}
}

func copyProgram(t *testing.T, to string) {
	t.Helper()
	from, err := os.Open(os.Args[0])
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = from.Close() }()
	file, err := os.OpenFile(to, os.O_CREATE|os.O_WRONLY, 0o755)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.Copy(file, from); err != nil {
		t.Fatal(err)
	}
	if err := file.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestAFolderForSocketsThatIsAnothersIsRefused(t *testing.T) {
	asRoot(t)
	dir := made(t)
	socket := filepath.Join(dir, "postgres", "socket")
	if err := os.Mkdir(socket, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.Chown(socket, 1, 1); err != nil {
		t.Fatal(err)
	}
	_, err := cluster.Open(t.Context(), dir, quiet)
	if err == nil || !strings.Contains(err.Error(), socket+" belongs to the account daemon") {
		t.Errorf("error is %v", err)
	}
}
