package schema_test

import (
	"strings"
	"testing"
	"time"
	_ "time/tzdata" // the machine may have no zones

	"fondaco/schema"
)

func TestParseDate(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		text string
		want schema.Date
		ok   bool
	}{
		{"2026-01-31", schema.Date{Year: 2026, Month: time.January, Day: 31}, true},
		{"0001-01-01", schema.Date{Year: 1, Month: time.January, Day: 1}, true},
		{"9999-12-31", schema.Date{Year: 9999, Month: time.December, Day: 31}, true},
		{"2028-02-29", schema.Date{Year: 2028, Month: time.February, Day: 29}, true},
		{"2026-02-29", schema.Date{}, false},
		{"0000-01-01", schema.Date{}, false},
		{"2026-1-31", schema.Date{}, false},
		{"10000-01-01", schema.Date{}, false},
		{"20260131", schema.Date{}, false},
		{"2026-01-31T00:00:00Z", schema.Date{}, false},
		{"", schema.Date{}, false},
		{strings.Repeat("9", 1000), schema.Date{}, false},
	} {
		got, err := schema.ParseDate(test.text)
		if got != test.want || (err == nil) != test.ok {
			t.Errorf("ParseDate(%q) = %v, %v, want %v, taken: %t", test.text, got, err, test.want, test.ok)
		}
		if err == nil && got.String() != test.text {
			t.Errorf("ParseDate(%q).String() = %q", test.text, got)
		}
		if err != nil && len(err.Error()) > 200 {
			t.Errorf("ParseDate(%.20q...) answers with %d characters", test.text, len(err.Error()))
		}
	}
}

func TestDateEndsInItsZone(t *testing.T) {
	t.Parallel()
	warsaw, err := time.LoadLocation("Europe/Warsaw")
	if err != nil {
		t.Fatal(err)
	}
	d := schema.Date{Year: 2026, Month: time.March, Day: 29} // the clock goes forward that night: the day has 23 hours
	if got, want := d.End(warsaw).UTC().Format(time.RFC3339), "2026-03-29T22:00:00Z"; got != want {
		t.Errorf("End = %s, want %s", got, want)
	}
	if got := d.End(warsaw).Sub(d.Time(warsaw)); got != 23*time.Hour {
		t.Errorf("the day has %v, want 23 hours", got)
	}
	if got := d.AddDays(3).String(); got != "2026-04-01" {
		t.Errorf("three days later it is %s", got)
	}
	if !d.Before(d.AddDays(1)) || d.Before(d) {
		t.Error("Before is not the order of days")
	}
	if got := schema.DateOf(time.Date(2026, 3, 29, 22, 30, 0, 0, time.UTC).In(warsaw)).String(); got != "2026-03-30" {
		t.Errorf("DateOf = %s, want the day in the instant's zone", got)
	}
}

func TestDateInTheDatabase(t *testing.T) {
	t.Parallel()
	day := schema.Date{Year: 2026, Month: time.March, Day: 29}
	v, err := day.Value()
	if want := time.Date(2026, 3, 29, 0, 0, 0, 0, time.UTC); err != nil || v != want {
		t.Errorf("Value = %v, %v, want %v", v, err, want)
	}
	if v, err := (schema.Date{}).Value(); v != nil || err != nil {
		t.Errorf("Value of no day = %v, %v, want NULL", v, err)
	}
	for _, src := range []any{time.Date(2026, 3, 29, 0, 0, 0, 0, time.UTC), "2026-03-29"} {
		var got schema.Date
		if err := got.Scan(src); err != nil || got != day {
			t.Errorf("Scan(%v) = %v, %v, want %v", src, got, err, day)
		}
	}
	got := day
	if err := got.Scan(nil); err != nil || !got.IsZero() {
		t.Errorf("Scan(nil) = %v, %v, want no day", got, err)
	}
	if err := got.Scan(5); err == nil {
		t.Error("Scan(5) takes a number for a day")
	}
}

func TestParseInstant(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		text, want string // want "" for an error
	}{
		{"2026-01-31T12:00:00Z", "2026-01-31T12:00:00Z"},
		{"2026-01-31T12:00:00+02:00", "2026-01-31T10:00:00Z"},
		{"2026-01-31T12:00:00.1234567Z", "2026-01-31T12:00:00.123456Z"},
		{"2026-01-31T12:00:00.120000Z", "2026-01-31T12:00:00.12Z"},
		{"9999-12-31T23:59:59.999999Z", "9999-12-31T23:59:59.999999Z"},
		{"9999-12-31T23:59:59-01:00", ""}, // the year 10000 in UTC
		{"0001-01-01T00:00:00+01:00", ""}, // the year 0 in UTC
		{"0000-12-31T23:30:00-01:00", "0001-01-01T00:30:00Z"},
		{"2026-01-31T12:00:00", ""},
		{"2026-01-31 12:00:00Z", ""},
		{"2026-02-30T12:00:00Z", ""},
		{"2026-01-31", ""},
		{"", ""},
	} {
		got, err := schema.ParseInstant(test.text)
		if (err != nil) != (test.want == "") {
			t.Errorf("ParseInstant(%q) = %v, %v, want %q", test.text, got, err, test.want)
			continue
		}
		if err == nil && (schema.FormatInstant(got) != test.want || got.Location() != time.UTC) {
			t.Errorf("ParseInstant(%q) = %s in %s, want %s in UTC", test.text, schema.FormatInstant(got), got.Location(), test.want)
		}
	}
}
