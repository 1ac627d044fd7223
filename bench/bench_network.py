#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""bench_network.py [--json] [--rounds N] [--seconds N] [--only NAME...]: Holm's own TCP/IP over a TAP device,
beside the kernel's over a pair of veth devices, both with cubic. Needs root: it makes two network namespaces
and removes them.

  bulk      one stream each way: gigabits a second, and processor seconds of the endpoint for 10^9 bytes
  requests  612 bytes from a file, 64 connections, wrk: requests per second of processor time, nginx as the peer
  latency   the same at half of the rate that ours reaches
  close     a connection a request
  echo      ICMP and UDP, 64 on their way: answers a second; the kernel's own, and a C program's (flood.c)
  loss      a stream to the client over a link of 20 ms with 2 and 5 % loss (slow_link.c)
  nft       a stream to the client through a router that drops 0.1, 1 and 5 % of what it sends on, both ways
  memory    resident bytes with 1,000 and 10,000 idle connections
  isolation requests, streams and echoes of UDP by processor second of the endpoint, of the program (holm) beside
            its image under the monitor, as a process and, where there is /dev/kvm, as a virtual machine

Endpoint and client get a processor each. Every round measures all in turn; medians are printed, and ratios.
"""
import argparse
import functools
import json
import os
import random
import re
import resource
import shutil
import socket
import statistics
import struct
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SITE = ROOT / 'example/website/site'
WEBSITE, ECHO = ROOT / 'build/release/website', ROOT / 'build/release/echo'
MONITOR = ROOT / 'build/release/holm'
ISOLATIONS = 'process', 'kvm'
ENDPOINT_CPU, CLIENT_CPU = 1, 0
HOLM, KERNEL = '10.77.0.2', '10.77.1.2'
BULK_BYTES = 1 << 20
NGINX = """
daemon off; master_process off; worker_processes 1; pid {folder}/pid; error_log {folder}/error.log crit;
worker_rlimit_nofile 20000;
events {{ worker_connections 16384; }}
http {{
  types {{ text/html html; }}
  access_log off; open_file_cache max=1000 inactive=60s; keepalive_requests 100000000; keepalive_timeout 600s;
  sendfile on; tcp_nopush off; tcp_nodelay on;
  client_body_temp_path {folder}/t; proxy_temp_path {folder}/t; fastcgi_temp_path {folder}/t;
  uwsgi_temp_path {folder}/t; scgi_temp_path {folder}/t;
  server {{ listen 80 backlog=4096; root {root}; }}
}}
"""


def run(*command):
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


class World:
    """A namespace of the client, with a TAP device, and one of the kernel's endpoint behind a veth pair."""

    def __init__(self):
        self.client, self.server = f'holm-c{os.getpid()}', f'holm-s{os.getpid()}'
        self.processes, self.folder = [], Path(tempfile.mkdtemp(prefix='holm-bench-'))

    def __enter__(self):
        for name in (self.client, self.server):
            run('ip', 'netns', 'add', name)
            run('ip', '-n', name, 'link', 'set', 'lo', 'up')
        run('ip', '-n', self.client, 'tuntap', 'add', 'dev', 'holm0', 'mode', 'tap')
        run('ip', '-n', self.client, 'link', 'set', 'holm0', 'txqueuelen', '1000')
        run('ip', '-n', self.client, 'addr', 'add', '10.77.0.1/24', 'dev', 'holm0')
        run('ip', '-n', self.client, 'link', 'set', 'holm0', 'up')
        run('ip', '-n', self.client, 'link', 'add', 'veth0', 'type', 'veth', 'peer', 'name', 'veth0', 'netns', self.server)
        for name, address in ((self.client, '10.77.1.1/24'), (self.server, '10.77.1.2/24')):
            run('ip', '-n', name, 'addr', 'add', address, 'dev', 'veth0')
            run('ip', '-n', name, 'link', 'set', 'veth0', 'up')
        for name in (self.client, self.server): # the machine's default may be bbr, which paces
            routes = subprocess.run(['ip', '-n', name, 'route'], check=True, capture_output=True, text=True).stdout
            for route in routes.splitlines():
                run('ip', '-n', name, 'route', 'change', *re.sub(r'linkdown', '', route).split(), 'congctl', 'cubic')
        return self

    def __exit__(self, *_):
        for process in self.processes:
            process.kill()
            process.wait()
        for name in (self.client, self.server):
            subprocess.run(['ip', 'netns', 'del', name], check=False)
        shutil.rmtree(self.folder)

    def start(self, name, *command, cpu=ENDPOINT_CPU, **more):
        process = subprocess.Popen(['ip', 'netns', 'exec', name, *map(str, command)],
                                   preexec_fn=lambda: os.sched_setaffinity(0, {cpu}),
                                   stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                                   **{'stdout': subprocess.DEVNULL, **more})
        self.processes.append(process)
        return process

    def ours(self, image, *options):
        return self.start(self.client, image, '--network=stack', '--net=service=tap:holm0',
                          f'--ipv4={HOLM}/24,10.77.0.1', *options)

    def monitored(self, isolation, program, *options):
        """The program's image; the process is the image's own."""
        return self.start(self.client, MONITOR, 'run', '--exec', f'--isolation={isolation}', '--mem=512MiB',
                          '--net', 'service=tap:holm0', f'{program}.holm', f'--ipv4={HOLM}/24,10.77.0.1', *options)

    def end(self, process):
        self.processes.remove(process)
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def wait_for(self, address, port):
        with inside(self.client):
            for _ in range(200):
                with socket.socket() as s:
                    s.settimeout(1)
                    if s.connect_ex((address, port)) == 0:
                        return
                time.sleep(0.05)
        sys.exit(f'bench: nobody answers at {address} port {port}')


