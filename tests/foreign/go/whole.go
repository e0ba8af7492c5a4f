package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/tlog"
)

const mapped = "trail.mapped"

// commitment is what the log says of its first size facts: of how many streams they are, and the root over these.
type commitment struct {
	size, streams int64
	root          tlog.Hash
}

// committed is nil where a fact counts for another log, or is not the very next one after those that it counts.
func committed(origin string, position int64, state []byte) *commitment {
	var said struct {
		Origin, Root  *string
		Size, Streams *int64
	}
	_, fact, _ := bytes.Cut(state, []byte("\n"))
	need(json.Unmarshal(fact, &said))
	if said.Origin == nil || said.Root == nil || said.Size == nil || said.Streams == nil {
		fail("the count of the streams cannot be read")
	}
	found := &commitment{size: *said.Size, streams: *said.Streams}
	root, err := base64.StdEncoding.DecodeString(*said.Root)
	if err != nil || len(root) != tlog.HashSize || strings.ContainsAny(*said.Root, "\r\n") {
		fail("the count of the streams cannot be read")
	}
	copy(found.root[:], root)
	if *said.Origin != origin || found.size != position-1 {
		return nil
	}
	return found
}

// counted is a leaf of the tree over all streams: how many facts a stream has, and the chain over their leaves.
type counted struct {
	stream, chain string
	n             int64
}

func (c counted) bytes() []byte {
	return []byte(fmt.Sprintf(`{"chain":"%s","n":%d,"stream":%s}`, c.chain, c.n, quoted(c.stream)))
}

var countedForm = regexp.MustCompile(`^\{"chain":"([0-9a-f]{64})","n":([1-9][0-9]{0,17}),"stream":("(?:[^"\\\x00-\x1f]|\\.)*")\}$`)

func parseCounted(line string) *counted {
	parts := countedForm.FindStringSubmatch(line)
	if parts == nil {
		fail("it has not the form of a stream's path")
	}
	found := &counted{chain: parts[1]}
	found.n, _ = strconv.ParseInt(parts[2], 10, 64)
	need(json.Unmarshal([]byte(parts[3]), &found.stream))
	if string(found.bytes()) != line {
		fail("it has not the form of a stream's path")
	}
	return found
}

// bit of a name's hash, the most significant first.
func bit(key [32]byte, at int) byte { return key[at/8] >> (7 - at%8) & 1 }

func chained(before *tlog.Hash, n int64, hash tlog.Hash) tlog.Hash {
	if n == 0 {
		return hash
	}
	return tlog.NodeHash(*before, hash)
}

func pathFile(stream string) string { return fmt.Sprintf("streams/%x", sha256.Sum256([]byte(stream))) }

// pathOf reads how a stream is shown to be among all streams, or not to be, and the root to which this leads. own: the
// stream's leaf, nil where another's or none stands at the path's end.
func pathOf(stream string, given []byte) (own *counted, root tlog.Hash) {
	lines := strings.Split(string(given), "\n")
	if len(lines) < 2 || lines[len(lines)-1] != "" {
		fail("it has not the form of a stream's path")
	}
	key, siblings := sha256.Sum256([]byte(stream)), hashes(lines[1:len(lines)-1])
	if len(siblings) > 256 {
		fail("it is longer than a path can be")
	}
	if lines[0] != "-" {
		end := parseCounted(lines[0])
		for at := range siblings {
			if bit(sha256.Sum256([]byte(end.stream)), at) != bit(key, at) {
				fail("what stands at its end does not lie on the way to %s", stream)
			}
		}
		root = tlog.RecordHash(end.bytes())
		if end.stream == stream {
			own = end
		}
	}
	for at, sibling := range siblings {
		if bit(key, len(siblings)-1-at) == 1 {
			root = tlog.NodeHash(sibling, root)
		} else {
			root = tlog.NodeHash(root, sibling)
		}
	}
	return own, root
}

// counts says how many facts each of the streams has up to the checkpoint, as the count says with which that ends. A stream
// of which nothing says it, or of which what is here is not so, is left out.
func (p *pack) counts(streams []string) map[string]int64 {
	found, paths, files := map[string]int64{}, map[string]bool{}, under(p.files, "streams/")
	if without == "whole" {
		return found
	}
	for _, stream := range streams {
		paths[pathFile(stream)] = true
	}
	for _, name := range files {
		if !paths[name] {
			p.checking(name, func() { fail("it is of no stream of which the pack says that it holds all") })
		}
	}
	var said *commitment
	if n := len(p.proven); n > 0 && p.proven[n-1].position == p.main.size && p.proven[n-1].kind == mapped {
		p.checking(fmt.Sprint("event ", p.main.size), func() {
			said = committed(p.main.origin, p.main.size, p.proven[n-1].state)
		})
	}
	for _, stream := range streams {
		if said == nil && len(files) == 0 {
			p.notes = append(p.notes, "note "+stream+" whether there are later ones is not proved")
			continue
		}
		p.checking(stream, func() {
			if said == nil {
				fail("the count of the streams with which the checkpoint ends is not in the pack")
			}
			found[stream] = p.count(stream, said)
		})
	}
	return found
}

func (p *pack) count(stream string, said *commitment) int64 {
	own, root := pathOf(stream, needed(p.files, pathFile(stream)))
	if root != said.root {
		fail("it does not lead to the count of the streams")
	}
	if own == nil {
		own = &counted{stream: stream}
	}
	var chain tlog.Hash
	there, beyond := int64(0), int64(0)
	for _, one := range p.proven {
		switch {
		case one.stream != stream:
		case one.position > said.size:
			beyond++
		default:
			if there < own.n {
				chain = chained(&chain, there, tlog.RecordHash(needed(p.files, fmt.Sprintf("leaves/%d.json", one.position))))
			}
			there++
		}
	}
	if own.n > 0 && there >= own.n && hex.EncodeToString(chain[:]) != own.chain {
		fail("its events here are not those that were counted")
	}
	return own.n + beyond
}
