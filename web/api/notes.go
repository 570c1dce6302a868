package api

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"arpent/layers/notes"
	"arpent/web/auth"
)

func (s *Server) registerNotes(a huma.API) {
	operate(a, "listNotes", http.MethodGet, "/api/notes", "Sheets of notes that the viewer may see, its own first", s.listNotes)
	operate(a, "createNotes", http.MethodPost, "/api/notes", "Begin a sheet of notes", s.createNotes)
	operate(a, "getNotes", http.MethodGet, "/api/notes/{id}", "A sheet of notes", s.getNotes)
	operate(a, "writeNotes", http.MethodPut, "/api/notes/{id}", "Write a sheet of notes in the place of a version of it", s.writeNotes)
	operate(a, "shareNotes", http.MethodPut, "/api/notes/{id}/collectivity", "Show a sheet of notes to the people of a collectivity, or to nobody", s.shareNotes)
	operate(a, "removeNotes", http.MethodPut, "/api/notes/{id}/removed", "Take a sheet of notes away, or bring it back within a week", s.removeNotes)
	operate(a, "linkNotes", http.MethodPost, "/api/notes/{id}/links", "Make a link under which anybody sees a sheet of notes", s.linkNotes)
	operate(a, "unlinkNotes", http.MethodDelete, "/api/notes/{id}/links/{link}", "Withdraw a link", s.unlinkNotes)
	operate(a, "commentNotes", http.MethodPost, "/api/notes/{id}/comments", "Say something to a sheet of notes", s.commentNotes)
	operate(a, "dropComment", http.MethodDelete, "/api/notes/{id}/comments/{comment}", "Delete a comment", s.dropComment)
	operate(a, "getLinkedNotes", http.MethodGet, "/api/linked-notes/{token}", "The sheet of notes of a link", s.getLinkedNotes)
	operate(a, "commentLinkedNotes", http.MethodPost, "/api/linked-notes/{token}/comments", "Say something to a sheet of notes of a link", s.commentLinkedNotes)
}

// NoteSummary is a sheet of notes in a list.
type NoteSummary struct {
	ID           int64     `json:"id"`
	Title        string    `json:"title"`
	Owner        string    `json:"owner" doc:"Its name"`
	Mine         bool      `json:"mine"`
	Collectivity string    `json:"collectivity,omitempty" doc:"Whose people see it"`
	ChangedAt    time.Time `json:"changedAt"`
	Notes        int       `json:"notes" doc:"How many"`
}

// NoteSheet is a sheet of notes.
type NoteSheet struct {
	ID           int64         `json:"id"`
	Title        string        `json:"title"`
	Owner        string        `json:"owner" doc:"Its name"`
	Mine         bool          `json:"mine"`
	Collectivity string        `json:"collectivity,omitempty" doc:"Whose people see it"`
	Version      int64         `json:"version"`
	ChangedAt    time.Time     `json:"changedAt"`
	MayComment   bool          `json:"mayComment"`
	Notes        []notes.Note  `json:"notes" nullable:"false"`
	Comments     []NoteComment `json:"comments" nullable:"false" doc:"Oldest first"`
	Links        []NoteLink    `json:"links" nullable:"false" doc:"For its owner: those that hold"`
	ExpiresAt    *time.Time    `json:"expiresAt,omitempty" doc:"When the link by which one came ends"`
}

// NoteComment is what somebody says to a note.
type NoteComment struct {
	ID     int64     `json:"id"`
	Note   string    `json:"note,omitempty" doc:"Left out: said to the whole sheet"`
	Author string    `json:"author"`
	Guest  bool      `json:"guest" doc:"Came by a link: nobody checked the name"`
	Text   string    `json:"text"`
	At     time.Time `json:"at"`
	Mine   bool      `json:"mine" doc:"The viewer may delete it"`
}

// NoteLink is an address under which anybody sees a sheet of notes.
type NoteLink struct {
	ID         int64     `json:"id"`
	Token      string    `json:"token"`
	MayComment bool      `json:"mayComment"`
	View       string    `json:"view" doc:"Query part of the page's address: what its sender saw"`
	ExpiresAt  time.Time `json:"expiresAt"`
}

// NoteContent is what the owner of a sheet of notes writes.
type NoteContent struct {
	Title string       `json:"title"`
	Notes []notes.Note `json:"notes" nullable:"false"`
}

type notesOutput struct {
	Body struct {
		Sheets []NoteSummary `json:"sheets" nullable:"false"`
	}
}

func (s *Server) listNotes(ctx context.Context, _ *struct{}) (*notesOutput, error) {
	all, err := s.Notes.Sheets(ctx, auth.Viewer(ctx))
	if err != nil {
		return nil, err
	}
	out := &notesOutput{}
	out.Body.Sheets = []NoteSummary{}
	for _, n := range all {
		out.Body.Sheets = append(out.Body.Sheets, NoteSummary(n))
	}
	return out, nil
}

type createNotesInput struct{ Body NoteContent }

func (s *Server) createNotes(ctx context.Context, in *createNotesInput) (*idOutput, error) {
	id, err := s.Notes.Create(ctx, auth.Viewer(ctx), notes.Content(in.Body))
	if err != nil {
		return nil, err
	}
	out := &idOutput{}
	out.Body.ID = id
	return out, nil
}

// SheetPath names a sheet of notes.
type SheetPath struct {
	ID int64 `path:"id"`
}

