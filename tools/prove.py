#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""prove.py BUILD [--fresh | --sample | --wrong | --assumed | --caveats | --share] [--seed N] [--function F] [NAME...]

Proves with Frama-C's WP that functions keep their contracts (docs/design/proofs.md). BUILD/proofs.txt
lists the proofs (holm_prove() of cmake/holm.cmake). What was proved is recorded beside the contracts:
core/proof/bytes.proved; while text, contracts and tools are as recorded, Frama-C is not started.

(nothing)  prove what changed, of all or the named; without names, also two others, drawn by the seed
--fresh    prove all or the named again, without a memory of goals proved before
--function prove this function of the named, and record nothing: where only its body changed, no other goal did
--sample   prove functions of two that did not change
--wrong    in a copy, give each function the wrong body of NAME.wrong: its proof must fail
--assumed  print what the proofs take for true without a proof
--caveats  check that CAVEATS.md has that list
--eva, --table: eva.py, safety.py
--share    print how much of core/ and of each protocol is proved, and which functions that take bytes are not
"""
import argparse
import csv
import hashlib
import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SAMPLE = 60  # goals of a file, at most, but for the first function that is drawn
SKIPPED = 77  # what CTest takes for "not run"
TOOLS = {'frama-c': '-version', 'why3': '--version', 'z3': '--version', 'cvc4': '--version'}
OPTIONS = ['-wp', '-wp-rte', '-warn-unsigned-overflow', '-wp-definitions-terminate',
           '-wp-declarations-terminate', '-wp-prover', 'z3,cvc4', '-wp-par', '2',
           '-kernel-warn-key', 'annot:missing-spec=abort,typing:implicit-function-declaration=abort']
# Lemmas first: WP leaves them out where functions are skipped.
LEMMAS = ['-wp-prop', '@lemma', '-then', '-wp', '-wp-prop=']
SMOKE = ['-wp-smoke-tests', '-wp-smoke-timeout', '1']
SMOKE_AGAIN_S = 0.3  # where all was proved once with the time above; of goals that provers close, 2 % take longer
JOBS = 2
# The provers, told their time in milliseconds. Why3's own configuration knows whole seconds only, and a smoke test
# takes all of its time where nothing is wrong: with a second each they are most of the work. Both provers may not look
# at their clock for many minutes, so the kernel ends them.
WHY3 = '''[main]
magic = 14
memlimit = 1000
running_provers_max = 2

[prover]
name = "CVC4"
version = "{cvc4}"
driver = "cvc4_17"
command = "sh -c 'ulimit -t $((%t / 10 + 1)) && exec cvc4 --stats --tlimit=%t00 --lang=smt2 %f'"

[shortcut]
name = "CVC4"
version = "{cvc4}"
shortcut = "cvc4"

[prover]
name = "Z3"
version = "{z3}"
driver = "z3_471"
command = "sh -c 'ulimit -t $((%t / 10 + 1)) && exec z3 -smt2 -t:%t00 sat.random_seed=42 nlsat.randomize=false smt.random_seed=42 -st %f'"

[shortcut]
name = "Z3"
version = "{z3}"
shortcut = "z3"
'''
CPP = ['-std=gnu17', '-D__FC_MACHDEP_GCC_X86_64']
MACHINE = ROOT / 'tools/prove_machine.ml'
FUNCTION = re.compile(r'^ *[A-Za-z_][^;{}=]*?\b(\w+)\(((?:[^;{}()]|\([^;{}()]*\))*)\)\s*\n\{\n(.*?)^\}', re.S | re.M)
# What ends a declaration, and what only looks so; a declaration of a function alone, without an annotation.
OUTER = re.compile(r'/\*@.*?\*/|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'|//[^\n]*|[{};]', re.S)
DECLARED = re.compile(r'\s*(?:\[\[nodiscard\]\])?[\w\s]+[\s*]\**(\w+)\((?:[^;{}()@=]|\([^;{}()@=]*\))*\);')
TAKES_BYTES = re.compile(r'\bstruct holm_(bytes|span)\b')
HEADING = '### What the proofs assume'


class Refused(Exception):
    """A proof or its files are not as they must be; the text says what, and where."""


class Proof:
    """One line of proofs.txt: a name, source files whose every function has a contract, folders of headers."""

    def __init__(self, line, build):
        self.name, folder, sources, includes, timeout = line.split(' ')
        self.folder = Path(folder).relative_to(ROOT)
        self.sources = [self.folder / x for x in sources.split(':')]
        # The machine's own headers must answer the same as those for any machine, which are proved.
        self.includes = [Path(x).relative_to(ROOT) for x in includes.split(':')
                         if '/machine/' not in x or x.endswith('/machine/any')]
        stem = self.folder / 'proof' / self.name.split('.')[-1]
        self.contracts, self.record_file, self.wrong_file = (
            stem.with_suffix(x) for x in ('.acsl.h', '.proved', '.wrong'))
        self.timeout_s, self.build = timeout, build / 'prove'
        self._text, self._macros = None, {}

    def main(self, sources):
        """Writes the file that Frama-C reads, and gives its name."""
        file = self.build / f'{self.name}.c'
        file.parent.mkdir(parents=True, exist_ok=True)
        parts = [self.contracts, *(x for x in sources if x.suffix == '.c')]
        file.write_text(''.join(f'#include "{x}"\n' for x in parts))
        return file

    def cpp(self, *before):
        return [*CPP, '-I.', *(f'-I{x}' for x in (*before, *self.includes))]

    @property
    def text(self):
        """The preprocessed text of the tree's own files with its comments: {file: text}."""
        if self._text is None:
            command = ['clang-19', '-E', '-C', '-dD', '-D__FRAMAC__', '-ffreestanding', '-nostdlibinc',
                       '--target=x86_64-linux-gnu', *self.cpp(), str(self.main(self.sources))]
            done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
            if done.returncode:
                raise Refused(f'{self.name}: does not compile\n{done.stderr}')
            self._text, self._macros = by_file(done.stdout)
        return self._text

    def functions(self):
        """Gives {name: body} of the functions that this proof is about."""
        return {name: body for file in self.sources for name, body in definitions(self.text.get(str(file), ''))}

    def hash(self):
        """Of all that decides what is proved: text, macros of annotations, machine, options. Functions that
        headers only declare and nothing names do not count."""
        said = [x for file, text in without_others(self.text) for x in (file, text)]
        said += [*self.macros(), re.sub(r'\(\*.*?\*\)', '', MACHINE.read_text(), flags=re.S).strip(),
                 *map(str, self.sources), *OPTIONS, *SMOKE, *CPP, self.timeout_s]
        return hashlib.sha256('\0'.join(said).encode()).hexdigest()

    def macros(self):
        """Gives the tree's macros that annotations use, and those that these use: Frama-C expands them there."""
        words = {y for x in self.text.values() for z in re.findall(r'/\*@.*?\*/', x, re.S) for y in re.findall(r'\w+', z)}
        used = {}
        while more := words & self._macros.keys() - used.keys():
            used.update((x, self._macros[x]) for x in more)
            words = {y for x in more for y in re.findall(r'\w+', self._macros[x])}
        return [bare(x) for _, x in sorted(used.items())]

    def reread(self):
        self._text = None
        return self.hash()

    def record(self):
        file = ROOT / self.record_file
        return dict(x.split(': ', 1) for x in file.read_text().splitlines() if ': ' in x) if file.exists() else {}


