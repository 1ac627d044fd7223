#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""fetch.py [FOLDER]: brings what third_party/sources.lock names into FOLDER/NAME (default: build/sources of this tree), each
file only with the content that the lock says. Status 1, and one line: something is missing, and the build does without.

From: the folder or archive HOLM_SOURCE_NAME (as HOLM_SOURCE_S2N_BIGNUM), if that is set; else Debian's source package, by a
private apt root, so that the machine's own stays as it is."""
import hashlib
import os
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
KEYS = '/usr/share/keyrings/debian-archive-keyring.gpg'
MIRROR = 'http://deb.debian.org/debian'
PATIENCE = 120  # seconds for each step of apt


class Missing(Exception):
    pass


def lock():
    """Gives {name: {'debian': (suite, package), 'below': folder, 'files': {path: hash}}}."""
    found, of = {}, None
    for line in (ROOT / 'third_party/sources.lock').read_text().splitlines():
        words = line.split('#')[0].split()
        if not words:
            continue
        if words[0] == 'source':
            of = found.setdefault(words[1], {'files': {}})
        elif words[0] == 'debian':
            of['debian'] = words[1], words[2]
        elif words[0] == 'below':
            of['below'] = words[1]
        else:
            assert words[0] == 'file', line
            of['files'][words[2]] = words[1]
    return found


def whole(folder, files):
    """Whether all files are in folder, with the content that they must have."""
    return all((folder / path).is_file() and digest((folder / path).read_bytes()) == sha for path, sha in files.items())


def digest(content):
    return hashlib.sha256(content).hexdigest()


def apt(folder, *words):
    options = {'Dir': folder, 'Dir::State::status': folder / 'status', 'Dir::Etc::parts': folder / 'none',
               'Dir::Etc::main': folder / 'none', 'Dir::Etc::sourceparts': folder / 'none',
               'Dir::Etc::sourcelist': folder / 'sources.list', 'Debug::NoLocking': '1', 'APT::Sandbox::User': 'root'}
    done = subprocess.run(['apt-get', '-q', *(f'-o{key}={value}' for key, value in options.items()), *words], cwd=folder,
                          capture_output=True, text=True, timeout=PATIENCE)
    if done.returncode:
        raise Missing(f'apt-get {words[0]}: {(done.stderr.strip().splitlines() or ["it failed"])[-1]}')


def debian(folder, suite, package):
    """The archive of a source package; the .dsc may be missing there."""
    for name in ('var/lib/apt/lists/partial', 'var/cache/apt/archives/partial', 'etc/apt/preferences.d', 'none'):
        (folder / name).mkdir(parents=True)
    (folder / 'status').touch()
    (folder / 'sources.list').write_text(f'deb-src [signed-by={KEYS}] {MIRROR} {suite} main\n')
    apt(folder, 'update')
    apt(folder, 'source', '--download-only', '--tar-only', package)
    archives = sorted(folder.glob('*.orig.tar.*'))
    if not archives:
        raise Missing(f'{package} has no archive')
    return archives[0]


def contents(place, below, files):
    """Gives (path, content) of the files in an archive or an unpacked tree."""
    if place.is_dir():
        base = next((x for x in (place / below, place) if x.is_dir()), place)
        yield from ((path, (base / path).read_bytes()) for path in files if (base / path).is_file())
        return
    with tarfile.open(place) as archive:
        for member in archive:
            _, _, inside = member.name.partition('/')
            path = inside.removeprefix(below + '/')
            if member.isfile() and path in files:
                yield path, archive.extractfile(member).read()


def bring(name, of, target):
    given = os.environ.get('HOLM_SOURCE_' + name.upper().replace('-', '_'))
    with tempfile.TemporaryDirectory() as scratch:
        place = Path(given) if given else debian(Path(scratch), *of['debian'])
        try:
            found = dict(contents(place, of['below'], of['files']))
        except (OSError, EOFError, tarfile.TarError) as error:
            raise Missing(f'{place.name}: {error}') from error
    for path, sha in of['files'].items():
        if digest(found.get(path, b'')) != sha:
            raise Missing(f'{path} is {"not what the lock says" if path in found else "not there"}')
    for path, content in found.items():
        (target / path).parent.mkdir(parents=True, exist_ok=True)
        (target / path).write_bytes(content)


def main():
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / 'build/sources'
    status = 0
    for name, of in lock().items():
        try:
            if not whole(folder / name, of['files']):
                bring(name, of, folder / name)
        except (Missing, OSError, subprocess.TimeoutExpired) as reason:
            print(f'fetch: the build does without {name}: {reason}', file=sys.stderr)
            status = 1
    folder.mkdir(parents=True, exist_ok=True)
    (folder / 'tried').touch()
    return status


sys.exit(main())
