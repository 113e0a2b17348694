"""The kinds of processes and sockets. Each function is run in a process of its own, all at once."""

import fcntl
import os
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time

import ground as g
from ground import FIXED, SILENT, Me, Server, answer, ask, echo_udp, fork, listener, ready_child, record, stop, tcp, udp, wait


def in_waves(count, at_once, begin):
    """Keeps `at_once` children running until `count` have been."""
    running = []
    for i in range(count):
        if len(running) == at_once:
            wait([running.pop(0)])
        running.append(begin(i))
    wait(running)


def short_udp():
    server = Server("udp", "gt-echo")

    def once(i):
        udp().sendto(record("short UDP", i, server.who, SILENT), server.address)

    in_waves(100 * g.SCALE, 8, lambda i: fork(f"gt-u{i}", once, i))
    server.stop()


def short_tcp():
    servers = [Server("tcp", f"gt-echo{i}") for i in range(4)]

    def once(i):
        server = servers[i % 4]
        s = tcp(server.address)
        s.send(record("short TCP", i, server.who, FIXED))
        g.exactly(s, g.SIZE)

    in_waves(100 * g.SCALE, 4, lambda i: fork(f"gt-t{i}", once, i))
    for server in servers:
        server.stop()


def threads():
    """Threads with names of their own, on a socket of their own and on one they share."""
    server = Server("udp", "gt-echo")

    def process():
        shared = udp()
        shared.connect(server.address)

        def thread(i):
            with open(f"/proc/self/task/{threading.get_native_id()}/comm", "w") as file:
                file.write(f"thread {i}")
            own = udp()
            own.connect(server.address)
            for n in range(40 * g.SCALE):
                own.send(record("threads", n, server.who, SILENT))
                shared.send(record("threads", n, server.who, SILENT))

        all_threads = [threading.Thread(target=thread, args=(i,)) for i in range(8)]
        for each in all_threads:
            each.start()
        for each in all_threads:
            each.join()

    wait([fork(f"gt-many{i}", process) for i in range(3)])
    server.stop()


def clients_of(kind, address, count, requests, make=tcp):
    def client():
        s = make(address, socket.AF_INET)
        ask(s, kind, requests, flags=g.ONE_END, learn=True)
        s.close()

    in_waves(count, 4, lambda i: fork(f"gt-client{i}", client))


def fork_before_accept():
    s = listener()
    workers = [ready_child(f"gt-worker{i}", g.echo_tcp, s) for i in range(4)]
    clients_of("fork before accept", s.getsockname(), 12 * g.SCALE, 20)
    stop(workers)


def fork_after_accept():
    def server(s):
        signal.signal(signal.SIGCHLD, signal.SIG_IGN)
        while True:
            connection, _ = s.accept()
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            fork("gt-child", g.serve_connection, connection)
            connection.close()

    s = listener()
    parent = ready_child("gt-forker", server, s)
    clients_of("fork after accept", s.getsockname(), 12 * g.SCALE, 20)
    stop([parent])


def passed_descriptor():
    """Two processes pass a connected socket over a UNIX socket and take turns on it."""
    server_udp, server_tcp = Server("udp", "gt-echo"), Server("tcp", "gt-echo-t")

    def second(unix):
        _, descriptors, _, _ = socket.recv_fds(unix, 1, 2)
        sockets = [socket.socket(fileno=d) for d in descriptors]
        while unix.recv(1):
            for s in sockets:
                s.settimeout(2 * g.PATIENCE)
                ask(s, "passed descriptor", 2, server_udp.who if s.type == socket.SOCK_DGRAM else server_tcp.who)
            unix.send(b"!")

    def first():
        left, right = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        child = fork("gt-second", lambda: (left.close(), second(right)))
        right.close()
        u = udp()
        u.connect(server_udp.address)
        t = tcp(server_tcp.address)
        sockets = [u, t]
        ask(u, "passed descriptor", 2, server_udp.who)
        socket.send_fds(left, [b"!"], [s.fileno() for s in sockets])
        for _ in range(20 * g.SCALE):
            left.send(b"!")
            left.recv(1)
            for s in sockets:
                ask(s, "passed descriptor", 2, server_udp.who if s is u else server_tcp.who)
        left.close()
        wait([child])

    wait([fork("gt-first", first)])
    server_udp.stop()
    server_tcp.stop()


def linked(name):
    """A path to Python under another name: what the kernel calls the process when it is run."""
    path = os.path.join(tempfile.gettempdir(), f"gt-{os.getpid()}")
    os.makedirs(path, exist_ok=True)
    path = os.path.join(path, name)
    if not os.path.lexists(path):
        os.symlink(os.path.realpath(sys.executable), path)
    return path


