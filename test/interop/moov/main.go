// The moov-io/iso8583 side of the interoperability run: packs and unpacks with one of its own specs,
// a line of text in, a line of text out. Run as: peer <spec name>
//
//	T                      the spec's table: number, type, length, encoding, prefix, padding
//	X <mti> <field>...     packs; first drops the fields that moov alone cannot carry there and back
//	D <hex>                unpacks
//	J                      the spec as moov's own builder exports it, JSON in hex
//
// A field is number:t:hex (text) or number:b:hex (bytes).
package main

import (
	"bufio"
	"encoding/hex"
	"fmt"
	"os"
	"sort"
	"strconv"
	"strings"

	"github.com/moov-io/iso8583"
	"github.com/moov-io/iso8583/field"
	"github.com/moov-io/iso8583/specs"
)

var known = map[string]*iso8583.MessageSpec{
	"Spec87":      iso8583.Spec87,
	"Spec87ASCII": specs.Spec87ASCII,
	"Spec87Hex":   specs.Spec87Hex,
}

var spec *iso8583.MessageSpec

func main() {
	spec = known[os.Args[1]]
	in := bufio.NewReaderSize(os.Stdin, 1<<20)
	out := bufio.NewWriterSize(os.Stdout, 1<<20)
	defer out.Flush()
	for {
		line, err := in.ReadString('\n')
		if err != nil {
			return
		}
		fmt.Fprintln(out, handle(strings.Fields(line)))
		// Lines come in blocks; the end of a block is an empty pipe.
		if in.Buffered() == 0 {
			out.Flush()
		}
	}
}

func handle(words []string) (answer string) {
	defer func() {
		if r := recover(); r != nil {
			answer = "ERR panic"
		}
	}()
	var err error
	switch words[0] {
	case "T":
		answer = table()
	case "J":
		answer, err = exported()
	case "X":
		answer, err = pack(words[1], words[2:])
	default:
		answer, err = decode(words[1])
	}
	if err != nil {
		return "ERR " + strings.ReplaceAll(fmt.Sprintf("%T", err), " ", "_")
	}
	return "OK " + answer
}

func table() string {
	numbers := []int{}
	for number := range spec.Fields {
		numbers = append(numbers, number)
	}
	sort.Ints(numbers)
	rows := []string{}
	for _, number := range numbers {
		f := spec.Fields[number]
		s := f.Spec()
		enc, pref, pad := "-", "-", "-"
		if s.Enc != nil {
			enc = fmt.Sprintf("%T", s.Enc)
		}
		if s.Pref != nil {
			pref = s.Pref.Inspect()
		}
		if s.Pad != nil {
			pad = string(s.Pad.Inspect())
		}
		row := fmt.Sprintf("%d:%T:%d:%s:%s:%s", number, f, s.Length, enc, pref, pad)
		rows = append(rows, strings.ReplaceAll(row, " ", "_"))
	}
	return strings.Join(rows, " ")
}

func exported() (string, error) {
	bytes, err := specs.Builder.ExportJSON(spec)
	return hex.EncodeToString(bytes), err
}

func message(mti string, fields []string) (*iso8583.Message, error) {
	m := iso8583.NewMessage(spec)
	m.MTI(mti)
	for _, word := range fields {
		parts := strings.Split(word, ":")
		number, err := strconv.Atoi(parts[0])
		if err != nil {
			return nil, err
		}
		data, err := hex.DecodeString(parts[2])
		if err != nil {
			return nil, err
		}
		if parts[1] == "b" {
			err = m.BinaryField(number, data)
		} else {
			err = m.Field(number, string(data))
		}
		if err != nil {
			return nil, err
		}
	}
	return m, nil
}

func packed(mti string, fields []string) (bytes []byte, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("panic")
		}
	}()
	m, err := message(mti, fields)
	if err != nil {
		return nil, err
	}
	return m.Pack()
}

// Fields that moov packs and unpacks to the same value when they are alone.
func carries(mti string, word string) bool {
	bytes, err := packed(mti, []string{word})
	if err != nil {
		return false
	}
	text, err := unpacked(bytes)
	return err == nil && text == mti+" "+word
}

func pack(mti string, fields []string) (string, error) {
	good, bad := []string{}, []string{}
	for _, word := range fields {
		if carries(mti, word) {
			good = append(good, word)
		} else {
			bad = append(bad, strings.Split(word, ":")[0])
		}
	}
	bytes, err := packed(mti, good)
	if err != nil {
		return "", err
	}
	dropped := "-"
	if len(bad) > 0 {
		dropped = strings.Join(bad, ",")
	}
	return dropped + " " + hex.EncodeToString(bytes), nil
}

func decode(text string) (string, error) {
	bytes, err := hex.DecodeString(text)
	if err != nil {
		return "", err
	}
	return unpacked(bytes)
}

func unpacked(bytes []byte) (text string, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("panic")
		}
	}()
	m := iso8583.NewMessage(spec)
	if err := m.Unpack(bytes); err != nil {
		return "", err
	}
	mti, err := m.GetMTI()
	if err != nil {
		return "", err
	}
	fields := m.GetFields()
	numbers := []int{}
	for number := range fields {
		if number > 1 {
			numbers = append(numbers, number)
		}
	}
	sort.Ints(numbers)
	out := []string{mti}
	for _, number := range numbers {
		if _, binary := fields[number].(*field.Binary); binary {
			data, err := fields[number].Bytes()
			if err != nil {
				return "", err
			}
			out = append(out, fmt.Sprintf("%d:b:%s", number, hex.EncodeToString(data)))
			continue
		}
		value, err := fields[number].String()
		if err != nil {
			return "", err
		}
		out = append(out, fmt.Sprintf("%d:t:%s", number, hex.EncodeToString([]byte(value))))
	}
	return strings.Join(out, " "), nil
}
