#!/usr/bin/python3
# SPDX-License-Identifier: ISC
"""--record and --replay of a whole image, over real sockets: a run is written down and runs again, offline."""
import os
import stat
import tempfile
import unittest
from pathlib import Path

from site_under_test import WEBSITE, Site, curl, need, run

HELLO = str(Path(WEBSITE).with_name('hello'))


def said(result):
    return (result.stdout + result.stderr).decode()


@need('curl')
class Record(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.path = Path(self.folder.name, 'run.rec')

    def record(self, *parameters):
        """A run with a few requests; answers what it logged."""
        with Site(f'--record={self.path}', *parameters) as site:
            for path in ('/', '/hello?name=Ada', '/metrics', '/nothing'):
                curl(site.url + path)
            upload = Path(self.folder.name, 'upload')
            upload.write_bytes(os.urandom(100000))
            curl('-T', str(upload), site.url + '/upload')
            site.stop()
            return site.words()

    def replay(self, *parameters, image=WEBSITE):
        return run(image, f'--replay={self.path}', *parameters)

    def test_a_run_is_replayed_offline_to_the_same_bytes(self):
        words = self.record('--stop_time=7s')
        self.assertEqual(stat.S_IMODE(self.path.stat().st_mode), 0o600)
        offline = ['unshare', '-n'] if run('unshare', '-n', 'true', check=False).returncode == 0 else []
        again = run(*offline, WEBSITE, f'--replay={self.path}')
        self.assertEqual(again.returncode, 0, said(again))
        self.assertTrue(said(again).startswith(words), (words, said(again)))
        last = said(again)[len(words):].splitlines()
        self.assertEqual(len(last), 1, last)
        self.assertRegex(last[0], r'all was as it was recorded turns=\d+ sent_bytes=\d{5}')
        self.assertIn(b'--stop_time=7s', self.path.read_bytes())

    def test_files_that_were_sent_need_not_be_there_again(self):
        content = Path(self.folder.name, 'content')
        content.mkdir()
        content.joinpath('large.txt').write_bytes(os.urandom(3000000))
        with Site(f'--record={self.path}', f'--content={content}') as site:
            for _ in range(2):
                run('curl', '-sS', '-o', f'{self.folder.name}/got', site.url + '/large.txt')
            self.assertEqual(Path(self.folder.name, 'got').stat().st_size, 3000000)
        content.joinpath('large.txt').unlink()
        result = self.replay()
        self.assertEqual(result.returncode, 0, said(result))
        self.assertRegex(said(result), r'all was as it was recorded turns=\d+ sent_bytes=6000\d{3}')

    def test_another_way_than_the_recorded_one_is_noticed(self):
        self.record()
        result = self.replay('--port=1')
        self.assertEqual(result.returncode, 10)
        self.assertIn('something else than what was recorded', said(result))

    def test_what_is_no_recording_or_damaged_is_refused(self):
        self.record()
        whole = self.path.read_bytes()
        damaged = bytearray(whole)
        damaged[len(whole) // 2] ^= 4
        for content, words in ((b'', 'not a recording'), (b'hello', 'not a recording'), (b'HOLMREC1' + whole[8:], 'not a recording'),
                               (whole[:9], 'cut off before it begins'), (bytes(damaged), 'damaged')):
            self.path.write_bytes(content)
            result = self.replay()
            self.assertEqual(result.returncode, 3, said(result))
            self.assertIn(words, said(result))
            self.assertEqual(len(said(result).splitlines()), 1)
        self.path.write_bytes(whole)
        result = self.replay(image=HELLO)
        self.assertEqual(result.returncode, 3)
        self.assertIn('a recording of another image', said(result))

    def test_a_cut_recording_runs_as_far_as_it_goes(self):
        self.record()
        whole = self.path.read_bytes()
        self.path.write_bytes(whole[:-20])
        result = self.replay()
        self.assertEqual(result.returncode, 10)
        self.assertRegex(said(result).splitlines()[-1], r'why="the recording is cut off" turn=\d+$')

    def test_a_recording_that_can_not_go_on_ends_and_the_image_does_not(self):
        words = self.record('--record_max=64KiB')  # the upload alone is longer
        self.assertIn('the recording ends here why="--record_max is reached"', words)
        self.assertLessEqual(self.path.stat().st_size, 65536)
        result = self.replay()
        self.assertEqual(result.returncode, 10, said(result))
        with Site('--record=/dev/full') as site:
            curl(site.url + '/')
            site.stop()
            self.assertEqual(site.words().count("the file can't be written"), 1)

    def test_a_crash_leaves_a_recording_that_leads_to_it(self):
        with Site(f'--record={self.path}') as site:
            curl(site.url + '/')
            site.process.kill()
            site.status = 0
            site.process.wait()
        result = self.replay()
        self.assertEqual(result.returncode, 10)
        self.assertIn('the recording ends before the image did', said(result))

    def test_parameters_that_can_not_be(self):
        for arguments, words in ((['--record=/nothing/here'], 'opened for writing'), (['--replay=/nothing'], 'be read'),
                                 (['--record=a', '--replay=b'], 'not together'), (['--recording=a'], 'no such parameter'),
                                 (['--record=a', '--record-max=1'], 'record_max'),
                                 (['--replay=/dev/zero'], 'not a recording')):
            result = run(WEBSITE, *arguments)
            self.assertEqual(result.returncode, 3, said(result))
            self.assertIn(words, said(result))
            self.assertEqual(len(said(result).splitlines()), 1)


if __name__ == '__main__':
    unittest.main(verbosity=2)
