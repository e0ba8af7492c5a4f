package main

import (
	"fmt"
	"regexp"
)

// twoTimes are facts that were known at another time than they were recorded: only a simulated store has such. first:
// whether the log's first fact is one, "" where it was not seen; earliest: the position of the first, 0 where there is none.
type twoTimes struct {
	first               string
	differing, earliest int64
}

const ofReal, ofSimulated = "real", "simulated"

var named = regexp.MustCompile(`^donghaeng/(real|simulated)/[0-9a-f]{32}(?:/[0-9]+)?$`)

// clockNamed is by which clock a log's facts are known, as its name says it; "" in those of before.
func clockNamed(origin string) string {
	if found := named.FindStringSubmatch(origin); found != nil {
		return found[1]
	}
	return ""
}

func (t *twoTimes) add(position int64, known, recorded string) {
	differs := known != recorded
	if position == 1 {
		t.first = ofReal
		if differs {
			t.first = ofSimulated
		}
	}
	if differs {
		if t.differing++; t.earliest == 0 {
			t.earliest = position
		}
	}
}

// clock is what the log's name says, or else its first fact: a simulated clock begins in the past.
func (t *twoTimes) clock(origin string) string {
	if said := clockNamed(origin); said != "" {
		return said
	}
	return t.first
}

// judge: two times are wrong in a log of a store that is not simulated; where nobody says what it is they are told.
func (t *twoTimes) judge(found *verdict, origin string) {
	switch {
	case t.clock(origin) == ofReal:
		if t.earliest != 0 && without != "two times" {
			found.checking(fmt.Sprint("event ", t.earliest), func() { fail("it was known at another time than it was recorded") })
		}
	case clockNamed(origin) == ofSimulated:
		found.notes = append(found.notes, "note log of a simulated store")
	case t.earliest != 0:
		found.notes = append(found.notes, fmt.Sprintf("note %d facts have two times, the first is event %d, and nobody says "+
			"whether the store is simulated", t.differing, t.earliest))
	}
}

// clocks: the store is of the kind that its log is of, and what is not sealed yet has one time where that is so.
func (t *trail) clocks(given *rows) {
	said := ofReal
	if given.Simulated {
		said = ofSimulated
	}
	clock := t.twoTimes.clock(t.main.origin)
	if clock == "" {
		clock = said
	}
	if clock != said {
		t.checking("times", func() { fail("the database says that its store is %s, and the log is of a %s one", said, clock) })
	}
	for _, row := range given.Facts {
		if clock == ofReal && row.Position > t.main.size && row.KnownAt != row.RecordedAt && without != "two times" {
			t.checking("times", func() { fail("event %d was known at another time than it was recorded", row.Position) })
			return
		}
	}
}
