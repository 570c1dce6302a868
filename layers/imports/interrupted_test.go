package imports_test

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"arpent/layers"
	"arpent/layers/imports"
	"arpent/layers/jobs"
	"arpent/layers/postgis/postgistest"
)

// account reads an account as it is now.
func (o office) account(context.Context, int64) (layers.Viewer, error) {
	return postgistest.Viewer(o, o.pool, "clerk"), nil
}

// job imports a register of 5,000 addresses as a job. After each thousand
// something happens to it; returned is what became of the job.
func (o office) job(happens func(queue *jobs.Service, j *jobs.Job)) *jobs.Job {
	o.Helper()
	var queue *jobs.Service // the work refers to it
	work := func(ctx context.Context, v layers.Viewer, j *jobs.Job, report func(done, total int64)) (any, error) {
		return o.Work(ctx, v, j, func(done, total int64) {
			happens(queue, j)
			report(done, total)
		})
	}
	var err error
	queue, err = jobs.New(jobs.Config{Pool: o.pool, Viewer: o.account, Kinds: map[string]jobs.Work{imports.Kind: work}, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		o.Fatal(err)
	}
	working, stop := context.WithCancel(context.Background())
	stopped := make(chan struct{})
	go func() {
		defer close(stopped)
		_ = queue.Run(working)
	}()
	o.Cleanup(func() {
		stop()
		<-stopped
	})
	i, plan, err := o.send("register.csv", register(5000, 1))
	if err != nil {
		o.Fatal(err)
	}
	waiting, cancel := context.WithTimeout(o.Context(), time.Minute)
	defer cancel()
	news := queue.Subscribe(waiting, o.viewer)
	j, err := o.Order(waiting, o.viewer, queue, i.ID, plan, false)
	for err == nil && !j.State.Ended() {
		select {
		case <-news:
		case <-time.After(time.Second): // news may have come before anybody listened
		}
		j, err = queue.Get(waiting, o.viewer, j.ID)
	}
	if err != nil {
		o.Fatal(err)
	}
	return j
}

// cutOff ends the database connections that are in a transaction of an import.
func (o office) cutOff() {
	_, err := o.pool.Exec(context.Background(), `select pg_terminate_backend(pid) from pg_stat_activity
		where datname = current_database() and state = 'idle in transaction' and pid <> pg_backend_pid()`)
	if err != nil {
		o.Error(err)
	}
}

func TestAnImportWhoseConnectionIsLostOnceIsDoneOnce(t *testing.T) {
	o := newOffice(t, t.TempDir())
	times := 0
	j := o.job(func(*jobs.Service, *jobs.Job) {
		if times++; times == 3 {
			o.cutOff()
		}
	})
	if j.State != jobs.Done || j.Attempt != 2 {
		t.Errorf("the job is %s after %d attempts: %s", j.State, j.Attempt, j.Problem)
	}
	if stored, history := o.rows(addresses), o.rows(imported); stored != 4500 || history != 4500 {
		t.Errorf("%d addresses and %d rows of history of 4500", stored, history)
	}
}

func TestAnImportWhoseConnectionIsAlwaysLostLeavesNothing(t *testing.T) {
	o := newOffice(t, t.TempDir())
	j := o.job(func(*jobs.Service, *jobs.Job) { o.cutOff() })
	if j.State != jobs.Failed || j.Attempt != 3 || !strings.Contains(j.Problem, "the database does not answer: try again in a moment") {
		t.Errorf("the job is %s after %d attempts: %q", j.State, j.Attempt, j.Problem)
	}
	o.wantNothing(t)
}

func TestAnImportThatIsCancelledInTheMiddleLeavesNothing(t *testing.T) {
	o := newOffice(t, t.TempDir())
	j := o.job(func(queue *jobs.Service, j *jobs.Job) {
		if _, err := queue.Cancel(context.Background(), o.viewer, j.ID); err != nil {
			t.Error(err)
		}
	})
	if j.State != jobs.Cancelled || j.Attempt != 1 {
		t.Errorf("the job is %s after %d attempts: %q", j.State, j.Attempt, j.Problem)
	}
	o.wantNothing(t)
}

func TestAnImportByWhoLosesTheRightInTheMiddleLeavesNothing(t *testing.T) {
	o := newOffice(t, t.TempDir())
	j := o.job(func(*jobs.Service, *jobs.Job) {
		if _, err := o.pool.Exec(context.Background(), `delete from arpent.membership where account_id = $1`, o.viewer.UserID); err != nil {
			t.Error(err)
		}
	})
	if j.State != jobs.Failed || j.Attempt != 1 || !strings.Contains(j.Problem, "your rights changed during the import: nothing was written") {
		t.Errorf("the job is %s after %d attempts: %q", j.State, j.Attempt, j.Problem)
	}
	o.wantNothing(t)
}

// smallDisk is a folder with room for so much.
func smallDisk(t *testing.T, size string) string {
	t.Helper()
	folder := t.TempDir()
	if err := syscall.Mount("tmpfs", folder, "tmpfs", 0, "size="+size); err != nil {
		t.Skipf("only root makes a small disk: %v", err)
	}
	t.Cleanup(func() { _ = syscall.Unmount(folder, 0) })
	return folder
}

func wantFull(t *testing.T, err error) {
	t.Helper()
	if layers.KindOf(err) != layers.Unavailable || !strings.Contains(err.Error(), "disk of the server is full: nothing was done") {
		t.Errorf("the error is %v", err)
	}
}

// A disk that is full when the last rejects are put away must be told before
// the records are stored, not after.
func TestADiskThatIsFullWithinAnImportLeavesNothing(t *testing.T) {
	for name, bad := range map[string]int{"none is rejected": 0, "some are rejected": 1, "all are rejected": 10} {
		t.Run(name, func(t *testing.T) {
			folder := smallDisk(t, "1m")
			o := newOffice(t, folder)
			i, plan, err := o.send("register.csv", register(3000, bad))
			if err != nil {
				t.Fatal(err)
			}
			filler := filepath.Join(folder, "filler")
			if err := os.WriteFile(filler, bytes.Repeat([]byte("x"), 1<<20), 0o600); err == nil {
				t.Fatal("the disk has room")
			}
			_, err = o.Run(t.Context(), o.viewer, i, plan, "full", false, nothing)
			wantFull(t, err)
			if err := os.Remove(filler); err != nil {
				t.Fatal(err)
			}
			o.wantNothing(t)
			if out, err := o.Run(t.Context(), o.viewer, i, plan, "room", false, nothing); err != nil || !out.Written {
				t.Errorf("with room again: %+v (%v)", out, err)
			}
		})
	}
}

// A file that breaks off while it is sent is not taken for a shorter one.
func TestAFileThatBreaksOffIsForgotten(t *testing.T) {
	o := newOffice(t, t.TempDir())
	if _, _, err := o.send("register.csv", io.MultiReader(io.LimitReader(register(3000, 0), 10_000), broken{})); err == nil {
		t.Error("half a file was kept")
	}
	if left := files(t, o.folder); left != "" {
		t.Errorf("left are %s", left)
	}
}

type broken struct{}

func (broken) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

const imported = "arpent.history where relation = 'polling.addresses'"

// wantNothing holds that an import left no address, no history and no file
// beside the one that was sent.
func (o office) wantNothing(t *testing.T) {
	t.Helper()
	if stored, history := o.rows(addresses), o.rows(imported); stored != 0 || history != 0 {
		t.Errorf("%d addresses and %d rows of history are left", stored, history)
	}
	if left := files(t, o.folder); left != "register.csv" {
		t.Errorf("left are %s", left)
	}
}
