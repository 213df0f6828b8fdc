package schema

import (
	"fmt"
	"strings"

	"github.com/shopspring/decimal"
)

// Money is an amount in one currency (ISO 4217, three capital letters). The
// amount has no more digits after the point than the currency has minor
// units. Amounts of different currencies are never added: a sum of many is a
// list with one Money per currency. The zero Money, without a currency,
// stands for "not stated".
type Money struct {
	Amount   decimal.Decimal `json:"amount"`
	Currency string          `json:"currency"`
}

// IsZero tells whether nothing is stated; an amount of 0.00 EUR is stated.
func (m Money) IsZero() bool { return m.Currency == "" }

// Equal tells whether amount and currency are the same; 1.5 equals 1.50.
func (m Money) Equal(n Money) bool { return m.Currency == n.Currency && m.Amount.Equal(n.Amount) }

// String gives the amount with all minor units and the currency: "12.50 EUR".
func (m Money) String() string {
	if m.IsZero() {
		return ""
	}
	return m.Amount.StringFixed(minorUnits(m.Currency)) + " " + m.Currency
}

// NewMoney reads an amount and rounds it half away from zero to the
// currency's minor units.
func NewMoney(amount decimal.Decimal, currency string) (Money, error) {
	if !currencyKnown(currency) {
		return Money{}, fmt.Errorf("currency %q: want a code of ISO 4217, such as EUR", currency)
	}
	amount = amount.Round(minorUnits(currency))
	if amount.Abs().Cmp(decimal.New(1, wholeDigits)) >= 0 {
		return Money{}, fmt.Errorf("an amount has at most %d digits before the point", wholeDigits)
	}
	return Money{amount, currency}, nil
}

// ParseMoney is [NewMoney] for an amount in decimal notation.
func ParseMoney(amount, currency string) (Money, error) {
	d, err := ParseDecimal(amount)
	if err != nil {
		return Money{}, err
	}
	return NewMoney(d, currency)
}

// The most digits that a number may have.
const (
	wholeDigits    = 20
	fractionDigits = 18
)

// ParseDecimal reads plain decimal notation: a sign, up to 20 digits, a point,
// up to 18 digits. Exponents are refused, since 1e999999999 is short to send
// and long to print.
func ParseDecimal(s string) (decimal.Decimal, error) {
	if !plainDecimal(s) {
		return decimal.Decimal{}, fmt.Errorf("number %q: want digits with an optional sign and point, at most %d before the point and %d behind it",
			shorten(s), wholeDigits, fractionDigits)
	}
	return decimal.NewFromString(s)
}

func plainDecimal(s string) bool {
	if s != "" && (s[0] == '-' || s[0] == '+') {
		s = s[1:]
	}
	whole, fraction, _ := strings.Cut(s, ".")
	return len(whole)+len(fraction) > 0 &&
		len(whole) <= wholeDigits && len(fraction) <= fractionDigits && onlyDigits(whole) && onlyDigits(fraction)
}

func onlyDigits(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return r < '0' || r > '9' }) < 0
}

func shorten(s string) string {
	if len(s) <= 60 {
		return s
	}
	return s[:57] + "..."
}
