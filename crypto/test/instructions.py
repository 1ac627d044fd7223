#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""instructions.py PROGRAM EMULATOR: how many instructions of aarch64 things take at each level, of PROGRAM (repeat.c), as qemu-user
counts them: the second time, of two. A level that is there for something has to take less than the one before it, so
it is seen to be used, and others as much. Nothing is said of time."""
import os
import subprocess
import sys
import threading

SKIPPED = 77
LEVELS = ('base', 'neon', 'crypto', 'sha3')
# What has a level of its own: at most so much of what the level before takes.
LESS = {('AES-128-GCM', 'crypto'): 0.1, ('ChaCha20-Poly1305', 'neon'): 0.95, ('SHA-256', 'crypto'): 0.2, ('SHA-512', 'sha3'): 0.4,
        ('ML-KEM-768', 'sha3'): 0.95}
PROVED = 'X25519', 'P-256' # at neon, where the assembly was fetched
NAMES = [*dict.fromkeys(name for name, _ in LESS), *PROVED]


def count(program, emulator, level, name, times):
    """Instructions from the start to the end: qemu writes a line for each into a pipe."""
    ours, its = os.pipe()
    lines = [0]

    def read():
        with os.fdopen(ours, 'rb') as file:
            while block := file.read(1 << 20):
                lines[0] += block.count(b'\n')

    reader = threading.Thread(target=read)
    reader.start()
    done = subprocess.run([emulator, '-singlestep', '-d', 'exec,nochain', '-D', f'/dev/fd/{its}', program, level, name, str(times)],
                          pass_fds=[its])
    os.close(its)
    reader.join()
    assert done.returncode == 0, (level, name, done)
    return lines[0]


def main():
    program, emulator = sys.argv[1:]
    if 'aarch64' not in emulator:
        print('skipped: these are counted for aarch64')
        return SKIPPED
    wrong = 0
    for name in NAMES:
        took = [count(program, emulator, x, name, 2) - count(program, emulator, x, name, 1) for x in LEVELS]
        print(f'{name}: {", ".join(f"{level} {x:,}" for level, x in zip(LEVELS, took))}', flush=True)
        for level, before, now in zip(LEVELS[1:], took, took[1:]):
            most = LESS.get((name, level))
            same = abs(now - before) * 100 <= before or (name in PROVED and level == 'neon')
            if (most is None and not same) or (most is not None and now > most * before):
                print(f'    {level} must take {"the same" if most is None else f"at most {most} of that"}')
                wrong += 1
    return 1 if wrong else 0


sys.exit(main())
