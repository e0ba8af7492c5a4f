"""What was read of a person's details in the vault; how is in store/vault.py."""

from __future__ import annotations

import msgspec


class DetailsRead(msgspec.Struct, frozen=True):
    """What lies in the vault of a person. `details`: what opens; `changed`: the fields that do not, `key` where the key does not.

    With neither, nothing is there.
    """

    details: dict[str, str]
    changed: tuple[str, ...] = ()

    @property
    def there(self) -> bool:
        return bool(self.details or self.changed)
