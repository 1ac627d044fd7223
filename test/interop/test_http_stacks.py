# SPDX-License-Identifier: ISC
"""The stacks of the website's tasks, measured under real requests, against what the build computed. Where
nothing was computed (the build of a sanitizer) it is skipped."""
import re
import shutil
import struct
import sys
import tempfile
import unittest
from pathlib import Path

from site_under_test import WEBSITE, Site, curl, run

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / 'tools'))
from callgraph import BOUND, Image  # noqa: E402

STACKS = Path(WEBSITE + '.stacks')


@unittest.skipUnless(STACKS.exists(), 'the stacks of this build were not computed')
class Stacks(unittest.TestCase):
    def asked(self, *parameters):
        """Every kind of request; gives the bytes that the deepest task used, and the computed."""
        with Site('--log=debug', '--stack_check=true', *parameters) as site:
            ranges = ','.join(f'{x}-{x + 9}' for x in range(0, 160, 20))
            for path in '/', '/small.html', '/nothing', '/hello', '/health', '/metrics', '/a/../b':
                curl(site.url + path)
                curl('-I', site.url + path)
                curl('-r', ranges, site.url + path)
                curl('-H', 'Accept-Encoding: gzip, br;q=0.1', '-H', 'If-None-Match: "a", W/"b"', site.url + path)
            curl('-T', WEBSITE, site.url + '/upload')
            curl('-X', 'DELETE', site.url + '/upload')
            run('curl', '-s', '--max-time', '1', site.url + '/live/events')
            run('curl', '-s', '--max-time', '1', site.url + '/slow')
            self.assertEqual(site.stop(), 0)
            found = re.search(r'used_bytes=(\d+) computed_bytes=(\d+)', site.words())
            self.assertTrue(found, site.words())
            return int(found[1]), int(found[2])

    def test_of_the_site_that_is_built_in(self):
        self.judge('built in', *self.asked())

    def test_of_a_folder(self):
        with tempfile.TemporaryDirectory() as folder:
            for name in 'index.html', 'small.html', '404.html':
                Path(folder, name).write_bytes(b'<p>' + 10000 * b'x')
            self.judge('folder', *self.asked(f'--content={folder}'))

    def test_more_than_was_computed_is_noticed(self):
        with tempfile.TemporaryDirectory() as folder:
            wrong = shutil.copy(Path(WEBSITE).with_name('hello'), folder)
            image = Image(Path(wrong))
            with open(wrong, 'r+b') as file:
                file.seek(image.offset_of(image.values[BOUND]))
                file.write(struct.pack('<I', 100))
            done = run(wrong, '--count=1', '--stack_check=true')
            self.assertEqual(done.returncode, 7, done)
            self.assertIn(b'a task used more stack than was computed', done.stderr)

    def judge(self, what, used, computed):
        print(f'stacks of tasks, {what}: {used} bytes used, {computed} computed')
        self.assertLessEqual(used, computed)
        self.assertGreater(used, 500)  # else nothing was measured
        self.assertEqual(computed, int(STACKS.read_text().split()[0]))


if __name__ == '__main__':
    unittest.main()
