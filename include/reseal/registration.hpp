// SPDX-License-Identifier: BSL-1.0
#pragma once
// What a package manager does when a build is over: find what the outputs refer to, give them their final hash parts, compute
// content addresses and put them into the store. Signed programs come out with signatures that hold.
#include <cstdint>
#include <functional>
#include <optional>
#include <reseal/finding.hpp>
#include <reseal/hash_modulo.hpp>
#include <reseal/options.hpp>
#include <reseal/report.hpp>
#include <reseal/rules.hpp>
#include <reseal/store.hpp>
#include <string>
#include <vector>

namespace reseal::store {

/// What to do with an output of which a slot of a signature depends on the output's own hash part: its content address is one
/// that no version of Nix can check (see Scheme).
enum class SignedSelfReference {
    normalise,  ///< give it an address in the scheme reseal-1
    refuse,     ///< refuse the output
    drop_ca,    ///< the same path, without a content address
};

enum class OutputKind {
    ca_floating,      ///< its path follows from its contents
    ca_fixed,         ///< the same, and the hash is known: another one is an error, and so is any reference
    input_addressed,  ///< its path is known
    valid,            ///< in the store already; others may refer to the path it had while they were built
};

struct OutputSpec {
    std::string id;  ///< "out"
    OutputKind kind = OutputKind::ca_floating;
    StorePath scratch;              ///< the path it had while it was built; without a hash part: none, so no self-reference
    std::optional<StorePath> path;  ///< input_addressed and valid
    std::string tree;               ///< where it lies; empty: at its scratch path in the real store
    Method method = Method::nar;
    HashType algorithm = HashType::sha256;
    std::optional<Hash> hash;  ///< ca_fixed: what is expected
    /// What it refers to besides itself, instead of what is found in it.
    std::optional<std::vector<StorePath>> references;
};

struct RegistrationSpec {
    std::string store_dir = "/nix/store";  ///< what paths say
    std::string real_store;                ///< where the store lies; empty: store_dir
    std::string regime = "2.35";           ///< see hashes_positions()
    SignedSelfReference on_signed_self_reference = SignedSelfReference::normalise;
    CmsPolicy cms = CmsPolicy::refuse;
    StalePolicy stale = StalePolicy::refuse;
    UnsealablePolicy unsealable = UnsealablePolicy::refuse;
    /// Replace the UUIDs of signed images that hold the hash part of their own output by ones that follow from the rest of
    /// their code (see ModuloUuid), in outputs of the kind ca_floating: builds with other scratch paths then give the same
    /// path. One more reading where there are such images.
    bool derive_uuid = false;
    std::vector<StorePath> references;   ///< that the outputs may refer to, besides each other
    bool strict_references = false;      ///< a store path that is none of them is an error instead of a note
    std::vector<Rule> rewrites;          ///< more hash parts, old → new
    std::vector<std::string> order;      ///< of outputs: those that others refer to first saves a reading
    std::vector<std::string> sign_with;  ///< files with secret keys
    std::vector<OutputSpec> outputs;
    bool dry_run = false;        ///< write nothing: trees are read, and the result is what it would be
    bool sync = false;           ///< wait until all is on the disk
    std::function<bool()> stop;  ///< asked now and then from any thread: whether to give up, with Error (io)
    unsigned jobs = 0;           ///< outputs at once; 0: one a processor
};

struct RegisteredOutput {
    std::string id;
    StorePath path;
    Hash nar_hash;
    std::uint64_t nar_size = 0;
    std::vector<StorePath> references;    ///< itself included, sorted
    Hash content_hash;                    ///< what the path follows from, whether `ca` says so or not
    std::optional<ContentAddress> ca;     ///< none for input_addressed, and under SignedSelfReference::drop_ca
    std::optional<Scheme> scheme;         ///< of `ca`
    std::vector<std::string> signatures;  ///< "KEY:BASE64"
    bool already_present = false;         ///< the same tree was there and was kept
    unsigned reads = 0, writes = 0;       ///< of the whole tree; of a tree that was there already none counts
    std::vector<EntryReport> files;       ///< those that were rewritten
};

/// "path, hash, size, deriver, references" as `nix-store --load-db` reads them.
std::string load_db_text(const std::string& store_dir, const RegisteredOutput& output);

struct Registration {
    std::vector<RegisteredOutput> outputs;  ///< those that are in the store now, in the order in which they came
    std::vector<Finding> findings;
    std::vector<std::string> warnings;  ///< of the keys, a sentence each
    std::uint64_t bytes_read = 0, bytes_written = 0;
};

/// Registers the outputs of one build. They are complete before the first of them appears in the store, each appears as a whole
/// and those it refers to before it, so what a kill leaves refers to nothing that is missing, and the same call completes it;
/// with `sync` that is true of a loss of power too.
/// Trees outside the store are only read. `done` is filled as far as it came when this throws Error: refused (an image, or a
/// policy of the spec), misuse (a spec that means nothing, a hash that is not the expected one, references that the method does
/// not allow, outputs that refer to each other), io, malformed.
void register_outputs(const RegistrationSpec& spec, Registration& done);

}  // namespace reseal::store
