package report

import (
	"bytes"
	"io"
	"os"
	"sync"

	"golang.org/x/term"
)

// eraseLine moves to the line's beginning and empties it.
const eraseLine = "\r\x1b[2K"

// Console lets a progress bar and any number of writers of lines share a
// terminal: a line is written where the bar stood, and the bar is drawn again
// below it. Each goes out in one piece, so that no other writer comes between.
//
// Whatever else writes to the terminal while a bar is shown, a log handler
// above all, must write through the Console. It is safe for concurrent use.
type Console struct {
	mu    sync.Mutex
	out   io.Writer
	frame []byte // the bar as it was drawn last; empty: none
	part  []byte // of a line that has no end yet
}

// NewConsole returns a Console on a terminal, usually [os.Stderr].
func NewConsole(out io.Writer) *Console { return &Console{out: out} }

// Write writes lines. While a bar is shown, a line that has no end yet waits
// for it.
func (c *Console) Write(p []byte) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.frame) == 0 {
		return c.out.Write(p)
	}
	end := bytes.LastIndexByte(p, '\n') + 1
	if end == 0 {
		c.part = append(c.part, p...)
		return len(p), nil
	}
	var b bytes.Buffer
	b.WriteString(eraseLine)
	b.Write(c.part)
	b.Write(p[:end])
	b.Write(c.frame)
	c.part = append(c.part[:0], p[end:]...)
	if _, err := c.out.Write(b.Bytes()); err != nil {
		return 0, err
	}
	return len(p), nil
}

// draw shows the bar, or another state of it.
func (c *Console) draw(frame []byte) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.frame = append(c.frame[:0], frame...)
	_, err := c.out.Write(frame)
	return err
}

// erase takes the bar away, for good.
func (c *Console) erase() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.frame) == 0 {
		return nil
	}
	c.frame = nil
	_, err := c.out.Write(append([]byte(eraseLine), c.part...))
	c.part = nil
	return err
}

// width is the number of columns; 80 where nobody can tell.
func (c *Console) width() int {
	if f, ok := c.out.(*os.File); ok {
		if w, _, err := term.GetSize(int(f.Fd())); err == nil && w > 0 {
			return w
		}
	}
	return 80
}

// frames is the Console as the bar's library sees it.
type frames struct{ *Console }

// Write takes what the library draws. It moves to the line's beginning before
// each frame; what does not begin so erases the line.
func (f frames) Write(p []byte) (int, error) {
	if !bytes.HasPrefix(p, []byte("\r")) {
		return len(p), f.erase()
	}
	return len(p), f.draw(p)
}
