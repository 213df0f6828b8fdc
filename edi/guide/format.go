package guide

import "slices"

// dateFormats are the values of element 2379 that stand for a point in time, a
// day or a span of them, and how the value beside it is written then.
var dateFormats = map[string]string{
	"2": "DDMMYY", "3": "MMDDYY", "4": "DDMMCCYY", "5": "DDMMCCYYHHMM",
	"101": "YYMMDD", "102": "CCYYMMDD", "105": "YYDDD", "106": "MMDD", "107": "DDD", "108": "WW",
	"201": "YYMMDDHHMM", "202": "YYMMDDHHMMSS", "203": "CCYYMMDDHHMM", "204": "CCYYMMDDHHMMSS",
	"301": "YYMMDDHHMMZZZ", "302": "YYMMDDHHMMSSZZZ", "303": "CCYYMMDDHHMMZZZ", "304": "CCYYMMDDHHMMSSZZZ",
	"401": "HHMM", "402": "HHMMSS", "501": "HHMM-HHMM", "502": "HHMMSS-HHMMSS",
	"602": "CCYY", "609": "YYMM", "610": "CCYYMM", "615": "YYWW", "616": "CCYYWW", "702": "CCYY-CCYY",
	"709": "YYMM-YYMM", "710": "CCYYMM-CCYYMM", "713": "YYMMDDHHMM-YYMMDDHHMM", "715": "YYWW-YYWW", "716": "CCYYWW-CCYYWW",
	"711": "CCYYMMDD-CCYYMMDD", "717": "YYMMDD-YYMMDD", "718": "CCYYMMDD-CCYYMMDD", "719": "CCYYMMDDHHMM-CCYYMMDDHHMM",
}

// fitsFormat tells whether a value is written as a format such as CCYYMMDDHHMM
// says and stands for a time that exists. The hyphen of a span may be left out.
func fitsFormat(value []byte, format string) bool {
	var t clock
	for format != "" {
		part := formatPart(format)
		format = format[len(part):]
		if part == "-" {
			if len(value) > 0 && value[0] == '-' {
				value = value[1:]
			}
			if !t.exists() {
				return false
			}
			t = clock{}
			continue
		}
		if len(value) < len(part) || !t.read(part, value[:len(part)]) {
			return false
		}
		value = value[len(part):]
	}
	return len(value) == 0 && t.exists()
}

// formatPart is the run of equal letters at the start of a format, MM being one
// month or one minute.
func formatPart(format string) string {
	n := 1
	for n < len(format) && format[n] == format[0] && (n != 2 || format[0] != 'M') {
		n++
	}
	return format[:n]
}

// clock collects what a value says, one more than the number so that zero means
// that nothing was said.
type clock struct{ century, year, month, day, hour int }

func (t *clock) read(part string, v []byte) bool {
	if part[0] == 'Z' {
		return true // the name of a zone
	}
	if !onlyDigits(v) {
		return false
	}
	n := 0
	for _, c := range v {
		n = n*10 + int(c-'0')
	}
	switch part {
	case "CC":
		t.century = n + 1
	case "YY":
		t.year = n + 1
	case "DD":
		t.day = n
		return n >= 1 && n <= 31
	case "DDD":
		return n >= 1 && n <= 366
	case "WW":
		return n >= 1 && n <= 53
	case "HH":
		t.hour = n + 1
		return n <= 24
	case "SS":
		return n < 60 && t.within(n)
	case "MM":
		if t.hour > 0 {
			return n < 60 && t.within(n)
		}
		t.month = n
		return n >= 1 && n <= 12
	}
	return true
}

// within tells whether the hour has so many minutes or seconds: 24 is the end of
// a day, and has none.
func (t *clock) within(n int) bool { return t.hour <= 24 || n == 0 }

// exists tells whether there is such a day. Without a year, or with one of two
// digits, the 29th of February is one.
func (t *clock) exists() bool {
	if t.day == 0 || t.month == 0 {
		return true
	}
	year := 2000
	if t.century > 0 && t.year > 0 {
		year = (t.century-1)*100 + t.year - 1
	} else if t.year > 0 {
		year += t.year - 1
	}
	return t.day <= monthDays(year, t.month)
}

func monthDays(year, month int) int {
	switch month {
	case 4, 6, 9, 11:
		return 30
	case 2:
		if year%4 == 0 && (year%100 != 0 || year%400 == 0) {
			return 29
		}
		return 28
	}
	return 31
}

// The check digits that a guide can ask for.
const (
	checkGTIN = "gtin" // 8, 12, 13 or 14 digits
	checkGLN  = "gln"  // 13 digits
	checkSSCC = "sscc" // 18 digits
	checkDUNS = "duns" // 9 digits, perhaps with four characters behind
)

func isCheck(s string) bool {
	return s == checkGTIN || s == checkGLN || s == checkSSCC || s == checkDUNS
}

// checkDigit tells whether value is an identification of this kind. The check
// digit of DUNS numbers is no longer given since 2006; its form is.
func checkDigit(kind string, value []byte) bool {
	n := len(value)
	switch kind {
	case checkDUNS:
		return (n == 9 || n == 13) && onlyDigits(value[:9])
	case checkGTIN:
		if n != 8 && n != 12 && n != 13 && n != 14 {
			return false
		}
	case checkGLN:
		if n != 13 {
			return false
		}
	case checkSSCC:
		if n != 18 {
			return false
		}
	}
	return onlyDigits(value) && modulo10(value) == 0
}

// modulo10 is the weighted sum of GS1: 3 and 1 in turn from the right, the
// check digit itself with 1.
func modulo10(digits []byte) int {
	sum, weight := 0, 1
	for _, d := range slices.Backward(digits) {
		sum += int(d-'0') * weight
		weight = 4 - weight
	}
	return sum % 10
}
