// SPDX-License-Identifier: BSL-1.0
// The .narinfo as Nix writes it, and what somebody may have put in its place.
#include <doctest/doctest.h>

#include <reseal/error.hpp>

#include "store/narinfo.hpp"

namespace reseal::narinfo_test {
using store::NarInfo;

namespace {

// As `nix copy --to file://…` of Nix 2.8 writes it, signed, but for the deriver and a line of our own.
const std::string good =
    "StorePath: /nix/store/q90l54failm8zmbsbw8x7pxhvhzrqpzp-two\n"
    "URL: nar/0c4ysadxbvhgpwm9gyc9g258k5mx2dikrb5wdx1fc5a2flw5596x.nar.xz\n"
    "Compression: xz\n"
    "FileHash: sha256:0c4ysadxbvhgpwm9gyc9g258k5mx2dikrb5wdx1fc5a2flw5596x\n"
    "FileSize: 172\n"
    "NarHash: sha256:0c4ysadxbvhgpwm9gyc9g258k5mx2dikrb5wdx1fc5a2flw5596x\n"
    "NarSize: 208\n"
    "References: 12wigjpizrn8axaqxj288q1b751qmwya-a cn4fri70fhmh7li39f5sdcs4qxsx7sj9-dep\n"
    "Deriver: 5lraq0xxbgj2qfy4v5d37nzca1j1clil-user-1.0.drv\n"
    "System: x86_64-linux\n"
    "Sig: test-1:GGQ/0v7QnuVnNaLaDjeotzAgtuXZINEkaaZtPaaWfuYPnd1XhYOsflbZHQ8S5P0vbQ3glqk2nntUD6nRYwakDg==\n"
    "Sig: test-2:AAAA\n"
    "CA: text:sha256:1nvjayjbvladswg4lxilw3akh543g57bgk6l80pszzg38gw24374\n";

/// `good` with the value of one line replaced.
std::string with(const std::string& field, const std::string& value) {
    std::string text = good;
    const std::size_t from = text.find(field + ": ") + field.size() + 2;
    return text.replace(from, text.find('\n', from) - from, value);
}

/// `good` without a line.
std::string without(const std::string& field) {
    std::string text = good;
    const std::size_t from = text.find(field + ": ");
    return text.erase(from, text.find('\n', from) + 1 - from);
}

std::string failure(const std::string& text) {
    try {
        store::parse_narinfo(text, "c/x.narinfo");
    } catch (const Error& error) {
        CHECK(error.error() == ErrorCode::malformed);
        return error.what();
    }
    return "";
}

}  // namespace

TEST_CASE("what a narinfo says is read otherwise than it stands there, or written otherwise") {
    const NarInfo info = store::parse_narinfo(good, "x");
    CHECK(info.store_dir == "/nix/store");
    CHECK(info.path.base() == "q90l54failm8zmbsbw8x7pxhvhzrqpzp-two");
    CHECK(store::narinfo_name(info.path) == "q90l54failm8zmbsbw8x7pxhvhzrqpzp.narinfo");
    CHECK(info.compression == "xz");
    CHECK(info.file_size == 172);
    CHECK(info.nar_size == 208);
    CHECK(info.nar_hash.nix32() == "sha256:0c4ysadxbvhgpwm9gyc9g258k5mx2dikrb5wdx1fc5a2flw5596x");
    CHECK(info.references.size() == 2);
    CHECK(info.deriver->name == "user-1.0.drv");
    CHECK(info.signatures.size() == 2);
    CHECK(info.ca.starts_with("text:sha256:"));
    CHECK(info.text() == good);
}

TEST_CASE("the fingerprint has references in another order than Nix, or one twice") {
    const std::string expected =
        "1;/nix/store/q90l54failm8zmbsbw8x7pxhvhzrqpzp-two;sha256:0c4ysadxbvhgpwm9gyc9g258k5mx2dikrb5wdx1fc5a2flw5596x;208;"
        "/nix/store/12wigjpizrn8axaqxj288q1b751qmwya-a,/nix/store/cn4fri70fhmh7li39f5sdcs4qxsx7sj9-dep";
    NarInfo info = store::parse_narinfo(good, "x");
    CHECK(info.fingerprint() == expected);
    std::swap(info.references[0], info.references[1]);
    info.references.push_back(info.references[0]);
    CHECK(info.fingerprint() == expected);
    info.references.clear();
    CHECK(info.fingerprint() == expected.substr(0, expected.rfind(';') + 1));
}

TEST_CASE("lines that may be missing are asked for, and those that may not are not") {
    for (const char* field : {"Compression", "FileHash", "FileSize", "References", "Deriver", "Sig", "CA"})
        CHECK(failure(without(field)) == "");
    CHECK(store::parse_narinfo(without("Compression"), "x").compression == "bzip2");
    CHECK(!store::parse_narinfo(without("FileHash"), "x").file_hash);
    CHECK(!store::parse_narinfo(with("Deriver", "unknown-deriver"), "x").deriver);
    CHECK(store::parse_narinfo(with("References", ""), "x").references.empty());
    for (const char* field : {"StorePath", "URL", "NarHash", "NarSize"})
        CHECK(failure(without(field)) == std::string("c/x.narinfo: no ") + field);
    CHECK(failure("") == "c/x.narinfo: no StorePath");
}

TEST_CASE("a URL leads out of the cache") {
    const std::string begin = "c/x.narinfo: line 2: URL: not one of a file in this cache: ";
    CHECK(failure(with("URL", "../../etc/passwd")) == begin + "'../../etc/passwd': it leads through '..'");
    CHECK(failure(with("URL", "nar/../../x")) == begin + "'nar/../../x': it leads through '..'");
    CHECK(failure(with("URL", "nar/..")) == begin + "'nar/..': it leads through '..'");
    CHECK(failure(with("URL", "./x")) == begin + "'./x': it leads through '.'");
    CHECK(failure(with("URL", "nar//x")) == begin + "'nar//x': it leads through ''");
    CHECK(failure(with("URL", "/etc/passwd")) == begin + "'/etc/passwd': it is absolute");
    CHECK(failure(with("URL", "file:///etc/passwd")) == begin + "'file:///etc/passwd': it names a place outside the cache");
    CHECK(failure(with("URL", "")) == begin + "'': it is empty");
    CHECK(failure(with("URL", "nar/..x.nar")) == "");
}

TEST_CASE("a value that is none is taken for one; each names its line") {
    const auto says = [](const std::string& text, const std::string& what) {
        const std::string said = failure(text);
        CAPTURE(said);
        CHECK(said.starts_with("c/x.narinfo: " + what));
    };
    says(with("StorePath", "q90l54failm8zmbsbw8x7pxhvhzrqpzp-two"), "line 1: StorePath: not absolute");
    says(with("StorePath", "/nix/store/two"), "line 1: StorePath: not a store path");
    says(with("StorePath", "/q90l54failm8zmbsbw8x7pxhvhzrqpzp-two"), "line 1: StorePath: not absolute");
    says(with("FileHash", "sha256:0"), "line 4: FileHash: not a hash");
    says(with("FileSize", "-1"), "line 5: FileSize: not a number of bytes: '-1'");
    says(with("FileSize", "99999999999999999999"), "line 5: FileSize: not a number of bytes");
    says(with("NarHash", "sha1:0000000000000000000000000000000000000000"), "line 6: NarHash: sha256 is the rule, not sha1");
    says(with("NarHash", std::string(100000, 'a')), "line 6: NarHash: not a hash: 'aaaa");
    says(with("NarSize", ""), "line 7: NarSize: not a number of bytes: ''");
    says(with("NarSize", "0"), "line 7: NarSize: no archive is empty");
    says(with("NarSize", "208\r"), "line 7: NarSize: not a number of bytes");
    says(with("References", "/nix/store/12wigjpizrn8axaqxj288q1b751qmwya-a"), "line 8: References: not a store path");
    says(with("References", "12wigjpizrn8axaqxj288q1b751qmwya-a /"), "line 8: References: not a store path: '/'");
    says(with("Deriver", "../x"), "line 9: Deriver: not a store path");
    says(with("Sig", "test-1"), "line 11: Sig: not 'KEY:SIGNATURE'");
    says(good + good, "line 14: StorePath a second time");
    says(good + "CA: x\n", "line 14: CA a second time");
    says(good + "CA", "line 14: it does not end");
    says(good + "CA\n", "line 14: not 'NAME: VALUE': 'CA'");
    says(good + "\n", "line 14: not 'NAME: VALUE': ''");
    says(good + std::string("X: a\0b\n", 7), "line 14: it holds a NUL");
    says(
        "\x7f"
        "ELF",
        "line 1: it does not end");
    says(std::string(store::max_narinfo_size + 1, 'a'), "more than 4194304 bytes");
}

TEST_CASE("a message as long as what somebody put into a file") {
    for (const char* field :
         {"StorePath", "URL", "FileHash", "FileSize", "NarHash", "NarSize", "References", "Deriver", "Sig"}) {
        CAPTURE(field);
        const std::string said = failure(with(field, "/" + std::string(1000000, 'a')));
        CHECK(said != "");
        CHECK(said.size() < 500);
    }
    CHECK(failure(std::string(1000000, 'a') + "\n").size() < 500);
}

TEST_CASE("every narinfo that is cut short somewhere is refused or whole up to a line") {
    for (std::size_t size = 0; size < good.size(); ++size) {
        const std::string said = failure(good.substr(0, size));
        if (size > 0 && good[size - 1] != '\n') CHECK(said.find("it does not end") != std::string::npos);
    }
}

}  // namespace reseal::narinfo_test
