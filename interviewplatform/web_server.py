"""Daphne with bounded memory: ``python -m interviewplatform.web_server`` takes the options of ``daphne``.

Daphne alone buffers in memory all data that the application sends faster than the client reads: a viewer who pauses a
2 GB recording would cost the server 2 GB. It also stores request bodies of any size from any client in a temporary
file, and then passes them to the application through a queue in memory. Here a response waits until its client has read
the data sent so far, and a request body is stored only up to a limit above the largest legitimate one. WebSockets are
bounded likewise: sending waits for the reader, and messages have a largest size, above the live room's largest message.
"""

import asyncio
import gc
from typing import Any, Final

from autobahn.exception import Disconnected
from daphne import server
from daphne.cli import CommandLineInterface
from daphne.http_protocol import HTTPFactory, WebRequest
from daphne.ws_protocol import WebSocketProtocol
from twisted.internet.interfaces import IPushProducer
from zope.interface import implementer

MAX_BODY_BYTES: Final = 16 * 1024**2
"""Twice a piece of an upload (``UPLOAD_CHUNK_BYTES``), which is the largest body that the API accepts."""

MAX_SOCKET_MESSAGE_BYTES: Final = 512 * 1024
"""Twice a frame of the live room (``analysis.live.protocol``), so that a frame above its limit still gets an answer."""


@implementer(IPushProducer)
class Flow:
    """Flow control of a connection: ``wait`` returns once its send buffer has room, or the connection is closed."""

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


class BoundedRequest(WebRequest):  # type: ignore[misc]
    """Keeps one byte more of a body than the limit, so that the server detects the excess and can answer with an error.

    A client that continues to send long after that is disconnected.
    """

    received_bytes = 0

    def handleContentChunk(self, data: bytes) -> None:
        self.received_bytes += len(data)
        super().handleContentChunk(data[: MAX_BODY_BYTES + 1 - self.content.tell()])
        if self.received_bytes > 2 * MAX_BODY_BYTES:
            self.transport.abortConnection()


class BoundedFactory(HTTPFactory):  # type: ignore[misc]
    def buildProtocol(self, addr: Any) -> Any:
        protocol = super().buildProtocol(addr)
        protocol.requestFactory = BoundedRequest
        return protocol


class BoundedServer(server.Server):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        sizes = ("websocket_max_message_size", "websocket_max_frame_size")
        super().__init__(*args, **{**kwargs, **dict.fromkeys(sizes, MAX_SOCKET_MESSAGE_BYTES)})

    def run(self) -> None:
        gc.collect()
        gc.freeze()  # what was imported stays: each full collection would look at it again, 0.1 s a time
        server.HTTPFactory = BoundedFactory  # Daphne creates its factory in run(), without a way to choose the class
        super().run()

    def create_application(self, protocol: Any, scope: dict[str, Any]) -> Any:
        if scope["type"] == "http":
            size_bytes = protocol.content.seek(0, 2)
            protocol.content.seek(0)
            if size_bytes > MAX_BODY_BYTES:
                protocol.basic_error(413, b"Content Too Large", "This request is larger than any that Candor accepts.")
                return None
        return super().create_application(protocol, scope)

    async def handle_reply(self, protocol: Any, message: dict[str, Any]) -> None:
        if isinstance(protocol, WebSocketProtocol) and message["type"] == "websocket.send":
            await self._send_to_reader(protocol, message)
            return
        streamed = isinstance(protocol, WebRequest) and message["type"] == "http.response.body"
        if streamed and not protocol.finished and protocol.channel is not None:
            if message.get("more_body") and protocol.producer is None:
                protocol.registerProducer(Flow(), True)
            elif not message.get("more_body") and protocol.producer is not None:
                protocol.unregisterProducer()
        await super().handle_reply(protocol, message)
        if streamed and protocol.producer is not None:
            await protocol.producer.wait()

    async def _send_to_reader(self, protocol: Any, message: dict[str, Any]) -> None:
        flow = getattr(protocol, "flow", None)
        if flow is None:
            flow = protocol.flow = Flow()
            protocol.transport.unregisterProducer()  # the HTTP connection that this socket was
            protocol.transport.registerProducer(flow, True)
        try:
            await super().handle_reply(protocol, message)
        except Disconnected:  # it is closing, and the application is notified next
            return
        await flow.wait()


class CommandLine(CommandLineInterface):  # type: ignore[misc]
    server_class = BoundedServer


if __name__ == "__main__":
    CommandLine.entrypoint()
