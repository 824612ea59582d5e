"""The protocol of the two sockets of a live room: rules, limits and close codes.

:mod:`analysis.live.messages` declares the text messages, :mod:`analysis.live.wire` encodes and decodes both kinds, and
:mod:`analysis.live.contract` hands limits, close codes and message schemas to the pages.

Sockets: ``/ws/rooms/<room_id>/candidate/`` and ``/ws/rooms/<room_id>/recruiter/`` (host and observers).

Refusal. Origin, session and permission are checked before a socket is accepted. A refused one never opens (browsers
see code 1006): the page then asks its REST address, whose 401, 403 or 404 is the reason. An accepted socket is checked
again every 15 s, and closed with one of :data:`CLOSE_CODES`. A page connects again unless the code forbids it.

First the browser sends ``hello`` (within 10 s), then the server ``welcome``; before that nothing else is accepted.

Binary messages, candidate to server only: a header of 16 bytes, little endian, then the payload.

    u8 kind (1 frame, 2 audio) | u8 version (1) | u16 0, or sample rate / 100 | u32 sequence | f64 capture time

- A frame is a JPEG, ``frame_width`` pixels wide, at most ``frame_bytes``. At most ``max_in_flight`` are
  unacknowledged; each gets a ``frame_ack`` once it was analysed, or dropped for a newer one. The
  frame rate is ``analysis.fps`` (0: none). The browser reduces it, down to ``min_fps``, when acknowledgements are
  slow.
- Audio is PCM16 mono, ``audio_ms`` long, captured from ``capture time`` on, while ``analysis.audio`` is true.
  Sequences are consecutive: a chunk that could not be sent leaves a hole, and ``audio_ack.lost`` counts the holes so
  far.
- Sequences of a kind rise within one connection and start anywhere. Capture times are the browser's epoch
  milliseconds; they need not agree with the server's clock, only run on one (``performance.timeOrigin + now()``).

Text messages: a JSON object with ``type`` and the fields of one class of :mod:`analysis.live.messages`. The server
refuses unknown fields; browsers ignore them. Strings have at most 2000 characters, numbers are finite.

Clocks. Browsers ping every ``ping_ms`` with ``rtt_ms``, the round trip of the one before; the server estimates each
browser's clock from that. All ``*_ms`` from the server are its own epoch milliseconds, ages are differences on it;
``at_s`` and ``duration_s`` are on the room's clock, where the recording begins at 0.

Calls. Every connection may signal to every other one in the room: ``signal.to`` and ``signal.from`` are participants of
``presence``, one per connection (a reload is a new participant). ``data`` is ``{"description": …}`` or
``{"candidate": …}`` and opaque to the server. The recruiter of a pair makes the first offer, and is impolite in
perfect negotiation; between host and observer the observer does. The host exchanges sound and picture with the
candidate; observers only receive, from both.

Stages. The candidate's page sends its stage. In ``check`` and ``waiting`` frames bring ``hints`` and nothing is
kept. In ``calibration`` each frame with readable eyes brings a ``gaze`` (a sample for the calibration, whose target
the page knows). In ``call``, once the room is live, readings go to the recruiters and into the room's journal.
Without the candidate's agreement to analysis no frame reaches a recogniser.

Readings. ``modalities`` holds only what was read anew. Eye emotion has its own, lower rate. Speech comes in readings of
its own (``sequence`` is then an audio sequence), one for each ``window`` [start, end). Singing, music and tones have no
label, and a ``reason`` instead. Nothing older than ``shown_age_ms`` is to be shown as the present; a later reading of
speech still enters the lane of the last minute. ``reading`` and ``metrics`` do not reach the host in blind mode.

``changed`` names the resource to fetch again over REST: ``questions``, ``prepared_questions``, ``notes`` or
``invitation`` (a part of the room).

The fallback picture: after ``picture{wanted: true}`` from a recruiter, the newest frame is at ``GET
rooms/<id>/frame/``; the request ends with ``wanted: false`` or with the connection. Frames then come at ``min_fps``
even while nothing is analysed.
"""

from typing import Final

from msgspec import Struct

VERSION: Final = 1

FRAME: Final = 1
AUDIO: Final = 2
HEADER: Final = "<BBHId"
HEADER_BYTES: Final = 16

TEXT_BYTES: Final = 64 * 1024
FRAME_BYTES: Final = 256 * 1024
AUDIO_BYTES: Final = 32 * 1024
STRING_LENGTH: Final = 2000

FRAME_WIDTH: Final = 640
AUDIO_MS: Final = 100
LOWEST_RATE_HZ: Final = 8_000
HIGHEST_RATE_HZ: Final = 96_000
MAX_IN_FLIGHT: Final = 2
MIN_FPS: Final = 2
MAX_FPS: Final = 15
PING_MS: Final = 2_000
IDLE_MS: Final = 15_000
"""A socket on which nothing arrives for this long is closed; pings keep it open."""
SHOWN_AGE_MS: Final = 2_000

LIMITS: Final[dict[str, int]] = {
    "frame_bytes": FRAME_BYTES,
    "frame_width": FRAME_WIDTH,
    "audio_bytes": AUDIO_BYTES,
    "audio_ms": AUDIO_MS,
    "lowest_rate_hz": LOWEST_RATE_HZ,
    "highest_rate_hz": HIGHEST_RATE_HZ,
    "text_bytes": TEXT_BYTES,
    "max_in_flight": MAX_IN_FLIGHT,
    "min_fps": MIN_FPS,
    "max_fps": MAX_FPS,
    "ping_ms": PING_MS,
    "idle_ms": IDLE_MS,
    "shown_age_ms": SHOWN_AGE_MS,
}

PROTOCOL_ERROR: Final = 4400
NOT_ALLOWED: Final = 4401
NO_ROOM: Final = 4404
IDLE: Final = 4408
TAKEN_OVER: Final = 4409
ENDED: Final = 4410
TOO_LARGE: Final = 4413
TOO_FAST: Final = 4429


class CloseMeaning(Struct, frozen=True):
    """The meaning of a close code for the page: whether to connect again, and a sentence for the user."""

    name: str
    reconnect: bool
    sentence: str


CLOSE_CODES: Final[dict[int, CloseMeaning]] = {
    PROTOCOL_ERROR: CloseMeaning(
        "protocol_error", False, "This page and the server do not understand each other. Reload the page."
    ),
    NOT_ALLOWED: CloseMeaning(
        "not_allowed", False, "You may no longer be in this room. Log in again, or ask for a new invitation."
    ),
    NO_ROOM: CloseMeaning("no_room", False, "This room no longer exists."),
    IDLE: CloseMeaning("idle", True, "The connection was too slow or silent, and was closed."),
    TAKEN_OVER: CloseMeaning(
        "taken_over", False, "The interview goes on in another tab or on another device. You can close this one."
    ),
    ENDED: CloseMeaning("ended", False, "The interview has ended."),
    TOO_LARGE: CloseMeaning("too_large", False, "A message was larger than the server accepts."),
    TOO_FAST: CloseMeaning("too_fast", True, "This page sent faster than the server accepts."),
}
