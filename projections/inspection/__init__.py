"""What inspectors look up: entries, searches, findings, alarms, words; facts folded, nothing proved. Proofs: `trail/`."""
