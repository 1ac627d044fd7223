#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""test_tcp_check_kernel.py: connections between kernels, captured at both ends, break no rule that holm-tcp-check
knows: with and without loss, with each way to control congestion, and in the states that are seldom met. A router
between the ends loses and marks packets, so that of two captures one is before and one behind it; a line of the
test's own has a delay, also one that varies, and doubles packets."""
import contextlib
import ctypes
import fcntl
import heapq
import os
import random
import re
import select
import signal
import socket
import struct
import subprocess
import tempfile
import threading
import time
import unittest
from pathlib import Path

CHECK = os.environ['TCP_CHECK']
CLONE_NEWNET = 0x40000000
LIBC = ctypes.CDLL(None, use_errno=True)
PORT = 8000
TCP_CONGESTION = 13
CONTENT = os.urandom(1 << 21)
# Linux does break this rule, seldom: in FIN-WAIT it acknowledges a FIN that came early, when what was missing before it
# has come, and only then forgets the blocks behind that (tcp_fin comes before tcp_sack_remove). If the last that came
# was there in part, a D-SACK stands before them. It harms nobody: nothing is missing any more.
KNOWN = 'acknowledges with the FIN behind them'


def run(*command, **more):
    return subprocess.run(command, check=True, capture_output=True, timeout=30, **more)


class Space:
    """A network namespace that a sleeping process holds."""

    def __init__(self):
        self.process = subprocess.Popen(['unshare', '-n', 'sleep', '600'])
        unittest.addModuleCleanup(self.process.wait)
        unittest.addModuleCleanup(self.process.kill)
        self.path, own = f'/proc/{self.process.pid}/ns/net', os.readlink('/proc/self/ns/net')
        while os.readlink(self.path) == own:
            time.sleep(0.005)

    @contextlib.contextmanager
    def inside(self):
        """This thread is in the namespace. Sockets stay in the one in which they were made."""
        with open('/proc/thread-self/ns/net') as before, open(self.path) as there:
            if LIBC.setns(there.fileno(), CLONE_NEWNET) != 0:
                raise OSError(ctypes.get_errno(), 'setns')
            try:
                yield
            finally:
                LIBC.setns(before.fileno(), CLONE_NEWNET)


def wire(name, space, number):
    """An interface in space that leads to the router, and its other end there."""
    peer = f'r{number}'
    with router.inside():
        run('ip', 'link', 'add', name, 'netns', str(space.process.pid), 'type', 'veth', 'peer', 'name', peer)
    for where, device, last in (space, name, 1), (router, peer, 9):
        with where.inside():
            run('ethtool', '-K', device, 'tx', 'off', 'rx', 'off', 'tso', 'off', 'gso', 'off', 'gro', 'off')
            run('ip', 'address', 'add', f'10.{number}.0.{last}/24', 'dev', device)
            run('ip', 'address', 'add', f'fd00:{number}::{last}/64', 'dev', device, 'nodad')
            run('ip', 'link', 'set', device, 'up')
    with space.inside():
        run('ip', 'route', 'add', 'default', 'via', f'10.{number}.0.9')
        run('ip', '-6', 'route', 'add', 'default', 'via', f'fd00:{number}::9')


def setUpModule():
    global router, left, right
    if os.geteuid() != 0:
        raise unittest.SkipTest('only root may make network namespaces')
    router, left, right = Space(), Space(), Space()
    wire('left', left, 1)
    wire('right', right, 2)
    with router.inside():
        run('sysctl', '-qw', 'net.ipv4.ip_forward=1', 'net.ipv6.conf.all.forwarding=1')


class Capture:
    """What goes over the interface of an end, until found() answers what is wrong with it."""

    def __init__(self, space, name):
        self.file = tempfile.NamedTemporaryFile(suffix='.pcap')
        with space.inside():
            self.process = subprocess.Popen(['tcpdump', '-Uni', name, '--immediate-mode', '-s', '1600', '-B', '65536',
                                             '--time-stamp-precision=nano', '-w', self.file.name, 'tcp'],
                                            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        self.process.stderr.readline()  # "listening": from now on

    def found(self):
        self.process.send_signal(signal.SIGINT)
        said = self.process.communicate(timeout=10)[1]
        if not re.search(r'^0 packets dropped', said, re.M):
            raise unittest.SkipTest(f'the capture is not whole: {said}')
        done = subprocess.run([CHECK, self.file.name], capture_output=True, text=True, timeout=60)
        self.segments = int(re.match(r'\d+', done.stderr)[0])
        self.file.close()
        return [x for x in done.stdout.splitlines() if KNOWN not in x]


def listener(address='10.2.0.1', congestion=None, buffer=None):
    with right.inside():
        server = socket.create_server((address, PORT), family=socket.AF_INET6 if ':' in address else socket.AF_INET)
    server.settimeout(20)
    if congestion:
        server.setsockopt(socket.IPPROTO_TCP, TCP_CONGESTION, congestion.encode())
    if buffer:
        server.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer)
    return server


