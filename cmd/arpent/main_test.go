package main_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"arpent/layers/postgis/postgistest"
)

var program string

func TestMain(m *testing.M) {
	dir, err := os.MkdirTemp("", "arpent-program-")
	if err != nil {
		panic(err)
	}
	program = filepath.Join(dir, "arpent")
	if out, err := exec.Command("go", "build", "-o", program, ".").CombinedOutput(); err != nil {
		fmt.Fprintf(os.Stderr, "building: %v: %s\n", err, out)
		os.Exit(1)
	}
	code := postgistest.Run(m)
	_ = os.RemoveAll(dir)
	os.Exit(code)
}

// installation is a data folder of its own.
type installation struct {
	*testing.T
	data   string
	listen string
	log    *bytes.Buffer // of its servers; read it when they have ended
	env    []string      // beside what every command gets
}

func newInstallation(t *testing.T) installation {
	t.Helper()
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = free.Close() }()
	return installation{t, t.TempDir(), free.Addr().String(), &bytes.Buffer{}, nil}
}

func (i installation) command(args ...string) *exec.Cmd {
	cmd := exec.Command(program, args...)
	cmd.Env = append(os.Environ(), "ARPENT_DATA="+i.data, "ARPENT_LISTEN="+i.listen, "ARPENT_DATABASE_URL=")
	cmd.Env = append(cmd.Env, i.env...)
	return cmd
}

// answer runs a command and returns the last line of its output.
func (i installation) answer(args ...string) string {
	i.Helper()
	cmd := i.command(args...)
	var complaints strings.Builder
	cmd.Stderr = &complaints
	out, err := cmd.Output()
	if err != nil {
		i.Fatalf("arpent %v: %v: %s", args, err, complaints.String())
	}
	lines := strings.Split(strings.TrimSpace(string(out)), "\n")
	return lines[len(lines)-1]
}

// serve starts the server and returns when it is ready.
func (i installation) serve(args ...string) (server *exec.Cmd, said string) {
	i.Helper()
	server = i.command(append([]string{"serve"}, args...)...)
	server.Stderr = io.MultiWriter(os.Stderr, i.log)
	return server, i.until(server)
}

// until starts a server and returns what it said when it is ready.
func (i installation) until(server *exec.Cmd) (said string) {
	i.Helper()
	stdout, err := server.StdoutPipe()
	if err != nil {
		i.Fatal(err)
	}
	if err := server.Start(); err != nil {
		i.Fatal(err)
	}
	i.Cleanup(func() {
		if server.ProcessState == nil {
			_ = server.Process.Signal(syscall.SIGTERM)
			_ = server.Wait()
		}
	})
	lines := bufio.NewScanner(stdout)
	for lines.Scan() {
		said += lines.Text() + "\n"
		if lines.Text() == "arpent ready http://"+i.listen {
			go func() { _, _ = io.Copy(io.Discard, stdout) }()
			return said
		}
	}
	i.Fatalf("the server ended: %s", said)
	return ""
}

// stop ends a server in good order.
func (i installation) stop(server *exec.Cmd) {
	i.Helper()
	if err := server.Process.Signal(syscall.SIGTERM); err != nil {
		i.Fatal(err)
	}
	if err := server.Wait(); err != nil {
		i.Errorf("the server ended badly: %v", err)
	}
}

