"""One connection among those of a room: presence, signalling, and the events of the room's channel group."""

import contextlib
import time
from abc import abstractmethod
from dataclasses import asdict
from typing import Any, Final

from channels.db import database_sync_to_async
from channels.exceptions import ChannelFull

from analysis.live import messages, protocol
from analysis.live.clock import now_ms
from analysis.live.messages import Message
from analysis.live.room.access import Entry
from analysis.live.room.connection import RoomConnection
from analysis.live.room.presence import ANNOUNCED_S, OBSERVER, Member, Presence
from interviews.ice_servers import ice_servers
from interviews.room_channel import room_group
from interviews.services.rooms import room_presence_mark

Event = dict[str, Any]
"""An event of the channel layer; ``type`` names its handler."""

MARKED_S: Final = 45.0


class RoomMember(RoomConnection):
    """A connection with the presence list of its room. Overridden hooks call those of this class."""

    async def connect(self) -> None:
        self.presence = Presence()
        self._announced_s = self._marked_s = 0.0
        await super().connect()

    # --- Hooks ------------------------------------------------------------------------------------------------------

    @abstractmethod
    async def on_joined(self) -> None:
        """This connection has joined the groups and is about to be announced: send ``welcome``."""

    async def on_arrived(self, member: Member) -> None:
        """Somebody else has come into the room."""

    async def on_left(self, participant: str) -> None:
        """Somebody else has left the room."""

    def groups_of_room(self) -> list[str]:
        """The channel groups whose events this connection receives."""
        return [room_group(self.room_id)]

    # --- Hooks of the connection ------------------------------------------------------------------------------------

    async def on_hello(self) -> None:
        for group in self.groups_of_room():
            await self.channel_layer.group_add(group, self.channel_name)
        self.me = Member(self.participant, self.entry.role, self.entry.name, self.channel_name, now_ms())
        self.presence.add(self.me, time.monotonic())
        await self.on_joined()
        await self._announce(is_new=True)

    async def on_message(self, message: Message) -> None:
        if isinstance(message, messages.SignalTo):
            await self._signal(message)

    async def on_refreshed(self, before: Entry) -> None:
        if self.entry.room_state() != before.room_state():
            self.tell(messages.RoomChanged(self.entry.room_state()))

    async def on_tick(self, now_s: float) -> None:
        if now_s - self._announced_s > ANNOUNCED_S:
            await self._announce(is_new=False)
            if self.presence.expire(now_s, but=self.participant):
                self._tell_presence()
        if now_s - self._marked_s > MARKED_S and self.entry.role != OBSERVER:
            self._marked_s = now_s
            await database_sync_to_async(room_presence_mark)(room_id=self.room_id, who=self.entry.role)

    async def on_closed(self) -> None:
        for group in self.groups_of_room():
            await self.channel_layer.group_discard(group, self.channel_name)
        await self.send_to_room({"type": "room.absent", "participant": self.participant})

    # --- Events of the room -----------------------------------------------------------------------------------------

    async def room_signal(self, event: Event) -> None:
        self.tell(messages.SignalFrom(sender=event["sender"], data=event["data"]))

    async def room_present(self, event: Event) -> None:
        member = Member(**event["member"])
        if member.participant == self.participant:
            return
        is_news = self.presence.add(member, time.monotonic())
        if event["is_new"]:
            await self.send_to(member.channel, self._presence_event(is_new=False))
        if is_news:
            self._tell_presence()
            await self.on_arrived(member)

    async def room_absent(self, event: Event) -> None:
        if self.presence.remove(event["participant"]):
            self._tell_presence()
            await self.on_left(event["participant"])

    async def room_changed(self, event: Event) -> None:
        """A row of the room has changed (see :mod:`interviews.room_channel`)."""
        self.refresh_soon()

    # --- Sending ----------------------------------------------------------------------------------------------------

    def welcome_fields(self) -> dict[str, Any]:
        """The fields that the welcomes of both sides have in common."""
        return {
            "protocol": protocol.VERSION,
            "participant": self.participant,
            "server_ms": now_ms(),
            "ice_servers": ice_servers(room_id=self.room_id),
            "limits": protocol.LIMITS,
        }

    async def send_to(self, channel: str, event: Event) -> None:
        """Send an event to one connection; one whose channel is full misses it."""
        with contextlib.suppress(ChannelFull):
            await self.channel_layer.send(channel, event)

    async def send_to_room(self, event: Event) -> None:
        """Send an event to every connection of the room, this one included."""
        await self.channel_layer.group_send(room_group(self.room_id), event)

    async def _signal(self, signal: messages.SignalTo) -> None:
        to = self.presence.get(signal.to)
        if to is None or to.participant == self.participant:
            self.tell(messages.Error("nobody_there", "The other side of the call has left the room."))
            return
        await self.send_to(to.channel, {"type": "room.signal", "sender": self.participant, "data": signal.data})

    def _tell_presence(self) -> None:
        self.tell(messages.PresenceChanged(self.presence.state()))

    def _presence_event(self, *, is_new: bool) -> Event:
        return {"type": "room.present", "member": asdict(self.me), "is_new": is_new}

    async def _announce(self, *, is_new: bool) -> None:
        self._announced_s = time.monotonic()
        await self.send_to_room(self._presence_event(is_new=is_new))