def caller(address='10.2.0.1', congestion=None):
    with left.inside():
        client = socket.socket(socket.AF_INET6 if ':' in address else socket.AF_INET)
    client.settimeout(20)
    if congestion:
        client.setsockopt(socket.IPPROTO_TCP, TCP_CONGESTION, congestion.encode())
    client.connect((address, PORT))
    return client


def drain(sock):
    """All that comes until the end."""
    got = bytearray()
    while piece := sock.recv(65536):
        got += piece
    return bytes(got)


class Line:
    """A line between interfaces far of both ends, with a delay of 20 ms and more trouble; with Line(…): …"""

    def __init__(self, varies=0, loses=0, doubles=0):
        self.varies, self.loses, self.doubles = varies, loses, doubles
        self.random, self.ended = random.Random(1), False

    def tap(self, space, last):
        with space.inside():
            fd = os.open('/dev/net/tun', os.O_RDWR | os.O_NONBLOCK)
            fcntl.ioctl(fd, 0x400454ca, struct.pack('16sH22x', b'far', 0x1002))  # TUNSETIFF: TAP, no header
            run('ip', 'address', 'add', f'10.3.0.{last}/24', 'dev', 'far')
            run('ip', 'address', 'add', f'fd00:3::{last}/64', 'dev', 'far', 'nodad')
            run('ip', 'link', 'set', 'far', 'up')
        return fd

    def carry(self):
        waiting, count = [], 0  # (when, number, to, frame)
        while not self.ended:
            pause = max(0, waiting[0][0] - time.monotonic()) if waiting else 0.05
            for fd in select.select(self.ends, [], [], pause)[0]:
                frame = os.read(fd, 65536)
                for _ in range((self.random.random() >= self.loses) * (1 + (self.random.random() < self.doubles))):
                    count += 1
                    when = time.monotonic() + 0.02 + self.random.random() * self.varies
                    heapq.heappush(waiting, (when, count, self.ends[fd == self.ends[0]], frame))
            while waiting and waiting[0][0] <= time.monotonic():
                _, _, to, frame = heapq.heappop(waiting)
                os.write(to, frame)

    def __enter__(self):
        self.ends = [self.tap(left, 2), self.tap(right, 1)]
        self.thread = threading.Thread(target=self.carry)
        self.thread.start()

    def __exit__(self, *_):
        self.ended = True
        self.thread.join()
        for fd in self.ends:
            os.close(fd)


