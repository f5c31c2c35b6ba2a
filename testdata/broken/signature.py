# SPDX-License-Identifier: BSL-1.0
"""A signer that makes what it is told to, right or wrong."""
import hashlib
import struct

from program import set_signature_range

ADHOC, HARD, KILL, RUNTIME, LINKER_SIGNED = 0x2, 0x100, 0x200, 0x10000, 0x20000
SHA1, SHA256 = 1, 2
HASHES = {SHA1: hashlib.sha1, SHA256: hashlib.sha256}
INFO, REQUIREMENTS, RESOURCES, ENTITLEMENTS, DER_ENTITLEMENTS, LAUNCH_SELF = 1, 2, 3, 5, 7, 8
CMS = 0x10000


def blob(magic, body):
    return struct.pack(">2I", magic, 8 + len(body)) + body


NO_REQUIREMENTS = blob(0xFADE0C01, struct.pack(">I", 0))
NO_CMS = blob(0xFADE0B01, b"")


def requirements(expression):
    """A set of one designated requirement; `expression` is its opcodes."""
    return blob(0xFADE0C01, struct.pack(">3I", 1, 3, 20) + blob(0xFADE0C00, struct.pack(">I", 1) + expression))


def identifier_requirement(identifier):
    """identifier "…" """
    return requirements(struct.pack(">2I", 2, len(identifier)) + identifier + b"\0" * (-len(identifier) % 4))


def plist(body):
    return (b'<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" '
            b'"http://www.apple.com/DTDs/PropertyList-1.0.dtd">\n<plist version="1.0">\n' + body + b"\n</plist>\n")


def entitlements(values):
    """Both forms, as codesign writes them; values are True or text."""
    xml = b"".join(b"\t<key>%s</key>\n\t%s\n" % (key, b"<true/>" if value is True else b"<string>%s</string>" % value)
                   for key, value in values.items())
    pairs = [der(0x30, der(0x0C, key) + (der(1, b"\xff") if value is True else der(0x0C, value)))
             for key, value in sorted(values.items())]
    return {ENTITLEMENTS: blob(0xFADE7171, plist(b"<dict>\n" + xml + b"</dict>")),
            DER_ENTITLEMENTS: blob(0xFADE7172, der(0x70, der(2, b"\1") + der(0xB0, b"".join(pairs))))}


def der(tag, body):
    size = len(body)
    if size < 0x80:
        return bytes([tag, size]) + body
    count = (size.bit_length() + 7) // 8
    return bytes([tag, 0x80 | count]) + size.to_bytes(count, "big") + body


def code_directory(code, sealed, identifier=b"tool", team=b"", flags=ADHOC, hash_type=SHA256, platform=0, page_shift=12,
                   last_page=None, pages=None, wrong=()):
    """The table of hashes of `code`. `sealed`: slot → the bytes that special slot −slot is the hash of. `last_page`: what
    the last page is taken for; `pages`: how many are in the table; `wrong`: slots that get the hash of something else."""
    digest = HASHES[hash_type]
    size = digest().digest_size
    page = 1 << page_shift
    contents = [code[at:at + page] for at in range(0, len(code), page)]
    if last_page is not None:
        contents[-1] = last_page(contents[-1])
    contents = contents[:pages]
    special = max(sealed, default=0)
    slots = [digest(sealed[slot]).digest() if slot in sealed else bytes(size) for slot in range(special, 0, -1)]
    slots += [digest(each).digest() for each in contents]
    for slot in wrong:
        slots[special + slot] = digest(b"something else").digest()
    names = identifier + b"\0" + (team + b"\0" if team else b"")
    header = 96
    at_hashes = (header + len(names) + 15) // 16 * 16 + special * size
    length = at_hashes + len(contents) * size
    runtime = 0x000E0000 if flags & RUNTIME else 0
    fixed = struct.pack(">9I4BI", 0xFADE0C02, length, 0x20500, flags, at_hashes, header, special, len(contents), len(code),
                        size, hash_type, platform, page_shift, 0)
    fixed += struct.pack(">3IQ3Q2I", 0, header + len(identifier) + 1 if team else 0, 0, 0, 0, 0x4000, 1, runtime, 0)
    assert len(fixed) == header
    return (fixed + names).ljust(at_hashes - special * size, b"\0") + b"".join(slots)


def super_blob(blobs):
    """`blobs`: (slot, bytes) pairs."""
    at = 12 + 8 * len(blobs)
    index = body = b""
    for slot, each in blobs:
        index += struct.pack(">2I", slot, at + len(body))
        body += each
    return struct.pack(">3I", 0xFADE0CC0, at + len(body), len(blobs)) + index + body


def signed(code, blobs=(), cms=NO_CMS, sealed=(), alternate=None, room=0, last_page=None, pages=None, wrong=(), change=None,
           **directory):
    """The program with a signature over it.

    `blobs`: what the signature carries and seals, by slot (requirements, entitlements, …); `sealed`: what it seals without
    carrying it (Info.plist, CodeResources); `cms`: the blob, None for none, or a function that makes it of the CodeDirectory;
    `alternate`: how a second CodeDirectory differs; `room`: bytes kept for the signature, else as many as it has; `change`:
    slots of blobs whose bytes become others after all was sealed.
    """
    carried = {REQUIREMENTS: NO_REQUIREMENTS, **dict(blobs)}
    every = {**{slot: each for slot, each in carried.items()}, **dict(sealed)}

    def build(code):
        primary = code_directory(code, every, last_page=last_page, pages=pages, wrong=wrong, **directory)
        whole = [(0, primary)] + sorted({**carried, **(change or {})}.items())
        if alternate is not None:
            whole.append((0x1000, code_directory(code, every, **{**directory, **alternate})))
        if cms is not None:
            whole.append((CMS, cms(primary) if callable(cms) else cms))
        return super_blob(whole)

    room = room or (len(build(code)) + 15) // 16 * 16
    code = set_signature_range(code, room)
    signature = build(code)
    assert len(signature) <= room, (len(signature), room)
    return code + signature.ljust(room, b"\0")


def edited(data, old, new):
    """Every `old` becomes `new`, of the same length, and nothing is sealed again."""
    assert len(old) == len(new) and data.count(old) == 1
    return data.replace(old, new)
