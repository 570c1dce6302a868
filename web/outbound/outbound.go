// Package outbound fetches what services of others answer, for people who look
// at the map. As administrators choose the addresses, it goes to public ones
// alone, or to hosts that the configuration names: what was resolved is checked
// when it is dialled, so that no name leads into the town's own network. It
// sends neither cookies nor credentials, and takes answers of known types up to
// a size, in time.
package outbound

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"net"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"code.dny.dev/ssrf"
	"golang.org/x/net/html/charset"

	"arpent/layers"
)

// Client fetches. It is safe for use by many at once.
type Client struct {
	private func() []string // hosts that may have private addresses, in lower case
	// Two clients with connections of their own: one that was opened while the
	// configuration named a host is not used once it does not.
	open, guarded *http.Client
	slots         chan struct{}
}

// Limits of what others may cost us.
const (
	dialTime     = 5 * time.Second
	headerTime   = 15 * time.Second
	maxRedirects = 3
	atOnce       = 64 // requests
)

// New makes a client. private tells the hosts that the configuration names,
// without ports.
func New(private func() []string) *Client {
	c := &Client{private: private, slots: make(chan struct{}, atOnce)}
	c.open = c.client(&net.Dialer{Timeout: dialTime})
	c.guarded = c.client(&net.Dialer{Timeout: dialTime, Control: ssrf.New(ssrf.WithAnyPort()).Safe})
	return c
}

func (c *Client) client(dialer *net.Dialer) *http.Client {
	return &http.Client{
		Transport: &http.Transport{
			// No proxy of the environment: it would resolve names unchecked.
			DialContext:            dialer.DialContext,
			TLSHandshakeTimeout:    dialTime,
			ResponseHeaderTimeout:  headerTime,
			MaxResponseHeaderBytes: 64 << 10,
			MaxConnsPerHost:        16,
			MaxIdleConnsPerHost:    8,
			IdleConnTimeout:        time.Minute,
			ForceAttemptHTTP2:      true,
		},
		CheckRedirect: c.redirect,
	}
}

// named reports whether the configuration names a host.
func (c *Client) named(host string) bool {
	return slices.Contains(c.private(), strings.ToLower(host))
}

var errRedirect = errors.New("redirected where it may not be")

// redirect lets a service send us on to another address; neither into nor out of
// a host that the configuration opens.
func (c *Client) redirect(next *http.Request, before []*http.Request) error {
	host := next.URL.Hostname()
	switch {
	case len(before) > maxRedirects:
		return fmt.Errorf("%w: more than %d times", errRedirect, maxRedirects)
	case next.URL.Scheme != "http" && next.URL.Scheme != "https" || next.URL.User != nil:
		return fmt.Errorf("%w: %s", errRedirect, next.URL.Redacted())
	case !strings.EqualFold(host, before[0].URL.Hostname()) && (c.named(host) || c.named(before[0].URL.Hostname())):
		return fmt.Errorf("%w: %s", errRedirect, host)
	}
	next.Header.Del("Referer")
	return nil
}

// Want is what is asked of a service.
type Want struct {
	Types []string      // media types that are taken, without parameters
	Size  int64         // most bytes, unpacked
	Time  time.Duration // until the last byte
}

// Answer is what a service answered.
type Answer struct {
	Type    string // media type, without parameters
	Body    []byte
	charset string // that of the media type; "" for none
}

// prolog tells the encoding of XML.
var prolog = regexp.MustCompile(`^\s*<\?xml[^>]*encoding=["']([0-9A-Za-z._:-]+)["']`)

// Text is the body as UTF-8, by what the answer says of its encoding.
func (a *Answer) Text() []byte {
	label := a.charset
	if label == "" {
		if found := prolog.FindSubmatch(a.Body[:min(len(a.Body), 200)]); found != nil {
			label = string(found[1])
		}
	}
	if label == "" && !utf8.Valid(a.Body) {
		label = "windows-1252"
	}
	if encoding, _ := charset.Lookup(label); encoding != nil {
		if text, err := encoding.NewDecoder().Bytes(a.Body); err == nil {
			return text
		}
	}
	return bytes.ToValidUTF8(a.Body, []byte("\uFFFD"))
}

// Get fetches an address. What the service does wrong is an error of kind
// Unavailable, whose fault carries a code: address, private, silent, redirect,
// status, type, size. An answer of another type comes with its error, so that
// its reader may look for what the service says is wrong.
func (c *Client) Get(ctx context.Context, address string, want Want) (*Answer, error) {
	u, err := url.Parse(address)
	if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" || u.User != nil {
		return nil, failed("address", nil, "the service has no address that can be asked")
	}
	select {
	case c.slots <- struct{}{}:
		defer func() { <-c.slots }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	timed, cancel := context.WithTimeout(ctx, want.Time)
	defer cancel()
	request, err := http.NewRequestWithContext(timed, http.MethodGet, address, nil)
	if err != nil {
		return nil, failed("address", err, "the service has no address that can be asked")
	}
	request.Header.Set("User-Agent", "Arpent")
	request.Header.Set("Accept", strings.Join(append(slices.Clone(want.Types), "*/*;q=0.1"), ", "))
	client := c.guarded
	if c.named(u.Hostname()) {
		client = c.open
	}
	response, err := client.Do(request)
	if err != nil {
		return nil, c.explain(ctx, u, err)
	}
	defer func() { _ = response.Body.Close() }()
	answer := &Answer{}
	var parameters map[string]string
	answer.Type, parameters, _ = mime.ParseMediaType(response.Header.Get("Content-Type"))
	answer.charset = parameters["charset"]
	answer.Body, err = io.ReadAll(io.LimitReader(response.Body, want.Size+1))
	switch {
	case int64(len(answer.Body)) > want.Size:
		return nil, failed("size", nil, "service %s answers more than %d MB", u.Host, want.Size>>20)
	case err != nil:
		return nil, c.explain(ctx, u, err)
	case response.StatusCode != http.StatusOK:
		return answer, failed("status", nil, "service %s answers %d %s", u.Host, response.StatusCode, http.StatusText(response.StatusCode))
	case !slices.Contains(want.Types, answer.Type):
		return answer, failed("type", nil, "service %s answers %q, which is not what was asked for", u.Host, answer.Type)
	}
	return answer, nil
}

// explain puts why there is no answer into words that tell nothing of our
// network.
func (c *Client) explain(ctx context.Context, u *url.URL, err error) error {
	switch {
	case ctx.Err() != nil: // who asked went away
		return ctx.Err()
	case errors.Is(err, ssrf.ErrProhibitedIP), errors.Is(err, ssrf.ErrProhibitedNetwork):
		return failed("private", err, "host %s is not public: name it under privateHosts of maps.yaml if it may be asked", u.Hostname())
	case errors.Is(err, errRedirect):
		return failed("redirect", err, "service %s leads elsewhere, where it may not", u.Host)
	case errors.Is(err, context.DeadlineExceeded):
		return failed("silent", err, "service %s takes too long", u.Host)
	}
	return failed("silent", err, "service %s does not answer", u.Host)
}

func failed(code string, cause error, format string, args ...any) error {
	e := layers.Errorf(layers.Unavailable, format, args...)
	e.Faults = []layers.Fault{{Location: code, Message: e.Detail}}
	if cause == nil {
		return e
	}
	return fmt.Errorf("%w (%v)", e, cause)
}
