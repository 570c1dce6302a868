package api

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"arpent/layers"
	"arpent/web/auth"
)

// registerAdministration adds the operations of administrators and those on
// one's own tokens.
func (s *Server) registerAdministration(a huma.API) {
	operate(a, "listAccounts", http.MethodGet, "/api/admin/accounts", "Accounts that the viewer administers", s.listAccounts)
	operate(a, "createAccount", http.MethodPost, "/api/admin/accounts", "Make an account; with an address of mail it is sent a link to choose a password", s.createAccount)
	operate(a, "changeAccount", http.MethodPatch, "/api/admin/accounts/{id}", "Change an account and its profiles", s.changeAccount)
	operate(a, "resetAccount", http.MethodPost, "/api/admin/accounts/{id}/password", "Give an account a random password, which ends its sessions", s.resetAccount)
	operate(a, "listProfiles", http.MethodGet, "/api/admin/profiles", "Profiles, and what layer files say of them", s.listProfiles)
	operate(a, "putProfile", http.MethodPut, "/api/admin/profiles/{profile}", "Make a profile or replace what it may do", s.putProfile)
	operate(a, "dropProfile", http.MethodDelete, "/api/admin/profiles/{profile}", "Take a profile away that nobody has", s.dropProfile)
	operate(a, "listCollectivities", http.MethodGet, "/api/admin/collectivities", "Collectivities that the viewer administers", s.listCollectivities)
	operate(a, "putCollectivity", http.MethodPut, "/api/admin/collectivities/{code}", "Make a collectivity or rename it", s.putCollectivity)
	operate(a, "dropCollectivity", http.MethodDelete, "/api/admin/collectivities/{code}", "Take a collectivity away that owns nothing", s.dropCollectivity)
	operate(a, "listPersonalReads", http.MethodGet, "/api/admin/personal-reads", "Log of reads of personal data, newest first", s.listPersonalReads)
	operate(a, "listTokens", http.MethodGet, "/api/tokens", "Tokens of the viewer, or of all accounts that it administers", s.listTokens)
	operate(a, "createToken", http.MethodPost, "/api/tokens", "Make a token for a program of the viewer; it is shown once", s.createToken)
	operate(a, "revokeToken", http.MethodDelete, "/api/tokens/{id}", "Revoke a token", s.revokeToken)
}

// Account is an account as administrators see it.
type Account struct {
	ID          int64             `json:"id"`
	Login       string            `json:"login"`
	Name        string            `json:"name"`
	Email       string            `json:"email"`
	Admin       bool              `json:"admin" doc:"Administers the whole server"`
	Disabled    bool              `json:"disabled"`
	Password    bool              `json:"password" doc:"It can sign in with a password"`
	Linked      bool              `json:"linked" doc:"It can sign in elsewhere"`
	CreatedAt   time.Time         `json:"createdAt"`
	Memberships map[string]string `json:"memberships" doc:"Profile by collectivity, of those that the viewer administers"`
	Whole       bool              `json:"whole" doc:"The viewer administers the account itself, and not only these profiles"`
}

func accountOf(v layers.Viewer, a *auth.Account) Account {
	shown := Account{a.ID, a.Login, a.Name, a.Email, a.Admin, a.Disabled, a.Password, a.Linked, a.CreatedAt, map[string]string{}, auth.Wholly(v, a)}
	for code, profile := range a.Memberships {
		if v.Administers(code) {
			shown.Memberships[code] = profile
		}
	}
	return shown
}

// AccountChange is what becomes of an account; what is absent stays.
type AccountChange struct {
	Name        *string           `json:"name,omitempty" maxLength:"200"`
	Email       *string           `json:"email,omitempty" maxLength:"254" doc:"Empty for none"`
	Admin       *bool             `json:"admin,omitempty"`
	Disabled    *bool             `json:"disabled,omitempty"`
	Memberships map[string]string `json:"memberships,omitempty" doc:"Profile by collectivity; empty to take it away"`
}

func (c AccountChange) change() auth.AccountChange {
	return auth.AccountChange{Name: c.Name, Email: c.Email, Admin: c.Admin, Disabled: c.Disabled, Memberships: c.Memberships}
}

type accountsOutput struct {
	Body struct {
		Accounts []Account `json:"accounts" nullable:"false"`
	}
}

func (s *Server) listAccounts(ctx context.Context, _ *struct{}) (*accountsOutput, error) {
	v := auth.Viewer(ctx)
	people, err := s.Auth.People(ctx, v)
	if err != nil {
		return nil, err
	}
	out := &accountsOutput{}
	out.Body.Accounts = []Account{}
	for _, a := range people {
		out.Body.Accounts = append(out.Body.Accounts, accountOf(v, &a))
	}
	return out, nil
}

type createAccountInput struct {
	Body struct {
		Login string `json:"login" minLength:"1" maxLength:"64"`
		AccountChange
	}
}

type accountOutput struct{ Body Account }

func (s *Server) createAccount(ctx context.Context, in *createAccountInput) (*accountOutput, error) {
	v := auth.Viewer(ctx)
	a, err := s.Auth.CreatePerson(ctx, v, in.Body.Login, in.Body.change())
	if err != nil {
		return nil, err
	}
	return &accountOutput{accountOf(v, a)}, nil
}

type changeAccountInput struct {
	ID   int64 `path:"id"`
	Body AccountChange
}

func (s *Server) changeAccount(ctx context.Context, in *changeAccountInput) (*accountOutput, error) {
	v := auth.Viewer(ctx)
	a, err := s.Auth.ChangePerson(ctx, v, in.ID, in.Body.change())
	if err != nil {
		return nil, err
	}
	return &accountOutput{accountOf(v, a)}, nil
}

type numberInput struct {
	ID int64 `path:"id"`
}

type passwordOutput struct {
	Body struct {
		Password string `json:"password" doc:"Shown once"`
	}
}

func (s *Server) resetAccount(ctx context.Context, in *numberInput) (*passwordOutput, error) {
	password, err := s.Auth.NewPassword(ctx, auth.Viewer(ctx), in.ID)
	if err != nil {
		return nil, err
	}
	out := &passwordOutput{}
	out.Body.Password = password
	return out, nil
}
