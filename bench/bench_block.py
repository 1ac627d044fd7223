#!/usr/bin/python3
# SPDX-License-Identifier: ISC
"""bench_block.py [--json] [RUNS]: reads of a block device by an image under the monitor, ÷ the same reads of a plain
program, of a file that the host has in memory. Runs are interleaved; medians of bytes a second."""
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).parent
BUILD = Path(os.environ.get('BUILD', HERE.parent / 'build/release'))
SIZE, GOAL = 64 << 20, 0.9
PIECES = {4096: 16384, 65536: 2048}  # bytes of a read: how many here and there


def image(disk, piece, randoms, at_once):
    said = subprocess.run([BUILD / 'holm', 'run', f'--block=disk={disk},ro', BUILD / 'block_check.holm', '--write=false',
                           f'--piece={piece}', f'--random-reads={randoms}', f'--at-once={at_once}'],
                          stdout=subprocess.PIPE, check=True).stdout.decode()
    return [int(x) for x in re.findall(r'bytes, (\d+) us', said)]


def plain(program, disk, piece, randoms):
    said = subprocess.run([program, disk, str(piece), str(randoms)], stdout=subprocess.PIPE, check=True).stdout
    return [int(x) for x in said.split()]


def main():
    words = [x for x in sys.argv[1:] if x != '--json']
    runs = int(words[0]) if words else 21
    taken = {}
    with tempfile.TemporaryDirectory() as folder:
        disk, program = Path(folder, 'disk'), Path(folder, 'plain')
        disk.write_bytes(os.urandom(SIZE))
        subprocess.run(['clang-19', '-O2', '-o', program, HERE / 'plain_block.c'], check=True)
        for _ in range(runs):
            for piece, randoms in PIECES.items():
                for who, us in (('plain', plain(program, disk, piece, randoms)), ('image', image(disk, piece, randoms, 16)),
                                ('image, one at a time', image(disk, piece, randoms, 1))):
                    for how, count, x in (('sequential', SIZE // piece, us[0]), ('random', randoms, us[1])):
                        taken.setdefault((how, piece, who), []).append(count * piece / x)
    result = [{'how': how, 'bytes': piece, 'who': who, 'MB_s': round(statistics.median(x)),
               'ratio': round(statistics.median(x) / statistics.median(taken[how, piece, 'plain']), 2)}
              for (how, piece, who), x in taken.items()]
    if '--json' in sys.argv:
        print(json.dumps(result))
        return
    for x in result:
        goal = f'   (goal {GOAL})' if x['who'] == 'image' else ''
        print(f'{x["how"]:10} {x["bytes"]:6} bytes  {x["who"]:20} {x["MB_s"]:6} MB/s  {x["ratio"]:5.2f}{goal}')


main()
