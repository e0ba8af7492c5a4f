"""Every sentence that the program says, collected from its code, for `docs/sentences.md` and `docs/sentences-papers.md`."""
