#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""mutate.py [NAME...] [--seed N] [--count N] [--minutes N] [--all-nets N] [--fuzz SECONDS] [--json] [--list]

Do the nets hold? Seeds one bug at a time into the parsers and machines and says which net catches
it (docs/design/mutants.md). It works in a copy of the tree, build/mutate/tree, and never in the
tree itself. NAME is part of a file's name, or FILE:FUNCTION: http_chunk, text_number.c:scaled.

--seed      draws the mutants; without it, one that is printed
--count     how many (200)
--minutes   begin no other mutant after that time (90)
--all-nets  ask every net of the first N, not only up to the one that catches
--fuzz      seconds for each fuzz target (5)
--json      print the results as JSON; what happens meanwhile goes to stderr
--list      print the mutants that would be tried, and try none

Ends with 0 if nothing survived, 1 if something did, 2 if a net is torn without any bug.
"""
import argparse
import difflib
import fcntl
import json
import os
import random
import re
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from mutate_c import mutants

ROOT = Path(__file__).resolve().parents[1]
WORK = ROOT / 'build' / 'mutate'
TREE = WORK / 'tree'
JOBS = 2
SCOPE = ['core/include/holm/bytes.h', 'core/src/bytes.c', 'core/src/checksum.c', 'core/src/parameter*.c',
         'core/src/text*.c', 'proto/*/src/*.c', 'proto/http/io/src/http_archive.c', 'proto/http/io/src/http_url.c']
PROOF_MAX_S, TEST_MIN_S, OUTPUT_MAX = 900, 30, 64 << 20
# What a line of a tool's output looks like that says what is wrong.
TELLING = re.compile(r'error: |: FAILED|^FAIL|failed|SUMMARY: |not proved|vacuous|Assertion|ERROR: |deadly', re.M)
running = set()


class Torn(Exception):
    """A net that catches something where there is no bug."""


def run(command, cwd, timeout_s=600):
    """Runs a program; gives whether it ended well, and what it said. Leaves none of its children behind."""
    with tempfile.TemporaryFile() as out:
        process = subprocess.Popen([str(x) for x in command], cwd=cwd, stdin=subprocess.DEVNULL, stdout=out,
                                   stderr=subprocess.STDOUT, start_new_session=True)
        running.add(process)
        try:
            good, end = process.wait(timeout_s) == 0, ''
        except subprocess.TimeoutExpired:
            good, end = False, f'\nfailed: did not end in {timeout_s:.0f} s'
        finally:
            end_session(process)
            running.discard(process)
        out.seek(0)
        return good, out.read(1 << 20).decode(errors='replace') + end


def end_session(process):
    """Ends a program with all that it started: ninja gives its children groups of their own."""
    process.kill()
    for stat in Path('/proc').glob('[0-9]*/stat'):
        try:
            if int(stat.read_text().rpartition(')')[2].split()[3]) == process.pid:
                os.kill(int(stat.parent.name), signal.SIGKILL)
        except OSError:  # it has ended meanwhile
            pass
    process.wait()


def each(function, items):
    """Gives the function's answers for all items; two are worked on at a time."""
    pool = ThreadPoolExecutor(JOBS)
    try:
        return list(pool.map(function, items))
    except BaseException:
        pool.shutdown(wait=False, cancel_futures=True)
        for process in list(running):
            end_session(process)
        raise
    finally:
        pool.shutdown()


def telling(said):
    lines = [x.strip() for x in said.replace(f'{TREE}/', '').splitlines() if x.strip()]
    return next((x for x in lines if TELLING.search(x)), lines[-1] if lines else 'ended badly')[:200]


def copy_tree():
    """Makes the copy like the tree; files that are the same stay untouched, so that builds go on."""
    listed = subprocess.run(['git', 'ls-files', '-coz', '--exclude-standard'], cwd=ROOT, capture_output=True, check=True)
    files = {Path(x) for x in listed.stdout.decode().split('\0') if x and (ROOT / x).is_file()}
    for file in files:
        to = TREE / file
        if not to.is_file() or to.read_bytes() != (ROOT / file).read_bytes():
            to.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / file, to)
    for folder, folders, names in os.walk(TREE):
        folders[:] = [x for x in folders if Path(folder, x) != TREE / 'build']
        for name in names:
            if Path(folder, name).relative_to(TREE) not in files:
                Path(folder, name).unlink()


