"""Traffic that says who sent it.

Every payload is made of records of 64 bytes that name their sender and, where it is certain, their receiver, so that
whoever captures it can judge what a tap says. `record()` has the layout; judge.ts reads it.
"""

import os
import signal
import socket
import struct

MAGIC = b"PKTAPGT\0"
SIZE = 64
#: The flow has this sender and this receiver from its first packet to its last: all of its packets are judged.
FIXED = 1
#: Only the sender's end of the flow stays the same.
ONE_END = 8
#: Echo servers do not answer: the sender does not wait, and may be gone.
SILENT = 2
#: The other host answers to the group, whose one member here is who asked.
TO_GROUP = 4
GROUP = ("239.77.77.77", 7077)
ECHO_PORT = 7007
KINDS = [
    "short UDP", "short TCP", "threads", "fork before accept", "fork after accept", "passed descriptor",
    "socket activation", "SO_REUSEPORT", "UDP connected", "UDP unconnected", "UDP wildcard", "multicast",
    "dual-stack", "older UDP", "older TCP", "older listener", "closed by client", "closed by server", "reset",
    "ICMP echo", "large TCP", "IPv6 extensions", "fragments", "IP options", "exec", "reused process ID",
    "forked worker", "other host", "flood", "writev and sendfile", "half-open",
    "raw sockets", "packet sockets", "Multipath TCP", "TCP Fast Open", "tun",
]


#: How many times longer than usual to wait for what must come: on an emulated machine.
PATIENCE = float(os.environ.get("PKTAP_TRUTH_PATIENCE", "1"))


class Scale(float):
    """How much is sent: `20 * SCALE` is a whole number, and never 0."""

    def __rmul__(self, count):
        return max(1, round(count * float(self)))


SCALE, HERE4, HERE6, THERE4, THERE6 = 1, "", "", "", ""


def set_name(name):
    with open("/proc/self/comm", "w") as file:
        file.write(name)


def my_name():
    with open("/proc/self/comm", "rb") as file:
        return file.read().rstrip(b"\n")


class Me:
    """Who this process is, asked anew after each fork and rename."""

    pid, name = 0, b""

    @classmethod
    def now(cls, name=None):
        if name is not None:
            set_name(name)
        cls.pid, cls.name = os.getpid(), my_name()


def record(kind, sequence=0, receiver=(0, b""), flags=0):
    """magic[8] kind u8 flags u8 zero u16 sequence u32 sender u32 receiver u32 sender's name[16] receiver's name[16] zero[8]"""
    return struct.pack(
        "<8sBBHIII16s16s8x", MAGIC, KINDS.index(kind), flags, 0, sequence & 0xFFFFFFFF, Me.pid, receiver[0],
        Me.name, receiver[1],
    )


def sender_of(data):
    return struct.unpack_from("<I", data, 16)[0], data[24:40].rstrip(b"\0")


def answer(data):
    """A request's record, from us to its sender."""
    return data[:9] + bytes([data[9] & ~ONE_END]) + data[10:16] + struct.pack("<II16s16s8x", Me.pid, struct.unpack_from("<I", data, 16)[0], Me.name, data[24:40])


def fork(name, work, *arguments):
    """Runs work in a child; returns its process ID."""
    pid = os.fork()
    if pid:
        return pid
    status = 1
    try:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        Me.now(name)
        work(*arguments)
        status = 0
    except BaseException as error:  # a child must not go on as its parent
        os.write(2, f"{name}: {error!r}\n".encode())
    os._exit(status)


def wait(pids):
    for pid in pids:
        _, status = os.waitpid(pid, 0)
        if status not in (0, signal.SIGKILL):
            os.write(2, f"a child ended with status {status}\n".encode())


def stop(pids):
    for pid in pids:
        os.kill(pid, signal.SIGKILL)
    wait(pids)


def udp(family=socket.AF_INET, address=None):
    s = socket.socket(family, socket.SOCK_DGRAM)
    s.settimeout(2 * PATIENCE)
    if address is not None:
        s.bind((address, 0))
    return s


