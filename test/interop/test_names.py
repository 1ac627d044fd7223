#!/usr/bin/python3
# SPDX-License-Identifier: ISC
"""Names of hosts by DNS: fetch asks a name server of the test's own, in namespaces of its own."""
import os
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import unittest
from pathlib import Path

from site_under_test import WEBSITE, Site, run

FETCH = str(Path(WEBSITE).with_name('fetch'))
NAMES = {  # name: (A, AAAA); None: no such name
    'www.holm.test': ('127.0.0.1', None),
    'six.holm.test': (None, '::1'),
    'dead.holm.test': ('127.0.0.9 127.0.0.1', None),
    'empty.holm.test': (None, None),
}
A, AAAA = 1, 28


def question(query):
    """The name and type that a query asks for, and where it ends."""
    at, labels = 12, []
    while query[at]:
        labels.append(query[at + 1:at + 1 + query[at]].decode())
        at += 1 + query[at]
    return '.'.join(labels).lower(), struct.unpack('>H', query[at + 1:at + 3])[0], at + 5


def answer(query):
    """The response to a query; None: silence."""
    name, kind, end = question(query)
    if name == 'silent.holm.test':
        return None
    code = 2 if name == 'broken.holm.test' else 0 if name in NAMES else 3
    texts = (NAMES.get(name, (None, None))[0 if kind == A else 1] or '').split() if kind in (A, AAAA) else []
    family = socket.AF_INET if kind == A else socket.AF_INET6
    records = b''.join(b'\xc0\x0c' + struct.pack('>HHIH', kind, 1, 60, 4 if kind == A else 16) +
                       socket.inet_pton(family, text) for text in texts)
    return query[:2] + struct.pack('>HHHHH', 0x8180 | code, 1, len(texts), 0, 0) + query[12:end] + records


def serve(port):
    while True:
        query, peer = port.recvfrom(4096)
        if (response := answer(query)) is not None:
            port.sendto(response, peer)


class Names(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        port = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        port.bind(('127.0.0.1', 53))
        threading.Thread(target=serve, args=(port,), daemon=True).start()

    def fetch(self, host, *parameters, port=80):
        result = run(FETCH, f'--url=http://{host}:{port}/small.html', *parameters)
        return result.returncode, result.stdout, result.stderr.decode()

    def test_a_name_leads_to_its_addresses(self):
        with Site() as site:
            for host in ('www.holm.test', 'WWW.Holm.Test.', 'six.holm.test', 'dead.holm.test', 'localhost'):
                status, page, words = self.fetch(host, port=site.port)
                self.assertEqual((status, len(page)), (0, 612), (host, words))

    def test_names_without_an_address(self):
        for host, words in (('nobody.holm.test', 'result="not found"'), ('empty.holm.test', 'result="not found"'),
                            ('broken.holm.test', 'result=unreachable'), ('silent.holm.test', 'result=unreachable')):
            status, page, said = self.fetch(host)
            self.assertEqual((status, page), (1, b''), host)
            self.assertIn(words, said)

    def test_the_deadline_holds_for_a_silent_server(self):
        status, _, said = self.fetch('silent.holm.test', '--timeout=200ms')
        self.assertEqual(status, 1)
        self.assertIn('timeout', said)

    def test_a_lookup_is_recorded_and_replayed_offline(self):
        with tempfile.TemporaryDirectory() as folder:
            path = f'{folder}/rec'
            with Site() as site:
                status, page, _ = self.fetch('www.holm.test', f'--record={path}', port=site.port)
            self.assertEqual(status, 0)
            again = run('unshare', '-n', FETCH, '--url=none', f'--replay={path}')
            self.assertEqual(again.returncode, 10)  # it asks for something else
            again = run('unshare', '-n', FETCH, f'--replay={path}')
            self.assertEqual((again.returncode, again.stdout), (0, page), again.stderr)
            self.assertIn(b'all was as it was recorded', again.stderr)


def in_namespaces():
    """Runs this file again with a network and mounts of its own, where port 53 and resolv.conf are ours."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, 'resolv.conf').write_text('nameserver 127.0.0.1\noptions timeout:1 attempts:1\n')
        script = f'ip link set lo up && mount --bind {folder}/resolv.conf /etc/resolv.conf && exec "$@"'
        inside = ['unshare', '--net', '--mount', 'sh', '-c', script, 'sh']
        if subprocess.run([*inside, 'true'], stderr=subprocess.DEVNULL).returncode != 0:
            print('skipped: no namespaces here (root is needed)')
            return 77
        return subprocess.run([*inside, sys.executable, '-B', __file__], env={**os.environ, 'INSIDE': '1'}).returncode


if __name__ == '__main__':
    if 'INSIDE' in os.environ:
        unittest.main(verbosity=2)
    sys.exit(in_namespaces())
