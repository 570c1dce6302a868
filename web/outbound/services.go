package outbound

import (
	"context"
	"errors"
	"time"

	"arpent/layers"
	"arpent/layers/external"
)

// Media types that services answer with.
var (
	pictures  = []string{"image/png", "image/jpeg", "image/webp", "image/gif"} // not SVG, which may carry scripts
	xmlTypes  = []string{"application/xml", "text/xml", "application/gml+xml", "application/vnd.ogc.gml", "application/vnd.ogc.wms_xml", "application/vnd.ogc.se_xml"}
	jsonTypes = []string{"application/json", "application/geo+json", "application/vnd.geo+json"}
	words     = []string{"text/plain", "text/html"}
)

func types(lists ...[]string) (all []string) {
	for _, list := range lists {
		all = append(all, list...)
	}
	return all
}

// What is asked of services.
var (
	capabilities = Want{types(xmlTypes, []string{"text/plain"}), 32 << 20, 40 * time.Second}
	picture      = Want{pictures, 16 << 20, 40 * time.Second}
	features     = Want{types(jsonTypes, xmlTypes), 24 << 20, 40 * time.Second}
	information  = Want{types(jsonTypes, xmlTypes, words), 1 << 20, 20 * time.Second}
)

// Capabilities asks a service what it offers. Of an address that does not tell
// its kind all are tried.
func (c *Client) Capabilities(ctx context.Context, address string, kind external.Kind) (*external.Capabilities, error) {
	kinds := external.Kinds
	if kind != "" {
		kinds = []external.Kind{kind}
	}
	var first error
	for _, k := range kinds {
		offered, err := c.capabilities(ctx, address, k)
		if err == nil {
			return offered, nil
		}
		if first == nil {
			first = err
		}
		if !answered(err) {
			break // whatever else it may be, it is not there
		}
	}
	return nil, first
}

func (c *Client) capabilities(ctx context.Context, address string, kind external.Kind) (*external.Capabilities, error) {
	at, err := external.CapabilitiesURL(address, kind)
	if err != nil {
		return nil, err
	}
	answer, err := c.Get(ctx, at, capabilities)
	if err != nil {
		return nil, err
	}
	return external.ParseCapabilities(kind, answer.Body)
}

// answered reports whether a service was there, though it answered wrongly.
func answered(err error) bool {
	e, ok := errors.AsType[*layers.Error](err)
	if !ok || len(e.Faults) == 0 {
		return false
	}
	switch e.Faults[0].Location {
	case "address", "private", "silent", "redirect", "size":
		return false
	}
	return true
}

// Picture fetches a map, a tile or a legend.
func (c *Client) Picture(ctx context.Context, address string) (*Answer, error) {
	return c.told(ctx, address, picture)
}

// Features fetches features of a WFS, as GeoJSON or GML.
func (c *Client) Features(ctx context.Context, address string) (*Answer, error) {
	return c.told(ctx, address, features)
}

// Information fetches what a WMS tells of a place.
func (c *Client) Information(ctx context.Context, address string) (*Answer, error) {
	return c.told(ctx, address, information)
}

// told is Get, with what a service says is wrong in the place of what it was
// asked for.
func (c *Client) told(ctx context.Context, address string, want Want) (*Answer, error) {
	answer, err := c.Get(ctx, address, want)
	if answer == nil {
		return nil, err
	}
	if said := external.Exception(answer.Body); said != "" {
		return nil, failed("exception", nil, "the service says: %s", said)
	}
	return answer, err
}
