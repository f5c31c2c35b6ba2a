// SPDX-License-Identifier: BSL-1.0
// The drop-ins for Nix's sinks, over base classes of the shapes that Nix 2.8 and Nix of today have.
#include <doctest/doctest.h>
#include <pthread.h>

#include <optional>
#include <reseal/nix.hpp>

#include "support/blobs.hpp"
#include "support/chunks.hpp"
#include "support/image_builder.hpp"
#include "support/oracle.hpp"
#include "support/plain_sha.hpp"
#include "support/random.hpp"
#include "support/shapes.hpp"
#include "support/substitute.hpp"
#include "support/tree.hpp"

namespace reseal::nix_test {
namespace {

using StringMap = std::map<std::string, std::string>;

// 2.8: a result is a pair, sets are ordinary sets.
namespace nix28 {
struct Sink {
    virtual ~Sink() = default;
    virtual void operator()(std::string_view data) = 0;
    virtual bool good() { return true; }
};
struct Hash {
    std::string bytes;
};
enum HashType { htSHA256 };
using HashResult = std::pair<Hash, uint64_t>;
using StringSet = std::set<std::string>;
struct AbstractHashSink : virtual Sink {
    virtual HashResult finish() = 0;
};
struct BufferedSink : virtual Sink {
    std::string buffer;
    void operator()(std::string_view data) override {
        buffer += data;
        if (buffer.size() > 1000) flush();
    }
    void flush() {
        write(buffer);
        buffer.clear();
    }
    virtual void write(std::string_view data) = 0;
};
class HashSink : public BufferedSink, public AbstractHashSink {
public:
    explicit HashSink(HashType) {}
    void write(std::string_view data) override { bytes_ += data; }
    HashResult finish() override {
        flush();
        return {Hash{support::plain_sha256(bytes_)}, bytes_.size()};
    }

private:
    std::string bytes_;
};
}  // namespace nix28

// Today: a result is a struct, the base has a key function of its own, sets compare transparently.
namespace nixhead {
struct Sink {
    virtual ~Sink() = default;
    virtual void operator()(std::string_view data) = 0;
    virtual bool good() { return true; }
    virtual void anchor() {}
};
struct Hash {
    std::string bytes;
};
enum struct HashAlgorithm : char { SHA256 = 44 };
struct HashResult {
    Hash hash;
    uint64_t numBytesDigested;
};
using StringSet = std::set<std::string, std::less<>>;
struct AbstractHashSink : virtual Sink {
    virtual HashResult finish() = 0;
};
class HashSink : public AbstractHashSink {
public:
    explicit HashSink(HashAlgorithm) {}
    void operator()(std::string_view data) override { bytes_ += data; }
    HashResult finish() override { return {Hash{support::plain_sha256(bytes_)}, bytes_.size()}; }

private:
    std::string bytes_;
};
}  // namespace nixhead

// The lines that a package manager changes.
namespace nix28 {
using RewritingSink = reseal::nix::RewritingSink<Sink>;
using HashModuloSink = reseal::nix::HashModuloSink<AbstractHashSink, HashSink>;
using RefScanSink = reseal::nix::RefScanSink<Sink, StringSet>;
}  // namespace nix28
namespace nixhead {
using RewritingSink = reseal::nix::RewritingSink<Sink>;
using HashModuloSink = reseal::nix::HashModuloSink<AbstractHashSink, HashSink>;
using RefScanSink = reseal::nix::RefScanSink<Sink, StringSet>;
}  // namespace nixhead

struct Kept : nixhead::Sink {
    void operator()(std::string_view data) override { bytes += data; }
    std::string bytes;
};

struct Rewritten {
    std::string bytes;
    std::set<uint64_t> matches;
    bool operator==(const Rewritten&) const = default;
};

Rewritten rewritten(const StringMap& rewrites, std::string_view text, std::size_t chunk = 0,
                    const reseal::nix::Options& options = {}) {
    Kept kept;
    nixhead::RewritingSink sink(rewrites, kept, options);
    support::apply(chunk, text, [&](std::string_view each) { sink(each); });
    sink.flush();
    CHECK(sink.pos == text.size());
    CHECK(sink.prev.empty());
    return {kept.bytes, sink.matches};
}

const std::string one = "dc04vv14dak1c1r48qa0m23vr9jy8sm0", two = "zc842j0rz61mjsp3h3wp5ly71ak6qgdn";

}  // namespace

TEST_CASE("a drop-in for RewritingSink says something else than Nix where rules do not overlap") {
    CHECK(rewritten({{"foo", "bar"}, {"bar", "baz"}}, "foooo") == Rewritten{"baroo", {0}});
    CHECK(rewritten({{"fou", "bar"}, {"foo", "baz"}}, "foooo") == Rewritten{"bazoo", {0}});
    CHECK(rewritten({}, "foooo") == Rewritten{"foooo", {}});
    CHECK(rewritten({{"same", "same"}}, "the same") == Rewritten{"the same", {}});  // Nix skips it too
    CHECK(rewritten({{one, two}}, "x" + one + one + "y") == Rewritten{"x" + two + two + "y", {1, 33}});
}

TEST_CASE("the result of a drop-in depends on the chunks as Nix's does") {
    for (const std::size_t chunk : support::chunkings) {
        CHECK(rewritten({{"foo", "bar"}, {"bar", "baz"}, {"zzzzzzzz", "yyyyyyyy"}}, "foooo", chunk).bytes == "baroo");
        CHECK(rewritten({{"ab", "aa"}, {"babb", "bbbb"}}, "babb", chunk).bytes == "bbbb");
        CHECK(rewritten({{"aa", "ba"}}, "aaa", chunk) == Rewritten{"baa", {0}});
        CHECK(rewritten({{"aaaa", "bbbb"}, {"bbbb", "aaaa"}}, "aaaa.bbbb", chunk) == Rewritten{"bbbb.aaaa", {0, 5}});
    }
}

TEST_CASE("a stream of a million bytes comes out otherwise in small writes") {
    support::Random random(7);
    std::vector<std::string> keys;
    StringMap rewrites;
    for (char first = 'a'; first < 'i'; ++first) {
        keys.push_back(std::string(1, first));  // of its own first letter: none is a part of another
        for (std::uint64_t i = 7 + random.below(25); i > 0; --i) keys.back() += static_cast<char>('i' + random.below(18));
        rewrites[keys.back()] = std::string(keys.back().size(), static_cast<char>(first - 'a' + 'A'));
    }
    std::string text;
    std::set<uint64_t> expected;
    while (text.size() < 1'000'000) {
        if (random.below(5) == 0) {
            expected.insert(text.size());
            text += keys[random.below(keys.size())];
        }
        for (std::uint64_t i = 1 + random.below(20); i > 0; --i) text += static_cast<char>('0' + random.below(10));
    }
    const Rewritten whole = rewritten(rewrites, text, text.size());
    CHECK(whole.matches == expected);
    CHECK(rewritten(rewrites, text, 0) == whole);
    CHECK(rewritten(rewrites, text, 7) == whole);
}

TEST_CASE("rules that mean nothing are taken") {
    Kept kept;
    CHECK_THROWS_WITH_AS(nixhead::RewritingSink("ab", "abc", kept), doctest::Contains("2 bytes by 3"), reseal::Error);
    CHECK_THROWS_AS(nixhead::RewritingSink(StringMap{{"", ""}}, kept), reseal::Error);
    CHECK_THROWS_AS(nixhead::RewritingSink("", "a", kept), reseal::Error);
}

TEST_CASE("flush() does something twice, or bytes are taken behind it") {
    Kept kept;
    nixhead::RewritingSink sink(one, two, kept);
    sink(one.substr(0, 20));
    CHECK(kept.bytes.empty());
    sink(one.substr(20));
    sink.flush();
    sink.flush();
    CHECK(kept.bytes == two);
    CHECK(sink.matches == std::set<uint64_t>{0});
    CHECK(sink.maxRewriteSize == 32);
    CHECK(sink.rewrites == StringMap{{one, two}});
    CHECK(&sink.nextSink == &kept);
    CHECK_THROWS_AS(sink("more"), reseal::Error);
}

TEST_CASE("a signed program in a Nix archive dies after its rewriting") {
    const std::string a = support::path_a, b = support::path_b;
    const support::Twins twins = support::twins(support::with_path_in_code(a), a, b);
    const auto archive = [](const std::string& program) {
        return support::nar(support::folder("", {support::file("bin", program, true), support::link("link", "bin")}));
    };
    for (const std::size_t chunk : {std::size_t{1000}, std::size_t{0}}) {
        CHECK(rewritten({{a.substr(11, 32), b.substr(11, 32)}}, twins.a, chunk).bytes == twins.b);
        CHECK(rewritten({{a.substr(11, 32), b.substr(11, 32)}}, archive(twins.a), chunk).bytes == archive(twins.b));
    }
    std::string stale = twins.a;
    stale[5000] ^= 1;
    CHECK_FALSE(support::check(stale).good());
    Kept kept;
    nixhead::RewritingSink refusing(a, b, kept);
    refusing(archive(stale));
    CHECK_THROWS_WITH_AS(refusing.flush(), doctest::Contains("bin"), reseal::Error);
    CHECK_THROWS_AS(refusing.flush(), reseal::Error);
    CHECK(kept.bytes.size() < archive(stale).size());
    CHECK(refusing.report().entries.at(0).status == reseal::EntryStatus::refused);
    CHECK(support::check(rewritten({{a, b}}, stale, 0, {.stale = reseal::StalePolicy::reseal}).bytes).good());
}

TEST_CASE("a link that holds the modulus has no hash modulo, or one that a rule cuts short passes") {
    const std::string nar = support::nar(support::link("", "/nix/store/" + one + "-x"));
    nix28::HashModuloSink sink(nix28::htSHA256, one, reseal::nix::ModuloOptions{.regime = "2.17"});
    sink(nar);
    CHECK(sink.finish().first.bytes == support::plain_sha256(support::substitute({{one, std::string(32, '\0')}}, nar).bytes));
    Kept kept;
    nixhead::RewritingSink rewriting(one, std::string(32, '\0'), kept);
    rewriting(nar);
    CHECK_THROWS_WITH_AS(rewriting.flush(), doctest::Contains("a NUL into the target"), reseal::Error);
}

TEST_CASE("a name in a Nix archive is rewritten, and its order lost") {
    Kept kept;
    nixhead::RewritingSink sink(one, two, kept);
    sink(support::nar(support::folder("", {support::file("lib-" + one, "x"), support::file("other", "y")})));
    CHECK_THROWS_WITH_AS(sink.flush(), doctest::Contains(one.c_str()), reseal::Error);
    const std::string kept_name = support::nar(support::folder("", {support::file("lib-" + one, one)}));
    CHECK(rewritten({{one, two}}, kept_name, 0, {.names = reseal::NamePolicy::keep}).bytes ==
          support::nar(support::folder("", {support::file("lib-" + one, two)})));
}

TEST_CASE("a tape archive that is one file of a store is taken apart") {
    const std::string tar =
        support::tar(support::folder("d", {support::file(one, one), support::link("l", one)}), support::TarStyle::ustar);
    CHECK(rewritten({{one, two}}, tar).bytes == support::substitute({{one, two}}, tar).bytes);
}

TEST_CASE("one file that begins as a Nix archive does is taken for one") {
    const std::string file = support::nar(support::file("", "x")).substr(0, 24) + "and then something else: " + one;
    Kept kept;
    nixhead::RewritingSink guessing({{one, two}}, kept);
    guessing(file);
    CHECK_THROWS_AS(guessing.flush(), reseal::Error);
    CHECK(rewritten({{one, two}}, file, 0, {.format = reseal::Format::plain}).bytes ==
          support::substitute({{one, two}}, file).bytes);
}

TEST_CASE("a drop-in for HashModuloSink gives another value than Nix") {
    const std::string archive = support::nar(support::file("", "hello /nix/store/" + one + "-foo\n"));
    const auto hex = [](const std::string& bytes) { return reseal::store::Hash{reseal::HashType::sha256, bytes}.hex(); };
    nix28::HashModuloSink old(nix28::htSHA256, one, reseal::nix::ModuloOptions{.regime = "2.20"});
    nixhead::HashModuloSink now(nixhead::HashAlgorithm::SHA256, one);
    support::apply(3, archive, [&](std::string_view chunk) {
        old(chunk);
        now(chunk);
    });
    nix28::AbstractHashSink& old_base = old;
    const nix28::HashResult pair = old_base.finish();
    CHECK(hex(pair.first.bytes) == "78b5cb85b3ace480cd4035c0de40000f4c30ee490be0e856225609bb8753cad1");
    CHECK(pair.second == 168);
    const nixhead::HashResult result = now.finish();
    CHECK(hex(result.hash.bytes) == "9681ac80104e6880aa00c78328fda5f6201d4a84337e12584af3e55d3911d894");
    CHECK(result.numBytesDigested == 168);

    nixhead::HashModuloSink plain(nixhead::HashAlgorithm::SHA256, "");
    plain("no modulus");
    CHECK(plain.finish().hash.bytes == support::plain_sha256("no modulus"));
    CHECK_THROWS_AS(nixhead::HashModuloSink(nixhead::HashAlgorithm::SHA256, one, {.regime = "new"}), reseal::Error);
}

TEST_CASE("the hash modulo of a signed program changes with its rewriting") {
    const std::string a = support::path_a, b = support::path_b;
    const support::Twins twins = support::twins(support::with_path_in_code(a), a, b);
    const auto value = [](const std::string& bytes, const std::string& modulus) {
        nix28::HashModuloSink sink(nix28::htSHA256, modulus);
        sink(bytes);
        return sink.finish().first.bytes;
    };
    CHECK(value(twins.a, a.substr(11, 32)) == value(twins.b, b.substr(11, 32)));
    CHECK(value(twins.a, a.substr(11, 32)) != value(twins.a, ""));
}

TEST_CASE("with another regime what cannot be sealed has no hash modulo any more") {
    support::ImageSpec unsealable = support::with_path_in_code(one), cms = unsealable;
    unsealable.signature_commands = 2;
    cms.signature.blobs = {support::no_requirements(), support::bound_cms("certificates")};
    for (const support::ImageSpec& image : {unsealable, cms}) {
        const std::string bytes = support::build(image).bytes;
        const auto value = [&](const reseal::nix::ModuloOptions& options) {
            nixhead::HashModuloSink sink(nixhead::HashAlgorithm::SHA256, one, options);
            sink(bytes);
            return sink.finish().hash.bytes;
        };
        CHECK(value({}) != value({.regime = "2.20"}));
        CHECK(value({.regime = "lix"}) == value({.regime = "2.20"}));
        CHECK_THROWS_AS(
            value({.regime = "2.20", .cms = reseal::CmsPolicy::refuse, .unsealable = reseal::UnsealablePolicy::refuse}),
            reseal::Error);
    }
}

TEST_CASE("a drop-in for RefScanSink finds others than Nix, or cannot be derived from") {
    class PathRefScanSink : public nixhead::RefScanSink {
    public:
        explicit PathRefScanSink(nixhead::StringSet&& hashes) : RefScanSink(std::move(hashes)) {}
        std::size_t paths() { return getResult().size(); }
    };
    for (const std::size_t chunk : {std::size_t{1}, std::size_t{15}, std::size_t{100}}) {
        PathRefScanSink sink({one, two});
        CHECK(sink.paths() == 0);
        sink("foobar");
        support::apply(chunk, "foobar" + one + "xyzzy", [&](std::string_view each) { sink(each); });
        CHECK(sink.getResult() == nixhead::StringSet{one});
        support::apply(chunk, two, [&](std::string_view each) { sink(each); });
        CHECK(sink.paths() == 2);
    }
    nix28::RefScanSink none(nix28::StringSet{});
    none(one);
    CHECK(none.getResult().empty());
    CHECK_THROWS_AS(nix28::RefScanSink(nix28::StringSet{"short"}), reseal::Error);
}

TEST_CASE("a sink needs more stack than a coroutine has") {
    static const std::string program = support::build(support::with_path_in_code(support::path_a)).bytes;
    static std::string out;
    const auto run = [](void*) -> void* {
        Kept kept;
        nixhead::RewritingSink sink(support::path_a, support::path_b, kept);
        support::apply(4096, program, [&](std::string_view each) { sink(each); });
        sink.flush();
        out = kept.bytes;
        return nullptr;
    };
    pthread_attr_t attributes;
    REQUIRE(pthread_attr_init(&attributes) == 0);
    REQUIRE(pthread_attr_setstacksize(&attributes, std::size_t{64} * 1024) == 0);
    pthread_t thread{};
    REQUIRE(pthread_create(&thread, &attributes, run, nullptr) == 0);
    REQUIRE(pthread_join(thread, nullptr) == 0);
    pthread_attr_destroy(&attributes);
    CHECK(support::check(out).good_and_signed());
}

}  // namespace reseal::nix_test
