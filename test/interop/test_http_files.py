#!/usr/bin/python3
# SPDX-License-Identifier: ISC
"""Large files of a folder: whole, in parts, to slow clients, and while they change."""
import email
import os
import re
import socket
import struct
import tempfile
import time
import unittest
from pathlib import Path

from site_under_test import Site, curl

SIZE = 48 << 20  # more than the sockets of a connection hold
GET = b'GET /big.bin HTTP/1.1\r\nHost: a\r\n'
GAUGES = ('holm_http_connections', 'holm_http_requests_in_hand', 'holm_tasks', 'holm_chunks_used')


def received(s):
    """All that comes until the end, and whether that was an orderly one."""
    got = []
    try:
        while piece := s.recv(1 << 20):
            got.append(piece)
    except ConnectionResetError:
        return b''.join(got), False
    return b''.join(got), True


def split(answer):
    """Status, fields and body of an answer."""
    head, body = answer.split(b'\r\n\r\n', 1)
    status, fields = head.split(b'\r\n', 1)
    return int(status.split()[1]), email.message_from_bytes(fields), body


class Files(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.path = Path(self.folder.name) / 'big.bin'
        self.data = os.urandom(1 << 20) * (SIZE >> 20)
        self.path.write_bytes(self.data)
        (Path(self.folder.name) / 'small.txt').write_text('small')
        hour = time.time() - 3600  # as old as most files are
        os.utime(self.path, (hour, hour))
        self.site = self.enterContext(Site(f'--content={self.folder.name}'))

    def begin(self, fields=b''):
        """A client that has asked for the file and holds back with reading."""
        s = self.site.connect()
        self.addCleanup(s.close)
        s.sendall(GET + fields + b'\r\n')
        s.recv(1, socket.MSG_PEEK)
        return s

    def gauges(self):
        return [self.site.metric(n) for n in GAUGES]

    def assert_gauges(self, before):
        for name, value in zip(GAUGES, before):
            self.assertEqual(self.site.metric_becomes(name, value), value, name)

    def assert_cut(self, s):
        """The connection breaks with less than was announced, and others do not notice."""
        answer, orderly = received(s)
        status, fields, body = split(answer)
        self.assertEqual((status, fields['Content-Length']), (200, str(SIZE)))
        self.assertLess(len(body), SIZE)
        self.assertFalse(orderly)
        self.assertEqual(curl(self.site.url + '/small.txt'), 'small')

    def ask(self, fields=b'', method=b'GET'):
        with self.site.connect() as s:
            s.sendall(GET.replace(b'GET', method) + fields + b'Connection: close\r\n\r\n')
            answer, orderly = received(s)
            self.assertTrue(orderly)
            return split(answer)

    def test_whole_and_head(self):
        status, fields, body = self.ask()
        self.assertEqual((status, fields['Content-Length']), (200, str(SIZE)))
        self.assertTrue(body == self.data)
        status, fields, body = self.ask(method=b'HEAD')
        self.assertEqual((status, fields['Content-Length'], body), (200, str(SIZE), b''))
        self.assertGreater(self.site.metric('holm_http_file_bytes_total'), SIZE - (1 << 20))

    def test_a_file_of_tomorrow_is_of_today(self):
        day = time.time() + 86400
        os.utime(self.path, (day, day))
        status, fields, _ = self.ask(method=b'HEAD')
        self.assertEqual((status, fields['Last-Modified']), (200, fields['Date']))

    def test_a_coded_form_that_is_not_to_be_had_is_passed_over(self):
        folder = Path(self.folder.name)
        (folder / 'small.txt.br').symlink_to('/etc/passwd')  # out of the folder: refused
        (folder / 'small.txt.gz').mkdir()
        answer = curl('-H', 'Accept-Encoding: br, gzip', self.site.url + '/small.txt')
        self.assertEqual(answer, 'small')

    def test_two_requests_on_one_connection(self):
        with self.site.connect() as s:
            s.sendall(GET + b'\r\n' + GET + b'Connection: close\r\n\r\n')
            answer, orderly = received(s)
        self.assertTrue(orderly)
        self.assertEqual(answer.count(self.data), 2)

    def test_one_range(self):
        for first, last in ((0, SIZE - 1), (12345, 9876543), (SIZE - 100000, SIZE - 1), (5, 5)):
            status, fields, body = self.ask(b'Range: bytes=%d-%d\r\n' % (first, last))
            self.assertEqual(status, 206)
            self.assertEqual(fields['Content-Range'], f'bytes {first}-{last}/{SIZE}')
            self.assertTrue(body == self.data[first:last + 1])

    def test_several_ranges(self):
        wanted = [(10, 2000000), (3000000, 3000009), (SIZE - 500000, SIZE - 1)]
        ranges = ','.join(f'{a}-{b}' for a, b in wanted).encode()
        status, fields, body = self.ask(b'Range: bytes=' + ranges + b'\r\n')
        self.assertEqual((status, int(fields['Content-Length'])), (206, len(body)))
        boundary = b'--' + fields.get_boundary().encode()
        for first, last in wanted:  # the parts hold any bytes: their lengths say where they end
            head, body = body.split(b'\r\n\r\n', 1)
            self.assertIn(boundary, head)
            self.assertIn(b'bytes %d-%d/%d' % (first, last, SIZE), head)
            part, body = body[:last - first + 1], body[last - first + 1:]
            self.assertTrue(part == self.data[first:last + 1])
        self.assertEqual(body.strip(), boundary + b'--')

    def test_cut_short_while_it_is_sent(self):
        s = self.begin()
        os.truncate(self.path, 1000)
        self.assert_cut(s)

    def test_grown_while_it_is_sent(self):
        s = self.begin()
        with open(self.path, 'ab') as file:
            file.write(b'more')
        self.assert_cut(s)

    def test_removed_while_it_is_sent(self):
        s = self.begin(b'Connection: close\r\n')
        self.path.unlink()
        answer, orderly = received(s)
        self.assertTrue(orderly)
        self.assertTrue(split(answer)[2] == self.data)
        self.assertIn('404', curl(self.site.url + '/big.bin'))

    def test_aborted_downloads_leak_nothing(self):
        before = self.gauges()
        for i in range(500):
            s = self.site.connect()
            s.sendall(GET + b'\r\n')
            if i % 2:
                s.recv(1000)
            s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack('ii', 1, 0))
            s.close()  # a reset
        self.assert_gauges(before)
        self.assertLess(len(os.listdir(f'/proc/{self.site.process.pid}/fd')), 20)

    def test_a_reader_of_a_byte_a_second_costs_constant_memory(self):
        before = self.gauges()
        readers = [self.begin() for _ in range(30)]
        time.sleep(0.5)
        chunks = self.site.metric('holm_chunks_used')
        self.assertLessEqual(chunks, before[GAUGES.index('holm_chunks_used')])
        memory = self.memory_bytes()
        for _ in range(4):
            for s in readers:
                self.assertEqual(len(s.recv(1)), 1)
            self.assertEqual(curl(self.site.url + '/small.txt'), 'small')
            time.sleep(1)
        self.assertLess(self.memory_bytes() - memory, 256 << 10)
        if os.environ.get('BUILD') != 'Asan':  # which keeps more for itself
            self.assertLess(memory, 16 << 20)
        self.assertEqual(self.site.metric('holm_chunks_used'), chunks)
        for s in readers:
            s.close()
        self.assert_gauges(before)

    def memory_bytes(self):
        status = Path(f'/proc/{self.site.process.pid}/status').read_text()
        return int(re.search(r'VmRSS:\s+(\d+)', status)[1]) << 10


if __name__ == '__main__':
    unittest.main(verbosity=2)
