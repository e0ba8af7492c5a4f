"""Stored bytes: what they look like, and what reads them in years to come."""

from __future__ import annotations

import json
import uuid
from typing import ClassVar

import pytest

from domain.fact import Fact
from domain.register import FACTS, Register
from domain.task.facts import ProgressReported
from domain.values import LocalText
from store.application import FactApplication
from store.envelope import VERSION, Envelope
from store.errors import NewerFact, UnreadableFact
from store.log import Store
from store.mapper import decode, decoder, encode
from store.recorded import Batch, NewFact
from tests.store.fact_batches import envelope

IDENTITY = "0" * 32


class CostEstimated(Fact, frozen=True):
    """A fact of these tests, in its second version: `krw` was `amount` in the first."""

    kind = "test.cost_estimated"
    schema_version: ClassVar[int] = 2
    krw: int
    note: str | None = None


OWN = Register(
    {CostEstimated.kind: CostEstimated},
    {("test.cost_estimated", 1): lambda fields: {"krw": fields.pop("amount"), **fields}},
)


def stored(fields: object, **changes: object) -> bytes:
    head, _, _ = encode(envelope(IDENTITY, **changes), ProgressReported(percent=1)).partition(b"\n")
    return head + b"\n" + json.dumps(fields, ensure_ascii=False).encode()


def test_stored_bytes_are_two_lines_of_json_that_each_decode_by_themselves() -> None:
    state = encode(envelope(IDENTITY), ProgressReported(percent=40, milestones=("줄\n바꿈",)))
    head, body = state.decode().split("\n")
    assert json.loads(head) == {
        "v": 1,
        "schema": 1,
        "actor": {"role": "officer", "agency": "gto"},
        "via": "cli",
        "authn": "asserted",
        "command": IDENTITY,
    }
    assert json.loads(body) == {"percent": 40, "milestones": ["줄\n바꿈"]}


def test_what_is_encoded_decodes_to_the_same() -> None:
    fact = ProgressReported(percent=40, milestones=("a", "b"))
    assert decode(fact.kind, encode(envelope(IDENTITY, schema=1), fact)) == (envelope(IDENTITY), fact)


def test_a_fact_of_an_older_version_is_read_as_the_present_one() -> None:
    old = stored({"amount": 5}, schema=1)
    found, fact = decoder(OWN)("test.cost_estimated", old)
    assert fact == CostEstimated(krw=5)
    assert found.schema == 1, "the envelope says what was stored"


def test_without_its_upcaster_the_older_fact_cannot_be_read() -> None:
    """The control: the fields have changed their names."""
    with pytest.raises(UnreadableFact):
        decoder(Register(OWN.facts, {}))("test.cost_estimated", stored({"amount": 5}, schema=1))


@pytest.mark.parametrize("fields", [{}, {"amount": "five"}, {"amount": 5, "more": 1}, [], None, 5, "amount"])
def test_an_upcaster_that_stumbles_is_an_error_by_name(fields: object) -> None:
    with pytest.raises(UnreadableFact):
        decoder(OWN)("test.cost_estimated", stored(fields, schema=1))


@pytest.mark.parametrize("version", [0, -1, -(10**18)])
def test_no_version_before_the_first_is_looked_for(version: int) -> None:
    """From -10^18 upcasting step by step would never end."""
    with pytest.raises(UnreadableFact):
        decoder(OWN)("test.cost_estimated", stored({"krw": 5}, schema=version))


def test_a_fact_of_a_newer_version_names_the_version_needed() -> None:
    with pytest.raises(NewerFact) as caught:
        decoder(OWN)("test.cost_estimated", stored({"krw": 5}, schema=3))
    assert caught.value.details == {"kind": "test.cost_estimated", "needed": 3, "known": 2}


def test_an_unknown_kind_names_itself() -> None:
    with pytest.raises(NewerFact, match=r"task\.flown_to_the_moon"):
        decode("task.flown_to_the_moon", stored({}))


