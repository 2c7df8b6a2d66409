package page

// Rows is the memory of the rows of a page, taken for a few at a time: for one it costs
// as much as for eight. The zero value is ready.
type Rows[T any] struct {
	free []T
	most int
}

// Next returns the place of one more row, which is zero.
func (r *Rows[T]) Next() *T {
	if len(r.free) == 0 {
		r.most = min(max(2*r.most, 4), 32)
		r.free = make([]T, r.most)
	}
	row := &r.free[0]
	r.free = r.free[1:]
	return row
}
