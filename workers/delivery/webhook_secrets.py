"""With which webhooks are signed: shown and made without loading HTTP."""

from __future__ import annotations

import base64
import hashlib
import hmac


def secret_of(signing_key: bytes, agency: str) -> str:
    """With which an agency's webhooks are signed, as `whsec_…`."""
    derived = hmac.new(signing_key, f"webhook {agency}".encode(), hashlib.sha256).digest()
    return f"whsec_{base64.b64encode(derived).decode()}"
