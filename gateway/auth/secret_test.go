package auth

import (
	"math/big"
	"strings"
	"testing"
)

func TestTokenForm(t *testing.T) {
	t.Parallel()
	good := newSecret().token()
	flip := func(i int) string {
		b := []byte(good)
		if b[i]++; b[i] == '{' || b[i] == '[' || b[i] == ':' {
			b[i] = '0'
		}
		return string(b)
	}
	tests := map[string]struct {
		text string
		want bool
	}{
		"a token as it was made":         {good, true},
		"a letter of the secret changed": {flip(10), false},
		"a letter of the check changed":  {flip(tokenLength - 1), false},
		"cut short":                      {good[:tokenLength-1], false},
		"with space after it":            {good + " ", false},
		"another product's":              {"ghp_" + good[4:], false},
		"empty":                          {"", false},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := tokenWhole(test.text); got != test.want {
				t.Errorf("tokenWhole(%q) = %v, want %v", test.text, got, test.want)
			}
		})
	}
}

func TestSecretsAreOfFullLength(t *testing.T) {
	t.Parallel()
	if got := len(newSecret().text()); got != 43 {
		t.Errorf("a session's secret has %d characters, want 43 for 256 bits", got)
	}
	most := new(big.Int).Sub(new(big.Int).Lsh(big.NewInt(1), 256), big.NewInt(1))
	if most.Cmp(new(big.Int).Exp(big.NewInt(62), big.NewInt(tokenDigits), nil)) >= 0 {
		t.Errorf("256 bits do not fit %d digits of base 62", tokenDigits)
	}
	if got := base62(big.NewInt(61), 3); got != "00z" {
		t.Errorf("base62(61) = %q, want 00z", got)
	}
}

func FuzzTokenWhole(f *testing.F) {
	f.Add(newSecret().token())
	f.Add("fdc_")
	f.Fuzz(func(t *testing.T, text string) {
		if tokenWhole(text) && (!strings.HasPrefix(text, tokenStart) || len(text) != tokenLength) {
			t.Errorf("tokenWhole(%q) = true", text)
		}
	})
}
