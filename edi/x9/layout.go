package x9

import "sort"

// field is a part of a record that stands in the same place every time.
type field struct {
	name string
	size int
}

// layouts name the fields of the record types, in their order, after the two
// digits of the type. What follows the last field has no name.
var layouts = map[string][]field{
	"01": {{"standardLevel", 2}, {"testIndicator", 1}, {"destinationRouting", 9}, {"originRouting", 9}, {"creationDate", 8}, {"creationTime", 4},
		{"resend", 1}, {"destinationName", 18}, {"originName", 18}, {"fileId", 1}, {"country", 2}, {"userField", 4}, {"companionDocument", 1}},
	"10": {{"collectionType", 2}, {"destinationRouting", 9}, {"institutionRouting", 9}, {"businessDate", 8}, {"creationDate", 8}, {"creationTime", 4},
		{"recordsType", 1}, {"documentation", 1}, {"cashLetterId", 8}, {"contactName", 14}, {"contactPhone", 10}, {"workType", 1}, {"returns", 1}, {"userField", 1}, {"reserved", 1}},
	"20": {{"collectionType", 2}, {"destinationRouting", 9}, {"institutionRouting", 9}, {"businessDate", 8}, {"creationDate", 8}, {"bundleId", 10},
		{"sequence", 4}, {"cycle", 2}, {"returnRouting", 9}, {"userField", 5}, {"reserved", 12}},
	"25": {{"auxiliaryOnUs", 15}, {"processingCode", 1}, {"payorRouting", 8}, {"payorCheckDigit", 1}, {"onUs", 20}, {"amount", 10}, {"itemSequence", 15},
		{"documentation", 1}, {"returnAcceptance", 1}, {"micrValid", 1}, {"firstDeposit", 1}, {"addenda", 2}, {"correction", 1}, {"archive", 1}},
	"26": {{"addendum", 1}, {"depositRouting", 9}, {"endorsementDate", 8}, {"itemSequence", 15}, {"depositAccount", 18}, {"depositBranch", 5}, {"payee", 15},
		{"truncation", 1}, {"conversion", 1}, {"correction", 1}, {"userField", 1}, {"reserved", 3}},
	"28": {{"addendum", 2}, {"endorserRouting", 9}, {"endorsementDate", 8}, {"itemSequence", 15}, {"truncation", 1}, {"conversion", 1}, {"correction", 1},
		{"returnReason", 1}, {"userField", 19}, {"endorsementType", 1}, {"reserved", 20}},
	"31": {{"payorRouting", 8}, {"payorCheckDigit", 1}, {"onUs", 20}, {"amount", 10}, {"returnReason", 1}, {"addenda", 2}, {"documentation", 1},
		{"forwardDate", 8}, {"itemSequence", 15}, {"processingCode", 1}, {"notification", 1}, {"archive", 1}, {"timesReturned", 1}, {"reserved", 8}},
	"32": {{"addendum", 1}, {"depositRouting", 9}, {"endorsementDate", 8}, {"itemSequence", 15}, {"depositAccount", 18}, {"depositBranch", 5}, {"payee", 15},
		{"truncation", 1}, {"conversion", 1}, {"correction", 1}, {"userField", 1}, {"reserved", 3}},
	"33": {{"payorName", 18}, {"auxiliaryOnUs", 15}, {"itemSequence", 15}, {"businessDate", 8}, {"payorAccountName", 22}},
	"35": {{"addendum", 2}, {"endorserRouting", 9}, {"endorsementDate", 8}, {"itemSequence", 15}, {"truncation", 1}, {"conversion", 1}, {"correction", 1},
		{"returnReason", 1}, {"userField", 19}, {"endorsementType", 1}, {"reserved", 20}},
	"50": {{"imageIndicator", 1}, {"creatorRouting", 9}, {"creationDate", 8}, {"format", 2}, {"compression", 2}, {"size", 7}, {"side", 1}, {"descriptor", 2},
		{"signature", 1}, {"signatureMethod", 2}, {"securityKeySize", 5}, {"protectedStart", 7}, {"protectedLength", 7}, {"recreate", 1}, {"userField", 8}},
	"52": {{"institutionRouting", 9}, {"businessDate", 8}, {"cycle", 2}, {"itemSequence", 15}, {"originator", 16}, {"authenticator", 16}, {"key", 16},
		{"clippingOrigin", 1}, {"clippingH1", 4}, {"clippingH2", 4}, {"clippingV1", 4}, {"clippingV2", 4}, {"referenceLength", 4}},
	"61": {{"auxiliaryOnUs", 15}, {"processingCode", 1}, {"postingRouting", 9}, {"onUs", 20}, {"amount", 10}, {"itemSequence", 15}, {"documentation", 1},
		{"accountType", 1}, {"source", 1}, {"workType", 1}, {"debitCredit", 1}},
	"70": {{"items", 4}, {"amount", 12}, {"micrValidAmount", 12}, {"images", 5}, {"userField", 20}, {"creditsIncluded", 1}},
	"85": {{"routing", 9}, {"amount", 14}, {"items", 6}, {"userField", 24}},
	"90": {{"bundles", 6}, {"items", 8}, {"amount", 14}, {"images", 9}, {"institutionName", 18}, {"settlementDate", 8}, {"creditsIncluded", 1}},
	"99": {{"cashLetters", 6}, {"records", 8}, {"items", 8}, {"amount", 16}, {"contactName", 14}, {"contactPhone", 10}, {"creditsIncluded", 1}},
}

// plain are the record types of the standard whose text is not taken apart.
var plain = map[string]bool{"27": true, "34": true, "54": true, "62": true, "68": true, "75": true}

// Types are the record types that the package knows.
func Types() []string {
	var all []string
	for t := range layouts {
		all = append(all, t)
	}
	for t := range plain {
		all = append(all, t)
	}
	sort.Strings(all)
	return all
}

// width is the length of records without variable parts.
const width = 80

// The variable parts of a record of type 52: after 105 bytes an image reference
// key, then the length of a signature and the signature, then the length of the
// image and the image.
const (
	keyLengthAt   = 101
	keyAt         = 105
	signatureSize = 5
	imageSize     = 7
)
