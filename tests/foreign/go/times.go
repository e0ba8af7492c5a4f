package main

import (
	"crypto/sha256"
	"encoding/asn1"
	"encoding/base64"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

const slack = 60 * time.Second

// seen is when something was there: the first size leaves of the log at that time, by others' clocks.
type seen struct {
	size int64
	at   time.Time
}

type stamp struct {
	at        time.Time
	wrong     string
	untrusted bool // by an authority that is none of ours
}

var stamps = map[[32]byte]stamp{}

// stamped asks openssl whether a token of RFC 3161 (DER) is over these bytes, and of when it is.
func stamped(token, data, authorities []byte) stamp {
	key := sha256.Sum256([]byte(string(token) + "\x00" + string(data) + "\x00" + string(authorities)))
	found, known := stamps[key]
	if !known {
		found = askOpenssl(token, data, authorities)
		stamps[key] = found
	}
	return found
}

func askOpenssl(token, data, authorities []byte) stamp {
	var whole asn1.RawValue
	if rest, err := asn1.Unmarshal(token, &whole); err != nil || len(rest) > 0 { // openssl leaves out what comes after it
		return stamp{wrong: "it is no timestamp"}
	}
	folder, err := os.MkdirTemp("", "")
	need(err)
	defer os.RemoveAll(folder)
	for name, content := range map[string][]byte{"token": token, "data": data, "pem": authorities} {
		need(os.WriteFile(filepath.Join(folder, name), content, 0o600))
	}
	run := func(words ...string) (string, error) {
		command := exec.Command("openssl", words...)
		command.Dir = folder
		said, err := command.CombinedOutput()
		return string(said), err
	}
	said, _ := run("ts", "-reply", "-token_in", "-in", "token", "-token_out", "-text")
	_, after, _ := strings.Cut(said, "Time stamp: ")
	line, _, _ := strings.Cut(after, "\n")
	at, err := time.Parse("Jan _2 15:04:05 2006 MST", line)
	if err != nil {
		return stamp{wrong: "it is no timestamp"}
	}
	said, err = run("ts", "-verify", "-data", "data", "-in", "token", "-token_in", "-CAfile", "pem", "-untrusted", "pem",
		"-attime", strconv.FormatInt(at.Unix(), 10))
	if err != nil {
		return stamp{at: at, wrong: "its timestamp does not fit", untrusted: strings.Contains(said, "certificate verify error")}
	}
	return stamp{at: at}
}

// held is what a fact about the trail holds of others: a checkpoint with cosignatures, an authority's token and its time.
type held struct {
	seen  *checkpoint
	note  string
	at    *time.Time
	token []byte
}

// heldIn is nil in other facts than those about this log's trail.
func heldIn(rules *policy, origin, kind string, state []byte) *held {
	if kind != "trail.sealed" && kind != "trail.timestamped" {
		return nil
	}
	var said struct {
		Note      *string
		At, Token *string
	}
	_, fact, _ := strings.Cut(string(state), "\n")
	need(json.Unmarshal([]byte(fact), &said))
	if said.Note == nil {
		fail("the fact about the trail has no note")
	}
	found := &held{note: *said.Note}
	if said.Token != nil {
		token, err := base64.StdEncoding.DecodeString(*said.Token)
		need(err)
		found.token = token
	}
	if said.At != nil {
		at := sane(*said.At)
		found.at = &at
	}
	if first, _, _ := strings.Cut(found.note, "\n"); first != origin {
		return nil
	}
	found.seen = rules.open(found.note)
	return found
}

// floor is the time before which neither the fact nor what comes after it was recorded, and whether there is one.
func (h *held) floor(authorities []byte) (floor time.Time, there bool) {
	if h.token != nil && h.at != nil && authorities != nil {
		switch found := stamped(h.token, []byte(h.note), authorities); {
		case found.untrusted:
		case found.wrong != "":
			fail("%s", found.wrong)
		case !found.at.Equal(*h.at):
			fail("its timestamp is of another time than the fact says")
		}
	}
	if h.seen.witnesses > 0 {
		floor, there = time.Unix(h.seen.low, 0), true
	}
	if h.at != nil && h.at.After(floor) {
		floor, there = *h.at, true
	}
	return floor, there
}

func checkAfter(at, floor time.Time) {
	if without != "times" && at.Before(floor.Add(-slack)) {
		fail("it was recorded before what it stands upon was there")
	}
}

func checkBefore(at, top time.Time) {
	if without != "times" && at.After(top.Add(slack)) {
		fail("it was recorded after others saw it")
	}
}

// beginsWith: the log's first leaves are those of an older checkpoint.
func (t tree) beginsWith(old *checkpoint) {
	if old.size > t.size || old.size < 1 || t.subtree(0, old.size) != old.root {
		fail("the log does not begin with this checkpoint of %d", old.size)
	}
}
