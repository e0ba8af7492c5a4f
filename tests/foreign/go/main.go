// Checks a trail's folder, or a pack that was unpacked, with Go's sumdb/note and sumdb/tlog: main FOLDER WITNESSES
package main

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

var folder string

func need(err error, what ...any) {
	if err != nil {
		fmt.Println(append([]any{"NOT OK"}, append(what, err)...)...)
		os.Exit(1)
	}
}

func read(path string) []byte {
	data, err := os.ReadFile(filepath.Join(folder, path))
	need(err, path)
	return data
}

// witness is a key of C2SP tlog-cosignature (v1, Ed25519), which sumdb/note takes as any other verifier.
type witness struct {
	name string
	hash uint32
	key  ed25519.PublicKey
}

func (w witness) Name() string    { return w.name }
func (w witness) KeyHash() uint32 { return w.hash }
func (w witness) Verify(msg, sig []byte) bool {
	if len(sig) != 8+ed25519.SignatureSize {
		return false
	}
	text := fmt.Sprintf("cosignature/v1\ntime %d\n%s", binary.BigEndian.Uint64(sig), msg)
	return ed25519.Verify(w.key, []byte(text), sig[8:])
}

func verifiers(policy string) (logs, all []note.Verifier) {
	for _, line := range strings.Split(policy, "\n") {
		words := strings.Fields(line)
		if len(words) > 1 && words[0] == "log" {
			log, err := note.NewVerifier(words[1])
			need(err, "policy")
			logs, all = append(logs, log), append(all, log)
		} else if len(words) > 2 && words[0] == "witness" {
			parts := strings.SplitN(words[2], "+", 3)
			hash, err := strconv.ParseUint(parts[1], 16, 32)
			need(err, "policy")
			key, err := base64.StdEncoding.DecodeString(parts[2])
			need(err, "policy")
			all = append(all, witness{parts[0], uint32(hash), key[1:]})
		}
	}
	return logs, all
}

// checkpoint opens a note: its tree, and how many witnesses signed it beside the log.
func checkpoint(path string, logs, all []note.Verifier) (tlog.Tree, int) {
	_, err := note.Open(read(path), note.VerifierList(logs...))
	need(err, path)
	opened, err := note.Open(read(path), note.VerifierList(all...))
	need(err, path)
	lines := strings.Split(opened.Text, "\n")
	size, err := strconv.ParseInt(lines[1], 10, 64)
	need(err, path)
	root, err := tlog.ParseHash(lines[2])
	need(err, path)
	return tlog.Tree{N: size, Hash: root}, len(opened.Sigs) - 1
}

func hashes(lines []string) (found []tlog.Hash) {
	for _, line := range lines {
		hash, err := tlog.ParseHash(line)
		need(err, line)
		found = append(found, hash)
	}
	return found
}

// tiles reads the tiles of C2SP tlog-tiles, whose paths do without the height.
type tiles struct{}

func (tiles) Height() int                         { return 8 }
func (tiles) SaveTiles(_ []tlog.Tile, _ [][]byte) {}
func (tiles) ReadTiles(wanted []tlog.Tile) (found [][]byte, _ error) {
	for _, tile := range wanted {
		found = append(found, read("tile"+strings.TrimPrefix(tile.Path(), "tile/8")))
	}
	return found, nil
}

func whole(tree tlog.Tree) {
	reader := tlog.TileHashReader(tree, tiles{})
	for first := int64(0); first < tree.N; first += 256 {
		tile := tlog.Tile{H: 8, L: 0, N: first / 256, W: int(min(256, tree.N-first))}
		bundle := read("tile/entries" + strings.TrimPrefix(tile.Path(), "tile/8/0"))
		var indexes []int64
		for i := first; i < first+int64(tile.W); i++ {
			indexes = append(indexes, tlog.StoredHashIndex(0, i))
		}
		stored, err := reader.ReadHashes(indexes)
		need(err, "tile", first/256)
		for i, hash := range stored {
			length := int(binary.BigEndian.Uint16(bundle))
			if tlog.RecordHash(bundle[2:2+length]) != hash {
				need(fmt.Errorf("it is not the leaf that was sealed"), "event", first+int64(i)+1)
			}
			bundle = bundle[2+length:]
		}
	}
	fmt.Println("OK", tree.N, "leaves")
}

func min(a, b int64) int64 {
	if a < b {
		return a
	}
	return b
}

// bit of a stream's name's hash, the most significant first.
func bit(key [32]byte, at int) byte { return key[at/8] >> (7 - at%8) & 1 }

// counted is a leaf of the tree over all streams: how many facts a stream has, and the chain over their leaves.
type counted struct {
	Chain  string `json:"chain"`
	N      int64  `json:"n"`
	Stream string `json:"stream"`
}