class Nets:
    """The nets, each a method that gives None, or in words what it caught, for a file of the copy."""
    order = ['compiler', 'tidy', 'tests', 'explore', 'proofs', 'sanitizers', 'fuzz']

    def __init__(self, fuzz_s):
        self.fuzz_s, self.objects, self.times, self.ctests = fuzz_s, {}, {}, {}
        for preset in ('host', 'fuzz', 'release'):
            good, said = run(['cmake', '--preset', preset], TREE)
            if not good:
                raise Torn(said)
        commands = json.loads((TREE / 'build/release/compile_commands.json').read_text())
        self.commands = {str(Path(x['file']).relative_to(TREE)): shlex.split(x['command']) for x in commands
                         if Path(x['file']).is_relative_to(TREE)}

    @staticmethod
    def library(file):
        """Gives the folder of a file's library: the nearest with a build file."""
        return next(x for x in Path(file).parents if (TREE / x / 'CMakeLists.txt').exists())

    def command(self, file):
        """Gives how the release build compiles a file; a header is a source, whose functions are all wanted."""
        if file in self.commands:
            found, form = self.commands[file], []
        else:
            found = next(y for x, y in self.commands.items() if x.startswith(f'{self.library(file)}/src/'))
            form = ['-Dinline=inline __attribute__((used))', '-Wno-pragma-once-outside-header', '-x', 'c']
        return [*found[:found.index('-o')], *form, str(TREE / file)]

    def compiled(self, file):
        """Compiles for release, without line numbers; gives (object, None), or (None, what is wrong)."""
        made = WORK / 'mutant.o'
        good, said = run([*self.command(file), '-g0', '-c', '-o', made], TREE / 'build/release')
        return (made.read_bytes(), None) if good else (None, telling(said))

    def compiler(self, file):
        return self.compiled(file)[1]

    def same(self, file):
        """Answers whether a mutant is none: the shipped object is the same."""
        return self.compiled(file)[0] == self.objects[file]

    def tidy(self, file):
        compiler, *flags, name = self.command(file)
        good, said = run(['clang-tidy-19', '--quiet', name, '--', *flags], TREE)
        return None if good else telling(said)

    def programs(self, preset, file, explore=False):
        """Gives the tests of a file's library, or those that explore: [(name, command, folder)]. CTest knows
        only those that are built."""
        build, library = TREE / 'build' / preset, self.library(file)
        if (preset, library, explore) not in self.ctests:
            good, said = run(['ninja', f'-j{JOBS}', f'{library}/all'], build, 3600)
            if not good:
                raise Torn(said)
            listed = subprocess.run(['ctest', '--show-only=json-v1'], cwd=build, capture_output=True, check=True)
            tests = self.ctests[preset, library, explore] = []
            for test in json.loads(listed.stdout)['tests']:
                properties = {x['name']: x['value'] for x in test.get('properties', ())}
                labels = properties.get('LABELS', ())
                if Path(test.get('command', [''])[0]).parent == build / library \
                        and 'slow' not in labels and ('explore' in labels) == explore:
                    tests.append((test['name'], test['command'], properties.get('WORKING_DIRECTORY', build)))
            if not tests and not explore:
                raise Torn(f'{library}: there are no tests')
        return self.ctests[preset, library, explore]

    def tried(self, preset, tests):
        """Builds tests and runs them; gives what was caught."""
        good, said = run(['ninja', f'-j{JOBS}', *(Path(x[0]).name for _, x, _ in tests)], TREE / 'build' / preset)
        if not good:
            return telling(said)

        def one(test):
            name, command, folder = test
            start = time.monotonic()
            limits = ['prlimit', f'--fsize={OUTPUT_MAX}', '--core=0']
            good, said = run([*limits, *command], folder, self.times.get((preset, name), TEST_MIN_S * 10))
            self.times.setdefault((preset, name), max(TEST_MIN_S, 20 * (time.monotonic() - start)))
            return None if good else f'{name}: {telling(said)}'
        return next(filter(None, each(one, tests)), None)

    def tests(self, file):
        return self.tried('host', self.programs('host', file))

    def explore(self, file):
        tests = self.programs('host', file, explore=True)
        return self.tried('host', tests) if tests else None

    def sanitizers(self, file):
        return self.tried('fuzz', self.programs('fuzz', file))

    def proofs(self, file, function=None):
        """Proves a file, or one function of it: contracts stand between that and all others."""
        for line in (TREE / 'build/host/proofs.txt').read_text().splitlines():
            name, folder, sources = line.split(' ')[:3]
            if str(TREE / file) not in [f'{folder}/{x}' for x in sources.split(':')]:
                continue
            one = ['--function', function] if function else []
            good, said = run([sys.executable, '-B', 'tools/prove.py', 'build/host', *one, name], TREE, PROOF_MAX_S)
            if not good:
                return f'{name}: {telling(said)}'
        return None

    def targets(self, file):
        """Gives the targets that are to reach a file; for a header, all of its library."""
        lines = [x.split(' ') for x in (TREE / 'build/fuzz/fuzzers.txt').read_text().splitlines()]
        targets = [x for x in lines if file in x[4].split(':')] or [
            x for x in lines if Path(x[2]).is_relative_to(TREE / self.library(file) / 'fuzz')]
        if not targets:
            raise Torn(f'{file}: no fuzz target reaches it')
        return targets

    def fuzz(self, *files):
        build, targets = TREE / 'build/fuzz', {x[0]: x for file in files for x in self.targets(file)}.values()

        def one(target):
            name, program, seeds = target[:3]
            words = Path(seeds + '.dict')
            with tempfile.TemporaryDirectory(dir=WORK) as found:
                command = [program, f'-max_total_time={self.fuzz_s}', '-timeout=5', '-seed=1', f'-artifact_prefix={found}/',
                           *([f'-dict={words}'] if words.exists() else []), found, seeds]
                good, said = run(['prlimit', '--core=0', *command], found, self.fuzz_s + 120)
                return None if good else f'{name}: {telling(said)}'
        good, said = run(['ninja', f'-j{JOBS}', *(Path(x[1]).name for x in targets)], build)
        return next(filter(None, each(one, targets)), None) if good else telling(said)

    def hold(self, files):
        """Every net must be still while there is no bug."""
        libraries = {self.library(x): x for x in files}.values()
        for file in files:
            self.objects[file], caught = self.compiled(file)
            self.still(file, 'compiler', caught)
        for net, some in (('tests', libraries), ('explore', libraries), ('proofs', files), ('sanitizers', libraries)):
            for file in some:
                self.still(file, net, getattr(self, net)(file))
        for file, caught in zip(files, each(self.tidy, files)):
            self.still(file, 'tidy', caught)
        self.still('all files', 'fuzz', self.fuzz(*files))

    @staticmethod
    def still(file, net, caught):
        if caught:
            raise Torn(f'{file}: no bug is seeded, yet the net {net} says: {caught}')


