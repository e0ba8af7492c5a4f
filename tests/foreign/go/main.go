// A second verifier, on Go's sumdb/note and sumdb/tlog, that shares no code with ours: packs, trails, stores' rows.
//
//	main FOLDER WITNESSES      one trail or pack in a folder, with the policy that lies there and so many witnesses
//	main stream [-without X]   requests as JSON lines, an answer a line; X names a check that is left out, for controls
package main

import (
	"fmt"
	"os"
	"strconv"
)

func main() {
	if os.Args[1] == "stream" {
		if len(os.Args) > 3 {
			without = os.Args[3]
		}
		stream()
		return
	}
	found := &verdict{}
	least, err := strconv.Atoi(os.Args[2])
	var said string
	found.checking("WITNESSES", func() {
		need(err)
		said = folder(found, directory(os.Args[1]), least)
	})
	if len(found.wrong) > 0 {
		fmt.Println("NOT OK", found.wrong[0])
		os.Exit(1)
	}
	for _, note := range found.notes {
		fmt.Println(note)
	}
	fmt.Println("OK", said)
}

// folder judges what lies there by its own policy, of which the quorum is left to the caller.
func folder(found *verdict, files source, least int) string {
	given, _ := files.read("policy")
	rules := parsePolicy(string(given))
	main := rules.current(files)
	if main.witnesses < least {
		fail("checkpoint %d witnesses of %d", main.witnesses, least)
	}
	authorities, _ := files.read("tsa.pem")
	if len(under(files, "proofs/")) > 0 {
		p := newPack(found, files, rules, main, authorities)
		p.verify()
		return fmt.Sprint(len(p.proven), " events ", len(under(files, "checkpoints/")), " older checkpoints")
	}
	t := newTrail(found, files, rules, main, authorities)
	t.verify()
	return fmt.Sprint(main.size, " leaves")
}
