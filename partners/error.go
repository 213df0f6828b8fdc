package partners

import (
	"errors"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"

	"fondaco/schema"
)

// constraintError turns what a named constraint of the database refused into
// an error that names the field. The service checks first; this speaks where
// two writers meet.
func constraintError(k *schema.Kind, err error) error {
	pg, ok := errors.AsType[*pgconn.PgError](err)
	if !ok || pg.ConstraintName == "" {
		return fmt.Errorf("write %s: %w", k, err)
	}
	field := fieldOfConstraint(k, pg.ConstraintName)
	if field == nil {
		if pg.Code == "23505" {
			return &schema.Error{Code: schema.CodeConflict, Kind: k.Name, Message: "such a record stands already", Err: err}
		}
		return fmt.Errorf("write %s: %w", k, err)
	}
	e := &schema.Error{Code: schema.CodeInvalid, Kind: k.Name, Field: field.Name, Err: err}
	switch rule := pg.ConstraintName[strings.LastIndexByte(pg.ConstraintName, '_')+1:]; rule {
	case "required":
		e.Message = "must be stated"
	case "max":
		e.Message = fmt.Sprintf("is longer than %d characters", field.Max)
	case "known":
		e.Message = "is not one of " + strings.Join(field.Enum, ", ")
	case "refers":
		e.Message = "no such " + field.Target().Name
	default:
		e.Code, e.Message = schema.CodeConflict, "stands already"
	}
	return e
}

// fieldOfConstraint finds the field in a constraint's name, which has the
// form table_column_rule.
func fieldOfConstraint(k *schema.Kind, name string) *schema.Field {
	name, ok := strings.CutPrefix(name, k.Table+"_")
	if !ok {
		return nil
	}
	for _, f := range k.Fields {
		if rest, ok := strings.CutPrefix(name, f.Column+"_"); ok && !strings.Contains(rest, "_") {
			return f
		}
	}
	return nil
}

// unavailable tells that the database is away.
func unavailable(err error) error {
	return &schema.Error{
		Code: schema.CodeUnavailable, Message: "the database does not answer; try again in a moment", Err: err,
	}
}
