package api

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"arpent/layers"
	"arpent/layers/working"
	"arpent/web/auth"
)

// WorkingConflict is a feature that somebody else has saved since, or that has
// land which was free when one drew on it.
type WorkingConflict struct {
	Layer   string          `json:"layer"`
	ID      string          `json:"id"`
	Label   string          `json:"label"`
	Mine    json.RawMessage `json:"mine" doc:"null: it goes; of land what one has there"`
	Theirs  json.RawMessage `json:"theirs" doc:"null: it was deleted"`
	Land    json.RawMessage `json:"land" doc:"That both have; null: both have changed the feature"`
	Had     map[string]any  `json:"had" doc:"Properties when one began; null where that is not known"`
	Follows map[string]any  `json:"follows,omitempty" doc:"Properties that one would change with the shape"`
	Current *Feature        `json:"current" doc:"As it is stored now; null when it was deleted"`
	With    working.Ref     `json:"with" doc:"The one of the conflicts with which it is settled by one choice: itself, or of a network a node"`
	Lost    bool            `json:"lost,omitempty" doc:"It was deleted and cannot be brought back: only theirs can be chosen"`
}

func (s *Server) conflictsOf(ctx context.Context, layer string, all []working.Conflict) ([]WorkingConflict, error) {
	shown := []WorkingConflict{}
	for _, c := range all {
		conflict := WorkingConflict{Layer: c.Layer, ID: c.ID, Follows: c.Follows, With: c.With, Lost: c.Lost}
		var err error
		if conflict.Mine, conflict.Theirs, err = s.two(ctx, layer, c.Mine, c.Theirs()); err != nil {
			return nil, err
		}
		if conflict.Land, _, err = s.two(ctx, layer, c.Land, nil); err != nil {
			return nil, err
		}
		if c.Current != nil {
			if conflict.Current, err = s.feature(ctx, c.Layer, c.ID, time.Time{}); err != nil {
				return nil, err
			}
			conflict.Label = conflict.Current.Label
		}
		if !c.Since.IsZero() {
			had, err := s.feature(ctx, c.Layer, c.ID, c.Since)
			switch {
			case err == nil:
				conflict.Had = had.Properties
				if c.Current == nil {
					conflict.Label = had.Label
				}
			case layers.KindOf(err) == "":
				return nil, err
			}
		}
		shown = append(shown, conflict)
	}
	return shown, nil
}

type listConflictsOutput struct {
	Body struct {
		Conflicts []WorkingConflict `json:"conflicts" nullable:"false"`
	}
}

func (s *Server) listConflicts(ctx context.Context, in *workingInput) (*listConflictsOutput, error) {
	all, err := s.Working.Conflicts(ctx, auth.Viewer(ctx), in.Layer)
	if err != nil {
		return nil, err
	}
	out := &listConflictsOutput{}
	out.Body.Conflicts, err = s.conflictsOf(ctx, in.Layer, all)
	return out, err
}

// WorkingChoice settles the conflict about one feature.
type WorkingChoice struct {
	Layer  string         `json:"layer"`
	ID     string         `json:"id"`
	Choice working.Choice `json:"choice" enum:"mine,theirs"`
}

type resolveWorkingInput struct {
	Layer string `path:"layer"`
	Body  struct {
		Revision int64           `json:"revision"`
		Choices  []WorkingChoice `json:"choices" nullable:"false" minItems:"1" doc:"One for each conflict, or for each that others are settled with"`
	}
}

type resolveWorkingOutput struct {
	Body struct {
		Working   Working           `json:"working"`
		GivenUp   []WorkingStep     `json:"givenUp" nullable:"false" doc:"Steps that could not be kept"`
		Conflicts []WorkingConflict `json:"conflicts" nullable:"false" doc:"All, where one is without a choice: nothing was changed"`
		Refusal   *WorkingRefusal   `json:"refusal" doc:"Why land cannot be taken back: nothing was changed"`
	}
}

func (s *Server) resolveWorking(ctx context.Context, in *resolveWorkingInput) (*resolveWorkingOutput, error) {
	v := auth.Viewer(ctx)
	choices := map[working.Ref]working.Choice{}
	for _, c := range in.Body.Choices {
		choices[working.Ref{Layer: c.Layer, ID: c.ID}] = c.Choice
	}
	out := &resolveWorkingOutput{}
	out.Body.GivenUp, out.Body.Conflicts = []WorkingStep{}, []WorkingConflict{}
	set, given, open, err := s.Working.Resolve(ctx, v, in.Layer, in.Body.Revision, choices)
	if refused, ok := errors.AsType[*working.Refusal](err); ok {
		if out.Body.Refusal, err = s.refusalOf(ctx, in.Layer, refused); err != nil {
			return nil, err
		}
		if set, err = s.Working.Open(ctx, v, in.Layer); err != nil {
			return nil, err
		}
		open, err = s.Working.Conflicts(ctx, v, in.Layer)
	}
	if err != nil {
		return nil, err
	}
	for _, st := range given {
		out.Body.GivenUp = append(out.Body.GivenUp, WorkingStep{st.Operation.Kind, st.Features()})
	}
	if out.Body.Conflicts, err = s.conflictsOf(ctx, in.Layer, open); err != nil {
		return nil, err
	}
	out.Body.Working, err = s.workingOf(ctx, in.Layer, set)
	return out, err
}
