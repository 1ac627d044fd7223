#!/usr/bin/python3
# SPDX-License-Identifier: ISC
"""Whatever our server accepts nginx accepts, with the same method, target and body; where nginx accepts
more, or reads it otherwise, stands below by class. Requests are mutated from a seed (ORACLE_SEED), and
each goes to our machine (proto/http/test/http_verdict.c) and over a connection of its own to nginx."""
import collections
import json
import os
import random
import re
import shutil
import socket
import subprocess
import unittest

from nginx import Nginx

COUNT = int(os.environ.get('ORACLE_COUNT', '5000'))
SEED = int(os.environ.get('ORACLE_SEED', '1'))

SEEDS = [
    b'GET / HTTP/1.1\r\nHost: a\r\n\r\n',
    b'GET /a/b?c=d&e HTTP/1.1\r\nHost: a.example:80\r\nAccept: */*\r\nUser-Agent: x (y; z)\r\n\r\n',
    b'POST /up HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello',
    b'PUT /up HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2;x=y\r\nde\r\n0\r\n\r\n',
    b'POST /t HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nTrailer: S\r\n\r\n1\r\nx\r\n0\r\nS: 1\r\n\r\n',
    b'GET http://b.example/abs?q HTTP/1.1\r\nHost: b.example\r\n\r\n',
    b'GET /old HTTP/1.0\r\n\r\n',
    b'GET /old HTTP/1.0\r\nHost: a\r\nConnection: keep-alive\r\n\r\n',
    b'GET /1 HTTP/1.1\r\nHost: a\r\n\r\nGET /2 HTTP/1.1\r\nHost: a\r\n\r\n',
    b'POST /1 HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nabGET /2 HTTP/1.1\r\nHost: a\r\n\r\n',
    b'HEAD /h HTTP/1.1\r\nHost: [::1]:8080\r\nConnection: close\r\n\r\n',
    b'OPTIONS /o HTTP/1.1\r\nHost: a\r\nCookie: a=b; c="d"\r\n\r\n',
    b'DELETE /d%20e/../f HTTP/1.1\r\nHost: a\r\nIf-Match: "x", W/"y"\r\n\r\n',
]
LINES = [
    b'Content-Length: 0', b'Content-Length: 3', b'Content-Length: +3', b'Content-Length: 3, 3',
    b'Content-Length: 99999999999999999999', b'Transfer-Encoding: chunked', b'Transfer-Encoding: xchunked',
    b'Transfer-Encoding: chunked, chunked', b'Transfer-Encoding: gzip, chunked', b'Transfer-Encoding : chunked',
    b'Transfer-Encoding:\tchunked', b'transfer-encoding: CHUNKED', b'Host: b', b'Host: a..b', b'Host: a b',
    b'Host:', b'Connection: close', b'Connection: keep-alive', b'Expect: 100-continue', b' folded',
    b'A: b\rC: d', b'A: \x00', b'A: \x7f', b'A: \xff', b'NoColon', b': empty', b'A_B: c', b'A(B: c', b'',
]
BITS = [b'\r', b'\n', b'\r\n', b' ', b'\t', b'\x00', b':', b'/', b'?', b'#', b'%', b'%zz', b'%00', b'%2f',
        b'..', b'/../', b'//', b'\\', b'"', b'<', b'{', b'@', b';', b',', b'\x80', b'\x7f', b'\x01', b'0', b'f', b'g']


def mutate(random, text):
    kind = random.randrange(9)
    at = random.randrange(len(text))
    lines = text.split(b'\r\n')
    line = random.randrange(len(lines))
    if kind == 0:
        return text[:at] + random.choice(BITS) + text[at:]
    if kind == 1:
        return text[:at] + random.choice(BITS) + text[at + 1:]
    if kind == 2:
        return text[:at] + text[at + random.randint(1, 3):]
    if kind == 3:
        return text[:at] + bytes([text[at] ^ 1 << random.randrange(8)]) + text[at + 1:]
    if kind == 4:
        lines.insert(max(1, line), random.choice(LINES))
    elif kind == 5:
        lines[line:line] = lines[line:line + 1]
    elif kind == 6:
        del lines[line]
    elif kind == 7:
        return text[:at] + random.choice(SEEDS)[random.randrange(20):]
    else:
        return text.replace(b'\r\n', b'\n', random.randint(1, 3))
    return b'\r\n'.join(lines)


def requests(count, seed):
    source = random.Random(seed)
    yield from SEEDS
    for _ in range(count - len(SEEDS)):
        text = source.choice(SEEDS)
        for _ in range(source.choice((1, 1, 1, 2, 3))):
            text = mutate(source, text) or b'\r\n'
        yield text


