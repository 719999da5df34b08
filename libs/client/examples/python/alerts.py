"""Prints alerts and statuses, with the position that the server keeps for this identity.

pip install nats-py
TOCSIN_USER=pager TOCSIN_PASSWORD=... python3 alerts.py
"""

import asyncio
import json
import os

import nats
from nats.errors import TimeoutError as NatsTimeout

URL = os.environ.get("NATS_URL", "nats://127.0.0.1:4222")
USER = os.environ.get("TOCSIN_USER", "")
PASSWORD = os.environ.get("TOCSIN_PASSWORD", "")
PROJECT = os.environ.get("TOCSIN_PROJECT", "default")
# 0: for ever
STOP_AFTER = int(os.environ.get("STOP_AFTER", "0"))


def handle(event_type: str, event_id: str, data: dict) -> None:
    """Event types and fields that are new to you may come at any time: pass them over."""
    if event_type == "AlertRaised":
        print(event_id, data["target"]["name"], data["type"], "since", data["since"], flush=True)
    elif event_type == "AlertResolved":
        print(event_id, data["target"]["name"], data["reason"], flush=True)
    elif event_type == "StatusChanged":
        print(event_id, data["targetId"], data["from"], "->", data["to"], flush=True)


async def main() -> None:
    # -1: reconnect for ever
    nc = await nats.connect(URL, user=USER, password=PASSWORD, max_reconnect_attempts=-1)
    js = nc.jetstream(domain="tocsin")
    # The consumer was made for you and has your name; you cannot make one
    events = await js.pull_subscribe_bind(durable=USER, stream=f"EVENTS_{PROJECT}")
    handled = 0
    while STOP_AFTER == 0 or handled < STOP_AFTER:
        try:
            batch = await events.fetch(100, timeout=20)
        except NatsTimeout:
            continue
        for message in batch:
            headers = message.headers or {}
            # At least once: the id is the same when an event comes again, de-duplicate on it
            event_type = headers.get("ce-type", "").removeprefix("tocsin.v1.")
            handle(event_type, headers.get("ce-id", ""), json.loads(message.data))
            # Not acknowledged within 30 seconds: it comes again
            await message.ack()
            handled += 1
    await nc.drain()


asyncio.run(main())
