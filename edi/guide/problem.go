package guide

import "fondaco/edi"

// verdictCodes are what acknowledgments say of the breach of a rule: X12 in
// AK304, AK403 or AK502 and their namesakes of the 999, EDIFACT in element 0085
// of a CONTRL.
type verdictCodes struct {
	x12, edifact string
	level        edi.Level
	severity     edi.Severity
}

// ruleCodes are the rules that guides make, by the end of the ids of their
// findings: x12.segment.missing, edifact.segment.missing.
var ruleCodes = map[string]verdictCodes{
	"set.no-guide":               {"1", "14", edi.LevelTransaction, edi.Warning},
	"set.version-read":           {"", "", edi.LevelGroup, edi.Warning},
	"set.bad-guide":              {"1", "18", edi.LevelTransaction, edi.Warning},
	"set.wrong-group":            {"18", "31", edi.LevelTransaction, edi.Error},
	"segment.unknown":            {"1", "15", edi.LevelSegment, edi.Error},
	"segment.unexpected":         {"2", "15", edi.LevelSegment, edi.Error},
	"segment.missing":            {"3", "13", edi.LevelSegment, edi.Error},
	"loop.too-many":              {"4", "36", edi.LevelSegment, edi.Error},
	"segment.too-many":           {"5", "35", edi.LevelSegment, edi.Error},
	"segment.not-in-set":         {"6", "15", edi.LevelSegment, edi.Error},
	"segment.sequence":           {"7", "15", edi.LevelSegment, edi.Error},
	"segment.not-used":           {"I4", "15", edi.LevelSegment, edi.Error},
	"segment.merged":             {"8", "16", edi.LevelSegment, edi.Error},
	"segment.unconfirmed":        {"", "", edi.LevelSegment, edi.Warning},
	"segment.trailing-separator": {"", "45", edi.LevelSegment, edi.Warning},
	"element.missing":            {"1", "13", edi.LevelElement, edi.Error},
	"element.condition":          {"2", "48", edi.LevelElement, edi.Error},
	"element.exclusion":          {"10", "48", edi.LevelElement, edi.Error},
	"element.too-many":           {"3", "16", edi.LevelElement, edi.Error},
	"element.components":         {"13", "16", edi.LevelElement, edi.Error},
	"element.repeats":            {"12", "35", edi.LevelElement, edi.Error},
	"element.too-few-repeats":    {"I11", "13", edi.LevelElement, edi.Error},
	"element.too-short":          {"4", "40", edi.LevelElement, edi.Error},
	"element.too-long":           {"5", "39", edi.LevelElement, edi.Error},
	"element.character":          {"6", "21", edi.LevelElement, edi.Error},
	"element.type":               {"6", "37", edi.LevelElement, edi.Error},
	"element.number":             {"6", "37", edi.LevelElement, edi.Error},
	"element.decimal-mark":       {"6", "19", edi.LevelElement, edi.Error},
	"element.decimal-digit":      {"6", "38", edi.LevelElement, edi.Error},
	"element.date":               {"8", "12", edi.LevelElement, edi.Error},
	"element.time":               {"9", "12", edi.LevelElement, edi.Error},
	"element.code":               {"7", "12", edi.LevelElement, edi.Error},
	"element.not-used":           {"I10", "15", edi.LevelElement, edi.Error},
	"element.pattern":            {"I12", "12", edi.LevelElement, edi.Error},
	"element.check-digit":        {"I12", "12", edi.LevelElement, edi.Error},
	"transaction.total":          {"7", "29", edi.LevelElement, edi.Error},
	"transaction.hash-total":     {"7", "29", edi.LevelElement, edi.Error},
	"transaction.hash-as-sum":    {"", "", edi.LevelElement, edi.Warning},
	"transaction.condition":      {"I6", "48", edi.LevelSegment, edi.Error},
	"transaction.exclusion":      {"I9", "48", edi.LevelSegment, edi.Error},
	"transaction.tree-duplicate": {"7", "12", edi.LevelElement, edi.Error},
	"transaction.tree-parent":    {"7", "12", edi.LevelElement, edi.Error},
	"transaction.limit":          {"5", "35", edi.LevelSegment, edi.Error},
}

// breach begins the finding about a rule in the standard at hand.
func breach(std edi.Standard, rule string) edi.Finding {
	c := ruleCodes[rule]
	f := edi.Finding{ID: "x12." + rule, Code: c.x12, Level: c.level, Severity: c.severity}
	if std == edi.EDIFACT {
		f.ID, f.Code = "edifact."+rule, c.edifact
	}
	return f
}
