package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"regexp"
	"sort"
	"strconv"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/tlog"
)

// event is one that leads to the checkpoint. texts: the ids of those that are there.
type event struct {
	*leaf
	state []byte
	refs  []reference
	texts map[string]bool
}

type pack struct {
	*verdict
	files       source
	rules       *policy
	main        *checkpoint
	authorities []byte
	tree        tree
	tops        []seen
	proven      []*event
}

func newPack(found *verdict, files source, rules *policy, main *checkpoint, authorities []byte) *pack {
	return &pack{verdict: found, files: files, rules: rules, main: main, authorities: authorities, tree: tree{files, main.size}}
}

var (
	sumLine   = regexp.MustCompile(`^([0-9a-f]{64})  (.+)$`)
	eventName = regexp.MustCompile(`^events/([1-9][0-9]{0,15})\.json$`)
	partName  = regexp.MustCompile(`^(?:(?:events|leaves)/([1-9]\d{0,15})\.json|proofs/([1-9]\d{0,15})\.tlog-proof|texts/([1-9]\d{0,15})\.([0-9a-f]{32})\.(?:txt|salt))$`)
	tileName  = regexp.MustCompile(`^tile/(entries|\d{1,2})/((?:x\d{3}/)*\d{3})(?:\.p/\d{1,3})?$`)
)

func (p *pack) verify() {
	p.sums()
	if p.main.witnesses > 0 {
		p.tops = append(p.tops, seen{p.main.size, time.Unix(p.main.high, 0)})
	}
	p.older()
	for _, position := range p.positions() {
		p.checking(fmt.Sprint("event ", position), func() { p.proven = append(p.proven, p.event(position)) })
	}
	p.times()
	p.known()
	p.texts()
	p.parts()
	p.streams()
	if len(p.proven) == 0 {
		p.checking("events", func() { fail("there is no event in it that holds") })
	}
}

func (p *pack) sums() {
	listed := map[string]bool{"SHA256SUMS": true}
	p.checking("SHA256SUMS", func() {
		for _, line := range strings.Split(strings.TrimSuffix(string(needed(p.files, "SHA256SUMS")), "\n"), "\n") {
			parts := sumLine.FindStringSubmatch(line)
			if parts == nil || !safe(parts[2]) {
				fail("it has not the form of a list of sums")
			}
			listed[parts[2]] = true
			p.checking(parts[2], func() {
				if sum := sha256.Sum256(needed(p.files, parts[2])); hex.EncodeToString(sum[:]) != parts[1] {
					fail("it is not what SHA256SUMS says")
				}
			})
		}
	})
	for _, name := range p.files.names() {
		if !listed[name] {
			p.checking(name, func() { fail("it does not stand in SHA256SUMS") })
		}
	}
}

func (p *pack) positions() (found []int64) {
	for _, name := range p.files.names() {
		if parts := eventName.FindStringSubmatch(name); parts != nil {
			position, _ := strconv.ParseInt(parts[1], 10, 64)
			found = append(found, position)
		}
	}
	sort.Slice(found, func(a, b int) bool { return found[a] < found[b] })
	return found
}

// older: the checkpoints and timestamps of before, and the proofs that the log begins with them.
func (p *pack) older() {
	for _, name := range p.files.names() {
		stamping := strings.HasPrefix(name, "timestamps/") && strings.HasSuffix(name, ".note")
		if !stamping && !strings.HasPrefix(name, "checkpoints/") {
			continue
		}
		p.checking(name, func() {
			given := needed(p.files, name)
			old := p.rules.older(string(given), p.main.origin)
			lines := strings.Split(string(needed(p.files, fmt.Sprint("consistency/", old.size))), "\n")
			if lines[len(lines)-1] == "" {
				lines = lines[:len(lines)-1]
			}
			path := hashes(lines)
			if old.size < 1 || old.size > p.main.size {
				fail("it is of no beginning of the log")
			}
			if without != "consistency" {
				need(tlog.CheckTree(path, p.main.size, p.main.root, old.size, old.root))
			}
			if old.witnesses > 0 {
				p.tops = append(p.tops, seen{old.size, time.Unix(old.high, 0)})
			}
			if stamping {
				p.tops = append(p.tops, seen{old.size, stampOf(p.files, name, given, p.authorities)})
			}
		})
	}
}

func stampOf(files source, name string, given, authorities []byte) time.Time {
	token := needed(files, strings.TrimSuffix(name, ".note")+".tsr")
	if authorities == nil {
		fail("there are no certificates of authorities")
	}
	found := stamped(token, given, authorities)
	if found.wrong != "" && without != "timestamps" {
		fail("%s", found.wrong)
	}
	return found.at
}

