package password

import "sync"

// keyboard tells where each character lies: the column, the row, and whether
// it needs the shift key.
type keyboard struct {
	keys    map[rune]place
	number  float64 // of characters on it
	degree  float64 // neighbours of a key on average
	slanted bool    // rows are set off by half a key
}

type place struct {
	x, y    int
	shifted bool
}

// newKeyboard reads as many rows of keys as it is high, and then the same rows
// with shift. On a slanted one a key's column is that of the key above it to
// the left.
func newKeyboard(slanted bool, height int, rows ...string) *keyboard {
	k := &keyboard{keys: map[rune]place{}, slanted: slanted}
	taken := map[[2]int]bool{}
	for i, row := range rows {
		for x, r := range []rune(row) {
			if r == ' ' {
				continue
			}
			// A sign that is on two keys stays on the first.
			if _, twice := k.keys[r]; !twice {
				k.keys[r] = place{x: x, y: i % height, shifted: i >= height}
			}
			taken[[2]int{x, i % height}] = true
		}
	}
	k.number = float64(len(k.keys))
	neighbours := 0
	for at := range taken {
		for other := range taken {
			if _, ok := k.direction(place{x: at[0], y: at[1]}, place{x: other[0], y: other[1]}); ok {
				neighbours++
			}
		}
	}
	k.degree = float64(neighbours) / float64(len(taken))
	return k
}

// direction returns which way b lies from a, if they are neighbours.
func (k *keyboard) direction(a, b place) (way [2]int, neighbours bool) {
	way = [2]int{b.x - a.x, b.y - a.y}
	if k.slanted {
		switch way {
		case [2]int{-1, 0}, [2]int{1, 0}, [2]int{0, -1}, [2]int{1, -1}, [2]int{0, 1}, [2]int{-1, 1}:
			return way, true
		}
		return way, false
	}
	return way, way != [2]int{} && way[0]*way[0] <= 1 && way[1]*way[1] <= 1
}

var keyboards = sync.OnceValue(func() []*keyboard {
	return []*keyboard{
		newKeyboard(true, 4,
			"`1234567890-=", ` qwertyuiop[]\`, " asdfghjkl;'", " zxcvbnm,./",
			"~!@#$%^&*()_+", " QWERTYUIOP{}|", ` ASDFGHJKL:"`, " ZXCVBNM<>?"),
		newKeyboard(true, 4,
			"^1234567890ß´", " qwertzuiopü+", " asdfghjklöä#", " yxcvbnm,.-",
			`°!"§$%&/()=?`, " QWERTZUIOPÜ*", " ASDFGHJKLÖÄ'", " YXCVBNM;:_"),
		newKeyboard(true, 4,
			"²&é\"'(-è_çà)=", " azertyuiop^$", " qsdfghjklmù*", " wxcvbn,;:!",
			" 1234567890°+", " AZERTYUIOP¨£", " QSDFGHJKLM%µ", " WXCVBN?./§"),
		newKeyboard(false, 5, " /*-", "789+", "456", "123", " 0."),
	}
})

// keyboardWalk guesses a walk over neighbouring keys, such as qwerty or 1qaz.
func keyboardWalk(p []rune) float64 {
	guesses := never
	for _, k := range keyboards() {
		guesses = min(guesses, k.walk(p))
	}
	return guesses
}

// walk returns the guesses for all walks with at most as many keys and turns.
func (k *keyboard) walk(p []rune) float64 {
	at, ok := k.keys[p[0]]
	if !ok || len(p) < 3 {
		return never
	}
	var last [2]int
	turns, shifted := 0, 0
	if at.shifted {
		shifted++
	}
	for _, r := range p[1:] {
		next, ok := k.keys[r]
		if !ok {
			return never
		}
		way, ok := k.direction(at, next)
		if !ok {
			return never
		}
		if way != last {
			turns++
		}
		if next.shifted {
			shifted++
		}
		at, last = next, way
	}
	guesses := 0.0
	for length := 2; length <= len(p); length++ {
		for t, paths := 1, k.degree; t <= min(turns, length-1); t, paths = t+1, paths*k.degree {
			guesses += choose(length-1, t-1) * k.number * paths
		}
	}
	switch shifted {
	case 0:
		return guesses
	case len(p):
		return 2 * guesses
	}
	return guesses * ways(shifted, len(p)-shifted)
}
