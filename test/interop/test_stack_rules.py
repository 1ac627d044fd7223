#!/usr/bin/python3
# SPDX-License-Identifier: ISC
"""Holm's own network breaks none of the rules that holm-tcp-check knows, and neither does the kernel beside it: the
website over a TAP interface, with and without loss, and with clients that stop, leave or close early."""
import os
import socket
import struct
import subprocess
import tempfile
import time
import unittest
from pathlib import Path

from site_under_test import need, run
from stack_under_test import OURS, Stack, Tapped, enter

CHECK = os.environ['TCP_CHECK']
SIZE = 4 << 20


def setUpModule():
    enter()


def ask(buffer=None):
    """A connection that asks for the file, and for nothing behind it."""
    client = socket.socket()
    client.settimeout(20)
    if buffer:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer)
    client.connect((OURS, 80))
    client.sendall(b'GET /big.bin HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n')
    return client


def took(client):
    """How many bytes come until the end."""
    count = 0
    with client:
        while piece := client.recv(65536):
            count += len(piece)
    return count


@need('tcpdump')
class Rules(Tapped):
    def judged(self, use):
        """What use does with the site breaks no rule."""
        with tempfile.TemporaryDirectory() as folder:
            Path(folder, 'big.bin').write_bytes(os.urandom(SIZE))
            with Stack(f'--content={folder}') as site:
                capture = self.capture('--immediate-mode', '-s', '65535')
                use(site)
                time.sleep(0.1)
                # The TAP interface cuts and sums: what is seen here is larger.
                done = subprocess.run([CHECK, '--offload', capture.stop()], capture_output=True, text=True)
        self.assertEqual((done.returncode, done.stdout), (0, ''))
        self.assertNotIn(' 0 connections', done.stderr)

    def test_a_file(self):
        self.judged(lambda _: self.assertGreater(took(ask()), SIZE))

    @need('nft')
    def test_a_file_over_a_bad_line(self):
        for loss in 1, 5:
            rules = f'meta l4proto tcp numgen random mod 100 < {loss} drop'
            run('nft', '-f', '-', check=True, input=f'''
                table inet lossy {{
                    chain in {{ type filter hook input priority 0; {rules}; }}
                    chain out {{ type filter hook output priority 0; {rules}; }}
                }}'''.encode())
            try:
                self.judged(lambda _: self.assertGreater(took(ask()), SIZE))
            finally:
                run('nft', 'delete', 'table', 'inet', 'lossy', check=True)

    def test_a_client_that_closes_its_half_first(self):
        def use(_):
            with ask() as client:
                client.shutdown(socket.SHUT_WR)
                self.assertGreater(took(client), SIZE)
        self.judged(use)

    def test_a_client_that_stops_for_a_while(self):
        def use(_):
            with ask(buffer=8192) as client:
                time.sleep(1.5)
                for _ in range(100):
                    self.assertGreater(len(client.recv(3000)), 0)
        self.judged(use)

    def test_clients_that_leave(self):
        def use(_):
            for _ in range(5):
                client = ask()
                client.recv(10000)
                client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack('ii', 1, 0))
                client.close()
            with self.assertRaises(ConnectionRefusedError):
                socket.create_connection((OURS, 81), 5)
        self.judged(use)


if __name__ == '__main__':
    unittest.main(verbosity=2)
