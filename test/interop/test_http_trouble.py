#!/usr/bin/python3
# SPDX-License-Identifier: ISC
"""Bad input and trouble: what the website says, that nobody else notices, that nothing leaks."""
import os
import re
import resource
import socket
import struct
import tempfile
import time
import unittest
from pathlib import Path

from site_under_test import WEBSITE, Site, curl, free_port, need, run

GAUGES = ('holm_http_connections', 'holm_tasks', 'holm_chunks_used')
GET = b'GET /small.html HTTP/1.1\r\nHost: a\r\n'


class Start(unittest.TestCase):
    """A start that can't be: one line, and the right exit status."""

    def refused(self, status, *arguments, **more):
        result = run(WEBSITE, *arguments, **more)
        lines = (result.stdout + result.stderr).decode().strip().splitlines()
        self.assertEqual(result.returncode, status, lines)
        self.assertEqual(len(lines), 1, lines)
        return lines[0]

    def test_bad_parameters(self):
        line = self.refused(3, '--port=70000')
        self.assertIn('port', line)
        self.assertIn('70000', line)
        self.assertIn('nonsense', self.refused(3, '--nonsense=1'))

    def test_what_is_not_used_is_told(self):
        with Site('--net=service=tap:none0') as site:
            self.assertIn('--net is not used without --network=stack', site.words())
            self.assertNotIn('--ipv4', site.words())
        with Site('--ipv4=10.9.0.2/24') as site:
            self.assertIn('--ipv4 is not used without --network=stack', site.words())

    def test_port_in_use(self):
        with socket.socket() as s:
            s.bind(('127.0.0.1', 0))
            s.listen()
            port = s.getsockname()[1]
            line = self.refused(1, f'--port={port}')
        self.assertIn(f'port={port} because="another program listens there"', line)

    @unittest.skipUnless(os.geteuid() == 0, 'needs root, to give it up')
    @need('setpriv')
    def test_no_permission_for_a_low_port(self):
        low = int(Path('/proc/sys/net/ipv4/ip_unprivileged_port_start').read_text())
        if low <= 81:
            self.skipTest('every port is free for all on this host')
        with tempfile.TemporaryDirectory() as folder:  # where another user can read it
            os.chmod(folder, 0o755)
            program = run('cp', WEBSITE, folder + '/website') and folder + '/website'
            result = run('setpriv', '--reuid=65534', '--regid=65534', '--clear-groups',
                         '--inh-caps=-all', '--bounding-set=-all', program, '--port=81')
        self.assertEqual(result.returncode, 1, result)
        self.assertEqual(len((result.stdout + result.stderr).decode().strip().splitlines()), 1)
        self.assertIn(b'below 1024', result.stdout + result.stderr)

    def test_missing_content_folder(self):
        self.assertIn('/no/such', self.refused(1, f'--port={free_port()}', '--content=/no/such'))


    def test_too_little_memory(self):
        self.assertIn('--memory', self.refused(4, '--port=0', '--memory=2MiB'))


class Bytes(unittest.TestCase):
    """What is not HTTP gets its status, then the connection closes and nothing behind is answered."""

    CASES = {
        b'GET /small.html HTTP/1.1\r\n\r\n': 400,
        b'GET /small.html HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n': 400,
        b'GET /small.html HTTP/1.1\nHost: a\n\n': 400,
        GET + b'A : b\r\n\r\n': 400,
        GET + b'A: b\r\n c\r\n\r\n': 400,
        GET + b'A: b\x00c\r\n\r\n': 400,
        GET + b'Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n': 400,
        GET + b'Content-Length: 1\r\nContent-Length: 2\r\n\r\nab': 400,
        GET + b'Content-Length: -1\r\n\r\n': 400,
        GET + b'Transfer-Encoding: xchunked\r\n\r\n': 400,  # RFC 9112 section 6.3: the last coding must be chunked
        b'POST /upload HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n': 400,
        b'GET / HTTP/2.0\r\nHost: a\r\n\r\n': 505,
        b'GET /' + b'a' * 40000 + b' HTTP/1.1\r\nHost: a\r\n\r\n': 414,
        GET + b''.join(b'X%d: y\r\n' % i for i in range(200)) + b'\r\n': 431,
        GET + b'X: ' + b'y' * 60000 + b'\r\n\r\n': 431,
        b'\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03 hello\r\n\r\n': 400,
    }

    def test_refusals(self):
        with Site() as site:
            for request, status in self.CASES.items():
                with self.subTest(request=request[:60]):
                    got = site.raw(request + GET + b'\r\n')
                    statuses = re.findall(rb'HTTP/1\.1 (\d{3}) ', got)
                    self.assertEqual(statuses, [str(status).encode()])

    def test_a_gigabyte_of_headers_is_cut_off(self):
        with Site() as site, site.connect() as s:
            s.sendall(GET)
            sent = 0
            try:
                while sent < 1 << 30:
                    sent += s.send(b'X: ' + b'y' * 60000 + b'\r\n')
            except OSError:
                pass
            self.assertLess(sent, 8 << 20)
            self.assertEqual(len(curl(site.url + '/small.html')), 612)


