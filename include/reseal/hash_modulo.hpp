// SPDX-License-Identifier: BSL-1.0
#pragma once
// The hash of a stream modulo a hash part: content-addressed paths that refer to themselves cannot be hashed as they are,
// because the hash is part of the bytes. Nix hashes them with the hash part replaced by NULs, and where it stood behind them.
#include <cstdint>
#include <map>
#include <memory>
#include <reseal/hash_type.hpp>
#include <reseal/options.hpp>
#include <reseal/report.hpp>
#include <reseal/rules.hpp>
#include <reseal/sink.hpp>
#include <reseal/store.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace reseal {

/// What a content address says of signed programs. A slot follows the bytes of its page, so with the hash part in a sealed page
/// the final bytes hold two things that depend on the hash.
enum class Scheme {
    nix,      ///< the hash part alone is replaced: a slot that depends on it makes the address one that nobody can check
    reseal1,  ///< the slots of pages that hold it are what they are with NULs in it: the address can be checked for ever
};
/// "nix", "reseal-1".
std::string_view name(Scheme scheme);

/// The UUID (LC_UUID) of a signed image that holds the hash part before its signature. A linker makes it of what it writes, so
/// it depends on the hash part the image was linked with, and two builds of one thing differ in it. Given to HashModulo in
/// Options::uuids, as NULs, it is hashed so, and the one that follows from the rest is known:
///
///     first: HashModulo without uuids names the images; second: HashModulo with them gives the hash and the derived UUIDs;
///     the final stream is that with the hash part and with the derived UUIDs in place of the old ones.
struct ModuloUuid {
    std::string before;   ///< that stands there, 16 bytes
    std::string derived;  ///< that follows (see UuidReport); empty where the image was not named
    bool operator==(const ModuloUuid&) const = default;
};

struct ModuloHash {
    store::Hash with_positions;                  ///< Nix up to 2.16 and from 2.35 on
    store::Hash without_positions;               ///< Nix 2.17 to 2.34, and Lix
    std::uint64_t size = 0;                      ///< of the stream, in bytes
    std::vector<std::uint64_t> self_references;  ///< where the hash part stands, ascending
    /// Whether a slot or a UUID was changed: if none was, both schemes give one hash.
    bool normalised = false;
    std::map<ImagePlace, ModuloUuid> uuids;  ///< of signed images with the hash part before the signature

    /// What of `uuids` goes into Options::uuids: NULs to hash with, or the derived ones.
    std::map<ImagePlace, std::string> nul_uuids() const, derived_uuids() const;

    const store::Hash& hash(bool positions) const { return positions ? with_positions : without_positions; }
};

/// What a hash modulo is taken with when the stream is final: what is CMS-signed keeps its CMS blob, a stale page and a name
/// that holds the hash part are errors, images that cannot be sealed are hashed as they are.
Options modulo_options(Scheme scheme = Scheme::reseal1);

/// Hashes what is written to it, with every `self` as NULs. For the stream before it is final, `rules` are applied on the way,
/// with the policies of `options`, and the hash is that of the final stream:
///
///     rewrite(scratch, {sibling → final, self → NULs}) = rewrite(rewrite(scratch, {sibling → final, self → h}), {h → NULs})
///
/// The format decides what is looked into; with Format::plain a stream is one file.
class HashModulo final : public Sink {
public:
    /// Without `self` nothing is replaced but by `rules`. Throws Error (ErrorCode::rules) when `rules` have `self` as well.
    HashModulo(HashType type, const std::string& self, std::vector<Rule> rules = {}, Options options = modulo_options());
    HashModulo(HashModulo&&) noexcept;
    HashModulo& operator=(HashModulo&&) noexcept;
    ~HashModulo() override;

    /// Throw as Rewriter does.
    void write(std::string_view chunk) override;
    ModuloHash finish();

    const Report& report() const;

private:
    class Work;
    std::unique_ptr<Work> work_;
};

}  // namespace reseal