def draw(found, seed):
    """Gives the mutants in the order to try them: by chance, and each kind in its turn."""
    order, turns = sorted(found, key=lambda x: (x.file, x.begin, x.end, x.new)), Counter()
    random.Random(seed).shuffle(order)
    turn = {}
    for mutant in order:
        turn[mutant] = turns[mutant.kind] = turns[mutant.kind] + 1
    return sorted(order, key=turn.get)


def attempt(nets, mutant, all_nets):
    """Seeds one bug; gives {net: what it caught}, in order, or None if the bug is none."""
    path, text, caught = TREE / mutant.file, text_of(mutant.file), {}
    path.write_text(mutant.apply(text), encoding='latin-1')
    try:
        for net in nets.order:
            if 'compiler' in caught and net != 'proofs':
                continue  # there is no program to run
            said = getattr(nets, net)(mutant.file, *([mutant.function] if net == 'proofs' else []))
            if said:
                caught[net] = said
                if not all_nets:
                    break
            elif net == 'compiler' and nets.same(mutant.file):
                return None
    finally:
        path.write_text(text, encoding='latin-1')
    return caught


def text_of(file):
    return (TREE / file).read_text(encoding='latin-1')  # clang counts bytes


def diff(mutant):
    text = text_of(mutant.file)
    lines = difflib.unified_diff(text.splitlines(), mutant.apply(text).splitlines(), n=1, lineterm='')
    return '\n'.join(x for x in lines if not x.startswith(('---', '+++', '@@')))