func (p *pack) event(position int64) *event {
	state := needed(p.files, fmt.Sprintf("events/%d.json", position))
	given := needed(p.files, fmt.Sprintf("leaves/%d.json", position))
	proof := string(needed(p.files, fmt.Sprintf("proofs/%d.tlog-proof", position)))
	found := &event{leaf: parseLeaf(given), state: state, refs: references(state), texts: map[string]bool{}}
	if found.position != position {
		fail("it is the leaf of event %d", found.position)
	}
	if sum := sha256.Sum256(state); without != "content" && hex.EncodeToString(sum[:]) != found.leaf.state {
		fail("its content is not what was sealed")
	}
	head, note, _ := strings.Cut(proof, "\n\n")
	lines := strings.Split(head, "\n")
	if len(lines) < 2 || lines[0] != "c2sp.org/tlog-proof@v1" || lines[1] != fmt.Sprint("index ", position-1) {
		fail("it is no proof for this index")
	}
	if note != p.main.given {
		fail("it is a proof for another checkpoint")
	}
	path := hashes(lines[2:])
	if without != "inclusion" {
		need(tlog.CheckRecord(path, p.main.size, p.main.root, position-1, tlog.RecordHash(given)))
	}
	for _, ref := range found.refs {
		name := fmt.Sprintf("texts/%d.%s", position, ref.id)
		body, there := p.files.read(name + ".txt")
		if !there {
			continue
		}
		sum := sha256.Sum256(append(append([]byte{}, needed(p.files, name+".salt")...), body...))
		if without != "texts" && hex.EncodeToString(sum[:]) != ref.commitment {
			fail("%s.txt is not the text that the event commits to", name)
		}
		found.texts[ref.id] = true
	}
	return found
}

func (p *pack) times() {
	last, floor, bounded := "", time.Time{}, false
	for _, one := range p.proven {
		p.checking(fmt.Sprint("event ", one.position), func() {
			if one.recorded < last {
				fail("it was recorded before the one before it")
			}
			last = one.recorded
			if holds := heldIn(p.rules, p.main.origin, one.kind, one.state); holds != nil {
				if own, there := holds.floor(p.authorities); there && (!bounded || own.After(floor)) {
					floor, bounded = own, true
				}
			}
			if bounded {
				checkAfter(one.at, floor)
			}
			for _, top := range p.tops {
				if top.size >= one.position {
					checkBefore(one.at, top.at)
				}
			}
		})
	}
}

// known: outside a simulated store an event was known when it was recorded.
func (p *pack) known() {
	found := twoTimes{}
	for _, one := range p.proven {
		found.add(one.position, one.leaf.known, one.recorded)
	}
	found.judge(p.verdict, p.main.origin)
}

// texts: one that is not there was redacted, and a proven event says so.
func (p *pack) texts() {
	redacted := map[string]bool{}
	for _, one := range p.proven {
		if one.kind == "text.redacted" {
			redacted[one.stream] = true
		}
	}
	for _, one := range p.proven {
		for _, ref := range one.refs {
			if !one.texts[ref.id] && !redacted["text/"+ref.id] && without != "texts" {
				p.checking("text "+ref.id, func() { fail("it is missing, and no event says that it was redacted") })
			}
		}
	}
}

// parts: each belongs to an event, and each tile to the tree.
func (p *pack) parts() {
	proven, bundles := map[string]*event{}, map[int64]bool{}
	for _, one := range p.proven {
		proven[fmt.Sprint(one.position)] = one
		bundles[(one.position-1)/width] = true
	}
	for _, name := range p.files.names() {
		top, _, _ := strings.Cut(name, "/")
		p.checking(name, func() {
			switch top {
			case "tile":
				p.tile(name)
			case "events", "leaves", "proofs", "texts":
				parts := partName.FindStringSubmatch(name)
				if parts == nil {
					fail("there is no event that it belongs to")
				}
				position := parts[1] + parts[2] + parts[3]
				if _, there := p.files.read("events/" + position + ".json"); !there {
					fail("there is no event that it belongs to")
				}
				if one := proven[position]; parts[4] != "" && one != nil && !one.texts[parts[4]] {
					fail("its event does not commit to this text")
				}
			}
		})
	}
	p.checking("tile", func() {
		if without != "tiles" && p.tree.subtree(0, p.main.size) != p.main.root {
			fail("they do not lead to the checkpoint's root")
		}
		for number := range bundles {
			p.tree.entries(number)
		}
	})
}

