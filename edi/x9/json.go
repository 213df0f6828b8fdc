package x9

import (
	"bufio"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
)

// jsonFormat names the form, as that of package edi does.
const jsonFormat = "fondaco.edi.x9/1"

// EncodeJSON reads the records of r and writes them to w as JSON, one record a
// line, losing nothing: DecodeJSON gives the same bytes again.
//
//	{"format":"fondaco.edi.x9/1","framing":"lengths","ebcdic":true,"records":[
//	{"type":"01","fields":{"standardLevel":"03","testIndicator":"T",...}},
//	{"type":"52","fields":{...},"rest":"...","image":"SUkqAA=="},
//	{"type":"99","fields":{"cashLetters":"000001",...},"rest":"               "}
//	]}
//
// Fields keep their padding. "rest" is what follows the last named field, "end"
// a line end other than LF, "length" a length before the record other than its
// own. Bytes that are no record, or that this form would not give back, are
// "raw". Images and raw bytes are base64. Images are streamed.
func EncodeJSON(w io.Writer, r io.Reader) error {
	out := bufio.NewWriterSize(w, buffer)
	x := NewReader(r)
	for {
		rec, err := x.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return fmt.Errorf("encode JSON: %w", err)
		}
		if rec.number == 1 {
			_, err = fmt.Fprintf(out, "{\"format\":%q,\"framing\":%q,\"ebcdic\":%v,\"records\":[\n", jsonFormat, x.framing, x.ebcdic)
		} else {
			_, err = out.WriteString(",\n")
		}
		if err == nil {
			err = encodeRecord(out, rec, x.framing)
		}
		if err != nil {
			return fmt.Errorf("encode JSON: record %d: %w", rec.number, err)
		}
	}
	if _, err := out.WriteString("\n]}\n"); err != nil {
		return fmt.Errorf("encode JSON: %w", err)
	}
	return out.Flush()
}

func encodeRecord(w *bufio.Writer, r *Record, f Framing) error {
	if _, err := w.WriteString("{"); err != nil {
		return err
	}
	if names := r.Names(); r.junk || !whole(r) {
		_, _ = w.WriteString(`"raw":`)
		quote(w, base64.StdEncoding.EncodeToString(r.text))
	} else {
		_, _ = w.WriteString(`"type":`)
		quote(w, r.typ)
		for i, name := range names {
			_, _ = w.WriteString(map[bool]string{true: `,"fields":{`, false: ","}[i == 0])
			quote(w, name)
			_ = w.WriteByte(':')
			quote(w, r.Field(name))
		}
		if len(names) > 0 {
			_ = w.WriteByte('}')
		}
		if rest := r.rest(); rest != "" {
			_, _ = w.WriteString(`,"rest":`)
			quote(w, rest)
		}
	}
	return encodeImage(w, r, f)
}

func encodeImage(w *bufio.Writer, r *Record, f Framing) error {
	size := int64(len(r.text))
	if r.image != nil {
		_, _ = w.WriteString(`,"image":"`)
		e := base64.NewEncoder(base64.StdEncoding, w)
		n, err := io.Copy(e, r.image)
		if err != nil {
			return err
		}
		size += n
		if err := e.Close(); err != nil {
			return err
		}
		_, _ = w.WriteString(`"`)
	}
	if length := lengthOf(r); f == Lengths && length != size {
		_, _ = fmt.Fprintf(w, `,"length":%d`, length)
	}
	end, err := r.end()
	if err != nil {
		return err
	}
	if f == Lines && string(end) != "\n" {
		_, _ = w.WriteString(`,"end":`)
		quote(w, decode(end, false))
	}
	return w.WriteByte('}')
}

// lengthOf is what the bytes before a record say of its length, -1 if there are
// none.
func lengthOf(r *Record) int64 {
	if len(r.prefix) < 4 {
		return -1
	}
	return int64(binary.BigEndian.Uint32(r.prefix))
}

// whole tells whether the record is as long as its named fields.
func whole(r *Record) bool {
	n := 2
	for _, f := range layouts[r.typ] {
		n += f.size
	}
	return len(r.text) >= n
}

