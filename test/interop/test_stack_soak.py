#!/usr/bin/python3
# SPDX-License-Identifier: ISC
"""Holm's own network under mixed traffic over a line that loses: for a minute, or HOLM_SOAK_MINUTES. What arrives is
whole, memory stays as it was, and nothing is left over. And a gigabyte over lines that lose one packet in a
thousand, and in a hundred; less of it where they lose one in twenty."""
import hashlib
import os
import re
import socket
import struct
import subprocess
import tempfile
import threading
import time
import unittest
from pathlib import Path

from site_under_test import curl, need, run
from stack_under_test import OURS, Stack, Tapped, enter

SECONDS = 60 * float(os.environ.get('HOLM_SOAK_MINUTES', '1'))
MEGABYTE = 1 << 20


def setUpModule():
    enter()


class Loss:
    """with Loss(5): so many of a thousand packets are lost, each way."""

    def __init__(self, permille):
        self.permille = permille

    def __enter__(self):
        rules = f'numgen random mod 1000 < {self.permille} drop'
        run('nft', '-f', '-', check=True, input=f'''
            table inet lossy {{
                chain in {{ type filter hook input priority 0; {rules}; }}
                chain out {{ type filter hook output priority 0; {rules}; }}
            }}'''.encode())

    def __exit__(self, *_):
        run('nft', 'delete', 'table', 'inet', 'lossy', check=True)


def file_make(folder, megabytes):
    part, whole = os.urandom(MEGABYTE), hashlib.sha256()
    with open(Path(folder, 'big.bin'), 'wb') as file:
        for _ in range(megabytes):
            file.write(part)
            whole.update(part)
    return whole.hexdigest()


def fetched(url):
    """The hash of what curl got."""
    done = subprocess.run(['bash', '-o', 'pipefail', '-c', f'curl -sS --max-time 240 {url}/big.bin | sha256sum'],
                          stdout=subprocess.PIPE, check=True)
    return done.stdout.decode().split()[0]


@need('nft')
@need('ab')
class Soak(Tapped):
    def test_much_arrives_whole_whatever_is_lost(self):
        with tempfile.TemporaryDirectory() as folder, Stack(f'--content={folder}') as site:
            for permille, megabytes in (1, 1000), (10, 1000), (50, 100):
                wanted = file_make(folder, megabytes)
                with Loss(permille):
                    begun = time.monotonic()
                    self.assertEqual(fetched(site.url), wanted, permille)
                    print(f'{permille / 10} % lost: {megabytes / (time.monotonic() - begun):.0f} MB/s', flush=True)

    def memory(self, site):
        return int(re.search(r'VmRSS:\s+(\d+)', Path(f'/proc/{site.process.pid}/status').read_text())[1])

    def open_now(self, site):
        return int(re.search(r'^holm_tcp_connections (\d+)$', curl(site.url + '/metrics'), re.M)[1])

    def fetch(self):
        self.assertEqual(fetched(f'http://{OURS}'), self.wanted)

    def break_off(self):
        with socket.create_connection((OURS, 80), timeout=20) as flow:
            flow.sendall(b'GET /big.bin HTTP/1.1\r\nHost: x\r\n\r\n')
            flow.recv(10000)
            flow.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack('ii', 1, 0))

    def half_close(self):
        with socket.create_connection((OURS, 80), timeout=20) as flow:
            flow.sendall(b'GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n')
            flow.shutdown(socket.SHUT_WR)
            while flow.recv(65536):
                pass

    def many(self):
        run('ab', '-q', '-n', '300', '-c', '30', f'http://{OURS}/')

    def others(self):
        run('ping', '-c', '5', '-i', '0.01', '-W', '1', '-s', '4000', OURS)
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as port:
            port.sendto(b'x', (OURS, 7777))

    def work(self, what):
        """Does it again and again until the time is over."""
        while time.monotonic() < self.end and not self.wrong:
            try:
                what()
                self.done[what.__name__] += 1
            except (TimeoutError, PermissionError):  # the latter is what the kernel says of a packet that it drops
                pass
            except Exception as error:  # of any kind: the others are to stop
                self.wrong.append(f'{what.__name__}: {error!r}')

    def test_mixed_traffic_leaves_nothing_behind(self):
        with tempfile.TemporaryDirectory() as folder, Stack(f'--content={folder}') as site:
            self.wanted = file_make(folder, 20)
            Path(folder, 'index.html').write_text('small')
            self.wrong, works = [], (self.fetch, self.break_off, self.half_close, self.many, self.others)
            self.done = {what.__name__: 0 for what in works}
            with Loss(10):
                begun = time.monotonic()
                self.end = begun + SECONDS
                threads = [threading.Thread(target=self.work, args=(what,)) for what in works]
                for thread in threads:
                    thread.start()
                time.sleep(SECONDS / 2)
                early = self.memory(site)
                for thread in threads:
                    thread.join()
                late = self.memory(site)
            print(f'done: {self.done}; resident: {early} kB, then {late} kB', flush=True)
            self.assertEqual(self.wrong, [])
            self.assertGreater(min(self.done.values()), 2)
            self.assertLess(late, early * 1.1 + 4096)
            end = time.monotonic() + 90
            while self.open_now(site) > 1 and time.monotonic() < end:  # what was broken off ends
                time.sleep(1)
            self.assertEqual(self.open_now(site), 1)  # the one that asks


if __name__ == '__main__':
    unittest.main(verbosity=2)