def by_file(preprocessed):
    """Splits what the preprocessor gave by the tree's files, and gives these files' macros."""
    texts, macros, file = {}, {}, None
    for line in preprocessed.splitlines(keepends=True):
        marker = re.match(r'# \d+ "(.*?)"', line)
        if marker:
            file = os.path.normpath(marker[1]) if not marker[1].startswith(('/', '<')) else None
        elif file and line.startswith('#define '):
            macros[re.match(r'\w+', line[8:])[0]] = line
        elif file and not line.startswith('#'):
            texts[file] = texts.get(file, '') + line
    return texts, macros


def bare(text):
    """Gives C text without comments, but with annotations, and with white space only where it may tell two texts apart."""
    def one(found):
        said, around = found[0], text[max(0, found.start() - 1):found.start()] + text[found.end():found.end() + 1]
        if said.startswith('/*@'): # line by line: its own comments end with their line
            return '\n'.join(' '.join(x.split()) for x in said.splitlines() if x.strip())
        if said[0] in '"\'' or said.startswith('//'):
            return said
        return '' if len(around) < 2 or set(around) & set('(){}[],;') else ' '
    return re.sub(r'/\*@.*?\*/|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'|//[^\n]*\n?|(?:/\*(?!@).*?\*/|\s)+', one,
                  text, flags=re.S)


