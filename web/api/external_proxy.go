package api

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/go-chi/chi/v5"

	"arpent/layers"
	"arpent/layers/external"
	"arpent/web/auth"
	"arpent/web/outbound"
	"arpent/web/problem"
)

// Pictures and features of others go through the server: only the address that
// was registered is asked, with parameters made here of numbers, and whoever may
// not see a service gets nothing of it.

func layerURL(service string, index int) string {
	return fmt.Sprintf("/api/external/layers/%s/%d", service, index)
}

// externalStreams are the addresses at which bodies of others are handed on.
func (s *Server) externalStreams(r chi.Router) {
	r.Route("/api/external/layers/{service}/{layer}", func(r chi.Router) {
		r.Get("/map", s.handOn(func(service *external.Service, l *external.Layer, r *http.Request) (string, error) {
			p, err := pictureOf(r.URL.Query().Get)
			if err != nil {
				return "", err
			}
			return service.Map(l, p)
		}, s.fetchPicture))
		r.Get("/tile/{z}/{x}/{y}", s.handOn(func(service *external.Service, l *external.Layer, r *http.Request) (string, error) {
			var at [3]int
			for i, name := range []string{"z", "x", "y"} {
				var err error
				if at[i], err = wholeNumber(name, chi.URLParam(r, name)); err != nil {
					return "", err
				}
			}
			return service.Tile(l, at[0], at[1], at[2])
		}, s.fetchPicture))
		r.Get("/legend", s.handOn(func(service *external.Service, l *external.Layer, _ *http.Request) (string, error) {
			return service.LegendURL(l)
		}, s.fetchPicture))
		r.Get("/features", s.handOn(func(service *external.Service, l *external.Layer, r *http.Request) (string, error) {
			box, err := parseBBox(r.URL.Query().Get("bbox"))
			if err != nil {
				return "", err
			}
			start, err := wholeNumber("start", r.URL.Query().Get("start"))
			if err != nil {
				return "", err
			}
			return service.Features(l, *corners(box), start)
		}, s.fetchFeatures))
	})
}

// fetch answers the body of an address and its media type.
type fetch func(ctx context.Context, address string) (mediaType string, body []byte, err error)

func (s *Server) fetchPicture(ctx context.Context, address string) (string, []byte, error) {
	a, err := s.Outbound.Picture(ctx, address)
	if err != nil {
		return "", nil, err
	}
	return a.Type, a.Body, nil
}

func (s *Server) fetchFeatures(ctx context.Context, address string) (string, []byte, error) {
	a, err := s.Outbound.Features(ctx, address)
	if err != nil {
		return "", nil, err
	}
	if strings.Contains(a.Type, "json") {
		return "application/geo+json", a.Text(), nil
	}
	return "application/xml; charset=utf-8", a.Text(), nil
}

// handOn serves what a layer's service answers at an address made of a request.
func (s *Server) handOn(address func(*external.Service, *external.Layer, *http.Request) (string, error), get fetch) http.HandlerFunc {
	return problem.Handler(func(w http.ResponseWriter, r *http.Request) error {
		service, layer, err := s.externalLayer(r.Context(), chi.URLParam(r, "service"), chi.URLParam(r, "layer"))
		if err != nil {
			return err
		}
		at, err := address(service, layer, r)
		if err != nil {
			return err
		}
		mediaType, body, err := get(r.Context(), at)
		if err != nil {
			return err
		}
		h := w.Header()
		h.Set("Content-Type", mediaType)
		h.Set("Content-Length", strconv.Itoa(len(body)))
		h.Set("Content-Security-Policy", "default-src 'none'; sandbox") // it is shown within the page only
		h.Set("Cache-Control", "private, max-age=300")
		h.Del("Expires")
		h.Del("Pragma")
		_, _ = w.Write(body)
		return nil
	})
}

func (s *Server) externalLayer(ctx context.Context, service, layer string) (*external.Service, *external.Layer, error) {
	index, err := wholeNumber("layer", layer)
	if err != nil {
		return nil, nil, err
	}
	return s.External.Layer(ctx, auth.Viewer(ctx), service, index)
}

type informationInput struct {
	Service string `path:"service"`
	Layer   string `path:"layer"`
	BBox    string `query:"bbox" required:"true" doc:"Box of the picture in the CRS of the layer, easting first"`
	Width   string `query:"width" required:"true" doc:"Pixels"`
	Height  string `query:"height" required:"true"`
	X       int    `query:"x" required:"true" doc:"Pixel of the picture from its upper left corner"`
	Y       int    `query:"y" required:"true"`
}

type informationOutput struct {
	Body struct {
		Format string `json:"format" enum:"json,gml,html,text"`
		Text   string `json:"text"`
	}
}

func (s *Server) getInformation(ctx context.Context, in *informationInput) (*informationOutput, error) {
	service, layer, err := s.externalLayer(ctx, in.Service, in.Layer)
	if err != nil {
		return nil, err
	}
	p, err := pictureOf(func(name string) string {
		return map[string]string{"bbox": in.BBox, "width": in.Width, "height": in.Height}[name]
	})
	if err != nil {
		return nil, err
	}
	at, err := service.Info(layer, p, in.X, in.Y)
	if err != nil {
		return nil, err
	}
	answer, err := s.Outbound.Information(ctx, at)
	if err != nil {
		return nil, err
	}
	out := &informationOutput{}
	out.Body.Format, out.Body.Text = informationFormat(answer), string(answer.Text())
	return out, nil
}

func informationFormat(a *outbound.Answer) string {
	switch {
	case strings.Contains(a.Type, "json"):
		return "json"
	case a.Type == "text/html":
		return "html"
	case a.Type == "text/plain":
		return "text"
	}
	return "gml"
}

// pictureOf reads the picture that parameters ask for.
func pictureOf(parameter func(string) string) (p external.Picture, err error) {
	box, err := parseBBox(parameter("bbox"))
	if err != nil {
		return p, err
	}
	p.Box = *corners(box)
	if p.Width, err = wholeNumber("width", parameter("width")); err != nil {
		return p, err
	}
	p.Height, err = wholeNumber("height", parameter("height"))
	return p, err
}

func wholeNumber(name, text string) (int, error) {
	n, err := strconv.Atoi(text)
	if err != nil {
		return 0, layers.BadParameter(name, text, "a whole number")
	}
	return n, nil
}
