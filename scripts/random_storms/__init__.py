"""Random faults over one running machine under load, held against a ledger by a checker that shares no code with it."""
