package straight

import "strconv"

const hex = "0123456789ABCDEF"

// AppendString appends text as graphql.MarshalString writes it.
func AppendString(b []byte, s string) []byte {
	b = append(b, '"')
	from := 0
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c >= ' ' && c != '"' && c != '\\' {
			continue
		}
		b = append(b, s[from:i]...)
		switch c {
		case '\t':
			b = append(b, `\t`...)
		case '\r':
			b = append(b, `\r`...)
		case '\n':
			b = append(b, `\n`...)
		case '"', '\\':
			b = append(b, '\\', c)
		default:
			b = append(b, '\\', 'u', '0', '0', hex[c>>4], hex[c&15])
		}
		from = i + 1
	}
	return append(append(b, s[from:]...), '"')
}

// AppendBoolean appends a truth as graphql.MarshalBoolean writes it.
func AppendBoolean(b []byte, v bool) []byte { return strconv.AppendBool(b, v) }
