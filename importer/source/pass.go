package source

import (
	"crypto/sha256"
	"encoding/hex"
	"hash"
	"io"
)

// pass is one reading of the bytes of a source, from the first on. It adds them
// up to the fingerprint while they go by, which is cheaper than reading twice.
type pass struct {
	io.ReadCloser
	sum hash.Hash
}

func (f *File) begin() (*pass, error) {
	rc, err := f.content.open()
	if err != nil {
		return nil, f.explain(err)
	}
	return &pass{rc, sha256.New()}, nil
}

func (p *pass) Read(b []byte) (int, error) {
	n, err := p.ReadCloser.Read(b)
	p.sum.Write(b[:n])
	return n, err
}

// fingerprint is that of the source once all of it was read.
func (p *pass) fingerprint() string {
	return "sha256:" + hex.EncodeToString(p.sum.Sum(nil))
}
