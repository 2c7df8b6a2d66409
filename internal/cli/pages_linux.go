package cli

import (
	"bufio"
	"io"
	"os"
	"strconv"
	"strings"
	"syscall"
)

// dropPages gives the system back the pages of the program's own file that were
// touched so far, of which a start touches far more than the work after it: Linux
// maps sixteen around each. They stay in its file cache for as long as it has room,
// and one that is touched again is mapped again, which takes a microsecond. What
// cannot be found out or done is no harm.
func dropPages() {
	program, err := os.Readlink("/proc/self/exe")
	if err != nil {
		return
	}
	f, err := os.Open("/proc/self/smaps")
	if err != nil {
		return
	}
	defer f.Close()
	for _, r := range asInFile(f, program) {
		_, _, _ = syscall.Syscall(syscall.SYS_MADVISE, r.from, r.to-r.from, syscall.MADV_DONTNEED)
	}
}

// addresses are a range in memory.
type addresses struct{ from, to uintptr }

// asInFile finds in the text of /proc/PID/smaps what of a file can be read from it
// again: mappings of which no page was changed (by a relocation, a debugger's
// breakpoint) and none will be, since they cannot be written.
func asInFile(smaps io.Reader, file string) []addresses {
	var found []addresses
	var at addresses
	for lines := bufio.NewScanner(smaps); lines.Scan(); {
		// A mapping is "from-to mode offset device inode file", and then a line for
		// each of its figures.
		fields := strings.Fields(lines.Text())
		switch {
		case len(fields) >= 5 && !strings.HasSuffix(fields[0], ":"):
			at = addresses{}
			if mode := fields[1]; strings.HasPrefix(mode, "r-") && strings.HasSuffix(mode, "p") && strings.Join(fields[5:], " ") == file {
				at = parseAddresses(fields[0])
			}
		case len(fields) >= 2 && fields[0] == "Anonymous:" && fields[1] == "0" && at.to > at.from:
			found = append(found, at)
		}
	}
	return found
}

// parseAddresses reads "from-to". What is no such text is an empty range.
func parseAddresses(s string) addresses {
	from, to, _ := strings.Cut(s, "-")
	a, err := strconv.ParseUint(from, 16, strconv.IntSize)
	if err != nil {
		return addresses{}
	}
	b, err := strconv.ParseUint(to, 16, strconv.IntSize)
	if err != nil {
		return addresses{}
	}
	return addresses{uintptr(a), uintptr(b)}
}