class Ours:
    def __init__(self):
        self.process = subprocess.Popen([os.environ['VERDICT']], stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def judge(self, text):
        """The requests that are taken, and the status of the one that is refused; 0: none is."""
        self.process.stdin.write(b'%08x\n' % len(text) + text)
        self.process.stdin.flush()
        taken, refused = [], 0
        while (line := self.process.stdout.readline()) != b'E\n':
            words = line.decode().rstrip('\n').split(' ')
            if words[0] == 'M':
                taken.append(tuple(bytes.fromhex(x) for x in words[1:]))
            elif words[0] == 'R':
                refused = int(words[1])
            else:
                raise AssertionError(f'our program ended at {text!r}')
        return taken, refused

    def end(self):
        self.process.stdin.close()
        self.process.stdout.close()
        return self.process.wait(10)


class Theirs:
    """An nginx that writes down each request that it takes, and its body, as a line of JSON."""

    def __init__(self):
        self.nginx = Nginx(
            '''access_log FOLDER/taken taken; client_header_timeout 2s; client_body_timeout 2s; lingering_close off;
            client_max_body_size 1m; proxy_ignore_client_abort on;
            location / { proxy_pass http://unix:FOLDER/sock:/; proxy_pass_request_headers off; proxy_method GET; }
            } server { listen unix:FOLDER/sock; location / { return 200 ""; }''',
            '''log_format taken escape=json '{"s":$status,"m":"$request_method","u":"$request_uri","b":"$request_body"}';''')
        self.nginx.__enter__()
        self.log = open(self.nginx.folder.name + '/taken', 'rb')

    def judge(self, text):
        with socket.create_connection(('127.0.0.1', self.nginx.port), timeout=10) as s:
            try:
                s.sendall(text)
                s.shutdown(socket.SHUT_WR)
                while s.recv(65536):
                    pass
            except (ConnectionError, OSError) as error:
                if isinstance(error, TimeoutError):
                    raise
        taken = []
        for line in self.log.readlines():
            said = json.loads(line.decode('latin-1'))
            if said['s'] != 200:
                return taken, said['s']
            method, target, body = (said[x].encode('latin-1') for x in 'mub')
            taken.append((method, b'/' + target if target.startswith(b'?') else target, body))
        return taken, 0

    def end(self):
        self.log.close()
        self.nginx.__exit__()


# Why nginx refuses what we take.
STRICTER = {
    'two dots in a host': rb'(?i)(host:[^\n]*|http://[^/? ]*)\.\.',
    'an empty Host, which RFC 9112 section 3.2 allows': rb'(?i)host: *\r\n',
    'a tab before or behind a value': rb'(?i)(host|transfer-encoding|content-length):[^\n]*\t',
    'a list in two lines, which RFC 9110 section 5.3 allows': rb'(?si)(If-Match|Expect):.*\n\1:',
    'an empty segment before .., which nginx drops first': rb'//[^ ]*\.\.|\.\.//',
    "! $ & ' ( ) * + , ; = ~ in the host of a target, as RFC 3986 allows": rb"http://[^/? ]*[!$&'()*+,;=~_]",
}
# Why we refuse what nginx takes: by our status, else the first that fits.
STATUSES = {417: 'an expectation that nobody knows', 501: 'a method or coding that we do not know'}
LAXER = {
    'a line that ends with LF alone': rb'(?<!\r)\n',
    'a CR within a line': rb'\r(?!\n)',
    'a request line without a version': rb'(^|\n|ab)[A-Za-z]+ +[^ \r]* *\r\n',
    'two blanks in the request line': rb'[A-Z]  +[h/]|  HTTP/',
    'another version than 1.0 and 1.1': rb' HTTP/(?!1\.[01]\r)\d+\.\d+',
    'another scheme than http and https': rb'[A-Z]+ +(?!https?://)[^/ ]+://',
    'empty lines before a request': rb'(^|\r\n\r\n|ab)(\r\n){2}',
    'a fragment, a quote or an angle in the target': rb'(^|\n|ab)[A-Z]+ [^ ]*[#"<>]',
    'a byte outside ASCII in the target': rb'(^|\n|ab)[A-Z]+ [^ ]*[\x80-\xff]',
    '%2f or a control in the path': rb'(^|\n|ab)[A-Z]+ [^ ]*%(2f|[01])',
    'a control in a field': rb'[\x01-\x08\x0b\x0c\x0e-\x1f\x7f]',
    'a Host that is none': rb"(?i)\nhost:(?! *(\[[0-9a-f:.]+\]|[-0-9a-z._~!$&'()*+,;=]*)(:\d*)?[ \t]*\r\n)",
    'a trailer that frames the message': rb'(?s)\r\n0\r\n.*(Content-Length|Transfer-|Host|Expect|Connection)',
    'a field line without a colon, or with a byte in its name that no name has':
        rb"\n(?![!#$%&'*+.^_`|~0-9A-Za-z-]+:|[A-Z]+ |[0-9a-f;]+)[^\r\n]+\r",
    'a chunk extension that is none': rb'\r\n[0-9a-fA-F]+[; \t](?!x=y\r\n)',
}


def classify(classes, text):
    for name, pattern in classes.items():
        if re.search(pattern, text):
            return name
    return None


@unittest.skipUnless(shutil.which('nginx'), 'nginx is not installed')
class Oracle(unittest.TestCase):
    maxDiff = None

    def test_what_we_take_nginx_takes_for_the_same(self):
        ours, theirs = Ours(), Theirs()
        wrong, examples, laxer, stricter, same = [], [], collections.Counter(), collections.Counter(), 0
        for text in requests(COUNT, SEED):
            (mine, refused), (its, status) = ours.judge(text), theirs.judge(text)
            if mine == its:
                same += 1
            elif its[:len(mine)] == mine:
                laxer[STATUSES.get(refused) or classify(LAXER, text) or 'another'] += 1
                if 'another' in laxer and len(examples) < laxer['another']:
                    examples.append((text, mine, refused, its, status))
            elif name := classify(STRICTER, text):
                stricter[name] += 1
            else:
                wrong.append((text, mine, refused, its, status))
        self.assertEqual(ours.end(), 0)
        theirs.end()
        print(f'{COUNT} requests, seed {SEED}: {same} alike')
        for name, counter in (('nginx takes, we refuse', laxer), ('we take, nginx refuses', stricter)):
            for reason, count in counter.most_common():
                print(f'  {name}: {count} {reason}')
        print(*examples[:int(os.environ.get('ORACLE_EXAMPLES', '0'))], sep='\n')
        self.assertEqual(wrong[:10], [], f'{len(wrong)} of them; ORACLE_SEED={SEED}')


if __name__ == '__main__':
    unittest.main(verbosity=2)
