package main

import (
	"bufio"
	"encoding/json"
	"os"
)

// request is one thing to be judged: a base by its number with changes, or the bytes of a zip.
// Base defines a base; Drop and Put change one; Policy and Authorities are the reader's own, got on paper.
type request struct {
	Base        int
	Define      bool
	Put         map[string][]byte
	Drop        []string
	Zip         []byte
	Policy      string
	Authorities []byte
	Rows        *rows
}

type answer struct {
	OK    bool     `json:"ok"`
	Wrong []string `json:"wrong"`
}

func stream() {
	in, out := bufio.NewReaderSize(os.Stdin, 1<<20), bufio.NewWriter(os.Stdout)
	decoder, encoder := json.NewDecoder(in), json.NewEncoder(out)
	bases := map[int]memory{}
	for {
		var asked request
		if decoder.Decode(&asked) != nil {
			return
		}
		if asked.Define {
			bases[asked.Base] = asked.Put
			continue
		}
		found := &verdict{}
		found.checking("all", func() { judge(found, &asked, bases[asked.Base]) })
		_ = encoder.Encode(answer{len(found.wrong) == 0, found.wrong})
		_ = out.Flush()
	}
}

func judge(found *verdict, asked *request, base memory) {
	files := memory{}
	if asked.Zip != nil {
		files = unzipped(asked.Zip)
	} else {
		for name, content := range base {
			files[name] = content
		}
		for _, name := range asked.Drop {
			delete(files, name)
		}
		for name, content := range asked.Put {
			files[name] = content
		}
	}
	rules := parsePolicy(asked.Policy)
	main := rules.current(files)
	if !main.quorum && without != "quorum" {
		found.checking("checkpoint", func() { fail("it has not its quorum of witnesses") })
	}
	if asked.Rows == nil {
		newPack(found, files, rules, main, asked.Authorities).verify()
		return
	}
	t := newTrail(found, files, rules, main, asked.Authorities)
	t.verify()
	if len(found.wrong) == 0 {
		t.store(asked.Rows)
	}
}
