package sandbox

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"sync"
	"time"
)

// Server imitates the API of one Attio workspace on loopback. Make it with New.
type Server struct {
	opts   Options
	store  *store
	routes []*route
	faults *faults
	gate   *gate
	pool   sync.Pool

	listener net.Listener
	http     *http.Server
	decoy    *decoy // where redirects lead, if there are any

	closing chan struct{}
	once    sync.Once
	late    detached
}

// New opens the data file, or makes the workspace that the seed describes. It does not listen yet; Start does, and
// Handler serves without a listener. The error says what is wrong with the options, the seed or the file.
func New(opts Options) (*Server, error) {
	opts = opts.applyDefaults()
	if err := opts.check(); err != nil {
		return nil, err
	}
	st, err := openStore(opts)
	if err != nil {
		return nil, err
	}
	s := &Server{
		opts: opts, store: st, routes: routes(), closing: make(chan struct{}),
		faults: newFaults(opts.Faults, opts.FaultSeed), gate: newGate(opts),
	}
	s.pool.New = func() any { return &call{} }
	if s.faults.has(faultRedirect) {
		if s.decoy, err = newDecoy(); err != nil {
			return nil, errors.Join(err, s.Close())
		}
	}
	return s, nil
}

// openStore makes the store and fills it from the data file or the seed.
func openStore(opts Options) (*store, error) {
	s := newStore(opts)
	loaded := false
	if opts.DataFile != "" {
		file, err := openDataFile(opts.DataFile)
		if err != nil {
			return nil, err
		}
		if loaded, err = file.load(s); err == nil && loaded && !s.seeded && s.log.n == 0 { // killed while it was made
			s, loaded = newStore(opts), false
			err = file.restart()
		}
		if err != nil {
			return nil, errors.Join(err, file.close())
		}
		s.file = file
	}
	if err := s.prepare(opts, loaded); err != nil {
		if s.file != nil {
			err = errors.Join(err, s.file.close())
		}
		return nil, err
	}
	return s, nil
}

// prepare brings the workspace into the state that the options ask for.
func (s *store) prepare(opts Options, loaded bool) error {
	if !loaded {
		if err := s.seed(opts); err != nil {
			return err
		}
		if err := s.save(entity{Seeded: true}); err != nil {
			return err
		}
	}
	if opts.Token != "" {
		s.tokens[0].Secret, _ = parseToken(opts.Token)
	}
	if opts.Scopes != nil {
		s.tokens[0].Scopes = opts.Scopes
	}
	for _, slug := range opts.Disable {
		t := s.objects[slug]
		if t == nil {
			return fmt.Errorf("cannot disable object %q: there is none", slug)
		}
		t.disabled = true
	}
	return nil
}

// Start listens and serves in the background until Close.
func (s *Server) Start() error {
	ln, err := net.Listen("tcp", s.opts.Listen)
	if err != nil {
		return err
	}
	s.listener = ln
	s.http = &http.Server{Handler: s, ReadHeaderTimeout: 30 * time.Second}
	go s.http.Serve(ln) // ends with ErrServerClosed when Close is called
	return nil
}

// URL is the base address, without a path, once Start has returned.
func (s *Server) URL() string {
	if s.listener == nil {
		return ""
	}
	return "http://" + s.listener.Addr().String()
}

// Token is the API key with all scopes (unless Options.Scopes says otherwise).
func (s *Server) Token() string { return s.store.tokens[0].Secret }

// Handler serves in process, without Start. The faults that cut connections need a real one, such as httptest.Server's.
func (s *Server) Handler() http.Handler { return s }

// Close stops the server and flushes the data file. Requests in progress get a second to end; work that a fault has
// delayed is done first.
func (s *Server) Close() error {
	var err error
	s.once.Do(func() { err = s.close() })
	return err
}

func (s *Server) close() error {
	close(s.closing)
	var err error
	if s.http != nil {
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		defer cancel()
		if s.http.Shutdown(ctx) != nil {
			err = s.http.Close()
		}
	}
	s.late.wait()
	if s.decoy != nil {
		err = errors.Join(err, s.decoy.http.Close())
	}
	s.store.mu.Lock()
	defer s.store.mu.Unlock()
	if s.store.file != nil {
		err = errors.Join(err, s.store.file.close())
	}
	return err
}

// detached is work that goes on after its connection was cut.
type detached struct {
	mu     sync.Mutex
	closed bool
	group  sync.WaitGroup
}

// start runs f in the background, or at once if the server is closing.
func (d *detached) start(f func()) {
	d.mu.Lock()
	closed := d.closed
	if !closed {
		d.group.Go(f)
	}
	d.mu.Unlock()
	if closed {
		f()
	}
}

func (d *detached) wait() {
	d.mu.Lock()
	d.closed = true
	d.mu.Unlock()
	d.group.Wait()
}

// pause waits, but not beyond Close.
func (s *Server) pause(d time.Duration) {
	if d <= 0 {
		return
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
	case <-s.closing:
	}
}

// checkListen allows loopback addresses only: the server knows no passwords and tells its token to whoever asks the
// process that started it.
func checkListen(address string) error {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return fmt.Errorf("listen address %q: %w", address, err)
	}
	if !isLoopback(host) {
		return fmt.Errorf("listen address %q is not on loopback; the sandbox listens on 127.0.0.1 only", address)
	}
	return nil
}

func isLoopback(host string) bool {
	if host == "localhost" {
		return true
	}
	ip := net.ParseIP(host)
	return ip != nil && ip.IsLoopback()
}

// decoy is the other port that redirects lead to: it belongs to the sandbox, so that a client that follows shows its
// token to nobody else, and every visit is counted.
type decoy struct {
	url    string
	http   *http.Server
	visits counter
}

func newDecoy() (*decoy, error) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	d := &decoy{url: "http://" + ln.Addr().String()}
	d.http = &http.Server{ReadHeaderTimeout: 30 * time.Second, Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		d.visits.add(1)
		w.Header().Set("Content-Type", "text/html")
		fmt.Fprint(w, portalPage)
	})}
	go d.http.Serve(ln)
	return d, nil
}