def outer(text):
    """Splits bare C text into its declarations and definitions."""
    start = depth = 0
    for found in OUTER.finditer(text):
        depth += (found[0] == '{') - (found[0] == '}')
        if depth == 0 and found[0] in '};':
            yield text[start:found.end()]
            start = found.end()
    yield text[start:]


def without_others(texts):
    """Gives (file, bare text) in the order of files, without the functions that are declared and never named again."""
    pieces = [(file, list(outer(bare(text)))) for file, text in sorted(texts.items())]
    words = Counter(x for _, each in pieces for piece in each for x in re.findall(r'\w+', piece))
    for file, each in pieces:
        names = ((piece, DECLARED.fullmatch(piece)) for piece in each)
        yield file, ''.join(piece for piece, name in names if not (name and words[name[1]] == 1))


def definitions(text):
    """Gives (name, body) of each function that the text defines, in the form that clang-format gives."""
    return ((name, body) for name, _, body, _ in functions_of(text))


def functions_of(text):
    """Gives (name, parameters, body, lines of code) of each function that the text defines."""
    plain = re.sub(r'''/\*.*?\*/|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*\'''', # a literal may look like a comment
                   lambda x: x[0] if x[0][0] != '/' else re.sub(r'[^\n]', ' ', x[0]), text, flags=re.S)
    found = list(FUNCTION.finditer(plain))
    if len(found) != len(re.findall(r'^\{$', plain, re.M)):
        raise Refused('a function is not in the form that this tool reads: ' + ', '.join(x[1] for x in found))
    for one in found:
        lines = sum(1 for x in one[0].splitlines() if x.strip())
        yield one[1], one[2], text[one.start(3):one.end(3)], lines


def contracts(text):
    """Gives (name, contract, comment before it) of each function contract in the text."""
    pattern = r'(?:/\*(?!@)((?:(?!\*/).)*)\*/\s*)?/\*@((?:(?!\*/).)*)\*/([^;{}()@]*?)\b(\w+)\s*\('
    for comment, contract, _, name in re.findall(pattern, text, re.S):
        if re.match(r'\s*(requires|assigns|ensures|behavior|terminates)\b', contract):
            yield name, contract, ' '.join(comment.split())


def versions():
    """Gives the tools' versions in a line, or None if one is missing."""
    if not all(map(shutil.which, [*TOOLS, 'ocamlopt'])):
        return None
    return ', '.join(tool + ' ' + re.search(r'\d+\.\d[\w.-]*', subprocess.run(
        [tool, option], capture_output=True, text=True).stdout)[0] for tool, option in TOOLS.items())


def machine(build):
    """Gives the plug-in that makes the proofs' machine known, compiled if it is not yet."""
    module = build / 'prove_machine.cmxs'
    if not module.exists() or module.stat().st_mtime < MACHINE.stat().st_mtime:
        library = subprocess.run(['frama-c', '-print-lib-path'], capture_output=True, text=True, check=True).stdout
        with tempfile.TemporaryDirectory(dir=build) as folder: # several tests may compile it at once
            shutil.copy(MACHINE, folder)
            subprocess.run(['ocamlopt', '-shared', '-I', library.strip(), '-o', 'made.cmxs', MACHINE.name],
                           cwd=folder, check=True)
            Path(folder, 'made.cmxs').replace(module)
    return module


def provers(build):
    """Gives the configuration of the provers, written if it is not as it must be."""
    file, text = build / 'why3.conf', WHY3.format(**dict(x.split(' ') for x in versions().split(', ')))
    if not file.exists() or file.read_text() != text:
        with tempfile.NamedTemporaryFile('w', dir=build, delete=False) as made:  # several tests may write it at once
            made.write(text)
        Path(made.name).replace(file)
    return file


def time_limit(option, seconds):
    """Gives an option of WP for a limit of time: the provers are told in tenths of a second."""
    return [option, str(round(float(seconds) * 10))]


