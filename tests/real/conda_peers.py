# SPDX-License-Identifier: BSL-1.0
"""The tools that move conda environments today, and trees as values to compare what they leave with what we do."""
import glob, hashlib, os, shutil, stat, subprocess, sys, tempfile
sys.dont_write_bytecode = True
import conda_recipes
from oracle import HERE, read, run, skip

FORMATS = ("tar.gz", "tar.bz2", "tar.xz", "tar.zst", "zip", "tar")


def peers_dir():
    return run(sys.executable, os.path.join(HERE, "fetch-peers"), "--where").decode().strip()


def peer(name):
    """A program of the peers' Python, or the test is skipped."""
    found = os.path.join(peers_dir(), "venv", "bin", name)
    if not os.path.exists(found):
        skip("%s is not there; tests/real/fetch-peers fetches it" % name)
    return found


def wheels():
    return sorted(glob.glob(os.path.join(peers_dir(), "wheels", "*.whl")))


def channel(subdir):
    """The folder with our packages for that platform: built once for each state of the recipes."""
    if tool := conda_recipes.missing(subdir):
        skip("%s is not installed" % tool)
    peer("conda-pack")
    sources = [os.path.join(HERE, "conda_recipes.py"), *sorted(glob.glob(os.path.join(HERE, "conda", "*"))),
               *(wheels() if subdir != "linux-64" else ())]
    key = hashlib.sha256(b"\0".join([os.fsencode(sys.executable), *map(read, sources)])).hexdigest()[:16]
    folder = os.path.join(peers_dir(), "channels", "%s-%s" % (subdir, key))
    if not os.path.isdir(folder):
        os.makedirs(os.path.dirname(folder), exist_ok=True)
        temp = tempfile.mkdtemp(dir=os.path.dirname(folder))
        try:
            conda_recipes.build_channel(temp, subdir, wheels() if subdir != "linux-64" else ())
            run(peer("python"), os.path.join(HERE, "rattler-install"), temp)
            os.rename(temp, folder)
        except OSError:
            if not os.path.isdir(folder):  # else somebody else was quicker
                raise
        finally:
            shutil.rmtree(temp, ignore_errors=True)
    return folder


def archives(folder):
    """The packages of a channel."""
    return sorted(glob.glob(folder + "/*/*.conda") + glob.glob(folder + "/*/*.tar.bz2"))


def specs(folder):
    return [os.path.basename(each).rsplit("-", 2)[0] for each in archives(folder)]


def install(folder, subdir, prefix, cache):
    """The environment of all packages of a channel as rattler makes it: prefixes replaced, nothing signed."""
    run(peer("python"), os.path.join(HERE, "rattler-install"), folder, subdir, prefix, cache, *specs(folder))


def pack(prefix, archive):
    """The environment as conda-pack packs it: what has a placeholder comes from rattler's cache, as it was built."""
    if archive.endswith(".zst"):  # it needs one more module for that
        pack(prefix, archive[:-4])
        run("zstd", "-q", "--rm", archive[:-4])
        return
    run(peer("conda-pack"), "-q", "-p", prefix, "-o", archive, "-j", "2", *(["--zip-symlinks"] if archive.endswith(".zip") else []))


def extract(archive, folder):
    """By tar or unzip, as conda-pack's manual says."""
    os.mkdir(folder)
    if archive.endswith(".zip"):
        run("unzip", "-q", archive, "-d", folder)
    else:
        run("tar", "-C", folder, "-xf", archive)


def conda_unpack(folder):
    """conda-pack's own, as its users run it."""
    run(sys.executable, os.path.join(folder, "bin", "conda-unpack"), env=dict(os.environ, PYTHONDONTWRITEBYTECODE="1"))


def snapshot(folder):
    """{path: (kind, executable, contents or target)} of everything but folders, and empty folders."""
    found = {}
    for base, folders, names in os.walk(folder):
        for name in names + folders:
            path = os.path.join(base, name)
            status = os.lstat(path)
            if stat.S_ISLNK(status.st_mode):
                found[os.path.relpath(path, folder)] = ("link", False, os.readlink(path))
            elif stat.S_ISREG(status.st_mode):
                found[os.path.relpath(path, folder)] = ("file", bool(status.st_mode & stat.S_IXUSR), read(path))
            elif not os.listdir(path):
                found[os.path.relpath(path, folder)] = ("folder", False, None)
    return found


def hard_links(folder):
    """The groups of names that are one file."""
    groups = {}
    for base, _, names in os.walk(folder):
        for name in names:
            status = os.lstat(os.path.join(base, name))
            if status.st_nlink > 1:
                groups.setdefault(status.st_ino, []).append(os.path.relpath(os.path.join(base, name), folder))
    return sorted(sorted(each) for each in groups.values() if len(each) > 1)


def short_folder():
    """A folder whose path is shorter than any of the prefixes that are to be replaced, or the test is skipped."""
    folder = tempfile.TemporaryDirectory(prefix="r-", dir="/tmp" if os.access("/tmp", os.W_OK) else None)
    if len(folder.name) > 20:
        skip("no folder for temporary files with a short name")
    return folder


def call(*command, status=0, **more):
    """All that a command says that has to end with that status."""
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, timeout=300, **more)
    if done.returncode != status:
        sys.exit("%s: exit status %d\n%s%s" % (" ".join(map(str, command)), done.returncode, done.stdout.decode(errors="replace"),
                                               done.stderr.decode(errors="replace")))
    return (done.stdout + done.stderr).decode(errors="replace")
