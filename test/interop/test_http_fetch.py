#!/usr/bin/python3
# SPDX-License-Identifier: ISC
"""Our client, example/fetch, against nginx as its origin and against our own website."""
import hashlib
import json
import os
import shutil
import socket
import subprocess
import tempfile
import threading
import time
import unittest
import zlib
from pathlib import Path

from nginx import Nginx
from site_under_test import Site, free_port, run

FETCH = os.environ['FETCH']
SERVER = '''
    location / { }
    
    location = /moved { return 302 /small; }
    location = /loop { return 302 /loop; }
    location = /other { return 307 http://127.0.0.2:%d/; }
    location = /secure { return 301 https://127.0.0.1/; }
    location = /after { return 303 /small; }
    location = /fields { return 200 "$request_method $http_authorization $http_x $http_host\\n"; }
    location /put/ { dav_methods PUT DELETE; client_max_body_size 64m; }
    location = /little { client_max_body_size 1k; proxy_pass http://127.0.0.1:1; }
    gzip off;
'''


def fetch(url, *options):
    return run(FETCH, f'--url={url}', *options)


class Origin(unittest.TestCase):
    """nginx answers."""

    @classmethod
    def setUpClass(cls):
        if not shutil.which('nginx'):
            raise unittest.SkipTest('nginx is not installed')
        cls.nginx = Nginx(SERVER % free_port()).__enter__()
        cls.small = b'hello\n'
        cls.large = hashlib.sha256(b'seed').digest() * 200000
        cls.nginx.file('small', cls.small)
        cls.nginx.file('large', cls.large)
        cls.nginx.file('empty', b'')
        cls.folder = tempfile.TemporaryDirectory()

    @classmethod
    def tearDownClass(cls):
        cls.nginx.__exit__()
        cls.folder.cleanup()

    def path(self, name):
        return Path(self.folder.name, name)

    def good(self, url, *options):
        result = fetch(self.nginx.url + url, *options)
        self.assertEqual((result.returncode, result.stderr), (0, b''))
        return result.stdout

    def bad(self, url, *options, says=''):
        result = fetch(url if '//' in url else self.nginx.url + url, *options)
        self.assertEqual(result.returncode, 1, result)
        self.assertIn(says, result.stderr.decode())
        return result.stdout

    def test_a_console_that_takes_nothing_is_not_waited_for(self):
        start = time.monotonic()
        with open('/dev/full', 'wb') as full:
            done = subprocess.run([FETCH, f'--url={self.nginx.url}/small'], stdout=full,
                                  stderr=subprocess.PIPE, timeout=60)
        self.assertEqual(done.returncode, 1)
        self.assertIn(b'result=reset', done.stderr)
        self.assertLess(time.monotonic() - start, 20)  # a reader who is only slow gets 30 s

    def test_a_file_comes_to_the_console(self):
        self.assertEqual(self.good('/small'), self.small)
        self.assertEqual(self.good('/empty'), b'')
        self.assertEqual(self.good('/small', '--method=head'), b'')

    def test_a_large_file_comes_whole_into_a_file_and_replaces_what_was_there(self):
        self.path('out').write_bytes(b'x' * (len(self.large) + 1000))
        self.assertEqual(self.good('/large', f'--output={self.path("out")}'), b'')
        self.assertEqual(self.path('out').read_bytes(), self.large)

    def test_a_slow_reader_gets_all_and_one_that_leaves_is_not_waited_for(self):
        for reader, returncode in (('sleep 1; sha256sum', 0), ('head -c 10 | sha256sum', 1)):
            start = time.monotonic()
            with subprocess.Popen([FETCH, f'--url={self.nginx.url}/large'], stdout=subprocess.PIPE,
                                  stderr=subprocess.DEVNULL) as process:
                said = subprocess.run(['sh', '-c', reader], stdin=process.stdout, capture_output=True, check=True)
                process.stdout.close()
                self.assertEqual(process.wait(10), returncode)
            self.assertLess(time.monotonic() - start, 10)
            if returncode == 0:
                self.assertEqual(said.stdout.split()[0].decode(), hashlib.sha256(self.large).hexdigest())

    def test_the_head_comes_first_if_asked_for(self):
        text = self.good('/small', '--head=true')
        self.assertRegex(text, rb'^HTTP/1\.1 200 OK\r\n(.*\r\n)+\r\nhello\n$')
        self.assertIn(b'\r\nContent-Length: 6\r\n', text)

    def test_an_upload_streams_from_a_file(self):
        self.path('in').write_bytes(self.large)
        (Path(self.nginx.folder.name) / 'www' / 'put').mkdir(exist_ok=True)
        if b'dav' not in run('nginx', '-V').stderr:
            self.skipTest('nginx has no dav module')
        self.good('/put/new', f'--upload={self.path("in")}')
        self.assertEqual(self.nginx.read('put/new'), self.large)
        self.good('/put/new', '--method=delete')

    def test_an_upload_that_is_refused_early_is_told(self):
        self.path('in').write_bytes(b'x' * 300000)
        self.assertIn(b'413', self.bad('/little', f'--upload={self.path("in")}', says='status=413'))

    def test_fields_are_sent(self):
        text = self.good('/fields', '--header=Authorization: Basic eA==\nX: y, z')
        self.assertEqual(text, f'GET Basic eA== y, z 127.0.0.1:{self.nginx.port}\n'.encode())
        self.assertTrue(self.good('/fields', '--method=patch').startswith(b'PATCH '))
        self.assertTrue(self.good('/fields', '--data=a').startswith(b'POST '))
        for wrong in ('no colon', 'A: b\rC: d', 'Host: x', 'Content-Length: 3', ': x'):
            self.bad('/fields', f'--header={wrong}', says='--header')

    def test_redirects_are_followed_up_to_their_limit(self):
        self.assertEqual(self.good('/moved'), self.small)
        self.assertEqual(self.good('/after', '--data=x'), self.small)
        self.assertIn(b'302', self.good('/moved', '--redirects=0'))
        self.bad('/loop', '--redirects=3', says='limit')
        self.bad('/secure', says='unsupported')

    def test_a_refusal_is_told_and_spares_the_file(self):
        self.path('kept').write_bytes(b'kept')
        self.assertIn(b'404', self.bad('/none', f'--output={self.path("kept")}', says='status=404'))
        self.assertEqual(self.path('kept').read_bytes(), b'kept')

    def test_files_that_can_not_be_are_told(self):
        self.bad('/small', '--upload=/no/such', says='not')
        self.bad('/small', '--output=/no/such/file', says='not')

    def test_addresses_that_nobody_has(self):
        self.bad(f'http://127.0.0.1:{free_port()}/', says='refused')
        # not found; without a network nobody can say, and it is unreachable
        self.bad('http://no.such.name.invalid/', says='failed url=http://no.such.name.invalid/ result=')
        self.bad('https://127.0.0.1/', says='unsupported')
        self.bad('http://', says='malformed')

    def test_wrong_parameters(self):
        for wrong in ((), ('--url=http://a/', '--method=brew'), ('--url=http://a/', '--redirects=99')):
            self.assertEqual(run(FETCH, *wrong).returncode, 3)
        self.assertIn(b'--upload', run(FETCH, '--help').stdout)


