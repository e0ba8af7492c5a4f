"""Judges a life of the program from its facts alone: by `docs/clockwork.md`, sharing no code with what it judges."""

from scripts.random_lives.oracle.cases import Case, Finding
from scripts.random_lives.oracle.judging import judge

__all__ = ["Case", "Finding", "judge"]
