package address

import (
	"bufio"
	"bytes"
	"compress/gzip"
	_ "embed"
	"fmt"
	"hash/fnv"
	"slices"
	"strings"
	"sync"
)

// packed is the list that the refresh command writes; see data/README.md.
//
//go:embed data/disposable.gz
var packed []byte

// IsDisposable reports whether a domain, as in Address.Domain, gives out
// addresses that are thrown away after use, or lies under one that does. The
// first call unpacks the list, which takes some 50 ms and keeps 1 MB.
func IsDisposable(domain string) bool {
	set := disposable()
	if set.has(domain) {
		return true
	}
	for {
		if set.has("*." + domain) {
			return true
		}
		_, parent, found := strings.Cut(domain, ".")
		if !found {
			return false
		}
		domain = parent
	}
}

var disposable = sync.OnceValue(func() hashes {
	set, err := unpack(packed)
	if err != nil {
		// The list is part of the program and read by its tests.
		panic(err)
	}
	return set
})

// hashes is a sorted set of 64-bit hashes. Of 120,000 names, two with the same
// hash are less likely than one in a thousand million.
type hashes []uint64

func (h hashes) has(name string) bool {
	_, found := slices.BinarySearch(h, hash(name))
	return found
}

func hash(name string) uint64 {
	h := fnv.New64a()
	h.Write([]byte(name))
	return h.Sum64()
}

// unpack reads the packed form. Each line begins with a top-level domain; then,
// for each name under it in order, a capital letter tells how much of the name
// before is kept (A nothing, B one character, …) and the rest is spelled out.
// The line of * holds whole domains that count together with all under them.
func unpack(packed []byte) (hashes, error) {
	z, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil, fmt.Errorf("open the list of disposable domains: %w", err)
	}
	lines := bufio.NewScanner(z)
	lines.Buffer(nil, 4<<20)
	var set hashes
	for lines.Scan() {
		line := lines.Bytes()
		end := bytes.IndexFunc(line, isCapital)
		if end < 0 {
			return nil, fmt.Errorf("the list of disposable domains has a line without names: %.40q", line)
		}
		top, rest := string(line[:end]), line[end:]
		var name []byte
		for len(rest) > 0 {
			keep := int(rest[0] - 'A')
			rest = rest[1:]
			next := bytes.IndexFunc(rest, isCapital)
			if next < 0 {
				next = len(rest)
			}
			if keep > len(name) {
				return nil, fmt.Errorf("the list of disposable domains keeps %d characters of %q", keep, name)
			}
			name = append(name[:keep], rest[:next]...)
			rest = rest[next:]
			if top == "*" {
				set = append(set, hash("*."+string(name)))
			} else {
				set = append(set, hash(string(name)+"."+top))
			}
		}
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("read the list of disposable domains: %w", err)
	}
	slices.Sort(set)
	return slices.Clip(set), nil
}

func isCapital(r rune) bool { return 'A' <= r && r <= 'Z' }
