package main

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/tlog"
)

// trail is a whole log in a folder.
type trail struct {
	*verdict
	files       source
	rules       *policy
	main        *checkpoint
	authorities []byte
	tree        tree
	recounted   []recount
	twoTimes    twoTimes
}

func newTrail(found *verdict, files source, rules *policy, main *checkpoint, authorities []byte) *trail {
	return &trail{verdict: found, files: files, rules: rules, main: main, authorities: authorities, tree: tree{files, main.size}}
}

// reader gives sumdb the tiles of C2SP tlog-tiles, whose paths do without the height.
type reader struct{ files source }

func (reader) Height() int                         { return 8 }
func (reader) SaveTiles(_ []tlog.Tile, _ [][]byte) {}
func (r reader) ReadTiles(wanted []tlog.Tile) (found [][]byte, _ error) {
	for _, one := range wanted {
		path := "tile" + strings.TrimPrefix(one.Path(), "tile/8")
		content, there := r.files.read(path)
		if !there {
			whole := one
			whole.W = width
			content = needed(r.files, "tile"+strings.TrimPrefix(whole.Path(), "tile/8"))
		}
		if len(content) > one.W*tlog.HashSize {
			content = content[:one.W*tlog.HashSize]
		}
		found = append(found, content)
	}
	return found, nil
}

// verify says in the verdict what does not hold.
func (t *trail) verify() {
	if !t.checking("tile", t.leaves) {
		return
	}
	t.twoTimes.judge(t.verdict, t.main.origin)
	t.maps()
	last := func(old *checkpoint, top time.Time) { checkBefore(parseLeaf(t.tree.leaf(old.size-1)).at, top) }
	seenBy := func(old *checkpoint) {
		if old.witnesses > 0 {
			last(old, time.Unix(old.high, 0))
		}
	}
	t.checking("checkpoint", func() { seenBy(t.main) })
	for _, name := range t.files.names() {
		stamping := strings.HasPrefix(name, "timestamps/") && strings.HasSuffix(name, ".note")
		if !stamping && (!strings.HasPrefix(name, "checkpoints/") || strings.HasSuffix(name, ".new")) {
			continue
		}
		t.checking(name, func() {
			given := needed(t.files, name)
			old := t.rules.older(string(given), t.main.origin)
			t.tree.beginsWith(old)
			if stamping {
				last(old, stampOf(t.files, name, given, t.authorities))
			} else {
				seenBy(old)
			}
		})
	}
}

// leaves: every one hashes to its tile, and the tiles to the root; their times never go back.
func (t *trail) leaves() {
	hashed := tlog.TileHashReader(tlog.Tree{N: t.main.size, Hash: t.main.root}, reader{t.files})
	before, all := "", streams{}
	for number := int64(0); number*width < t.main.size; number++ {
		var indexes []int64
		for place := int64(0); place < t.tree.widthOf(0, number); place++ {
			indexes = append(indexes, tlog.StoredHashIndex(0, number*width+place))
		}
		stored, err := hashed.ReadHashes(indexes)
		if without != "tiles" {
			need(err)
		}
		for place, given := range t.tree.entries(number) {
			position := number*width + int64(place) + 1
			if without != "tiles" && tlog.RecordHash(given) != stored[place] {
				fail("event %d it is not the leaf that was sealed", position)
			}
			found := leafForm.FindSubmatch(given)
			if found == nil || string(found[1]) != fmt.Sprint(position-1) {
				fail("event %d has not the form or the index of a leaf", position)
			}
			if recorded := string(found[3]); recorded < before {
				fail("event %d was recorded before the one before it", position)
			}
			before = string(found[3])
			t.twoTimes.add(position, string(found[2]), before)
			var stream, kind string
			need(json.Unmarshal(found[5], &stream))
			need(json.Unmarshal(found[6], &kind))
			if kind == mapped {
				t.recounted = append(t.recounted, recount{position, string(found[4]), commitment{position - 1, int64(len(all)), all.root()}})
			}
			all.add(stream, tlog.RecordHash(given))
		}
	}
}
