// SPDX-License-Identifier: BSL-1.0
// Receipts of old and new Homebrews, and ones that lie.
#include "package/receipt.hpp"

#include <doctest/doctest.h>

#include <reseal/error.hpp>

#include "package/homebrew_places.hpp"

namespace reseal::receipt_test {
using package::HomebrewPlaces;
using package::parse_receipt;
using package::Receipt;

namespace {

std::string refusal(const std::string& text) {
    try {
        parse_receipt(text, "R");
    } catch (const Error& error) {
        CHECK(error.error() == ErrorCode::malformed);
        return error.what();
    }
    return "taken";
}

std::string to(const std::vector<PrefixPair>& pairs, const std::string& name) {
    for (const PrefixPair& each : pairs)
        if (each.from == "@@HOMEBREW_" + name + "@@") return each.to;
    return "none";
}

}  // namespace

TEST_CASE("a list an old receipt has not is missing, not empty") {
    const Receipt old = parse_receipt(R"({"homebrew_version":"3.1.0","changed_files":["bin/a","lib/pkgconfig//x.pc"],
        "runtime_dependencies":[{"full_name":"homebrew/core/openjdk@17","version":"17"},{"full_name":"perl","version":"5"}],
        "arch":"arm64","built_on":{"os":"Macintosh","os_version":"macOS 14","preferred_perl":"5.34"}})",
                                      "R");
    CHECK(old.changed_files == std::vector<std::string>{"bin/a", "lib/pkgconfig/x.pc"});
    CHECK_FALSE(old.linkage_files);
    CHECK_FALSE(old.binary_relocation_files);
    CHECK(old.built_prefix.empty());
    CHECK(old.arch == "arm64");
    CHECK(old.openjdk == "openjdk@17");
    CHECK(old.perl);
    CHECK(old.preferred_perl == "5.34");
    const Receipt null = parse_receipt(R"({"changed_files":null,"linkage_files":[],"runtime_dependencies":null})", "R");
    CHECK_FALSE(null.changed_files);
    CHECK(null.linkage_files == std::vector<std::string>{});
}

TEST_CASE("the prefix it was built in comes without slashes at its end") {
    const Receipt receipt = parse_receipt(R"({"binary_relocation_files":["lib/a.so"],"built_prefix":"/opt/homebrew//",
        "built_on":{"os":"Linux"}})",
                                          "R");
    CHECK(receipt.built_prefix == "/opt/homebrew");
    CHECK(receipt.linux_);
}

TEST_CASE("a receipt that lies is refused with file and key") {
    CHECK(refusal("[]").starts_with("R: "));
    for (const char* paths : {"[1]", "\"a\"", "{}", "[null]", "[\"../a\"]", "[\"/a\"]", "[\"\"]", "[\"a\\u0000\"]", "[\".\"]"})
        for (const char* key : {"changed_files", "linkage_files", "binary_relocation_files"})
            CHECK(refusal("{\"built_prefix\":\"/b\",\"" + std::string(key) + "\":" + paths + "}").starts_with("R: "));
    for (const char* prefix : {"\"opt\"", "\"/\"", "\"//\"", "\"/a\\u0000\"", "3"})
        CHECK(refusal("{\"built_prefix\":" + std::string(prefix) + "}").find("built_prefix") != std::string::npos);
    CHECK(refusal("{\"built_prefix\":\"/" + std::string(5000, 'a') + "\"}").find("built_prefix") != std::string::npos);
    CHECK(refusal(R"({"binary_relocation_files":["a"]})").find("built_prefix") != std::string::npos);
    CHECK(refusal(R"({"runtime_dependencies":{"a":1}})").find("runtime_dependencies") != std::string::npos);
    CHECK(refusal(R"({"runtime_dependencies":[3]})").find("runtime_dependencies") != std::string::npos);
    CHECK(refusal(R"({"built_on":"here"})").find("built_on") != std::string::npos);
}

TEST_CASE("placeholders stand for what Homebrew has below its prefix, for each system") {
    Receipt receipt;
    receipt.arch = "arm64";
    receipt.preferred_perl = "5.34";
    const std::vector<PrefixPair> apple = HomebrewPlaces("/opt/homebrew", receipt).text_pairs();
    CHECK(apple.size() == 6);
    CHECK(to(apple, "PREFIX") == "/opt/homebrew");
    CHECK(to(apple, "CELLAR") == "/opt/homebrew/Cellar");
    CHECK(to(apple, "REPOSITORY") == "/opt/homebrew");
    CHECK(to(apple, "LIBRARY") == "/opt/homebrew/Library");
    CHECK(to(apple, "PERL") == "/usr/bin/perl5.34");
    CHECK(to(apple, "JAVA") == "/opt/homebrew/opt/openjdk/libexec/openjdk.jdk/Contents/Home");
    receipt.arch = "x86_64";
    receipt.openjdk = "openjdk@21";
    receipt.perl = true;
    const std::vector<PrefixPair> intel = HomebrewPlaces("/usr/local", receipt).text_pairs();
    CHECK(to(intel, "REPOSITORY") == "/usr/local/Homebrew");
    CHECK(to(intel, "LIBRARY") == "/usr/local/Homebrew/Library");
    CHECK(to(intel, "PERL") == "/usr/local/opt/perl/bin/perl");
    CHECK(to(intel, "JAVA") == "/usr/local/opt/openjdk@21/libexec/openjdk.jdk/Contents/Home");
    receipt = {};
    receipt.linux_ = true;
    const std::vector<PrefixPair> linux_ = HomebrewPlaces("/home/linuxbrew/.linuxbrew", receipt).text_pairs();
    CHECK(to(linux_, "PERL") == "/home/linuxbrew/.linuxbrew/opt/perl/bin/perl");
    CHECK(to(linux_, "JAVA") == "/home/linuxbrew/.linuxbrew/opt/openjdk/libexec");
}

TEST_CASE("a place can be set, a name that is none or a relative path cannot") {
    HomebrewPlaces places("/p", Receipt{});
    places.set("CELLAR", "/elsewhere");
    places.set("PERL", "/usr/bin/perl");
    CHECK(to(places.text_pairs(), "CELLAR") == "/elsewhere");
    CHECK(to(places.path_pairs(), "CELLAR") == "/elsewhere");
    CHECK(to(places.path_pairs(), "PREFIX") == "/p");
    CHECK(places.path_pairs().size() == 2);
    CHECK_THROWS_AS(places.set("cellar", "/x"), Error);
    CHECK_THROWS_AS(places.set("", "/x"), Error);
    CHECK_THROWS_AS(places.set("JAVA", "x"), Error);
}

}  // namespace reseal::receipt_test
