package layers

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strconv"
	"strings"
)

// Bulk says how a stream of edits is done.
type Bulk struct {
	// Cause says in history why: "import 12". A cause does its edits once: where
	// history knows it already, nothing is done.
	Cause string
	// DryRun checks everything, then undoes it.
	DryRun bool
	// Whole writes nothing at all when an edit is rejected. Else those that are
	// right are written and the others left out.
	Whole bool
	// Rejected is told of each edit that breaks a rule, in their order, by its
	// place in the stream.
	Rejected func(n int, why *Error) error
	// Created is told the identifier of each feature that is created.
	Created func(n int, id string)
	// Progress is told now and then how many edits were looked at.
	Progress func(edits int)
}

// Tally counts what became of a stream of edits.
type Tally struct {
	Created, Updated, Unchanged, Deleted, Rejected int
	// Written reports whether the edits are stored: not after a dry run, nor
	// where some were rejected and the whole was wanted.
	Written bool
	// Before: the cause did its edits earlier; the tally is what history tells.
	Before bool
}

// bulkChunk is how many edits of a stream are in memory at once.
const bulkChunk = 1000

// TransactAll does a stream of edits that may be too long for memory in one
// transaction, with all checks of Transact. The rules of a layer are checked
// after each thousand edits. An error of the stream undoes everything.
func (s *Service) TransactAll(ctx context.Context, v Viewer, edits iter.Seq2[Edit, error], b Bulk) (*Tally, error) {
	all := &bulk{Bulk: b, service: s, viewer: v}
	err := s.store.Write(ctx, v, b.Cause, func(w Writer) error {
		all.writer = w
		if b.Cause != "" && !b.DryRun {
			before, err := w.Once(ctx, b.Cause)
			if err != nil {
				return err
			}
			if before != nil {
				all.tally = *before
				all.tally.Before = true
				return errDryRun
			}
		}
		if err := all.run(ctx, edits); err != nil {
			return err
		}
		if b.DryRun || b.Whole && all.tally.Rejected > 0 {
			return errDryRun
		}
		return nil
	})
	if errors.Is(err, errDryRun) {
		all.tally.Written = all.tally.Before
		return &all.tally, nil
	}
	if err != nil {
		return nil, err
	}
	all.tally.Written = true
	if err := s.synced(context.WithoutCancel(ctx)); err != nil {
		return nil, fmt.Errorf("the edits are saved, but hearing of them failed: %w", err)
	}
	return &all.tally, nil
}

// bulk is a stream of edits on its way.
type bulk struct {
	Bulk
	service *Service
	viewer  Viewer
	writer  Writer
	tally   Tally
	bad     []rejection // of the present chunk
}

// numbered is an edit with its place in the stream.
type numbered struct {
	Edit
	n int
}

type rejection struct {
	n   int
	why *Error
}

func (b *bulk) run(ctx context.Context, edits iter.Seq2[Edit, error]) error {
	var chunk []numbered
	n := 0
	for e, err := range edits {
		if errors.Is(err, ErrFlush) {
			if err := b.flush(ctx, chunk, n); err != nil {
				return err
			}
			chunk = chunk[:0]
			continue
		}
		if rejected, ok := errors.AsType[*RejectedEdit](err); ok {
			b.reject(n, rejected.Why)
		} else if err != nil {
			return err
		} else {
			chunk = append(chunk, numbered{e, n})
		}
		n++
		if n%bulkChunk == 0 {
			if err := b.flush(ctx, chunk, n); err != nil {
				return err
			}
			chunk = chunk[:0]
		}
	}
	return b.flush(ctx, chunk, n)
}

// ErrFlush is an error of a stream of edits that asks for those before to be
// done: those that follow need what they create.
var ErrFlush = errors.New("do the edits so far")

// RejectedEdit is an error of a stream of edits that rejects one edit and lets
// the stream go on.
type RejectedEdit struct{ Why *Error }

func (r *RejectedEdit) Error() string { return r.Why.Error() }

