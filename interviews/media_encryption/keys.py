"""The installation's keys, which wrap the keys of files (key encryption keys): ``MEDIA_KEYS``, the first one wraps."""

import base64
import binascii
import hashlib
import os
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KEY_BYTES: Final = 32
NONCE_BYTES: Final = 12
MAKE_ONE: Final = 'python -c "import base64, os; print(base64.urlsafe_b64encode(os.urandom(32)).decode())"'


@dataclass(frozen=True, slots=True)
class InstallationKey:
    """32 random bytes. ``key_id`` names it in rows and sentences without giving it away."""

    key_id: str
    _raw: bytes = field(repr=False)

    @classmethod
    def of(cls, text: str) -> "InstallationKey":
        """From URL-safe base64. Raises :class:`ValueError` for anything but 32 bytes."""
        try:
            raw = base64.b64decode(text, altchars=b"-_", validate=True)
        except binascii.Error as error:
            raise ValueError(f"One of MEDIA_KEYS is not base64. Make one: {MAKE_ONE}") from error
        if len(raw) != KEY_BYTES:
            raise ValueError(f"One of MEDIA_KEYS has {len(raw)} bytes and not {KEY_BYTES}. Make one: {MAKE_ONE}")
        return cls(hashlib.sha256(b"candor media key " + raw).hexdigest()[:16], raw)

    def wrap(self, file_key: bytes, *, name: str) -> bytes:
        """The key of the file ``name``, encrypted; as the key of another file it does not open."""
        nonce = os.urandom(NONCE_BYTES)
        return nonce + AESGCM(self._raw).encrypt(nonce, file_key, name.encode())

    def unwrap(self, wrapped: bytes, *, name: str) -> bytes:
        """Raises ``cryptography.exceptions.InvalidTag``."""
        return AESGCM(self._raw).decrypt(wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:], name.encode())


def installation_keys(texts: Iterable[str]) -> list[InstallationKey]:
    """The keys of ``MEDIA_KEYS``. Raises :class:`ValueError` with a sentence."""
    return [InstallationKey.of(text.strip()) for text in texts if text.strip()]