type sheetOutput struct{ Body NoteSheet }

func (s *Server) getNotes(ctx context.Context, in *SheetPath) (*sheetOutput, error) {
	sheet, err := s.Notes.Sheet(ctx, auth.Viewer(ctx), in.ID)
	if err != nil {
		return nil, err
	}
	return &sheetOutput{sheetOf(sheet)}, nil
}

func sheetOf(n *notes.Sheet) NoteSheet {
	sheet := NoteSheet{ID: n.ID, Title: n.Title, Owner: n.Owner, Mine: n.Mine, Collectivity: n.Collectivity, Version: n.Version,
		ChangedAt: n.ChangedAt, MayComment: n.MayComment, Notes: n.Notes, Comments: []NoteComment{}, Links: []NoteLink{}}
	for _, c := range n.Comments {
		sheet.Comments = append(sheet.Comments, NoteComment(c))
	}
	for _, l := range n.Links {
		sheet.Links = append(sheet.Links, NoteLink(l))
	}
	return sheet
}

type writeNotesInput struct {
	SheetPath
	Body struct {
		NoteContent
		Version int64 `json:"version" doc:"The one that was read"`
	}
}

type versionOutput struct {
	Body struct {
		Version int64 `json:"version"`
	}
}

func (s *Server) writeNotes(ctx context.Context, in *writeNotesInput) (*versionOutput, error) {
	version, err := s.Notes.Write(ctx, auth.Viewer(ctx), in.ID, in.Body.Version, notes.Content(in.Body.NoteContent))
	if err != nil {
		return nil, err
	}
	out := &versionOutput{}
	out.Body.Version = version
	return out, nil
}

type shareNotesInput struct {
	SheetPath
	Body struct {
		Collectivity string `json:"collectivity,omitempty" doc:"Left out: nobody"`
	}
}

func (s *Server) shareNotes(ctx context.Context, in *shareNotesInput) (*struct{}, error) {
	return nil, s.Notes.Show(ctx, auth.Viewer(ctx), in.ID, in.Body.Collectivity)
}

type removeNotesInput struct {
	SheetPath
	Body struct {
		Removed bool `json:"removed"`
	}
}

func (s *Server) removeNotes(ctx context.Context, in *removeNotesInput) (*struct{}, error) {
	return nil, s.Notes.Remove(ctx, auth.Viewer(ctx), in.ID, in.Body.Removed)
}

type linkNotesInput struct {
	SheetPath
	Body struct {
		MayComment bool   `json:"mayComment"`
		Days       int    `json:"days" minimum:"1" maximum:"366" doc:"How long it holds"`
		View       string `json:"view" doc:"Query part of the page's address: what its sender sees"`
	}
}

type linkOutput struct{ Body NoteLink }

func (s *Server) linkNotes(ctx context.Context, in *linkNotesInput) (*linkOutput, error) {
	link, err := s.Notes.Link(ctx, auth.Viewer(ctx), in.ID, in.Body.MayComment, in.Body.Days, in.Body.View)
	if err != nil {
		return nil, err
	}
	return &linkOutput{NoteLink(link)}, nil
}

type unlinkNotesInput struct {
	SheetPath
	Link int64 `path:"link"`
}

func (s *Server) unlinkNotes(ctx context.Context, in *unlinkNotesInput) (*struct{}, error) {
	return nil, s.Notes.Withdraw(ctx, auth.Viewer(ctx), in.ID, in.Link)
}

type commentNotesInput struct {
	SheetPath
	Body struct {
		Note string `json:"note,omitempty" doc:"Which it is about; left out: the whole sheet"`
		Text string `json:"text"`
	}
}

func (s *Server) commentNotes(ctx context.Context, in *commentNotesInput) (*struct{}, error) {
	return nil, s.Notes.Comment(ctx, auth.Viewer(ctx), in.ID, in.Body.Note, in.Body.Text)
}

type dropCommentInput struct {
	SheetPath
	Comment int64 `path:"comment"`
}

func (s *Server) dropComment(ctx context.Context, in *dropCommentInput) (*struct{}, error) {
	return nil, s.Notes.DropComment(ctx, auth.Viewer(ctx), in.ID, in.Comment)
}

// LinkPath names a link to a sheet of notes.
type LinkPath struct {
	Token string `path:"token" maxLength:"100"`
}

func (s *Server) getLinkedNotes(ctx context.Context, in *LinkPath) (*sheetOutput, error) {
	sheet, expires, err := s.Notes.ByLink(ctx, auth.Viewer(ctx), in.Token)
	if err != nil {
		return nil, err
	}
	out := &sheetOutput{sheetOf(sheet)}
	out.Body.ExpiresAt = &expires
	return out, nil
}

type commentLinkedNotesInput struct {
	LinkPath
	Body struct {
		Note   string `json:"note,omitempty" doc:"Which it is about; left out: the whole sheet"`
		Author string `json:"author,omitempty" doc:"Who signs; of who is signed in the name of the account"`
		Text   string `json:"text"`
	}
}

func (s *Server) commentLinkedNotes(ctx context.Context, in *commentLinkedNotesInput) (*struct{}, error) {
	return nil, s.Notes.CommentByLink(ctx, auth.Viewer(ctx), in.Token, in.Body.Note, in.Body.Author, in.Body.Text)
}
