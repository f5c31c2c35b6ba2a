// SPDX-License-Identifier: BSL-1.0
#pragma once
// The parts of the benchmark; each prints its tables.

namespace bench {

/// Searching, against memmem and the naive sink.
void search(int rounds);
/// Which of many hash parts stand in a stream, against Nix's way.
void ref_scan(int rounds);
/// What sealing costs, against the hashing it cannot do without.
void sealing(int rounds);
/// Files in a Nix archive and a tape archive, against the same files by themselves.
void archives(int rounds);
/// The command, file to file and through pipes: time against dd, and memory.
void command(int rounds);
/// The command's `cache rewrite`: one job against as many as there are cores.
void cache(int rounds);
/// The command against Nix: dump, restore, and rewriting in a pipe. Needs nix-store.
void nar(int rounds);

/// The command's `register` against Nix's make-content-addressed. Needs nix.
void registration(int rounds);

/// The command's `conda-unpack` against conda-pack's own. Needs the peers of tests/real.
void conda_unpack(int rounds);
/// The command's `unpack` against bsdtar, and against rattler. Needs the peers of tests/real.
void unpack(int rounds);
/// The command's `verify` against hashing alone, and against a plain verifier in Python.
void verify(int rounds);

}  // namespace bench
