#!/usr/bin/python3
# SPDX-License-Identifier: ISC
"""holm run --trace: what an image's calls were and when, as a file of JSON that profilers open."""
import json
import signal
import subprocess
import tempfile
import time
import unittest
from pathlib import Path

import stack_under_test
from isolation_under_test import BUILD, HOLM, isolated, need
from site_under_test import curl, run

HELLO, CRASH, SITE, CHECK = (str(BUILD / x) for x in ('hello.holm', 'crash.holm', 'website.holm', 'block_check.holm'))
DONE, FAULT, USAGE, TIMEOUT = 0, 6, 11, 13
IMAGE_ROW = 1
need(HELLO)


def setUpModule():
    stack_under_test.enter()


class Trace(stack_under_test.Tapped):
    def setUp(self):
        super().setUp()
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder, self.file = Path(folder.name), Path(folder.name, 'trace')

    def holm(self, *words):
        result = run(HOLM, *isolated(('run', f'--trace={self.file}', *words)), stdin=subprocess.DEVNULL)
        return result.returncode, result.stdout.decode(), result.stderr.decode()

    def read(self):
        """The events by name, and what each row is called."""
        events, named, last = {}, {}, 0
        for event in json.loads(self.file.read_text()):
            if event['name'] == 'thread_name':
                named[event['tid']] = event['args']['name']
                continue
            events.setdefault(event['name'], []).append(event)
            if event['ph'] == 'M':
                continue
            self.assertIn(event['ph'], 'Xi')
            self.assertEqual(event['pid'], 1)
            begun = event['ts'] + event.get('dur', 0)
            self.assertGreaterEqual(begun + 0.001, last)  # in their order
            last = begun
            self.assertIn(event['tid'], named)
        return events, named

    def test_what_hello_does(self):
        begun = time.monotonic()
        self.assertEqual(self.holm(HELLO, '--count=3', '--interval=20ms'), (DONE, 'hello, world\n' * 3, ''))
        gone_us = (time.monotonic() - begun) * 1e6
        events, named = self.read()
        self.assertEqual(named, {IMAGE_ROW: 'image'})
        self.assertEqual(events['process_name'][0]['args'], {'name': 'hello.holm'})
        self.assertEqual([x['args'] for x in events['output']], [{'asked': 13, 'bytes': 13}] * 3)
        self.assertEqual([x['args'] for x in events['exit']], [{'status': 0}])
        waits = [x for x in events['turn'] if isinstance(x['args']['deadline'], float) and x['args']['deadline'] > x['ts']]
        self.assertTrue(any(x['ts'] + x['dur'] + 0.001 >= x['args']['deadline'] for x in waits), waits)
        for i, x in enumerate(events['output']):  # and never before it was to be
            self.assertGreaterEqual(x['ts'], 20000 * i)
        self.assertLess(events['exit'][0]['ts'], gone_us)
        self.assertEqual(self.file.stat().st_mode & 0o777, 0o600)

    def test_what_a_disk_is_asked(self):
        disk = self.folder / 'disk'
        disk.write_bytes(bytes(1 << 20))
        status, _, said = self.holm(f'--block=disk={disk}', CHECK, '--piece=64KiB', '--random-reads=32')
        self.assertEqual(status, DONE, said)
        events, named = self.read()
        self.assertEqual(named, {IMAGE_ROW: 'image', 2: 'disk'})
        for name, least in (('write', 1 << 20), ('read', (1 << 20) + (32 << 16))):
            self.assertGreaterEqual(sum(x['args']['bytes'] for x in events[name]), least)
            self.assertEqual({x['tid'] for x in events[name]}, {2})
        self.assertTrue(events['flush'])
        self.assertEqual(sum(x['args']['done'] for x in events['turn']),
                         sum(len(events[x]) for x in ('read', 'write', 'flush')))

    def test_what_a_network_brings(self):
        it = subprocess.Popen([HOLM, *isolated(('run', f'--trace={self.file}', '--net', 'service=tap:holm0', SITE, '--ipv4=10.9.0.2/24',
                                                '--ipv6=off', '--port=80'))], stdin=subprocess.DEVNULL, stderr=subprocess.PIPE)
        self.addCleanup(it.stderr.close)
        while b'serving' not in it.stderr.readline():
            self.assertIsNone(it.poll())
        self.assertEqual(curl('http://10.9.0.2/hello'), 'Hello, world!\n')
        it.send_signal(signal.SIGTERM)
        self.assertEqual(it.wait(10), DONE)
        events, named = self.read()
        self.assertEqual(named[2], 'service')
        for name in ('send', 'receive'):
            self.assertGreaterEqual(sum(x['args'].get('bytes', 0) for x in events[name]), 300, name)
        self.assertTrue(any(x['args']['stops'] == 1 for x in events['turn']))
        self.assertTrue(any(x['args']['deadline'] == 'at once' for x in events['turn']))
        self.assertNotIn('Hello', self.file.read_text())  # no byte of what passed

    def test_it_is_whole_however_the_image_ends(self):
        self.assertEqual(self.holm(CRASH, '--kind=null')[0], FAULT)
        events, _ = self.read()
        self.assertTrue(events['turn'])
        self.assertNotIn('exit', events)
        self.assertEqual(self.holm('--timeout=200ms', HELLO, '--interval=1h')[0], TIMEOUT)
        events, _ = self.read()
        self.assertEqual(len(events['output']), 1)

    def test_a_file_that_takes_no_more_ends_the_trace_alone(self):
        self.file = Path('/dev/full')
        status, out, said = self.holm(HELLO, '--count=2', '--interval=1ms')
        self.assertEqual((status, out), (DONE, 'hello, world\n' * 2))
        self.assertIn('could not be written to its end', said)

    def test_what_can_not_be_is_said_in_one_line(self):
        for words, part in ((('--exec',), 'parent'), ((f'--record={self.folder}/x',), 'not both')):
            status, out, said = self.holm(*words, HELLO)
            self.assertEqual((status, out, len(said.splitlines())), (USAGE, '', 1), said)
            self.assertIn(part, said)
        self.file = Path('/none/trace')
        status, out, said = self.holm(HELLO)
        self.assertEqual((status, out, len(said.splitlines())), (USAGE, '', 1), said)
        self.assertIn('/none/trace', said)


if __name__ == '__main__':
    unittest.main()