func (i installation) get(path string) string {
	i.Helper()
	response, err := http.Get("http://" + i.listen + path)
	if err != nil {
		i.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	body, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode != http.StatusOK {
		i.Fatalf("%s: status %d (%v): %s", path, response.StatusCode, err, body)
	}
	return string(body)
}

// served asks until the answer holds what is wanted; the server may still be
// reading a layer file.
func (i installation) served(path, want string) {
	i.Helper()
	deadline := time.Now().Add(20 * time.Second)
	for {
		response, err := http.Get("http://" + i.listen + path)
		if err != nil {
			i.Fatal(err)
		}
		body, err := io.ReadAll(response.Body)
		_ = response.Body.Close()
		got := string(body)
		if err == nil && response.StatusCode == http.StatusOK && strings.Contains(got, want) {
			return
		}
		if time.Now().After(deadline) {
			i.Fatalf("%s answers %.300s, want %s", path, got, want)
		}
	}
}

func (i installation) psql(sql string) string {
	i.Helper()
	out, err := exec.Command("psql", i.answer("database", "url"), "-AtXq", "-v", "ON_ERROR_STOP=1", "-c", sql).CombinedOutput()
	if err != nil {
		i.Fatalf("psql: %v: %s", err, out)
	}
	return strings.TrimSpace(string(out))
}

func TestTheServerFromItsFirstStartToItsThird(t *testing.T) {
	i := newInstallation(t)
	server, said := i.serve("--demo")
	secret, err := os.ReadFile(filepath.Join(i.data, "admin-password"))
	if err != nil || !strings.Contains(said, strings.TrimSpace(string(secret))) {
		t.Errorf("the password is not both said and written (%v): %s", err, said)
	}
	if info, err := os.Stat(filepath.Join(i.data, "admin-password")); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode of admin-password is %v (%v)", info.Mode(), err)
	}

	t.Run("parcels do not overlap and fill their blocks", func(t *testing.T) {
		if n := i.psql(`select count(*) from land.parcels a join land.parcels b on a.id < b.id and a.geom && b.geom and ST_Overlaps(a.geom, b.geom)`); n != "0" {
			t.Errorf("%s pairs overlap", n)
		}
		got := i.psql(`select count(*) > 100, count(*) = count(*) filter (where ST_Equals(b.geom, u.geom))
			from land.blocks b, lateral (select ST_Union(p.geom) as geom from land.parcels p where p.geom && b.geom and ST_Covers(b.geom, ST_PointOnSurface(p.geom))) u`)
		if got != "t|t" {
			t.Errorf("many blocks, each the union of its parcels: %s", got)
		}
	})
	t.Run("programs are told what they ask, alone on the last line", func(t *testing.T) {
		token := i.answer("token", "create", "--user", "admin")
		request, _ := http.NewRequest("GET", "http://"+i.listen+"/api/session", nil)
		request.Header.Set("Authorization", "Bearer "+token)
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		if _ = response.Body.Close(); response.StatusCode != http.StatusOK {
			t.Errorf("the token is refused: %d", response.StatusCode)
		}
		if info, err := os.Stat(i.answer("layer", "dir")); err != nil || !info.IsDir() {
			t.Errorf("layer dir: %v", err)
		}
		if super := i.psql(`select rolsuper from pg_roles where rolname = current_user`); super != "f" {
			t.Errorf("the database role is a superuser: %s", super)
		}
		if !json.Valid([]byte(i.get("/api/openapi.json"))) {
			t.Error("the definition of the API is no JSON")
		}
	})
	t.Run("a second server on the folder is refused", func(t *testing.T) {
		out, err := i.command("serve").CombinedOutput()
		if err == nil || !strings.Contains(string(out), "another server") {
			t.Errorf("%v: %s", err, out)
		}
	})
	t.Run("GDAL counts as the table does", func(t *testing.T) {
		out, err := exec.Command("ogrinfo", "-ro", "-al", "-so", "OAPIF:http://"+i.listen+"/ogc", "land.parcels").CombinedOutput()
		if n := i.psql(`select count(*) from land.parcels`); err != nil || !strings.Contains(string(out), "Feature Count: "+n+"\n") {
			t.Errorf("want %s (%v): %s", n, err, out)
		}
	})

	i.psql(`update land.parcels set notes = 'kept' where number = 1`)
	if err := server.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = server.Wait()
	began := time.Now()
	server, _ = i.serve("--demo")
	t.Logf("start after kill -9 took %v", time.Since(began))
	if n := i.psql(`select count(*) > 0 from land.parcels where notes = 'kept'`); n != "t" {
		t.Error("a row is lost")
	}

	stream, err := http.Get("http://" + i.listen + "/api/changes")
	if err != nil || stream.StatusCode != http.StatusOK {
		t.Fatalf("stream of changes: %v (%v)", stream, err)
	}
	defer func() { _ = stream.Body.Close() }()
	began = time.Now()
	i.stop(server)
	if took := time.Since(began); took > 5*time.Second {
		t.Errorf("stopping took %v while a page listened to changes", took)
	}
	if _, err := io.ReadAll(stream.Body); err != nil {
		t.Errorf("the stream of changes was cut rather than ended: %v", err)
	}

	began = time.Now()
	i.serve("--demo")
	took := time.Since(began)
	t.Logf("second start took %v", took)
	for _, id := range []string{"land.sections", "land.parcels", "land.buildings", "land.streets", "land.addresses"} {
		if !strings.Contains(i.get("/ogc/collections"), `"`+id+`"`) {
			t.Errorf("%s is not listed", id)
		}
	}
}

