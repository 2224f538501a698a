package sandbox_test

import (
	"bytes"
	"context"
	"strings"
	"testing"

	"attio-import/importer/cli"
	"attio-import/importer/sandbox"
	"attio-import/samples"
)

// TestImportConformance imports the samples, twice, and holds everything that is sent and answered on the way against
// the official document: first all is new, then all is looked up and compared.
func TestImportConformance(t *testing.T) {
	url, token := sandbox.WatchClient(t, sandbox.Options{Seed: samples.Seed(), AutoCompany: true})
	t.Setenv("ATTIO_API_KEY", token)
	t.Chdir(t.TempDir())
	for range 2 {
		for _, file := range []string{"companies", "people", "users", "workspaces", "deals"} {
			var out, err bytes.Buffer
			args := []string{"run", "--api-url", url, "--write-rate", "0", "--read-rate", "0", "samples/" + file + ".csv"}
			code := cli.Main(context.Background(), args, cli.IO{In: strings.NewReader(""), Out: &out, Err: &err})
			if code != 0 && code != 3 { // 3: some rows are refused, as the samples intend
				t.Errorf("%s ends with %d:\n%s%s", file, code, &out, &err)
			}
		}
	}
}
