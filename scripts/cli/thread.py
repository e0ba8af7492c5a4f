"""`thread ID`: from a decision to what came of it, and from a result to what it came from. In words, as JSON, as a diagram."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated

import typer
from rich.console import Console

from domain.errors import Bilingual, Lang
from scripts.cli.run import Run, command
from scripts.cli.slicing import AsOfOption, EffectiveOption
from scripts.cli.tables import say_lines
from workflows.queries import thread
from workflows.queries.thread import Thread, ThreadLink, ThreadNode

_CAME_FROM = Bilingual("근거", "Came from")
_LED_TO = Bilingual("후속", "Led to")
_NOTHING = Bilingual("없음", "nothing")
_MORE = Bilingual("후속이나 근거가 많아 일부만 보여 줍니다.", "There is more than is shown here.")
_MARKS: Mapping[str, str] = {'"': "#quot;", "#": "#35;", "<": "#lt;", ">": "#gt;", "`": "#96;"}


def add(app: typer.Typer) -> None:
    @command(app)
    def show_thread(
        run: Run,
        identity: Annotated[
            str,
            typer.Argument(
                metavar="ID",
                help="A task's number, a stream, or one of its facts, e.g. 2024-07, heads-2024-1#7, fund/gongik. "
                "= 과제번호, 이력, 또는 그 기록 하나. 예: 2024-07, heads-2024-1#7, fund/gongik",
            ),
        ],
        mermaid: Annotated[
            bool,
            typer.Option("--mermaid", help="As a diagram: Mermaid's text. = Mermaid 도표로 그립니다."),
        ] = False,
        as_of: AsOfOption = None,
        effective: EffectiveOption = None,
    ) -> None:
        with run.asking(as_of, effective) as inquiry:
            found = thread.show_thread(inquiry, identity)
        lines = _draw(found, run.lang) if mermaid else _describe(found, run.lang)
        run.show(found, lambda out: _say(out, run.lang, lines))


def _say(out: Console, lang: Lang, lines: Iterator[str]) -> None:
    say_lines(out, lang, lines)


def _describe(found: Thread, lang: Lang) -> Iterator[str]:
    nodes = {one.node: one for one in found.nodes}
    yield from _node(nodes[found.start], lang, "")
    for title, links, ahead in ((_CAME_FROM, found.came_from, False), (_LED_TO, found.led_to, True)):
        yield f"{title.say(lang)}:" if links else f"{title.say(lang)}: {_NOTHING.say(lang)}"
        yield from _tree(found.start, links, nodes, lang, ahead=ahead)
    if found.more:
        yield _MORE.say(lang)


def _tree(
    start: str, links: Sequence[ThreadLink], nodes: Mapping[str, ThreadNode], lang: Lang, *, ahead: bool
) -> Iterator[str]:
    """Each node once, below the one by which it was reached first."""
    ways: dict[str, list[ThreadLink]] = {}
    for link in links:
        ways.setdefault(link.earlier if ahead else link.later, []).append(link)
    told, waiting = {start}, [(start, 0)]
    while waiting:
        name, depth = waiting.pop()
        if depth:
            yield from _node(nodes[name], lang, "  " * depth)
        ends = [link.later if ahead else link.earlier for link in ways.get(name, ())]
        new = [end for end in dict.fromkeys(ends) if end not in told]
        told.update(new)
        waiting += [(end, depth + 1) for end in reversed(new)]


def _node(node: ThreadNode, lang: Lang, indent: str) -> Iterator[str]:
    yield f"{indent}{_head(node, lang)}"
    for line in (*(() if node.fact is None else (node.fact,)), *node.results):
        yield f"{indent}    {line}"


def _head(node: ThreadNode, lang: Lang) -> str:
    return node.node if node.title is None else f"{node.node}  {node.title.say(lang)}"


def _draw(found: Thread, lang: Lang) -> Iterator[str]:
    """A flowchart, what came first on the left."""
    keys = {one.node: f"n{number}" for number, one in enumerate(found.nodes)}
    yield "flowchart LR"
    for one in found.nodes:
        label = "<br/>".join(_quote(line) for line in (_head(one, lang), *one.results))
        yield f'    {keys[one.node]}["{label}"]'
    pairs = [(link.earlier, link.later) for link in (*found.came_from, *found.led_to)]
    for earlier, later in dict.fromkeys(pairs):
        yield f"    {keys[earlier]} --> {keys[later]}"
    yield f"    style {keys[found.start]} stroke-width:3px"


def _quote(said: str) -> str:
    """Without what Mermaid would take for its own."""
    return "".join(_MARKS.get(sign, sign) for sign in said)
