"""Daphne with a bounded appetite: ``python -m interviewplatform.web_server`` takes the options of ``daphne``.

Daphne alone keeps everything in memory that one side sends faster than the other reads: a viewer who pauses a 2 GB
recording would cost the server 2 GB, and so would one who sends a body of that size. Here a response waits until its
client has read what was sent, and a larger request body than any of our pages sends is refused.
"""

import asyncio
from typing import Any, Final

from daphne.cli import CommandLineInterface
from daphne.http_protocol import WebRequest
from daphne.server import Server
from twisted.internet.interfaces import IPushProducer
from zope.interface import implementer

MAX_BODY_BYTES: Final = 16 * 1024**2
"""Twice a piece of an upload (``UPLOAD_CHUNK_BYTES``), the largest body that the API asks for."""


@implementer(IPushProducer)
class Flow:
    """Follows a connection's send buffer: ``wait`` returns once there is room in it, or nobody to send to."""

    def __init__(self) -> None:
        self._open = asyncio.Event()
        self._open.set()
        self.wait = self._open.wait

    def pauseProducing(self) -> None:
        self._open.clear()

    def resumeProducing(self) -> None:
        self._open.set()

    def stopProducing(self) -> None:
        self._open.set()


class BoundedServer(Server):  # type: ignore[misc]
    def create_application(self, protocol: Any, scope: dict[str, Any]) -> Any:
        if scope["type"] == "http":
            size_bytes = protocol.content.seek(0, 2)
            protocol.content.seek(0)
            if size_bytes > MAX_BODY_BYTES:
                protocol.basic_error(413, b"Content Too Large", "This request is larger than any that Candor accepts.")
                return None
        return super().create_application(protocol, scope)

    async def handle_reply(self, protocol: Any, message: dict[str, Any]) -> None:
        streamed = isinstance(protocol, WebRequest) and message["type"] == "http.response.body"
        if streamed and not protocol.finished and protocol.channel is not None:
            if message.get("more_body") and protocol.producer is None:
                protocol.registerProducer(Flow(), True)
            elif not message.get("more_body") and protocol.producer is not None:
                protocol.unregisterProducer()
        await super().handle_reply(protocol, message)
        if streamed and protocol.producer is not None:
            await protocol.producer.wait()


class CommandLine(CommandLineInterface):  # type: ignore[misc]
    server_class = BoundedServer


if __name__ == "__main__":
    CommandLine.entrypoint()
