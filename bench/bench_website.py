#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""bench_website.py [--json] [--rounds N] [--seconds N] [--only NAME]: the example website beside nginx,
beside a server that reads nothing of what it is asked (the least that the kernel takes), and beside
itself built without traps (./dev bench builds both).

Server and client get a processor each. Every round measures ours and each of nginx's settings in
turn, in a new order; what is printed is the median of the rounds. The figure that counts is requests
per second of processor time that the server used (user and system), which a slow client cannot
flatter; the plain rate stands beside it. The fastest setting of nginx in the run is the peer.
"""
import argparse
import json
import os
import random
import re
import resource
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
WEBSITE = ROOT / 'build/release/website'
UNTRAPPED = ROOT / 'build/untrapped/website'
CONTENT = ROOT / 'example/website/site'
SERVER_CPU, CLIENT_CPU = 0, 1
PIPELINE = """
init = function(args)
  local r = {}
  for i = 1, 16 do r[i] = wrk.format("GET", nil) end
  batch = table.concat(r)
end
request = function() return batch end
"""
NGINX = """
daemon off; master_process off; worker_processes 1; pid {folder}/pid; error_log {folder}/error.log crit;
worker_rlimit_nofile {files};
events {{ worker_connections {connections}; }}
http {{
  types {{ text/html html; text/plain txt; }}
  access_log off; open_file_cache max=1000 inactive=60s; keepalive_requests 100000000; keepalive_timeout 600s;
  sendfile {sendfile}; tcp_nopush {nopush}; tcp_nodelay on;
  client_body_temp_path {folder}/t; proxy_temp_path {folder}/t; fastcgi_temp_path {folder}/t;
  uwsgi_temp_path {folder}/t; scgi_temp_path {folder}/t;
  server {{ listen 127.0.0.1:{port} backlog=4096; root {root}; }}
}}
"""


def free_port():
    with socket.socket() as s:
        s.bind(('127.0.0.1', 0))
        return s.getsockname()[1]


def pinned(cpu):
    return lambda: os.sched_setaffinity(0, {cpu})


class Server:
    """A running server: ours, or nginx with one worker."""
    running = []

    def __init__(self, name, command, port, stdin=None):
        self.name, self.port = name, port
        self.process = subprocess.Popen(command, preexec_fn=pinned(SERVER_CPU), stdin=stdin,
                                        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.running.append(self)
        for _ in range(100):
            with socket.socket() as s:
                if s.connect_ex(('127.0.0.1', port)) == 0:
                    return
            if self.process.poll() is not None:
                sys.exit(f'{name} ended with status {self.process.returncode} instead of listening')
            time.sleep(0.05)
        sys.exit(f'{name} does not listen on port {port} after five seconds')

    def cpu_s(self):
        """Of its one thread; the counters of /proc/PID/stat are a hundred times coarser than a busy machine bears."""
        return int(Path(f'/proc/{self.process.pid}/schedstat').read_text().split()[0]) / 1e9

    def memory_bytes(self):
        status = Path(f'/proc/{self.process.pid}/status').read_text()
        return int(re.search(r'VmRSS:\s+(\d+)', status)[1]) * 1024

    def stop(self):
        self.running.remove(self)
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def start_ours(root, connections, name='holm', website=WEBSITE):
    port = free_port()
    return Server(name, [website, f'--port={port}', f'--connections_max={connections}',
                           f'--content={root}'][:4 if root else 3], port)


def start_nginx(folder, root, sendfile, nopush, connections):
    port = free_port()
    place = Path(folder) / f'nginx-{sendfile}-{nopush}-{port}'
    place.mkdir()
    (place / 'conf').write_text(NGINX.format(
        folder=place, root=root, port=port, sendfile=sendfile, nopush=nopush,
        connections=connections, files=connections + 64))
    name = f'nginx sendfile={sendfile} tcp_nopush={nopush}'
    return Server(name, ['nginx', '-p', str(place), '-c', str(place / 'conf')], port)


def wrk(server, path, connections, seconds, script=None):
    """One run of wrk: requests, seconds of server and client, and its own share of a processor."""
    before_server, before = server.cpu_s(), resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.monotonic()
    command = ['wrk', '-t1', f'-c{connections}', f'-d{seconds}s'] + (['-s', script] if script else [])
    text = subprocess.run(command + [f'http://127.0.0.1:{server.port}{path}'], text=True, check=True,
                          preexec_fn=pinned(CLIENT_CPU), stdout=subprocess.PIPE).stdout
    elapsed, after = time.monotonic() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    client_s = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    if bad := re.search(r'(Non-2xx.*|Socket errors.*)', text):
        sys.exit(f'{server.name}: {bad[1]}')
    requests = int(re.search(r'(\d+) requests in', text)[1])
    return {'rate': requests / elapsed, 'server_s': server.cpu_s() - before_server,
            'per_cpu_s': requests / max(server.cpu_s() - before_server, 0.01),
            'client_share': client_s / elapsed}


def median(rounds, key):
    return statistics.median(x[key] for x in rounds)


def compare(servers, measure, rounds):
    results = {s.name: [] for s in servers}
    for _ in range(rounds):
        for server in random.sample(servers, len(servers)):
            results[server.name].append(measure(server))
    return results


def summary(title, results, key, goal):
    peers = [n for n in results if n != 'holm']
    best = max(peers, key=lambda n: median(results[n], key))
    row = {'bench': title, 'figure': key, 'peer': best, 'goal': goal,
           'ours': median(results['holm'], key), 'theirs': median(results[best], key),
           'ratio': median(results['holm'], key) / median(results[best], key)}
    if 'rate' in results['holm'][0]:
        row |= {'our_rate': median(results['holm'], 'rate'), 'their_rate': median(results[best], 'rate'),
                'client_share': median(results['holm'], 'client_share')}
        if row['client_share'] > 0.95:
            row['note'] = 'client limited'
    return row


def start_floor(folder, ours):
    """A server that sends our answer to whatever comes (floor.c)."""
    program, answer, port = Path(folder) / 'floor', Path(folder) / 'answer', free_port()
    subprocess.run(['clang-19', '-O2', '-D_GNU_SOURCE', '-o', program, ROOT / 'bench/floor.c'], check=True)
    with socket.create_connection(('127.0.0.1', ours.port)) as client:
        client.sendall(b'GET /small.html HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
        answer.write_bytes(client.makefile('rb').read().replace(b'Connection: close\r\n', b''))
    with answer.open() as text:
        return Server('floor', [program, str(port)], port, text)


def settings(options, folder, root, connections, ours_root=None):
    ours = start_ours(ours_root, connections)
    pairs = [(s, n) for s in ('on', 'off') for n in ('on', 'off')]
    return [ours] + [start_nginx(folder, root, s, n, connections) for s, n in pairs]


def stop_all(servers):
    for server in servers:
        server.stop()


def bench_small(options, folder):
    servers = settings(options, folder, CONTENT, 128)
    yield summary('612-byte file, 64 connections',
                  compare(servers, lambda s: wrk(s, '/small.html', 64, options.seconds),
                          options.rounds), 'per_cpu_s', 1.2)
    script = Path(folder) / 'pipeline.lua'
    script.write_text(PIPELINE)
    yield summary('612-byte file, 64 connections, pipelines of 16',
                  compare(servers, lambda s: wrk(s, '/small.html', 64, options.seconds, str(script)),
                          options.rounds), 'per_cpu_s', 1.5)
    stop_all(servers)


def bench_floor(options, folder):
    ours = start_ours(None, 128)
    servers = [ours, start_floor(folder, ours)]
    yield summary('612-byte file, 64 connections',
                  compare(servers, lambda s: wrk(s, '/small.html', 64, options.seconds),
                          options.rounds), 'per_cpu_s', None)
    stop_all(servers)


def bench_idle(options, folder):
    """What 10,000 idle connections beside the load cost, in rate and memory."""
    del folder
    limit = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    count = min(10000, limit - 200)
    resource.setrlimit(resource.RLIMIT_NOFILE, (limit, limit))
    server = start_ours(None, count + 128)
    alone, crowded, per_connection = [], [], []
    for _ in range(options.rounds):
        alone.append(wrk(server, '/small.html', 64, options.seconds))
        memory = server.memory_bytes()
        idle = [socket.create_connection(('127.0.0.1', server.port)) for _ in range(count)]
        for s in idle:  # each has served one request, as a browser's has
            s.sendall(b'GET /health HTTP/1.1\r\nHost: a\r\n\r\n')
        for s in idle:
            s.recv(4096)
        per_connection.append((server.memory_bytes() - memory) / count)
        crowded.append(wrk(server, '/small.html', 64, options.seconds))
        for s in idle:
            s.close()
    server.stop()
    row = summary(f'with {count} idle connections beside it',
                  {'holm': crowded, 'holm alone': alone}, 'per_cpu_s', 0.9)
    yield row
    yield {'bench': f'memory of an idle connection, of {count}', 'figure': 'bytes', 'goal': 4096,
           'ours': max(per_connection)}


SLOW = {'heads': ['-H', '-i', '10', '-t', 'GET'],
        'bodies': ['-B', '-i', '10', '-s', '8192', '-t', 'POST'],
        'readers': ['-X', '-w', '512', '-y', '1024', '-n', '5', '-z', '32', '-k', '3']}


def bench_slow(options, folder):
    """What 1,000 connections of slowhttptest beside the load cost. It shares the client's processor, so
    that the plain rate falls with it; the server's own processor time tells what it costs us."""
    if not shutil.which('slowhttptest'):
        sys.exit('bench_website: slowhttptest is missing: apt-get install slowhttptest')
    server = start_ours(None, 2048)
    for name, arguments in SLOW.items():
        alone, beside = [], []
        path = {'heads': '/', 'bodies': '/upload', 'readers': '/style.css'}[name]
        for _ in range(options.rounds):
            alone.append(wrk(server, '/small.html', 64, options.seconds))
            slow = subprocess.Popen(
                ['slowhttptest', '-c', '1000', '-r', '1000', '-l', str(options.seconds + 10), '-p', '3',
                 *arguments, '-u', f'http://127.0.0.1:{server.port}{path}'], cwd=folder,
                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, preexec_fn=pinned(CLIENT_CPU))
            time.sleep(2)  # until all have come
            beside.append(wrk(server, '/small.html', 64, options.seconds))
            slow.kill()
            slow.wait()
            time.sleep(0.5)
        yield summary(f'with 1000 slow {name} beside it', {'holm': beside, 'holm alone': alone},
                      'per_cpu_s', 0.9)
    server.stop()


