// Command refresh rewrites the list of disposable domains from an npm tarball of
// disposable-email-domains.
//
//	npm pack disposable-email-domains
//	go run ./internal/address/refresh -tarball disposable-email-domains-*.tgz
//
// The same tarball gives the same bytes.
package main

import (
	"archive/tar"
	"bytes"
	"cmp"
	"compress/gzip"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"log"
	"os"
	"slices"
	"strings"

	"tenantry/internal/address"
)

func main() {
	log.SetFlags(0)
	tarball := flag.String("tarball", "", "the package as npm pack fetches it")
	out := flag.String("out", "internal/address/data/disposable.gz", "where the list goes")
	flag.Parse()
	if err := run(*tarball, *out); err != nil {
		log.Fatal(err)
	}
}

func run(tarball, out string) error {
	exact, wild, err := read(tarball)
	if err != nil {
		return err
	}
	data, err := pack(text(exact, wild))
	if err != nil {
		return err
	}
	log.Printf("%d domains, %d of them with all under them: %d bytes", len(exact)+len(wild), len(wild), len(data))
	return os.WriteFile(out, data, 0o644)
}

// read returns the two lists of the package, clean and sorted.
func read(tarball string) (exact, wild []string, err error) {
	f, err := os.Open(tarball)
	if err != nil {
		return nil, nil, err
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		return nil, nil, err
	}
	for archive := tar.NewReader(z); ; {
		header, err := archive.Next()
		switch {
		case errors.Is(err, io.EOF):
			if len(exact) == 0 || len(wild) == 0 {
				return nil, nil, fmt.Errorf("%s holds no index.json or no wildcard.json", tarball)
			}
			return uncovered(exact, wild), wild, nil
		case err != nil:
			return nil, nil, err
		case header.Name == "package/index.json":
			exact, err = list(archive)
		case header.Name == "package/wildcard.json":
			wild, err = list(archive)
		}
		if err != nil {
			return nil, nil, fmt.Errorf("%s: %w", header.Name, err)
		}
	}
}

// list reads a JSON list of domains in the form that Address.Domain has, and
// leaves out what no address can have.
func list(r io.Reader) ([]string, error) {
	var domains []string
	if err := json.NewDecoder(r).Decode(&domains); err != nil {
		return nil, err
	}
	var out []string
	for _, d := range domains {
		clean, err := address.ParseDomain(d)
		if err != nil {
			log.Printf("left out %q: %v", d, err)
			continue
		}
		out = append(out, clean)
	}
	slices.Sort(out)
	return slices.Compact(out), nil
}

// uncovered drops the domains that a wildcard takes in.
func uncovered(exact, wild []string) []string {
	return slices.DeleteFunc(exact, func(d string) bool {
		for {
			if _, found := slices.BinarySearch(wild, d); found {
				return true
			}
			_, parent, more := strings.Cut(d, ".")
			if !more {
				return false
			}
			d = parent
		}
	})
}

// text writes the form that package address unpacks: one line for each
// top-level domain, each name as how much it shares with the one before and the
// rest, so that the file stays half as large.
func text(exact, wild []string) []byte {
	type name struct{ top, rest string }
	names := make([]name, 0, len(exact)+len(wild))
	for _, d := range exact {
		dot := strings.LastIndexByte(d, '.')
		names = append(names, name{d[dot+1:], d[:dot]})
	}
	for _, d := range wild {
		names = append(names, name{"*", d})
	}
	slices.SortFunc(names, func(a, b name) int {
		return cmp.Or(cmp.Compare(a.top, b.top), cmp.Compare(a.rest, b.rest))
	})
	var out bytes.Buffer
	var last name
	for _, n := range names {
		if n.top != last.top {
			if last.top != "" {
				out.WriteByte('\n')
			}
			out.WriteString(n.top)
			last = name{top: n.top}
		}
		keep := shared(last.rest, n.rest)
		out.WriteByte('A' + byte(keep))
		out.WriteString(n.rest[keep:])
		last = n
	}
	out.WriteByte('\n')
	return out.Bytes()
}

// shared returns how many characters two names begin with together, up to what
// the letters from A to Z can tell.
func shared(a, b string) int {
	n := 0
	for n < min(len(a), len(b), 'Z'-'A') && a[n] == b[n] {
		n++
	}
	return n
}

func pack(text []byte) ([]byte, error) {
	var out bytes.Buffer
	z, err := gzip.NewWriterLevel(&out, gzip.BestCompression)
	if err != nil {
		return nil, err
	}
	if _, err := z.Write(text); err != nil {
		return nil, err
	}
	if err := z.Close(); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}