func TestATableOfTheUsersOwnBecomesALayerWithoutCode(t *testing.T) {
	i := newInstallation(t)
	server, _ := i.serve()
	i.psql(`create schema parks; create table parks.trees (
		id serial primary key, species text not null check (species in ('oak', 'lime')), height numeric(5,2), planted date,
		place geometry(Point, 2154) not null);
		insert into parks.trees (species, height, place) select 'oak', i, ST_SetSRID(ST_Point(900000 + i, 6690000), 2154) from generate_series(1, 7) i`)
	file, err := i.command("layer", "introspect", "parks.trees").Output()
	if err != nil {
		t.Fatal(err)
	}
	public := strings.Replace(string(file), "public: false", "public: true", 1)
	path := filepath.Join(i.answer("layer", "dir"), "trees.yaml")
	dropped := time.Now()
	if err := os.WriteFile(path, []byte(public), 0o600); err != nil {
		t.Fatal(err)
	}
	i.served("/ogc/collections/parks.trees/items", `"numberMatched":7`)
	t.Logf("the layer is served %v after its file was dropped in", time.Since(dropped).Round(time.Millisecond))
	i.served("/api/layers/parks.trees/features", `"total":7`)
	i.served("/api/layers/parks.trees/form?lang=en", `"species"`)
	i.served("/api/search?q=oak", `"parks.trees"`)
	i.served("/tiles/parks.trees.json", `"tilejson"`)
	i.served("/tiles/parks.trees/14/"+i.psql(`select floor((ST_X(p) + 180) / 360 * 16384) || '/' || floor((1 - ln(tan(radians(ST_Y(p))) + 1 / cos(radians(ST_Y(p)))) / pi()) / 2 * 16384)
		from (select ST_Transform(place, 4326) p from parks.trees limit 1) t`)+".mvt", "species")
	if err := os.WriteFile(filepath.Join(i.answer("layer", "dir"), "wrong.yaml"), []byte("id: wrong\ntitel: x\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if got := i.answer("layer", "check", path); got != "ok" {
		t.Errorf("check says %s", got)
	}
	if err := os.WriteFile(filepath.Join(i.answer("layer", "dir"), "twice.yaml"), []byte("id: land.parcels\ntitle: x\nsource: {table: parks.trees}\npublic: true\nfields: []\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := i.command("layer", "check").CombinedOutput()
	if err == nil || !strings.Contains(string(out), "wrong.yaml:2: titel: is no known key") || !strings.Contains(string(out), "twice.yaml:1: id: layer land.parcels is already defined") {
		t.Errorf("check of the folder says %s (%v)", out, err)
	}
	i.psql(`update parks.trees set height = 20 where id = 1`)
	if n := i.psql(`select count(*) from arpent.history where relation = 'parks.trees'`); n != "1" {
		t.Errorf("history has %s rows", n)
	}
	i.stop(server)
	for _, fault := range []string{"wrong.yaml:2: titel: is no known key", "twice.yaml:1: id: layer land.parcels is already defined"} {
		if !strings.Contains(i.log.String(), fault) {
			t.Errorf("the server's log does not say %q", fault)
		}
	}
}

func TestTheCadastralPlanOfARealCommune(t *testing.T) {
	const folder = "../../../shared/data/cadastre-25354"
	sheets, err := filepath.Glob(folder + "/*.tar.bz2")
	if err != nil || len(sheets) == 0 {
		t.Skipf("%s is missing", folder)
	}
	i := newInstallation(t)
	load := append([]string{"import", "--app", "land", "--collectivity", "25354"}, sheets...)
	i.answer(load...) // no server runs
	server, _ := i.serve("--demo")
	state := `select (select count(*) from land.parcels where length(id) = 14), (select string_agg(code, ' ') from arpent.collectivity), (select count(*) from arpent.history)`
	first := i.psql(state)
	if !strings.HasPrefix(first, "511|25354|") {
		t.Errorf("parcels, collectivities without a demo town, rows of history: %s", first)
	}
	if got := i.get("/ogc/collections/land.parcels/items?limit=1"); !strings.Contains(got, `"numberMatched":511`) {
		t.Errorf("parcels are %s", got)
	}
	out, err := i.command(load...).Output()
	if err != nil || !regexp.MustCompile(`(?m)^land\.parcels +0 created +0 updated +511 unchanged`).Match(out) || !strings.Contains(string(out), "15 left out: it is the surface of a road") {
		t.Errorf("a second import says (%v): %s", err, out)
	}
	said, err := i.command(append([]string{"import", "--app", "land", "--collectivity", "25355"}, sheets...)...).CombinedOutput()
	if err == nil || strings.Count(string(said), "\n") != 1 || !strings.Contains(string(said), "is the plan of commune 25354, not of 25355") {
		t.Errorf("an import of another commune says (%v): %s", err, said)
	}
	if second := i.psql(state); second != first {
		t.Errorf("importing again changed %s to %s", first, second)
	}
	i.stop(server)
}

func TestATownIsLoadedOnce(t *testing.T) {
	i := newInstallation(t)
	first := i.answer("demo", "--inhabitants", "600", "--code", "00007")
	if !regexp.MustCompile(`^collectivity 00007 has [1-9]\d+ parcels$`).MatchString(first) {
		t.Errorf("demo says %s", first)
	}
	if second := i.answer("demo", "--inhabitants", "900", "--code", "00007"); second != first {
		t.Errorf("a second demo says %s after %s", second, first)
	}
}

func TestAccountsAreMadeFromTheCommandLine(t *testing.T) {
	i := newInstallation(t)
	i.answer("demo", "--inhabitants", "600")
	i.answer("user", "create", "marie", "--name", "Marie Martin")
	password := i.command("user", "password", "marie")
	password.Stdin = strings.NewReader("a long password\n")
	if out, err := password.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	i.answer("user", "grant", "marie", "00001", "manager")
	i.serve()
	response, err := http.Post("http://"+i.listen+"/api/session", "application/json", strings.NewReader(`{"login": "marie", "password": "a long password"}`))
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(response.Body)
	if _ = response.Body.Close(); err != nil || response.StatusCode != http.StatusOK || !strings.Contains(string(body), "Marie Martin") {
		t.Errorf("signing in: status %d (%v): %s", response.StatusCode, err, body)
	}
}

func TestMistakesOnTheCommandLineAreSaidInOneLine(t *testing.T) {
	i := newInstallation(t)
	for _, c := range []struct {
		args []string
		want string
		code int
	}{
		{[]string{"sreve"}, "unexpected argument sreve", 2},
		{[]string{"token", "create", "--user", "nobody"}, "there is no account nobody", 1},
		{[]string{"layer", "introspect", "land.parcel"}, "do you mean land.parcels?", 1},
		{[]string{"import", "--app", "land", "--collectivity", "1", "main_test.go"}, "is no INSEE code of a commune", 1},
		{[]string{"import", "--app", "land", "--collectivity", "25354", "main_test.go"}, "main_test.go is no complete .tar.bz2 archive", 1},
		{[]string{"user", "grant", "nobody", "00001", "editor"}, "there is no account nobody", 1},
		{[]string{"migrate", "--database-url", "postgresql://nobody@127.0.0.1:1/none"}, "the database does not answer: check ARPENT_DATABASE_URL", 1},
	} {
		cmd := i.command(c.args...)
		var said strings.Builder
		cmd.Stderr = &said
		answer, err := cmd.Output()
		lines := strings.Split(strings.TrimSpace(said.String()), "\n")
		if err == nil || cmd.ProcessState.ExitCode() != c.code || !strings.Contains(lines[len(lines)-1], c.want) || len(answer) > 0 {
			t.Errorf("%v: code %d: %s%s", c.args, cmd.ProcessState.ExitCode(), answer, said.String())
		}
		for _, line := range lines[:len(lines)-1] {
			if !strings.HasPrefix(line, "time=") {
				t.Errorf("%v: more than one line that is not of the log: %s", c.args, line)
			}
		}
	}
	busy, err := net.Listen("tcp", i.listen)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = busy.Close() }()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, program, "serve")
	cmd.Env = i.command().Env
	if out, err := cmd.CombinedOutput(); err == nil || !strings.Contains(string(out), "set ARPENT_LISTEN") {
		t.Errorf("%v: %s", err, out)
	}
}
