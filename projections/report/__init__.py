"""The year-end report: a document folded from the log, and how it is drawn and written."""
