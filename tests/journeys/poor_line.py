"""A poor line between a browser and the demo: slow, far away, with stalls, and it can be cut.

What a resident far from a town has: 300 ms there and back, some 100 kbit/s down and 40 up shared
by all connections, and of a hundred segments three that are lost and come a second later.
Lost segments are drawn by a seed. `cut()` resets every connection, as a dead spot on the road does.
"""

import asyncio
import contextlib
import random
import socket
import struct
import threading
import time
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

SEGMENT_BYTES = 1_400
ROUND_TRIP_SECONDS = 0.3
DOWN_BYTES_A_SECOND = 100_000 / 8
UP_BYTES_A_SECOND = 40_000 / 8
LOST = 0.03
STALL_SECONDS = (1.0, 1.5)
AHEAD_SECONDS = 0.5  # how much waits at the modem


@dataclass
class Way:
    """One direction, shared by all connections."""

    bytes_a_second: float
    chance: random.Random
    free_at: float = 0.0
    carried: int = 0
    stalls: int = 0

    def take(self, size: int) -> float:
        """Return when a segment that is sent now arrives (monotonic seconds)."""
        self.free_at = max(time.monotonic(), self.free_at) + size / self.bytes_a_second
        late = 0.0
        if self.chance.random() < LOST:
            late = self.chance.uniform(*STALL_SECONDS)
            self.stalls += 1
        return self.free_at + ROUND_TRIP_SECONDS / 2 + late


@dataclass
class PoorLine:
    """A proxy with a thread of its own: `with PoorLine(url) as line: browser -> line.url`."""

    target: str
    seed: int = 7
    up: Way = field(init=False)
    down: Way = field(init=False)
    url: str = field(init=False, default="")
    cuts: int = field(init=False, default=0)

    def __post_init__(self) -> None:
        chance = random.Random(self.seed)  # noqa: S311 - a model of a line, not a secret
        self.up = Way(UP_BYTES_A_SECOND, chance)
        self.down = Way(DOWN_BYTES_A_SECOND, chance)
        self._loop = asyncio.new_event_loop()
        self._writers: set[asyncio.StreamWriter] = set()
        self._cut_at: int | None = None
        self._dead_after = 0.0
        self._dead_until = 0.0
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        assert self._ready.wait(5)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        tb: TracebackType | None,
    ) -> None:
        self.cut()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)

    def cut(self, dead_seconds: float = 0.0) -> None:
        """Reset every connection now; refuse new ones for so many seconds."""
        self._loop.call_soon_threadsafe(self._reset, dead_seconds)

    def cut_after(self, up_bytes: int, dead_seconds: float = 0.0) -> None:
        """Cut when so many more bytes have gone up."""
        self._dead_after = dead_seconds
        self._cut_at = self.up.carried + up_bytes

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        server = self._loop.run_until_complete(
            asyncio.start_server(self._serve, "127.0.0.1", 0, limit=4 * SEGMENT_BYTES)
        )
        self.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        self._ready.set()
        self._loop.run_forever()
        server.close()
        for task in asyncio.all_tasks(self._loop):
            task.cancel()
        self._loop.run_until_complete(asyncio.sleep(0))

    def _reset(self, dead_seconds: float) -> None:
        self.cuts += 1
        self._dead_until = time.monotonic() + dead_seconds
        for writer in list(self._writers):
            with contextlib.suppress(OSError):
                at_once = struct.pack("ii", 1, 0)
                writer.get_extra_info("socket").setsockopt(
                    socket.SOL_SOCKET, socket.SO_LINGER, at_once
                )
            writer.transport.abort()
        self._writers.clear()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if time.monotonic() < self._dead_until:
            writer.transport.abort()
            return
        where = urlsplit(self.target)
        try:
            await asyncio.sleep(ROUND_TRIP_SECONDS)  # the handshake
            far_reader, far_writer = await asyncio.open_connection(where.hostname, where.port)
        except OSError:
            writer.transport.abort()
            return
        both = {writer, far_writer}
        self._writers |= both
        await asyncio.gather(
            self._carry(reader, far_writer, self.up), self._carry(far_reader, writer, self.down)
        )
        self._writers -= both

    async def _carry(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, way: Way
    ) -> None:
        """Carry segments in order; a late one holds up those behind it."""
        queue: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue()
        arriving = asyncio.create_task(self._arrive(queue, writer, way))
        with contextlib.suppress(OSError):
            while part := await reader.read(SEGMENT_BYTES):
                queue.put_nowait((way.take(len(part)), part))
                ahead = way.free_at - time.monotonic() - AHEAD_SECONDS
                if ahead > 0:
                    await asyncio.sleep(ahead)
        queue.put_nowait((0.0, b""))
        await arriving

    async def _arrive(
        self, queue: asyncio.Queue[tuple[float, bytes]], writer: asyncio.StreamWriter, way: Way
    ) -> None:
        with contextlib.suppress(OSError):
            while True:
                at, part = await queue.get()
                if not part:
                    break
                await asyncio.sleep(max(0.0, at - time.monotonic()))
                writer.write(part)
                await writer.drain()
                way.carried += len(part)
                if way is self.up and self._cut_at is not None and way.carried >= self._cut_at:
                    self._cut_at = None
                    self._reset(self._dead_after)
        with contextlib.suppress(OSError):
            writer.close()