def frama_c(proof, main, cpp, *options, only=None):
    """Runs WP; gives {function: (goals, proved)} and the lines of what is not proved, in words."""
    report, table = proof.build / f'{proof.name}.json', proof.build / f'{proof.name}.csv'
    for file in (report, table):
        file.unlink(missing_ok=True)
    environment = dict(os.environ, WHY3CONFIG=str(provers(proof.build)))
    functions = proof.functions()
    others = {name for file, text in proof.text.items() for name, _ in definitions(text)} - functions.keys()
    skip = sorted(others | admitted(proof).keys() | (functions.keys() - (only or functions.keys())))
    command = ['frama-c', '-c11', '-load-module', str(machine(proof.build)), '-machdep', 'holm',
               f'-cpp-extra-args={" ".join(cpp)}', str(main), *OPTIONS,
               *options, *([] if only else LEMMAS), '-wp-report-json', str(report),
               *(['-wp-skip-fct', ','.join(skip)] if skip else []), '-then', '-no-unicode', '-report-csv', str(table)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, env=environment)
    (proof.build / f'{proof.name}.log').write_text(done.stdout + done.stderr)
    if done.returncode or not report.exists() or not table.exists():
        raise Refused(f'{proof.name}: Frama-C stopped\n{done.stdout[-2000:]}{done.stderr}')
    warned = re.search(r'^\[wp\].*\n.*(Memory model hypotheses|Missing assigns)(?:.*\n)*?(?=^\[)', done.stdout, re.M)
    if warned:
        raise Refused(f'{proof.name}: {warned[0]}')
    goals = json.loads(report.read_text())
    counts = {name: counted(sections) for name, sections in
              {**goals.get('wp:functions', {}), 'lemmas': goals.get('wp:axiomatics', {})}.items()}
    rows = csv.DictReader(table.open(), delimiter='\t')
    return counts, [*lemmas_open(goals), *(in_words(x) for x in rows if is_open(x, only or functions, part=only))]


def counted(section):
    """Adds up the goals of a section of WP's report, and those that were proved."""
    section = section.get('wp:section', section)
    if 'wp:main' in section:
        return section['wp:main']['total'], section['wp:main'].get('valid', 0)
    each = [counted(x) for x in section.values() if isinstance(x, dict)]
    return sum(x for x, _ in each), sum(x for _, x in each)


def lemmas_open(goals):
    """Gives what the table of properties leaves out: the lemmas that were not proved."""
    for lemmas in goals.get('wp:axiomatics', {}).values():
        for name, section in lemmas.items():
            total, proved = counted(section)
            if name != 'wp:section' and proved < total:
                yield f'{name.replace("_", " ", 1)} not proved'


def is_open(row, functions, part):
    """What a function requires is shown by its callers, which a part of a file may leave out."""
    if part and row['property kind'] == 'precondition':
        return False
    return row['status'] not in ('Valid', 'Partially proven', 'Considered valid') and row['function'] in functions


def in_words(row):
    where = Path(row['directory'], row['file'])
    where = where.relative_to(ROOT) if where.is_relative_to(ROOT) else where
    what = f"{row['property kind']} not proved: {row['property']}"
    if row['property kind'] == 'user assertion' and row['property'] == '\\false':
        what = 'vacuous: no input gets here'
    elif row['status'].startswith('Invalid'):
        what = f"{row['property kind']} that nothing can meet: {row['property']}"
    return f"{where}:{row['line']}: {row['function']}: {what}"


def admitted(proof):
    """Gives {function: reason} of the functions of this proof whose contracts are taken for true."""
    return {name: comment.removeprefix('Admitted: ') for text in proof.text.values()
            for name, _, comment in contracts(text) if comment.startswith('Admitted: ') and name in proof.functions()}


def forms_check(proof):
    """Every function has a contract that says what it changes and what holds after it, and nothing is taken for
    true by a word of ACSL, where assumed() would not see it."""
    for file, text in proof.text.items():
        for word in re.findall(r'\b(?:admit|terminates)\b', ' '.join(re.findall(r'/\*@.*?\*/|//@[^\n]*', text, re.S))):
            raise Refused(f'{proof.name}: {file}: {word} in an annotation takes for true what is not proved')
    all_contracts = {name: contract for text in proof.text.values() for name, contract, _ in contracts(text)}
    if not proof.functions():
        raise Refused(f'{proof.name}: no function found in {", ".join(map(str, proof.sources))}')
    called = {x for body in proof.functions().values() for x in re.findall(r'\b(\w+)\(', bare(body))}
    defined = {name for text in proof.text.values() for name, _ in definitions(text)}
    for name in proof.functions().keys() | called & defined:
        contract = all_contracts.get(name, '')
        if 'assigns' not in contract or 'ensures' not in contract:
            raise Refused(f'{proof.name}: {name} has no contract with assigns and ensures')


