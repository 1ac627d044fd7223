#!/usr/bin/python3
# SPDX-License-Identifier: ISC
"""SIGTERM in the midst of traffic: each request that had begun gets its whole answer, and what is
dropped is said."""
import random
import signal
import subprocess
import threading
import time
import unittest

from site_under_test import Site, curl, need

GET = b'GET /small.html HTTP/1.1\r\nHost: a\r\n\r\n'
RUNS = 20


def answer(s):
    """Reads one response; 'close' or 'keep' as it says, or what went wrong."""
    got = b''
    try:
        while b'\r\n\r\n' not in got or len(got.split(b'\r\n\r\n', 1)[1]) < 612:
            part = s.recv(65536)
            if not part:
                return f'ended after {len(got)} bytes'
            got += part
    except OSError as error:
        return f'{error} after {len(got)} bytes'
    if not got.startswith(b'HTTP/1.1 200 '):
        return str(got[:100])
    return 'close' if b'\r\nConnection: close\r\n' in got else 'keep'


class Client(threading.Thread):
    """Asks over connections that stay, one after the other, as fast as it can."""

    def __init__(self, site, count):
        super().__init__()
        self.open = [site.connect() for _ in range(count)]
        self.ends = []
        self.start()

    def run(self):
        while self.open:
            for s in list(self.open):
                try:
                    s.sendall(GET)
                    end = answer(s)
                except OSError as error:
                    end = str(error)
                if end != 'keep':
                    self.ends.append(end)
                    self.open.remove(s)
                    s.close()


class Stop(unittest.TestCase):
    def test_every_connection_in_use_is_told_before_it_closes(self):
        for _ in range(RUNS):
            with Site() as site:
                clients = [Client(site, 8) for _ in range(4)]
                time.sleep(random.uniform(0, 0.1))
                self.assertEqual(site.stop(), 0, site.words())
                for client in clients:
                    client.join()
                    self.assertEqual(client.ends, ['close'] * 8)

    def test_what_had_arrived_before_the_stop_is_answered(self):
        with Site() as site:
            held = [site.connect() for _ in range(50)]
            for s in held:
                s.sendall(GET)
                self.assertEqual(answer(s), 'keep')
            site.process.send_signal(signal.SIGSTOP)  # so that all of this waits in the host's queues
            new = [site.connect() for _ in range(100)]
            for s in held + new:
                s.sendall(GET)
            site.process.send_signal(signal.SIGTERM)
            site.process.send_signal(signal.SIGCONT)
            ends = [answer(s) for s in held + new]
            for s in held + new:
                s.close()
            self.assertEqual([end for end in ends if end not in ('keep', 'close')], [])
            self.assertEqual(site.stop(asked=True), 0)

    def test_an_idle_connection_may_ask_once_more(self):
        with Site() as site, site.connect() as late, site.connect() as idle:
            site.process.send_signal(signal.SIGTERM)
            with self.assertRaises(OSError):
                while True:  # until nobody listens: the stop was heard
                    site.connect().close()
            late.sendall(GET)
            self.assertEqual(answer(late), 'close')
            start = time.monotonic()
            self.assertEqual(idle.recv(1), b'')
            self.assertLess(time.monotonic() - start, 2)
            self.assertEqual(site.stop(asked=True), 0)

    def test_requests_in_hand_finish(self):
        with Site() as site:
            got = []
            reader = threading.Thread(target=lambda: got.append(curl('-w', '%{http_code}', site.url + '/slow')))
            reader.start()
            self.assertEqual(site.metric_becomes('holm_http_requests_in_hand', 2), 2)  # ours is one
            self.assertEqual(site.stop(), 0)
            reader.join()
            self.assertEqual(got[0].count('a tenth of a second'), 10)
            self.assertTrue(got[0].endswith('200'), got)

    def test_the_live_page_ends_in_order(self):
        with Site() as site:
            watcher = subprocess.Popen(['curl', '-sSN', site.url + '/live/events'], stdout=subprocess.PIPE)
            self.assertTrue(watcher.stdout.readline().startswith(b'data: '))
            start = time.monotonic()
            self.assertEqual(site.stop(), 0)
            self.assertLess(time.monotonic() - start, 4)
            watcher.communicate()
            self.assertEqual(watcher.returncode, 0)

    @need('wrk')
    def test_wrk_reads_no_error(self):
        with Site() as site:
            load = subprocess.Popen(['wrk', '-t1', '-c16', '-d2s', site.url + '/small.html'],
                                    stdout=subprocess.PIPE, text=True)
            time.sleep(1)
            self.assertEqual(site.stop(), 0)
            text = load.communicate()[0]
            self.assertNotRegex(text, r'(read|timeout) [1-9]|Non-2xx')  # write: refused, afterwards
            self.assertRegex(text, r'\d+ requests in')

    def test_what_is_dropped_is_said(self):
        with Site('--stop_time=500ms') as site, site.connect() as s:
            s.sendall(b'GET /slow HTTP/1.1\r\nHost: a\r\n\r\n')
            self.assertIn(b' 200 ', s.recv(4096))
            self.assertEqual(site.stop(), 9)
            self.assertRegex(site.words(), 'what was still in hand is dropped .*waited=500ms')
            site.status = 0  # as it should be: the end of Site is content

    def test_a_second_stop_ends_at_once(self):
        with Site() as site, site.connect() as s:
            s.sendall(b'GET /slow HTTP/1.1\r\nHost: a\r\n\r\n')
            self.assertIn(b' 200 ', s.recv(4096))
            site.process.send_signal(signal.SIGTERM)
            time.sleep(0.2)
            start = time.monotonic()
            self.assertEqual(site.stop(), 8)
            self.assertLess(time.monotonic() - start, 0.3)
            self.assertIn('second signal; streams dropped: 1\n', site.words())
            site.status = 0


if __name__ == '__main__':
    unittest.main(verbosity=2)
