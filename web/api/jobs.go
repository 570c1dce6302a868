package api

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"arpent/layers"
	"arpent/layers/jobs"
	"arpent/web/auth"
)

// Job is a piece of long work.
type Job struct {
	ID        int64           `json:"id"`
	Kind      string          `json:"kind" enum:"import,export,tiles,seed"`
	Layer     string          `json:"layer" doc:"Of tiles several, with commas between"`
	Title     string          `json:"title" doc:"Such as the name of a file"`
	State     string          `json:"state" enum:"waiting,running,done,failed,cancelled"`
	Done      int64           `json:"done" doc:"Records, or tiles"`
	Total     *int64          `json:"total" doc:"null when it is not known"`
	Result    json.RawMessage `json:"result,omitempty" doc:"What came of it: an ImportOutcome, an ExportOutcome, of tiles what is in the file or how many there are"`
	Problem   string          `json:"problem,omitempty" doc:"Why it failed"`
	CreatedAt time.Time       `json:"createdAt"`
	EndedAt   *time.Time      `json:"endedAt,omitempty"`
}

func jobOf(j *jobs.Job) Job {
	return Job{j.ID, j.Kind, j.Layer, j.Title, string(j.State), j.Done, j.Total, j.Result, j.Problem, j.CreatedAt, j.EndedAt}
}

type jobsOutput struct {
	Body struct {
		Jobs []Job `json:"jobs" nullable:"false"`
	}
}

type jobInput struct {
	ID int64 `path:"id"`
}

type jobOutput struct{ Body Job }

func (s *Server) registerJobs(a huma.API) {
	operate(a, "listJobs", http.MethodGet, "/api/jobs", "Long work of the viewer, newest first", s.listJobs)
	operate(a, "getJob", http.MethodGet, "/api/jobs/{id}", "One piece of long work", s.getJob)
	operate(a, "cancelJob", http.MethodPost, "/api/jobs/{id}/cancel", "Stop long work: what it was doing is undone", s.cancelJob)
	operate(a, "inspectImport", http.MethodPost, "/api/imports/{id}/inspect", "What is in a file, and how it may fill the layer", s.inspectImport)
	operate(a, "runImport", http.MethodPost, "/api/imports/{id}/run", "Import a file, or try to", s.runImport)
	operate(a, "orderExport", http.MethodPost, "/api/layers/{layer}/exports", "Write the records of a list into a file, to be downloaded when the job is done", s.orderExport)
	operate(a, "exportNow", http.MethodPost, "/api/layers/{layer}/exports/now", "The same at once, of 10,000 records at most: the answer is the file", s.exportNow)
}

func (s *Server) listJobs(ctx context.Context, _ *struct{}) (*jobsOutput, error) {
	all, err := s.Jobs.List(ctx, auth.Viewer(ctx))
	if err != nil {
		return nil, err
	}
	out := &jobsOutput{}
	out.Body.Jobs = []Job{}
	for i := range all {
		out.Body.Jobs = append(out.Body.Jobs, jobOf(&all[i]))
	}
	return out, nil
}

func (s *Server) getJob(ctx context.Context, in *jobInput) (*jobOutput, error) {
	j, err := s.Jobs.Get(ctx, auth.Viewer(ctx), in.ID)
	if err != nil {
		return nil, err
	}
	return &jobOutput{jobOf(j)}, nil
}

func (s *Server) cancelJob(ctx context.Context, in *jobInput) (*jobOutput, error) {
	j, err := s.Jobs.Cancel(ctx, auth.Viewer(ctx), in.ID)
	if err != nil {
		return nil, err
	}
	return &jobOutput{jobOf(j)}, nil
}

// sendJob tells the page what a job is now. What the job brought is not in the
// stream: the page asks for it.
func (s *Server) sendJob(ctx context.Context, w http.ResponseWriter, v layers.Viewer, id int64) error {
	j, err := s.Jobs.Get(ctx, v, id)
	if err != nil {
		return nil // it is gone, or so is the page
	}
	shown := jobOf(j)
	shown.Result = nil
	data, err := json.Marshal(shown)
	if err != nil {
		return err
	}
	_, _ = fmt.Fprintf(w, "event: job\ndata: %s\n\n", data)
	return nil
}
