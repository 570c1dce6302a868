package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"arpent/layers/cartography"
	"arpent/web/auth"
)

func (s *Server) registerBookmarks(a huma.API) {
	operate(a, "listBookmarks", http.MethodGet, "/api/bookmarks", "Views of the map that the viewer comes back to, its own first", s.listBookmarks)
	operate(a, "addBookmark", http.MethodPost, "/api/bookmarks", "Keep a view of the map", s.addBookmark)
	operate(a, "changeBookmark", http.MethodPatch, "/api/bookmarks/{id}", "Rename a bookmark, give it another view, remove it, bring it back", s.changeBookmark)
	operate(a, "orderBookmarks", http.MethodPut, "/api/bookmarks/order", "Put the bookmarks of one owner into an order", s.orderBookmarks)
}

// Bookmark is a view of the map that somebody comes back to.
type Bookmark struct {
	ID           int64  `json:"id"`
	Name         string `json:"name"`
	View         string `json:"view" doc:"Query part of the page's address"`
	Collectivity string `json:"collectivity,omitempty" doc:"Whose people all have it; left out for one's own"`
	Editable     bool   `json:"editable"`
}

type bookmarksOutput struct {
	Body struct {
		Bookmarks []Bookmark `json:"bookmarks" nullable:"false"`
	}
}

func (s *Server) listBookmarks(ctx context.Context, _ *struct{}) (*bookmarksOutput, error) {
	all, err := s.Cartography.Bookmarks(ctx, auth.Viewer(ctx))
	if err != nil {
		return nil, err
	}
	out := &bookmarksOutput{}
	out.Body.Bookmarks = []Bookmark{}
	for _, b := range all {
		out.Body.Bookmarks = append(out.Body.Bookmarks, Bookmark(b))
	}
	return out, nil
}

type addBookmarkInput struct {
	Body struct {
		Name         string `json:"name"`
		View         string `json:"view" doc:"Query part of the page's address"`
		Collectivity string `json:"collectivity,omitempty" doc:"For all its people; else for oneself"`
	}
}

type idOutput struct {
	Body struct {
		ID int64 `json:"id"`
	}
}

func (s *Server) addBookmark(ctx context.Context, in *addBookmarkInput) (*idOutput, error) {
	id, err := s.Cartography.AddBookmark(ctx, auth.Viewer(ctx), in.Body.Collectivity, in.Body.Name, in.Body.View)
	if err != nil {
		return nil, err
	}
	out := &idOutput{}
	out.Body.ID = id
	return out, nil
}

type changeBookmarkInput struct {
	ID   int64 `path:"id"`
	Body struct {
		Name    *string `json:"name,omitempty"`
		View    *string `json:"view,omitempty"`
		Removed *bool   `json:"removed,omitempty" doc:"true takes it away, false brings it back within a day"`
	}
}

func (s *Server) changeBookmark(ctx context.Context, in *changeBookmarkInput) (*struct{}, error) {
	return nil, s.Cartography.ChangeBookmark(ctx, auth.Viewer(ctx), in.ID, cartography.BookmarkChange(in.Body))
}

type orderBookmarksInput struct {
	Body struct {
		Collectivity string  `json:"collectivity,omitempty" doc:"Whose bookmarks; else one's own"`
		IDs          []int64 `json:"ids" nullable:"false" maxItems:"200"`
	}
}

func (s *Server) orderBookmarks(ctx context.Context, in *orderBookmarksInput) (*struct{}, error) {
	return nil, s.Cartography.OrderBookmarks(ctx, auth.Viewer(ctx), in.Body.Collectivity, in.Body.IDs)
}
