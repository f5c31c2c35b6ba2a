#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""Makes the broken programs, one for each cause (see README.md beside this file).

    make.py OUT           writes them into the folder OUT
    make.py --sign OUT    with new CMS signatures and provisioning profiles, which go into made-once/ (needs openssl)
    make.py --expect CMD  writes expected.txt: the first line of `CMD explain` on each of those that are here

A signature by a key differs each time, and the keys are thrown away. So what needs one was made once and is committed; all
else comes out the same, byte for byte.
"""
import os
import struct
import subprocess
import sys

import bundle
import made_once
from program import (I386, LC_CODE_SIGNATURE, MH_DYLIB, PAGE, STORE_PATH, STRINGS, commands_of, program,
                     without_signature)
from signature import (ADHOC, ENTITLEMENTS, INFO, LAUNCH_SELF, LINKER_SIGNED, NO_CMS, REQUIREMENTS, RESOURCES, RUNTIME, SHA1,
                       SHA256, blob, der, edited, entitlements, identifier_requirement, signed)

HERE = os.path.dirname(os.path.abspath(__file__))
NEW_PATH = STORE_PATH.replace(b"r8qsxm85rlxzdac7988psm7gimg4dl3q", b"0123456789abcdfghijklmnpqrsvwxyz")
TEAM = b"EXAMPLE123"
CLIENT = b"com.apple.developer.endpoint-security.client"


def plain(**how):
    return signed(program(), **{"flags": ADHOC | LINKER_SIGNED, **how})


def not_macho():
    """The head of a program for Linux."""
    return (b"\x7fELF\2\1\1".ljust(16, b"\0") + struct.pack("<2HI3QI6H", 2, 62, 1, 0x400078, 64, 0, 0, 64, 56, 1, 0, 0, 0) +
            struct.pack("<2I6Q", 1, 5, 0, 0x400000, 0x400000, 132, 132, PAGE) + bytes.fromhex("31ffb83c0000000f05"))


def i386():
    segment = struct.pack("<2I16s8I", 1, 56, b"__TEXT", 0x1000, 0x1000, 0, 0x1000, 7, 5, 0, 0)
    thread = struct.pack("<4I", 5, 80, 1, 16) + bytes(64)
    header = struct.pack("<7I", 0xFEEDFACE, *I386, 2, 2, len(segment + thread), 1)
    return (header + segment + thread).ljust(PAGE, b"\0")


def bad_range():
    """The load command says that there is more of a signature than there is; all else says what is there."""
    data = bytearray(plain())
    at = next(at for command, at in commands_of(data) if command == LC_CODE_SIGNATURE)
    struct.pack_into("<I", data, at + 12, 0x10000)
    return bytes(data)


def unbound_cms():
    """Another path in it and every hash right again, but the certificate's owner had signed the hashes from before."""
    how = {"flags": 0, "team": TEAM, "identifier": bundle.IDENTIFIER, "room": 0xC00}
    before = []
    signed(program(), cms=lambda directory: before.append(directory) or NO_CMS, **how)
    strings = [each.replace(STORE_PATH, NEW_PATH) for each in STRINGS]
    return signed(program(strings=strings), cms=lambda _: made_once.cms("unbound-cms", before[-1]), **how)


def constraint():
    pair = der(0x30, der(0x0C, b"on-system-volume") + der(1, b"\xff"))
    fields = ((b"ccat", der(2, b"\0")), (b"comp", der(2, b"\1")), (b"reqs", der(0xB0, pair)), (b"vers", der(2, b"\1")))
    return blob(0xFADE8181, der(0x70, der(2, b"\1") + der(0xB0, b"".join(der(0x30, der(0x0C, k) + v) for k, v in fields))))


def application(name, files=(), make=plain, info=bundle.info_plist(), info_after=None, after=()):
    """name/Contents: `files` are sealed; `info_after` and `after` take their place once that is done."""
    files = dict(files)
    resources = bundle.code_resources(files)
    tool = make(sealed={INFO: info, RESOURCES: resources}, identifier=bundle.IDENTIFIER, flags=ADHOC)
    inside = {b"Info.plist": info_after or info, b"MacOS/tool": tool, b"_CodeSignature/CodeResources": resources, **files,
              **dict(after)}
    return {name + ".app/Contents/" + path.decode(): data for path, data in inside.items()}


def provisioned(name):
    """An application that may do what its provisioning profile allows, were it not for the profile."""
    claims = {b"com.apple.application-identifier": TEAM + b"." + bundle.IDENTIFIER,
              b"com.apple.developer.team-identifier": TEAM, CLIENT: True}

    def make(**how):
        return plain(**{**how, "flags": RUNTIME, "team": TEAM, "blobs": entitlements(claims), "room": 0xE00,
                        "cms": lambda directory: made_once.cms(name, directory)})

    return application(name, {b"embedded.provisionprofile": made_once.profile(name)}, make)


