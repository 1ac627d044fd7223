#!/usr/bin/python3
# SPDX-License-Identifier: ISC
"""TCP-MD5 (RFC 2385) and hop limits (RFC 5082) of Holm's own TCP against the kernel and bird, over TAP
(test/interop/talk.c)."""
import socket
import struct
import subprocess
import tempfile
import time
import unittest
from pathlib import Path

from site_under_test import WEBSITE, need, run
from stack_under_test import HOST, OURS, Tapped, enter

TALK = str(Path(WEBSITE).with_name('stack_talk'))
TCP_MD5SIG, IP_MINTTL = 14, 21
WORD = 'nineteen bytes long'


def setUpModule():
    enter()


def sign(port, key):
    """Segments between the socket and us have digests."""
    address = struct.pack('=HH4s', socket.AF_INET, 0, socket.inet_aton(OURS)).ljust(128, b'\0')
    try:
        port.setsockopt(socket.IPPROTO_TCP, TCP_MD5SIG, address + struct.pack('=BBHI80s', 0, 0, len(key), 0, key))
    except OSError as error:
        raise unittest.SkipTest(f'this kernel has no TCP_MD5SIG: {error}')


class Talk:
    """The image; said() is its log, once it has ended."""

    def __init__(self, *parameters):
        self.process = subprocess.Popen([TALK, '--net=service=tap:holm0', *parameters], stdout=subprocess.PIPE,
                                        stderr=subprocess.STDOUT, text=True)
        while 'talk: ready' not in self.process.stdout.readline():
            assert self.process.poll() is None

    def said(self):
        with self.process.stdout as log:
            words = log.read()
        assert self.process.wait(20) == 0, words
        return words


class Kernel(Tapped):
    def called(self, key, *parameters, near=False):
        """What both hear if we call the kernel, whose key that is: (ours, the kernel's)."""
        with socket.create_server((HOST, 179)) as server:
            if key:
                sign(server, key)
            if near:
                server.setsockopt(socket.IPPROTO_IP, socket.IP_TTL, 255)
                server.setsockopt(socket.IPPROTO_IP, IP_MINTTL, 255)
            server.settimeout(4)
            talk = Talk(f'--word={WORD}', *parameters)
            heard = None
            try:
                with server.accept()[0] as flow:
                    flow.settimeout(3)
                    flow.sendall(WORD.encode())
                    heard = flow.recv(100).decode()
            except (TimeoutError, OSError):
                pass
            return talk.said(), heard

    def test_who_has_the_key_is_heard(self):
        ours, kernels = self.called(b'a key', '--key=a key')
        self.assertIn('talk: met', ours)
        self.assertEqual(kernels, WORD)
        self.assertIn(f'talk: heard first={int.from_bytes(WORD[:4].encode())} last={ord(WORD[18])} ', ours)

    def test_who_has_not_is_not(self):
        for theirs, ours in (b'a key', '--key=another'), (b'a key', '--key='), (None, '--key=a key'):
            said, heard = self.called(theirs, ours, '--patience=4s')
            self.assertIn('talk: nobody', said, (theirs, ours))
            self.assertIsNone(heard)

    def test_who_calls_us_needs_it_too(self):
        for key, met in (b'a key', True), (b'another', False):
            talk = Talk(f'--peer={HOST}:0', '--key=a key', f'--word={WORD}', '--patience=5s')
            with socket.socket() as caller:
                sign(caller, key)
                caller.settimeout(4)
                if met:
                    caller.connect((OURS, 179))
                    caller.sendall(WORD.encode())
                    self.assertEqual(caller.recv(100).decode(), WORD)
                else:
                    self.assertRaises(OSError, caller.connect, (OURS, 179))
            self.assertIn('talk: met' if met else 'talk: nobody', talk.said())

    def test_what_was_said_before_the_end_is_heard(self):
        # The caller's word comes with what opens the connection, so the image says its own, closes and ends at once;
        # the first segment with that word is lost.
        rules = '''
            table inet trouble {
                chain output {
                    type filter hook output priority 0
                    ip daddr %s tcp flags & (syn | ack | psh | fin) == ack drop
                }
                chain input {
                    type filter hook input priority 0
                    ip saddr %s tcp flags & psh == psh numgen inc mod 1000000 == 0 drop
                }
            }''' % (OURS, OURS)
        run('nft', '-f', '-', input=rules.encode(), check=True)
        self.addCleanup(run, 'nft', 'delete', 'table', 'inet', 'trouble')
        talk = Talk(f'--peer={HOST}:0', f'--word={WORD}')
        with socket.create_connection((OURS, 179), 5) as caller:
            caller.sendall(WORD.encode())
            self.assertEqual(caller.recv(100).decode(), WORD)
        self.assertIn('talk: met', talk.said())

    def test_a_peer_that_is_gone_keeps_no_image(self):
        talk = Talk(f'--peer={HOST}:0', f'--word={WORD}')
        with socket.create_connection((OURS, 179), 5) as caller:
            run('nft', '-f', '-', check=True, input=b'''
                table inet trouble {
                    chain input {
                        type filter hook input priority 0
                        meta l4proto tcp drop
                    }
                }''')
            self.addCleanup(run, 'nft', 'delete', 'table', 'inet', 'trouble')
            caller.sendall(WORD.encode())
            self.assertIn('talk: met', talk.said())  # within 20 s, and well

    def test_who_must_be_near_is(self):
        ours, kernels = self.called(None, '--near=true', near=True)
        self.assertEqual(kernels, WORD)
        self.assertIn(f'talk: heard first={int.from_bytes(WORD[:4].encode())} last={ord(WORD[18])} ', ours)
        ours, kernels = self.called(None, '--near=true', '--patience=4s')  # the kernel sends with 64 hops
        self.assertIn('talk: nobody', ours)


@need('bird')
class Bird(Tapped):
    def opened(self, ours, *more):
        """What we hear of a router of BGP that waits for us, with a password."""
        with tempfile.TemporaryDirectory() as folder:
            config = Path(folder, 'bird.conf')
            config.write_text(f'''
                router id {HOST};
                log stderr all;
                protocol device {{ }}
                protocol bgp {{
                    local {HOST} as 65001; neighbor {OURS} as 65002; password "between routers"; passive on;
                    ipv4 {{ import none; export none; }};
                }}''')
            router = subprocess.Popen(['bird', '-f', '-c', config, '-s', Path(folder, 'ctl'), '-P', Path(folder, 'pid')],
                                      stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            try:
                for _ in range(100):
                    if b':179' in run('ss', '-Hltn').stdout:
                        break
                    time.sleep(0.05)
                return Talk(f'--key={ours}', *more).said()
            finally:
                router.terminate()
                router.wait(10)

    def test_a_router_opens_a_session(self):
        said = self.opened('between routers')
        self.assertIn('talk: met', said)
        # RFC 4271 section 4.1: a message begins with ones; its kind, OPEN, stands behind its length.
        self.assertIn(f'talk: heard first={0xffffffff} last=1 ', said)

    def test_a_wrong_password_opens_nothing(self):
        self.assertIn('talk: nobody', self.opened('between others', '--patience=4s'))


if __name__ == '__main__':
    unittest.main(verbosity=2)
