package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"strconv"
	"syscall"
	"time"

	"golang.org/x/sync/errgroup"
)

// cost is what a number of writes took.
type cost struct {
	Rows    int
	Elapsed time.Duration
	CPU     time.Duration
	MaxRSS  int64 // bytes
}

func (c cost) perSecond() float64 { return float64(c.Rows) / c.Elapsed.Seconds() }
func (c cost) cpuPerRow() float64 { return float64(c.CPU.Microseconds()) / float64(c.Rows) }
func usageCPU(u *syscall.Rusage) time.Duration {
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// bareLoop is the least that a Go program can do to send ROWS creates from
// WORKERS workers: bodies encoded beforehand, one kept-alive connection a worker,
// answers drained unread. It prints its cost as JSON.
func bareLoop() {
	rows, _ := strconv.Atoi(os.Args[1])
	workers, _ := strconv.Atoi(os.Args[2])
	bodies := make([][]byte, rows)
	for i := range bodies {
		bodies[i] = createBody(i)
	}
	before, begun := selfUsage(), time.Now()
	if err := sendAll(bodies, workers); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	after := selfUsage()
	c := cost{Rows: rows, Elapsed: time.Since(begun), CPU: usageCPU(&after) - usageCPU(&before)}
	_ = json.NewEncoder(os.Stdout).Encode(c)
}

func selfUsage() (u syscall.Rusage) {
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &u)
	return u
}

func sendAll(bodies [][]byte, workers int) error {
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: workers, MaxConnsPerHost: workers}}
	jobs := make(chan []byte, workers)
	g, ctx := errgroup.WithContext(context.Background())
	for range workers {
		g.Go(func() error {
			for body := range jobs {
				if err := send(ctx, client, body); err != nil {
					return err
				}
			}
			return nil
		})
	}
	g.Go(func() error {
		defer close(jobs)
		for _, b := range bodies {
			select {
			case jobs <- b:
			case <-ctx.Done():
				return ctx.Err()
			}
		}
		return nil
	})
	return g.Wait()
}

func send(ctx context.Context, client *http.Client, body []byte) error {
	url := os.Getenv("ATTIO_BASE_URL") + "/v2/objects/workspaces/records"
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, url, bytes.NewReader(body))
	if err != nil {
		return err
	}
	req.Header.Set("Authorization", "Bearer "+os.Getenv("ATTIO_API_KEY"))
	req.Header.Set("Content-Type", "application/json")
	resp, err := client.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("status %d", resp.StatusCode)
	}
	_, err = io.Copy(io.Discard, resp.Body)
	return err
}
