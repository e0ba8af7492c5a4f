"""One trace from the command through the queue into the job, as a collector receives it."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from tests.scripts.conftest import ANNOUNCED
from workers.servers import Addresses
from workers.traces import ENDPOINTS


class Collector:
    """Keeps what is sent to it, and the address it listens on."""

    def __init__(self) -> None:
        self.spans: list[Any] = []
        kept = self.spans

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                request = ExportTraceServiceRequest.FromString(body)
                kept.extend(
                    span
                    for one in request.resource_spans
                    for scope in one.scope_spans
                    for span in scope.spans
                )
                self.send_response(200)
                self.end_headers()

            def log_message(self, *_: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.endpoint = f"http://127.0.0.1:{self.server.server_address[1]}"


@pytest.fixture
def collector() -> Iterator[Collector]:
    made = Collector()
    thread = threading.Thread(target=made.server.serve_forever)
    thread.start()
    yield made
    made.server.shutdown()
    thread.join()
    made.server.server_close()


def environment(servers: Addresses, owner_dsn: str, app_dsn: str, data: Path, **more: str) -> dict[str, str]:
    assert servers.redis is not None
    own = {name: value for name, value in os.environ.items() if name not in ENDPOINTS}
    return own | {
        "DATABASE_URL": app_dsn,
        "DATABASE_OWNER_URL": owner_dsn,
        "REDIS_URL": f"unix://{servers.redis['unix_socket_path']}",
        "DONGHAENG_DATA": str(data),
        **more,
    }


BURST = (
    "import sys; from workers.bootstrap import engine; from workers.settings import Settings; "
    "from workers.tasks import serve; from workers.working import run_worker\n"
    "with engine(Settings()) as built: serve(built); run_worker(built.queues, 'projections', burst=True)"
)


def test_the_job_stands_under_the_command_that_woke_it(
    servers: Addresses, owner_dsn: str, app_dsn: str, tmp_path: Path, collector: Collector
) -> None:
    env = environment(servers, owner_dsn, app_dsn, tmp_path, OTEL_EXPORTER_OTLP_ENDPOINT=collector.endpoint)
    load = [sys.executable, "-m", "scripts.cli.main", "load", str(ANNOUNCED), "--as", "planner", "--json"]
    subprocess.run(load, env=env, check=True, stdout=subprocess.DEVNULL, timeout=60)
    subprocess.run([sys.executable, "-c", BURST], env=env, check=True, timeout=60)
    commands = {span.span_id: span for span in collector.spans if span.name == "definition.adopt"}
    (job,) = (span for span in collector.spans if span.name == "job project_all")
    folds = [span for span in collector.spans if span.name == "fold"]
    assert job.parent_span_id in commands
    assert job.trace_id == commands[job.parent_span_id].trace_id
    assert {fold.parent_span_id for fold in folds} == {job.span_id}
    assert len([span for span in collector.spans if "." in span.name]) == 62


def test_without_an_endpoint_nothing_is_loaded() -> None:
    program = (
        "import sys; from workers.traces import current_traceparent, flush, span\n"
        "with span('x'): assert current_traceparent() is None\n"
        "flush(); sys.exit(any(name.startswith('opentelemetry') for name in sys.modules))"
    )
    env = {name: value for name, value in os.environ.items() if name not in ENDPOINTS}
    subprocess.run([sys.executable, "-c", program], env=env, check=True, timeout=60)


def test_a_collector_that_is_gone_keeps_nobody_waiting_and_fails_nothing(
    servers: Addresses, owner_dsn: str, app_dsn: str, tmp_path: Path
) -> None:
    env = environment(servers, owner_dsn, app_dsn, tmp_path, OTEL_EXPORTER_OTLP_ENDPOINT="http://127.0.0.1:9")
    load = [sys.executable, "-m", "scripts.cli.main", "load", str(ANNOUNCED), "--as", "planner", "--json"]
    subprocess.run(load, env=env, check=True, stdout=subprocess.DEVNULL, timeout=30)
