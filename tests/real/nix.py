# SPDX-License-Identifier: BSL-1.0
"""Debian's Nix without a store, and trees as values."""
import os, shutil, stat
from oracle import run


def nix_environment(folder):
    """(nix-store, environment) where there is a nix-store 2.8, with all that it might write in `folder`; else None."""
    store = shutil.which("nix-store")
    if not store:
        return None
    home = os.path.join(folder, "nix")
    environment = dict(os.environ, HOME=home, XDG_CACHE_HOME=home, XDG_CONFIG_HOME=home, NIX_REMOTE="", NIX_STORE_DIR=home + "/store",
                       NIX_STATE_DIR=home + "/state", NIX_LOG_DIR=home + "/log", NIX_CONF_DIR=home + "/etc", NIX_DATA_DIR=home + "/share",
                       NIX_CONFIG="build-users-group =\nsubstituters =\nexperimental-features = nix-command\n")
    return (store, environment) if b" 2.8." in run(store, "--version", env=environment) else None


def tree(path):
    """What is at `path`: kind, executable, contents or target or children."""
    status = os.lstat(path)
    if stat.S_ISLNK(status.st_mode):
        return "link", os.readlink(os.fsencode(path))
    if stat.S_ISDIR(status.st_mode):
        return "folder", {name: tree(os.path.join(os.fsencode(path), name)) for name in os.listdir(os.fsencode(path))}
    with open(path, "rb") as file:
        return "program" if status.st_mode & stat.S_IXUSR else "file", file.read()
