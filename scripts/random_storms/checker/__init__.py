"""Says of a storm what is not as it must be. It reads PostgreSQL, the ledger and the files, and imports nothing of the product."""

from scripts.random_storms.checker.evidence import Evidence, Finding
from scripts.random_storms.checker.judging import judge

__all__ = ["Evidence", "Finding", "judge"]