def goals_closed(proof, *options, smoke_s, only=None):
    """Proves a file, or some functions of it; gives {function: goals} if no goal is left open."""
    start = time.monotonic()
    smoke = [SMOKE[0], *time_limit(SMOKE[1], smoke_s)]
    counts, failures = frama_c(proof, proof.main(proof.sources), proof.cpp(), *options,
                               *time_limit('-wp-timeout', proof.timeout_s), *smoke, only=only)
    total, proved = sum(x for x, _ in counts.values()), sum(x for _, x in counts.values())
    some = f' of {len(only)} functions' if only else ''
    print(f'{proof.name}: {proved} of {total} goals{some} in {time.monotonic() - start:.0f} s', flush=True)
    if failures or proved != total:
        raise Refused('\n'.join(failures) or f'{proof.name}: see {proof.build / proof.name}.log')
    return {name: count for name, (count, _) in counts.items() if count}


def prove(proof, tools, fresh):
    """Proves a file and writes its record, or says what is not proved."""
    old, text = proof.record(), proof.hash()
    forms_check(proof)
    cache = ['-wp-cache', 'none'] if fresh else ['-wp-cache', 'update', '-wp-cache-dir', str(proof.build / 'cache')]
    counts = goals_closed(proof, *cache, smoke_s=SMOKE_AGAIN_S if fresh and old.get('hash') == text else SMOKE[-1])
    total = sum(counts.values())
    if total < int(old.get('goals', 0)):
        raise Refused(f'{proof.name}: {old["goals"]} goals were proved before; if fewer are meant, '
                      f'delete {proof.record_file} and prove again')
    if proof.reread() != text:
        raise Refused(f'{proof.name}: changed while it was being proved; prove it again')
    lines = [f'hash: {text}', f'tools: {tools}', f'goals: {total}',
             *(f'{name}: {count}' for name, count in sorted(counts.items()))]
    (ROOT / proof.record_file).write_text('\n'.join(lines) + '\n')
    if old.get('hash') != text:
        print(f'{proof.name}: recorded in {proof.record_file}, which belongs to the change')


def prove_function(proof, name):
    """Proves one function of a file, with no fewer goals than are recorded."""
    forms_check(proof)
    if name not in proof.functions() or name in admitted(proof):
        print(f'{proof.name}: there is no {name} to prove')
        return
    goals_check(proof, [name], goals_closed(proof, '-wp-cache', 'none', smoke_s=SMOKE_AGAIN_S, only={name}))


def goals_check(proof, names, counts):
    record = proof.record()
    for name in names:
        if counts.get(name, 0) < int(record.get(name, 0)):
            raise Refused(f'{proof.name}: {name} has {counts.get(name, 0)} goals, and {record[name]} were recorded')


def prove_some(proof, chance):
    """Proves some functions of a file again, as far as the record says that they were proved."""
    record, only, goals = proof.record(), set(), 0
    names = sorted(proof.functions().keys() - admitted(proof).keys())
    for name in chance.sample(names, len(names)):
        if not only or goals + int(record.get(name, 0)) <= SAMPLE:
            only.add(name)
            goals += int(record.get(name, 0))
    goals_check(proof, sorted(only), goals_closed(proof, '-wp-cache', 'none', smoke_s=SMOKE_AGAIN_S, only=only))


def changed(proof, tools):
    record = proof.record()
    return record.get('hash') != proof.hash() or (tools and record.get('tools') != tools)


def prove_changed(proofs, tools, args):
    """Proves what changed, and a sample of what did not."""
    failed, same, due = [], [], []
    for proof in proofs:
        if not args.fresh and not changed(proof, tools):
            print(f'{proof.name}: as recorded, {proof.record()["goals"]} goals')
            same.append(proof)
        elif not tools:
            failed.append(f'{proof.name}: changed since it was proved, and Frama-C is not here (./dev setup prove)')
        else:
            due.append(proof)
    due.sort(key=lambda x: -int(x.record().get('goals', 0)))  # those that take long do not end alone
    with ThreadPoolExecutor(JOBS) as pool:
        failed += [y for x in pool.map(lambda x: attempt(prove, x, tools, args.fresh), due) for y in x]
    if not args.names and not args.fresh:
        failed += prove_sample(same, tools, args)
    return failed


