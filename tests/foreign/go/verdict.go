package main

import "fmt"

// without is the name of a check that is left out, so that tests see that the comparison finds it.
var without string

// problem is what does not hold: a check ends with it, the ones beside it go on.
type problem string

// notes: what is told where nothing is wrong.
type verdict struct{ wrong, notes []string }

func fail(format string, what ...any) { panic(problem(fmt.Sprintf(format, what...))) }

func need(err error) {
	if err != nil {
		fail("%v", err)
	}
}

func (v *verdict) checking(where string, check func()) (held bool) {
	defer func() {
		if came := recover(); came != nil {
			said, known := came.(problem)
			if !known {
				panic(came)
			}
			v.wrong = append(v.wrong, where+" "+string(said))
		}
	}()
	check()
	return true
}
