// SPDX-License-Identifier: BSL-1.0
// The regular expressions of rules, against what Apple's mean and against std::regex on small ones.
#include "bundle/path_pattern.hpp"

#include <doctest/doctest.h>

#include <regex>
#include <string>

#include "support/random.hpp"

namespace reseal::path_pattern_test {
using bundle::PathPattern;
using bundle::PatternScratch;

namespace {

bool found(std::string_view pattern, std::string_view path) {
    const PathPattern::Compiled compiled = PathPattern::compile(pattern);
    INFO(pattern);
    REQUIRE(std::holds_alternative<PathPattern>(compiled));
    PatternScratch scratch;
    return std::get<PathPattern>(compiled).found_in(path, scratch);
}

std::string fault(std::string_view pattern) {
    const PathPattern::Compiled compiled = PathPattern::compile(pattern);
    const auto* text = std::get_if<std::string>(&compiled);
    return text ? *text : "";
}

}  // namespace

TEST_CASE("a rule that Apple writes matches other names") {
    CHECK(found("^.*", ""));
    CHECK(found("^.*", "any/thing"));
    CHECK(found("^Resources/", "Resources/a"));
    CHECK_FALSE(found("^Resources/", "Contents/Resources/a"));
    CHECK_FALSE(found("^Resources/", "Resources"));
    CHECK(found("^Resources/.*\\.lproj/", "Resources/x/en.lproj/words"));
    CHECK_FALSE(found("^Resources/.*\\.lproj/", "Resources/enxlproj/words"));
    CHECK(found(".*\\.dSYM($|/)", "x/a.dSYM"));
    CHECK(found(".*\\.dSYM($|/)", "x/a.dSYM/Contents"));
    CHECK_FALSE(found(".*\\.dSYM($|/)", "x/a.dSYMs"));
    CHECK(found("^(.*/)?\\.DS_Store$", ".DS_Store"));
    CHECK(found("^(.*/)?\\.DS_Store$", "a/b/.DS_Store"));
    CHECK_FALSE(found("^(.*/)?\\.DS_Store$", "a/b.DS_Store"));
    CHECK_FALSE(found("^(.*/)?\\.DS_Store$", "a/.DS_Store/b"));
    CHECK(found("^[^/]+$", "PkgInfo"));
    CHECK_FALSE(found("^[^/]+$", "a/b"));
    CHECK_FALSE(found("^[^/]+$", ""));
    const char* nested = "^(Frameworks|SharedFrameworks|Plug-ins|MacOS|Library/(Automator|Spotlight|LoginItems))/";
    CHECK(found(nested, "Library/Spotlight/x"));
    CHECK(found(nested, "MacOS/x"));
    CHECK_FALSE(found(nested, "Library/x"));
    CHECK(found("^Resources/.*\\.lproj/locversion.plist$", "Resources/en.lproj/locversion.plist"));
    CHECK(found("^(Frameworks/[^/]+\\.framework/|PlugIns/[^/]+\\.appex/|())SC_Info/[^/]+\\.sinf$", "SC_Info/x.sinf"));
    CHECK(found("^(Frameworks/[^/]+\\.framework/|PlugIns/[^/]+\\.appex/|())SC_Info/[^/]+\\.sinf$",
                "Frameworks/F.framework/SC_Info/x.sinf"));
}

TEST_CASE("what is no part of the subset is guessed at") {
    CHECK(fault("a{2}").find("braces") != std::string::npos);
    CHECK(fault("[[:alpha:]]").find("class") != std::string::npos);
    CHECK(fault("\\d").find("backslash") != std::string::npos);
    CHECK(fault("a\\").find("backslash") != std::string::npos);
    CHECK(fault("*a").find("nothing that *") != std::string::npos);
    CHECK(fault("(|+)").find("nothing that +") != std::string::npos);
    CHECK(fault("(a").find("not closed") != std::string::npos);
    CHECK(fault("a)").find("too many") != std::string::npos);
    CHECK(fault("[a").find("not closed") != std::string::npos);
    CHECK(fault("[").find("not closed") != std::string::npos);
    CHECK(fault("[a-").find("not closed") != std::string::npos);
    CHECK(fault("[z-a]").find("range") != std::string::npos);
    CHECK(fault(std::string(40, '(') + std::string(40, ')')).find("groups") != std::string::npos);
    CHECK(fault(std::string(bundle::max_pattern_bytes + 1, 'a')).find("longer") != std::string::npos);
    CHECK(fault(std::string(bundle::max_pattern_bytes, 'a')).empty());
}

TEST_CASE("brackets hold other bytes than they say") {
    CHECK(found("^[]a-c^-]$", "]"));
    CHECK(found("^[]a-c^-]$", "b"));
    CHECK(found("^[]a-c^-]$", "^"));
    CHECK(found("^[]a-c^-]$", "-"));
    CHECK_FALSE(found("^[]a-c^-]$", "d"));
    CHECK_FALSE(found("^[^]]$", "]"));
    CHECK(found("^[\\.]$", "\\"));
    CHECK(found("^.$", "\xff"));
    CHECK(found("^[^a]$", "\xff"));
    CHECK(found("^[\x80-\xff]$", "\x90"));
}

TEST_CASE("a pattern that makes others go back and forth takes its time") {
    const std::string path(4000, 'a');
    for (const char* pattern : {"^(a*)*b$", "(a|a|a)*b", "(.*)(.*)(.*)(.*)b", "^((a?)+)+b", "(a*|b)*c"}) {
        CAPTURE(pattern);
        const PathPattern::Compiled compiled = PathPattern::compile(pattern);
        PatternScratch scratch;
        CHECK_FALSE(std::get<PathPattern>(compiled).found_in(path, scratch));
        CHECK(scratch.steps < 400'000);
    }
}

TEST_CASE("a small pattern matches what std::regex does not, or the other way round") {
    ::support::Random random(7);
    constexpr std::string_view letters = "ab.*+?|()^$";
    std::size_t compared = 0;
    for (int i = 0; i < 6000; ++i) {
        std::string pattern, path;
        for (std::uint64_t left = 1 + random.below(8); left > 0; --left) pattern += letters[random.below(letters.size())];
        for (std::uint64_t left = random.below(6); left > 0; --left) path += "ab"[random.below(2)];
        const PathPattern::Compiled compiled = PathPattern::compile(pattern);
        if (!std::holds_alternative<PathPattern>(compiled)) continue;
        bool expected = false;
        try {
            expected = std::regex_search(path, std::regex(pattern, std::regex::extended));
        } catch (const std::regex_error&) {
            continue;
        }
        PatternScratch scratch;
        CAPTURE(pattern);
        CAPTURE(path);
        CHECK(std::get<PathPattern>(compiled).found_in(path, scratch) == expected);
        ++compared;
    }
    CHECK(compared > 1000);
}

}  // namespace reseal::path_pattern_test
