"""TURN credentials are of one room, and end."""

import base64
import hashlib
import hmac
import time
from uuid import uuid4

from interviews.ice_servers import ice_servers

STUN, TURN = {"urls": ["stun:a.example"]}, {"urls": ["turns:b.example:5349"]}


def test_each_room_gets_credentials_of_its_own_that_end(settings):
    settings.ICE_SERVERS, settings.TURN_SECRET, settings.MAX_DURATION_S = [STUN, TURN], "shared", 3600
    room_id = uuid4()
    stun, turn = ice_servers(room_id=room_id)
    assert stun == STUN
    ends, _, room = turn["username"].partition(":")
    assert room == room_id.hex
    assert 3590 < int(ends) - time.time() <= 3600
    mac = hmac.new(b"shared", turn["username"].encode(), hashlib.sha1).digest()
    assert turn["credential"] == base64.b64encode(mac).decode()
    assert "username" not in settings.ICE_SERVERS[1]


def test_without_a_secret_the_servers_are_given_as_they_are(settings):
    settings.ICE_SERVERS, settings.TURN_SECRET = [STUN, TURN], ""
    assert ice_servers(room_id=uuid4()) == [STUN, TURN]