// flush does a chunk and tells what was rejected in it.
func (b *bulk) flush(ctx context.Context, chunk []numbered, n int) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := b.do(ctx, b.prepared(chunk)); err != nil {
		return err
	}
	slices.SortFunc(b.bad, func(x, y rejection) int { return cmp.Compare(x.n, y.n) })
	for _, r := range b.bad {
		b.tally.Rejected++
		if b.Rejected != nil {
			if err := b.Rejected(r.n, r.why); err != nil {
				return err
			}
		}
	}
	b.bad = b.bad[:0]
	if b.Progress != nil {
		b.Progress(n)
	}
	return nil
}

func (b *bulk) reject(n int, why *Error) { b.bad = append(b.bad, rejection{n, why}) }

// prepared checks edits one by one as far as that needs no database, and
// returns those that may go there.
func (b *bulk) prepared(chunk []numbered) []numbered {
	good := make([]numbered, 0, len(chunk))
	for _, e := range chunk {
		p := b.pending(1)
		p.prepare([]Edit{e.Edit})
		if problem, ok := errors.AsType[*Error](p.err()); ok {
			b.reject(e.n, problem)
			continue
		}
		good = append(good, e)
	}
	return good
}

func (b *bulk) pending(n int) *pending {
	return &pending{catalog: b.service.Catalog(), viewer: b.viewer, result: &Result{Edits: make([]EditResult, n)}, keepSame: true}
}

// do writes edits together. Where one breaks a rule it is left out and the
// others are tried again; where it cannot be told which one, by halves.
func (b *bulk) do(ctx context.Context, edits []numbered) error {
	if len(edits) == 0 {
		return nil
	}
	p := b.pending(len(edits))
	err := b.writer.Try(ctx, func() error { return b.attempt(ctx, p, edits) })
	if err == nil {
		b.count(p, edits)
		return nil
	}
	problem, ok := errors.AsType[*Error](err)
	if !ok || problem.Kind == Unavailable {
		return err
	}
	if len(edits) == 1 {
		b.reject(edits[0].n, problem)
		return nil
	}
	if bad := located(p.faults); len(bad) > 0 {
		var rest []numbered
		for i, e := range edits {
			if faults := bad[i]; faults != nil {
				b.reject(e.n, &Error{Kind: Invalid, Detail: faults[0].Location + ": " + faults[0].Message, Faults: faults})
			} else {
				rest = append(rest, e)
			}
		}
		return b.do(ctx, rest)
	}
	half := len(edits) / 2
	if err := b.do(ctx, edits[:half]); err != nil {
		return err
	}
	return b.do(ctx, edits[half:])
}

func (b *bulk) attempt(ctx context.Context, p *pending, edits []numbered) error {
	plain := make([]Edit, len(edits))
	for i, e := range edits {
		plain[i] = e.Edit
		plain[i].At = strconv.Itoa(i)
	}
	p.prepare(plain)
	if err := p.err(); err != nil {
		return err
	}
	if err := p.write(ctx, b.writer); err != nil {
		return err
	}
	return p.checkRules(ctx, b.writer)
}

// located sorts faults by the edit that they are about, without its number.
func located(faults []Fault) map[int][]Fault {
	bad := map[int][]Fault{}
	for _, f := range faults {
		at, where, _ := strings.Cut(f.Location, ".")
		i, err := strconv.Atoi(at)
		if err != nil {
			return nil
		}
		f.Location = where
		bad[i] = append(bad[i], f)
	}
	return bad
}

func (b *bulk) count(p *pending, edits []numbered) {
	for _, s := range p.edits {
		switch result := p.result.Edits[s.index]; {
		case s.Op == Delete:
			b.tally.Deleted++
		case result.Created:
			b.tally.Created++
			if b.Created != nil {
				b.Created(edits[s.index].n, result.ID)
			}
		case result.Unchanged:
			b.tally.Unchanged++
		default:
			b.tally.Updated++
		}
	}
}