class Kernel(unittest.TestCase):
    def pair(self, address='10.2.0.1', congestion=None, buffer=None):
        """The two ends of a connection."""
        with listener(address, congestion, buffer) as server:
            client = caller(address, congestion)
            served = server.accept()[0]
        self.addCleanup(client.close)
        self.addCleanup(served.close)
        served.settimeout(20)
        return client, served

    @contextlib.contextmanager
    def captured(self, *rules):
        """Both captures are clean; the router has the rules of nft meanwhile."""
        captures = [Capture(left, 'left'), Capture(right, 'right')]
        text = '\n'.join(['table inet trouble {', 'chain forward {', 'type filter hook forward priority 0', *rules,
                          '}', '}\n'])
        with router.inside():
            run('nft', '-f', '-', input=text.encode())
        try:
            yield
        finally:
            with router.inside():
                run('nft', 'delete', 'table', 'inet', 'trouble')
            time.sleep(0.05)
            found = [x.found() for x in captures]
        self.assertEqual(found, [[], []])
        self.assertGreater(min(x.segments for x in captures), 3)

    def pump(self, source, target, content=CONTENT):
        """Sends content one way, to its end."""
        def send():
            source.sendall(content)
            source.shutdown(socket.SHUT_WR)
        thread = threading.Thread(target=send)
        thread.start()
        self.assertTrue(drain(target) == content)
        thread.join()

    def bulk(self, congestion, percent):
        rules = [f'meta l4proto tcp numgen random mod 1000 < {percent * 10} drop'] if percent else []
        with self.captured(*rules):
            client, served = self.pair(congestion=congestion)
            self.pump(client, served)
            self.pump(served, client, CONTENT[:1 << 19])

    def test_cubic(self):
        self.bulk('cubic', 0)

    def test_cubic_that_loses_1_percent(self):
        self.bulk('cubic', 1)

    def test_cubic_that_loses_5_percent(self):
        self.bulk('cubic', 5)

    def test_bbr(self):
        self.bulk('bbr', 0)

    def test_bbr_that_loses_1_percent(self):
        self.bulk('bbr', 1)

    def test_bbr_that_loses_5_percent(self):
        self.bulk('bbr', 5)

    def test_both_ways_at_once(self):
        with self.captured('meta l4proto tcp numgen random mod 100 < 1 drop'):
            client, served = self.pair(congestion='reno')
            thread = threading.Thread(target=self.pump, args=(client, served))
            thread.start()
            self.pump(served, client)
            thread.join()

    def far(self, address, congestion, **trouble):
        if not os.access('/dev/net/tun', os.R_OK | os.W_OK):
            self.skipTest('no /dev/net/tun')
        with Line(**trouble):
            captures = [Capture(left, 'far'), Capture(right, 'far')]
            client, served = self.pair(address, congestion)
            self.pump(client, served, CONTENT[:1 << 19])
            self.pump(served, client, CONTENT[:1 << 16])
            client.close()
            served.close()
            time.sleep(0.1)
            self.assertEqual([x.found() for x in captures], [[], []])

    def test_cubic_far_away(self):
        self.far('10.3.0.1', 'cubic', loses=0.02)

    def test_bbr_far_away(self):
        self.far('10.3.0.1', 'bbr', loses=0.02)

    def test_packets_that_overtake_others_and_come_twice(self):
        self.far('fd00:3::1', 'cubic', varies=0.006, doubles=0.05)

    def test_half_closed(self):
        with self.captured():
            client, served = self.pair()
            client.sendall(b'all that I say')
            client.shutdown(socket.SHUT_WR)
            self.assertEqual(drain(served), b'all that I say')
            time.sleep(0.3)
            self.pump(served, client, CONTENT[:300000])

    def test_reset(self):
        with self.captured():
            client, served = self.pair()
            client.sendall(CONTENT[:50000])
            client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack('ii', 1, 0))
            client.close()
            with self.assertRaises(ConnectionResetError):
                drain(served)
            with self.assertRaises(ConnectionRefusedError):
                caller()

    def test_reader_that_stops(self):
        with self.captured():
            client, served = self.pair(buffer=8192)
            thread = threading.Thread(target=client.sendall, args=(CONTENT[:200000],))
            thread.start()
            time.sleep(1.2)
            got = 0
            while got < 200000:
                got += len(served.recv(3000))
            thread.join()

    def test_life_is_asked_for(self):
        with self.captured():
            client, _ = self.pair()
            for option, value in (socket.TCP_KEEPIDLE, 1), (socket.TCP_KEEPINTVL, 1):
                client.setsockopt(socket.IPPROTO_TCP, option, value)
            client.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
            client.sendall(b'x')
            time.sleep(2.3)

    def set(self, value, *names, spaces):
        """Those of net.ipv4 have the value in the spaces until the end of the test."""
        for space in spaces:
            with space.inside():
                before = [f'net.ipv4.{x}=' + Path('/proc/sys/net/ipv4', x).read_text().strip() for x in names]
                run('sysctl', '-qw', *(f'net.ipv4.{x}={value}' for x in names))
            self.addCleanup(self.put_back, space, before)

    def put_back(self, space, before):
        with space.inside():
            run('sysctl', '-qw', *before)

    def test_congestion_is_told(self):
        self.set(1, 'tcp_ecn', spaces=(left, right))
        with self.captured('ip ecn ect0 numgen random mod 100 < 2 ip ecn set ce'):
            client, served = self.pair(congestion='cubic')
            self.pump(client, served)

    def test_congestion_is_told_while_packets_overtake_others(self):
        self.set(1, 'tcp_ecn', spaces=(left, right))
        self.far('10.3.0.1', 'cubic', varies=0.006, doubles=0.05)

    def test_without_options(self):
        self.set(0, 'tcp_sack', 'tcp_timestamps', 'tcp_window_scaling', spaces=(left,))
        with self.captured('meta l4proto tcp numgen random mod 100 < 1 drop'):
            client, served = self.pair()
            self.pump(client, served, CONTENT[:1 << 20])

    def test_ipv6(self):
        with self.captured('meta l4proto tcp numgen random mod 100 < 1 drop'):
            client, served = self.pair('fd00:2::1')
            self.pump(client, served)

    def test_curl_and_nc(self):
        with self.captured(), listener() as server:
            def serve():
                for _ in range(2):
                    with server.accept()[0] as served:
                        served.settimeout(20)
                        served.recv(1000)
                        served.sendall(b'HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n' + CONTENT)
            thread = threading.Thread(target=serve)
            thread.start()
            with left.inside():
                got = run('curl', '-sS', '--max-time', '20', f'http://10.2.0.1:{PORT}/').stdout
                said = run('nc', '-N', '10.2.0.1', str(PORT), input=b'anything\n').stdout
            thread.join()
        self.assertTrue(got == CONTENT and said.endswith(CONTENT))


if __name__ == '__main__':
    unittest.main(verbosity=2)