func quote(w *bufio.Writer, s string) {
	b, err := json.Marshal(s)
	if err != nil {
		panic(err) // a string
	}
	_, _ = w.Write(b)
}

// jsonRecord is one line of the form.
type jsonRecord struct {
	Type   string            `json:"type"`
	Fields map[string]string `json:"fields"`
	Rest   string            `json:"rest"`
	Image  []byte            `json:"image"`
	Raw    []byte            `json:"raw"`
	Length *int64            `json:"length"`
	End    *string           `json:"end"`
}

type jsonHeader struct {
	Format, Framing string
	EBCDIC          bool
}

// DecodeJSON reads the form that EncodeJSON writes and writes the file that it
// stands for. Of a record it holds one image in memory at a time.
func DecodeJSON(w io.Writer, r io.Reader) error {
	d := json.NewDecoder(bufio.NewReaderSize(r, buffer))
	h, err := decodeHeader(d)
	if err != nil {
		return fmt.Errorf("decode JSON: %w", err)
	}
	framing, ok := map[string]Framing{"lengths": Lengths, "lines": Lines, "straight": Straight}[h.Framing]
	if !ok || h.Format != jsonFormat {
		return fmt.Errorf("decode JSON: format %q with framing %q: %w", h.Format, h.Framing, errForm)
	}
	out := bufio.NewWriterSize(w, buffer)
	for n := 1; d.More(); n++ {
		var j jsonRecord
		if err := d.Decode(&j); err != nil {
			return fmt.Errorf("decode JSON: record %d: %w", n, err)
		}
		b, err := j.bytes(framing, h.EBCDIC)
		if err != nil {
			return fmt.Errorf("decode JSON: record %d: %w", n, err)
		}
		if _, err := out.Write(b); err != nil {
			return fmt.Errorf("decode JSON: %w", err)
		}
	}
	if _, err := d.Token(); err != nil {
		return fmt.Errorf("decode JSON: %w", err)
	}
	return out.Flush()
}

var errForm = errors.New(`this is not the record form, which begins with {"format":"` + jsonFormat + `"`)

// decodeHeader reads up to the first record.
func decodeHeader(d *json.Decoder) (h jsonHeader, err error) {
	if t, err := d.Token(); err != nil || t != json.Delim('{') {
		return h, errors.Join(errForm, err)
	}
	for {
		key, err := d.Token()
		if err != nil {
			return h, errors.Join(errForm, err)
		}
		switch key {
		case "format":
			err = d.Decode(&h.Format)
		case "framing":
			err = d.Decode(&h.Framing)
		case "ebcdic":
			err = d.Decode(&h.EBCDIC)
		case "records":
			if t, err := d.Token(); err != nil || t != json.Delim('[') {
				return h, errors.Join(errForm, err)
			}
			return h, nil
		default:
			err = errForm
		}
		if err != nil {
			return h, err
		}
	}
}

// bytes are the bytes that the record stands for, framing and image included.
func (j *jsonRecord) bytes(f Framing, ebcdic bool) ([]byte, error) {
	body := j.Raw
	if j.Raw == nil {
		var text strings.Builder
		text.WriteString(j.Type)
		for _, field := range layouts[j.Type] {
			v := j.Fields[field.name]
			if n := len([]rune(v)); n != field.size {
				return nil, fmt.Errorf("field %s of type %s has %d characters, not %d", field.name, j.Type, n, field.size)
			}
			text.WriteString(v)
		}
		var ok bool
		if body, ok = encode(nil, text.String()+j.Rest, ebcdic); !ok {
			return nil, errors.New("a character has no place in the file's character set")
		}
	}
	body = append(body, j.Image...)
	var b []byte
	if f == Lengths {
		length := int64(len(body))
		if j.Length != nil {
			length = *j.Length
		}
		if length >= 0 {
			b = binary.BigEndian.AppendUint32(b, uint32(length))
		}
	}
	b = append(b, body...)
	if f == Lines {
		end := "\n"
		if j.End != nil {
			end = *j.End
		}
		var ok bool
		if b, ok = encode(b, end, false); !ok {
			return nil, errors.New("the line end is no byte")
		}
	}
	return b, nil
}
