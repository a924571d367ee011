"""A TCP proxy whose connections a test can cut, or hold."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

_PIECE = 65_536


class Proxy:
    """Forwards from a port of its own to another, from `start` to `end`."""

    def __init__(self, port: int, to: int) -> None:
        self.port = port
        self._to = to
        self._listening: socket.socket | None = None
        self._sockets: list[socket.socket] = []
        self._threads: list[threading.Thread] = []
        self._flows = threading.Event()
        self._flows.set()

    def start(self) -> None:
        self._listening = socket.create_server(("127.0.0.1", self.port))
        self._spawn(self._accept, self._listening)

    def hold(self) -> None:
        """Forward nothing from here on, while all connections stay."""
        self._flows.clear()

    def cut(self) -> None:
        """End the connections that there are."""
        for each in list(self._sockets):
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
        self._flows.set()

    def end(self) -> None:
        """Refuse connections, and end those that there are."""
        if self._listening is not None:
            listening, self._listening = self._listening, None
            with suppress(OSError):
                listening.shutdown(socket.SHUT_RDWR)
            listening.close()
        self.cut()
        for thread in list(self._threads):
            thread.join(10)
        for each in self._sockets:
            each.close()
        self._sockets, self._threads = [], []

    def _spawn(self, work: object, *arguments: object) -> None:
        thread = threading.Thread(target=work, args=arguments, daemon=True)  # type: ignore[arg-type]
        self._threads.append(thread)
        thread.start()

    def _accept(self, listening: socket.socket) -> None:
        with suppress(OSError):
            while True:
                near, _ = listening.accept()
                far = socket.create_connection(("127.0.0.1", self._to))
                self._sockets += [near, far]
                if self._listening is None:  # it has ended meanwhile
                    self.cut()
                self._spawn(self._forward, near, far)
                self._spawn(self._forward, far, near)

    def _forward(self, source: socket.socket, sink: socket.socket) -> None:
        with suppress(OSError):
            while piece := source.recv(_PIECE):
                self._flows.wait()
                sink.sendall(piece)
        for each in (source, sink):
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)


@contextmanager
def proxied(port: int, to: int) -> Iterator[Proxy]:
    """Give a proxy that has started, and ends with the block."""
    proxy = Proxy(port, to)
    proxy.start()
    try:
        yield proxy
    finally:
        proxy.end()
