# SPDX-License-Identifier: BSL-1.0
"""What the oracles that are scripts have in common."""
import os, shutil, struct, subprocess, sys

HERE = os.path.dirname(os.path.abspath(__file__))
TESTDATA = os.environ.get("RESEAL_TESTDATA") or os.path.join(HERE, "..", "..", "testdata")
FROM, TO = open(os.path.join(TESTDATA, "a-to-b.rules"), "rb").read().rstrip(b"\n").split(b"\t")


def skip(reason):
    """Ends the test as Meson's "skipped"."""
    print("skipped: " + reason)
    sys.exit(77)


def tool(*names):
    """The first of these programs that is installed, or the test is skipped."""
    for name in names:
        if found := shutil.which(name):
            return found
    skip("%s is not installed" % " or ".join(names))


def run(*command, **more):
    """Standard output of a command that has to succeed."""
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, timeout=300, **more)
    if done.returncode:
        sys.exit("%s: exit status %d\n%s" % (" ".join(map(str, command)), done.returncode,
                                             done.stderr.decode(errors="replace")))
    return done.stdout


def corpus_dir():
    """Where the corpus is, or would be."""
    return run(sys.executable, os.path.join(HERE, "fetch-corpus"), "--where").decode().strip()


def read(path):
    with open(path, "rb") as f:
        return f.read()


def write(path, data):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as f:
        f.write(data)
    return path


def escape(data):
    """One side of a rule as a rules file has it."""
    return b"".join(b"\\x%02x" % c for c in data)


class Reseal:
    """The library, driven by rewrite-file in a folder of our own."""

    def __init__(self, program, folder):
        self.program, self.folder = program, folder

    def __call__(self, data, *rules):
        """`data` rewritten by the rules (from, to)."""
        for old, _ in rules:
            if old not in data:
                sys.exit("the rule for %r would find nothing: the test is void" % old)
        rules = b"".join(escape(old) + b"\t" + escape(new) + b"\n" for old, new in rules)
        names = [os.path.join(self.folder, "reseal." + n) for n in ("rules", "in", "out")]
        write(names[0], rules)
        write(names[1], data)
        run(self.program, *names)
        return read(names[2])


def codedirectories(data):
    """(identifier, page size) of every CodeDirectory that a SuperBlob in `data` begins with; enough for files of our own."""
    found, at = [], -1
    while (at := data.find(b"\xfa\xde\x0c\xc0", at + 1)) >= 0:
        _, length, count, kind, offset = struct.unpack_from(">5I", data, at)
        cd = at + offset
        if count and kind == 0 and data[cd:cd + 4] == b"\xfa\xde\x0c\x02":
            name = cd + struct.unpack_from(">I", data, cd + 20)[0]
            found.append((data[name:data.index(b"\0", name)].decode(), 1 << data[cd + 39]))
    return found


def same(what, got, want):
    """Fails unless the bytes are the same, and says where they are not."""
    if got == want:
        print("same: %s, %d bytes" % (what, len(got)))
        return
    if len(got) != len(want):
        sys.exit("%s: %d bytes, not %d" % (what, len(got), len(want)))
    wrong = [i for i in range(len(got)) if got[i] != want[i]]
    sys.exit("%s: %d bytes differ, the first at %#x, the last at %#x" % (what, len(wrong), wrong[0], wrong[-1]))
