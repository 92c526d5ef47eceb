"""The bare client that carriers' and webhooks' posts are held against: a pooled aiohttp session that posts prepared bytes as
fast as it can, `window` at a time, and stores nothing. A process of its own; order and answer are lines of JSON."""

import asyncio
import json
import sys
import time

import aiohttp

from benchmarks.processes import Helper

ORDER = ("url", "body", "headers", "count", "window")


def start() -> Helper:
    """The process, ready and waiting."""
    return Helper("benchmarks.bare_client")


def order(url: str, *, body: str, headers: dict[str, str], count: int, window: int) -> str:
    """What to post, how often, and how many at once."""
    return json.dumps(dict(zip(ORDER, (url, body, headers, count, window), strict=True)))


async def post(url: str, body: bytes, headers: dict[str, str], count: int, window: int) -> float:
    """Make the posts; returns the seconds they took."""
    left = iter(range(count))
    connector = aiohttp.TCPConnector(limit=window)
    async with aiohttp.ClientSession(connector=connector, cookie_jar=aiohttp.DummyCookieJar()) as session:

        async def work() -> None:
            for _ in left:
                async with session.post(url, data=body, headers=headers, allow_redirects=False) as answer:
                    await answer.read()

        began = time.perf_counter()
        await asyncio.gather(*(work() for _ in range(window)))
        return time.perf_counter() - began


def main() -> None:
    """One order, one answer: the seconds."""
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    line = sys.stdin.readline()
    if line:
        asked = json.loads(line)
        asked["body"] = asked["body"].encode()
        sys.stdout.write(f"{asyncio.run(post(**asked))}\n")


if __name__ == "__main__":
    main()