func (p *pack) tile(name string) {
	parts := tileName.FindStringSubmatch(name)
	if parts == nil {
		fail("it is no tile")
	}
	number, _ := strconv.ParseInt(strings.NewReplacer("/", "", "x", "").Replace(parts[2]), 10, 64)
	level := int64(0)
	if parts[1] != "entries" {
		level, _ = strconv.ParseInt(parts[1], 10, 64)
	}
	w := int64(0)
	if level < 8 {
		w = p.tree.widthOf(level, number)
	}
	kind := parts[1]
	if kind != "entries" {
		kind = fmt.Sprint(level)
	}
	if w == 0 || name != tilePath(kind, number, w) && name != tilePath(kind, number, width) {
		fail("it is no tile of this log")
	}
	var content []byte
	if kind == "entries" {
		for place, one := range p.tree.entries(number) {
			if tlog.RecordHash(one) != p.tree.hashes(0, number)[place] && without != "tiles" {
				fail("the leaf at %d is not the one that was sealed", place)
			}
			content = append(append(content, byte(len(one)>>8), byte(len(one))), one...)
		}
	} else {
		for _, one := range p.tree.hashes(level, number) {
			content = append(content, one[:]...)
		}
		if without != "tiles" {
			p.tree.above(level, number)
		}
	}
	given, _ := p.files.read(name)
	if !bytes.Equal(given, content) && (name == tilePath(kind, number, w) || !bytes.HasPrefix(given, content)) {
		fail("there is something else at its end")
	}
}

// streams: versions go up, and where the pack says that it holds all of a stream none is missing.
func (p *pack) streams() {
	var whole []string
	p.checking("asked.json", func() { whole = p.asked() })
	counts := p.counts(whole)
	last, shown, gaps := map[string]int64{}, map[string]int64{}, map[string]bool{}
	for _, one := range p.proven {
		if before := last[one.stream]; one.version <= before {
			p.checking(one.stream, func() { fail("its version %d does not come after %d", one.version, before) })
			continue
		} else if one.version != before+1 {
			gaps[one.stream] = true
		}
		last[one.stream] = one.version
		shown[one.stream]++
	}
	for _, stream := range whole {
		n, known := counts[stream]
		switch {
		case known && last[stream] == n && !gaps[stream]:
			p.notes = append(p.notes, fmt.Sprint("OK ", stream, " all ", n))
		case known:
			p.checking(stream, func() { fail("%d are here, and the log has %d", shown[stream], n) })
		case last[stream] == 0 || gaps[stream] && without != "streams":
			p.checking(stream, func() { fail("the pack says that it holds all of it, and does not") })
		}
	}
}

type asked struct {
	Whole []string `json:"whole"`
	Along []int64  `json:"along"`
	Asked struct {
		Task       *string `json:"task,omitempty"`
		Agency     *string `json:"agency,omitempty"`
		First      *string `json:"first,omitempty"`
		Last       *string `json:"last,omitempty"`
		Everything bool    `json:"everything,omitempty"`
	} `json:"asked"`
	Reason string `json:"reason"`
	MadeBy string `json:"made_by"`
}

// written is the one form in which it is put down, byte for byte. Go's own encoder has another for U+2028.
func (said *asked) written() string {
	whole, along, what := []string{}, []string{}, []string{}
	for _, stream := range said.Whole {
		whole = append(whole, quoted(stream))
	}
	for _, position := range said.Along {
		along = append(along, strconv.FormatInt(position, 10))
	}
	one := said.Asked
	for _, field := range []struct {
		name  string
		value *string
	}{{"task", one.Task}, {"agency", one.Agency}, {"first", one.First}, {"last", one.Last}} {
		if field.value != nil {
			what = append(what, quoted(field.name)+":"+quoted(*field.value))
		}
	}
	if one.Everything {
		what = append(what, `"everything":true`)
	}
	return `{"whole":[` + strings.Join(whole, ",") + `],"along":[` + strings.Join(along, ",") + `],"asked":{` +
		strings.Join(what, ",") + `},"reason":` + quoted(said.Reason) + `,"made_by":` + quoted(said.MadeBy) + "}"
}

// asked is what the pack says of itself, in its one form; which streams it holds whole.
func (p *pack) asked() []string {
	given, there := p.files.read("asked.json")
	if !there {
		return nil
	}
	var said asked
	need(json.Unmarshal(given, &said))
	if said.Whole == nil || said.Along == nil || said.written() != string(given) {
		fail("it does not say what the pack holds")
	}
	for _, day := range []*string{said.Asked.First, said.Asked.Last} {
		if day != nil {
			_, err := time.Parse("2006-01-02", *day)
			need(err)
		}
	}
	return said.Whole
}
