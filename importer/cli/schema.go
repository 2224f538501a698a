package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"attio-import/importer/attio"
	"attio-import/importer/report"
	"attio-import/mapping/schema"
)

func newSchema(streams IO) *cobra.Command {
	var opts options
	cmd := &cobra.Command{
		Use:   "schema [OBJECT]",
		Short: "List the workspace's objects, or one object's attributes",
		Long: `List the objects of the workspace, or the attributes of one object with their
types, what is required and unique, and the options of selects and statuses.

` + exitHelp,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) > 1 {
				return usage(fmt.Errorf("one object at a time, got %d", len(args)), "")
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := opts.check(); err != nil {
				return err
			}
			return showSchema(cmd.Context(), &opts, args, streams)
		},
	}
	opts.workers, opts.logFormat, opts.progress = 1, "text", "never"
	opts.addAPI(cmd.Flags())
	cmd.Flags().BoolVar(&opts.json, "json", false, "print JSON")
	return cmd
}

func showSchema(ctx context.Context, opts *options, args []string, streams IO) error {
	api, err := connect(opts, "", nil)
	if err != nil {
		return err
	}
	defer api.close()
	if _, err := api.Self(ctx); err != nil {
		return err
	}
	if len(args) == 0 {
		return showObjects(ctx, api.Client, opts, streams.Out)
	}
	return showAttributes(ctx, api.Client, opts, args[0], streams.Out)
}

func showObjects(ctx context.Context, api *attio.Client, opts *options, out io.Writer) error {
	objects, err := api.Objects(ctx)
	if err != nil {
		return err
	}
	if opts.json {
		return printJSON(out, objects)
	}
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "OBJECT\tNAME")
	for _, o := range objects {
		fmt.Fprintf(w, "%s\t%s\n", report.Clean(o.Slug), report.Clean(o.Plural))
	}
	return w.Flush()
}

func showAttributes(ctx context.Context, api *attio.Client, opts *options, object string, out io.Writer) error {
	described, err := describe(ctx, api, object)
	if err != nil {
		return err
	}
	if opts.json {
		return printJSON(out, described)
	}
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "ATTRIBUTE\tTITLE\tTYPE\tIS\tOPTIONS")
	for _, a := range described.Attributes {
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\n", report.Clean(a.Slug), report.Clean(a.Title), report.Clean(string(a.Type)), traits(a), choices(a))
	}
	return w.Flush()
}

// describe reads one object with all its attributes and their options.
func describe(ctx context.Context, api *attio.Client, name string) (*schema.Object, error) {
	attributes, err := api.Attributes(ctx, name)
	if err != nil {
		return nil, noSuchObject(err)
	}
	all := func(*schema.Object) []string {
		slugs := make([]string, len(attributes))
		for i, a := range attributes {
			slugs[i] = a.Slug
		}
		return slugs
	}
	s, err := api.Schema(ctx, []string{name}, all)
	if err != nil {
		return nil, err
	}
	return s.Object(name), nil
}

func noSuchObject(err error) error {
	var refused *attio.Error
	if errors.As(err, &refused) && refused.Status == http.StatusNotFound {
		return usage(err, "attio-import schema lists the objects of the workspace")
	}
	return err
}

// traits says what is special about an attribute, in words.
func traits(a *schema.Attribute) string {
	var t []string
	for _, trait := range []struct {
		is   bool
		word string
	}{
		{a.Required, "required"}, {a.Unique, "unique"}, {a.Multi, "several"}, {!a.Writable, "read only"},
	} {
		if trait.is {
			t = append(t, trait.word)
		}
	}
	return strings.Join(t, ", ")
}

// choices lists options, currency or targets; long lists are cut, and say so.
func choices(a *schema.Attribute) string {
	const most = 8
	var names []string
	for _, o := range a.Options {
		names = append(names, o.Title)
	}
	names = append(names, a.Targets...)
	if a.CurrencyCode != "" {
		names = append(names, a.CurrencyCode)
	}
	if more := len(names) - most; more > 0 {
		names = append(names[:most:most], fmt.Sprintf("and %d more", more))
	}
	return report.Clean(strings.Join(names, ", "))
}

func printJSON(out io.Writer, v any) error {
	doc, err := report.JSON(v)
	if err != nil {
		return err
	}
	_, err = out.Write(doc)
	return err
}
