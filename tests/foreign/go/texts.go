package main

import (
	"bytes"
	"encoding/json"
)

// reference is what a fact or its envelope holds instead of a text.
type reference struct{ id, commitment string }

func references(state []byte) (found []reference) {
	var look func(value any)
	look = func(value any) {
		switch value := value.(type) {
		case map[string]any:
			id, named := value["id"].(string)
			commitment, committed := value["commitment"].(string)
			if named && committed && len(value) == 2 {
				found = append(found, reference{id, commitment})
			}
			for _, item := range value {
				look(item)
			}
		case []any:
			for _, item := range value {
				look(item)
			}
		}
	}
	for _, part := range bytes.SplitN(state, []byte("\n"), 2) {
		var value any
		if json.Unmarshal(part, &value) == nil {
			look(value)
		}
	}
	return found
}
