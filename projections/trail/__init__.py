"""The trail: a Merkle tree over the log that inspectors check without us. Folds and formats; nobody signs or sends here."""
