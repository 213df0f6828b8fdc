package edi

// ValidDate tells whether b is a day that exists, as YYMMDD or CCYYMMDD. Two
// digits for the year stand for the one, of those a century apart, that is a
// leap year if any is.
func ValidDate(b []byte) bool {
	if len(b) != 6 && len(b) != 8 || ClassOf(b) != Digit {
		return false
	}
	year := 0
	for _, c := range b[:len(b)-4] {
		year = year*10 + int(c-'0')
	}
	if len(b) == 6 {
		year += 2000
	}
	month, day := pair(b[len(b)-4:]), pair(b[len(b)-2:])
	return month >= 1 && month <= 12 && day >= 1 && day <= monthDays(year, month)
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

// ValidTime tells whether b is a time of day, as HHMM, HHMMSS or with one or
// two decimals of a second.
func ValidTime(b []byte) bool {
	if len(b) < 4 || len(b) == 5 || len(b) > 8 || ClassOf(b) != Digit {
		return false
	}
	return pair(b) < 24 && pair(b[2:]) < 60 && (len(b) == 4 || pair(b[4:]) < 60)
}

func pair(b []byte) int { return int(b[0]-'0')*10 + int(b[1]-'0') }
