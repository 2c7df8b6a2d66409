package totp

import (
	"fmt"
	"html"
	"image/color"
	"strings"

	"github.com/boombuler/barcode/qr"
)

// quiet is the margin that scanners need around a QR code, in modules.
const quiet = 4

// SVG draws a text as a QR code, dark on light whatever the page is, to be scaled
// as one likes. The title is what a screen reader says of it.
func SVG(text, title string) (string, error) {
	code, err := qr.Encode(text, qr.M, qr.Unicode)
	if err != nil {
		return "", fmt.Errorf("QR code: %w", err)
	}
	size := code.Bounds().Dx()
	dark := func(x, y int) bool { return x < size && code.At(x, y) == color.Black }
	var b strings.Builder
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %[1]d %[1]d" role="img" shape-rendering="crispEdges"><title>%[2]s</title>`+
		`<path fill="#fff" d="M0 0h%[1]dv%[1]dH0z"/><path fill="#000" d="`, size+2*quiet, html.EscapeString(title))
	for y := range size {
		for x := 0; x < size; x++ {
			if !dark(x, y) {
				continue
			}
			from := x
			for dark(x, y) {
				x++
			}
			fmt.Fprintf(&b, "M%d %dh%dv1h-%[3]dz", from+quiet, y+quiet, x-from)
		}
	}
	b.WriteString(`"/></svg>`)
	return b.String(), nil
}
