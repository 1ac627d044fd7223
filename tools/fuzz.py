#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""fuzz.py [NAME] [SECONDS] | --all MINUTES | --long [NAME] | --reached [NAME]: looks for input that makes a
target crash (./dev fuzz builds both presets first), then tells how far it came: runs, runs a second, edges,
when the last new edge was seen, and which lines of the sources that the target is for no input ever reached.
--long: each target 10 million runs or 20 processor minutes, and on until a quarter of the runs gave no new
edge, at most four times as long.

A target starts from its seeds, from what earlier runs found (build/found/NAME), and from published inputs
in the folder HOLM_VECTORS (default ../shared/vectors). Lines are counted by replaying all of these in the
preset coverage, which does not slow the search. Status 1: an input was found; it lies in build/found.
"""
import argparse
import os
import re
import resource
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
FOUND = ROOT / 'build/found'
LONG_RUNS, LONG_S = 10_000_000, 20 * 60
VECTORS = Path(os.environ.get('HOLM_VECTORS', ROOT / '../shared/vectors'))


def targets(preset):
    """Gives of each target: name, program, seeds, kind of vectors, sources."""
    for line in (ROOT / f'build/{preset}/fuzzers.txt').read_text().splitlines():
        name, program, seeds, vectors, of = line.split(' ')
        yield name, program, Path(seeds), vectors.rstrip('-'), of.split(':')


def http_texts():
    """The messages of two published corpora, as bytes: one writes line ends as escapes."""
    for file in sorted(VECTORS.glob('http/llhttp/**/*.md')):
        for text in re.findall(r'^```http\n(.*?)^```', file.read_text(), re.M | re.S):
            text = text.rstrip('\n').replace('\\\n', '').replace('\n', '\r\n')
            yield text.encode('latin-1', 'replace').decode('unicode_escape', 'replace').encode('latin-1', 'replace')
    for file in sorted(VECTORS.glob('http/gunicorn-requests/**/*.http')):
        text = file.read_bytes().replace(b'\r', b'').replace(b'\n', b'')
        yield text.replace(b'\\r', b'\r').replace(b'\\n', b'\n')


def vectors_folders(kind):
    """Folders of published inputs. http_step: a byte that says how large the pieces are comes first."""
    if kind == 'pcap':
        return [x for x in VECTORS.glob('pcap/*') if x.is_dir()]
    if kind not in ('http', 'http_step'):
        return []
    folder = FOUND / 'vectors' / kind
    folder.mkdir(parents=True, exist_ok=True)
    for number, text in enumerate(http_texts()):
        (folder / str(number)).write_bytes((b'\x06' if kind == 'http_step' else b'') + text)
    return [folder]


def search(target, seconds):
    """Runs one target; gives whether it found nothing, and [(runs, edges)] as the search went on."""
    name, program, seeds, vectors, _ = target
    found, log = FOUND / name, FOUND / f'{name}.log'
    found.mkdir(parents=True, exist_ok=True)
    words = seeds.with_name(seeds.name + '.dict')
    command = [program, f'-max_total_time={seconds}', f'-artifact_prefix={FOUND}/{name}-',
               *([f'-dict={words}'] if words.exists() else []), found, seeds, *vectors_folders(vectors)]
    with open(log, 'wb') as out:
        status = subprocess.run(command, stdout=out, stderr=out).returncode
    text = log.read_text(errors='replace')
    if status:
        print(f'{name}: FOUND, see {log}', *text.splitlines()[-40:], sep='\n')
    seen = re.findall(r'^#(\d+)\s+\w+\s+cov: (\d+)', text, re.M)
    return status == 0, [(int(x), int(y)) for x, y in seen] or [(0, 0)]


def processor_seconds():
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def fuzz(target, seconds, long=False):
    """Searches with one target and tells how far it came; answers whether it found nothing."""
    start, runs, edges, last, good, enough = processor_seconds(), 0, 0, 0, True, False
    while good and not enough:
        good, seen = search(target, seconds)
        last = next((runs + x for x, y in seen if y == seen[-1][1]), last) if seen[-1][1] > edges else last
        edges, runs = max(edges, seen[-1][1]), runs + seen[-1][0]
        share = max(runs / LONG_RUNS, (processor_seconds() - start) / LONG_S)
        enough = not long or share >= 4 or (share >= 1 and last <= runs * 3 / 4)
    spent = processor_seconds() - start
    print(f'{target[0]}: {runs:,} runs in {spent / 60:.1f} processor minutes, {runs / max(spent, 1):,.0f} a second, '
          f'{edges} edges, the last new one after {100 * last // max(runs, 1)} % of the runs', flush=True)
    return good


def ranges(numbers):
    """Gives "3-5 9" for 3 4 5 9."""
    rows = []
    for number in numbers:
        if rows and rows[-1][1] == number - 1:
            rows[-1][1] = number
        else:
            rows.append([number, number])
    return ' '.join(str(a) if a == b else f'{a}-{b}' for a, b in rows)


def tell(source, lines):
    """Prints how much of a source was reached; lines: a number of a line, whether it was."""
    never = sorted(x for x, hit in lines.items() if not hit)
    print(f'  {source}: {len(lines) - len(never)} of {len(lines)} lines, '
          f'{100 * (len(lines) - len(never)) / max(len(lines), 1):.1f} %'
          + (f'; never: {ranges(never)}' if never else ''), flush=True)


def reached(target, together):
    """Replays all inputs of a target, prints of its sources what was not reached, and adds to together
    what it reached of the sources of all targets."""
    name, program, seeds, vectors, of = target
    raw, profile = FOUND / f'{name}.raw', FOUND / f'{name}.profile'
    folders = [x for x in (FOUND / name, seeds, *vectors_folders(vectors)) if x.is_dir() and any(x.iterdir())]
    subprocess.run([program, *folders], env=os.environ | {'LLVM_PROFILE_FILE': str(raw)}, check=True,
                   stdout=subprocess.DEVNULL)
    subprocess.run(['llvm-profdata-19', 'merge', '-sparse', '-o', profile, raw], check=True)
    said = subprocess.run(['llvm-cov-19', 'export', '-format=lcov', f'-instr-profile={profile}', program],
                          capture_output=True, text=True, check=True).stdout
    for part in said.split('end_of_record\n'):
        path = re.search(r'^SF:(.*)$', part, re.M)
        source = next((x for x in together if path and (path[1] == x or path[1].endswith('/' + x))), None)
        if source is None:
            continue
        lines = {}
        for line, hits in re.findall(r'^DA:(\d+),(\d+)', part, re.M):
            lines[int(line)] = lines.get(int(line), False) or hits != '0'
            together[source][int(line)] = together[source].get(int(line), False) or hits != '0'
        if source in of:
            tell(source, lines)


def main():
    parser = argparse.ArgumentParser(prog='./dev fuzz', description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('name', nargs='?')
    parser.add_argument('seconds', nargs='?', type=int, default=60)
    how = parser.add_mutually_exclusive_group()
    how.add_argument('--all', type=float, metavar='MINUTES')
    how.add_argument('--long', action='store_true')
    how.add_argument('--reached', action='store_true')
    asked = parser.parse_args()
    chosen = [x for x in targets('fuzz') if asked.name in (None, x[0])]
    if not chosen:
        sys.exit(f'fuzz: no target has the name {asked.name}: {" ".join(x[0] for x in targets("fuzz"))}')
    if asked.all:
        asked.seconds = max(1, int(asked.all * 60 / len(chosen)))
    replays, good = {x[0]: x for x in targets('coverage')}, True
    together = {source: {} for target in chosen for source in target[4]}
    for target in chosen:
        good = (asked.reached or fuzz(target, asked.seconds, asked.long)) and good
        reached(replays[target[0]], together)
    if len(chosen) > 1:
        print('All targets together:')
        for source, lines in together.items():
            tell(source, lines)
    sys.exit(0 if good else 1)


main()