def bench_large(options, folder):
    root = Path(folder) / 'large'
    root.mkdir()
    with open(root / 'large.bin', 'wb') as file:
        for _ in range(100):
            file.write(os.urandom(1 << 20))
    shutil.copy(Path(CONTENT) / 'small.html', root)
    servers = settings(options, folder, root, 64, ours_root=root)
    yield summary('100 MB file, 1 connection',
                  compare(servers, lambda s: wrk(s, '/large.bin', 1, max(options.seconds, 3)),
                          options.rounds), 'rate', 0.9)
    stop_all(servers)


def bench_traps(options, folder):
    del folder
    servers = [start_ours(None, 128),
               start_ours(None, 128, 'holm without traps', UNTRAPPED)]
    yield summary('612-byte file, 64 connections, release traps',
                  compare(servers, lambda s: wrk(s, '/small.html', 64, options.seconds),
                          options.rounds), 'per_cpu_s', 0.9)
    stop_all(servers)


BENCHES = {'small': bench_small, 'floor': bench_floor, 'idle': bench_idle, 'slow': bench_slow, 'large': bench_large,
           'traps': bench_traps}


def show(row, as_json):
    if as_json:
        print(json.dumps(row), flush=True)
        return
    text = f'{row["bench"]}: {row["ours"]:.0f} {row["figure"]}'
    if 'ratio' in row:
        text += f', {row["peer"]} {row["theirs"]:.0f}, ratio {row["ratio"]:.2f}'
    if 'our_rate' in row:
        text += (f' (requests/s {row["our_rate"]:.0f} and {row["their_rate"]:.0f}, '
                 f'client busy {row["client_share"]:.0%})')
    goal = f', goal {row["goal"]}' if row['goal'] else ''
    print(f'{text}{goal} {row.get("note", "")}', flush=True)


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument('--json', action='store_true')
    parser.add_argument('--rounds', type=int, default=5)
    parser.add_argument('--seconds', type=int, default=3)
    parser.add_argument('--only', choices=BENCHES)
    options = parser.parse_args()
    for tool in ('wrk', 'nginx'):
        if not shutil.which(tool):
            sys.exit(f'bench_website: {tool} is missing: apt-get install wrk nginx-light')
    with tempfile.TemporaryDirectory() as folder:
        try:
            for name, bench in BENCHES.items():
                if options.only in (None, name):
                    for row in bench(options, folder):
                        show(row, options.json)
        finally:
            stop_all(list(Server.running))


if __name__ == '__main__':
    main()
