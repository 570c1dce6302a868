package main

import (
	"errors"
	"net"
	"path/filepath"
	"strings"

	"arpent/web/auth"
)

// providerFlags say at which provider of OpenID Connect people sign in.
type providerFlags struct {
	Issuer       string `env:"ARPENT_OIDC_ISSUER" help:"Address of a provider of OpenID Connect at which people may sign in."`
	ClientID     string `env:"ARPENT_OIDC_CLIENT_ID" name:"client-id" help:"Identifier of this server there. Its redirect address is ARPENT_URL/api/session/oidc/callback."`
	ClientSecret string `env:"ARPENT_OIDC_CLIENT_SECRET" help:"Secret of this server there."`
	Name         string `env:"ARPENT_OIDC_NAME" default:"OpenID Connect" help:"Name of the provider on the button."`
	Create       bool   `env:"ARPENT_OIDC_CREATE" help:"Make an account for who signs in there for the first time."`
	Claim        string `env:"ARPENT_OIDC_CLAIM" default:"groups" help:"Claim that decides on profiles."`
	Profiles     string `env:"ARPENT_OIDC_PROFILES" help:"What values of the claim give: value=collectivity:profile,…"`
}

func (f providerFlags) provider() (*auth.Provider, error) {
	if f.Issuer == "" {
		return nil, nil
	}
	if f.ClientID == "" {
		return nil, errors.New("ARPENT_OIDC_CLIENT_ID is missing: the provider gave it when this server was registered there")
	}
	profiles, err := auth.ParseClaimProfiles(f.Profiles)
	if err != nil {
		return nil, err
	}
	return &auth.Provider{Name: f.Name, Issuer: f.Issuer, ClientID: f.ClientID, ClientSecret: f.ClientSecret, Create: f.Create, Claim: f.Claim, Profiles: profiles}, nil
}

// accounts opens the service that signs people in.
func (b *backend) accounts(s settings, flags providerFlags, listener net.Listener) (*auth.Service, error) {
	provider, err := flags.provider()
	if err != nil {
		return nil, err
	}
	mailer, err := auth.OpenMailer(s.SMTPURL, filepath.Join(s.Data, "mail"))
	if err != nil {
		return nil, err
	}
	url := strings.TrimSuffix(s.URL, "/")
	if url == "" {
		url = "http://" + listener.Addr().String()
	}
	return auth.New(b.pool, auth.Config{URL: url, Mail: mailer, Provider: provider}), nil
}