def unlink(*paths):
    for path in paths:
        os.unlink(path)
    os.rmdir(os.path.dirname(paths[0]))


def run_again(path, function, *arguments):
    """Becomes another program that runs one of the functions below with inherited sockets."""
    here = os.path.dirname(os.path.abspath(__file__))
    code = f"import sys; sys.path.insert(0, {here!r}); import kinds; kinds.{function}(*sys.argv[1:])"
    os.execv(path, [path, "-c", code, *map(str, arguments)])


def activated_main(descriptor):
    Me.now()
    g.echo_tcp(socket.socket(fileno=int(descriptor)))


def socket_activation():
    """A supervisor listens and never accepts; the program it starts does."""
    path = linked("gt-activated")
    s = listener()
    s.set_inheritable(True)
    child = fork("gt-super", lambda: run_again(path, "activated_main", s.fileno()))
    clients_of("socket activation", s.getsockname(), 6 * g.SCALE, 20)
    stop([child])
    unlink(path)


def reuseport():
    def bound(port):
        s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        s.bind(("127.0.0.1", port))
        return s

    first = bound(0)
    address = first.getsockname()
    first.close()
    reader, writer = os.pipe()

    def worker():
        s = bound(address[1])
        os.write(writer, b"!")
        echo_udp(s)

    workers = [fork(f"gt-reuse{i}", worker) for i in range(4)]
    for _ in workers:
        os.read(reader, 1)

    def connected(address, _):
        s = udp()
        s.connect(address)
        return s

    clients_of("SO_REUSEPORT", address, 16 * g.SCALE, 20, make=connected)
    stop(workers)


def udp_kinds():
    server, wild = Server("udp", "gt-echo"), Server("udp", "gt-wild", address="")
    count = 60 * g.SCALE

    def connected():
        s = udp()
        s.connect(server.address)
        ask(s, "UDP connected", count, server.who, FIXED)

    def unconnected():
        s = udp()
        for i in range(count):
            s.sendto(record("UDP unconnected", i, server.who, FIXED), server.address)
            s.recvfrom(65536)

    def wildcard():
        s = udp(address="")
        for i in range(count):
            s.sendto(record("UDP wildcard", i, wild.who), ("127.0.0.1", wild.port))
            s.recvfrom(65536)

    wait([fork("gt-conn", connected), fork("gt-unconn", unconnected), fork("gt-wildcard", wildcard)])
    server.stop()
    wild.stop()


def multicast():
    """To a group, and as the member of a group: bound to it, and bound to the port alone."""
    count = 20 * g.SCALE

    def sender():
        s = udp()
        s.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, socket.inet_aton(g.HERE4))
        for i in range(count):
            s.sendto(record("multicast", i, flags=SILENT), g.GROUP)

    def member(address):
        s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        s.settimeout(2 * g.PATIENCE)
        s.bind((address, g.GROUP[1]))
        membership = socket.inet_aton(g.GROUP[0]) + socket.inet_aton(g.HERE4)
        s.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, membership)
        asking = udp()
        for i in range(count):
            asking.sendto(record("multicast", i, flags=g.TO_GROUP), (g.THERE4, g.ECHO_PORT))
            s.recv(65536)

    wait([fork("gt-member", member, g.GROUP[0])])
    wait([fork("gt-any", member, "")])
    wait([fork("gt-mcast", sender)])


def dual_stack():
    """IPv4 on IPv6 sockets, at both ends."""
    server = Server("udp", "gt-dual", socket.AF_INET6, "")
    stream = Server("tcp", "gt-dual-t", socket.AF_INET6, "::")

    def client():
        s = udp(socket.AF_INET6)
        s.connect(("::ffff:127.0.0.1", server.port))
        ask(s, "dual-stack", 40 * g.SCALE, server.who, FIXED)
        t = tcp(("::ffff:127.0.0.1", stream.port), socket.AF_INET6)
        ask(t, "dual-stack", 40 * g.SCALE, stream.who, FIXED)
        t.close()

    wait([fork("gt-dual-c", client)])
    server.stop()
    stream.stop()


