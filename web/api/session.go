package api

import (
	"context"
	"net"

	"github.com/danielgtaylor/huma/v2"

	"arpent/layers"
	"arpent/web/auth"
)

// Session is who is signed in and what there is for them.
type Session struct {
	User           *User             `json:"user" doc:"null for an anonymous viewer"`
	Profiles       map[string]string `json:"profiles" doc:"Profile by collectivity"`
	Administers    []string          `json:"administers" nullable:"false" doc:"Collectivities whose people the viewer administers"`
	Collectivities []Collectivity    `json:"collectivities" nullable:"false"`
	Provider       string            `json:"provider" doc:"Name of the provider at which people may sign in, at /api/session/oidc; empty for none"`
	Version        string            `json:"version"`
}

// User is the person signed in.
type User struct {
	Login string `json:"login"`
	Name  string `json:"name"`
	Admin bool   `json:"admin"`
}

// Collectivity is a town or a group of towns.
type Collectivity struct {
	Code   string      `json:"code"`
	Name   string      `json:"name"`
	Extent *[4]float64 `json:"extent" doc:"Box in EPSG:3857; null when unknown"`
}

type sessionOutput struct{ Body Session }

type signInInput struct {
	remote string
	Body   struct {
		Login    string `json:"login" maxLength:"64"`
		Password string `json:"password" maxLength:"1000"`
	}
}

// Resolve notes from where the request comes.
func (i *signInInput) Resolve(ctx huma.Context) []error {
	i.remote = remoteOf(ctx)
	return nil
}

func remoteOf(ctx huma.Context) string {
	if host, _, err := net.SplitHostPort(ctx.RemoteAddr()); err == nil {
		return host
	}
	return ctx.RemoteAddr()
}

type requestResetInput struct {
	remote string
	Body   struct {
		Name string `json:"name" minLength:"1" maxLength:"254" doc:"Login or address of mail"`
	}
}

// Resolve notes from where the request comes.
func (i *requestResetInput) Resolve(ctx huma.Context) []error {
	i.remote = remoteOf(ctx)
	return nil
}

func (s *Server) requestReset(ctx context.Context, in *requestResetInput) (*nothing, error) {
	return nil, s.Auth.RequestReset(ctx, in.remote, in.Body.Name, auth.Viewer(ctx).Language)
}

type resetInput struct {
	Body struct {
		Token string `json:"token" maxLength:"100"`
		New   string `json:"new" maxLength:"1000"`
	}
}

func (s *Server) resetPassword(ctx context.Context, in *resetInput) (*nothing, error) {
	return nil, s.Auth.Reset(ctx, in.Body.Token, in.Body.New)
}

type passwordInput struct {
	Body struct {
		Current string `json:"current" maxLength:"1000"`
		New     string `json:"new" maxLength:"1000"`
	}
}

func (s *Server) getSession(ctx context.Context, _ *struct{}) (*sessionOutput, error) {
	return s.session(ctx, auth.Viewer(ctx))
}

func (s *Server) signIn(ctx context.Context, in *signInInput) (*sessionOutput, error) {
	v, err := s.Auth.SignIn(ctx, in.remote, in.Body.Login, in.Body.Password)
	if err != nil {
		return nil, err
	}
	return s.session(ctx, v)
}

type nothing struct{}

func (s *Server) signOut(ctx context.Context, _ *struct{}) (*nothing, error) {
	return nil, s.Auth.SignOut(ctx)
}

func (s *Server) changePassword(ctx context.Context, in *passwordInput) (*nothing, error) {
	return nil, s.Auth.ChangePassword(ctx, auth.Viewer(ctx), in.Body.Current, in.Body.New)
}

// session describes the session of a viewer, with the collectivities of which
// it can read something.
func (s *Server) session(ctx context.Context, v layers.Viewer) (*sessionOutput, error) {
	out := &sessionOutput{Body: Session{Profiles: map[string]string{}, Administers: append([]string{}, v.AdministersIn()...), Collectivities: []Collectivity{}, Provider: s.Auth.ProviderName(), Version: s.Version}}
	for code, p := range v.Profiles {
		out.Body.Profiles[code] = p.ID
	}
	if !v.Anonymous() {
		out.Body.User = &User{v.Login, v.Name, v.Admin}
	}
	all, err := s.Store.Collectivities(ctx)
	if err != nil {
		return nil, err
	}
	extents, err := s.extents(ctx, v)
	if err != nil {
		return nil, err
	}
	for _, c := range all {
		extent, known := extents[c.Code]
		if _, member := v.Profiles[c.Code]; !known && !member && !v.Admin {
			continue
		}
		shown := Collectivity{Code: c.Code, Name: c.Name}
		if known {
			shown.Extent = extent
		}
		out.Body.Collectivities = append(out.Body.Collectivities, shown)
	}
	return out, nil
}

// extents are the boxes of the communes that the viewer may see, by
// collectivity.
func (s *Server) extents(ctx context.Context, v layers.Viewer) (map[string]*[4]float64, error) {
	extents := map[string]*[4]float64{}
	communes, err := s.Layers.Features(ctx, v, "land.communes", layers.Query{SRID: srid, WithBBox: true})
	if err != nil { // this server has no such layer, or not for this viewer
		return extents, nil
	}
	for f, err := range communes {
		if err != nil {
			return nil, err
		}
		extents[f.Collectivity] = boxOf(f.Geometry)
	}
	return extents, nil
}

var (
	_ huma.Resolver = (*signInInput)(nil)
	_ huma.Resolver = (*requestResetInput)(nil)
)