class Clients(unittest.TestCase):
    """Clients that misbehave: the others are served, and everything is given back."""

    def test_ten_thousand_aborted_downloads_leak_nothing(self):
        with Site() as site:
            before = [site.metric(n) for n in GAUGES]
            for _ in range(10000):
                s = site.connect()
                s.sendall(GET + b'\r\n')
                s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack('ii', 1, 0))
                s.close()  # a reset
            self.returned(site, before)
            count = len(os.listdir(f'/proc/{site.process.pid}/fd'))
            self.assertLess(count, 20)

    def test_more_clients_than_connections_max(self):
        with Site('--connections_max=50') as site:
            held = [site.connect() for _ in range(50)]
            for s in held:
                s.sendall(b'GET /health HTTP/1.1\r\nHost: a\r\n\r\n')
                self.assertIn(b' 200 ', s.recv(4096))
            more = [site.connect() for _ in range(100)]
            refused = 0
            for s in more:
                s.settimeout(5)
                try:
                    refused += b' 503 ' in s.recv(4096)
                except OSError:
                    pass
                s.close()
            self.assertGreaterEqual(refused, 90)
            for s in held:  # they did not notice
                s.sendall(b'GET /health HTTP/1.1\r\nHost: a\r\n\r\n')
                self.assertIn(b' 200 ', s.recv(4096))
                s.close()
            self.assertEqual(len(curl('--retry', '5', '--retry-connrefused', site.url + '/small.html')), 612)

    def test_few_descriptors_do_not_make_it_spin(self):
        def few():
            resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))
        with Site(preexec_fn=few) as site:
            held = [socket.create_connection(('127.0.0.1', site.port)) for _ in range(100)]
            cpu = cpu_s(site.process.pid)
            time.sleep(1)
            self.assertLess(cpu_s(site.process.pid) - cpu, 0.3)
            for s in held:
                s.close()
            self.assertEqual(len(curl('--retry', '5', site.url + '/small.html')), 612)

    def test_one_byte_a_second_is_not_waited_for(self):
        with Site('--http_head_timeout=2s') as site, site.connect() as s:
            start = time.monotonic()
            got = b''
            s.settimeout(0.3)
            for byte in GET:
                try:
                    s.send(bytes([byte]))
                    got += s.recv(4096)
                    break
                except TimeoutError:
                    pass
                except OSError:
                    break
            self.assertLess(time.monotonic() - start, 6)
            self.assertTrue(got == b'' or b' 408 ' in got, got)


    def test_ten_thousand_connections_opened_and_left(self):
        most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
        count = min(10000, most - 100)
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
        if count < 10000:
            print(f'only {count}: the limit of descriptors is {most}')
        with Site('--connections_max=11000') as site:
            before = [site.metric(n) for n in GAUGES]
            held = [site.connect() for _ in range(count)]
            self.assertEqual(len(curl(site.url + '/small.html')), 612)
            self.assertGreater(site.metric('holm_http_connections'), count)
            for s in held:
                s.close()
            self.returned(site, before)

    def test_tasks_and_memory_for_bytes_run_short(self):
        with Site('--tasks=8', '--chunks=16') as site:
            before = [site.metric(n) for n in GAUGES]
            held = [site.connect() for _ in range(200)]
            for s in held:
                s.sendall(b'GET /slow HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
            ends = [whole(s) for s in held]
            self.assertGreater(sum(b'\r\n0\r\n\r\n' in end for end in ends), 5)
            for end in ends:  # served, told, or cut: nothing in between
                self.assertRegex(end, rb'(?s)^HTTP/1.1 200 .*\r\n0\r\n\r\n$|^HTTP/1.1 503 |^$')
            self.returned(site, before)
            self.assertEqual(len(curl(site.url + '/small.html')), 612)

    def returned(self, site, before):
        for name, value in zip(GAUGES, before):
            self.assertEqual(site.metric_becomes(name, value), value, name)


class Files(unittest.TestCase):
    """A file that is no longer what it was while it is sent: never a mixture that looks whole."""

    SIZE = 64 << 20

    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.file = Path(self.folder.name, 'large')
        self.file.write_bytes(b'a' * self.SIZE)
        os.utime(self.file, (10**9, 10**9))
        self.site = self.enterContext(Site(f'--content={self.folder.name}'))
        self.before = [self.site.metric(n) for n in GAUGES]

    def tearDown(self):
        for name, value in zip(GAUGES, self.before):
            self.assertEqual(self.site.metric_becomes(name, value), value, name)
        self.assertLess(len(os.listdir(f'/proc/{self.site.process.pid}/fd')), 20)

    def begin(self):
        s = self.site.connect()
        s.sendall(b'GET /large HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
        self.assertIn(b' 200 ', s.recv(4096))
        return s

    def test_removed(self):
        with self.begin() as s:
            self.file.unlink()
            self.assertGreater(len(whole(s)), self.SIZE - 4096)  # as it was when it was opened
        self.assertIn('404', curl('-o', '/dev/null', '-w', '%{http_code}', self.site.url + '/large'))

    def test_cut_short(self):
        with self.begin() as s:
            os.truncate(self.file, self.SIZE // 2)
            self.assertLess(len(whole(s)), self.SIZE - 4096)

    def test_written_over(self):
        with self.begin() as s:
            self.file.write_bytes(b'b' * self.SIZE)
            self.assertLess(len(whole(s)), self.SIZE - 4096)

    def test_the_client_resets_in_the_middle(self):
        for _ in range(200):
            s = self.begin()
            s.recv(100000)
            s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack('ii', 1, 0))
            s.close()


def whole(s):
    """All that comes until the other end closes, in order or not."""
    got = b''
    try:
        while part := s.recv(1 << 20):
            got += part
    except ConnectionResetError:
        pass
    s.close()
    return got


def cpu_s(pid):
    fields = Path(f'/proc/{pid}/stat').read_text().rsplit(')', 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf('SC_CLK_TCK')


if __name__ == '__main__':
    unittest.main(verbosity=2)
