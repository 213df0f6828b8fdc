package operation

import (
	"errors"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
	"github.com/vektah/gqlparser/v2/parser"
	"github.com/vektah/gqlparser/v2/validator"
	"github.com/vektah/gqlparser/v2/validator/rules"
)

// Codes of what is wrong with a document, beside [CodeLimit].
const (
	CodeParse    = "GRAPHQL_PARSE_FAILED"
	CodeValidate = "GRAPHQL_VALIDATION_FAILED"
)

// Document is a text that was looked at once: it holds operations, or the
// errors that were found. It does not change and can be shared.
type Document struct {
	// Errors tell what is wrong; with any, the document cannot be run.
	Errors gqlerror.List

	schema *ast.Schema
	ast    *ast.QueryDocument
}

// newRules are the rules of the specification. None of them suggests names: a
// suggestion tells a stranger what there is.
func newRules() *rules.Rules {
	r := rules.NewDefaultRules()
	for old, quiet := range map[string]validator.Rule{
		rules.FieldsOnCorrectTypeRule.Name: rules.FieldsOnCorrectTypeRuleWithoutSuggestions,
		rules.KnownArgumentNamesRule.Name:  rules.KnownArgumentNamesRuleWithoutSuggestions,
		rules.KnownTypeNamesRule.Name:      rules.KnownTypeNamesRuleWithoutSuggestions,
		rules.ScalarLeafsRule.Name:         rules.ScalarLeafsRuleWithoutSuggestions,
		rules.ValuesOfCorrectTypeRule.Name: rules.ValuesOfCorrectTypeRuleWithoutSuggestions,
	} {
		r.RemoveRule(old)
		r.AddRule(quiet.Name, quiet.RuleFunc)
	}
	return r
}

// Parse bounds, parses and validates a text.
func Parse(schema *ast.Schema, limits Limits, text string) *Document {
	d := &Document{schema: schema}
	if err := limits.checkText(text); err != nil {
		return d.refuse(CodeLimit, err)
	}
	doc, err := parser.ParseQueryWithTokenLimit(&ast.Source{Input: text}, limits.Tokens+1)
	if err != nil {
		return d.refuse(CodeParse, parseError(err))
	}
	if len(doc.Operations) == 0 {
		return d.refuse(CodeParse, gqlerror.Errorf("The document holds no operation."))
	}
	if err := checkCycles(doc); err != nil {
		return d.refuse(CodeValidate, err)
	}
	if err := limits.checkParsed(doc); err != nil {
		return d.refuse(CodeLimit, err)
	}
	if list := validator.ValidateWithRules(schema, doc, newRules()); len(list) > 0 {
		return d.refuse(CodeValidate, list[:min(len(list), 20)]...)
	}
	if err := checkSubscriptions(doc); err != nil {
		return d.refuse(CodeValidate, err)
	}
	d.ast = doc
	return d
}

// checkSubscriptions refuses subscriptions of more than one field. The
// parser's own rule takes one field under two keys for one.
func checkSubscriptions(doc *ast.QueryDocument) *gqlerror.Error {
	for _, op := range doc.Operations {
		if op.Operation != ast.Subscription {
			continue
		}
		keys := map[string]bool{}
		if pos := secondKey(op.SelectionSet, keys); pos != nil {
			return gqlerror.ErrorPosf(pos, "A subscription must select only one field.")
		}
	}
	return nil
}

// secondKey gives the place of a field under another key than the ones before.
func secondKey(set ast.SelectionSet, keys map[string]bool) *ast.Position {
	for _, selection := range set {
		var pos *ast.Position
		switch s := selection.(type) {
		case *ast.Field:
			if keys[s.Alias] = true; len(keys) > 1 {
				pos = s.Position
			}
		case *ast.InlineFragment:
			pos = secondKey(s.SelectionSet, keys)
		case *ast.FragmentSpread:
			if s.Definition != nil {
				pos = secondKey(s.Definition.SelectionSet, keys)
			}
		}
		if pos != nil {
			return pos
		}
	}
	return nil
}

// refuse keeps what is wrong, and drops the document.
func (d *Document) refuse(code string, list ...*gqlerror.Error) *Document {
	for _, e := range list {
		e.Extensions = map[string]any{"code": code}
	}
	d.Errors = list
	return d
}

func parseError(err error) *gqlerror.Error {
	if e, ok := errors.AsType[*gqlerror.Error](err); ok {
		e.Extensions = nil // the name of a source file, which there is none of
		return e
	}
	return gqlerror.Wrap(err)
}
