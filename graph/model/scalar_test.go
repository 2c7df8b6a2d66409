package model_test

import (
	"bytes"
	"testing"
	"time"

	"github.com/99designs/gqlgen/graphql"

	"tenantry/graph/model"
	"tenantry/internal/permission"
)

// Each scalar is written alike by the executor, with MarshalX, and without it, with
// AppendX.
func TestAppendWritesWhatMarshalWrites(t *testing.T) {
	same := func(want graphql.Marshaler, got []byte) {
		t.Helper()
		var b bytes.Buffer
		want.MarshalGQL(&b)
		if b.String() != string(got) {
			t.Errorf("appended is %s, marshaled %s", got, &b)
		}
	}
	for _, s := range []string{"", "text", "\"quoted\\\" \r\n\t\x00\x1f\x7f é \u2028 \xff"} {
		same(model.MarshalString(s), model.AppendString(nil, s))
		same(model.MarshalID(s), model.AppendID(nil, s))
		same(model.MarshalPermissionKey(permission.Key(s)), model.AppendPermissionKey(nil, permission.Key(s)))
		same(model.MarshalCategoryKey(permission.CategoryKey(s)), model.AppendCategoryKey(nil, permission.CategoryKey(s)))
	}
	for _, i := range []int{0, 7, -1, 1 << 31, -1 << 62} {
		same(model.MarshalInt(i), model.AppendInt(nil, i))
	}
	for _, zone := range []*time.Location{time.UTC, time.FixedZone("", 5*3600+1800), time.FixedZone("", -12*3600)} {
		for _, nano := range []int{0, 1, 1_000, 120_000_000, 999_999_999} {
			for _, year := range []int{1, 1969, 2000, 2026, 9999, 10_000} {
				at := time.Date(year, 2, 28, 23, 59, 59, nano, zone)
				same(model.MarshalTime(at), model.AppendTime(nil, at))
			}
		}
	}
	same(model.MarshalTime(time.Time{}), model.AppendTime(nil, time.Time{}))
}
