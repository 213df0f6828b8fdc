package policy

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Key gives a text as it is compared by contains: in lower case and without
// accents, as the database's function fondaco_key does. The two agree on the
// letters of European languages; what is shared is never chosen by it.
func Key(s string) string {
	var b strings.Builder
	for _, r := range norm.NFD.String(s) {
		if unicode.Is(unicode.Mn, r) {
			continue
		}
		if plain := unaccented[r]; plain != "" {
			b.WriteString(plain)
			continue
		}
		b.WriteRune(r)
	}
	return strings.ToLower(b.String())
}

// unaccented are letters with a stroke or a ligature, which Unicode does not
// take apart.
var unaccented = map[rune]string{
	'Ł': "L", 'ł': "l", 'Ø': "O", 'ø': "o", 'Đ': "D", 'đ': "d", 'Ħ': "H", 'ħ': "h", 'ı': "i",
	'Æ': "AE", 'æ': "ae", 'Œ': "OE", 'œ': "oe", 'ß': "ss", 'ẞ': "SS",
}