class inside:
    """With it, this thread is in a network namespace."""
    CLONE_NEWNET = 0x40000000

    def __init__(self, name):
        self.name = name

    def __enter__(self):
        self.before = os.open('/proc/thread-self/ns/net', os.O_RDONLY)
        with open(f'/run/netns/{self.name}', 'rb') as there:
            setns(there.fileno())

    def __exit__(self, *_):
        setns(self.before)
        os.close(self.before)


def setns(descriptor):
    import ctypes
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.setns(descriptor, inside.CLONE_NEWNET) != 0:
        raise OSError(ctypes.get_errno(), 'setns')


def cpu_s(process):
    return int(Path(f'/proc/{process.pid}/schedstat').read_text().split()[0]) / 1e9


def memory_bytes(process):
    """All that is resident, and what of it is the process's alone: the host's libc is in the first only."""
    said = Path(f'/proc/{process.pid}/smaps_rollup').read_text()
    return tuple(sum(int(x) for x in re.findall(rf'^{kind}:\s+(\d+)', said, re.M)) * 1024
                 for kind in ('Rss', 'Private_(?:Dirty|Clean)'))


def stream(world, address, port, out, seconds, where=None):
    """One stream from this process (out) or to it; gives the bytes."""
    os.sched_setaffinity(0, {CLIENT_CPU})
    moved, block = 0, memoryview(bytearray(BULK_BYTES))
    with inside(where or world.client), socket.create_connection((address, port), 5) as s:
        s.setsockopt(socket.IPPROTO_TCP, socket.TCP_CONGESTION, b'cubic')
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            moved += s.send(block) if out else s.recv_into(block)
    return moved


KERNEL_PEER = '''
import socket, sys, threading
def serve(port, send):
    s = socket.create_server(('', port))
    block = memoryview(bytearray(1 << 20))
    while True:
        c, _ = s.accept()
        c.setsockopt(socket.IPPROTO_TCP, socket.TCP_CONGESTION, b'cubic')
        try:
            while (c.send(block) if send else c.recv_into(block)): pass
        except OSError: pass
        c.close()
threading.Thread(target=serve, args=(9, False), daemon=True).start()
serve(19, True)
'''


def bulk(world, args):
    """Gigabits a second and seconds a gigabyte of ours and of the kernel, in and out."""
    for process, address in ((world.ours(ECHO), HOLM), (world.start(world.server, sys.executable, '-c', KERNEL_PEER), KERNEL)):
        for port in (9, 19):
            world.wait_for(address, port)
        for way, port in (('in', 9), ('out', 19)):
            before = cpu_s_all(process)
            start = time.monotonic()
            moved = stream(world, address, port, port == 9, args.seconds)
            took = time.monotonic() - start
            time.sleep(0.05)
            name = 'holm' if address == HOLM else 'kernel'
            yield f'bulk {way} Gb/s', name, moved * 8 / took / 1e9
            yield f'bulk {way} s/GB', name, (cpu_s_all(process) - before) / (moved / 1e9)
        world.end(process)