class Raw(unittest.TestCase):
    """A server of the test's own says what no good server would."""

    def answers(self, answer, *options, holds=False):
        over = threading.Event()
        with socket.create_server(('127.0.0.1', 0)) as listener:
            def serve():
                s, _ = listener.accept()
                with s:
                    s.recv(65536)
                    s.sendall(answer)
                    if holds:
                        over.wait(30)
            server = threading.Thread(target=serve)
            server.start()
            result = fetch(f'http://127.0.0.1:{listener.getsockname()[1]}/', *options)
            over.set()
            server.join()
        return result

    def test_a_body_until_the_end(self):
        result = self.answers(b'HTTP/1.0 200 OK\r\n\r\nhello')
        self.assertEqual((result.returncode, result.stdout), (0, b'hello'))

    def test_a_body_that_breaks_off(self):
        result = self.answers(b'HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello')
        self.assertEqual(result.returncode, 1)
        self.assertIn(b'truncated', result.stderr)

    def test_what_is_no_response(self):
        for wrong in (b'SSH-2.0-x\r\n', b'HTTP/1.1 200 OK\r\nA: b\r\n c\r\n\r\n',
                      b'HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nx'):
            result = self.answers(wrong)
            self.assertEqual(result.returncode, 1)
            self.assertIn(b'malformed', result.stderr)

    def test_silence_ends_in_time(self):
        start = time.monotonic()
        for options in (('--timeout=300ms',), ('--total=300ms',)):
            result = self.answers(b'HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello', *options, holds=True)
            self.assertIn(b'timeout', result.stderr)
            self.assertEqual(result.returncode, 1)
        self.assertLess(time.monotonic() - start, 20)


class Ours(unittest.TestCase):
    """Our website answers."""

    def test_our_own_site(self):
        data = bytes(range(256)) * 10000
        with Site() as site, tempfile.TemporaryDirectory() as folder:
            self.assertEqual(len(fetch(site.url + '/small.html').stdout), 612)
            Path(folder, 'in').write_bytes(data)
            answer = fetch(site.url + '/upload', f'--upload={folder}/in').stdout
            self.assertEqual(json.loads(answer), {'bytes': len(data), 'crc32': f'{zlib.crc32(data):08x}'})
            self.assertEqual(fetch(site.url + '/none').returncode, 1)
            result = fetch(f'http://localhost:{site.port}/', '--output=' + folder + '/page')
            self.assertEqual(result.returncode, 0, result)
            self.assertIn(b'Holm', Path(folder, 'page').read_bytes())


if __name__ == '__main__':
    unittest.main(verbosity=2)
