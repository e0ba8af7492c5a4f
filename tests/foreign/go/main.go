// Checks a trail's folder, or a pack that was unpacked, with Go's sumdb/note and sumdb/tlog: main FOLDER WITNESSES
package main

import (
	"bytes"
	"crypto/ed25519"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
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

// kept says by which clock facts are known: the log's name says it, or else, once it is seen, the log's first fact.
var kept string

var named = regexp.MustCompile(`^donghaeng/(real|simulated)/[0-9a-f]{32}(/[0-9]+)?$`)

// oneTime refuses a leaf that was known at another time than it was recorded where the store is not simulated; whether
// it was where nobody says whether it is.
func oneTime(leaf []byte) bool {
	var said struct {
		I        int64  `json:"i"`
		Known    string `json:"known_at"`
		Recorded string `json:"recorded_at"`
	}
	need(json.Unmarshal(leaf, &said), "leaf")
	if kept == "" && said.I == 0 {
		kept = "first"
		if said.Known == said.Recorded {
			kept = "real"
		}
	}
	if kept == "real" && said.Known != said.Recorded {
		need(fmt.Errorf("it was known at another time than it was recorded"), "event", said.I+1)
	}
	return said.Known != said.Recorded && kept != "simulated"
}

func told(two int) string {
	if kept == "simulated" {
		return " of a simulated store"
	}
	if two > 0 {
		return fmt.Sprintf(" of which %d have two times, and nobody says whether the store is simulated", two)
	}
	return ""
}

// checkpoint opens a note: its tree, and how many witnesses signed it beside the log.
func checkpoint(path string, logs, all []note.Verifier) (tlog.Tree, int) {
	_, err := note.Open(read(path), note.VerifierList(logs...))
	need(err, path)
	opened, err := note.Open(read(path), note.VerifierList(all...))
	need(err, path)
	lines := strings.Split(opened.Text, "\n")
	if found := named.FindStringSubmatch(lines[0]); found != nil {
		kept = found[1]
	}
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
	two := 0
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
			if oneTime(bundle[2 : 2+length]) {
				two++
			}
			bundle = bundle[2+length:]
		}
	}
	fmt.Println("OK", tree.N, "leaves"+told(two))
}

func min(a, b int64) int64 {
	if a < b {
		return a
	}
	return b
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
	sort.Slice(proofs, func(one, other int) bool {
		return len(proofs[one]) < len(proofs[other]) || len(proofs[one]) == len(proofs[other]) && proofs[one] < proofs[other]
	})
	two := 0
	for _, path := range proofs {
		position := strings.TrimSuffix(filepath.Base(path), ".tlog-proof")
		head := strings.Split(string(bytes.SplitN(read("proofs/"+filepath.Base(path)), []byte("\n\n"), 2)[0]), "\n")
		index, err := strconv.ParseInt(strings.TrimPrefix(head[1], "index "), 10, 64)
		need(err, path)
		leaf := read("leaves/" + position + ".json")
		need(tlog.CheckRecord(hashes(head[2:]), tree.N, tree.Hash, index, tlog.RecordHash(leaf)), path)
		if oneTime(leaf) {
			two++
		}
	}
	olds, _ := filepath.Glob(filepath.Join(folder, "checkpoints", "*"))
	for _, path := range olds {
		old, _ := checkpoint("checkpoints/"+filepath.Base(path), logs, all)
		proof := strings.Fields(string(read("consistency/" + filepath.Base(path))))
		need(tlog.CheckTree(hashes(proof), tree.N, tree.Hash, old.N, old.Hash), path)
	}
	fmt.Println("OK", len(proofs), "events", len(olds), "older checkpoints"+told(two))
}
