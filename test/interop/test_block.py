#!/usr/bin/python3
# SPDX-License-Identifier: ISC
"""Block devices of a whole image: example/count, over files and over a disk of the host."""
import os
import tempfile
import unittest
from pathlib import Path

from site_under_test import WEBSITE, run

COUNT = str(Path(WEBSITE).with_name('count'))


class Block(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.disk = Path(self.folder.name, 'disk')
        self.disk.write_bytes(bytes(4096))

    def count(self, block, *more):
        result = run(COUNT, f'--block={block}', *more)
        return result.returncode, result.stdout.decode(), result.stderr.decode()

    def test_a_number_outlives_the_image(self):
        for i in range(1, 4):
            self.assertEqual(self.count(f'other=/nothing,disk={self.disk}'), (0, f'start number {i}\n', ''))
        self.assertEqual(self.disk.read_bytes()[:10], b'COUNTER 3\n')
        self.assertEqual(self.disk.stat().st_size, 4096)

    def test_what_can_not_be_is_said_in_one_line(self):
        self.disk.write_bytes(b'something else'.ljust(4096))
        for block, words in ((f'disk={self.disk}', 'malformed'), ('disk=/nothing', 'not found'),
                             (f'disk={self.folder.name}', 'result='), (f'it={self.disk}', 'not found'), ('disk', 'not found')):
            status, out, said = self.count(block)
            self.assertEqual((status, out, len(said.splitlines())), (1, '', 1), said)
            self.assertIn(words, said)
        self.assertEqual(self.disk.read_bytes()[:9], b'something')

    def test_a_device_to_read_only_is_not_written(self):
        self.count(f'disk={self.disk}')
        status, _, said = self.count(f'disk={self.disk}:ro')
        self.assertEqual(status, 1)
        self.assertIn('permission', said)
        self.assertEqual(self.disk.read_bytes()[:10], b'COUNTER 1\n')

    def test_a_replay_needs_no_device_and_writes_none(self):
        recording = Path(self.folder.name, 'rec')
        self.count(f'disk={self.disk}')
        self.count(f'disk={self.disk}', f'--record={recording}')
        self.disk.unlink()
        again = run(COUNT, f'--replay={recording}')
        self.assertEqual((again.returncode, again.stdout), (0, b'start number 2\n'), again.stderr)
        self.assertFalse(self.disk.exists())

    def test_a_disk_of_the_host(self):
        made = run('losetup', '--find', '--show', str(self.disk), check=False)
        loop = made.stdout.decode().strip()
        if made.returncode != 0 or not os.path.exists(loop):
            self.skipTest('no loop device can be made here')
        self.addCleanup(run, 'losetup', '--detach', loop)
        for i in range(1, 3):
            self.assertEqual(self.count(f'disk={loop}'), (0, f'start number {i}\n', ''))


if __name__ == '__main__':
    unittest.main(verbosity=2)
