"""Makes all kinds of processes send at once.

generator.py run SCALE HERE4 HERE6 THERE4 THERE6: prints `ready` when the sockets that are to be older than the tap are
open, waits for a line, sends, and prints `done`. generator.py echo THERE4: answers on the other host.
"""

import os
import signal
import socket
import sys
import threading

import ground as g
import kinds


def echo(address):
    """The other host: UDP and TCP on one port, IPv4 and IPv6."""
    g.Me.now("gt-other")
    g.THERE4 = address
    datagrams = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
    datagrams.bind(("::", g.ECHO_PORT))
    stream = socket.socket(socket.AF_INET6, socket.SOCK_STREAM)
    stream.bind(("::", g.ECHO_PORT))
    stream.listen(64)
    print("ready", flush=True)

    def streams():
        while True:
            connection, _ = stream.accept()
            threading.Thread(target=g.serve_connection, args=(connection,), daemon=True).start()

    threading.Thread(target=streams, daemon=True).start()
    g.echo_udp(datagrams)


class Older:
    """Sockets from before the tap: connected, established and listening ones."""

    def __init__(self):
        self.udp, self.tcp = g.Server("udp", "gt-old-u"), g.Server("tcp", "gt-old-t")
        self.listener = g.Server("tcp", "gt-old-l")
        self.reader, self.writer = os.pipe()
        opened, tell = os.pipe()
        self.children = [
            g.fork("gt-older-u", self.connected, tell),
            g.fork("gt-older-t", self.established, tell),
            g.fork("gt-newer", self.newer, tell),
        ]
        for _ in self.children:
            os.read(opened, 1)

    def wait_for_start(self, tell):
        os.close(self.writer)
        os.write(tell, b"!")
        os.read(self.reader, 1)

    def connected(self, tell):
        s = g.udp()
        s.connect(self.udp.address)
        g.ask(s, "older UDP", 2, self.udp.who)
        self.wait_for_start(tell)
        g.ask(s, "older UDP", 50 * g.SCALE, self.udp.who, g.FIXED)

    def established(self, tell):
        s = g.tcp(self.tcp.address)
        g.ask(s, "older TCP", 2, self.tcp.who)
        self.wait_for_start(tell)
        g.ask(s, "older TCP", 50 * g.SCALE, self.tcp.who, g.FIXED)

    def newer(self, tell):
        self.wait_for_start(tell)
        for _ in range(5 * g.SCALE):
            s = g.tcp(self.listener.address)
            g.ask(s, "older listener", 5, self.listener.who, g.FIXED)
            s.close()

    def start(self):
        os.close(self.writer)
        g.wait(self.children)
        for server in (self.udp, self.tcp, self.listener):
            server.stop()


def run(scale, *addresses):
    g.SCALE = g.Scale(scale)
    g.HERE4, g.HERE6, g.THERE4, g.THERE6 = addresses
    g.Me.now("gt-main")
    older = Older()
    print("ready", flush=True)
    sys.stdin.readline()
    started = [g.fork(f"gt-{kind.__name__}"[:15], kind) for kind in kinds.ALL]
    older.start()
    g.wait(started)
    print("done", flush=True)


if __name__ == "__main__":
    # One process group: whoever kills it kills all.
    signal.signal(signal.SIGTERM, lambda *_: os.killpg(0, signal.SIGKILL))
    {"run": run, "echo": echo}[sys.argv[1]](*sys.argv[2:])