def prove_sample(proofs, tools, args):
    same = [x for x in proofs if not changed(x, tools)]
    if not tools:
        print('no sample: Frama-C is not here (./dev setup prove); the records stand unproved')
        return []
    print(f'sample: --seed {args.seed}')
    chance = random.Random(args.seed)
    sample = chance.sample(same, min(2, len(same)))
    return [x for proof in sample for x in attempt(prove_some, proof, chance)]


def attempt(action, *arguments):
    try:
        action(*arguments)
    except Refused as refused:
        return [str(refused)]
    return []


def wrong_bodies(proof):
    """Reads NAME.wrong: blocks of a function's name, a line `- old` and a line `+ new`."""
    text = re.sub(r'^#.*\n', '', (ROOT / proof.wrong_file).read_text(), flags=re.M)
    for block in text.strip().split('\n\n'):
        lines = block.splitlines()
        if len(lines) != 3 or not lines[1].startswith('- ') or not lines[2].startswith('+ '):
            raise Refused(f'{proof.wrong_file}: not understood: {block}')
        yield lines[0], lines[1][2:], lines[2][2:]


def wrong(proof):
    """Gives every function its wrong body at once: contracts stand between them, so each fails alone."""
    folder, texts = proof.build / f'{proof.name}.wrong', {x: (ROOT / x).read_text() for x in proof.sources}
    bodies = list(wrong_bodies(proof))
    wanted = proof.functions().keys() - admitted(proof).keys()
    if {x for x, _, _ in bodies} != wanted or len(bodies) != len(wanted):
        odd = {x for x, _, _ in bodies} ^ wanted
        raise Refused(f'{proof.wrong_file}: one wrong body a function is wanted: {", ".join(odd) or "some have two"}')
    for name, old, new in bodies:
        for file, text in texts.items():
            found = [x for x in definitions(text) if x[0] == name]
            if found and found[0][1].count(old) == 1:
                texts[file] = text.replace(found[0][1], found[0][1].replace(old, new))
                break
        else:
            raise Refused(f'{proof.wrong_file}: {name} has not once: {old}')
    for file, text in texts.items():
        (folder / file).parent.mkdir(parents=True, exist_ok=True)
        (folder / file).write_text(text)
    copies = [folder / x for x in proof.sources]
    before = [folder / x for x in proof.includes] + [ROOT / x.parent for x in proof.sources]
    cpp = [*proof.cpp(*before), f'-iquote{folder}'] # before the -I. that Frama-C itself adds
    counts, _ = frama_c(proof, proof.main(copies), cpp, '-wp-cache', 'none', *time_limit('-wp-timeout', 3))
    seen = [x for x in wanted if counts.get(x, (0, 0))[0] == counts.get(x, (0, 0))[1]]
    print(f'{proof.name}: {len(wanted) - len(seen)} of {len(wanted)} wrong bodies are refused')
    if seen:
        raise Refused(f'{proof.wrong_file}: proved all the same: {", ".join(seen)}')


def assumed(proofs):
    """Gives the list of what is taken for true, as lines of CAVEATS.md."""
    proved = {(name, bare(contract)) for proof in proofs for text in proof.text.values()
              for name, contract, _ in contracts(text) if name in proof.functions()}
    lines = set()
    for proof in proofs:
        for name, reason in admitted(proof).items():
            lines.add(f'- `{name}` is admitted: {reason}')
        calls = {x for body in proof.functions().values() for x in re.findall(r'\b(\w+)\(', bare(body))}
        for text in proof.text.values():
            lines.update(f'- axiom `{x}`' for x in re.findall(r'\baxiom (\w+)', text))
            lines.update(f'- `{name}` is trusted: {comment.removeprefix("Trusted: ")}'
                         for name, contract, comment in contracts(text)
                         if name in calls and (name, bare(contract)) not in proved)
            lines.update(f'- {" ".join(x.split())}' for x in re.findall(r'/\* (Bound: .*?) \*/', text, re.S))
    return sorted(lines)


def caveats_check(proofs):
    said = (ROOT / 'CAVEATS.md').read_text().partition(HEADING)[2].partition('\n#')[0]
    said = [' '.join(x.split()) for x in re.findall(r'^- (?:.|\n  )*', said, re.M)]
    differ = set(said) ^ set(assumed(proofs))
    if differ:
        raise Refused(f'CAVEATS.md, {HEADING}: differs from what ./dev prove --assumed prints:\n' + '\n'.join(sorted(differ)))


