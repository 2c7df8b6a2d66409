package cli

import (
	"bufio"
	"os"
	"strconv"
	"strings"
	"syscall"
	"testing"
)

// mapped counts the kilobytes that the process has in memory of files which it
// cannot write: its program.
func mapped(t *testing.T) int {
	t.Helper()
	f, err := os.Open("/proc/self/smaps")
	if err != nil {
		t.Skip(err)
	}
	defer f.Close()
	total, counts := 0, false
	for lines := bufio.NewScanner(f); lines.Scan(); {
		fields := strings.Fields(lines.Text())
		switch {
		case len(fields) >= 5 && !strings.HasSuffix(fields[0], ":"):
			counts = strings.HasPrefix(fields[1], "r-") && fields[4] != "0"
		case counts && fields[0] == "Rss:":
			kb, err := strconv.Atoi(fields[1])
			if err != nil {
				t.Fatal(err)
			}
			total += kb
		}
	}
	return total
}

// What was touched of the program leaves the memory of the process, and what is
// needed again comes back.
func TestDropPages(t *testing.T) {
	before := mapped(t)
	dropPages()
	if after := mapped(t); after > before/2 {
		t.Errorf("of %d kB of the program %d are still there", before, after)
	}
}

// A page that was changed cannot be read from its file again, so it stays as it is.
func TestDropPagesKeepsWhatWasChanged(t *testing.T) {
	f, err := os.Open("/proc/self/exe")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	page, err := syscall.Mmap(int(f.Fd()), 0, os.Getpagesize(), syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_PRIVATE)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = syscall.Munmap(page) }()
	copy(page, "changed")
	if err := syscall.Mprotect(page, syscall.PROT_READ); err != nil {
		t.Fatal(err)
	}
	dropPages()
	if got := string(page[:7]); got != "changed" {
		t.Errorf("it says %q again", got)
	}
}

func TestAsInFile(t *testing.T) {
	for name, c := range map[string]struct {
		mapping, anonymous string
		found              bool
	}{
		"code":                  {"00400000-014e1000 r-xp 00000000 fe:00 42 /opt/the portal/tenantry", "0", true},
		"constants":             {"00400000-014e1000 r--p 010e1000 fe:00 42 /opt/the portal/tenantry", "0", true},
		"code that was changed": {"00400000-014e1000 r-xp 00000000 fe:00 42 /opt/the portal/tenantry", "4", false},
		"variables":             {"00400000-014e1000 rw-p 0232a000 fe:00 42 /opt/the portal/tenantry", "0", false},
		"code nobody may read":  {"00400000-014e1000 --xp 00000000 fe:00 42 /opt/the portal/tenantry", "0", false},
		"what others share":     {"00400000-014e1000 r--s 00000000 fe:00 42 /opt/the portal/tenantry", "0", false},
		"another file":          {"00400000-014e1000 r-xp 00000000 fe:00 43 /usr/lib/libc.so.6", "0", false},
		"no file":               {"00400000-014e1000 r--p 00000000 00:00 0", "0", false},
		"no addresses":          {"program-file r-xp 00000000 fe:00 42 /opt/the portal/tenantry", "0", false},
	} {
		smaps := c.mapping + "\nSize: 17284 kB\nRss: 11264 kB\nAnonymous: " + c.anonymous + " kB\nVmFlags: rd ex mr mw me sd\n"
		got := asInFile(strings.NewReader(smaps+"7f00-7f01 rw-p 00000000 00:00 0\nAnonymous: 0 kB\n"), "/opt/the portal/tenantry")
		if c.found != (len(got) == 1) || c.found && got[0] != (addresses{0x400000, 0x14e1000}) {
			t.Errorf("%s: %v", name, got)
		}
	}
}
