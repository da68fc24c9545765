// The moov side, under go test: one operation is one message, in turns over all messages of a set.
// TestSay says what it read and which bad messages it took.
package moov

import (
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/moov-io/iso8583"
	"github.com/moov-io/iso8583/field"
)

var (
	eight = []int{2, 4, 14, 32, 37, 42, 48, 49}
	all   = []int{2, 3, 4, 7, 11, 12, 13, 14, 18, 22, 25, 32, 37, 41, 42, 43, 48, 49, 62}
	spec  = specWithZeros()
	seen  int
)

// Spec87 takes the leading zeros of some numbers away: as text without padding they keep them.
func specWithZeros() *iso8583.MessageSpec {
	fields := map[int]field.Field{}
	for number, f := range iso8583.Spec87.Fields {
		s := f.Spec()
		_, isNumeric := f.(*field.Numeric)
		if number > 1 && s != nil && (isNumeric || s.Pad != nil) {
			bare := *s
			bare.Pad = nil
			f = field.NewString(&bare)
		}
		fields[number] = f
	}
	return &iso8583.MessageSpec{Name: "Spec87 with zeros", Fields: fields}
}

func read(set string) [][]byte {
	raw, err := os.ReadFile(filepath.Join(os.Getenv("PANTUN_SETS"), set+".bin"))
	if err != nil {
		panic(err)
	}
	messages := [][]byte{}
	for at := 0; at < len(raw); {
		length := int(binary.BigEndian.Uint16(raw[at:]))
		messages = append(messages, raw[at+2:at+2+length])
		at += 2 + length
	}
	return messages
}

func unpack(bytes []byte) (*iso8583.Message, error) {
	message := iso8583.NewMessage(spec)
	return message, message.Unpack(bytes)
}

func look(message *iso8583.Message, numbers []int) error {
	for _, number := range numbers {
		text, err := message.GetString(number)
		if err != nil {
			return err
		}
		if text != "" {
			seen += len(text) + int(text[len(text)-1])
		}
	}
	return nil
}

var tasks = []struct {
	name string
	take func(*iso8583.Message) error
}{
	{"unpack", func(m *iso8583.Message) error {
		mti, err := m.GetMTI()
		seen += len(mti)
		return err
	}},
	{"eight", func(m *iso8583.Message) error { return look(m, eight) }},
	{"object", func(m *iso8583.Message) error { return look(m, all) }},
	{"answer", func(m *iso8583.Message) error {
		m.MTI("0110")
		if err := m.Field(39, "00"); err != nil {
			return err
		}
		packed, err := m.Pack()
		if err == nil {
			seen += len(packed) + int(packed[len(packed)-1])
		}
		return err
	}},
}

func BenchmarkMoov(b *testing.B) {
	for _, set := range []string{"same", "mixed"} {
		messages := read(set)
		for _, task := range tasks {
			b.Run(task.name+"/"+set, func(b *testing.B) {
				for i := 0; i < b.N; i++ {
					message, err := unpack(messages[i%len(messages)])
					if err == nil {
						err = task.take(message)
					}
					if err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}

func TestSay(t *testing.T) {
	for _, set := range []string{"same", "mixed"} {
		sum := 0
		for _, bytes := range read(set) {
			message, err := unpack(bytes)
			if err != nil {
				t.Fatal(err)
			}
			for _, number := range all {
				text, err := message.GetString(number)
				if err != nil {
					t.Fatal(err)
				}
				sum += len(text)
				for i := range len(text) {
					sum += int(text[i])
				}
			}
		}
		fmt.Printf("{\"check\":\"object\",\"set\":%q,\"sum\":%d}\n", set, sum)
	}
	taken := ""
	for i, bytes := range read("bad") {
		if i > 0 {
			taken += ","
		}
		taken += fmt.Sprint(takes(bytes))
	}
	fmt.Printf("{\"taken\":[%s]}\n", taken)
}

func takes(bytes []byte) (taken bool) {
	defer func() {
		if r := recover(); r != nil {
			taken = false
		}
	}()
	_, err := unpack(bytes)
	return err == nil
}
