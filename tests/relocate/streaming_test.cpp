// SPDX-License-Identifier: BSL-1.0
// What a relocator holds back, and what it does when it cannot go on.
#include <doctest/doctest.h>

#include <stdexcept>
#include <string>

#include "moved.hpp"
#include "reseal/error.hpp"
#include "support/chunks.hpp"
#include "support/plain_sha.hpp"

namespace reseal::streaming_test {
using namespace support;
using namespace std::string_literals;

namespace {

constexpr std::size_t held = FileRelocator::max_held;

Prefixes by_nul(Tail tail = Tail::left) { return Prefixes({{"/old/pfx", "/new"}}, {.padding = Padding::nul, .tail = tail}); }

/// A string with a prefix at its begin whose NUL stands `distance` behind that.
std::string far(std::size_t distance) { return "ab/old/pfx" + std::string(distance - 8, 'x') + "\0cd"s; }

class Failing final : public Sink {
public:
    void write(std::string_view) override { throw std::runtime_error("full"); }
};

}  // namespace

TEST_CASE("a NUL that is too far away to be waited for refuses a stream, and not a file that is planned") {
    for (std::size_t chunk : {std::size_t{4095}, std::size_t{65536}, far(held + 1).size()}) {
        CAPTURE(chunk);
        const std::string near_enough = far(held), too_far = far(held + 1);
        const Moved fits = moved(cut(near_enough, chunk), by_nul());
        CHECK_FALSE(fits.result.refused);
        CHECK(fits.output == "ab/new" + std::string(held - 8, 'x') + std::string(5, '\0') + "cd");
        const Moved refused = moved(cut(too_far, chunk), by_nul());
        CHECK(refused.has(Code::prefix_undecided, Severity::error));
    }
    CHECK(planned(far(held + 1), by_nul()).output == "ab/new" + std::string(held + 1 - 8, 'x') + std::string(5, '\0') + "cd");
}

TEST_CASE("a file that ends before it is too far leaves an unterminated prefix, one that ends later is undecided") {
    const std::string ends = "/old/pfx" + std::string(held - 8, 'x');
    for (std::size_t chunk : {std::size_t{4095}, ends.size() + 1}) {
        CHECK_FALSE(moved(cut(ends, chunk), by_nul()).result.changed);
        CHECK(moved(cut(ends + "x", chunk), by_nul()).result.refused);
    }
}

TEST_CASE("where the end of the file counts as a NUL nothing is waited for") {
    const std::string input = far(3 * held);
    const Moved result = moved(cut(input, 65536), by_nul(Tail::patched));
    CHECK(result.output == "ab/new" + std::string(3 * held - 8, 'x') + std::string(5, '\0') + "cd");
    CHECK(result == planned(input, by_nul(Tail::patched)));
}

TEST_CASE("a string in which too much would become free is refused, however it is read") {
    const std::string from = "/" + std::string(4000, 'p');
    std::string input;
    for (int i = 0; i < 4300; ++i) input += from + "/";
    input += '\0';
    const Prefixes prefixes({{from, "/n"}}, {.padding = Padding::nul, .tail = Tail::patched});
    const Moved result = moved(cut(input, 65536), prefixes);
    CHECK(result.has(Code::prefix_unpaddable, Severity::error));
    CHECK(planned(input, prefixes).has(Code::prefix_unpaddable, Severity::error));
}

TEST_CASE("nothing goes out after a refusal, and every reason is named") {
    const Prefixes prefixes({{"/a/a", "/longer"}, {"/b/b", "/longer"}}, {});
    const std::string input = "0123/a/a\0"s + std::string(100'000, 'x') + "/b/b\0"s + std::string(100'000, 'x');
    StringSink out;
    FileRelocator relocator(prefixes, out, {.mode = FileMode::binary});
    for (std::string_view chunk : cut(input, 4096)) relocator.write(chunk);
    const FileRelocation result = relocator.finish();
    CHECK(out.bytes.size() < 4096 + 8);
    CHECK(result.refused);
    CHECK(result.findings.size() == 2);
    CHECK(result.sha256_after.empty());
}

TEST_CASE("a sink's failure passes through, and is raised again by every later call") {
    Failing out;
    FileRelocator relocator(by_nul(), out, {.mode = FileMode::binary});
    CHECK_THROWS_AS(relocator.write(std::string(10'000, 'x')), std::runtime_error);
    CHECK_THROWS_AS(relocator.write("x"), std::runtime_error);
    CHECK_THROWS_AS(relocator.finish(), std::runtime_error);
}

TEST_CASE("misuse is told: a mode that is not known, bytes behind the end") {
    StringSink out;
    CHECK_THROWS_AS(FileRelocator(by_nul(), out, {}), Error);
    FileRelocator relocator(by_nul(), out, {.mode = FileMode::binary});
    relocator.write("x");
    relocator.finish();
    CHECK_THROWS_AS(relocator.write("x"), Error);
    CHECK_THROWS_AS(relocator.finish(), Error);
}

TEST_CASE("both digests are those of the bytes") {
    const std::string input = "x/old/pfx/lib\0"s;
    for (FileMode mode : {FileMode::binary, FileMode::text}) {
        const Moved result = moved_every_way(input, by_nul(), {.mode = mode, .digest_before = true});
        CHECK(result.result.sha256_before == plain_sha256(input));
        CHECK(result.result.sha256_after == plain_sha256(result.output));
    }
    CHECK(moved({input}, by_nul(), {.mode = FileMode::binary, .digest_after = false}).result.sha256_after.empty());
}

TEST_CASE("the mode is decided over the whole file") {
    const auto mode = [](const std::string& bytes) { return plan_file(MemorySource(bytes), by_nul(), {}).result.mode; };
    CHECK(mode("#!/old/pfx/bin/python\nprint()\n") == FileMode::text);
    CHECK(mode("#!/old/pfx/bin/python\n" + std::string(1'000'000, 'x') + "\0"s) == FileMode::binary);
    CHECK(mode("\x7f"
               "ELF/old/pfx") == FileMode::binary);
    CHECK(mode("") == FileMode::text);
}

TEST_CASE("a text may grow, and says where its prefixes stood") {
    const std::string input = "a = /old\nb = /old/lib\n";
    const Prefixes longer({{"/old", "/much/longer"}}, {});
    const Moved result = moved_every_way(input, longer, {.mode = FileMode::text});
    CHECK_EQ(result.output, "a = /much/longer\nb = /much/longer/lib\n");
    CHECK(result.result.size_after == result.output.size());
    CHECK(result.result.fields.size() == 2);
    CHECK_EQ(planned(input, longer, {}).output, result.output);
}

TEST_CASE("a file that was changed between the two readings is not written as if it had not been") {
    std::string bytes = "x/old/pfx/lib\0"s;
    const Prefixes prefixes = by_nul();
    for (FileMode mode : {FileMode::binary, FileMode::text}) {
        const FilePlan plan = plan_file(MemorySource(bytes), prefixes, {.mode = mode});
        for (const std::string& changed : {"x/old/pfy/lib\0"s, "xx/old/pfx/lib\0"s, "x/old/pf"s}) {
            StringSink out;
            CHECK_THROWS_AS(relocate_file(MemorySource(changed), plan, out), Error);
        }
    }
}

}  // namespace reseal::streaming_test