def special(slot, before, after, **how):
    """A blob that was replaced after it had been sealed."""
    return plain(**{"flags": ADHOC, **how, "blobs": before, "change": {slot: after[slot]}})


def everything():
    """Path → bytes."""
    debuggable, network = entitlements({b"com.apple.security.get-task-allow": True}), entitlements(
        {b"com.apple.security.network.client": True})
    files = {
        "not-macho": not_macho(),
        "truncated": plain()[:0x2800],
        "wrong-architecture": i386(),
        "unsigned": without_signature(program()),
        "bad-range": bad_range(),
        "bad-structure": plain(alternate={"flags": ADHOC | RUNTIME}),
        "page-size": plain(page_shift=13),
        "stale-page": edited(plain(), STORE_PATH, NEW_PATH),
        "padded-last-page": plain(last_page=lambda page: page.ljust(PAGE, b"\0")),
        "stale-alternate": plain(flags=ADHOC, hash_type=SHA1, wrong=[2], alternate={"hash_type": SHA256, "wrong": ()}),
        "page-count": plain(pages=4),
        "stale-entitlements": special(ENTITLEMENTS, debuggable, network),
        "stale-constraint": special(LAUNCH_SELF, {LAUNCH_SELF: constraint()}, {LAUNCH_SELF: constraint()[:-1] + b"\2"}),
        "stale-requirements": special(REQUIREMENTS, {REQUIREMENTS: identifier_requirement(b"tool")},
                                      {REQUIREMENTS: identifier_requirement(b"toll")}),
        "unbound-cms": unbound_cms(),
        "adhoc-with-cms": plain(flags=ADHOC, identifier=bundle.IDENTIFIER, room=0xC00,
                                cms=lambda directory: made_once.cms("adhoc-with-cms", directory)),
        "missing-cms": plain(flags=0, cms=None),
        "team-without-cms": plain(flags=ADHOC, team=TEAM),
        "restricted-entitlement": plain(flags=ADHOC, blobs=entitlements({CLIENT: True})),
        "launch-constraint": plain(flags=0, platform=15, identifier=b"com.apple.tool", cms=None,
                                   blobs={LAUNCH_SELF: constraint()}),
        "platform-binary": plain(flags=ADHOC, platform=15, identifier=b"com.apple.tool"),
        "library-validation/tool": signed(program(libraries=[b"@executable_path/libhelper.dylib"]), flags=ADHOC | RUNTIME),
        "library-validation/libhelper.dylib": signed(program(kind=MH_DYLIB), flags=ADHOC | LINKER_SIGNED,
                                                     identifier=b"libhelper"),
        "hardened-exceptions": plain(flags=ADHOC, blobs=entitlements({b"com.apple.security.cs.allow-jit": True})),
        "beyond-signature": signed(program(late_segment=True), flags=ADHOC).ljust(0x8010, b"\0"),
        "not-launchable": signed(program(pie=False), flags=ADHOC | LINKER_SIGNED),
        "modified-in-place": plain(),
        "nothing-found": plain(),
    }
    files.update(application("stale-info-plist", info_after=bundle.info_plist(b"1.1")))
    files.update(application("stale-resources", {b"Resources/greeting.txt": b"Good morning\n"},
                             after={b"Resources/greeting.txt": b"Good evening\n"}))
    files.update(provisioned("profile-mismatch"))
    files.update(provisioned("profile-expired"))
    return files


def names():
    """What is explained: the program in a folder of programs, an application as such."""
    paths = [path for path in everything() if not path.endswith(".dylib")]
    return sorted({path.split("/")[0] if ".app/" in path else path for path in paths})


def first_lines(command):
    """What `command explain` says first of each, run where they are."""
    for name in names():
        done = subprocess.run([command, "explain", name], cwd=HERE, stdout=subprocess.PIPE, check=False, timeout=60)
        yield done.stdout.decode().split("\n")[0] + "\n"


def main():
    arguments = sys.argv[1:]
    if arguments[:1] == ["--expect"] and len(arguments) == 2:
        with open(os.path.join(HERE, "expected.txt"), "w", encoding="utf-8") as file:
            file.writelines(first_lines(os.path.abspath(arguments[1])))
        return 0
    if arguments[:1] == ["--sign"]:
        del arguments[0]
        made_once.start_signing(TEAM.decode(), bundle.IDENTIFIER.decode(), CLIENT.decode())
    if len(arguments) != 1:
        sys.exit(__doc__)
    for path, data in everything().items():
        path = os.path.join(arguments[0], path)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as file:
            file.write(data)
    return 0


if __name__ == "__main__":
    sys.exit(main())
