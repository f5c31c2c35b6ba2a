// SPDX-License-Identifier: BSL-1.0
#include "relocate/shebang.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace reseal::shebang_test {
using relocate::Shebang;
using relocate::ShebangHit;

namespace {

std::string written(std::string_view line, std::string_view from, std::string_view to, ShebangStyle style,
                    Platform platform = Platform::linux_) {
    std::vector<ShebangHit> hits;
    for (std::size_t at = line.find(from); at != line.npos; at = line.find(from, at + from.size()))
        hits.push_back({at, from.size(), to});
    const Shebang shebang(line, hits);
    return shebang.text(shebang.form(style, platform));
}

std::string env(std::string_view line, std::string_view from, std::string_view to, Platform platform = Platform::linux_) {
    return written(line, from, to, ShebangStyle::env, platform);
}

std::string automatic(std::string_view line, std::string_view from, std::string_view to, Platform platform = Platform::linux_) {
    return written(line, from, to, ShebangStyle::automatic, platform);
}

std::string times(std::size_t count, std::string_view what) {
    std::string out;
    while (count-- > 0) out += what;
    return out;
}

}  // namespace

TEST_CASE("a line that fits stays as it is around the prefix") {
    CHECK(automatic("#!/opt/anaconda1anaconda2anaconda3/bin/python\n", "/opt/anaconda1anaconda2anaconda3", "/usr/local") ==
          "#!/usr/local/bin/python\n");
    CHECK(automatic("#!    /old/bin/perl   -w -T  \n", "/old", "/n") == "#!    /n/bin/perl   -w -T  \n");
    CHECK(automatic("#!\t/old/bin/perl\t-w\r\n", "/old", "/n") == "#!\t/n/bin/perl\t-w\r\n");
    CHECK(automatic("#! /old/bin/perl", "/old", "/n") == "#! /n/bin/perl");
    CHECK(automatic("#!/usr/bin/perl -I/old/lib\n", "/old", "/new") == "#!/usr/bin/perl -I/new/lib\n");
}

TEST_CASE("a space in the new prefix is not taken for the end of the interpreter") {
    CHECK(env("#!/old/bin/python\n", "/old", "/a/path/with/s p a c e s") == "#!/usr/bin/env python\n");
    CHECK(env("#!/path/placeholder/executable -o test -x\n", "placeholder", "with space") ==
          "#!/usr/bin/env executable -o test -x\n");
    CHECK(automatic("#!/placeholder/perl\n", "placeholder", "a b") == "#!/usr/bin/env perl\n");
    CHECK(automatic("#!/path/to/python3.12\n", "/path/to", "/new/prefix/with spaces/bin") ==
          "#!/bin/sh\n'''exec' \"/new/prefix/with spaces/bin/python3.12\" \"$0\" \"$@\" #'''\n");
    CHECK(automatic("#!/path/to/python3.12 -x 123\n", "/path/to", "/new/prefix/with spaces/bin") ==
          "#!/bin/sh\n'''exec' \"/new/prefix/with spaces/bin/python3.12\" -x 123 \"$0\" \"$@\" #'''\n");
    CHECK(automatic("#!/old/bin/perl", "/old", "/a\tb") == "#!/usr/bin/env perl");
    CHECK(automatic("#!/old/bin/perl", "/old", "/a\nb") == "#!/usr/bin/env perl");
    CHECK(automatic("#!/usr/bin/perl -I/old/lib\n", "/old", "/a b") == "#!/usr/bin/perl -I/a b/lib\n");
}

TEST_CASE("a line without a newline gets its form too") {
    CHECK(env("#!/old/bin/python", "/old", "/a b/c") == "#!/usr/bin/env python");
    CHECK(automatic("#!/old/bin/python", "/old", "/a b/c") == "#!/bin/sh\n'''exec' \"/a b/c/bin/python\" \"$0\" \"$@\" #'''");
}

