"""`python -m scripts.sentences`: what is wrong with the program's sentences, by file and line."""

from __future__ import annotations

import sys

from scripts.sentences.collecting import collect
from scripts.sentences.judging import judge

if __name__ == "__main__":
    for one in collect():
        for fault in judge(one):
            sys.stdout.write(f"{one.path}:{one.lines[0]}: {fault}: {one.ko}\n")