def share(proofs, build):
    """Prints, of each library of core and of the protocols, what stands in a function that is proved."""
    proved = {(file, name) for proof in proofs if not changed(proof, None) for file in map(str, proof.sources)
              for name, _ in definitions(proof.text.get(file, '')) if name not in admitted(proof)}
    for name, folder in libraries(build):
        functions = list(functions_in(folder))
        takes = [x for x in functions if TAKES_BYTES.search(x[2])]
        left = [x for x in takes if x[:2] not in proved]
        lines, of = sum(x[3] for x in functions if x[:2] in proved), sum(x[3] for x in functions)
        print(f'{name}: {lines} of {of} lines of functions are proved ({100 * lines // of} %), and '
              f'{len(takes) - len(left)} of {len(takes)} functions that take bytes')
        for file in sorted({x[0] for x in left}):
            print(f'    not in {file}: {", ".join(x[1] for x in left if x[0] == file)}')


def libraries(build):
    """Gives (name, folder) of each library whose functions are to be proved."""
    for line in (build / 'libraries.txt').read_text().splitlines():
        name, layer, *_, folders = line.split(' ')
        if layer in ('core', 'proto'):
            yield name, Path(folders.split(':')[0]).parent.relative_to(ROOT)


def functions_in(folder):
    """Gives (file, name, parameters, lines of code) of each function of a library."""
    for file in sorted(y for x in ('include', 'machine', 'src') for y in (ROOT / folder / x).rglob('*.[ch]')):
        yield from ((str(file.relative_to(ROOT)), name, parameters, lines)
                    for name, parameters, _, lines in functions_of(file.read_text()))


def alone(work):
    """Does work in a process group of its own, and ends the group when that is done or this process is told to end:
    Frama-C leaves provers behind. Gives what to exit with."""
    wanted = {x for x in (signal.SIGHUP, signal.SIGINT, signal.SIGTERM) if signal.getsignal(x) != signal.SIG_IGN}
    sys.stdout.flush()
    signal.pthread_sigmask(signal.SIG_BLOCK, {*wanted, signal.SIGCHLD})
    child = os.fork()
    os.setpgid(child, child)  # both do it: neither knows who is first
    if child == 0:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {*wanted, signal.SIGCHLD})
        return work()
    got = signal.sigwait({*wanted, signal.SIGCHLD})
    os.killpg(child, signal.SIGKILL)  # the group is there until its first process is waited for
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    return 128 + got if got != signal.SIGCHLD else code if code >= 0 else 128 - code


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument('build', type=Path)
    for mode in ('fresh', 'sample', 'wrong', 'assumed', 'caveats', 'share'):
        parser.add_argument(f'--{mode}', action='store_true')
    parser.add_argument('--seed', type=int, default=random.SystemRandom().randrange(1 << 31))
    parser.add_argument('--function')
    parser.add_argument('names', nargs='*')
    args = parser.parse_intermixed_args()
    everything = [Proof(x, args.build.resolve()) for x in (args.build / 'proofs.txt').read_text().splitlines()]
    exact = {x.name for x in everything} & set(args.names)
    proofs = [x for x in everything if not args.names or x.name in exact or
              any(y in x.name for y in args.names if y not in exact)]
    if not proofs:
        sys.exit(f'prove: none of that name; there are {" ".join(x.name for x in everything)}')
    tools = versions()
    if args.assumed:
        print('\n'.join(assumed(everything)))
        return
    if not tools and (args.wrong or args.sample or args.function):
        print('Frama-C is not here (./dev setup prove)')
        sys.exit(SKIPPED)
    if args.caveats:
        failed = attempt(caveats_check, everything)
    elif args.share:
        failed = attempt(share, everything, args.build)
    elif args.wrong:
        failed = [x for proof in proofs for x in attempt(wrong, proof)]
    elif args.function:
        failed = [x for proof in proofs for x in attempt(prove_function, proof, args.function)]
    elif args.sample:
        failed = prove_sample(proofs, tools, args)
    else:
        failed = prove_changed(proofs, tools, args)
    if failed:
        sys.exit('\n'.join(failed))


if __name__ == '__main__':
    sys.exit(alone(main))