def result_of(mutant, caught):
    first = 'harmless' if caught is None else next(iter(caught), 'survived')
    return {'file': mutant.file, 'line': mutant.line, 'function': mutant.function, 'kind': mutant.kind, 'first': first,
            'caught': caught or {}, 'diff': diff(mutant)}


def in_a_line(result):
    said = ': ' + result['caught'][result['first']] if result['caught'] else ''
    return f"{result['first']:<10} {result['file']}:{result['line']}: {result['function']}: {result['kind']}{said}"


def table(results, all_nets):
    """Gives the figures: which net caught first, by kind of bug; and what each net catches alone."""
    kinds = sorted({x['kind'] for x in results})
    count = Counter((x['first'], y) for x in results for y in (x['kind'], 'all'))
    lines = [f"{'first net':<12}" + ''.join(f'{x:>12}' for x in (*kinds, 'all'))]
    lines += [f'{net:<12}' + ''.join(f'{count[net, x]:>12}' for x in (*kinds, 'all'))
              for net in (*Nets.order, 'survived', 'harmless')]
    real = len(results) - count['harmless', 'all']
    alive = count['survived', 'all']
    lines.append(f'caught: {real - alive} of {real}' + (f', {100 * (real - alive) / real:.1f} %' if real else ''))
    asked = [x for x in results[:all_nets] if x['first'] != 'harmless']
    if asked:
        lines.append(f'of {len(asked)} shown to every net: ' + ', '.join(
            f"{net} {sum(net in x['caught'] for x in asked)}" for net in Nets.order))
    for result in results:
        if result['first'] == 'survived':
            lines += ['', in_a_line(result), result['diff']]
    return '\n'.join(lines)


def arguments():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument('--seed', type=int, default=random.SystemRandom().randrange(1 << 31))
    for name, default in (('count', 200), ('minutes', 90), ('all-nets', 0), ('fuzz', 5)):
        parser.add_argument(f'--{name}', type=int, default=default)
    parser.add_argument('--json', action='store_true')
    parser.add_argument('--list', action='store_true')
    parser.add_argument('names', nargs='*')
    return parser.parse_intermixed_args()


def sample(nets, args):
    """Gives the mutants to try."""
    names = args.names or ['']
    files = sorted({str(x.relative_to(TREE)) for y in SCOPE for x in TREE.glob(y)})
    found = [x for file in files if any(y.split(':')[0] in file for y in names)
             for x in mutants(file, text_of(file), nets.command(file), TREE / 'build/release')]
    named = [x for x in found if any(y in f'{x.file}:{x.function}' for y in names)]
    if not named:
        raise Torn('mutate: no function in scope has that name')
    drawn = draw(named, args.seed)[:args.count]
    print(f'--seed {args.seed}: {len(drawn)} of {len(named)} mutants of {len({x.file for x in named})} files',
          file=sys.stderr)
    return drawn


def try_all(nets, drawn, args, results):
    nets.hold(sorted({x.file for x in drawn}))
    end = time.monotonic() + 60 * args.minutes
    for number, mutant in enumerate(drawn, 1):
        if time.monotonic() > end:
            print(f'{args.minutes} minutes are over', file=sys.stderr)
            return
        results.append(result_of(mutant, attempt(nets, mutant, number <= args.all_nets)))
        print(f'{number:>4} {in_a_line(results[-1])}', file=sys.stderr, flush=True)


def main():
    args, results, status = arguments(), [], 0
    WORK.mkdir(parents=True, exist_ok=True)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with (WORK / 'lock').open('w') as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            copy_tree()
            nets = Nets(args.fuzz)
            drawn = sample(nets, args)
            if args.list:
                print('\n\n'.join(f'{x.file}:{x.line}: {x.function}: {x.kind}\n{diff(x)}' for x in drawn))
                return 0
            try_all(nets, drawn, args, results)
        except BlockingIOError:
            return f'mutate: another one is at work in {WORK}'
        except Torn as torn:
            print(torn, file=sys.stderr)
            return 2
        except KeyboardInterrupt:
            print('interrupted', file=sys.stderr)
            status = 130
    print(json.dumps({'seed': args.seed, 'results': results}, indent=1) if args.json else table(results, args.all_nets))
    return status or int(any(x['first'] == 'survived' for x in results))


sys.exit(main())