def cpu_s_all(process):
    """Of all its threads."""
    return sum(int(x.read_text().split()[0]) for x in Path(f'/proc/{process.pid}/task').glob('*/schedstat')) / 1e9


def webs(world):
    """Yields ours and nginx, running, with their addresses."""
    ours = world.ours(WEBSITE, '--port=80', '--connections_max=12000', '--memory=512MiB')
    world.wait_for(HOLM, 80)
    yield 'holm', ours, HOLM
    world.end(ours)
    config = world.folder / 'nginx.conf'
    config.write_text(NGINX.format(folder=world.folder, root=SITE))
    nginx = world.start(world.server, 'nginx', '-p', world.folder, '-c', config)
    world.wait_for(KERNEL, 80)
    yield 'nginx', nginx, KERNEL
    world.end(nginx)


def wrk(world, address, seconds, *options):
    said = subprocess.run(['ip', 'netns', 'exec', world.client, 'wrk', '-t1', f'-d{seconds}', *options,
                           f'http://{address}/small.html'], check=True, capture_output=True, text=True,
                          preexec_fn=lambda: os.sched_setaffinity(0, {CLIENT_CPU})).stdout
    if 'Socket errors' in said or 'Non-2xx' in said:
        sys.exit(f'bench: {address}: {said}')
    return said, int(re.search(r'(\d+) requests in', said)[1])


def requests(world, args, *options, what='requests'):
    for name, process, address in webs(world):
        before = cpu_s(process)
        said, count = wrk(world, address, args.seconds, '-c64', *options)
        yield f'{what} per processor second', name, count / (cpu_s(process) - before)
        yield f'{what} a second', name, float(re.search(r'Requests/sec:\s+([\d.]+)', said)[1])


def close(world, args):
    yield from requests(world, args, '-H', 'Connection: close', what='connections')


def latency(world, args):
    """At half of the rate that the slower of the two reaches, so both carry the same load."""
    rates = {name: wrk(world, address, 1, '-c64')[1] for name, _, address in webs(world)}
    pause_ms = 64 * 2000 / min(rates.values())
    script = world.folder / 'pause.lua'
    script.write_text(f'function delay() return {max(1, round(pause_ms))} end')
    for name, _, address in webs(world):
        said, _ = wrk(world, address, args.seconds, '-c64', '--latency', '-s', script)
        for share in ('50', '99'):
            figure, unit = re.search(share + r'%\s+([\d.]+)(us|ms|s)', said).groups()
            yield f'latency p{share} us', name, float(figure) * {'us': 1, 'ms': 1e3, 's': 1e6}[unit]


def compiled(world, name):
    program = world.folder / name
    if not program.exists():
        run('clang-19', '-O2', '-D_GNU_SOURCE', '-o', program, ROOT / f'bench/{name}.c')
    return program


def echo(world, args):
    flood = compiled(world, 'flood')
    for name, process, address in (('holm', world.ours(ECHO), HOLM),
                                   ('kernel', world.start(world.server, flood, 'serve', '7'), KERNEL)):
        time.sleep(0.5)
        for kind in (['icmp', address], ['udp', address, '7']):
            said = subprocess.run(['ip', 'netns', 'exec', world.client, flood, *kind, str(args.seconds)], check=True,
                                  capture_output=True, text=True, preexec_fn=lambda: os.sched_setaffinity(0, {CLIENT_CPU}))
            yield f'{kind[0]} echoes a second', name, float(said.stdout)
        world.end(process)


def isolation(world, args):
    """Of every way to run, all in one round."""
    flood = compiled(world, 'flood')
    ways = ['holm', *ISOLATIONS] if os.access('/dev/kvm', os.R_OK | os.W_OK) else ['holm', 'process']
    for name in random.sample(ways, len(ways)):
        start = world.ours if name == 'holm' else functools.partial(world.monitored, name)
        process = start(WEBSITE, '--port=80', '--connections_max=512')
        world.wait_for(HOLM, 80)
        for connections in (1, 64, 256):
            before = cpu_s(process)
            said, count = wrk(world, HOLM, args.seconds, f'-c{connections}')
            what = f'requests, {connections} connections,'
            yield f'{what} per processor second', name, count / (cpu_s(process) - before)
            yield f'{what} a second', name, float(re.search(r'Requests/sec:\s+([\d.]+)', said)[1])
        world.end(process)
        process = start(ECHO)
        for way, port in (('in', 9), ('out', 19)):
            world.wait_for(HOLM, port)
            before, began = cpu_s(process), time.monotonic()
            moved = stream(world, HOLM, port, port == 9, args.seconds)
            took = time.monotonic() - began
            yield f'bulk {way} Gb/s', name, moved * 8 / took / 1e9
            yield f'bulk {way} GB per processor second', name, moved / 1e9 / (cpu_s(process) - before)
        before = cpu_s(process)
        said = subprocess.run(['ip', 'netns', 'exec', world.client, flood, 'udp', HOLM, '7', str(args.seconds)], check=True,
                              capture_output=True, text=True, preexec_fn=lambda: os.sched_setaffinity(0, {CLIENT_CPU}))
        yield 'echoes of UDP a second', name, float(said.stdout)
        yield 'echoes of UDP per processor second', name, float(said.stdout) * args.seconds / (cpu_s(process) - before)
        world.end(process)


