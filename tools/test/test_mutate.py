#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""test_mutate.py BUILD: bugs of a small library, each of which a certain net must catch first; one
that is none, one that nothing catches; and an end in the middle, which leaves nothing behind. Run
from the root; 77 is "skipped"."""
import json
import shutil
import signal
import subprocess
import sys
from pathlib import Path

BUILD = Path(sys.argv[1]).resolve()
TREE = BUILD / 'mutate-test'
TOOLS = ('frama-c', 'why3', 'z3', 'cvc4', 'clang-tidy-19', 'git', 'prlimit')
# The function, a line of its mutant, and the net that catches it first.
WANTED = [
    ('holm_planted_third', '+    {}', 'compiler'),
    ('holm_planted_whole', '+    uint32_t parts = 0;', 'tidy'),
    ('holm_planted_whole', '+    uint32_t parts = 2;', 'tests'),
    ('holm_planted_larger', '+    return a < b ? a : b;', 'tests'),
    ('holm_planted_larger', '+    return a;', 'compiler'),
    ('holm_planted_low', '+    return value < 99 ? value : 98;', 'proofs'),
    ('holm_planted_low', '+    return value < 98 ? value : 99;', 'proofs'),
    ('holm_planted_low', '+    return value <= 99 ? value : 99;', 'harmless'),
    ('holm_planted_any_zero', '+    struct holm_bytes head = { in.ptr, 3 };', 'sanitizers'),
    ('holm_planted_name', '+    return HOLM_AT(names, number & 4);', 'fuzz'),
    ('holm_planted_most', '+    if (len >= 4)', 'harmless'),
    ('holm_planted_unseen', '+    return value - step;', 'survived'),
]
COMMAND = [sys.executable, '-B', 'tools/mutate.py', '--seed', '1', '--fuzz', '2']


def tree_make():
    shutil.rmtree(TREE, ignore_errors=True)
    shutil.copytree('tools/test/mutate', TREE)
    for folder in ('cmake', 'core', 'tools'):
        shutil.copytree(folder, TREE / folder, ignore=shutil.ignore_patterns('__pycache__'))
    for folder in ('src', 'include'):
        shutil.copytree(f'test/{folder}', TREE / 'testing' / folder)
    for file in ('CMakePresets.json', '.clang-tidy', '.gitignore'):
        shutil.copy(file, TREE)
    subprocess.run(['git', 'init', '-q'], cwd=TREE, check=True)


def files():
    return {x: x.read_bytes() for x in TREE.rglob('*') if x.is_file() and TREE / 'build' not in x.parents}


def outcomes_check():
    done = subprocess.run([*COMMAND, '--json', 'planted'], cwd=TREE, capture_output=True, text=True)
    if done.returncode != 1 or not done.stdout:  # some survived
        sys.exit(f'ended with {done.returncode}\n{done.stdout}{done.stderr}')
    results = json.loads(done.stdout)['results']
    failed = []
    for function, line, net in WANTED:
        first = [x['first'] for x in results if x['function'] == function and line in x['diff'].splitlines()]
        if first != [net]:
            failed.append(f'{function}: {line}: wanted {net}, got {first}')
    if failed:
        sys.exit('\n'.join([*failed, done.stderr]))
    print(f'{len(WANTED)} of {len(results)} bugs and their nets are as wanted')


def same_seed_check():
    lists = [subprocess.run([*COMMAND, '--list', '--count', '5', 'planted'], cwd=TREE, capture_output=True,
                            text=True, check=True).stdout for _ in range(2)]
    assert lists[0] == lists[1] and lists[0].count('planted/src/') == 5, lists


def interrupt_check():
    process = subprocess.Popen([*COMMAND, 'planted'], cwd=TREE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    for line in process.stderr:
        if line.startswith('   1 '):
            process.send_signal(signal.SIGINT)
            break
    said = process.communicate()[0]
    assert process.returncode == 130 and 'caught: ' in said, (process.returncode, said)
    left = [x for x in Path('/proc').glob('[0-9]*/cmdline') if str(TREE).encode() in read(x)]
    assert not left, [read(x) for x in left]


def read(file):
    try:
        return file.read_bytes()
    except OSError:  # it ended meanwhile
        return b''


missing = [x for x in TOOLS if not shutil.which(x)]
if missing:
    print(f'skipped: {", ".join(missing)} not here')
    sys.exit(77)
tree_make()
before = files()
outcomes_check()
same_seed_check()
interrupt_check()
assert files() == before, 'the tree changed'
shutil.rmtree(TREE)
