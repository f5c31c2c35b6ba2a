# SPDX-License-Identifier: BSL-1.0
"""Nix archives written out by hand, right ones and wrong ones."""


def string(data):
    return len(data).to_bytes(8, "little") + data + b"\0" * (-len(data) % 8)


def strings(*all):
    return b"".join(map(string, all))


MAGIC = string(b"nix-archive-1")


def regular(data, executable=False):
    return strings(b"(", b"type", b"regular", *((b"executable", b"") if executable else ()), b"contents", data, b")")


def link(target):
    return strings(b"(", b"type", b"symlink", b"target", target, b")")


def entry(name, node):
    return strings(b"entry", b"(", b"name", name, b"node") + node + string(b")")


def directory(*entries):
    """Of (name, node), in the order they are given."""
    return strings(b"(", b"type", b"directory") + b"".join(entry(*each) for each in entries) + string(b")")


def folder(**entries):
    return directory(*((name.encode(), node) for name, node in entries.items()))


def nar(node):
    return MAGIC + node
