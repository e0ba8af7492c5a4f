package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"sort"
	"strings"
)

// rows are a database's, times in UTC with microseconds, bytes in base64.
type rows struct {
	Store, Begun string
	Simulated    bool
	Facts        []struct {
		Position, Version   int64
		Stream, Kind        string
		RecordedAt, KnownAt string
		State               []byte
	}
	Texts []struct {
		ID   string
		Salt []byte
		Body *string
	}
	Commands []struct {
		ID                  string
		First, Last         int64
		RecordedAt, KnownAt string
	}
}

// quoted is a text in RFC 8785, which encoding/json does not write.
func quoted(text string) string {
	var out strings.Builder
	out.WriteByte('"')
	for _, c := range text {
		if short, there := escapes[c]; there {
			out.WriteString(short)
		} else if c < 0x20 {
			fmt.Fprintf(&out, `\u%04x`, c)
		} else {
			out.WriteRune(c)
		}
	}
	out.WriteByte('"')
	return out.String()
}

var escapes = map[rune]string{'"': `\"`, '\\': `\\`, '\b': `\b`, '\f': `\f`, '\n': `\n`, '\r': `\r`, '\t': `\t`}

// store holds a database's rows against the trail: facts against leaves, texts and command ids against facts.
func (t *trail) store(given *rows) {
	if !strings.Contains(t.main.origin, given.Store) {
		t.checking("checkpoint", func() { fail("it is the log of another store") })
	}
	sort.Slice(given.Facts, func(a, b int) bool { return given.Facts[a].Position < given.Facts[b].Position })
	if !t.checking("store", func() { t.facts(given) }) {
		return
	}
	t.clocks(given)
	takenIn := given.takenIn()
	t.checking("texts", func() { given.texts(takenIn) })
	t.checking("commands", func() { given.commands(takenIn) })
}

func (t *trail) facts(given *rows) {
	for index := int64(0); index < t.main.size; index++ {
		if index >= int64(len(given.Facts)) || given.Facts[index].Position != index+1 {
			fail("event %d is missing", index+1)
		}
		row := given.Facts[index]
		sum := sha256.Sum256(row.State)
		made := fmt.Sprintf(`{"i":%d,"known_at":"%s","recorded_at":"%s","state_sha256":"%s","stream":%s,"topic":%s,"v":1,"ver":%d}`,
			index, row.KnownAt, row.RecordedAt, hex.EncodeToString(sum[:]), quoted(row.Stream), quoted(row.Kind), row.Version)
		sealed := t.tree.leaf(index)
		if without != "facts" && made != string(sealed) {
			fail("event %d is not what was sealed", index+1)
		}
		if holds := heldIn(t.rules, t.main.origin, row.Kind, row.State); holds != nil {
			t.tree.beginsWith(holds.seen)
			if floor, there := holds.floor(t.authorities); there {
				checkAfter(parseLeaf(sealed).at, floor)
			}
		}
	}
}

// takenIn is the position up to which facts are older than the store: they came without texts and command ids.
func (r *rows) takenIn() (found int64) {
	for _, row := range r.Facts {
		if row.RecordedAt >= r.Begun || strings.HasPrefix(row.Kind, "trail.") && bytes.Contains(row.State, []byte(r.Store)) {
			break
		}
		found = row.Position
	}
	return found
}

func (r *rows) texts(takenIn int64) {
	there, redacted, referred := map[string]int{}, map[string]bool{}, map[string]bool{}
	for place, row := range r.Texts {
		there[row.ID] = place
	}
	for _, fact := range r.Facts {
		if fact.Kind == "text.redacted" {
			identity := strings.TrimPrefix(fact.Stream, "text/")
			redacted[identity] = true
			if place, found := there[identity]; found && (r.Texts[place].Salt != nil || r.Texts[place].Body != nil) {
				fail("text %s is still there, and was redacted", identity)
			}
		}
	}
	for _, fact := range r.Facts {
		for _, ref := range references(fact.State) {
			place, found := there[ref.id]
			referred[ref.id] = true
			if !found || r.Texts[place].Body == nil {
				if !redacted[ref.id] && fact.Position > takenIn {
					fail("text %s is missing", ref.id)
				}
				continue
			}
			row := r.Texts[place]
			sum := sha256.Sum256(append(append([]byte{}, row.Salt...), *row.Body...))
			if without != "texts" && (row.Salt == nil || hex.EncodeToString(sum[:]) != ref.commitment) {
				fail("text %s is not what its fact commits to", ref.id)
			}
		}
	}
	for identity := range there {
		if !referred[identity] {
			fail("text %s is one that no fact commits to", identity)
		}
	}
}

func (r *rows) commands(takenIn int64) {
	type made struct {
		id                  string
		first, last         int64
		recordedAt, knownAt string
	}
	var runs []made
	for _, fact := range r.Facts {
		var envelope struct{ Command string }
		head, _, _ := bytes.Cut(fact.State, []byte("\n"))
		_ = json.Unmarshal(head, &envelope)
		if n := len(runs); n > 0 && runs[n-1].id == envelope.Command && runs[n-1].recordedAt == fact.RecordedAt {
			runs[n-1].last, runs[n-1].knownAt = fact.Position, fact.KnownAt
			continue
		}
		runs = append(runs, made{envelope.Command, fact.Position, fact.Position, fact.RecordedAt, fact.KnownAt})
	}
	known := map[made]int{}
	for _, row := range r.Commands {
		known[made{row.ID, row.First, row.Last, row.RecordedAt, row.KnownAt}]++
	}
	for _, run := range runs {
		if known[run] > 0 {
			known[run]--
		} else if without != "commands" && (run.last > takenIn || r.begins(run.first)) {
			fail("command %s has no row, or another one", run.id)
		}
	}
	for row, left := range known {
		if left > 0 && without != "commands" {
			fail("command %s is one with which no fact begins", row.id)
		}
	}
}

func (r *rows) begins(position int64) bool {
	for _, row := range r.Commands {
		if row.First == position {
			return true
		}
	}
	return false
}
