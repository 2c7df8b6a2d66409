//go:build !linux

package cli

// dropPages gives pages of the program back where it is known how: on Linux.
func dropPages() {}
