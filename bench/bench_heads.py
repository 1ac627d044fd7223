#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""bench_heads.py [--json] [--rounds N]: nanoseconds that the parser of request heads takes.

Beside ours, as it is shipped, stand ours without traps and the prototype of the project's design,
compiled with our flags; it is looked for in the folder that HOLM_EXAMPLES names, or in
../shared/design/examples, and left out where it is not. Every round measures each parser in turn;
what is printed are medians of processor time and of ours divided by the other's in the same round. The
ratios count: other work on the machine makes all of them slower. Needs build/release and build/untrapped, as ./dev bench makes.
"""
import argparse
import ctypes
import json
import os
import random
import statistics
import subprocess
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
EXAMPLES = Path(os.environ.get('HOLM_EXAMPLES', ROOT.parent / 'shared/design/examples'))
ROUND_NS = 2_000_000
WHOLE = 1 << 20
NAMES = ('Host', 'Accept', 'Referer', 'X-Request-Id', 'If-None-Match', 'Cache-Control', 'Accept-Language')
VALUES = 'abcdefghijklmnopqrstuvwxyz0123456789/.,;=-+ "'
BROWSER = '\r\n'.join((
    'GET /en/docs/start?page=2 HTTP/1.1', 'Host: www.example.org',
    'User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0',
    'Accept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8',
    'Accept-Language: en-US,en;q=0.5', 'Accept-Encoding: gzip, deflate, br', 'Connection: keep-alive',
    'Upgrade-Insecure-Requests: 1', 'Sec-Fetch-Dest: document', 'Sec-Fetch-Mode: navigate',
    'Sec-Fetch-Site: none', '', ''))


class Bytes(ctypes.Structure):
    """struct holm_bytes."""
    _fields_ = [('ptr', ctypes.c_char_p), ('len', ctypes.c_size_t)]


class Heads(ctypes.Structure):
    """struct heads of heads.c."""
    _fields_ = [('count', ctypes.c_size_t), ('list', Bytes * 1000)]

    def __init__(self, texts):
        super().__init__(len(texts), tuple(Bytes(x.encode(), len(x)) for x in texts))
        self.bytes = sum(len(x) for x in texts)


def field(pick, length):
    return f'{pick.choice(NAMES)}: {"".join(pick.choices(VALUES, k=length))}x\r\n'


def varied(pick):
    """A head of 3 to 14 fields of random lengths, so that no branch predictor learns it."""
    lengths = [pick.randrange(60, 160) if pick.randrange(8) == 0 else pick.randrange(30)
               for _ in range(pick.randint(3, 14))]
    return f'GET /{"p" * pick.randrange(60)} HTTP/1.1\r\n{"".join(field(pick, x) for x in lengths)}\r\n'


def of_length(pick, length):
    text = 'GET / HTTP/1.1\r\n'
    while length - len(text) > 160:
        text += field(pick, 100)
    return f'{text}X: {"v" * (length - len(text) - 7)}\r\n\r\n'


def cases():
    """Gives name, heads, and how many bytes come at a time."""
    pick = random.Random(1)
    yield 'browser', Heads([BROWSER]), WHOLE
    yield 'varied', Heads([varied(pick) for _ in range(1000)]), WHOLE
    for length in (512, 2048, 8192):
        yield f'{length} bytes by 64', Heads([of_length(pick, length)]), 64


def parser(folder, name, flags, *sources):
    """One parser with heads.c as a shared object, in a process of its own: where a library lies among
    others is worth a tenth of the time. Calls within it are direct, as in an image."""
    file = folder / f'{name}.so'
    subprocess.run(['clang-19', *flags, '-shared', '-Wl,-Bsymbolic', '-Wl,-Bsymbolic', '-fuse-ld=lld-19', '-o', file,
                    ROOT / 'bench/heads.c', *sources], check=True)
    return ProcessPoolExecutor(1, initializer=load, initargs=(str(file),))


def load(file):
    """In the process of one parser: makes it what once_ns calls."""
    global parse
    parse = ctypes.CDLL(file).bench_heads_parse
    parse.argtypes, parse.restype = (ctypes.POINTER(Heads), ctypes.c_size_t, ctypes.c_size_t), ctypes.c_size_t


CASES = tuple(cases())


def parsers_make(folder):
    release, plain = ([x for x in (ROOT / f'build/{build}/flags.txt').read_text().splitlines()
                       if x and not x.startswith(('-W', '-ffreestanding', '-nostdlibinc'))]
                      for build in ('release', 'untrapped'))
    ours = [f'-I{ROOT / x}/include' for x in ('core', 'proto/http')]
    found = {}
    for name, flags in (('ours', release), ('ours without traps', plain)):
        build = ROOT / 'build' / ('release' if flags is release else 'untrapped')
        found[name] = parser(folder, name, [*flags, *ours], build / 'proto/http/libholm_http.a',
                           build / 'core/libholm_core.a')
    theirs = EXAMPLES / 'http-head'
    if not theirs.is_dir():
        return found, f'{theirs} is not there: no comparison with the prototype'
    found['prototype'] = parser(
        folder, 'prototype', [*release, f'-I{theirs}/core/include', f'-I{theirs}/proto/http/include',
                              f'-I{theirs}/core/machine/x86_64'], theirs / 'proto/http/src/http_head.c')
    return found, ''


def once_ns(case, loops):
    """In the process of one parser: nanoseconds of processor time that a head of the case takes."""
    _, heads, step = CASES[case]
    start = time.thread_time_ns()
    taken = parse(heads, step, loops)
    spent = time.thread_time_ns() - start
    assert taken == heads.bytes * loops, 'a parser refused a head'
    return spent / loops / heads.count


def measure(parsers, case, rounds):
    """Nanoseconds a head of each parser, and ours over each within a round; medians."""
    def turn(name, loops):
        return parsers[name].submit(once_ns, case, loops).result()
    count = CASES[case][1].count
    loops = {name: max(1, int(ROUND_NS / count / turn(name, 10))) for name in parsers}
    times = {name: [] for name in parsers}
    for _ in range(rounds):
        for name in random.sample(sorted(parsers), len(parsers)):
            times[name].append(turn(name, loops[name]))
    ratios = {name: [a / b for a, b in zip(times['ours'], x)] for name, x in times.items() if name != 'ours'}
    return [{name: statistics.median(x) for name, x in of.items()} for of in (times, ratios)]


def main():
    arguments = argparse.ArgumentParser(usage=__doc__)
    arguments.add_argument('--json', action='store_true')
    arguments.add_argument('--rounds', type=int, default=41)
    options = arguments.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        parsers, missing = parsers_make(Path(folder))
        for case, (name, heads, _) in enumerate(CASES):
            ns, ratio = measure(parsers, case, options.rounds)
            row = {'bench': f'heads {name}', 'bytes': heads.bytes // heads.count,
                   'ns': {x: round(y, 1) for x, y in ns.items()},
                   'ns_per_byte': round(ns['ours'] * heads.count / heads.bytes, 3),
                   'ratio': {x: round(y, 3) for x, y in ratio.items()}}
            if options.json:
                print(json.dumps(row | ({'note': missing} if missing else {})), flush=True)
                continue
            others = ''.join(f', {x} {ns[x]:.1f} (ratio {y:.2f})' for x, y in row['ratio'].items())
            print(f'{row["bench"]}, {row["bytes"]} bytes: {ns["ours"]:.1f} ns, '
                  f'{row["ns_per_byte"]:.3f} ns a byte{others}', flush=True)
        for process in parsers.values():
            process.shutdown()
        if missing and not options.json:
            print(f'bench_heads: {missing}')


if __name__ == '__main__':
    main()