def closings():
    """Who closes first, and how; every packet to the last is judged."""
    servers = [Server("tcp", f"gt-close{i}") for i in range(2)]

    def by_client():
        for i in range(20 * g.SCALE):
            s = tcp(servers[0].address)
            ask(s, "closed by client", 2, servers[0].who, FIXED)
            s.close()

    def by_reset():
        for i in range(20 * g.SCALE):
            s = tcp(servers[1].address)
            ask(s, "reset", 2, servers[1].who, FIXED)
            s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            s.close()

    def closing_server(s):
        while True:
            connection, _ = s.accept()
            connection.sendall(answer(g.exactly(connection, g.SIZE)))
            connection.close()

    def by_server(port):
        for i in range(20 * g.SCALE):
            s = tcp(("127.0.0.1", port))
            s.send(record("closed by server", i, (closer, b"gt-closer"), FIXED))
            while s.recv(65536):
                pass
            s.close()

    reader, writer = os.pipe()

    def make_closer():
        s = listener()
        os.write(writer, struct.pack("<I", s.getsockname()[1]))
        closing_server(s)

    closer = fork("gt-closer", make_closer)
    port = struct.unpack("<I", os.read(reader, 4))[0]
    wait([fork("gt-c-client", by_client), fork("gt-c-reset", by_reset), fork("gt-c-server", by_server, port)])
    stop([closer])
    for server in servers:
        server.stop()


def checksum(data):
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    total = (total & 0xFFFF) + (total >> 16)
    return ~(total + (total >> 16)) & 0xFFFF


def icmp_echo():
    """Raw sockets; the receiver of a reply is who asked, of a request nobody."""

    def ping(identifier, there):
        s = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP)
        for i in range(15 * g.SCALE):
            data = record("ICMP echo", i)
            body = struct.pack("!BBHHH", 8, 0, 0, identifier, i & 0xFFFF) + data
            s.sendto(body[:2] + struct.pack("!H", checksum(body)) + body[4:], (there, 0))
            time.sleep(0.0005)
        time.sleep(0.2)

    wait([fork(f"gt-ping{i}", ping, 1000 + i, g.THERE4 if i % 2 else "127.0.0.1") for i in range(6)])


def large_tcp():
    """Segments of up to 64 kB, both sides fixed."""

    def sink(s):
        connection, _ = s.accept()
        while connection.recv(1 << 20):
            pass

    def source(address, receiver):
        s = tcp(address)
        block = record("large TCP", 0, receiver, FIXED) * 2048
        for _ in range(40 * g.SCALE):
            s.sendall(block)
        s.close()

    for i in range(2):
        reader, writer = os.pipe()

        def make_sink():
            s = listener()
            os.write(writer, struct.pack("<I", s.getsockname()[1]))
            sink(s)

        pid = fork(f"gt-sink{i}", make_sink)
        port = struct.unpack("<I", os.read(reader, 4))[0]
        wait([fork(f"gt-source{i}", source, ("127.0.0.1", port), (pid, f"gt-sink{i}".encode())), pid])


def headers():
    """IPv6 extension headers, IPv4 options, fragments: where the ports are is not where one expects them."""
    server, server6 = Server("udp", "gt-echo"), Server("udp", "gt-echo6", socket.AF_INET6, "::1")
    count = 40 * g.SCALE

    def extensions():
        s = udp(socket.AF_INET6)
        # Destination and hop-by-hop options: PadN.
        s.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_DSTOPTS, bytes([0, 0, 1, 4, 0, 0, 0, 0]))
        s.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_HOPOPTS, bytes([0, 0, 1, 4, 0, 0, 0, 0]))
        s.connect(server6.address)
        ask(s, "IPv6 extensions", count, server6.who)

    def options():
        s = udp()
        s.setsockopt(socket.IPPROTO_IP, socket.IP_OPTIONS, bytes([1] * 8))
        s.connect(server.address)
        ask(s, "IP options", count, server.who)

    def fragments(family, address):
        s = udp(family)
        s.settimeout(5 * g.PATIENCE)
        s.connect((address, g.ECHO_PORT))
        for i in range(10 * g.SCALE):
            s.send(record("fragments", i) * 100)
            s.recv(65536)

    wait([
        fork("gt-ext", extensions), fork("gt-opt", options),
        fork("gt-frag4", fragments, socket.AF_INET, g.THERE4), fork("gt-frag6", fragments, socket.AF_INET6, g.THERE6),
    ])
    server.stop()
    server6.stop()


def exec_main(descriptor, pid, count):
    """What became of the process: another name, the same socket."""
    Me.now()
    ask(socket.socket(fileno=int(descriptor)), "exec", int(count), (int(pid), b"gt-echo"))


