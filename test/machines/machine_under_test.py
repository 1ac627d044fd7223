# SPDX-License-Identifier: ISC
"""A machine that qemu-system starts with a kernel of Debian's: what is in its memory at first, and what it says."""
import subprocess
import sys
import threading

TIME_S = 1200  # of a machine that is interpreted


def skip(why):
    print('skipped:', why)
    sys.exit(77)


def entry(number, name, mode, content):
    """An entry of a cpio archive, as the kernel reads them (Documentation/driver-api/early-userspace/buffer-format.rst)."""
    fields = (number, mode, 0, 0, 1, 0, len(content), 0, 0, 0, 0, len(name) + 1, 0)
    head = b'070701' + b''.join(b'%08X' % x for x in fields) + name.encode() + b'\0'
    return head + bytes(-len(head) % 4) + content + bytes(-len(content) % 4)


def archive(files):
    entries = [entry(i + 1, name, 0o100755, content) for i, (name, content) in enumerate(files.items())]
    return b''.join(entries) + entry(0, 'TRAILER!!!', 0, b'')


def boot(*words):
    """What the machine wrote until it was off."""
    it = subprocess.Popen([*words, '-m', '512', '-nographic', '-no-reboot', '-net', 'none'],
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    watch = threading.Timer(TIME_S, it.kill)
    watch.start()
    said = it.communicate()[0].decode(errors='replace').replace('\r', '')
    watch.cancel()
    return said
