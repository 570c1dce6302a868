package api

import (
	"context"
	"maps"
	"slices"

	"arpent/layers"
	"arpent/web/auth"
)

// Profile is what people with one task may do.
type Profile struct {
	ID      string                                   `json:"id"`
	Title   layers.Text                              `json:"title"`
	BuiltIn bool                                     `json:"builtIn"`
	Fixed   bool                                     `json:"fixed" doc:"What it may do cannot be changed"`
	Members int64                                    `json:"members" doc:"Accounts that have it somewhere"`
	Grants  map[string][]layers.Action               `json:"grants" doc:"By scope: *, an application, a layer; only the narrowest counts"`
	Fields  map[string]map[string]layers.FieldAccess `json:"fields" doc:"By layer and field: hidden or read-only"`
}

type profilesOutput struct {
	Body struct {
		Profiles []Profile       `json:"profiles" nullable:"false"`
		Actions  []layers.Action `json:"actions" nullable:"false"`
		Layers   []LayerRights   `json:"layers" nullable:"false" doc:"All layers"`
	}
}

// LayerRights is a layer in the grid of rights.
type LayerRights struct {
	ID          string              `json:"id"`
	Title       layers.Text         `json:"title"`
	Application layers.Application  `json:"application"`
	Public      bool                `json:"public"`
	Rights      map[string][]string `json:"rights" doc:"By profile: what the layer file says"`
	Fields      []FieldTitle        `json:"fields" nullable:"false"`
}

// FieldTitle is a field in the grid of rights.
type FieldTitle struct {
	Name  string      `json:"name"`
	Label layers.Text `json:"label"`
}

func (s *Server) listProfiles(ctx context.Context, _ *struct{}) (*profilesOutput, error) {
	profiles, err := s.Auth.Profiles(ctx, auth.Viewer(ctx))
	if err != nil {
		return nil, err
	}
	out := &profilesOutput{}
	out.Body.Profiles, out.Body.Actions, out.Body.Layers = []Profile{}, layers.Actions, []LayerRights{}
	for _, p := range profiles {
		out.Body.Profiles = append(out.Body.Profiles, Profile{p.ID, whole(p.Title), p.BuiltIn, p.Fixed(), p.Members, p.Grants, p.Fields})
	}
	for _, l := range s.Layers.Catalog().All() {
		shown := LayerRights{ID: l.ID, Title: whole(l.Title), Application: l.Application, Public: l.Public, Rights: l.Rights, Fields: []FieldTitle{}}
		shown.Application.Title = whole(l.Application.Title)
		if shown.Rights == nil {
			shown.Rights = map[string][]string{}
		}
		for i := range l.Fields {
			shown.Fields = append(shown.Fields, FieldTitle{l.Fields[i].Name, whole(l.Fields[i].Label)})
		}
		out.Body.Layers = append(out.Body.Layers, shown)
	}
	return out, nil
}

type putProfileInput struct {
	Profile string `path:"profile"`
	Body    struct {
		Title  layers.Text                              `json:"title"`
		Grants map[string][]layers.Action               `json:"grants"`
		Fields map[string]map[string]layers.FieldAccess `json:"fields,omitempty"`
	}
}

func (s *Server) putProfile(ctx context.Context, in *putProfileInput) (*struct{}, error) {
	if err := s.known(in.Body.Grants, in.Body.Fields); err != nil {
		return nil, err
	}
	return nil, s.Auth.PutProfile(ctx, auth.Viewer(ctx), auth.Profile{
		Profile: layers.Profile{ID: in.Profile, Grants: in.Body.Grants, Fields: in.Body.Fields}, Title: in.Body.Title,
	})
}

// known refuses scopes and fields that there are not: a slip there would be a
// right that nobody has.
func (s *Server) known(grants map[string][]layers.Action, fields map[string]map[string]layers.FieldAccess) error {
	scopes := map[string]bool{layers.Everywhere: true}
	for _, l := range s.Layers.Catalog().All() {
		scopes[l.ID], scopes[l.Application.ID] = true, true
		for _, name := range slices.Sorted(maps.Keys(fields[l.ID])) {
			if l.Field(name) == nil {
				return layers.Errorf(layers.Invalid, "layer %s has no field %s", l.ID, name)
			}
		}
	}
	for _, scope := range append(slices.Sorted(maps.Keys(grants)), slices.Sorted(maps.Keys(fields))...) {
		if !scopes[scope] {
			return layers.Errorf(layers.Invalid, "there is neither a layer nor an application %s", scope)
		}
	}
	return nil
}

type profileInput struct {
	Profile string `path:"profile"`
}

func (s *Server) dropProfile(ctx context.Context, in *profileInput) (*struct{}, error) {
	return nil, s.Auth.DropProfile(ctx, auth.Viewer(ctx), in.Profile)
}

// AdministeredCollectivity is a collectivity as administrators see it.
type AdministeredCollectivity struct {
	Code string `json:"code"`
	Name string `json:"name"`
	SRID int    `json:"srid" doc:"EPSG code of its maps"`
}

type collectivitiesOutput struct {
	Body struct {
		Collectivities []AdministeredCollectivity `json:"collectivities" nullable:"false"`
	}
}

func (s *Server) listCollectivities(ctx context.Context, _ *struct{}) (*collectivitiesOutput, error) {
	v := auth.Viewer(ctx)
	if err := auth.Administrator(v); err != nil {
		return nil, err
	}
	all, err := s.Store.Collectivities(ctx)
	if err != nil {
		return nil, err
	}
	out := &collectivitiesOutput{}
	out.Body.Collectivities = []AdministeredCollectivity{}
	for _, c := range all {
		if v.Administers(c.Code) {
			out.Body.Collectivities = append(out.Body.Collectivities, AdministeredCollectivity(c))
		}
	}
	return out, nil
}

type putCollectivityInput struct {
	Code string `path:"code" maxLength:"20" pattern:"^[0-9A-Za-z_-]+$"`
	Body struct {
		Name string `json:"name" minLength:"1" maxLength:"200"`
		SRID int    `json:"srid,omitempty" default:"2154" minimum:"1024" maximum:"999999"`
	}
}

func (s *Server) putCollectivity(ctx context.Context, in *putCollectivityInput) (*struct{}, error) {
	if err := auth.ServerAdministrator(auth.Viewer(ctx)); err != nil {
		return nil, err
	}
	return nil, s.Store.PutCollectivity(ctx, in.Code, in.Body.Name, in.Body.SRID)
}

type codeInput struct {
	Code string `path:"code"`
}

func (s *Server) dropCollectivity(ctx context.Context, in *codeInput) (*struct{}, error) {
	return nil, s.Auth.DropCollectivity(ctx, auth.Viewer(ctx), in.Code)
}
