# SPDX-License-Identifier: BSL-1.0
"""Packages of our own as conda builds them: compiled for a prefix of 255 bytes, packed by conda's own `cph create`.

What they hold is what goes wrong when prefixes move: strings that share their ends or know their length, rpaths, the same file under
two names, first lines of scripts, links; for Linux, where it can run, and for macOS, where it is signed.
"""
import hashlib, json, os, shutil, stat, subprocess, sys, tempfile, zipfile
from oracle import HERE, TESTDATA, read, run, write

SOURCES = os.path.join(HERE, "conda")
PYTHON = "3.12"
# Where the builds of the wheels took place: prefixes of strings in libraries that Apple's linker has signed.
WHEELS = {"markupsafe": b"/Users/runner/work/markupsafe/markupsafe", "regex": b"/Users/runner/work/mrab-regex/mrab-regex",
          "pydantic-core": b"/Users/runner/.cargo/registry/src/index.crates.io-1949cf8c6b5b557f",
          "uvloop": b"/Users/runner/work/uvloop/uvloop"}
MACHO = (b"\xca\xfe\xba\xbe", b"\xca\xfe\xba\xbf", b"\xcf\xfa\xed\xfe", b"\xce\xfa\xed\xfe")
TOOLS = {"linux-64": ("gcc", "g++"), "osx-arm64": ("clang-19", "ld64.lld-19", "llvm-lipo-19")}


def missing(subdir):
    """The first program without which the packages of that platform cannot be built, or None."""
    return next((tool for tool in ("cph", *TOOLS[subdir]) if not shutil.which(tool)), None)


def placeholder(name):
    """255 bytes, as conda-build has it."""
    text = "/build/work/%s_1700000000000/_h_env_" % name
    return text + ("placehold_" * 25)[:255 - len(text)]


class Recipe:
    """One package while it is made: its files, and what its metadata say of them."""

    def __init__(self, work, name, version="1.0", build="0", subdir="linux-64", depends=(), prefix=None):
        self.name, self.version, self.build, self.subdir = name, version, build, subdir
        self.depends, self.prefix = list(depends), (prefix or placeholder(name))
        self.folder = os.path.join(work, self.stem)
        os.makedirs(self.folder)

    @property
    def stem(self):
        return "%s-%s-%s" % (self.name, self.version, self.build)

    def path(self, name):
        return os.path.join(self.folder, name)

    def put(self, name, data, mode=0o644):
        data = data if isinstance(data, bytes) else data.encode()
        write(self.path(name), data.replace(b"@PREFIX@", self.prefix.encode()))
        os.chmod(self.path(name), mode)

    def script(self, name, text):
        self.put(name, text, 0o755)

    def link(self, name, target):
        os.makedirs(os.path.dirname(self.path(name)), exist_ok=True)
        os.symlink(target, self.path(name))

    def output(self, name):
        """Where a compiler is to put that file."""
        os.makedirs(os.path.dirname(self.path(name)), exist_ok=True)
        return self.path(name)

    def files(self):
        found = []
        for base, folders, names in os.walk(self.folder):
            found += [os.path.relpath(os.path.join(base, n), self.folder) for n in names + folders
                      if n in names or os.path.islink(os.path.join(base, n))]
        return sorted(name for name in found if not name.startswith("info/"))

    def entry(self, name):
        """What paths.json says of one file, as conda-build does: binary is what holds a NUL."""
        path = self.path(name)
        if os.path.islink(path):
            target = os.path.realpath(path)
            data = read(target) if os.path.isfile(target) else b""
            return {"_path": name, "path_type": "softlink", "sha256": hashlib.sha256(data).hexdigest(), "size_in_bytes": len(data)}
        data = read(path)
        entry = {"_path": name, "path_type": "hardlink", "sha256": hashlib.sha256(data).hexdigest(), "size_in_bytes": len(data)}
        if self.prefix.encode() in data:
            entry.update(file_mode="binary" if b"\0" in data else "text", prefix_placeholder=self.prefix)
        return entry

    def describe(self, paths_json=True, noarch=None, entry_points=()):
        """Writes info/."""
        index = {"name": self.name, "version": self.version, "build": self.build, "build_number": 0, "subdir": self.subdir,
                 "depends": self.depends, "license": "BSL-1.0", "timestamp": 1700000000000}
        names = self.files()
        entries = [self.entry(name) for name in names]
        if noarch:
            index["noarch"] = noarch
            link = {"package_metadata_version": 1, "noarch": {"type": noarch, "entry_points": list(entry_points)}}
            self.put("info/link.json", json.dumps(link, indent=2))
        self.put("info/index.json", json.dumps(index, indent=2))
        self.put("info/about.json", json.dumps({"summary": "made for a test"}))
        self.put("info/files", "".join(name + "\n" for name in names))
        marked = [e for e in entries if "file_mode" in e]
        if marked:
            self.put("info/has_prefix", "".join("%s %s %s\n" % (e["prefix_placeholder"], e["file_mode"], quoted(e["_path"]))
                                                for e in marked))
        if paths_json:
            self.put("info/paths.json", json.dumps({"paths_version": 1, "paths": entries}, indent=2))
        # conda gives what it patches the time of about.json and a second, so that no stale .pyc goes on being run.
        for base, _, names in os.walk(self.folder):
            for name in names:
                os.utime(os.path.join(base, name), (1700000000, 1700000000), follow_symlinks=False)

    def pack(self, channel, form):
        """The archive, in the channel's folder for this platform."""
        to = os.path.join(channel, self.subdir)
        os.makedirs(to, exist_ok=True)
        run("cph", "create", self.folder, self.stem + form, "--out-folder", to)
        return os.path.join(to, self.stem + form)