def execs():
    server = Server("udp", "gt-echo")
    path = linked("gt-after")

    def before():
        s = udp()
        s.set_inheritable(True)
        s.connect(server.address)
        ask(s, "exec", 5, server.who)
        s.setblocking(True)
        run_again(path, "exec_main", s.fileno(), server.pid, 5)

    in_waves(6 * g.SCALE, 2, lambda i: fork(f"gt-before{i}", before))
    server.stop()
    unlink(path)


def reused_pid():
    """One process after the other with the same ID and another name."""
    server = Server("udp", "gt-echo")

    def once(i):
        s = udp()
        s.connect(server.address)
        ask(s, "reused process ID", 3, server.who)

    first = fork("gt-pid", once, 0)
    wait([first])
    for i in range(25 * g.SCALE):
        try:
            with open("/proc/sys/kernel/ns_last_pid", "w") as file:
                file.write(str(first - 1))
        except OSError:
            pass
        wait([fork(f"gt-pid{i}", once, i)])
    server.stop()


def forked_worker():
    """Workers that share one UDP socket they inherited; whoever sends is the sender."""
    server = Server("udp", "gt-echo")
    s = udp()
    s.connect(server.address)

    def worker():
        for i in range(40 * g.SCALE):
            s.send(record("forked worker", i, server.who, SILENT))

    wait([fork(f"gt-w{i}", worker) for i in range(6)])
    server.stop()


def other_host():
    """Over a cable: only one end is here."""
    count = 30 * g.SCALE

    def client(family, address, kind):
        if kind == "udp":
            s = udp(family)
            s.connect((address, g.ECHO_PORT))
        else:
            s = tcp((address, g.ECHO_PORT), family)
        ask(s, "other host", count, flags=FIXED)
        s.close()

    wait([
        fork(f"gt-o{i}", client, family, address, kind)
        for i, (family, address, kind) in enumerate(
            (family, address, kind)
            for family, address in ((socket.AF_INET, g.THERE4), (socket.AF_INET6, g.THERE6))
            for kind in ("udp", "tcp")
        )
    ])


def flood():
    """As fast as they can, many at once."""
    server = Server("udp", "gt-sinkhole")

    def pour():
        s = udp()
        s.connect(server.address)
        for i in range(250 * g.SCALE):
            s.send(record("flood", i, server.who, FIXED | SILENT))

    wait([fork(f"gt-flood{i}", pour) for i in range(40)])
    server.stop()


def other_calls():
    """writev, sendmsg, sendfile: data that does not go through send."""
    server = Server("tcp", "gt-echo-t")

    def client():
        s = tcp(server.address)
        with tempfile.TemporaryFile() as file:
            for i in range(20 * g.SCALE):
                data = record("writev and sendfile", i, server.who, FIXED)
                os.writev(s.fileno(), [data[:32], data[32:]])
                g.exactly(s, g.SIZE)
                file.seek(0)
                file.write(data)
                file.flush()
                os.sendfile(s.fileno(), file.fileno(), 0, len(data))
                g.exactly(s, g.SIZE)
                s.sendmsg([data])
                g.exactly(s, g.SIZE)

    wait([fork("gt-writev", client)])
    server.stop()


def half_open():
    """Connections that nobody accepts: what comes and goes is the listener's."""
    reader, writer = os.pipe()

    def idle():
        s = listener()
        os.write(writer, struct.pack("<I", s.getsockname()[1]))
        time.sleep(60)

    pid = fork("gt-idle", idle)
    port = struct.unpack("<I", os.read(reader, 4))[0]

    def client():
        sockets = []
        for i in range(10 * g.SCALE):
            s = tcp(("127.0.0.1", port))
            s.send(record("half-open", i, (pid, b"gt-idle"), FIXED))
            sockets.append(s)
        time.sleep(0.2)

    wait([fork("gt-half", client)])
    stop([pid])


def raw_sockets():
    """A protocol nobody speaks; the other host's complaints are nobody's."""

    def sender(family, there):
        s = socket.socket(family, socket.SOCK_RAW, 253)

        def send(i):
            s.sendto(record("raw sockets", i, flags=SILENT), (there, 0))

        for i in range(15 * g.SCALE):
            send(i)
        wait([fork(f"gt-raw-w{i}", send, i) for i in range(4)])

    wait([fork("gt-raw4", sender, socket.AF_INET, g.THERE4), fork("gt-raw6", sender, socket.AF_INET6, g.THERE6)])


