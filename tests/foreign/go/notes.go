package main

import (
	"encoding/binary"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const farAway = 250_000_000_000

// checkpoint is a signed tree. low and high: when witnesses of the policy say they saw it; 0, 0 where none signed.
type checkpoint struct {
	given, origin string
	size          int64
	root          tlog.Hash
	byLog         bool
	witnesses     int
	quorum        bool
	low, high     int64
}

var (
	number    = regexp.MustCompile(`^(0|[1-9][0-9]{0,15})$`)
	signature = regexp.MustCompile(`^— ([^\s\p{Z}\x{85}\x1c-\x1f+]{1,255}) ([A-Za-z0-9+/]+={0,2})$`)
)

// current is the checkpoint that all else is checked against.
func (p *policy) current(files source) *checkpoint {
	found := p.open(string(needed(files, "checkpoint")))
	named := false
	for _, log := range p.logs {
		named = named || log.Name() == found.origin && p.signedBy(found.given, log)
	}
	if without != "signatures" && !(found.byLog && named) {
		fail("checkpoint: no log key of the policy has signed it, or it is of another log")
	}
	if found.size == 0 {
		fail("checkpoint: it is of an empty log")
	}
	return found
}

func (p *policy) signedBy(given string, key note.Verifier) bool {
	_, err := note.Open([]byte(given), note.VerifierList(key))
	return err == nil
}

// open reads a note and judges every line that names a key of the policy. A retired key may have signed it.
func (p *policy) open(given string) *checkpoint {
	at := strings.LastIndex(given, "\n\n")
	if at < 0 || !utf8.ValidString(given) || len(given) > 1_000_000 || !strings.HasSuffix(given, "\n") {
		fail("it has not the form of a signed note")
	}
	if strings.IndexFunc(given, func(c rune) bool { return c < 0x20 && c != '\n' }) >= 0 {
		fail("there are control characters in it")
	}
	found := &checkpoint{given: given}
	text, signed := given[:at+1], map[string]uint64{}
	for _, line := range strings.Split(strings.TrimSuffix(given[at+2:], "\n"), "\n") {
		parts := signature.FindStringSubmatch(line)
		if parts == nil {
			fail("it has not the form of a signed note")
		}
		raw := strict(parts[2])
		if len(raw) < 5 {
			fail("it has not the form of a signed note")
		}
		names := func(key note.Verifier) bool {
			if key.Name() != parts[1] || key.KeyHash() != binary.BigEndian.Uint32(raw) {
				return false
			}
			if without != "signatures" && !key.Verify([]byte(text), raw[4:]) {
				fail("the signature by %s does not fit", parts[1])
			}
			return true
		}
		for _, log := range p.logs {
			found.byLog = names(log) || found.byLog
		}
		for name, key := range p.witnesses {
			if _, twice := signed[name]; names(key) && !twice && len(raw) > 12 {
				signed[name] = binary.BigEndian.Uint64(raw[4:])
			}
		}
	}
	for _, seen := range signed {
		at := int64(farAway)
		if seen < farAway {
			at = int64(seen)
		}
		if found.witnesses == 0 || at < found.low {
			found.low = at
		}
		if found.witnesses == 0 || at > found.high {
			found.high = at
		}
		found.witnesses++
	}
	found.quorum = p.satisfied(signed)
	lines := strings.Split(text[:len(text)-1], "\n")
	if len(lines) != 3 || lines[0] == "" || !number.MatchString(lines[1]) {
		fail("it has not the form of a checkpoint")
	}
	found.origin = lines[0]
	found.size, _ = strconv.ParseInt(lines[1], 10, 64)
	found.root = hash(lines[2])
	return found
}

// older is a checkpoint of the past of a log.
func (p *policy) older(given, origin string) *checkpoint {
	found := p.open(given)
	if found.origin != origin {
		fail("it is of another log")
	}
	return found
}

func hash(coded string) (found tlog.Hash) {
	raw := strict(coded)
	if len(raw) != len(found) {
		fail("%q is no hash", coded)
	}
	copy(found[:], raw)
	return found
}

func hashes(lines []string) (found []tlog.Hash) {
	for _, line := range lines {
		found = append(found, hash(line))
	}
	return found
}