class SlowLink:
    """A third namespace where the endpoint is bridged to a link that delays and loses."""

    def __init__(self, world, loss):
        self.world, self.loss = world, loss
        self.name = self.client = f'holm-l{os.getpid()}'

    def __enter__(self):
        link, world = self.name, self.world
        run('ip', 'netns', 'add', link)
        for tap in ('far', 'near', 'holm0'):
            run('ip', '-n', link, 'tuntap', 'add', 'dev', tap, 'mode', 'tap')
        self.carrier = world.start(link, compiled(world, 'slow_link'), 'far', 'near', '20', str(self.loss),
                                   str(random.randrange(1 << 30)), cpu=CLIENT_CPU)
        run('ip', '-n', link, 'link', 'add', 'lan', 'type', 'bridge')
        run('ip', '-n', link, 'link', 'add', 'veth1', 'type', 'veth', 'peer', 'name', 'veth1', 'netns', world.server)
        for member in ('near', 'holm0', 'veth1'):
            run('ip', '-n', link, 'link', 'set', member, 'master', 'lan', 'up')
        run('ip', '-n', link, 'link', 'set', 'lan', 'up')
        run('ip', '-n', world.server, 'addr', 'add', '10.78.0.3/24', 'dev', 'veth1')
        run('ip', '-n', world.server, 'link', 'set', 'veth1', 'up')
        run('ip', '-n', world.server, 'route', 'change', '10.78.0.0/24', 'dev', 'veth1', 'proto', 'kernel', 'scope', 'link',
            'src', '10.78.0.3', 'congctl', 'cubic')
        run('ip', '-n', link, 'addr', 'add', '10.78.0.1/24', 'dev', 'far')
        run('ip', '-n', link, 'link', 'set', 'far', 'up')
        return self

    def __exit__(self, *_):
        self.world.end(self.carrier)
        run('ip', '-n', self.world.server, 'link', 'del', 'veth1')
        run('ip', 'netns', 'del', self.name)


class Router:
    """A third namespace between the client and both endpoints, which drops a part of what it forwards."""

    def __init__(self, world, percent):
        self.world, self.percent = world, percent
        self.name, self.client = f'holm-r{os.getpid()}', world.client

    def __enter__(self):
        router, world = self.name, self.world
        run('ip', 'netns', 'add', router)
        for end, place, net in (('veth2', world.client, '10.79.0'), ('veth3', world.server, '10.79.1')):
            run('ip', '-n', router, 'link', 'add', end, 'type', 'veth', 'peer', 'name', end, 'netns', place)
            for where, host in ((router, 1), (place, 2)):
                run('ip', '-n', where, 'addr', 'add', f'{net}.{host}/24', 'dev', end)
                run('ip', '-n', where, 'link', 'set', end, 'up')
            run('ip', '-n', place, 'route', 'add', '10.79.0.0/16', 'via', f'{net}.1', 'congctl', 'cubic')
        run('ip', '-n', router, 'tuntap', 'add', 'dev', 'holm0', 'mode', 'tap')
        run('ip', '-n', router, 'link', 'set', 'holm0', 'txqueuelen', '1000')
        run('ip', '-n', router, 'addr', 'add', '10.79.2.1/24', 'dev', 'holm0')
        run('ip', '-n', router, 'link', 'set', 'holm0', 'up')
        run('ip', 'netns', 'exec', router, 'sysctl', '-q', 'net.ipv4.ip_forward=1')
        subprocess.run(['ip', 'netns', 'exec', router, 'nft', '-f', '-'], check=True, text=True, input=f"""
            table ip lossy {{
                chain both {{ type filter hook forward priority 0; numgen random mod 1000 < {round(self.percent * 10)} drop; }}
            }}""")
        return self

    def __exit__(self, *_):
        for end, place in (('veth2', self.world.client), ('veth3', self.world.server)):
            run('ip', '-n', place, 'link', 'del', end)
        run('ip', 'netns', 'del', self.name)


