#!/usr/bin/python3
# SPDX-License-Identifier: ISC
"""The website as clients that others wrote see it: curl, wget, nc, ab, wrk, nginx before it."""
import json
import os
import re
import subprocess
import tempfile
import time
import unittest
import zlib
from pathlib import Path

from site_under_test import Site, curl, free_port, need, run


class Peers(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.site = Site().__enter__()
        cls.url = cls.site.url

    @classmethod
    def tearDownClass(cls):
        cls.site.__exit__(None, None, None)

    def status(self, *arguments):
        return curl('-o', '/dev/null', '-w', '%{http_code}', *arguments)

    def header(self, name, *arguments):
        found = re.search(rf'(?im)^{name}: (.*?)\r?$', curl('-D', '-', '-o', '/dev/null', *arguments))
        return found and found[1]

    def test_one_line_tells_where_it_listens(self):
        lines = self.site.words().splitlines()
        self.assertEqual(len(lines), 1, lines)
        self.assertRegex(lines[0], rf'Z info http: serving url=http://localhost:{self.site.port}/$')

    @need('curl')
    def test_curl_gets_the_front_page_and_a_file_of_612_bytes(self):
        self.assertIn('Holm', curl(self.url + '/'))
        self.assertEqual(len(run('curl', '-sS', self.url + '/small.html', check=True).stdout), 612)
        self.assertEqual(self.header('content-length', self.url + '/small.html'), '612')
        self.assertTrue(self.header('content-type', self.url + '/').startswith('text/html'))
        self.assertRegex(self.header('date', self.url + '/'), r'^\w{3}, \d\d \w{3} \d{4} [\d:]{8} GMT$')

    @need('curl')
    def test_statuses_and_methods(self):
        self.assertEqual(self.status(self.url + '/nothing-here'), '404')
        self.assertEqual(self.status('-X', 'DELETE', self.url + '/small.html'), '405')
        self.assertIn('GET', self.header('allow', '-X', 'DELETE', self.url + '/small.html'))
        self.assertIn(self.status('-X', 'BREW', self.url + '/small.html'), ('405', '501'))
        self.assertEqual(self.status('-I', self.url + '/small.html'), '200')
        self.assertEqual(curl('-I', self.url + '/small.html').count('\r\n\r\n'), 1)
        self.assertIn(self.status('-X', 'OPTIONS', self.url + '/small.html'), ('200', '204'))
        self.assertEqual(self.status('--http1.0', self.url + '/small.html'), '200')

    @need('curl')
    def test_conditional_requests(self):
        tag = self.header('etag', self.url + '/small.html')
        self.assertRegex(tag, r'^"[^"]+"$')
        self.assertEqual(self.status('-H', f'If-None-Match: {tag}', self.url + '/small.html'), '304')
        self.assertEqual(self.status('-H', 'If-None-Match: "x"', self.url + '/small.html'), '200')
        self.assertEqual(self.status('-H', 'If-Match: "x"', self.url + '/small.html'), '412')
        self.assertEqual(self.status('-H', f'If-Match: {tag}', self.url + '/small.html'), '200')

    @need('curl')
    def test_ranges(self):
        whole = curl(self.url + '/small.html')
        self.assertEqual(curl('-r', '10-19', self.url + '/small.html'), whole[10:20])
        self.assertEqual(curl('-r', '-5', self.url + '/small.html'), whole[-5:])
        self.assertEqual(self.status('-r', '10-19', self.url + '/small.html'), '206')
        self.assertEqual(self.header('content-range', '-r', '600-', self.url + '/small.html'),
                         'bytes 600-611/612')
        self.assertEqual(self.status('-r', '700-', self.url + '/small.html'), '416')
        several = curl('-r', '0-4,10-14', self.url + '/small.html')
        self.assertIn(whole[0:5], several)
        self.assertIn('Content-Range: bytes 10-14/612', several)

    @need('curl')
    def test_upload_is_hashed_while_it_streams(self):
        data = bytes(range(256)) * 40000
        with tempfile.NamedTemporaryFile() as file:
            file.write(data)
            file.flush()
            for more in ((), ('-H', 'Transfer-Encoding: chunked'), ('-H', 'Expect: 100-continue')):
                answer = json.loads(curl('-T', file.name, *more, self.url + '/upload'))
                self.assertEqual(answer, {'bytes': len(data), 'crc32': f'{zlib.crc32(data):08x}'})
        small = curl(self.url + '/small.html').encode()  # the page tells what one would see
        self.assertIn(f'{zlib.crc32(small):08x}', curl(self.url + '/upload.html'))

    @need('wget')
    def test_wget_mirrors_the_site(self):
        with tempfile.TemporaryDirectory() as folder:
            result = run('wget', '-q', '-r', '-l', '2', '-P', folder, self.url + '/')
            self.assertEqual(result.returncode, 0, result.stderr)
            pages = list(Path(folder).rglob('*.html'))
            self.assertGreaterEqual(len(pages), 4)

    @need('nc')
    def test_nc_sends_three_requests_at_once(self):
        one = b'GET /small.html HTTP/1.1\r\nHost: a\r\n\r\n'
        last = b'GET /small.html HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n'
        got = run('nc', '-q', '5', '127.0.0.1', str(self.site.port), input=one + one + last).stdout
        self.assertEqual(got.count(b'HTTP/1.1 200 OK\r\n'), 3)

    @need('ab')
    def test_ab_finds_no_failure(self):
        for more in ((), ('-k',)):
            text = run('ab', '-q', '-n', '2000', '-c', '20', *more, self.url + '/small.html',
                       check=True).stdout.decode()
            self.assertRegex(text, r'Complete requests:\s+2000\n')
            self.assertRegex(text, r'Failed requests:\s+0\n')

    @need('wrk')
    def test_wrk_finds_no_failure(self):
        text = run('wrk', '-t1', '-c32', '-d1s', self.url + '/small.html', check=True).stdout.decode()
        self.assertNotRegex(text, 'Non-2xx|Socket errors')
        self.assertGreater(int(re.search(r'(\d+) requests in', text)[1]), 100)

    @need('nginx')
    @need('curl')
    def test_nginx_as_a_proxy_before_it(self):
        port = free_port()
        with tempfile.TemporaryDirectory() as folder:
            Path(folder, 'conf').write_text(f'''
                daemon off; master_process off; pid {folder}/pid; error_log {folder}/log;
                events {{}} http {{ access_log off;
                client_body_temp_path {folder}/t; proxy_temp_path {folder}/t; fastcgi_temp_path {folder}/t;
                uwsgi_temp_path {folder}/t; scgi_temp_path {folder}/t;
                upstream holm {{ server 127.0.0.1:{self.site.port}; keepalive 4; }}
                server {{ listen 127.0.0.1:{port}; location / {{ proxy_pass http://holm;
                proxy_http_version 1.1; proxy_set_header Connection ""; proxy_request_buffering off; }} }} }}''')
            proxy = subprocess.Popen(['nginx', '-p', folder, '-c', folder + '/conf'],
                                     stderr=subprocess.DEVNULL)
            try:
                for _ in range(100):
                    if run('curl', '-s', f'http://127.0.0.1:{port}/health').returncode == 0:
                        break
                    time.sleep(0.05)
                for _ in range(20):
                    self.assertEqual(len(curl(f'http://127.0.0.1:{port}/small.html')), 612)
                answer = json.loads(curl('-d', 'x' * 100000, f'http://127.0.0.1:{port}/upload'))
                self.assertEqual(answer['bytes'], 100000)
            finally:
                proxy.terminate()
                proxy.wait(10)

    @need('promtool')
    @need('curl')
    def test_promtool_accepts_the_metrics(self):
        page = curl(self.url + '/metrics')
        result = run('promtool', 'check', 'metrics', input=page.encode())
        self.assertEqual(result.returncode, 0, result.stderr + page.encode())

    @need('curl')
    def test_precompressed_answers_are_the_same_page(self):
        self.packed_is_the_same(self.url, '/', 'gzip')

    @need('curl')
    def test_precompressed_twins_in_a_folder(self):
        with tempfile.TemporaryDirectory() as folder:
            page = ''.join(f'<p>{n}' for n in range(2000)).encode()
            for name, *command in (('', 'cat'), ('.gz', 'gzip', '-c'), ('.br', 'brotli', '-c'),
                                   ('.zst', 'zstd', '-c')):
                Path(folder, 'page.html' + name).write_bytes(run(*command, input=page, check=True).stdout)
            for file in Path(folder).iterdir():
                os.utime(file, (10**9, 10**9))
            Path(folder, 'alone.txt').write_text('no twin')
            with Site(f'--content={folder}') as site:
                self.packed_is_the_same(site.url, '/page.html', 'gzip', 'br', 'zstd')
                self.assertEqual(curl('--compressed', site.url + '/alone.txt'), 'no twin')

    def packed_is_the_same(self, url, path, *codings):
        """Each coding: the bytes, the fields, a tag of its own, ranges of what was chosen."""
        plain = run('curl', '-sS', url + path, check=True).stdout
        tags = {self.header('etag', url + path)}
        self.assertIn('Accept-Encoding', self.header('vary', url + path))
        self.assertEqual(run('curl', '-sS', '--compressed', url + path, check=True).stdout, plain)
        for coding in codings:
            unpack = ({'br': 'brotli'}.get(coding, coding), '-dc')
            ask = ('-H', f'Accept-Encoding: {coding}', url + path)
            packed = run('curl', '-sS', *ask, check=True).stdout
            self.assertLess(len(packed), len(plain))
            self.assertEqual(run(*unpack, input=packed, check=True).stdout, plain)
            self.assertEqual(self.header('content-encoding', *ask), coding)
            self.assertTrue(self.header('content-type', *ask).startswith('text/html'))
            self.assertIn('Accept-Encoding', self.header('vary', *ask))
            self.assertEqual(run('curl', '-sS', '-r', '5-24', *ask, check=True).stdout, packed[5:25])
            self.assertEqual(self.header('content-range', '-r', '5-24', *ask), f'bytes 5-24/{len(packed)}')
            tag = self.header('etag', *ask)
            tags.add(tag)
            self.assertEqual(self.status('-H', f'If-None-Match: {tag}', *ask), '304')
            self.assertEqual(self.status('-H', f'If-None-Match: {tag}', url + path), '200')
        self.assertEqual(len(tags), 1 + len(codings), tags)
        self.assertEqual(self.header('content-encoding', '-H', 'Accept-Encoding: gzip;q=0', url + path), None)

    @need('curl')
    def test_live_page_sends_events(self):
        text = curl('-N', '--max-time', '3', self.url + '/live/events', check=False)
        events = [json.loads(x[6:]) for x in text.splitlines() if x.startswith('data: ')]
        self.assertGreaterEqual(len(events), 2)
        self.assertGreater(events[-1]['turns'], events[0]['turns'])


if __name__ == '__main__':
    unittest.main(verbosity=2)