TEST_CASE("the limit is that of the target, to the byte") {
    const std::string fits = "/" + std::string(127 - 2 - 1 - 9, 'x');  // "#!" + this + "/bin/perl"
    CHECK(automatic("#!/old/bin/perl\n", "/old", fits) == "#!" + fits + "/bin/perl\n");
    CHECK(automatic("#!/old/bin/perl", "/old", fits) == "#!" + fits + "/bin/perl");
    CHECK(automatic("#!/old/bin/perl\n", "/old", fits + "x") == "#!/usr/bin/env perl\n");
    CHECK(automatic("#!/old/bin/perl\r\n", "/old", fits) == "#!/usr/bin/env perl\r\n");
    CHECK(automatic("#! /old/bin/perl\n", "/old", fits) == "#!/usr/bin/env perl\n");
    CHECK(automatic("#!/old/bin/perl\n", "/old", fits + "x", Platform::osx) == "#!" + fits + "x/bin/perl\n");
    const std::string mac = "/" + std::string(512 - 2 - 1 - 9, 'x');
    CHECK(automatic("#!/old/bin/perl\n", "/old", mac, Platform::osx) == "#!" + mac + "/bin/perl\n");
    CHECK(automatic("#!/old/bin/perl\n", "/old", mac + "x", Platform::osx) == "#!/usr/bin/env perl\n");
}

TEST_CASE("what was too long becomes the same line that conda and rattler write") {
    const std::string long_ = "/usr/local/" + times(52, "1234567890");
    CHECK(env("#!/opt/anaconda1anaconda2anaconda3/bin/python -O\n", "/opt/anaconda1anaconda2anaconda3", long_) ==
          "#!/usr/bin/env python -O\n");
    const std::string deep = "/" + times(100, "shebang/");
    CHECK(env("#!/old/python --and --flags -x\n", "/old/", deep) == "#!/usr/bin/env python --and --flags -x\n");
    CHECK(env("#!/old/escaped\\ space --and --flags -x\n", "/old/", deep) ==
          "#!/usr/bin/env escaped\\ space --and --flags -x\n");
    CHECK(env("#!/old/she\\ bang/python --and --flags -x\n", "/old", "/q") == "#!/usr/bin/env python --and --flags -x\n");
    CHECK(env("#!/old/she\\ bang/escaped\\ space --and --flags -x\n", "/old", "/q") ==
          "#!/usr/bin/env escaped\\ space --and --flags -x\n");
    CHECK(env("#!/old/executable -m 123123\n", "/old", "/" + times(15, "verylongstring/")) ==
          "#!/usr/bin/env executable -m 123123\n");
    CHECK(env("#!    /old/executable -o \"te  st\" -x\n", "/old", deep) == "#!/usr/bin/env executable -o \"te  st\" -x\n");
    CHECK(env("#!/old/pyt hon -o \"te  st\"\n", "/old", deep) == "#!/usr/bin/env pyt hon -o \"te  st\"\n");
    CHECK(env("#!/old/pyt\\ hon -o \"te  st\"\n", "/old", deep) == "#!/usr/bin/env pyt\\ hon -o \"te  st\"\n");
}

TEST_CASE("an escaped space in a name that fits is left") {
    CHECK(env("#!/old/escaped\\ space --and\n", "/old", "/q") == "#!/q/escaped\\ space --and\n");
}

TEST_CASE("only a Python is started by a second line that is a string to it") {
    using relocate::is_python;
    for (const char* name : {"python", "python3", "python3.12", "python2.7"}) CHECK(is_python(name));
    for (const char* name : {"python3.12.1", "foo", "pythondoc", "", "python.", "python3.", "python.3", "xpython", "python3.x"})
        CHECK_FALSE(is_python(name));
    const std::string exec = "#!/bin/sh\n'''exec' \"/a b/";
    CHECK(written("#!/old/python3-dbg\n", "/old", "/a b", ShebangStyle::exec) == exec + "python3-dbg\" \"$0\" \"$@\" #'''\n");
    CHECK(written("#!/old/pypy3\n", "/old", "/a b", ShebangStyle::exec) == exec + "pypy3\" \"$0\" \"$@\" #'''\n");
    CHECK(written("#!/old/perl\n", "/old", "/a b", ShebangStyle::exec) == "#!/usr/bin/env perl\n");
    CHECK(written("#!/old/python\n", "/old", "/n", ShebangStyle::exec) == "#!/n/python\n");
    CHECK(automatic("#!/old/pypy3\n", "/old", "/a b") == "#!/usr/bin/env pypy3\n");
}

