package edi

// rule is one rule of the envelopes. Each standard has its own id and its own
// acknowledgment code for it.
type rule uint8

const (
	fileSkipped rule = iota
	fileLost
	fileEncoding
	interchangeHeader
	interchangeTrailer
	interchangeCut
	interchangeCount
	interchangeControl
	interchangeControlForm
	interchangeEmpty
	interchangeMixed
	groupHeader
	groupTrailer
	groupCount
	groupControl
	groupControlForm
	groupDuplicate
	groupTypes
	groupEmpty
	transactionTrailer
	transactionCount
	transactionControl
	transactionDuplicate
	segmentStray
	segmentMisplaced
	segmentLeftOver
	segmentUnterminated
	segmentEmpty
	segmentTag
	segmentTooLong
	segmentTooMany
)

// ruleName is what a standard calls a rule: the finding's id, and the code that
// its acknowledgment has for it, empty where it has none.
type ruleName struct{ id, code string }

// ruleRow is a rule with its names.
type ruleRow struct {
	level    Level
	severity Severity
	x12      ruleName
	edifact  ruleName
}

// rules holds the codes of TA105, AK905, AK502 and AK304 on the side of X12 and
// those of data element 0085 on the side of EDIFACT, where code 18 stands for
// what no other code says. A rule that a standard does not have has no id there.
var rules = [...]ruleRow{
	fileSkipped:            {LevelFile, Warning, ruleName{"x12.file.skipped", ""}, ruleName{"edifact.file.skipped", ""}},
	fileLost:               {LevelFile, Error, ruleName{"x12.file.lost", ""}, ruleName{"edifact.file.lost", ""}},
	fileEncoding:           {LevelFile, Error, ruleName{"x12.file.encoding", ""}, ruleName{"edifact.file.encoding", ""}},
	interchangeHeader:      {LevelInterchange, Error, ruleName{}, ruleName{"edifact.interchange.header-missing", "13"}},
	interchangeTrailer:     {LevelInterchange, Error, ruleName{"x12.interchange.trailer-missing", "022"}, ruleName{"edifact.interchange.trailer-missing", "13"}},
	interchangeCut:         {LevelInterchange, Error, ruleName{"x12.interchange.trailer-missing", "023"}, ruleName{"edifact.interchange.trailer-missing", "13"}},
	interchangeCount:       {LevelInterchange, Error, ruleName{"x12.interchange.count", "021"}, ruleName{"edifact.interchange.count", "29"}},
	interchangeControl:     {LevelInterchange, Error, ruleName{"x12.interchange.control-mismatch", "001"}, ruleName{"edifact.interchange.control-mismatch", "28"}},
	interchangeControlForm: {LevelInterchange, Warning, ruleName{"x12.interchange.control-form", ""}, ruleName{}},
	interchangeEmpty:       {LevelInterchange, Error, ruleName{}, ruleName{"edifact.interchange.empty", "32"}},
	interchangeMixed:       {LevelInterchange, Error, ruleName{}, ruleName{"edifact.interchange.mixed", "30"}},
	groupHeader:            {LevelInterchange, Error, ruleName{"x12.group.header-missing", "024"}, ruleName{}},
	groupTrailer:           {LevelGroup, Error, ruleName{"x12.group.trailer-missing", "3"}, ruleName{"edifact.group.trailer-missing", "13"}},
	groupCount:             {LevelGroup, Error, ruleName{"x12.group.count", "5"}, ruleName{"edifact.group.count", "29"}},
	groupControl:           {LevelGroup, Error, ruleName{"x12.group.control-mismatch", "4"}, ruleName{"edifact.group.control-mismatch", "28"}},
	groupControlForm:       {LevelGroup, Warning, ruleName{"x12.group.control-form", ""}, ruleName{}},
	groupDuplicate:         {LevelGroup, Warning, ruleName{"x12.group.control-duplicate", ""}, ruleName{"edifact.group.control-duplicate", "26"}},
	groupTypes:             {LevelGroup, Error, ruleName{}, ruleName{"edifact.group.types", "31"}},
	groupEmpty:             {LevelGroup, Error, ruleName{}, ruleName{"edifact.group.empty", "32"}},
	transactionTrailer:     {LevelTransaction, Error, ruleName{"x12.transaction.trailer-missing", "2"}, ruleName{"edifact.transaction.trailer-missing", "13"}},
	transactionCount:       {LevelTransaction, Error, ruleName{"x12.transaction.count", "4"}, ruleName{"edifact.transaction.count", "29"}},
	transactionControl:     {LevelTransaction, Error, ruleName{"x12.transaction.control-mismatch", "3"}, ruleName{"edifact.transaction.control-mismatch", "28"}},
	transactionDuplicate:   {LevelTransaction, Error, ruleName{"x12.transaction.control-duplicate", "23"}, ruleName{"edifact.transaction.control-duplicate", "26"}},
	segmentStray:           {LevelInterchange, Error, ruleName{"x12.segment.stray", "022"}, ruleName{"edifact.segment.stray", "33"}},
	segmentMisplaced:       {LevelGroup, Error, ruleName{"x12.segment.stray", ""}, ruleName{"edifact.segment.stray", "33"}},
	segmentLeftOver:        {LevelGroup, Error, ruleName{"x12.segment.stray", "5"}, ruleName{"edifact.segment.stray", "33"}},
	segmentUnterminated:    {LevelSegment, Error, ruleName{"x12.segment.unterminated", "8"}, ruleName{"edifact.segment.unterminated", "18"}},
	segmentEmpty:           {LevelSegment, Warning, ruleName{"x12.segment.empty", ""}, ruleName{"edifact.segment.empty", ""}},
	segmentTag:             {LevelSegment, Error, ruleName{"x12.segment.tag-invalid", "1"}, ruleName{"edifact.segment.tag-invalid", "12"}},
	segmentTooLong:         {LevelSegment, Error, ruleName{"x12.segment.too-long", "8"}, ruleName{"edifact.segment.too-long", "39"}},
	segmentTooMany:         {LevelSegment, Error, ruleName{"x12.segment.too-many-elements", "8"}, ruleName{"edifact.segment.too-many-elements", "16"}},
}

// finding is the finding that a standard makes of a broken rule.
func (r rule) finding(s Standard) Finding {
	row := &rules[r]
	name := row.x12
	if s == EDIFACT {
		name = row.edifact
	}
	return Finding{ID: name.id, Code: name.code, Severity: row.severity, Level: row.level}
}
