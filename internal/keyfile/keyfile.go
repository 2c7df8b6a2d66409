// Package keyfile reads and writes files of keys: whole or not at all, and for
// nobody else's eyes.
package keyfile

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
)

// Read returns what a file of keys holds. One that strangers may read or that its
// group may change is refused. If there is none the error satisfies
// errors.Is(err, fs.ErrNotExist).
func Read(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("open the key file: %w", err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, fmt.Errorf("look at the key file: %w", err)
	}
	// Windows has no such bits. A group may read: that is how container
	// platforms hand out secrets.
	if mode := info.Mode().Perm(); mode&0o027 != 0 && runtime.GOOS != "windows" {
		return nil, fmt.Errorf("others may read or change the key file %s (mode %04o); run: chmod 600 %[1]s", path, mode)
	}
	data, err := io.ReadAll(f)
	if err != nil {
		return nil, fmt.Errorf("read the key file %s: %w", path, err)
	}
	return data, nil
}

// Create writes a file of keys, with mode 0600. One that is there already stays
// as it is: the error then satisfies errors.Is(err, fs.ErrExist).
func Create(path string, data []byte) error {
	// A link, unlike a rename, never replaces.
	return write(path, data, os.Link)
}

// Replace writes a file of keys in the place of the one that is there, with mode
// 0600.
func Replace(path string, data []byte) error { return write(path, data, os.Rename) }

// write fills a temporary file beside the path (which os.CreateTemp gives mode
// 0600) and puts it into its place.
func write(path string, data []byte, put func(from, to string) error) error {
	dir := filepath.Dir(path)
	f, err := os.CreateTemp(dir, ".keys-*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	_, err = f.Write(data)
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	if err := put(f.Name(), path); err != nil {
		return err
	}
	return syncDir(dir)
}

// syncDir makes the new name survive a power cut.
func syncDir(dir string) error {
	if runtime.GOOS == "windows" {
		return nil // directories cannot be synced there
	}
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
