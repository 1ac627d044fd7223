#!/usr/bin/python3
# SPDX-License-Identifier: ISC
"""bench_boot.py [--json] [RUNS]: from spawn to exit: an image under the monitor, ÷ a static program without libc that
only exits, and in a virtual machine, where there is /dev/kvm. With MONITOR, a program that starts a machine, and its
arguments in words, that too, ÷ which a machine shall take 1.3. Runs are interleaved; medians."""
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

BUILD = Path(os.environ.get('BUILD', Path(__file__).parents[1] / 'build/release'))
FLOOR = '''.globl _start
_start:
    movl $231, %eax
    xorl %edi, %edi
    syscall
'''
GOALS = {'holm run --exec': 1.8, 'holm run': 8}  # ÷ the static program


def has_machines(image):
    return subprocess.run([str(BUILD / 'holm'), 'run', '--isolation=kvm', *image], capture_output=True, check=False).returncode == 0


def spawn(words):
    begun = time.perf_counter_ns()
    process = os.posix_spawn(words[0], words, {}, file_actions=[(os.POSIX_SPAWN_OPEN, 1, '/dev/null', os.O_WRONLY, 0)])
    _, status = os.waitpid(process, 0)
    taken = time.perf_counter_ns() - begun
    if status != 0:
        sys.exit(f'bench_boot: {words[0]}: status {status}')
    return taken


def main():
    words = [x for x in sys.argv[1:] if x != '--json']
    runs = int(words[0]) if words else 201
    with tempfile.TemporaryDirectory() as folder:
        floor = Path(folder, 'floor')
        subprocess.run(['clang-19', '-nostdlib', '-static', '-x', 'assembler', '-', '-o', floor], input=FLOOR.encode(), check=True)
        image = [str(BUILD / 'hello.holm'), '--count=1']
        kinds = {
            'static, no libc': [str(floor)],
            'hello as a program of the host': [str(BUILD / 'hello'), '--count=1'],
            'holm run --exec': [str(BUILD / 'holm-exec'), *image],
            'holm run': [str(BUILD / 'holm'), 'run', *image],
        }
        if has_machines(image):
            kinds['holm run --exec --isolation=kvm'] = [str(BUILD / 'holm-exec'), '--isolation=kvm', *image]
            kinds['holm run --isolation=kvm'] = [str(BUILD / 'holm'), 'run', '--isolation=kvm', *image]
            if 'MONITOR' in os.environ:
                kinds['MONITOR'] = os.environ['MONITOR'].split()
        else:
            print('without virtual machines: the host has none for us', file=sys.stderr)
        kinds = {k: x for k, x in kinds.items() if Path(x[0]).exists()}
        taken = {k: [] for k in kinds}
        for _ in range(runs):
            for kind, command in kinds.items():
                taken[kind].append(spawn(command))
    floor_ns = statistics.median(taken['static, no libc'])
    result = {k: {'us': round(statistics.median(x) / 1000, 1), 'ratio': round(statistics.median(x) / floor_ns, 2)}
              for k, x in taken.items()}
    if '--json' in sys.argv:
        print(json.dumps(result))
        return
    for kind, x in result.items():
        goal = f'   (goal {GOALS[kind]})' if kind in GOALS else ''
        print(f'{kind:32} {x["us"]:8.1f} µs  {x["ratio"]:5.2f}{goal}')


main()
