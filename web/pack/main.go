// Command pack compresses the built playground and dashboard, so that the program
// carries them as they go over the wire. A file that holds the same already is left
// alone: not every release of Go compresses to the same bytes.
package main

import (
	"bytes"
	"compress/gzip"
	"io"
	"log"
	"os"
	"path/filepath"
	"strings"
)

func main() {
	log.SetFlags(0)
	for _, folder := range []string{"dashboard", "playground"} {
		if err := pack(folder+"/dist", folder+"/packed"); err != nil {
			log.Fatal(err)
		}
	}
}

func pack(from, to string) error {
	if err := os.MkdirAll(to, 0o755); err != nil {
		return err
	}
	built, err := os.ReadDir(from)
	if err != nil {
		return err
	}
	for _, f := range built {
		if err := packFile(filepath.Join(from, f.Name()), filepath.Join(to, f.Name()+".gz")); err != nil {
			return err
		}
	}
	packed, err := os.ReadDir(to)
	if err != nil {
		return err
	}
	for _, f := range packed {
		if _, err := os.Stat(filepath.Join(from, strings.TrimSuffix(f.Name(), ".gz"))); os.IsNotExist(err) {
			if err := os.Remove(filepath.Join(to, f.Name())); err != nil {
				return err
			}
		}
	}
	return nil
}

func packFile(source, target string) error {
	content, err := os.ReadFile(source)
	if err != nil {
		return err
	}
	if old, err := unpack(target); err == nil && bytes.Equal(old, content) {
		return nil
	}
	var b bytes.Buffer
	z, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
	if err != nil {
		return err
	}
	if _, err := z.Write(content); err != nil {
		return err
	}
	if err := z.Close(); err != nil {
		return err
	}
	return os.WriteFile(target, b.Bytes(), 0o644)
}

func unpack(name string) ([]byte, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		return nil, err
	}
	return io.ReadAll(z)
}
