"""What a message says: the same words and the same bytes however often it is sent."""

from workflows.letters.letter import Letter, letter
from workflows.letters.lines import Line
from workflows.letters.mime import from_header, plain_mail
from workflows.letters.wording import FORM as LATEST_FORM

__all__ = ["LATEST_FORM", "Letter", "Line", "from_header", "letter", "plain_mail"]
