package attio

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"strings"
)

// parseBase reads the address of the API, which stands without /v2. A path in
// front is kept, for gateways; a /v2 that was copied along is dropped.
func parseBase(text string) (*url.URL, error) {
	u, err := url.Parse(text)
	if err != nil {
		return nil, errors.New("the API address is not a URL") // the parser's own error repeats it, password and all
	}
	if u.User != nil {
		return nil, errors.New("the API address must not contain a user name or password")
	}
	shown := u.Scheme + "://" + u.Host
	switch {
	case u.Host == "" || u.Hostname() == "":
		return nil, errors.New("the API address must look like https://api.attio.com")
	case u.RawQuery != "" || u.Fragment != "" || u.ForceQuery:
		return nil, fmt.Errorf("the API address %s must end before any ? or #", shown)
	case u.Scheme == "http" && !loopback(u.Hostname()):
		return nil, fmt.Errorf("the API address %s would send the API key unencrypted: use https (plain http is for this machine only)", shown)
	case u.Scheme != "http" && u.Scheme != "https":
		return nil, fmt.Errorf("the API address %s must begin with https://", shown)
	}
	path := strings.TrimSuffix(strings.TrimRight(u.Path, "/"), "/v2")
	return &url.URL{Scheme: u.Scheme, Host: u.Host, Path: path}, nil
}

// loopback reports whether a host is this machine by its name. Whether the
// name really leads there is checked again when a connection is made.
func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// official reports whether a host is one of Attio's own.
func official(host string) bool {
	host = strings.TrimSuffix(strings.ToLower(host), ".")
	return host == "attio.com" || strings.HasSuffix(host, ".attio.com")
}

// endpoint is the address of a path under /v2; the segments are escaped.
func (c *Client) endpoint(segments ...string) (*url.URL, error) {
	path := c.base.String() + "/v2"
	for _, s := range segments {
		if s == "" || s == "." || s == ".." {
			return nil, fmt.Errorf("%q names no object, attribute or record", s)
		}
		path += "/" + url.PathEscape(s)
	}
	return url.Parse(path)
}

// objectEndpoints are the addresses that rows go to again and again.
type objectEndpoints struct{ records, query *url.URL }

func (c *Client) object(name string) (*objectEndpoints, error) {
	if e, ok := c.endpoints.Load(name); ok {
		return e.(*objectEndpoints), nil
	}
	records, err := c.endpoint("objects", name, "records")
	if err != nil {
		return nil, err
	}
	e := &objectEndpoints{records: records, query: records.JoinPath("query")}
	c.endpoints.Store(name, e)
	return e, nil
}
