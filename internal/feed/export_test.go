package feed

// Shown reports whether somebody beside holders of audit may know of what is done to such
// an object.
func Shown(noun string) bool {
	_, ok := shown[noun]
	return ok
}