def lossy(world, args, line, network, kernel, what):
    """A stream of each endpoint behind such a line, from where its TAP device is."""
    with line:
        processes = [world.start(line.name, ECHO, '--network=stack', '--net=service=tap:holm0',
                                 f'--ipv4={network}.2/24,{network}.1'),
                     world.start(world.server, sys.executable, '-c', KERNEL_PEER)]
        time.sleep(1)
        for name, address in (('holm', f'{network}.2'), ('kernel', kernel)):
            moved = stream(world, address, 19, False, args.seconds * 5, line.client)
            yield f'{what} Mb/s', name, moved * 8 / (args.seconds * 5) / 1e6
        for process in processes:
            world.end(process)


def loss(world, args):
    for percent in (2, 5):
        yield from lossy(world, args, SlowLink(world, percent), '10.78.0', '10.78.0.3', f'{percent} % loss')


def nft(world, args):
    for percent in (0.1, 1, 5):
        yield from lossy(world, args, Router(world, percent), '10.79.2', '10.79.1.2', f'nft {percent} %')


def memory(world, args):
    for name, process, address in webs(world):
        base, held = memory_bytes(process), []
        yield 'memory at start MB', name, base[0] / 1e6
        yield 'memory at start, its own MB', name, base[1] / 1e6
        resource.setrlimit(resource.RLIMIT_NOFILE, (11000, 11000))
        with inside(world.client):
            for wanted in (1000, 10000):
                while len(held) < wanted:
                    held.append(socket.create_connection((address, 80), 5))
                time.sleep(0.3)
                resident, own = memory_bytes(process)
                yield f'memory of {wanted} idle MB', name, resident / 1e6
                yield f'memory of {wanted} idle, its own MB', name, own / 1e6
        for s in held: # by a reset: ports in TIME-WAIT would be missing to the rounds that follow
            s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack('ii', 1, 0))
            s.close()


CASES = {'bulk': bulk, 'requests': requests, 'latency': latency, 'close': close, 'echo': echo, 'loss': loss, 'nft': nft,
         'memory': memory, 'isolation': isolation}


STACK = 'ethernet arp neighbour ip icmp udp tcp dhcp mld ndp tcpip'.split()


def stack_lines():
    """Lines of Holm's TCP/IP that are neither blank nor comment, headers included."""
    count = 0
    for part in STACK:
        for file in [*(ROOT / 'proto' / part / 'src').glob('*.[ch]'), *(ROOT / 'proto' / part / 'include').rglob('*.h')]:
            text = re.sub(r'/\*.*?\*/', '', file.read_text(), flags=re.S)
            count += sum(1 for line in text.splitlines() if line.strip())
    return count


def main():
    parser = argparse.ArgumentParser(usage=__doc__.replace('%', '%%'))
    parser.add_argument('--json', action='store_true')
    parser.add_argument('--rounds', type=int, default=5)
    parser.add_argument('--seconds', type=int, default=2)
    parser.add_argument('--only', nargs='+', choices=CASES, default=list(CASES))
    args = parser.parse_args()
    if os.geteuid() != 0:
        sys.exit('bench_network: needs root, for namespaces and a TAP device')
    found = {}
    with World() as world:
        for _ in range(args.rounds):
            for case in random.sample(args.only, len(args.only)):
                for what, who, figure in CASES[case](world, args):
                    found.setdefault(what, {}).setdefault(who, []).append(figure)
    middle = {what: {who: statistics.median(x) for who, x in of.items()} for what, of in found.items()}
    if args.json:
        print(json.dumps(middle, indent=2))
        return
    for what, of in middle.items():
        first, *others = sorted(of, key=lambda who: who != 'holm')
        said = [f'{who} {of[who]:12,.3f}   ratio {of[who] / of[first] if who in ISOLATIONS else of[first] / of[who]:.2f}'
                for who in others]
        print(f'{what:46} {first} {of[first]:12,.3f}', *said, sep='   ')
    print(f'{"lines of the stack":46} {stack_lines():,}')


if __name__ == '__main__':
    main()
