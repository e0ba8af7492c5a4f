"""What stands over every answer, refusals and faults too: round the applications, so that none of them can forget it."""

from __future__ import annotations

from litestar.types import ASGIApp, Message, Receive, Scope, Send

# no script at all, nothing inline, nothing from elsewhere, in nobody's frame
_POLICY = "; ".join((
    "default-src 'none'",
    "style-src 'self'",
    "img-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
))  # fmt: skip
# Referrer-Policy: with “no-referrer” browsers call the origin of our own forms “null”
_ALWAYS: tuple[tuple[bytes, bytes], ...] = (
    (b"content-security-policy", _POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=(), payment=()"),
)
_NOT_KEPT = (b"cache-control", b"no-store")


def with_headers(app: ASGIApp) -> ASGIApp:
    """What says nothing of being kept is not to be kept."""

    async def serve(scope: Scope, receive: Receive, send: Send) -> None:
        async def answer(message: Message) -> None:
            if message["type"] == "http.response.start":
                given = list(message["headers"])
                kept = any(name.lower() == _NOT_KEPT[0] for name, _ in given)
                message["headers"] = [*given, *_ALWAYS, *(() if kept else (_NOT_KEPT,))]
            await send(message)

        await app(scope, receive, answer)

    return serve
