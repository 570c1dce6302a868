package main

import (
	"bufio"
	"errors"
	"os"
	"strings"

	"arpent/web/auth"
)

type userCommand struct {
	Create   userCreateCommand   `cmd:"" help:"Make an account."`
	Password userPasswordCommand `cmd:"" help:"Set a password, read from standard input."`
	Grant    userGrantCommand    `cmd:"" help:"Give an account a profile in a collectivity."`
}

type userCreateCommand struct {
	Login string `arg:""`
	Name  string `help:"Name as people know it."`
	Admin bool   `help:"Administers the server."`
}

// Run makes an account.
func (c userCreateCommand) Run(r *run) error {
	return r.withDatabase(func(b *backend) error {
		return auth.CreateAccount(r, b.pool, c.Login, c.Name, c.Admin)
	})
}

type userPasswordCommand struct {
	Login string `arg:""`
}

// Run sets a password: not an argument, which others on the machine could read.
func (c userPasswordCommand) Run(r *run) error {
	input := bufio.NewScanner(os.Stdin)
	if !input.Scan() {
		return errors.New("give the password on standard input, in one line")
	}
	return r.withDatabase(func(b *backend) error {
		_, err := auth.SetPassword(r, b.pool, c.Login, input.Text())
		return err
	})
}

type userGrantCommand struct {
	Login        string `arg:""`
	Collectivity string `arg:""`
	Profile      string `arg:"" help:"administrator, manager, instructor, reader or one of your own; none to take it away."`
}

// Run grants a profile.
func (c userGrantCommand) Run(r *run) error {
	return r.withDatabase(func(b *backend) error {
		return auth.Grant(r, b.pool, c.Login, c.Collectivity, strings.TrimPrefix(c.Profile, "none"))
	})
}
