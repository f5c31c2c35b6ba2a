// SPDX-License-Identifier: BSL-1.0
#pragma once
// Drop-ins for the sinks with which Nix rewrites, hashes and scans the outputs of a build (references.hh). They keep Nix's
// interface and reseal the signed programs that a rewriting touches; a package manager names its own base classes:
//
//     using RewritingSink = reseal::nix::RewritingSink<Sink>;
//     using HashModuloSink = reseal::nix::HashModuloSink<AbstractHashSink, HashSink>;
//     using RefScanSink = reseal::nix::RefScanSink<Sink, StringSet>;
//
// What is different, on purpose: the result depends on the bytes and not on the chunks (leftmost, longest match; what was
// written is not searched again), rules of unequal length and empty ones are exceptions instead of assertions, and in a stream
// that is a Nix archive only contents and targets of links are replaced: a rule that matches in a name is an error, because
// the archive would lose its order.
#include <cstdint>
#include <map>
#include <memory>
#include <reseal/error.hpp>
#include <reseal/hash_modulo.hpp>
#include <reseal/references.hpp>
#include <reseal/rewriter.hpp>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace reseal::nix {

/// Of a rewriting.
struct Options {
    CmsPolicy cms = CmsPolicy::refuse;
    StalePolicy stale = StalePolicy::refuse;
    NamePolicy names = NamePolicy::refuse;
    UnsealablePolicy unsealable = UnsealablePolicy::refuse;
    /// Format::plain for a stream of which it is known that it is one file, whatever its first bytes look like.
    Format format = Format::nar_or_plain;

    reseal::Options rewriter() const {
        reseal::Options options;
        options.format = format;
        options.cms = cms;
        options.stale = stale;
        options.names = names;
        options.unsealable = unsealable;
        options.edits = true;
        return options;
    }
};

/// Of a hash modulo. The policies are those that every implementation hashes a final path with.
struct ModuloOptions {
    /// Which version of Nix it is compatible with: see store::hashes_positions().
    std::string regime = "2.35";
    /// As in Options.
    Format format = Format::nar_or_plain;
    CmsPolicy cms = CmsPolicy::keep;
    StalePolicy stale = StalePolicy::refuse;
    NamePolicy names = NamePolicy::refuse;
    UnsealablePolicy unsealable = UnsealablePolicy::keep;

    reseal::Options rewriter() const {
        reseal::Options options = Options{cms, stale, names, unsealable, format}.rewriter();
        options.nul_targets = true;
        return options;
    }
};

/// Anything that is called with bytes, as a Sink of ours.
template <class Callable>
class Into final : public reseal::Sink {
public:
    explicit Into(Callable& next) : next_(next) {}
    void write(std::string_view bytes) override {
        next_(bytes);
        written_ += bytes.size();
    }
    std::uint64_t written() const { return written_; }

private:
    Callable& next_;
    std::uint64_t written_ = 0;
};

/// Replaces strings on the way to `nextSink`.
template <class Sink>
struct RewritingSink : Sink {
    using StringMap = std::map<std::string, std::string>;

    const StringMap rewrites;
    const std::string::size_type maxRewriteSize;
    std::string prev;  ///< always empty: what is held back is held inside
    Sink& nextSink;
    std::uint64_t pos = 0;            ///< bytes that have gone to nextSink
    std::set<std::uint64_t> matches;  ///< where a rewrite was done; after flush()

    /// Throws Error (ErrorCode::rules) for an empty key and for strings of unequal length.
    RewritingSink(const std::string& from, const std::string& to, Sink& next, const Options& options = {})
        : RewritingSink(StringMap{{from, to}}, next, options) {}
    /// Any map of strings to strings.
    template <class Map>
    RewritingSink(const Map& map, Sink& next, const Options& options = {})
        : RewritingSink(StringMap(map.begin(), map.end()), next, options) {}
    RewritingSink(StringMap map, Sink& next, const Options& options = {})
        : rewrites(std::move(map)),
          maxRewriteSize(longest(rewrites)),
          nextSink(next),
          into_(next),
          rewriter_(rules(rewrites), into_, options.rewriter()) {}
    RewritingSink(const RewritingSink&) = delete;
    RewritingSink& operator=(const RewritingSink&) = delete;

