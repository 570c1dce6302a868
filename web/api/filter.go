package api

import (
	"encoding/json"
	"fmt"

	"arpent/layers"
	"arpent/layers/cql2"
)

// filterOf reads a filter from its JSON object; nil for none.
func filterOf(object map[string]any) (*cql2.Expr, error) {
	if object == nil {
		return nil, nil
	}
	data, err := json.Marshal(object)
	if err != nil {
		return nil, fmt.Errorf("reading a filter: %w", err)
	}
	filter, err := cql2.ParseJSON(data)
	if err != nil {
		return nil, layers.BadParameter("filter", nil, "%v", err)
	}
	return filter, nil
}

// objectOf writes a filter as a JSON object; nil for none.
func objectOf(filter *cql2.Expr) (map[string]any, error) {
	if filter == nil {
		return nil, nil
	}
	data, err := json.Marshal(filter)
	if err != nil {
		return nil, fmt.Errorf("writing a filter: %w", err)
	}
	var object map[string]any
	return object, json.Unmarshal(data, &object)
}