def listener(family=socket.AF_INET, address="127.0.0.1", reuse=False):
    s = socket.socket(family, socket.SOCK_STREAM)
    if reuse:
        s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    s.bind((address, 0))
    s.listen(256)
    return s


def tcp(address, family=socket.AF_INET):
    s = socket.socket(family, socket.SOCK_STREAM)
    s.settimeout(10 * PATIENCE)
    s.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    s.connect(address)
    return s


def exactly(s, count):
    data = b""
    while len(data) < count:
        more = s.recv(count - len(data))
        if not more:
            break
        data += more
    return data


def ask(s, kind, count, receiver=(0, b""), flags=0, learn=False):
    """Sends requests on a connected socket and waits for each answer; learns who answers when it is always the same."""
    for i in range(count):
        try:
            s.send(record(kind, i, receiver, flags))
            data = exactly(s, SIZE) if s.type == socket.SOCK_STREAM else s.recv(65536)
        except (TimeoutError, ConnectionError):
            continue
        if len(data) >= SIZE and learn:
            receiver = sender_of(data)
    return receiver


def to_group(data):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
        s.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, socket.inet_aton(THERE4))
        s.sendto(data, GROUP)


def echo_udp(s):
    while True:
        try:
            data, address = s.recvfrom(65536)
        except TimeoutError:
            continue
        if data[9] & TO_GROUP:
            to_group(answer(data[:SIZE]))
        elif not data[9] & SILENT:
            s.sendto(answer(data[:SIZE]) * (len(data) // SIZE), address)


def serve_connection(s):
    while True:
        data = exactly(s, SIZE)
        if len(data) < SIZE:
            return
        s.sendall(answer(data))


def echo_tcp(s):
    """One connection after the other, by this very process."""
    while True:
        connection, _ = s.accept()
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        try:
            serve_connection(connection)
        except ConnectionError:
            pass
        connection.close()


def ready_child(name, work, *arguments):
    """A server child: returns when it runs under its name."""
    reader, writer = os.pipe()

    def run():
        os.close(reader)
        os.write(writer, b"!")
        os.close(writer)
        work(*arguments)

    pid = fork(name, run)
    os.close(writer)
    os.read(reader, 1)
    os.close(reader)
    return pid


class Server:
    """A UDP or TCP echo server in a process of its own, which opens its socket itself."""

    def __init__(self, kind, name, family=socket.AF_INET, address="127.0.0.1"):
        reader, writer = os.pipe()

        def run():
            os.close(reader)
            if kind == "udp":
                s = udp(family, address)
            else:
                s = listener(family, address)
            os.write(writer, struct.pack("<I", s.getsockname()[1]))
            os.close(writer)
            (echo_udp if kind == "udp" else echo_tcp)(s)

        self.pid = fork(name, run)
        os.close(writer)
        self.port = struct.unpack("<I", os.read(reader, 4))[0]
        os.close(reader)
        self.address = (address, self.port)
        self.who = (self.pid, name.encode())
        self.kind, self.family = kind, family

    def drain(self):
        """Waits until all that was sent to a datagram socket on this host has come to it: each processor hands on what it was
        given in turn, so there is nothing before a question of its own that is answered."""
        processors = os.sched_getaffinity(0)
        s = udp(self.family)
        s.settimeout(PATIENCE / 4)
        s.connect(("127.0.0.1" if self.family == socket.AF_INET else "::1", self.port))
        for processor in processors:
            os.sched_setaffinity(0, {processor})
            asked = record("UDP unconnected", processor, self.who, FIXED)
            data = b""
            while data[12:16] != asked[12:16]:
                try:
                    s.send(asked)  # a socket that is full drops it
                    data = s.recv(65536)
                except TimeoutError:
                    continue
        os.sched_setaffinity(0, processors)
        s.close()

    def stop(self):
        if self.kind == "udp":
            self.drain()
        stop([self.pid])