def quoted(path):
    return '"%s"' % path if " " in path else path


def compile_linux(recipe, what, output, *flags):
    """The prefix is longer than most compilers' lines are wide, no more."""
    source = os.path.join(SOURCES, what)
    compiler = "g++" if what.endswith(".cc") else "gcc"
    standard = ["-std=c++17"] if compiler == "g++" else []
    run(compiler, *standard, "-Os", "-s", '-DPREFIX="%s"' % recipe.prefix, '-DINTERPRETER="%s"' % sys.executable, source, "-o",
        recipe.output(output), *flags)


def compile_mac(recipe, arch, what, output, *flags):
    """Without an SDK; the last part of the output's name becomes the signature's identifier."""
    with tempfile.TemporaryDirectory() as work:
        linked = os.path.join(work, os.path.basename(output))
        run("clang-19", "--target=%s-apple-macos11" % arch, "-ffreestanding", "-fno-unwind-tables", "-fno-asynchronous-unwind-tables",
            "-Os", '-DPREFIX="%s"' % recipe.prefix, "-c", os.path.join(SOURCES, what), "-o", work + "/o")
        run("ld64.lld-19", "-arch", arch, "-platform_version", "macos", "11.0", "11.0", "-no_uuid", "-fixup_chains", "-adhoc_codesign",
            "-o", linked, work + "/o", os.path.join(TESTDATA, "src", "libSystem.tbd"), *flags)
        shutil.copyfile(linked, recipe.output(output))
    os.chmod(recipe.path(output), 0o755)


def compile_go(recipe, system, arch, output):
    """Nothing where there is no Go."""
    go = shutil.which("go")
    if not go:
        return
    with tempfile.TemporaryDirectory() as work:
        write(work + "/main.go", read(SOURCES + "/greet.go").replace(b"@PREFIX@", recipe.prefix.encode()))
        write(work + "/go.mod", b"module example.org/greet\n\ngo 1.18\n")
        env = dict(os.environ, GOOS=system, GOARCH=arch, CGO_ENABLED="0", GOFLAGS="-mod=mod", GOPROXY="off", GOWORK="off",
                   GOTOOLCHAIN="local", GO111MODULE="on")
        if "HOME" not in env:
            env.setdefault("GOCACHE", work + "/cache")
        run(go, "build", "-trimpath", "-ldflags=-buildid= -s -w", "-o", recipe.output(output), ".", cwd=work, env=env)


def greet(work, subdir):
    """Programs, their library, and what goes with them."""
    recipe = Recipe(work, "greet", subdir=subdir, depends=["shell >=1"])
    if subdir == "linux-64":
        compile_linux(recipe, "libgreet.c", "lib/libgreet.so.1", "-shared", "-fPIC", "-Wl,-soname,libgreet.so.1")
        recipe.link("lib/libgreet.so", "libgreet.so.1")
        compile_linux(recipe, "greet.c", "bin/greet", "-Wl,-O2", "-L" + recipe.path("lib"), "-lgreet",
                      "-Wl,-rpath," + recipe.prefix + "/lib")
        compile_linux(recipe, "views.cc", "bin/greet-views", "-static-libstdc++", "-static-libgcc")
        compile_go(recipe, "linux", "amd64", "bin/greet-go")
        os.link(recipe.path("lib/libgreet.so.1"), recipe.output("lib/greet/plugin.so"))
    else:
        for arch in ("arm64", "x86_64"):
            library, name = "lib/%s/libgreet.1.dylib" % arch, recipe.prefix + "/lib/libgreet.1.dylib"
            compile_mac(recipe, arch, "libgreet.c", library, "-dylib", "-install_name", name)
            compile_mac(recipe, arch, "greet.c", "bin/greet-" + arch, recipe.path(library), "-rpath", recipe.prefix + "/lib")
        run("llvm-lipo-19", "-create", recipe.path("bin/greet-x86_64"), recipe.path("bin/greet-arm64"), "-output", recipe.path("bin/greet"))
        os.chmod(recipe.path("bin/greet"), 0o755)
        shutil.move(recipe.path("lib/arm64/libgreet.1.dylib"), recipe.path("lib/libgreet.1.dylib"))
        shutil.rmtree(recipe.path("lib/arm64"))
        recipe.link("lib/libgreet.dylib", "libgreet.1.dylib")
        compile_go(recipe, "darwin", "arm64", "bin/greet-go")
        os.link(recipe.path("lib/libgreet.1.dylib"), recipe.output("lib/greet/plugin.dylib"))
    recipe.script("bin/greet-script", "#!@PREFIX@/bin/shell -I\nprint('greet-script')\n")
    recipe.script("bin/greet-python", "#!@PREFIX@/bin/python\nimport sys\nprint('greet-python', '@PREFIX@/share/greet')\n")
    recipe.script("bin/greet-config", "#!/bin/sh\nprefix=@PREFIX@\necho \"-I${prefix}/include -L@PREFIX@/lib\"\n")
    recipe.script("bin/greet-sharball", b"#!@PREFIX@/bin/shell\nexit 0\n\0\1\2@PREFIX@/lib/behind\0end")
    recipe.put("lib/pkgconfig/greet.pc", "prefix=@PREFIX@\nlibdir=${prefix}/lib\nCflags: -I@PREFIX@/include -I@PREFIX@/include/greet\n")
    recipe.put("share/greet/greeting.txt", "hello\n")
    recipe.put("share/greet/file with spaces", "@PREFIX@\r\n@PREFIX@/x\r\nno newline @PREFIX@")
    recipe.put("share/greet/latin-1", b"caf\xe9 @PREFIX@/share\n")
    recipe.put("share/greet/strings", b"P=@PREFIX@/a:@PREFIX@/b:\0Z\0/home@PREFIX@/x\0tail @PREFIX@/y")
    recipe.link("share/greet/again", "greeting.txt")
    recipe.link("share/greet/up", "../../lib")
    recipe.link("share/greet/nowhere", "not-there")
    recipe.describe()
    return recipe


