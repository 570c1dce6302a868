package main

import (
	"fmt"

	"arpent/web/api"
)

type openAPICommand struct{}

// Run prints the definition.
func (openAPICommand) Run(*run) error {
	definition, err := api.OpenAPI()
	if err != nil {
		return err
	}
	_, err = fmt.Println(string(definition))
	return err
}
