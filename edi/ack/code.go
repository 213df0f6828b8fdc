package ack

// List names a list of codes that acknowledgments use.
type List string

// The lists, by the place where their codes stand.
const (
	TA105  List = "TA105" // what is wrong with an interchange
	AK905  List = "AK905" // with a functional group
	AK502  List = "AK502" // with a transaction set; IK502 in a 999
	AK304  List = "AK304" // with a segment; IK304 in a 999
	AK403  List = "AK403" // with an element; IK403 in a 999
	CE0085 List = "0085"  // with anything, in a CONTRL
	TED01  List = "TED01" // why an application refuses; also in the ERC of our APERAK
)

// Meaning says in a few words what a code means, "" if the list does not have it.
func Meaning(l List, code string) string { return meanings[l][code] }

var meanings = map[List]map[string]string{
	TA105:  interchangeCodes,
	AK905:  groupCodes,
	AK502:  transactionCodes,
	AK304:  segmentCodes,
	AK403:  elementCodes,
	CE0085: syntaxCodes,
	TED01:  applicationCodes,
}

var interchangeCodes = map[string]string{
	"000": "nothing is wrong",
	"001": "control numbers of header and trailer differ",
	"002": "control standard not supported",
	"003": "version of the controls not supported",
	"004": "segment terminator invalid",
	"005": "qualifier of the sender invalid",
	"006": "sender invalid",
	"007": "qualifier of the receiver invalid",
	"008": "receiver invalid",
	"009": "receiver unknown",
	"010": "qualifier of the authorization invalid",
	"011": "authorization invalid",
	"012": "qualifier of the security information invalid",
	"013": "security information invalid",
	"014": "date invalid",
	"015": "time invalid",
	"016": "identifier of the control standard invalid",
	"017": "version of the controls invalid",
	"018": "control number invalid",
	"019": "request for an acknowledgment invalid",
	"020": "test indicator invalid",
	"021": "count of groups wrong",
	"022": "structure of the envelopes wrong",
	"023": "the file ends before the interchange does",
	"024": "content invalid",
	"025": "control number seen before",
	"026": "element separator invalid",
	"027": "component separator invalid",
	"028": "date of deferred delivery invalid",
	"029": "time of deferred delivery invalid",
	"030": "time code of deferred delivery invalid",
	"031": "grade of service invalid",
}

var groupCodes = map[string]string{
	"1":  "group not supported",
	"2":  "version not supported",
	"3":  "trailer missing",
	"4":  "control numbers of header and trailer differ",
	"5":  "count of transaction sets wrong",
	"6":  "control number invalid",
	"7":  "code of the sender invalid",
	"8":  "code of the receiver invalid",
	"9":  "responsible agency invalid",
	"10": "authentication key unknown",
	"11": "encryption key unknown",
	"12": "authentication or encryption not available",
	"13": "security recipient unknown",
	"14": "security originator unknown",
	"15": "syntax error in decrypted text",
	"16": "security not supported",
	"17": "length of encrypted text wrong",
	"18": "message authentication failed",
	"19": "control number occurs twice in the interchange",
	"23": "security segment S3E missing",
	"24": "security segment S3S missing",
	"25": "security segment S4E missing",
	"26": "security segment S4S missing",
}

var transactionCodes = map[string]string{
	"1":  "transaction set not supported",
	"2":  "trailer missing",
	"3":  "control numbers of header and trailer differ",
	"4":  "count of segments wrong",
	"5":  "segments in error",
	"6":  "identifier of the transaction set missing or invalid",
	"7":  "control number missing or invalid",
	"8":  "authentication key unknown",
	"9":  "encryption key unknown",
	"10": "authentication or encryption not available",
	"11": "security recipient unknown",
	"12": "length of encrypted text wrong",
	"13": "message authentication failed",
	"15": "security originator unknown",
	"16": "syntax error in decrypted text",
	"17": "security not supported",
	"18": "transaction set does not belong to the group",
	"19": "implementation convention invalid",
	"23": "control number occurs twice in the group",
	"24": "security segment S3E missing",
	"25": "security segment S3S missing",
	"26": "security segment S4E missing",
	"27": "security segment S4S missing",
	"I5": "segments break the partner's guide",
	"I6": "implementation convention not supported",
}

var segmentCodes = map[string]string{
	"1":  "segment unknown",
	"2":  "segment not expected here",
	"3":  "required segment missing",
	"4":  "loop occurs too often",
	"5":  "segment occurs too often",
	"6":  "segment not part of the transaction set",
	"7":  "segment out of sequence",
	"8":  "elements in error",
	"I4": "segment not used by the guide",
	"I6": "segment missing that others require",
	"I7": "loop occurs too seldom",
	"I8": "segment occurs too seldom",
	"I9": "segment not used in this situation",
}

var elementCodes = map[string]string{
	"1":   "required element missing",
	"2":   "element missing that others require",
	"3":   "too many elements",
	"4":   "too short",
	"5":   "too long",
	"6":   "invalid character",
	"7":   "invalid code",
	"8":   "invalid date",
	"9":   "invalid time",
	"10":  "excluded by another element",
	"12":  "too many repetitions",
	"13":  "too many components",
	"I6":  "code not used by the guide",
	"I9":  "element missing that others require",
	"I10": "element not used by the guide",
	"I11": "too few repetitions",
	"I12": "does not match the pattern",
	"I13": "element not used in this situation",
}

var syntaxCodes = map[string]string{
	"2":  "syntax version or level not supported",
	"7":  "receiver is not the one addressed",
	"12": "value invalid",
	"13": "missing",
	"14": "value not supported in this place",
	"15": "not supported in this place",
	"16": "too many elements or components",
	"17": "no agreement",
	"18": "other error",
	"19": "decimal mark invalid",
	"20": "character invalid as service character",
	"21": "invalid character",
	"22": "invalid service character",
	"23": "sender unknown",
	"24": "too old",
	"25": "test indicator not supported",
	"26": "duplicate",
	"27": "security not supported",
	"28": "references of header and trailer differ",
	"29": "count of the trailer wrong",
	"30": "groups and messages mixed",
	"31": "several types of message in a group",
	"32": "nothing in it",
	"33": "segment outside of message or group",
	"34": "nesting indicator not allowed",
	"35": "too many repetitions of a segment",
	"36": "too many repetitions of a segment group",
	"37": "invalid type of character",
	"38": "digit missing before the decimal mark",
	"39": "too long",
	"40": "too short",
	"41": "network error that stays",
	"42": "network error that passes",
	"43": "receiver unknown",
	"45": "separator at the end",
	"46": "character set not supported",
	"47": "envelope functionality not supported",
	"48": "dependency note violated",
}

var applicationCodes = map[string]string{
	"006": "duplicate",
	"007": "data missing",
	"008": "out of range",
	"009": "date invalid",
	"010": "total out of balance",
	"011": "does not match",
	"012": "combination invalid",
	"024": "another reason, told in the text",
	"027": "customer does not exist",
	"848": "data incorrect",
	"P":   "quantity invalid",
	"Q":   "item not known",
	"ZZZ": "as agreed",
}
