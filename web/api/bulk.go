package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"arpent/tiles/bulk"
	"arpent/web/auth"
)

type tilesExportInput struct{ Body bulk.TilesExport }

type tilesExpectedOutput struct{ Body bulk.TilesExpected }

type tilesSeedInput struct{ Body bulk.TilesSeed }

func (s *Server) registerBulk(a huma.API) {
	operate(a, "expectTiles", http.MethodPost, "/api/tiles/exports/expected", "About how many tiles a file would hold", s.expectTiles)
	operate(a, "exportTiles", http.MethodPost, "/api/tiles/exports", "Write tiles of layers into one file, to be downloaded when the job is done", s.exportTiles)
	operate(a, "seedTiles", http.MethodPost, "/api/tiles/seeds", "Fill the cache that servers share with the tiles that hold something", s.seedTiles)
}

func (s *Server) expectTiles(ctx context.Context, in *tilesExportInput) (*tilesExpectedOutput, error) {
	expected, err := s.Bulk.Expect(ctx, auth.Viewer(ctx), in.Body)
	if err != nil {
		return nil, err
	}
	return &tilesExpectedOutput{*expected}, nil
}

func (s *Server) exportTiles(ctx context.Context, in *tilesExportInput) (*jobOutput, error) {
	j, err := s.Bulk.OrderExport(ctx, auth.Viewer(ctx), s.Jobs, in.Body)
	if err != nil {
		return nil, err
	}
	return &jobOutput{jobOf(j)}, nil
}

func (s *Server) seedTiles(ctx context.Context, in *tilesSeedInput) (*jobOutput, error) {
	j, err := s.Bulk.OrderSeed(ctx, auth.Viewer(ctx), s.Jobs, in.Body)
	if err != nil {
		return nil, err
	}
	return &jobOutput{jobOf(j)}, nil
}
