"""Random years through the whole machine, held against an oracle that shares no code with it."""
