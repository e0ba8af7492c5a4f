"""OpenTelemetry traces, from a command through the queue into the job. Nothing is loaded or sent without an endpoint.

Instrumentations of others break on RQ 3; what they would do is to carry one string, `traceparent`, beside the job.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import TracerProvider

ENDPOINTS = ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")
_PATIENCE_SECONDS = 2  # nobody waits longer at the end of a command for a collector that is gone


@contextmanager
def span(name: str, parent: str | None = None, **attributes: str | int) -> Iterator[None]:
    """A span round the block. `parent`: what `current_traceparent` gave in another process."""
    provider = _provider()
    if provider is None:
        yield
        return
    from opentelemetry.trace.propagation.tracecontext import (  # noqa: PLC0415 see above
        TraceContextTextMapPropagator,
    )

    context = None if parent is None else TraceContextTextMapPropagator().extract({"traceparent": parent})
    tracer = provider.get_tracer("donghaeng")
    with tracer.start_as_current_span(name, context, attributes=attributes):
        yield


def current_traceparent() -> str | None:
    """The current span as a `traceparent`, for a job to go on with."""
    if _provider() is None:
        return None
    from opentelemetry.trace.propagation.tracecontext import (  # noqa: PLC0415 see above
        TraceContextTextMapPropagator,
    )

    carrier: dict[str, Any] = {}
    TraceContextTextMapPropagator().inject(carrier)
    return carrier.get("traceparent")


def flush() -> None:
    """Send what is still here: before a command ends, and in a job's own process before it does."""
    if _provider.cache_info().currsize and (provider := _provider()) is not None:
        provider.force_flush(_PATIENCE_SECONDS * 1000)


@cache
def _provider() -> TracerProvider | None:
    if not any(os.environ.get(name) for name in ENDPOINTS):
        return None
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter  # noqa: PLC0415
    from opentelemetry.sdk.resources import Resource  # noqa: PLC0415
    from opentelemetry.sdk.trace import TracerProvider  # noqa: PLC0415
    from opentelemetry.sdk.trace.export import BatchSpanProcessor  # noqa: PLC0415

    provider = TracerProvider(resource=Resource.create({"service.name": "donghaeng"}))
    exporter = OTLPSpanExporter(timeout=_PATIENCE_SECONDS)
    provider.add_span_processor(BatchSpanProcessor(exporter, schedule_delay_millis=1000))
    return provider
