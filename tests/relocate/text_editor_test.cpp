// SPDX-License-Identifier: BSL-1.0
#include "relocate/text_editor.hpp"

#include <doctest/doctest.h>

#include <string>

#include "edited.hpp"
#include "relocate/encoding.hpp"
#include "support/random.hpp"

namespace reseal::text_editor_test {
using relocate::ShebangForm;
using relocate::TextOptions;

namespace {

std::string moved(std::string_view text, std::vector<PrefixPair> pairs, TextOptions options = {}, PrefixOptions how = {}) {
    return edited(Prefixes(std::move(pairs), how), options, text).bytes;
}

std::vector<std::uint64_t> offsets(const Edited& what) {
    std::vector<std::uint64_t> out;
    for (const PrefixField& field : what.changes.fields) out.push_back(field.offset);
    return out;
}

const PrefixOptions alone = {.boundary = Boundary::path};

}  // namespace

TEST_CASE("prefixes of other lengths are all replaced, and nothing else") {
    CHECK(moved("Hello, cruel world!", {{"cruel", "fabulous"}}) == "Hello, fabulous world!");
    CHECK(moved("prefix_placeholder/bin:prefix_placeholder", {{"prefix_placeholder", "t"}}) == "t/bin:t");
    CHECK(moved("/old/prefix\n", {{"/old/prefix", "/new/prefix"}}) == "/new/prefix\n");
    CHECK(moved("", {{"/a", "/b"}}) == "");
    CHECK(moved("/a", {{"/a", "/much/longer"}}) == "/much/longer");
    CHECK(moved("/a/a/a", {{"/a", "/a/a"}}) == "/a/a/a/a/a/a");
    CHECK(moved("no such thing\r\n\xff\xfe\x80", {{"/a", "/b"}}) == "no such thing\r\n\xff\xfe\x80");
}

TEST_CASE("the longest of several prefixes is replaced, in whatever order they are given") {
    const std::string text = "/replace/in/order/x /replace/in/y /replace/z";
    std::vector<PrefixPair> pairs = {{"/replace/in/order", "/first"}, {"/replace/in", "/second"}, {"/replace", "/third"}};
    CHECK(moved(text, pairs) == "/first/x /second/y /third/z");
    CHECK(moved(text, {pairs.rbegin(), pairs.rend()}) == "/first/x /second/y /third/z");
    CHECK(moved("/a/b/c", {{"/a", "/b"}, {"/b", "/a"}}) == "/b/a/c");
}

TEST_CASE("a prefix inside a longer word is left where it must stand alone") {
    CHECK(moved("/dont/replace/my/prefix /my/prefix.", {{"/my/prefix", "/n"}}, {}, alone) == "/dont/replace/my/prefix /n.");
    CHECK(moved("D/f /fooD/f a:D/f a:/fooD/f D/b:D/z", {{"D", "/new"}}, {}, alone) ==
          "/new/f /fooD/f a:/new/f a:/fooD/f /new/b:/new/z");
    CHECK(moved("-I/p/include -isystem/p x-I/p", {{"/p", "/new"}}, {}, alone) == "-I/new/include -isystem/new x-I/p");
    CHECK(moved("/p2 /p-x /p/x /p", {{"/p", "/new"}}, {}, alone) == "/p2 /p-x /new/x /new");
    CHECK(moved("#!/p2/bin/perl\n/p/x", {{"/p", "/new"}}, {}, alone) == "#!/p2/bin/perl\n/new/x");
}

TEST_CASE("where the longest prefix is part of a longer word, the next shorter one counts") {
    CHECK(moved("/a/bc /a/b/c", {{"/a/b", "/1"}, {"/a", "/22222"}}, {}, alone) == "/22222/bc /1/c");
    CHECK(moved("/a/bc", {{"/a/b", "/1"}}, {}, alone) == "/a/bc");
}

TEST_CASE("offsets count from the file's first byte, those of the first line are left out") {
    const Prefixes prefixes({{"/old", "/new/prefix"}}, {});
    const Edited text = edited(prefixes, {}, "/old and /old\n/old");
    CHECK(offsets(text) == std::vector<std::uint64_t>{0, 9, 14});
    CHECK_FALSE(text.changes.shebang_length);
    CHECK(text.changes.shebang.empty());

    const Edited script = edited(prefixes, {}, "#!/old/bin/sh -I/old\necho /old /old\n");
    CHECK(script.bytes == "#!/new/prefix/bin/sh -I/new/prefix\necho /new/prefix /new/prefix\n");
    CHECK(offsets(script) == std::vector<std::uint64_t>{26, 31});
    CHECK(script.changes.shebang_length == 21);
    CHECK(script.changes.shebang == "#!/old/bin/sh -I/old\n");

    const Edited only = edited(prefixes, {}, "#!/old/bin/sh");
    CHECK(offsets(only).empty());
    CHECK(only.changes.shebang_length == 13);

    const Edited none = edited(prefixes, {}, "#!/bin/sh\n/old");
    CHECK(offsets(none) == std::vector<std::uint64_t>{10});
    CHECK(none.changes.shebang_length == 10);
    CHECK(none.changes.shebang.empty());
}

TEST_CASE("a first line takes the form that the target's kernel reads, all other lines stay as they are") {
    const std::string body = "\nimport sys  # #!/old/bin/python\n";
    const std::string deep = "/" + std::string(130, 'x');
    const Prefixes spaced({{"/old", "/a b"}}, {}), long_({{"/old", deep}}, {});
    CHECK(edited(spaced, {}, "#!/old/bin/python3" + body).bytes ==
          "#!/bin/sh\n'''exec' \"/a b/bin/python3\" \"$0\" \"$@\" #'''\nimport sys  # #!/a b/bin/python\n");
    CHECK(edited(spaced, {ShebangStyle::env}, "#!/old/bin/python3" + body).bytes ==
          "#!/usr/bin/env python3\nimport sys  # #!/a b/bin/python\n");
    CHECK(edited(spaced, {ShebangStyle::keep}, "#!/old/bin/python3" + body).bytes ==
          "#!/a b/bin/python3\nimport sys  # #!/a b/bin/python\n");
    const Edited mac = edited(long_, {ShebangStyle::automatic, Platform::osx}, "#!/old/bin/perl" + body);
    CHECK(mac.bytes == "#!" + deep + "/bin/perl\nimport sys  # #!" + deep + "/bin/python\n");
    CHECK(mac.changes.form == ShebangForm::plain);
    const Edited linux_ = edited(long_, {ShebangStyle::automatic, Platform::linux_}, "#!/old/bin/perl" + body);
    CHECK(linux_.bytes == "#!/usr/bin/env perl\nimport sys  # #!" + deep + "/bin/python\n");
    CHECK(linux_.changes.form == ShebangForm::env);
}

TEST_CASE("a first line without a prefix stays, however long it is") {
    const std::string text = "#!/" + std::string(200, 'x') + "/python -a\n/old\n";
    CHECK(moved(text, {{"/old", "/n"}}) == text.substr(0, text.size() - 5) + "/n\n");
}

TEST_CASE("a first line that never ends is text, and is not held back") {
    constexpr std::size_t limit = relocate::TextEditor::max_first_line;
    const Prefixes prefixes({{"/old", "/a b"}}, {});
    const std::string line = "#!/old/bin/python" + std::string(limit - 18, ' ');
    REQUIRE(line.size() + 1 == limit);
    CHECK(edited(prefixes, {}, line + "\n/old").bytes.starts_with("#!/bin/sh\n'''exec' "));
    CHECK(edited(prefixes, {}, line).bytes.starts_with("#!/bin/sh\n'''exec' "));
    const Edited longer = edited(prefixes, {}, line + " \n/old");
    CHECK(longer.bytes == "#!/a b/bin/python" + std::string(limit - 17, ' ') + "\n/a b");
    CHECK_FALSE(longer.changes.shebang_length);
    CHECK(longer.changes.fields.size() == 2);
    const Edited straddling = edited(prefixes, {}, line.substr(0, line.size() - 1) + "/old /old");
    CHECK(straddling.changes.fields.size() == 3);

    relocate::TextEditor editor(prefixes, {});
    const std::string chunk(4096, '#');
    std::string_view out;
    std::size_t fed = 0, gone = 0;
    editor.feed("#!");
    for (fed = 2; fed < 4 * limit; fed += chunk.size()) {
        editor.feed(chunk);
        while (editor.next(out)) gone += out.size();
    }
    CHECK(fed - gone < 2 * limit);
}

TEST_CASE("a file of a few bytes goes through whole") {
    for (const std::string text : {"#", "#!", "!", "#\n", "#!\n", "\n", "##", "#x!", "#!/old", "/old", "/ol", "#!/old\n"})
        CHECK(moved(text, {{"/old", "/new"}}) == plainly_replaced({{"/old", "/new"}}, text));
}

TEST_CASE("a wide text is found in its own byte order, in a text that is declared one") {
    using relocate::encode;
    const PrefixOptions wide = {.wide = true};
    for (const relocate::Encoding encoding : relocate::all_encodings) {
        CAPTURE(static_cast<int>(encoding));
        const std::string before = *encode("x", encoding);
        const Edited out = edited(Prefixes({{"/old/p", "/n"}}, wide), {}, before + *encode("/old/p/lib /old/p\n", encoding));
        CHECK(out.bytes == *encode("x/n/lib /n\n", encoding));
        REQUIRE(out.changes.fields.size() == 2);
    }
    const Edited little = edited(Prefixes({{"/old", "/n"}}, wide), {}, *encode("x/old/p", relocate::Encoding::utf16le));
    REQUIRE(little.changes.fields.size() == 1);
    CHECK(little.changes.fields[0].encoding == relocate::Encoding::utf16le);
    CHECK(little.changes.fields[0].offset == 2);
    const Edited end = edited(Prefixes({{"/old", "/n"}}, wide), {}, *encode("x/old", relocate::Encoding::utf32be));
    REQUIRE(end.changes.fields.size() == 1);
    CHECK(end.changes.fields[0].encoding == relocate::Encoding::utf32be);
    CHECK(end.changes.fields[0].offset == 4);
    // A target that is no ASCII comes out in the byte order of the text around it.
    const Edited greek = edited(Prefixes({{"/old", "/\xce\xb1"}}, wide), {}, *encode("x/old/p", relocate::Encoding::utf32le));
    CHECK(greek.bytes == *encode("x/\xce\xb1/p", relocate::Encoding::utf32le));
}

TEST_CASE("any text comes out as the plainest replacing would have it") {
    support::Random random(5);
    const auto word = [&](std::size_t most) {
        std::string out;
        for (std::size_t i = 1 + random.below(most); i > 0; --i) out += "/ab\n"[random.below(4)];
        return out;
    };
    for (int round = 0; round < 300; ++round) {
        std::vector<PrefixPair> pairs;
        for (std::size_t i = 1 + random.below(3); i > 0; --i) {
            PrefixPair pair = {word(4), word(6)};
            bool fresh = true;
            for (const PrefixPair& each : pairs) fresh = fresh && each.from != pair.from;
            if (fresh) pairs.push_back(pair);
        }
        const std::string text = word(60);
        CAPTURE(text);
        CHECK(moved(text, pairs) == plainly_replaced(Prefixes(pairs, {}).pairs(), text));
        CHECK(moved(text, {{"not there", "x"}}, {}, alone) == text);
    }
}

}  // namespace reseal::text_editor_test