TEST_CASE("the first of two lines never ends in CR, the second ends as the line did") {
    CHECK(automatic("#!/old/python\r\n", "/old", "/a b") == "#!/bin/sh\n'''exec' \"/a b/python\" \"$0\" \"$@\" #'''\r\n");
    CHECK(automatic("#!/old/perl -w\r\n", "/old", "/a b") == "#!/usr/bin/env perl -w\r\n");
    CHECK(automatic("#!/old/perl\r", "/old", "/a b") == "#!/usr/bin/env perl\r");
}

TEST_CASE("a shell does not read more in a path than is in it") {
    CHECK(automatic("#!/old/python\n", "/old", "/a $b`c\"") == "#!/bin/sh\n'''exec' '/a $b`c\"/python' \"$0\" \"$@\" #'''\n");
    CHECK(automatic("#!/old/python\n", "/old", "/a 'b$") == "#!/bin/sh\n'''exec' \"/a 'b\\$/python\" \"$0\" \"$@\" #'''\n");
    CHECK(automatic("#!/old/python\n", "/old", "/a \\u$") == "#!/bin/sh\n'''exec' \"/a \\\\u\\$/python\" \"$0\" \"$@\" #'''\n");
    CHECK(automatic("#!/old/she\\ bang/python\n", "/old", "/n") ==
          "#!/bin/sh\n'''exec' \"/n/she bang/python\" \"$0\" \"$@\" #'''\n");
    CHECK(automatic("#!/old/python\n", "/old", "/a '''b") == "#!/usr/bin/env python\n");
}

TEST_CASE("options that a shell would read otherwise than a kernel stay out of it") {
    for (const std::string options : {" -c \"a b\"", " -W '*'", " -x;ls", " -x\\", " # no", " $HOME"})
        CHECK(automatic("#!/old/python" + options + "\n", "/old", "/a b") == "#!/usr/bin/env python" + options + "\n");
}

TEST_CASE("bytes that are no UTF-8 go through") {
    CHECK(automatic("#!/old/bin/p\xff\xfe -\x80\n", "/old", "/n\xe9") == "#!/n\xe9/bin/p\xff\xfe -\x80\n");
    CHECK(env("#!/old/bin/p\xff\xfe -\x80\n", "/old", "/n \xe9") == "#!/usr/bin/env p\xff\xfe -\x80\n");
    CHECK(automatic("#!/old/bin/python\n", "/old", "/n \xe9") ==
          "#!/bin/sh\n'''exec' \"/n \xe9/bin/python\" \"$0\" \"$@\" #'''\n");
}

TEST_CASE("kept lines and lines without an absolute interpreter are text") {
    CHECK(written("#!/old/python\n", "/old", "/a b", ShebangStyle::keep) == "#!/a b/python\n");
    CHECK(automatic("#!p/python\n", "p/", "a b/") == "#!a b/python\n");
    CHECK(automatic("#!/old/\n", "/old", "/a b") == "#!/a b/\n");
    CHECK(automatic("#!/old/python\n", "#!/old", "#!/a b") == "#!/a b/python\n");
    CHECK(automatic("#!\n", "/old", "/n") == "#!\n");
    CHECK(automatic("#!", "/old", "/n") == "#!");
}

TEST_CASE("a line whose prefix stays the same is not written anew") {
    const std::string line = "#!/old/" + std::string(200, 'x') + "/perl\n";
    CHECK(automatic(line, "/old", "/old") == line);
    CHECK(automatic(line, "/old", "/o") == "#!/usr/bin/env perl\n");
}

TEST_CASE("several prefixes in one line are all replaced") {
    CHECK(automatic("#!/old/bin/env -S /old/bin/python -I/old\n", "/old", "/n") == "#!/n/bin/env -S /n/bin/python -I/n\n");
    CHECK(env("#!/old/bin/perl -I/old\n", "/old", "/a b") == "#!/usr/bin/env perl -I/a b\n");
}

}  // namespace reseal::shebang_test
