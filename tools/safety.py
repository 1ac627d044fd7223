#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""safety.py BUILD [--write]: the table of docs/design/safety.md, from the build and the tree: which net
lies under which library. Without --write it says whether the table is as it must be; status 1 if not."""
import json
import re
import sys
from pathlib import Path

import prove

sys.path.insert(0, str(prove.ROOT / 'test/rules'))
import rules

PAGE = prove.ROOT / 'docs/design/safety.md'
START, END = '<!-- Made by ./dev prove --table: -->\n', '<!-- End of what is made. -->\n'
HEAD = ['library', 'subset', 'traps', 'fuzzed', 'no error at run time', 'keeps its contract', 'explored']
SUBSET, TRAPS = '-Werror=unsafe-buffer-usage', ('-fsanitize-trap=all', '-ftrivial-auto-var-init=zero', '-fsanitize=kcfi')


def below(path):
    return str(Path(path).relative_to(prove.ROOT))


def compiled(build):
    """Gives {library: {source: command}}."""
    found = {}
    for entry in json.loads((build / 'compile_commands.json').read_text()):
        library = re.search(r'-o \S*CMakeFiles/holm_(\w+)\.dir/', entry['command'])
        if library:
            found.setdefault(library[1], {})[below(entry['file'])] = entry['command']
    return found


def with_functions(folders, sources):
    """Gives {file: text} of the headers in the folders, and of the sources, that have functions in C."""
    headers = [below(x) for folder in folders for x in sorted(Path(folder).rglob('*.h'))]
    texts = {x: (prove.ROOT / x).read_text() for x in [*headers, *sources] if x.endswith(('.c', '.h'))}
    return {x: y for x, y in texts.items() if re.search(r'^\{$', y, re.M)}


def proofs(build):
    """Gives the files whose every function is proved, and of these the ones with contracts for success."""
    proved, functional = set(), set()
    for line in (build / 'proofs.txt').read_text().splitlines():
        proof = prove.Proof(line, build)
        if not proof.record():
            continue
        said = {name: contract for text in proof.text.values() for name, contract, _ in prove.contracts(text)}
        for file in map(str, proof.sources):
            names = [x for x, _ in prove.definitions(proof.text.get(file, ''))]
            proved.add(file)
            if all(promises(said.get(x, '')) for x in names):
                functional.add(file)
    return proved, functional


def promises(contract):
    """Answers whether a contract says more after the call than that objects are still well formed."""
    shape = r'holm_(writable|readable|in_place)(\{\w+\})?\([^()]*\)|\\true|&&|\s'
    return any(re.sub(shape, '', x) for x in re.findall(r'\bensures\b(.*?);', contract, re.S))


def share(count, of):
    return 'all' if of and count == of else f'{count} of {of}' if count else '–'


def rows(build):
    sources, (proved, functional) = compiled(build), proofs(build)
    fuzzed = {y for x in (build / 'fuzzers.txt').read_text().splitlines() for y in x.split(' ')[-1].split(':')}
    explored = {}
    for file in (x for x in prove.ROOT.glob('**/test/explore_*.c') if '\nTEST(' in x.read_text()):
        explored.setdefault(below(file.parents[1]), []).append(file.stem.removeprefix('explore_'))
    claimed = set() # a folder of headers is the first library's that has it: those below come first
    for name, layer, _, archive, folders in rules.libraries(build):
        if layer == 'test' or not archive:
            continue
        own, files = sources[name], with_functions([x for x in folders if x not in claimed], sources[name])
        claimed.update(folders)
        commands = [x for file, x in own.items() if file.endswith('.c')]
        unsafe = sum(rules.unsafe_lines(x) for x in files.values())
        folder = below(Path(archive).parent).partition(below(build) + '/')[2]
        yield [f'`{name}`',
               ('yes' if all(SUBSET in x for x in commands) else 'no') + (f', {unsafe} lines unchecked' if unsafe else ''),
               'yes' if all(y in x for x in commands for y in TRAPS) else 'no',
               share(len([x for x in own if x in fuzzed]), len(own)),
               *(share(len([x for x in files if x in y]), len(files)) for y in (proved, functional)),
               ', '.join(sorted(explored.pop(folder, []))) or '–']


def table(build):
    lines = [HEAD, ['---'] * len(HEAD), *rows(build)]
    return ''.join('| ' + ' | '.join(x) + ' |\n' for x in lines)


def main():
    build, page = Path(sys.argv[1]).resolve(), PAGE.read_text()
    before, _, rest = page.partition(START)
    wanted = before + START + table(build) + END + rest.partition(END)[2]
    if '--write' in sys.argv:
        PAGE.write_text(wanted)
    elif page != wanted:
        sys.exit(f'{below(PAGE)}: the table is stale; ./dev prove --table renews it')


main()
