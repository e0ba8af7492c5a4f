"""What every page and every answer of one serving process shares."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jinja2

from domain.errors import Lang
from domain.seoul import SEOUL
from store.log import Store
from trail.english import settle_counts
from web.styles import STYLES
from workers.bootstrap import names_of
from workers.engine import Engine
from workers.settings import Settings
from workflows.command_handler import CommandHandler


@dataclass(frozen=True)
class Console:
    """`built`: the engine, whose handler each command goes through; threads share all of it."""

    built: Engine
    settings: Settings

    @property
    def store(self) -> Store:
        return self.built.store

    @property
    def handler(self) -> CommandHandler:
        return self.built.handler

    def name_people(self, subjects: Collection[str]) -> dict[str, str]:
        return names_of(self.settings, self.built, subjects)


def _environment() -> jinja2.Environment:
    made = jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).with_name("templates")),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["minute"] = lambda at: f"{at.astimezone(SEOUL):%Y-%m-%d %H:%M}"
    return made


_TEMPLATES = _environment()


def render(template: str, lang: Lang, **told: Any) -> str:
    """The page in the reader's language. In it `w(ko, en)` are words in both, `say(x)` is what words itself."""

    def words(ko: str, en: str) -> str:
        return ko if lang == "ko" else settle_counts(en)

    def say(one: Any) -> str:
        return str(one.say(lang))

    return _TEMPLATES.get_template(template).render(
        lang=lang, w=words, say=say, styles=STYLES.address, **told
    )
