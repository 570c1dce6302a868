package api

import (
	"context"
	"time"

	"arpent/layers"
	"arpent/web/auth"
)

// Token is a token of a program, without its secret.
type Token struct {
	ID        int64      `json:"id"`
	Login     string     `json:"login"`
	Name      string     `json:"name"`
	CreatedAt time.Time  `json:"createdAt"`
	ExpiresAt *time.Time `json:"expiresAt" doc:"null: never"`
	UsedAt    *time.Time `json:"usedAt" doc:"null: not yet"`
}

type tokensInput struct {
	All bool `query:"all" doc:"Those of all accounts that the viewer administers"`
}

type tokensOutput struct {
	Body struct {
		Tokens []Token `json:"tokens" nullable:"false"`
	}
}

func (s *Server) listTokens(ctx context.Context, in *tokensInput) (*tokensOutput, error) {
	tokens, err := s.Auth.Tokens(ctx, auth.Viewer(ctx), in.All)
	if err != nil {
		return nil, err
	}
	out := &tokensOutput{}
	out.Body.Tokens = []Token{}
	for _, t := range tokens {
		out.Body.Tokens = append(out.Body.Tokens, Token(t))
	}
	return out, nil
}

type createTokenInput struct {
	Body struct {
		Name string `json:"name" minLength:"1" maxLength:"200" doc:"What it is for"`
		Days int    `json:"days" minimum:"1" maximum:"3650" doc:"Until it expires"`
	}
}

type createTokenOutput struct {
	Body struct {
		Token string `json:"token" doc:"Shown once"`
	}
}

func (s *Server) createToken(ctx context.Context, in *createTokenInput) (*createTokenOutput, error) {
	v := auth.Viewer(ctx)
	if v.Anonymous() {
		return nil, layers.Errorf(layers.Unauthorized, "sign in to make tokens")
	}
	const day = 24 * time.Hour
	token, err := s.Auth.CreateToken(ctx, v, in.Body.Name, time.Duration(in.Body.Days)*day)
	if err != nil {
		return nil, err
	}
	out := &createTokenOutput{}
	out.Body.Token = token
	return out, nil
}

func (s *Server) revokeToken(ctx context.Context, in *numberInput) (*struct{}, error) {
	return nil, s.Auth.RevokeToken(ctx, auth.Viewer(ctx), in.ID)
}
