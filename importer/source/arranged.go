package source

import (
	"errors"
	"io"
)

var errNoReaderAt = errors.New("the source cannot be read out of order")

// arranged is a content read in another order than it stands: what lies
// between the pieces is left out.
type arranged struct {
	content
	pieces []piece
}

// piece is a stretch of bytes.
type piece struct {
	from, to int64
	end      string // a line end that it lacks and needs where something follows
}

// arrange puts the rows behind the header, in their order. Rows that follow one
// another in the file too are one piece, so that an untouched file is read in one go.
func (c *corrected) arrange(in content) content {
	a := arranged{in, []piece{{to: c.top}}}
	for i, row := range c.rows {
		if p := &a.pieces[len(a.pieces)-1]; p.to == row.from {
			p.to = row.to
		} else {
			a.pieces = append(a.pieces, piece{from: row.from, to: row.to})
		}
		if row.unended && i < len(c.rows)-1 {
			a.pieces[len(a.pieces)-1].end = "\n"
		}
	}
	return a
}

func (a arranged) open() (io.ReadCloser, error) {
	in, err := a.content.open()
	if err != nil {
		return nil, err
	}
	at, ok := in.(io.ReaderAt)
	if !ok {
		in.Close()
		return nil, errNoReaderAt
	}
	return &arrangedReader{Closer: in, in: at, pieces: a.pieces}, nil
}

// arrangedReader reads one piece after the other.
type arrangedReader struct {
	io.Closer
	in     io.ReaderAt
	pieces []piece // still to be read
	done   int64   // bytes of the first of them
}

func (r *arrangedReader) Read(b []byte) (int, error) {
	for len(r.pieces) > 0 {
		p := r.pieces[0]
		if left := p.to - p.from - r.done; left > 0 {
			n, err := r.in.ReadAt(b[:min(int64(len(b)), left)], p.from+r.done)
			r.done += int64(n)
			if n > 0 || err == nil {
				return n, nil
			}
			if err == io.EOF { // there was more
				err = io.ErrUnexpectedEOF
			}
			return 0, err
		}
		r.pieces, r.done = r.pieces[1:], 0
		if p.end != "" {
			return copy(b, p.end), nil
		}
	}
	return 0, io.EOF
}
