package main

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"sort"

	"golang.org/x/mod/sumdb/tlog"
)

// streams are counted leaf by leaf.
type streams map[string]*tally

type tally struct {
	n     int64
	chain tlog.Hash
}

func (s streams) add(stream string, hash tlog.Hash) {
	if s[stream] == nil {
		s[stream] = &tally{}
	}
	one := s[stream]
	one.chain = chained(&one.chain, one.n, hash)
	one.n++
}

type place struct {
	key  [32]byte
	leaf tlog.Hash
}

// root over all of them: by the bits of their names' hashes, one that is alone below a node standing there itself.
func (s streams) root() tlog.Hash {
	var all []place
	for stream, one := range s {
		leaf := counted{stream, hex.EncodeToString(one.chain[:]), one.n}
		all = append(all, place{sha256.Sum256([]byte(stream)), tlog.RecordHash(leaf.bytes())})
	}
	sort.Slice(all, func(a, b int) bool { return string(all[a].key[:]) < string(all[b].key[:]) })
	return top(all, 0)
}

func top(all []place, depth int) (none tlog.Hash) {
	switch len(all) {
	case 0:
		return none
	case 1:
		return all[0].leaf
	}
	half := sort.Search(len(all), func(at int) bool { return bit(all[at].key, depth) == 1 })
	return tlog.NodeHash(top(all[:half], depth+1), top(all[half:], depth+1))
}

// recount is a fact that counts the streams, and what the leaves before it make. state: SHA-256 of its bytes, hex.
type recount struct {
	position int64
	state    string
	made     commitment
}

// maps: each of the facts that count the streams, by its bytes in the trail, counts what the leaves before it make.
func (t *trail) maps() {
	for _, one := range t.recounted {
		name := fmt.Sprintf("maps/%d.json", one.position)
		t.checking(name, func() {
			if without == "maps" {
				return
			}
			given := needed(t.files, name)
			if sum := sha256.Sum256(given); hex.EncodeToString(sum[:]) != one.state {
				fail("its content is not what was sealed")
			}
			if said := committed(t.main.origin, one.position, given); said != nil && *said != one.made {
				fail("what it says of the streams is not what the facts before it make")
			}
		})
	}
}