// pathOf reads how a stream is shown to be among all streams, or not to be, and the root that this leads to.
func pathOf(name, file string) (counted, tlog.Hash) {
	lines := strings.Split(string(read(file)), "\n")
	if len(lines) < 2 || lines[len(lines)-1] != "" {
		need(fmt.Errorf("it has not the form of a path"), file)
	}
	key, siblings, leaf := sha256.Sum256([]byte(name)), hashes(lines[1:len(lines)-1]), counted{}
	if len(siblings) > 256 {
		need(fmt.Errorf("it has not the form of a path"), file)
	}
	var found tlog.Hash
	if lines[0] != "-" {
		need(json.Unmarshal([]byte(lines[0]), &leaf), file)
		quoted, _ := json.Marshal(leaf)
		if string(quoted) != lines[0] || leaf.N < 1 || len(leaf.Chain) != 64 {
			need(fmt.Errorf("it has not the form of a path"), file)
		}
		own := sha256.Sum256([]byte(leaf.Stream))
		for at := range siblings {
			if bit(own, at) != bit(key, at) {
				need(fmt.Errorf("its leaf does not lie on the way to %s", name), file)
			}
		}
		found = tlog.RecordHash([]byte(lines[0]))
	}
	for at, sibling := range siblings {
		if bit(key, len(siblings)-1-at) == 1 {
			found = tlog.NodeHash(sibling, found)
		} else {
			found = tlog.NodeHash(found, sibling)
		}
	}
	return leaf, found
}

// leafOf is what the leaf of an event whose proof was checked says.
type leafOf struct {
	Stream, Topic string
	State         string `json:"state_sha256"`
	Ver           int64
}

func leaf(position int64) (found leafOf, hash tlog.Hash) {
	name := fmt.Sprintf("leaves/%d.json", position)
	need(json.Unmarshal(read(name), &found), name)
	return found, tlog.RecordHash(read(name))
}

// holdsAll checks that the pack holds every fact of a stream, by the count of the streams with which the checkpoint ends.
// positions: of the events whose proofs were checked, in order.
func holdsAll(name, origin string, tree tlog.Tree, positions []int64) {
	paths, _ := filepath.Glob(filepath.Join(folder, "streams", "*"))
	last := positions[len(positions)-1]
	end, _ := leaf(last)
	if end.Topic != "trail.mapped" || last != tree.N {
		if len(paths) > 0 {
			need(fmt.Errorf("the count of the streams with which the checkpoint ends is not here"), name)
		}
		fmt.Println("note", name, "whether there are later ones is not proved")
		return
	}
	said := struct {
		Origin, Root string
		Size         int64
	}{}
	state := read(fmt.Sprintf("events/%d.json", last))
	if fmt.Sprintf("%x", sha256.Sum256(state)) != end.State {
		need(fmt.Errorf("it is not what was sealed"), "event", last)
	}
	need(json.Unmarshal(state[bytes.IndexByte(state, '\n')+1:], &said), "event", last)
	if said.Origin != origin || said.Size != tree.N-1 {
		fmt.Println("note", name, "whether there are later ones is not proved")
		return
	}
	want, root := pathOf(name, fmt.Sprintf("streams/%x", sha256.Sum256([]byte(name))))
	if root.String() != said.Root {
		need(fmt.Errorf("it does not lead to the count of the streams"), name)
	}
	if want.Stream != name {
		want = counted{}
	}
	var chain tlog.Hash
	n := int64(0)
	for _, position := range positions {
		one, hash := leaf(position)
		if one.Stream != name || position == last {
			continue
		}
		if n++; one.Ver != n {
			need(fmt.Errorf("version %d comes where %d has to be", one.Ver, n), name)
		} else if n == 1 {
			chain = hash
		} else {
			chain = tlog.NodeHash(chain, hash)
		}
	}
	if n != want.N || n > 0 && hex.EncodeToString(chain[:]) != want.Chain {
		need(fmt.Errorf("%d are here, and the log has %d", n, want.N), name)
	}
	fmt.Println("OK", name, "all", n)
}

func main() {
	folder = os.Args[1]
	least, err := strconv.Atoi(os.Args[2])
	need(err, "WITNESSES")
	logs, all := verifiers(string(read("policy")))
	tree, witnesses := checkpoint("checkpoint", logs, all)
	if witnesses < least {
		need(fmt.Errorf("%d witnesses of %d", witnesses, least), "checkpoint")
	}
	proofs, _ := filepath.Glob(filepath.Join(folder, "proofs", "*.tlog-proof"))
	if len(proofs) == 0 {
		whole(tree)
		return
	}
	var positions []int64
	for _, path := range proofs {
		position := strings.TrimSuffix(filepath.Base(path), ".tlog-proof")
		head := strings.Split(string(bytes.SplitN(read("proofs/"+filepath.Base(path)), []byte("\n\n"), 2)[0]), "\n")
		index, err := strconv.ParseInt(strings.TrimPrefix(head[1], "index "), 10, 64)
		need(err, path)
		leaf := tlog.RecordHash(read("leaves/" + position + ".json"))
		need(tlog.CheckRecord(hashes(head[2:]), tree.N, tree.Hash, index, leaf), path)
		positions = append(positions, index+1)
	}
	sort.Slice(positions, func(a, b int) bool { return positions[a] < positions[b] })
	olds, _ := filepath.Glob(filepath.Join(folder, "checkpoints", "*"))
	for _, path := range olds {
		old, _ := checkpoint("checkpoints/"+filepath.Base(path), logs, all)
		proof := strings.Fields(string(read("consistency/" + filepath.Base(path))))
		need(tlog.CheckTree(hashes(proof), tree.N, tree.Hash, old.N, old.Hash), path)
	}
	asked := struct{ Whole []string }{}
	if data, err := os.ReadFile(filepath.Join(folder, "asked.json")); err == nil {
		need(json.Unmarshal(data, &asked), "asked.json")
	}
	for _, name := range asked.Whole {
		holdsAll(name, strings.SplitN(string(read("checkpoint")), "\n", 2)[0], tree, positions)
	}
	fmt.Println("OK", len(proofs), "events", len(olds), "older checkpoints")
}
