"""The trail as a library of its own: tree, notes, proofs, packs, verifying, and a witness. Imports nothing of ours."""