def shell(work, subdir):
    """Interpreters, of which one is called python."""
    recipe = Recipe(work, "shell", "1.2", subdir=subdir)
    python = Recipe(work, "python", PYTHON + ".1", "0_cpython", subdir=subdir)
    for each, name in ((recipe, "bin/shell"), (python, "bin/python" + PYTHON)):
        if subdir == "linux-64":
            compile_linux(each, "shell.c", name)
        else:
            compile_mac(each, "arm64", "shell.c", name)
    python.link("bin/python3", "python" + PYTHON)
    python.link("bin/python", "python" + PYTHON)
    python.put("lib/python%s/sysconfig-data.py" % PYTHON, "prefix = '@PREFIX@'\n")
    recipe.describe()
    python.describe()
    return [recipe, python]


def noarch(work):
    recipe = Recipe(work, "pygreet", "2.0", "pyh_0", subdir="noarch", depends=["python >=3"])
    recipe.put("site-packages/pygreet/__init__.py", "HOME = '@PREFIX@/share/greet'\n\n\ndef main():\n    print('pygreet', HOME)\n")
    recipe.put("site-packages/pygreet-2.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: pygreet\nVersion: 2.0\n")
    recipe.script("python-scripts/pygreet-script", "#!@PREFIX@/bin/python -s\nprint('pygreet-script')\n")
    recipe.put("share/pygreet/data", "@PREFIX@/share/pygreet\n")
    recipe.describe(noarch="python", entry_points=["pygreet = pygreet:main"])
    return recipe


def legacy(work, subdir):
    """What was written before there was a paths.json."""
    recipe = Recipe(work, "legacy", "0.1", subdir=subdir)
    recipe.put("etc/legacy.conf", "home = @PREFIX@/etc\n")
    recipe.put("etc/legacy conf with spaces", "home = @PREFIX@/etc\n")
    recipe.put("etc/plain", "nothing\n")
    recipe.describe(paths_json=False)
    return recipe


def wheel(work, path):
    """The libraries of a wheel, in a package whose placeholder is where they were built."""
    name = os.path.basename(path).rsplit("-", 1)[0]
    recipe = Recipe(work, name, subdir="osx-arm64", prefix=WHEELS[name].decode())
    with zipfile.ZipFile(path) as archive:
        for member in archive.namelist():
            data = archive.read(member)
            if data[:4] in MACHO:
                recipe.put("lib/wheels/" + member, data, 0o755)
                if WHEELS[name] not in data:
                    sys.exit("%s: %s does not stand in it: the test is void" % (member, recipe.prefix))
    recipe.describe()
    return recipe


def build_channel(channel, subdir, wheels=()):
    """All packages for one platform, with its noarch ones, as a channel's folder; their archives."""
    archives = []
    with tempfile.TemporaryDirectory() as work:
        recipes = [greet(work, subdir), *shell(work, subdir), noarch(work)] + [wheel(work, path) for path in wheels]
        for each in recipes:
            archives.append(each.pack(channel, ".conda"))
        archives.append(legacy(work, subdir).pack(channel, ".tar.bz2"))
    return archives


def is_program(path):
    return not os.path.islink(path) and os.path.isfile(path) and bool(os.stat(path).st_mode & stat.S_IXUSR)
