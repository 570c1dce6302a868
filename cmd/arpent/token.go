package main

import (
	"fmt"
	"time"

	"arpent/web/auth"
)

type tokenCommand struct {
	Create tokenCreateCommand `cmd:"" help:"Make a token and print it."`
}

type tokenCreateCommand struct {
	User string `required:"" help:"Login of the account that the program acts as."`
	Name string `help:"What the token is for."`
	Days int    `help:"Days until it expires; 0 for never."`
}

// Run prints a token.
func (c tokenCreateCommand) Run(r *run) error {
	return r.withDatabase(func(b *backend) error {
		token, err := auth.CreateToken(r, b.pool, c.User, c.Name, time.Duration(c.Days)*24*time.Hour)
		if err != nil {
			return err
		}
		_, err = fmt.Println(token)
		return err
	})
}
