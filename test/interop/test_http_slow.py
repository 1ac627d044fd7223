#!/usr/bin/python3
# SPDX-License-Identifier: ISC
"""A thousand clients that dawdle: with their heads, with their bodies, with reading. Others are served,
and what the thousand held comes back."""
import resource
import socket
import subprocess
import tempfile
import time
import unittest
from pathlib import Path

from site_under_test import Site, need

COUNT = 1000
GET = b'GET /small.html HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n'
WAIT_S = 45  # for an answer that comes after 8 seconds on a quiet machine, 16 on a busy one
GAUGES = ('holm_http_connections', 'holm_tasks', 'holm_chunks_used')


class Slow(unittest.TestCase):
    def setUp(self):
        most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
        if most < 2 * COUNT:
            self.skipTest(f'no more than {most} descriptors')
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))

    def others_are_served(self, site):
        for _ in range(100):
            start = time.monotonic()
            self.assertTrue(site.raw(GET, end=False).startswith(b'HTTP/1.1 200 '))
            self.assertLess(time.monotonic() - start, 10)

    def gauges(self, site):
        return [site.metric(name) for name in GAUGES]

    def given_back(self, site, before):
        for name, value in zip(GAUGES, before):
            self.assertEqual(site.metric_becomes(name, value), value, name)

    def test_uploads_that_do_not_come_leave_places_for_others(self):
        with Site('--connections_max=2048') as site:
            before = self.gauges(site)
            held = [site.connect() for _ in range(COUNT)]
            for s in held:
                s.sendall(b'POST /upload HTTP/1.1\r\nHost: a\r\nContent-Length: 8192\r\n\r\nx')
            self.others_are_served(site)
            refused = 0
            for s in held:
                s.setblocking(False)
                try:
                    refused += b' 503 ' in s.recv(4096)
                except BlockingIOError:
                    pass
                except ConnectionResetError:  # refused, too: there was no memory to say so
                    refused += 1
                s.close()
            self.assertTrue(COUNT / 2 < refused < COUNT, refused)
            self.given_back(site, before)

    def test_heads_that_do_not_end_leave_memory_for_others(self):
        with Site('--connections_max=2048') as site:
            before = self.gauges(site)
            held = [site.connect() for _ in range(COUNT)]
            for s in held:
                s.sendall(b'GET / HTTP/1.1\r\nHost: a\r\nX: ')
            self.others_are_served(site)
            for s in held:
                s.close()
            self.given_back(site, before)

    def test_readers_that_take_nothing_give_way(self):
        with tempfile.TemporaryDirectory() as folder:
            Path(folder, 'large').write_bytes(bytes(8 << 20))
            Path(folder, 'small.html').write_bytes(b'x')
            with Site('--tasks=16', f'--content={folder}') as site:
                before = self.gauges(site)
                held = [socket.socket() for _ in range(26)]  # twice the places that 16 tasks have
                for s in held:
                    s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
                    s.connect(('127.0.0.1', site.port))
                    s.sendall(GET.replace(b'small.html', b'large'))
                # they would hold their places for longer than that
                self.assertTrue(site.raw(GET, end=False, timeout=WAIT_S).startswith(b'HTTP/1.1 200 '))
                for s in held:
                    s.close()
                self.given_back(site, before)

    def test_readers_that_take_nothing_give_memory_back(self):
        ask = b'GET / HTTP/1.1\r\nHost: a\r\n\r\n' * 100
        with Site('--chunks=32') as site:
            before = self.gauges(site)
            held = [socket.socket() for _ in range(40)]  # each can hold a chunk received and one to send
            for s in held:
                s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
                s.connect(('127.0.0.1', site.port))
                s.setblocking(False)
                try:
                    for _ in range(50):
                        s.send(ask)
                except BlockingIOError:
                    pass
            self.assertTrue(site.raw(GET, end=False, timeout=WAIT_S).startswith(b'HTTP/1.1 200 '))
            for s in held:
                s.close()
            self.given_back(site, before)

    def test_watchers_of_the_live_page_leave_places_for_others(self):
        with Site('--tasks=16') as site:
            before = self.gauges(site)
            held = [site.connect() for _ in range(26)]  # twice the places that 16 tasks have
            for s in held:
                s.sendall(b'GET /live/events HTTP/1.1\r\nHost: a\r\n\r\n')
            heads = [s.recv(12) for s in held]
            self.assertEqual({b'HTTP/1.1 200', b'HTTP/1.1 503'}, set(heads))
            self.others_are_served(site)
            for s in held:
                s.close()
            self.given_back(site, before)

    @need('slowhttptest')
    def test_slowhttptest(self):
        modes = {'/': '-H -i 2 -t GET', '/upload': '-B -i 2 -s 8192 -t POST',
                 '/style.css': '-X -w 512 -y 1024 -n 1 -z 32 -k 3'}
        with Site('--connections_max=2048') as site, tempfile.TemporaryDirectory() as folder:
            before = self.gauges(site)
            for path, mode in modes.items():
                with self.subTest(mode=mode):
                    wanted = site.metric('holm_http_connections_total') + COUNT
                    slow = subprocess.Popen(
                        ['slowhttptest', *mode.split(), '-c', str(COUNT), '-r', str(COUNT), '-l', '90', '-p', '3',
                         '-u', site.url + path], cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
                    end = time.monotonic() + 60
                    while site.metric('holm_http_connections_total') <= wanted:
                        wanted += 1  # the question was a connection too
                        self.assertIsNone(slow.poll())
                        self.assertLess(time.monotonic(), end, 'the thousand do not come')
                        time.sleep(0.1)
                    self.others_are_served(site)
                    slow.kill()
                    slow.communicate()
                    self.given_back(site, before)


if __name__ == '__main__':
    unittest.main(verbosity=2)
