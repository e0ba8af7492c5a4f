package main

import (
	"encoding/binary"
	"fmt"

	"golang.org/x/mod/sumdb/tlog"
)

const width = 256

// tree reads the tiles of C2SP tlog-tiles: hashes by height, and the leaves in bundles.
type tree struct {
	files source
	size  int64
}

func (t tree) widthOf(level, number int64) int64 {
	n := t.size>>(8*level) - number*width
	if n < 0 {
		return 0
	}
	if n > width {
		return width
	}
	return n
}

func tilePath(kind string, number, w int64) string {
	path := fmt.Sprintf("%03d", number%1000)
	for number /= 1000; number > 0; number /= 1000 {
		path = fmt.Sprintf("x%03d/%s", number%1000, path)
	}
	if w != width {
		path += fmt.Sprintf(".p/%d", w)
	}
	return "tile/" + kind + "/" + path
}

// bytes reads a partial tile, or the full one in its place, which begins with it.
func (t tree) bytes(kind string, number, w int64) []byte {
	if found, there := t.files.read(tilePath(kind, number, w)); there {
		return found
	}
	return needed(t.files, tilePath(kind, number, width))
}

func (t tree) hashes(level, number int64) (found []tlog.Hash) {
	w := t.widthOf(level, number)
	given := t.bytes(fmt.Sprint(level), number, w)
	if int64(len(given)) < w*tlog.HashSize {
		fail("tile/%d %d is too short", level, number)
	}
	for at := int64(0); at < w; at++ {
		var one tlog.Hash
		copy(one[:], given[at*tlog.HashSize:])
		found = append(found, one)
	}
	return found
}

func (t tree) entries(number int64) (found [][]byte) {
	w := t.widthOf(0, number)
	given := t.bytes("entries", number, w)
	for int64(len(found)) < w {
		if len(given) < 2 {
			fail("bundle %d is too short", number)
		}
		end := 2 + int(binary.BigEndian.Uint16(given))
		if len(given) < end {
			fail("bundle %d is cut", number)
		}
		found, given = append(found, given[2:end]), given[end:]
	}
	return found
}

// leaf is checked against its hash in the tile.
func (t tree) leaf(index int64) []byte {
	found := t.entries(index / width)[index%width]
	if tlog.RecordHash(found) != t.hashes(0, index/width)[index%width] {
		fail("the leaf at %d is not the one that was sealed", index)
	}
	return found
}

func rootOf(given []tlog.Hash) tlog.Hash {
	if len(given) == 1 {
		return given[0]
	}
	k := 1
	for k*2 < len(given) {
		k *= 2
	}
	return tlog.NodeHash(rootOf(given[:k]), rootOf(given[k:]))
}

// subtree is the root over the leaves low … high - 1.
func (t tree) subtree(low, high int64) tlog.Hash {
	count := high - low
	if count&(count-1) == 0 && low%count == 0 {
		height := int64(0)
		for int64(1)<<height < count {
			height++
		}
		at := low >> (8 * (height / 8))
		number, place := at/width, at%width
		return rootOf(t.hashes(height/8, number)[place : place+1<<(height%8)])
	}
	k := int64(1)
	for k*2 < count {
		k *= 2
	}
	return tlog.NodeHash(t.subtree(low, low+k), t.subtree(low+k, high))
}

// above: a full tile hashes to its place in the tile above it.
func (t tree) above(level, number int64) {
	if t.widthOf(level, number) == width && rootOf(t.hashes(level, number)) != t.hashes(level+1, number/width)[number%width] {
		fail("tile/%d %d is not what the tile above it says", level, number)
	}
}
