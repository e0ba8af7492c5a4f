"""The rows with their targets."""

from __future__ import annotations

from scripts.benchmarks.at_once import append_many, append_one, command_dbos, command_many, command_one
from scripts.benchmarks.comparing import beside_appends, part
from scripts.benchmarks.comparing import whole as whole_night
from scripts.benchmarks.growing import PARTS, growth
from scripts.benchmarks.living import life, visible
from scripts.benchmarks.measuring import Row
from scripts.benchmarks.proving import go_is_here, proof, tiles, verify_by_go, whole
from scripts.benchmarks.reading import catch_up, catch_up_scattered, replay
from scripts.benchmarks.rebuilding import rebuild, rebuild_memory
from scripts.benchmarks.reminding import notices, notices_memory
from scripts.benchmarks.replaying import replay_growth, replay_memory, replay_two
from scripts.benchmarks.reporting import report, report_memory
from scripts.benchmarks.requiring import decide_required
from scripts.benchmarks.sealing import sealing
from scripts.benchmarks.slicing import again, as_of, effective
from scripts.benchmarks.spending import report_memory_of_spending, report_spending, statements
from scripts.benchmarks.starting import start_help, start_list, start_refusal
from scripts.benchmarks.stepping import decide_step
from scripts.benchmarks.timely import explain, idle_sweep, proclaim
from scripts.benchmarks.trailing import search_complete, trail_search
from scripts.benchmarks.verifying import verify, verify_memory
from scripts.benchmarks.writing import append, bulk, command

_FACTS, _MANY_FACTS = 100_000, 1_000_000
_IN_A_MINUTE = 100_000 / 60

