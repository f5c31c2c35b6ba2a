# SPDX-License-Identifier: BSL-1.0
"""What has to come out of a conda-pack archive: conda-pack's records and the rules of padding, said again in Python."""
import ast, hashlib, json, re
import slots

# What follows a prefix that is a path, or the whole of one.
BEHIND = b"/\0:;'\"` \t\n\v\f\r"


def records(tree):
    """{path: (placeholder, mode)}: what bin/conda-unpack says, and what it leaves out of conda-meta."""
    script = tree["bin/conda-unpack"][2]
    listed = ast.literal_eval(re.search(rb"^_prefix_records = (\[.*?^\])$", script, re.M | re.S).group(1).decode())
    found = {path: (placeholder.encode(), mode) for path, placeholder, mode in listed}
    for name, (_, _, data) in tree.items():
        if name.startswith("conda-meta/") and name.endswith(".json"):
            for entry in json.loads(data).get("paths_data", {}).get("paths", []):
                path, placeholder = entry["_path"], entry.get("prefix_placeholder", "").encode()
                if path not in found and placeholder and placeholder in tree.get(path, (0, 0, b""))[2]:
                    found[path] = (placeholder, entry["file_mode"])
    return found


def with_nuls(data, old, new):
    """conda-pack's rule: what follows moves up to the prefix, NULs behind the NUL that ended the string."""
    def moved(match):
        string = match.group().replace(old, new)
        return string + bytes(len(match.group()) - len(string))

    return re.sub(re.escape(old) + rb"[^\0]*\0", moved, data)


def with_slashes(data, old, new):
    """Ours: slashes behind the prefix where a path goes on or ends, in front of it elsewhere; NULs in load commands."""
    commands = list(slots.command_strings(data))

    def moved(match):
        fill = b"/" * (len(old) - len(new))
        behind = data[match.end():match.end() + 1]
        return new + fill if not behind or behind in BEHIND else fill + new

    out = bytearray(re.sub(re.escape(old), moved, data))
    for begin, end in commands:
        out[begin:end] = with_nuls(data[begin:end], old, new)
    return bytes(out)


def relocated(tree, new, pad):
    """The tree of an archive, where `new` is its prefix; what only the hashes of pages tell apart is not told apart."""
    out = dict(tree)
    for path, (old, mode) in records(tree).items():
        kind, program, data = tree[path]
        if kind == "file":
            data = data.replace(old, new) if mode == "text" else pad(data, old, new)
            out[path] = (kind, program, data)
    return out


def followed(want, got, raw):
    """`want` with records of packages that tell of files as they are in `got`: they have to where they told the truth of those in
    `raw`, or what they were installed as; else they may."""
    out = dict(want)
    for name, (kind, program, text) in want.items():
        if not (name.startswith("conda-meta/") and name.endswith(".json") and name in got):
            continue
        now = json.loads(got[name][2])
        for told, entry in zip(json.loads(text)["paths_data"]["paths"], now["paths_data"]["paths"]):
            path = told["_path"]
            if path not in got or got[path][0] != "file" or "sha256_in_prefix" not in told:
                continue
            digest, was = (hashlib.sha256(tree[path][2]).hexdigest() for tree in (got, raw))
            if entry["sha256_in_prefix"] == digest:
                entry["sha256_in_prefix"] = told["sha256_in_prefix"]
            elif was in (told.get("sha256"), told["sha256_in_prefix"]):
                entry["sha256_in_prefix"] = "did not follow"
            if entry.get("size_in_bytes") == len(got[path][2]):
                entry["size_in_bytes"] = told["size_in_bytes"]
        if json.dumps(now) == json.dumps(json.loads(text)):
            out[name] = got[name]
    return out


def differences(got, want):
    """What tells the two trees apart but hashes of pages, as lines."""
    lines = ["%s: missing" % name for name in sorted(want.keys() - got.keys())]
    lines += ["%s: not expected" % name for name in sorted(got.keys() - want.keys())]
    for name in sorted(got.keys() & want.keys()):
        if got[name][:2] != want[name][:2]:
            lines.append("%s: %s, not %s" % (name, got[name][:2], want[name][:2]))
        elif got[name] != want[name]:
            one, other = got[name][2], want[name][2]
            if got[name][0] == "file":
                one, other = slots.without_slots(one), slots.without_slots(other)
            if one != other:
                at = next((i for i, (a, b) in enumerate(zip(one, other)) if a != b), min(len(one), len(other)))
                lines.append("%s: differs at %#x: %r, not %r" % (name, at, one[max(at - 20, 0):at + 40], other[max(at - 20, 0):at + 40]))
    return lines
