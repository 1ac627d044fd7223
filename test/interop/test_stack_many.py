#!/usr/bin/python3
# SPDX-License-Identifier: ISC
"""Very many connections, one after another and at once, to the website over Holm's own network: none fails, none
stalls, and afterwards nothing is left of them. The clients have several addresses and all ports."""
import re
import resource
import selectors
import socket
import time
import unittest
from pathlib import Path

from site_under_test import curl, run
from stack_under_test import OURS, Stack, Tapped, enter

MEMORY_BYTES = 700 << 20  # of address space, for all of the website
ADDRESSES = [f'10.9.0.{i}' for i in range(10, 18)]
WAVE = 400  # requests at once: the queue of a TAP interface holds 1,000 frames, and those lost come late again
REQUEST = b'GET /small.html HTTP/1.1\r\nHost: x\r\n'


def setUpModule():
    enter()
    limit = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (limit, limit))


def capped():
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))


class Many(Tapped):
    def setUp(self):
        super().setUp()
        Path('/proc/sys/net/ipv4/ip_local_port_range').write_text('1024 65535')
        Path('/proc/sys/net/ipv4/tcp_tw_reuse').write_text('1')
        for address in ADDRESSES:
            run('ip', 'address', 'add', f'{address}/24', 'dev', 'holm0', check=True)

    def client(self, number):
        client = socket.socket()
        client.setsockopt(socket.SOL_IP, 24, 1)  # IP_BIND_ADDRESS_NO_PORT: many share a port
        client.bind((ADDRESSES[number % len(ADDRESSES)], 0))
        return client

    def resident(self, site):
        return int(re.search(r'VmRSS:\s+(\d+)', Path(f'/proc/{site.process.pid}/status').read_text())[1]) << 10

    def quiet(self, site):
        """Nothing is left: the gauges say so, and it answers."""
        end = time.monotonic() + 60
        while time.monotonic() < end:
            words = curl(site.url + '/metrics')
            gauges = {name: float(value) for name, value in re.findall(r'^(\w+) ([\d.]+)$', words, re.M)}
            if (gauges['holm_http_connections'] <= 1 and gauges['holm_chunks_used'] <= 2 and
                    gauges['holm_tcp_connections'] <= 1):
                return
            time.sleep(0.1)
        self.fail(words)

    def test_sixty_five_thousand_one_after_another(self):
        with Stack(preexec_fn=capped) as site:
            after = 0
            for number in range(65536):
                with self.client(number) as client:
                    client.settimeout(20)
                    client.connect((OURS, 80))
                    client.sendall(REQUEST + b'Connection: close\r\n\r\n')
                    answer = client.recv(1 << 16)
                    self.assertTrue(answer.startswith(b'HTTP/1.1 200'), number)
                    while answer:
                        answer = client.recv(1 << 16)
                if number == 30000:
                    after = self.resident(site)
            self.assertLess(self.resident(site), after + (16 << 20))
            self.quiet(site)

    def test_ten_thousand_at_once(self):
        count = 10000
        with Stack('--connections_max=12000', '--memory=256MiB', preexec_fn=capped) as site:
            clients, waiting = [], selectors.DefaultSelector()
            self.addCleanup(waiting.close)
            before = self.resident(site)
            for number in range(count):
                client = self.client(number)
                self.addCleanup(client.close)
                client.settimeout(20)
                client.connect((OURS, 80))
                clients.append(client)
            idle = self.resident(site)
            print(f'{(idle - before) / count:.0f} bytes a connection that is idle', end=' ')
            for start in range(0, count, WAVE):
                for client in clients[start:start + WAVE]:
                    client.sendall(REQUEST + b'\r\n')
                for number, client in enumerate(clients[start:start + WAVE], start):
                    self.assertTrue(client.recv(1 << 16).startswith(b'HTTP/1.1 200'), number)
            for client in clients:
                client.close()
            self.quiet(site)


if __name__ == '__main__':
    unittest.main(verbosity=2)