    void operator()(std::string_view data) override {
        rewriter_.write(data);
        pos = into_.written();
    }

    /// The end of the stream: a refusal is thrown here, naming the file, and then nextSink has not got all of it. A second
    /// call does nothing, or throws the same again.
    void flush() {
        if (flushed_) return;
        rewriter_.finish();
        flushed_ = true;
        pos = into_.written();
        for (const Edit& edit : rewriter_.report().edits) matches.insert(edit.position);
    }

    /// What was rewritten and resealed; complete once flush() has returned or thrown.
    const Report& report() const { return rewriter_.report(); }

private:
    static Rules rules(const StringMap& map) {
        std::vector<Rule> rules;
        for (const auto& [from, to] : map)
            if (from != to || from.empty()) rules.push_back({from, to});
        return Rules(std::move(rules));
    }
    static std::string::size_type longest(const StringMap& map) {
        std::string::size_type most = 0;
        for (const auto& each : map) most = each.first.size() > most ? each.first.size() : most;
        return most;
    }

    Into<Sink> into_;
    Rewriter rewriter_;
    bool flushed_ = false;
};

/// Hashes a stream modulo a string: each occurrence counts as NULs, and in regimes that say so its position is hashed behind
/// the stream. Of signed programs the slots that depend on the string count as with NULs too, so the value is the same before
/// and after the string is rewritten; where no such slot exists it is Nix's own.
template <class AbstractHashSink, class HashSink>
struct HashModuloSink : AbstractHashSink {
    using HashResult = decltype(std::declval<AbstractHashSink&>().finish());

    HashSink hashSink;

    template <class HashAlgorithm>
    HashModuloSink(HashAlgorithm&& algorithm, const std::string& modulus, const ModuloOptions& options = {})
        : hashSink(std::forward<HashAlgorithm>(algorithm)),
          positions_(store::hashes_positions(options.regime)),
          into_(hashSink),
          rewriter_(rules(modulus), into_, options.rewriter()) {}
    HashModuloSink(const HashModuloSink&) = delete;
    HashModuloSink& operator=(const HashModuloSink&) = delete;

    void operator()(std::string_view data) override { rewriter_.write(data); }

    /// The hash, and the number of bytes of the stream.
    HashResult finish() override {
        rewriter_.finish();
        const std::uint64_t size = into_.written();
        if (positions_) {
            for (const Edit& edit : rewriter_.report().edits) {
                const std::string position = std::to_string(edit.position);
                hashSink(std::string_view("|"));
                hashSink(std::string_view(position));
            }
        }
        auto [hash, ignored] = hashSink.finish();
        static_cast<void>(ignored);
        return {hash, size};
    }

    const Report& report() const { return rewriter_.report(); }

private:
    static Rules rules(const std::string& modulus) {
        return modulus.empty() ? Rules() : Rules({{modulus, std::string(modulus.size(), '\0')}});
    }

    bool positions_;
    Into<HashSink> into_;
    Rewriter rewriter_;
};

/// Finds which of many hash parts occur in a stream.
template <class Sink, class StringSet>
class RefScanSink : public Sink {
public:
    /// Throws Error (ErrorCode::misuse) for a string that is no hash part.
    explicit RefScanSink(StringSet&& hashes) : scanner_(std::vector<std::string>(hashes.begin(), hashes.end())) {}

    /// Those that have occurred so far.
    StringSet& getResult() {
        for (const Reference& reference : scanner_.found()) seen_.insert(reference.hash_part);
        return seen_;
    }

    void operator()(std::string_view data) override { scanner_.write(data); }

private:
    ReferenceScanner scanner_;
    StringSet seen_;
};

}  // namespace reseal::nix
