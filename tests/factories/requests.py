"""Requests to the API."""

import json

from django.test import Client


def send(client: Client, method: str, url: str, data: object = None):
    content = {} if method == "get" else {"data": json.dumps(data or {}), "content_type": "application/json"}
    return getattr(client, method)(url, **content)
