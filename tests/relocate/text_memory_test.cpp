// SPDX-License-Identifier: BSL-1.0
#include "relocate/text_memory.hpp"

#include <doctest/doctest.h>

#include <reseal/error.hpp>
#include <string>

#include "edited.hpp"
#include "relocate/encoding.hpp"
#include "support/random.hpp"

using namespace reseal;
using relocate::TextMemory;
using relocate::TextMove;
using relocate::TextOptions;

namespace {

struct Moved {
    std::string bytes;
    TextMemory memory;
    bool by_memory = false;
    bool changed = false;
};

Moved first_move(const std::string& text, const Prefixes& prefixes, TextOptions options = {}) {
    const Edited out = edited(prefixes, options, text);
    return {out.bytes, relocate::memory_of(out.changes), true, out.changes.changed};
}

Moved again(const Moved& now, const Prefixes& placed, const Prefixes& next, TextOptions options = {}) {
    const MemorySource source(now.bytes);
    const TextMove move = relocate::plan_text_move(source, now.memory, placed, next, options);
    StringSink out;
    relocate::write_text_move(source, move, out);
    CHECK(move.size_before == now.bytes.size());
    CHECK(move.size_after == out.bytes.size());
    CHECK(move.changed == (out.bytes != now.bytes));
    return {out.bytes, move.memory, move.by_memory, move.changed};
}

Prefixes to(const std::string& prefix) { return Prefixes({{"/place/holder", prefix}}, {}); }

const std::string script = "#!/place/holder/bin/python -u\nx = '/place/holder/lib'\ny = '/usr/place'\n/place/holder";

}  // namespace

TEST_CASE("a short prefix is not taken for one where no placeholder was") {
    const std::string text = "/place/holder/a /usr/bin /place/holder\n";
    const Moved usr = first_move(text, to("/usr"));
    REQUIRE(usr.bytes == "/usr/a /usr/bin /usr\n");
    const Moved opt = again(usr, to("/usr"), to("/opt/long"));
    CHECK(opt.bytes == "/opt/long/a /usr/bin /opt/long\n");
    CHECK(opt.by_memory);
    CHECK(again(opt, to("/opt/long"), to("/place/holder")).bytes == text);
}

TEST_CASE("a first line that took another form comes back") {
    for (const std::string& text :
         {script, std::string("#!/place/holder/bin/perl"), std::string("#! /place/holder/bin/perl -w\r\n/x\r\n")}) {
        CAPTURE(text);
        const Moved spaced = first_move(text, to("/a b"));
        const Moved deep = again(spaced, to("/a b"), to("/" + std::string(200, 'x')));
        CHECK(deep.by_memory);
        CHECK(deep.bytes == first_move(text, to("/" + std::string(200, 'x'))).bytes);
        const Moved home = again(deep, to("/" + std::string(200, 'x')), to("/place/holder"));
        CHECK(home.by_memory);
        CHECK(home.bytes == text);
    }
}

TEST_CASE("a first line is found in whatever form it was written with other options") {
    const Moved env = first_move(script, to("/a b"), {ShebangStyle::env});
    REQUIRE(env.bytes.starts_with("#!/usr/bin/env python -u\n"));
    const Moved exec = again(env, to("/a b"), to("/c d"), {ShebangStyle::automatic});
    CHECK(exec.by_memory);
    CHECK(exec.bytes == first_move(script, to("/c d")).bytes);
    const Moved kept = again(exec, to("/c d"), to("/e f"), {ShebangStyle::keep});
    CHECK(kept.by_memory);
    CHECK(kept.bytes.starts_with("#!/e f/bin/python -u\n"));
}

TEST_CASE("a file that was edited meanwhile is searched, and remembered as it is now") {
    Moved now = first_move(script, to("/n/m"));
    now.bytes.insert(now.bytes.find("x ="), "# a new line with /n/m\n");
    const Moved next = again(now, to("/n/m"), to("/somewhere else"));
    CHECK_FALSE(next.by_memory);
    CHECK(next.bytes.find("/n/m") == std::string::npos);
    CHECK(next.bytes.starts_with("#!/bin/sh\n'''exec' \"/somewhere else/bin/python\" -u"));
    CHECK(next.memory.fields.size() == 3);
    // The memory of the search is as good as one of a first move.
    const Moved home = again(next, to("/somewhere else"), to("/place/holder"));
    CHECK(home.by_memory);
    CHECK(home.bytes.starts_with("#!/place/holder/bin/python -u\n# a new line with /place/holder\nx = '/place/holder/lib'\n"));
}