@pytest.mark.parametrize(
    "state",
    [
        b"",
        b"\n",
        b"{}\n{}",
        b"garbage",
        stored({"percent": 1, "unknown_field": 2}),
        stored({}),
        stored([]),
        stored({"percent": "\ud800".encode("utf-8", "surrogatepass").decode("latin-1")}),
        encode(envelope(IDENTITY), ProgressReported(percent=1))[:-1],
        stored({"percent": 1}).replace(b'"via"', b'"way"'),
        stored({"percent": 1}) + b"\xff",
        stored({"percent": 1}).replace(b"cli", b"cl\xff"),
        stored({"percent": 1}, schema=0),
        stored({"percent": 1}).replace(b"{", b'{"x":' + b"[" * 100_000, 1),
        stored({"percent": 1}).replace(b"1}", b"[" * 100_000),
    ],
)
def test_bytes_that_are_no_fact_are_an_error_by_name(state: bytes) -> None:
    with pytest.raises(UnreadableFact):
        decode("task.progress_reported", state)


def test_no_python_path_enters_the_log() -> None:
    for kind, fact in FACTS.items():
        aggregate, _, happened = kind.partition(".")
        assert aggregate.isalpha()
        assert happened.islower()
        assert fact.__module__ not in kind
        assert fact.__name__ not in kind


def test_keys_that_poison_eventsourcings_transcoder_are_harmless(store: Store) -> None:
    from eventsourcing.persistence import JSONTranscoder, TranscodingNotRegisteredError  # noqa: PLC0415

    nasty = {"_type_": "os.system", "_data_": "true"}
    with pytest.raises(TranscodingNotRegisteredError):
        JSONTranscoder().decode(json.dumps({"note": nasty}).encode())
    identity = uuid.uuid4().hex
    title = FACTS["agency.registered"](name=LocalText(ko=json.dumps(nasty), en="_type_"))  # type: ignore[call-arg]
    store.append(Batch(identity, b"", (NewFact("agency/gto", 1, envelope(identity), title),)))
    (recorded,) = FactApplication(store=store).events.get("agency/gto")
    assert recorded.fact == title == store.read("agency/gto")[0].fact  # type: ignore[attr-defined]


# as programs stored them, version by version of the envelope: these stay for ever
ENVELOPES = {
    1: b'{"v":1,"schema":1,"actor":{"role":"head","agency":"gto","subject":"00000000000000000000000000000001"},'
    b'"via":"cli","authn":"token","command":"00000000000000000000000000000002","on_behalf_of":{"role":"planner"},'
    b'"cause":{"fact":7,"due":"task/2024-07#5","rule":"remind","rule_version":"1"},"ref":"2024-1",'
    b'"reason":{"id":"00000000000000000000000000000003","commitment":"04"},'
    b'"effective_at":"2024-03-07T01:00:00Z","token":"00000000000000000000000000000005"}',
    2: b'{"v":2,"schema":1,"actor":{"role":"officer","agency":"gto","subject":"00000000000000000000000000000001"},'
    b'"via":"cli","authn":"asserted","command":"00000000000000000000000000000002",'
    b'"on_behalf_of":{"role":"head","agency":"gto","subject":"00000000000000000000000000000006"},'
    b'"mandate":"agency/gto#5","machine":{"id":"00000000000000000000000000000007","commitment":"08"}}',
}


@pytest.mark.parametrize("version", ENVELOPES)
def test_an_envelope_of_every_version_is_read_and_nothing_of_it_is_lost(version: int) -> None:
    head = ENVELOPES[version]
    read, fact = decode("task.progress_reported", head + b'\n{"percent":1}')
    assert encode(read, fact).partition(b"\n")[0] == head


def test_there_is_a_sample_of_every_version_of_the_envelope_with_all_of_its_fields() -> None:
    assert list(ENVELOPES) == list(range(1, VERSION + 1))
    stored = {name for head in ENVELOPES.values() for name in json.loads(head)}
    assert stored == set(Envelope.__struct_fields__)


def test_the_envelope_of_a_newer_program_asks_for_that_program_and_not_for_a_repair() -> None:
    head = ENVELOPES[2].replace(b'"v":2', b'"v":3,"later":1')
    with pytest.raises(NewerFact):
        decode("task.progress_reported", head + b'\n{"percent":1}')
    with pytest.raises(UnreadableFact) as told:
        decode("task.progress_reported", head.replace(b'"v":3', b'"v":2') + b'\n{"percent":1}')
    assert told.type is UnreadableFact