ROWS = (
    Row("append", append, 200, 2000, rounds=31, peer_target=2.0, limit_target=0.6),
    Row("command", command, 90, 900, rounds=31, peer_target=2.0, unit="commands/s"),
    # at most 1.3 times as long
    Row("decide-required", decide_required, 90, 900, rounds=31, peer_target=1 / 1.3, unit="commands/s"),
    Row("decide-step", decide_step, 90, 900, rounds=31, peer_target=1 / 1.3, unit="commands/s"),
    # sizes are the milliseconds of a round
    Row("append-16", append_many, 2000, 5000, rounds=5, peer_target=2.0, limit_target=0.45),
    Row("append-16-one", append_one, 2000, 5000, rounds=5, peer_target=2.5),
    Row("command-16", command_many, 2000, 5000, rounds=5, peer_target=2.0, unit="commands/s"),
    Row("command-16-dbos", command_dbos, 2000, 5000, rounds=5, peer_target=2.0, unit="commands/s"),
    Row("command-16-one", command_one, 2000, 5000, rounds=5, peer_target=2.0, unit="commands/s"),
    Row("bulk", bulk, _FACTS, _MANY_FACTS, rounds=3, peer_target=2.0),
    Row("replay", replay, _FACTS, _MANY_FACTS, rounds=5, peer_target=2.0),
    # of fewer facts a round lasts less than half a second, and the two wait for each other more than they work
    Row("replay-two", replay_two, 3 * _FACTS, _MANY_FACTS, rounds=3, peer_target=1.7),
    Row("replay-memory", replay_memory, _FACTS, _MANY_FACTS, rounds=1, most=200.0, unit="MB"),
    Row("replay-growth", replay_growth, _FACTS, _MANY_FACTS, rounds=1, most=1.1, unit="exponent"),
    Row("catch-up", catch_up, _FACTS, _MANY_FACTS, rounds=3, peer_target=20.0),
    Row("catch-up-scattered", catch_up_scattered, _FACTS, _MANY_FACTS, rounds=3, peer_target=8.0),
    # of a million: the list in mid-history in 8 s
    Row("as-of", as_of, _FACTS, _MANY_FACTS, rounds=3, least=_MANY_FACTS / 8),
    Row("as-of-effective", effective, _FACTS, _MANY_FACTS, rounds=3, least=_MANY_FACTS / 8),
    Row("as-of-again", again, _FACTS, _MANY_FACTS, rounds=3, most=1000.0, unit="ms"),
    Row("rebuild", rebuild, _FACTS, _MANY_FACTS, rounds=3, least=_MANY_FACTS / 30),
    Row("rebuild-memory", rebuild_memory, _FACTS, _MANY_FACTS, rounds=1, most=200.0, unit="MB"),
    Row("report", report, 27, 27, rounds=3, most=10_000.0, unit="ms"),
    Row("report-memory", report_memory, 27, 27, rounds=1, most=200.0, unit="MB"),
    # a year of 400 meetings, 2,000 decisions and so many postings, and its board and statements of any date
    Row("spent-statements", statements, 200_000, 200_000, rounds=3, most=1000.0, unit="ms"),
    Row("spent-report", report_spending, 200_000, 200_000, rounds=3, most=20_000.0, unit="ms"),
    Row("spent-report-memory", report_memory_of_spending, 200_000, 200_000, rounds=1, most=200.0, unit="MB"),
    Row("life", life, 108, 540, rounds=3, peer_target=5.0, unit="lives/s"),
    Row("visible", visible, 300, 6000, rounds=3, most=100.0, of="p99 ", unit="ms"),
    Row("idle-sweep", idle_sweep, 10_000, 100_000, rounds=9, most=20.0, unit="ms"),
    Row("explain", explain, 10_000, 100_000, rounds=3, most=1000.0, unit="ms"),
    Row("notices", notices, 100_000, 100_000, rounds=1, least=_IN_A_MINUTE, unit="notices/s"),
    Row("notices-memory", notices_memory, 100_000, 100_000, rounds=1, most=300.0, unit="MB"),
    # a million: tiles in 20 s, verified in 30 s, by Go in 5 s
    Row("trail-tiles", tiles, _FACTS, _MANY_FACTS, rounds=3, least=_MANY_FACTS / 20),
    Row("trail-verify", verify, _FACTS, _MANY_FACTS, rounds=3, least=_MANY_FACTS / 30),
    Row("trail-verify-memory", verify_memory, _FACTS, _MANY_FACTS, rounds=1, most=300.0, unit="MB"),
    Row(
        "trail-verify-go",
        verify_by_go,
        _FACTS,
        _MANY_FACTS,
        rounds=3,
        least=_MANY_FACTS / 5,
        needs=go_is_here,
    ),
    Row("trail-proof", proof, _FACTS, _MANY_FACTS, rounds=5, most=5.0, unit="ms"),
    Row("trail-whole", whole, _FACTS, _MANY_FACTS, rounds=3, most=50.0, unit="ms"),
    Row("trail-part", part, _FACTS, _MANY_FACTS, rounds=5, most=900.0, unit="ms"),
    Row("trail-part-beside", beside_appends, _FACTS, _MANY_FACTS, rounds=3, peer_target=0.97),
    Row("trail-night", whole_night, _FACTS, _MANY_FACTS, rounds=3, least=_MANY_FACTS / 120),
    Row("sealing", sealing, 10_000, 50_000, rounds=5, peer_target=0.95),
    Row("trail-search", trail_search, _FACTS, _MANY_FACTS, rounds=3, most=200.0, unit="ms"),
    Row("trail-search-check", search_complete, _FACTS, _MANY_FACTS, rounds=5, most=20.0, unit="%"),
    Row("growth", growth, _MANY_FACTS, 10 * _MANY_FACTS, rounds=1, unit="exponent", parts=PARTS),
    # sizes are starts a round; the peer is the interpreter's bare start
    Row("start-help", start_help, 6, 20, rounds=5, most=250.0, unit="ms"),
    Row("start-refusal", start_refusal, 6, 20, rounds=5, most=250.0, unit="ms"),
    Row("start-list", start_list, 4, 20, rounds=5, most=450.0, unit="ms"),
    Row("proclaim", proclaim, 10_000, 10_000, rounds=3, most=10_000.0, unit="ms"),
)