TEST_CASE("a first line that was edited meanwhile is searched like the rest") {
    Moved now = first_move(script, to("/n/m"));
    now.bytes.replace(0, now.bytes.find('\n'), "#!/n/m/bin/pypy3");
    const Moved next = again(now, to("/n/m"), to("/a b"));
    CHECK_FALSE(next.by_memory);
    CHECK(next.bytes.starts_with("#!/usr/bin/env pypy3\nx = '/a b/lib'"));
    CHECK(next.memory.shebang == "#!/place/holder/bin/pypy3\n");
    const Moved home = again(next, to("/a b"), to("/place/holder"));
    CHECK(home.by_memory);
    CHECK(home.bytes == "#!/place/holder/bin/pypy3" + script.substr(script.find('\n')));

    now.bytes.replace(0, now.bytes.find('\n'), "#!/bin/true");
    const Moved plain = again(now, to("/n/m"), to("/a b"));
    CHECK(plain.bytes.starts_with("#!/bin/true\nx = '/a b/lib'"));
    CHECK(plain.memory.shebang.empty());
    CHECK(again(plain, to("/a b"), to("/place/holder")).bytes == "#!/bin/true" + script.substr(script.find('\n')));
}

TEST_CASE("a memory that lies leads to a search, wherever it points") {
    const Moved now = first_move(script, to("/n"));
    const std::string right = again(now, to("/n"), to("/m")).bytes;
    for (const std::uint64_t offset :
         {std::uint64_t{0}, std::uint64_t{31}, std::uint64_t{1} << 40, ~std::uint64_t{0}, ~std::uint64_t{12}}) {
        for (std::size_t i = 0; i < now.memory.fields.size(); ++i) {
            Moved lying = now;
            lying.memory.fields[i].offset = offset;
            const Moved next = again(lying, to("/n"), to("/m"));
            CHECK_FALSE(next.by_memory);
            CHECK(next.bytes == right);
        }
    }
    Moved pair = now;
    pair.memory.fields[0].pair = 7;
    CHECK(again(pair, to("/n"), to("/m")).bytes == right);
    Moved encoding = now;
    encoding.memory.fields[0].encoding = static_cast<PrefixField::Encoding>(200);
    CHECK(again(encoding, to("/n"), to("/m")).bytes == right);
    Moved backwards = now;
    std::swap(backwards.memory.fields[0], backwards.memory.fields[1]);
    CHECK(again(backwards, to("/n"), to("/m")).bytes == right);
    for (const std::string line : {"#!", "no first line", "#!/place/holder/bin/python -u", "#!/place/holder/bin/perl\n"}) {
        Moved other = now;
        other.memory.shebang = line;
        CHECK(again(other, to("/n"), to("/m")).bytes == right);
    }
}

TEST_CASE("a file that was cut short or emptied is moved as it is") {
    const Moved now = first_move(script, to("/n"));
    for (std::size_t size = 0; size < now.bytes.size(); ++size) {
        Moved cut = now;
        cut.bytes.resize(size);
        CHECK(again(cut, to("/n"), to("/n")).bytes == cut.bytes);
    }
}

TEST_CASE("two placeholders that went to one prefix part again") {
    const Prefixes placed({{"/host/x", "/n"}, {"/build/yy", "/n"}}, {});
    const std::string text = "/host/x/a /build/yy/b /n/c";
    const Moved now = first_move(text, placed);
    CHECK(again(now, placed, Prefixes({{"/host/x", "/1"}, {"/build/yy", "/22222222"}}, {})).bytes == "/1/a /22222222/b /n/c");
    CHECK(again(now, placed, Prefixes({{"/host/x", "/host/x"}, {"/build/yy", "/build/yy"}}, {})).bytes == text);
    CHECK_THROWS_AS(again(now, placed, Prefixes({{"/host/x", "/1"}}, {})), Error);
}

TEST_CASE("a wide text is moved by positions too") {
    using relocate::encode;
    const auto wide = [](const std::string& prefix) { return Prefixes({{"/place/holder", prefix}}, {.wide = true}); };
    for (const relocate::Encoding encoding : relocate::all_encodings) {
        const Moved now = first_move(*encode("x /place/holder/y /n\n", encoding), wide("/n"));
        const Moved next = again(now, wide("/n"), wide("/other"));
        CHECK(next.by_memory);
        CHECK(next.bytes == *encode("x /other/y /n\n", encoding));
    }
}

TEST_CASE("a text that moved about is the one that moved there at once") {
    support::Random random(9);
    const std::string prefixes[] = {"/", "/n", "/a b", "/place/holder", "/place", "/" + std::string(140, 'd'), "/p$`x"};
    const std::string words[] = {"/place/holder", "#!", "\n",   "/bin/python", "/n",          "/a b",
                                 "/place",        " ",  "\r\n", "/",           "/bin/perl -w"};
    for (int round = 0; round < 200; ++round) {
        std::string text = random.below(2) ? "#!/place/holder/bin/python3" : "";
        for (std::size_t i = random.below(30); i > 0; --i) text += words[random.below(std::size(words))];
        CAPTURE(text);
        std::string here = prefixes[random.below(std::size(prefixes))];
        Moved now = first_move(text, to(here));
        for (int step = 0; step < 4; ++step) {
            const std::string there = prefixes[random.below(std::size(prefixes))];
            now = again(now, to(here), to(there));
            CHECK(now.by_memory);
            CHECK(now.bytes == first_move(text, to(there)).bytes);
            here = there;
        }
        CHECK(again(now, to(here), to("/place/holder")).bytes == text);
    }
}
