package partners

import (
	"context"
	"fmt"
	"strings"
	"unicode"

	"github.com/jackc/pgx/v5"

	"fondaco/schema"
)

const maxWords = 8

// searchWords splits what a person typed into words.
func searchWords(text string) []string {
	words := strings.FieldsFunc(text, func(r rune) bool { return unicode.IsSpace(r) || r == ',' || r == ';' })
	return words[:min(len(words), maxWords)]
}

// found is the condition that all words are found in what the reader sees.
// The index of all texts only proposes rows; what counts is the second part.
func (p *pagePrinter) found() string {
	var seen []string
	for _, f := range p.plan.Kind.Fields {
		if f.Search {
			seen = append(seen, p.seen(f))
		}
	}
	if len(seen) == 0 {
		return " AND false"
	}
	text := "fondaco_key(concat_ws(' ', " + strings.Join(seen, ", ") + "))"
	var proposed, decided strings.Builder
	proposed.WriteString("SELECT s.holder_firm_id, s.id FROM search_texts s WHERE s.kind = " + p.args.Add(p.plan.Kind.Name))
	for _, w := range p.words {
		pattern := fmt.Sprintf("('%%' || fondaco_key(%s) || '%%')", p.args.Add(escapeLike(w)))
		proposed.WriteString(" AND s.text LIKE " + pattern)
		decided.WriteString(" AND " + text + " LIKE " + pattern)
	}
	return " AND (c.holder_firm_id, c.id) IN (" + proposed.String() + ")" + decided.String()
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
