#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""eva.py BUILD [NAME...]: Frama-C's Eva on the drivers proof/NAME.eva.c: all, or those whose name fits.

Eva runs a driver with values that stand for sets of values, and prints an alarm for each place where it
cannot exclude an error at run time, a read of memory that was never written among them. It is given no
contracts and no loop invariants, so it is a second opinion on what prove.py proves, for inputs as small
as the driver says (docs/design/proofs.md). An alarm fails, and so does what Eva has no body for."""
import re
import subprocess
import sys
import time
from pathlib import Path

import prove

OPTIONS = ['-no-annot', '-c11', '-eva', '-eva-slevel', '100000', '-eva-split-return', 'full', '-eva-split-limit', '600',
           '-eva-interprocedural-splits', '-warn-unsigned-overflow', '-eva-no-show-progress',
           '-eva-msg-key=-final-states,-initial-state']
SECONDS_MAX = 600
BAD = r'^\[(?:eva:alarm|kernel:annot:missing-spec)\] (.*?:\d+): Warning: ?\n?((?:.+\n)*?)(?=^\[|^ *-)'


def drivers():
    """Gives {name: file}: core/proof/bytes.eva.c is core.bytes."""
    files = [y for x in ('core/proof', 'proto/*/proof', 'tools/test') for y in sorted(prove.ROOT.glob(f'{x}/*.eva.c'))]
    return {f'{x.parent.parent.name}.{x.name.removesuffix(".eva.c")}': x.relative_to(prove.ROOT) for x in files}


def alarms(build, file):
    """Runs Eva; gives what it found, in words, and how many statements it reached."""
    folders = [f'-I{x.relative_to(prove.ROOT)}' for y in ('core/include', 'core/machine/any', 'proto/*/include')
               for x in prove.ROOT.glob(y)]
    command = ['frama-c', '-load-module', str(prove.machine(build)), '-machdep', 'holm',
               f'-cpp-extra-args={" ".join([*prove.CPP, "-I.", *folders])}', str(file), *OPTIONS]
    done = subprocess.run(command, cwd=prove.ROOT, capture_output=True, text=True, timeout=SECONDS_MAX)
    summary = re.search(r'(\d+) statements reached \(out of (\d+)\)(?:.*\n)*? *(\d+) alarms? generated', done.stdout)
    if done.returncode or not summary or 'NON TERMINATING FUNCTION' in done.stdout:
        raise prove.Refused(f'{file}: Eva stopped, or the driver does not end\n{done.stdout[-2000:]}{done.stderr}')
    found = [f'{where}: {" ".join(what.split())}' for where, what in re.findall(BAD, done.stdout, re.M)]
    if int(summary[3]) and not found:
        raise prove.Refused(f'{file}: alarms that this tool does not read\n{done.stdout}')
    return found, summary[1], summary[2]


def main():
    build, names = Path(sys.argv[1]).resolve() / 'prove', sys.argv[2:]
    if not prove.versions():
        print('Frama-C is not here (./dev setup prove)')
        sys.exit(prove.SKIPPED)
    build.mkdir(exist_ok=True)
    chosen = {x: y for x, y in drivers().items() if any(z in x for z in names) or not names and 'tools' not in x}
    if not chosen:
        sys.exit(f'eva: none of that name; there are {" ".join(drivers())}')
    sys.exit(any([look(build, name, file) for name, file in chosen.items()]))


def look(build, name, file):
    """Prints what Eva says of a driver; answers whether it is something."""
    start = time.monotonic()
    try:
        found, reached, of = alarms(build, file)
    except (prove.Refused, subprocess.TimeoutExpired) as problem:
        print(f'{name}: {problem}')
        return True
    print('\n'.join([f'{name}: {len(found)} alarms, {reached} of {of} statements reached, in '
                     f'{time.monotonic() - start:.0f} s', *(f'    {x}' for x in found)]), flush=True)
    return bool(found)


if __name__ == '__main__':
    main()
