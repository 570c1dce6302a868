package api

import (
	"context"
	"time"

	"arpent/layers"
	"arpent/web/auth"
)

// PersonalRead says that somebody read personal data.
type PersonalRead struct {
	ID           int64     `json:"id"`
	At           time.Time `json:"at"`
	Who          string    `json:"who"`
	Collectivity string    `json:"collectivity,omitempty" doc:"Owner of the records"`
	Layer        string    `json:"layer"`
	Features     []string  `json:"features" nullable:"false" doc:"Empty when records were counted by personal data"`
	Fields       []string  `json:"fields" nullable:"false"`
	Purpose      string    `json:"purpose"`
}

type personalReadsInput struct {
	Layer   string    `query:"layer"`
	Feature string    `query:"feature"`
	Who     string    `query:"who" doc:"Part of the login"`
	From    time.Time `query:"from"`
	Until   time.Time `query:"until"`
	Before  int64     `query:"before" doc:"Identifier of the last entry of the page before"`
	Limit   int       `query:"limit" minimum:"1" maximum:"1000" default:"100"`
}

type personalReadsOutput struct {
	Body struct {
		Reads []PersonalRead `json:"reads" nullable:"false"`
	}
}

func (s *Server) listPersonalReads(ctx context.Context, in *personalReadsInput) (*personalReadsOutput, error) {
	reads, err := s.Layers.PersonalReads(ctx, auth.Viewer(ctx), layers.PersonalReads{
		Layer: in.Layer, Feature: in.Feature, Who: in.Who, From: in.From, Until: in.Until, Before: in.Before, Limit: in.Limit,
	})
	if err != nil {
		return nil, err
	}
	out := &personalReadsOutput{}
	out.Body.Reads = []PersonalRead{}
	for _, r := range reads {
		out.Body.Reads = append(out.Body.Reads, PersonalRead{r.ID, r.At, r.Who, r.Collectivity, r.Layer, r.Features, r.Fields, r.Purpose})
	}
	return out, nil
}
