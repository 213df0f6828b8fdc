package ack

// The codes of a finding are those of a 999 in the newest version. What an
// older version or the 997 does not have becomes what it has instead.

// transactionCode is AK502 in the form and version written.
func (o *out) transactionCode(code string) string {
	if o.form == Form999 {
		return code
	}
	switch code {
	case "I5":
		return "5"
	case "I6":
		return "1"
	case "18":
		if o.version < "005010" {
			return "6"
		}
	case "19":
		if o.version < "005010" {
			return "5" // there is no ST03 there, and 19 means something else
		}
	}
	return code
}

// segmentCode is AK304: a 997 knows nothing of the rules of guides.
func (o *out) segmentCode(code string) string {
	if o.form == Form999 {
		return code
	}
	switch code {
	case "I4", "I9":
		return "2"
	case "I6", "I7", "I8":
		return "3"
	}
	return code
}

// elementCode is AK403: the codes for repetitions and components came with 005010.
func (o *out) elementCode(code string) string {
	if o.form == Form999 {
		return code
	}
	switch code {
	case "12", "13":
		if o.version < "005010" {
			return "3"
		}
	case "I6", "I12":
		return "7"
	case "I9":
		return "2"
	case "I10":
		return "3"
	case "I11":
		return "1"
	case "I13":
		return "10"
	}
	return code
}
