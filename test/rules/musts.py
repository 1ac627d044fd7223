#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""musts.py README LAST: holds a table of a standard's requirements against the tree: MUST-1 to MUST-LAST all have a
row, and each function and test that a row names exists. A row may refuse its requirement, with a reason.
"""
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def sources(*patterns):
    files = subprocess.run(['git', 'ls-files', '-co', '--exclude-standard', *patterns], cwd=ROOT, check=True,
                           capture_output=True, text=True).stdout.split()
    return '\n'.join((ROOT / x).read_text() for x in files if (ROOT / x).exists())


def gaps(table, last, code, tests):
    """Gives a line for each thing that is wrong."""
    rows = {}
    for line in table.splitlines():
        found = re.match(r'\| MUST-(\d+) \|(.*)\|$', line)
        if not found:
            continue
        number, cells = int(found[1]), [x.strip() for x in found[2].split('|')]
        if number in rows or not 1 <= number <= last:
            yield f'MUST-{number}: twice, or there is no such'
        rows[number] = cells
    for number in range(1, last + 1):
        cells = rows.get(number)
        if cells is None or len(cells) != 3:
            yield f'MUST-{number}: no row of three cells'
            continue
        if re.match(r'refused: .{10}', cells[1]):
            continue
        where, test = re.fullmatch(r'`(\w+)`', cells[1]), re.fullmatch(r'`(\w+)`', cells[2])
        if not where or where[1] not in code:
            yield f'MUST-{number}: no function {cells[1]}'
        if not test or test[1] not in tests:
            yield f'MUST-{number}: no test {cells[2]}'


def main():
    table, last = (ROOT / sys.argv[1]).read_text(), int(sys.argv[2])
    code = set(re.findall(r'^[a-z][^;=(\n]*?(\w+)\(', sources('*/src/*.c', '*.h'), re.M))
    tests = set(re.findall(r'^TEST\((\w+)\)|^    def (\w+)\(', sources('*/test/*.c', 'test/interop/*.py'), re.M))
    tests = {x or y for x, y in tests}
    wrong = list(gaps(table, last, code, tests))
    # The check itself must be able to fail.
    first = re.search(r'\| MUST-1 \|.*\n', table)
    cut = table.replace(first[0], '') if first else ''
    lie = re.sub(r'^(\| MUST-.*)`\w+` \|$', r'\1`no_such_test` |', table, count=1, flags=re.M)
    if not list(gaps(cut, last, code, tests)) or not list(gaps(lie, last, code, tests)):
        wrong.append('a gap was not noticed')
    print('\n'.join(wrong) if wrong else f'{last} requirements, no gap')
    sys.exit(1 if wrong else 0)


if __name__ == '__main__':
    main()
