#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""builds.py: the library with the proved assembly, without it, with an archive that is cut short, and with a file that was
changed: each builds, says so in one line if it does without, and answers the same questions rightly."""
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOURCES = ROOT / 'build/sources'
SKIPPED = 77
TESTS = ('vectors.py', 'edges_public.py')


def run(*command, **more):
    return subprocess.run([str(x) for x in command], capture_output=True, text=True, **more)


def fetch(folder, archive):
    """Status and lines of tools/fetch.py for an archive."""
    done = run(sys.executable, '-B', ROOT / 'tools/fetch.py', folder,
               env=os.environ | {'HOLM_SOURCE_S2N_BIGNUM': str(archive)})
    return done.returncode, done.stderr.splitlines()


def build(folder, sources):
    """The line that says that something is missing, and the program that answers."""
    done = run('cmake', '--preset', 'release', '-B', folder, f'-DHOLM_SOURCES={sources}', cwd=ROOT)
    assert done.returncode == 0, done.stdout + done.stderr
    lines = [x for x in done.stdout.splitlines() if 'without s2n-bignum' in x]
    done = run('cmake', '--build', folder, '--target', 'crypto_answer', '--', '-j2')
    assert done.returncode == 0, done.stdout[-3000:]
    needed = {x.split()[-1] for x in run('llvm-nm-19', '-u', folder / 'crypto/libholm_crypto.a').stdout.splitlines() if ' U ' in x}
    foreign = {x for x in needed if not x.startswith(('holm_', 'mem', '__stack_chk'))}
    assert not foreign, foreign
    proved = 'holm_proved__' in run('llvm-nm-19', folder / 'crypto/crypto_answer').stdout
    return lines, folder / 'crypto/crypto_answer', proved


def main():
    with tempfile.TemporaryDirectory() as scratch:
        scratch = Path(scratch)
        status, lines = fetch(scratch / 'whole', SOURCES / 's2n-bignum')
        if status:
            print(f'skipped: {lines}')
            return SKIPPED
        cut = scratch / 'cut.tar.gz'
        run('tar', 'czf', cut, '-C', SOURCES.parent, SOURCES.name)
        cut.write_bytes(cut.read_bytes()[:-1000])
        status, lines = fetch(scratch / 'cut', cut)
        assert status == 1 and len(lines) == 1 and not (scratch / 'cut/s2n-bignum').exists(), lines
        shutil.copytree(scratch / 'whole', scratch / 'changed')
        with (scratch / 'changed/s2n-bignum/x86_att/p256/p256_scalarmul.S').open('a') as file:
            file.write('\n')
        status, lines = fetch(scratch / 'refused', scratch / 'changed/s2n-bignum')
        assert status == 1 and len(lines) == 1 and not (scratch / 'refused/s2n-bignum').exists(), lines
        for name, wanted in (('whole', True), ('none', False), ('cut', False), ('changed', False)):
            lines, program, proved = build(scratch / f'build-{name}', scratch / name)
            assert len(lines) == (not wanted) and proved == wanted, (name, lines, proved)
            for test in TESTS:
                done = run(sys.executable, '-B', ROOT / 'crypto/test' / test, '--level=avx2', program)
                assert done.returncode in (0, SKIPPED), f'{name}: {test}\n{done.stdout[-2000:]}'
            print(f'{name}: built {"with" if proved else "without"} the proved assembly; {", ".join(TESTS)} passed')
    return 0


sys.exit(main())
