package source

import (
	"crypto/sha256"
	"encoding/hex"
	"io"
)

// pass is one reading of the bytes of a source, from the first on, which adds
// them up to the fingerprint while they go by.
//
// SHA-256 takes as long as finding the cells does. A goroutine does it beside
// that, on copies of the blocks read, of which there are never more than two. It
// ends with sum or Close.
type pass struct {
	src    io.ReadCloser
	blocks chan []byte // to be added
	free   chan []byte // to be filled again
	result chan string // the fingerprint; buffered, so that nobody needs to take it
	ended  bool        // blocks is closed
}

func newPass(src io.ReadCloser) *pass {
	const inFlight = 2
	p := &pass{
		src:    src,
		blocks: make(chan []byte, inFlight),
		free:   make(chan []byte, inFlight),
		result: make(chan string, 1),
	}
	for range inFlight {
		p.free <- nil
	}
	go p.addUp()
	return p
}

func (p *pass) addUp() {
	h := sha256.New()
	for block := range p.blocks {
		h.Write(block)
		p.free <- block
	}
	p.result <- "sha256:" + hex.EncodeToString(h.Sum(nil))
}

// Read must not be called after sum or Close.
func (p *pass) Read(b []byte) (int, error) {
	n, err := p.src.Read(b)
	if n > 0 {
		block := <-p.free
		p.blocks <- append(block[:0], b[:n]...)
	}
	return n, err
}

// sum returns the fingerprint of all that was read. It can be asked for once.
func (p *pass) sum() string {
	p.end()
	return <-p.result
}

func (p *pass) end() {
	if !p.ended {
		p.ended = true
		close(p.blocks)
	}
}

// Close may be called more than once.
func (p *pass) Close() error {
	if p.src == nil {
		return nil
	}
	p.end()
	err := p.src.Close()
	p.src = nil
	return err
}
