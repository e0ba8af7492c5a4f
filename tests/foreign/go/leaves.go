package main

import (
	"encoding/json"
	"regexp"
	"strconv"
	"time"
	"unicode/utf8"
)

// leaf is what the trail says of one fact.
type leaf struct {
	position, version   int64
	known, recorded     string
	at                  time.Time
	state, stream, kind string
}

const instant = `(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z)`
const jsonText = `("(?:[^"\\\x00-\x1f]|\\.)+")`

var leafForm = regexp.MustCompile(`^\{"i":(0|[1-9]\d{0,15}),"known_at":"` + instant + `","recorded_at":"` + instant +
	`","state_sha256":"([0-9a-f]{64})","stream":` + jsonText + `,"topic":` + jsonText + `,"v":1,"ver":([1-9]\d{0,15})\}$`)

func parseLeaf(given []byte) *leaf {
	parts := leafForm.FindStringSubmatch(string(given))
	if parts == nil || !utf8.Valid(given) {
		fail("it has not the form of a leaf")
	}
	found := &leaf{known: parts[2], recorded: parts[3], state: parts[4]}
	found.position, _ = strconv.ParseInt(parts[1], 10, 64)
	found.position++
	found.version, _ = strconv.ParseInt(parts[7], 10, 64)
	need(json.Unmarshal([]byte(parts[5]), &found.stream))
	need(json.Unmarshal([]byte(parts[6]), &found.kind))
	found.at = sane(found.recorded)
	sane(found.known)
	return found
}

// sane is a time that can be compared with others: with a zone, and not at the end of days.
func sane(written string) time.Time {
	at, err := time.Parse(time.RFC3339Nano, written)
	if err != nil || at.Before(time.Unix(0, 0)) || at.After(time.Date(9998, 12, 31, 0, 0, 0, 0, time.UTC)) {
		fail("%q is no time", written)
	}
	return at
}
