# SPDX-License-Identifier: ISC
"""nginx.py: an nginx of a test's own, on a free port, in a folder that goes with it."""
import socket
import subprocess
import tempfile
import time
from pathlib import Path

from site_under_test import free_port


class Nginx:
    """A running nginx; with Nginx(server_block) as nginx: …; the text stands within its server { }."""

    def __init__(self, text, http=''):
        self.port = free_port()
        self.url = f'http://127.0.0.1:{self.port}'
        self.folder = tempfile.TemporaryDirectory()
        f = self.folder.name
        text, http = text.replace('FOLDER', f), http.replace('FOLDER', f)
        Path(f, 'www').mkdir()
        Path(f, 'conf').write_text(f'''
            daemon off; master_process off; pid {f}/pid; error_log {f}/log;
            events {{ worker_connections 512; }} http {{ access_log off; default_type text/plain;
            client_body_temp_path {f}/t; proxy_temp_path {f}/t; fastcgi_temp_path {f}/t;
            uwsgi_temp_path {f}/t; scgi_temp_path {f}/t; root {f}/www; {http}
            server {{ listen 127.0.0.1:{self.port} backlog=511; {text} }} }}''')

    def file(self, name, content):
        Path(self.folder.name, 'www', name).write_bytes(content)

    def read(self, name):
        return Path(self.folder.name, 'www', name).read_bytes()

    def __enter__(self):
        self.process = subprocess.Popen(['nginx', '-p', self.folder.name, '-c', self.folder.name + '/conf'],
                                        stderr=subprocess.DEVNULL)
        for _ in range(200):
            with socket.socket() as s:
                if s.connect_ex(('127.0.0.1', self.port)) == 0:
                    return self
            time.sleep(0.02)
        self.process.kill()
        raise AssertionError('nginx does not listen: ' + Path(self.folder.name, 'log').read_text())

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait(10)
        self.folder.cleanup()
