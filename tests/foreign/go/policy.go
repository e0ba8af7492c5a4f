package main

import (
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
)

// witness is a key of C2SP tlog-cosignature (v1, Ed25519), which sumdb/note takes as any other verifier.
type witness struct {
	name string
	hash uint32
	key  ed25519.PublicKey
}

func (w witness) Name() string    { return w.name }
func (w witness) KeyHash() uint32 { return w.hash }
func (w witness) Verify(msg, sig []byte) bool {
	if len(sig) != 8+ed25519.SignatureSize || sig[0] > 127 {
		return false
	}
	text := fmt.Sprintf("cosignature/v1\ntime %d\n%s", binary.BigEndian.Uint64(sig), msg)
	return ed25519.Verify(w.key, []byte(text), sig[8:])
}

type group struct {
	name    string
	least   int
	members []string
}

// policy is a file of C2SP tlog-policy.
type policy struct {
	logs      []note.Verifier
	witnesses map[string]witness
	groups    []group
	quorum    string
}

var (
	between = regexp.MustCompile(`[ \t]+`)
	count   = regexp.MustCompile(`^[1-9][0-9]{0,3}$`)
)

func parsePolicy(text string) *policy {
	p := &policy{witnesses: map[string]witness{}}
	names, keys, used := map[string]bool{"none": true}, map[string]bool{}, map[string]bool{}
	take := func(name string) {
		if names[name] {
			fail("the name %q is taken", name)
		}
		names[name] = true
	}
	key := func(vkey string, algorithm byte) witness {
		found := parseKey(vkey, algorithm)
		if keys[string(found.key)] {
			fail("the same key stands there twice")
		}
		keys[string(found.key)] = true
		return found
	}
	for number, line := range strings.Split(strings.TrimPrefix(text, "\ufeff"), "\n") {
		var words []string
		for _, word := range between.Split(strings.TrimSuffix(line, "\r"), -1) {
			if word != "" {
				words = append(words, word)
			}
		}
		switch n := len(words); {
		case n == 0 || strings.HasPrefix(words[0], "#"):
		case words[0] == "log" && (n == 2 || n == 3):
			key(words[1], 1)
			log, err := note.NewVerifier(words[1])
			need(err)
			p.logs = append(p.logs, log)
		case words[0] == "witness" && (n == 3 || n == 4):
			found := key(words[2], 4)
			take(words[1])
			p.witnesses[words[1]] = found
		case words[0] == "group" && n > 3:
			members, least := words[3:], 0
			for _, member := range members {
				if member == "none" || !names[member] || used[member] {
					fail("policy line %d: %q does not stand above, or is used twice", number+1, member)
				}
				used[member] = true
			}
			if words[2] == "any" {
				least = 1
			} else if words[2] == "all" {
				least = len(members)
			} else if count.MatchString(words[2]) {
				least, _ = strconv.Atoi(words[2])
			}
			if least < 1 || least > len(members) {
				fail("policy line %d: nobody can satisfy it", number+1)
			}
			take(words[1])
			p.groups = append(p.groups, group{words[1], least, members})
		case words[0] == "quorum" && n == 2 && p.quorum == "" && names[words[1]]:
			p.quorum = words[1]
		default:
			fail("policy line %d is not understood", number+1)
		}
	}
	if p.quorum == "" || len(p.logs) == 0 {
		fail("policy: the line with the quorum or the log is missing")
	}
	return p
}

func parseKey(vkey string, algorithm byte) witness {
	parts := strings.SplitN(vkey, "+", 3)
	if len(parts) != 3 || parts[0] == "" {
		fail("%q is no key", vkey)
	}
	raw := strict(parts[2])
	sum := sha256.Sum256(append([]byte(parts[0]+"\n"), raw...))
	if len(raw) != 33 || raw[0] != algorithm || hex.EncodeToString(sum[:4]) != parts[1] {
		fail("%q is not a key for this role", vkey)
	}
	return witness{parts[0], binary.BigEndian.Uint32(sum[:4]), raw[1:]}
}

// strict is base64 in its one spelling.
func strict(coded string) []byte {
	raw, err := base64.StdEncoding.Strict().DecodeString(coded)
	if err != nil || base64.StdEncoding.EncodeToString(raw) != coded {
		fail("%q is not base64 in its one spelling", coded)
	}
	return raw
}

// satisfied says whether the quorum is among those witnesses who signed.
func (p *policy) satisfied(signed map[string]uint64) bool {
	there := map[string]bool{"none": true}
	for name := range signed {
		there[name] = true
	}
	for _, one := range p.groups {
		n := 0
		for _, member := range one.members {
			if there[member] {
				n++
			}
		}
		if n >= one.least {
			there[one.name] = true
		}
	}
	return there[p.quorum]
}