def datagram(source, destination, source_port, destination_port, payload):
    """An IPv4 packet with a UDP datagram, without checksums' help from the kernel."""
    udp_header = struct.pack("!HHHH", source_port, destination_port, 8 + len(payload), 0)
    ip = struct.pack("!BBHHHBBH4s4s", 0x45, 0, 28 + len(payload), 1, 0, 64, 17, 0, source, destination)
    return ip[:10] + struct.pack("!H", checksum(ip)) + ip[12:] + udp_header + payload


def packet_sockets():
    """Whole frames, as DHCP clients and routing daemons send them."""

    def sender():
        s = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
        s.bind(("cable", 0))

        def send(i):
            ip = datagram(socket.inet_aton(g.HERE4), socket.inet_aton(g.THERE4), 9, 9, record("packet sockets", i, flags=SILENT))
            s.send(b"\xff" * 6 + b"\2\0\0\0\0\1" + b"\x08\0" + ip)

        for i in range(30 * g.SCALE):
            send(i)
        wait([fork(f"gt-packet-w{i}", send, i) for i in range(4)])

    wait([fork("gt-packet", sender)])


def multipath():
    """A socket above the TCP sockets that packets belong to; also with a client that does not know of it."""
    protocol = 262 if os.path.exists("/proc/sys/net/mptcp/enabled") else 0
    reader, writer = os.pipe()

    def server():
        s = socket.socket(socket.AF_INET, socket.SOCK_STREAM, protocol)
        s.bind(("127.0.0.1", 0))
        s.listen(256)
        os.write(writer, struct.pack("<I", s.getsockname()[1]))
        g.echo_tcp(s)

    pid = fork("gt-mptcp", server)
    port = struct.unpack("<I", os.read(reader, 4))[0]

    def client(protocol):
        for _ in range(3 * g.SCALE):
            s = socket.socket(socket.AF_INET, socket.SOCK_STREAM, protocol)
            s.connect(("127.0.0.1", port))
            ask(s, "Multipath TCP", 5, (pid, b"gt-mptcp"), FIXED)
            s.close()

    wait([fork("gt-multi", client, protocol), fork("gt-single", client, 0)])
    stop([pid])


def fast_open():
    """Data in the SYN, and a socket before the handshake is over."""
    with open("/proc/sys/net/ipv4/tcp_fastopen", "w") as file:
        file.write("3")
    reader, writer = os.pipe()

    def server():
        s = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        s.setsockopt(socket.IPPROTO_TCP, socket.TCP_FASTOPEN, 64)
        s.bind(("127.0.0.1", 0))
        s.listen(256)
        os.write(writer, struct.pack("<I", s.getsockname()[1]))
        g.echo_tcp(s)

    pid = fork("gt-fast", server)
    port = struct.unpack("<I", os.read(reader, 4))[0]

    def client():
        for i in range(10 * g.SCALE):
            s = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
            s.sendto(record("TCP Fast Open", i, (pid, b"gt-fast"), FIXED), socket.MSG_FASTOPEN, ("127.0.0.1", port))
            g.exactly(s, g.SIZE)
            s.close()

    wait([fork("gt-f-client", client)])
    stop([pid])


def tun():
    """A tunnel whose other end is a process: what it puts into the device arrives at who asked."""
    device = os.open("/dev/net/tun", os.O_RDWR)
    fcntl.ioctl(device, 0x400454CA, struct.pack("16sH", b"tun0", 0x1001))  # TUNSETIFF: IFF_TUN, IFF_NO_PI
    for words in ("addr add 10.79.0.1/24 dev tun0", "link set tun0 up"):
        subprocess.run(["ip", *words.split()], check=True)
    time.sleep(g.PATIENCE)  # a tap joins interfaces that appear

    def far_end():
        while True:
            packet = os.read(device, 65536)
            if packet[0] != 0x45 or packet[9] != 17:
                continue
            ports = struct.unpack("!HH", packet[20:24])
            os.write(device, datagram(packet[16:20], packet[12:16], *reversed(ports), answer(packet[28:28 + g.SIZE])))

    far = fork("gt-tunnel", far_end)

    def client():
        s = udp()
        s.connect(("10.79.0.2", 7))
        ask(s, "tun", 30 * g.SCALE)

    wait([fork(f"gt-tun{i}", client) for i in range(2)])
    stop([far])
    os.close(device)


ALL = [
    short_udp, short_tcp, threads, fork_before_accept, fork_after_accept, passed_descriptor, socket_activation,
    reuseport, udp_kinds, multicast, dual_stack, closings, icmp_echo, large_tcp, headers, execs, reused_pid,
    forked_worker, other_host, flood, other_calls, half_open, raw_sockets, packet_sockets, multipath, fast_open, tun,
]
