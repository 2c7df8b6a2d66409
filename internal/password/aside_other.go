//go:build !linux

package password

// aside does work as any other: threads have no priority of their own here.
func aside(work func()) { work() }
