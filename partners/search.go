package partners

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/jackc/pgx/v5"

	"fondaco/schema"
)

const maxWords = 8

// searchWords splits what a person typed into words.
func searchWords(text string) []string {
	words := strings.FieldsFunc(text, func(r rune) bool { return unicode.IsSpace(r) || r == ',' || r == ';' })
	return words[:min(len(words), maxWords)]
}

// proposalLimit is how many rows the index of words may propose for a list.
// Where more match, the list is walked in its own order instead and each row
// held against the words, since a page is soon full.
const proposalLimit = 2000

// A proposal is the rows that the index of words found.
type proposal struct{ holders, ids [][16]byte }

// propose asks the index of words for the rows of each plan that searches, nil
// where they are too many, or the words too short for an index of trigrams.
func (r *reader) propose(ctx context.Context, plans []*Plan) ([]*proposal, error) {
	proposals := make([]*proposal, len(plans))
	batch := &pgx.Batch{}
	for i, plan := range plans {
		words := slices.DeleteFunc(searchWords(plan.Search), func(w string) bool { return utf8.RuneCountInString(w) < 3 })
		// What is addressed to a firm lies beyond the fence of words when its author is no partner any more.
		if plan.IDs != nil || len(words) == 0 || plan.Kind.HasAddress {
			continue
		}
		for j := range words {
			words[j] = "%" + escapeLike(words[j]) + "%"
		}
		batch.Queue("SELECT f.holder, f.id FROM fondaco_found($1, $2, $3) f", plan.Kind.Name, words, proposalLimit+1).Query(func(rows pgx.Rows) error {
			found := &proposal{}
			var holder, id [16]byte
			_, err := pgx.ForEachRow(rows, []any{&holder, &id}, func() error {
				found.holders, found.ids = append(found.holders, holder), append(found.ids, id)
				return nil
			})
			if len(found.ids) <= proposalLimit {
				proposals[i] = found
			}
			return err
		})
	}
	if batch.Len() == 0 {
		return proposals, nil
	}
	return proposals, r.tx.SendBatch(ctx, batch).Close()
}

// found is the condition that all words are found in what the reader sees.
// The index of all texts only proposes rows; what counts is read from the row.
//
// To bring a row's texts into the form in which they are compared takes as
// long as to read some rows. So the key by which the list is sorted is looked
// at first, which has that form and which whoever reaches the row sees; and the
// rest only where the words are in the row's stored text, which has all that
// somebody may see of it.
func (p *pagePrinter) found() string {
	k := p.plan.Kind
	var seen []string
	for _, f := range k.Fields {
		if f.Search {
			seen = append(seen, p.seen(f))
		}
	}
	if len(seen) == 0 {
		return " AND false"
	}
	patterns := make([]string, len(p.words))
	for i, w := range p.words {
		// The subselect makes PostgreSQL form it once a statement and not once a row.
		patterns[i] = "(SELECT '%' || fondaco_key(" + p.args.Add(escapeLike(w)) + ") || '%')"
	}
	found := "EXISTS (SELECT FROM search_texts s WHERE s.holder_firm_id = c.holder_firm_id AND s.id = c.id AND " + allLike("s.text", patterns) +
		") AND " + allLike("fondaco_key(concat_ws(' ', "+strings.Join(seen, ", ")+"))", patterns)
	if k.Label != nil && k.Label.Search && k.Label.Class == schema.Basic {
		found = allLike("c.sort_key", patterns) + " OR " + found
	}
	found = " AND (" + found + ")"
	if p.proposed != nil {
		found += fmt.Sprintf(" AND (c.holder_firm_id, c.id) IN (SELECT f.holder, f.id FROM unnest(%s::uuid[], %s::uuid[]) AS f (holder, id))",
			p.args.Add(p.proposed.holders), p.args.Add(p.proposed.ids))
	}
	return found
}

// allLike is the condition that a text has all patterns.
func allLike(text string, patterns []string) string {
	return text + " LIKE " + strings.Join(patterns, " AND "+text+" LIKE ")
}

func escapeLike(s string) string {
	return strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(s)
}

// indexText keeps the words by which a row can be found.
func indexText(ctx context.Context, tx pgx.Tx, e schema.Entity) error {
	k, h := schema.KindOf(e), e.Header()
	var texts []string
	for _, f := range k.Fields {
		if text, ok := f.Value(e).(string); ok && f.Search {
			texts = append(texts, text)
		}
	}
	if len(texts) == 0 {
		return nil
	}
	const statement = `
		INSERT INTO search_texts (holder_firm_id, kind, id, text)
		VALUES ($1, $2, $3, fondaco_key($4))
		ON CONFLICT (holder_firm_id, id) DO UPDATE
		SET text = excluded.text`
	if _, err := tx.Exec(ctx, statement, uuid(h.Holder.ID()), k.Name, uuid(h.ID), strings.Join(texts, " ")); err != nil {
		return fmt.Errorf("index the words of %s %s: %w", k, h.ID, err)
	}
	return nil
}

// dropText forgets the words of a row.
func dropText(ctx context.Context, tx pgx.Tx, h *schema.Record) error {
	_, err := tx.Exec(ctx, "DELETE FROM search_texts WHERE holder_firm_id = $1 AND id = $2", uuid(h.Holder.ID()), uuid(h.ID))
	return err
}
