package password

import (
	"bufio"
	"bytes"
	"compress/gzip"
	_ "embed"
	"fmt"
	"hash/fnv"
	"math"
	"slices"
	"sync"
)

// packed is the list that the refresh command writes; see data/README.md.
//
//go:embed data/words.gz
var packed []byte

// longestWord is how many characters the words of the list have at most.
const longestWord = 32

// rank returns how many guesses an attacker needs who tries the common
// passwords, words and names in lower case by how common they are, to within a
// factor of 1.5; or never. The first call unpacks the list, which takes some
// 50 ms and keeps 1 MB.
func rank(word string) float64 {
	list := words()
	h := hash([]byte(word))
	i, _ := slices.BinarySearch(list, h)
	if i == len(list) || list[i]&^levels != h {
		return never
	}
	return 1.5 * math.Exp2(float64(list[i]&levels))
}

// levels are the bits of an entry of the list that tell how common the word is:
// it is one of the first 2^(level+1), and none of the first 2^level. The others
// are of the word's hash. Two of the words have the same less often than once
// in ten million lists.
const levels = 31

func hash(word []byte) uint64 {
	h := fnv.New64a()
	h.Write(word)
	return h.Sum64() &^ levels
}

var words = sync.OnceValue(func() []uint64 {
	list, err := unpack(packed)
	if err != nil {
		// The list is part of the program and read by its tests.
		panic(err)
	}
	return list
})

// unpack reads the list: a word a line, an empty line before each next level.
func unpack(packed []byte) ([]uint64, error) {
	z, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil, fmt.Errorf("open the list of words: %w", err)
	}
	var list []uint64
	level := uint64(0)
	lines := bufio.NewScanner(z)
	for lines.Scan() {
		if word := lines.Bytes(); len(word) > 0 {
			list = append(list, hash(word)|level)
		} else if level++; level > levels {
			return nil, fmt.Errorf("the list of words has more than %d levels", levels+1)
		}
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("read the list of words: %w", err)
	}
	slices.Sort(list)
	return slices.Clip(list), nil
}
