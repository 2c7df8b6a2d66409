//go:build unix

package db

import (
	"net"
	"syscall"
)

// gone reports whether the server has hung up, or said why it will: it looks at what
// there is to read, takes nothing, and does not wait.
func gone(c net.Conn) (gone bool) {
	s, ok := c.(syscall.Conn)
	if !ok {
		return false
	}
	raw, err := s.SyscallConn()
	if err != nil {
		return true
	}
	// Not by its Read, for which time may have run out since the last one.
	err = raw.Control(func(fd uintptr) {
		var first [1]byte
		switch n, _, err := syscall.Recvfrom(int(fd), first[:], syscall.MSG_PEEK); err {
		case nil:
			gone = n == 0 || first[0] == 'E'
		case syscall.EAGAIN, syscall.EINTR:
		default:
			gone = true
		}
	})
	return gone || err != nil
}
