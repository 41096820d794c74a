package envelope

// A decoding is how far decode came.
type decoding struct{ used, made int }

// decode decodes percent codes and plus signs (URL standard, "application/
// x-www-form-urlencoded parsing") from src to dst, which may be the same. It stops
// before an &, before a percent code that is broken or cut off, and where dst is full.
func decode(dst, src []byte) (d decoding) {
	for d.used < len(src) && d.made < len(dst) {
		c, n := src[d.used], 1
		switch c {
		case '&':
			return d
		case '+':
			c = ' '
		case '%':
			if d.used+2 >= len(src) {
				return d
			}
			high, low := unhex(src[d.used+1]), unhex(src[d.used+2])
			if high|low > 0xf {
				return d
			}
			c, n = high<<4|low, 3
		}
		dst[d.made] = c
		d.made++
		d.used += n
	}
	return d
}

// unhex returns the value of a hexadecimal digit, or 16.
func unhex(c byte) byte {
	switch {
	case '0' <= c && c <= '9':
		return c - '0'
	case 'a' <= c && c <= 'f':
		return c - 'a' + 10
	case 'A' <= c && c <= 'F':
		return c - 'A' + 10
	}
	return 16
}
