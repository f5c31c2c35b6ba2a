// SPDX-License-Identifier: BSL-1.0
// Text files as whole relocations: what is text, and what only begins like it.
#include <doctest/doctest.h>

#include <reseal/error.hpp>
#include <string>

#include "moved.hpp"
#include "support/chunks.hpp"

namespace reseal::text_file_test {
using namespace std::string_literals;

namespace {

constexpr std::size_t held = FileRelocator::max_held;
const Prefixes shorter({{"/old/prefix", "/new"}}, {});
const FileOptions text = {.mode = FileMode::text};
const FileOptions unknown = {.mode = FileMode::unknown};

}  // namespace

TEST_CASE("a text changes its length, a file of unknown kind only where no NUL is in it") {
    const std::string file = "a=/old/prefix/lib\nb=/old/prefix\n";
    CHECK(support::moved_every_way(file, shorter, text).output == "a=/new/lib\nb=/new\n");
    CHECK(support::planned(file, shorter, unknown).output == "a=/new/lib\nb=/new\n");
    for (const std::string& end : {"\0"s, "x\0"s}) {
        const support::Moved kept = support::planned(file + end, shorter, unknown);
        CHECK(kept.result.mode == FileMode::binary);
        CHECK(kept.output.size() == file.size() + end.size());
        CHECK(support::moved_every_way(file + end, shorter, text).output == "a=/new/lib\nb=/new\n" + end);
    }
    const support::Moved archive = support::planned("!<arch>\n" + file, shorter, unknown);
    CHECK(archive.result.mode == FileMode::binary);
    CHECK(archive.output.size() == file.size() + 8);
}

TEST_CASE("a script with a payload keeps its length, whatever it is said to be") {
    const std::string file = "#!/old/prefix/bin/sh\ntail -c +45 $0 # /old/prefix\n\0payload /old/prefix\0"s;
    const support::Moved binary = support::moved_every_way(file, shorter);
    REQUIRE(binary.output.size() == file.size());
    CHECK(binary.output.starts_with("#!/new////////bin/sh\n"));
    CHECK(support::moved_every_way(file, shorter, text) == binary);
    CHECK(support::planned(file, shorter, unknown) == binary);
}

TEST_CASE("a payload far behind a script's first line is found in time, or the file is refused") {
    for (const std::size_t at : {held - 1, held, held + 1, 2 * held}) {
        CAPTURE(at);
        std::string file = "#!/old/prefix/bin/sh\n";
        file += std::string(at - file.size(), 'x') + "\0payload"s;
        for (const std::size_t chunk : support::coarse_chunkings) {
            const support::Moved streamed = support::moved(support::cut(file, chunk), shorter, text);
            CHECK(streamed.result.refused == (at >= held));
            if (at < held) CHECK(streamed == support::planned(file, shorter));
            else CHECK(streamed.has(Code::script_payload, Severity::error));
            CHECK_FALSE(support::moved(support::cut(file, chunk), Prefixes({{"/old", "/new"}}, {}), text).result.refused);
        }
        CHECK(support::planned(file, shorter, text) == support::planned(file, shorter));
    }
}

TEST_CASE("a script that is as long as what is held back is text all the same") {
    for (const std::size_t size : {held - 1, held, held + 1}) {
        std::string file = "#!/old/prefix/bin/sh\n";
        file.resize(size, 'x');
        const support::Moved whole = support::planned(file, shorter, unknown);
        CHECK(whole.output.size() == size - 7);
        for (const std::size_t chunk : support::coarse_chunkings)
            CHECK(support::moved(support::cut(file, chunk), shorter, text) == whole);
    }
}

TEST_CASE("a first line of another form is told of") {
    const Prefixes spaced({{"/old/prefix", "/a b"}}, {});
    const support::Moved exec = support::moved_every_way("#!/old/prefix/python\n/old/prefix", spaced, text);
    CHECK(exec.has(Code::shebang_changed_form, Severity::note));
    CHECK(exec.result.shebang_length == 21);
    const support::Moved same = support::moved_every_way("#!/old/prefix/python\n", shorter, text);
    CHECK_FALSE(same.has(Code::shebang_changed_form, Severity::note));
    for (const std::string& few : {""s, "#"s, "#!"s, "#x"s, "\0"s, "#\0"s, "#!\0"s})
        CHECK(support::moved_every_way(few, shorter, text).output == few);
}

namespace {

/// In which somebody puts a NUL once it has been read.
class Changing final : public Source {
public:
    explicit Changing(std::string bytes) : bytes_(std::move(bytes)) {}
    std::uint64_t size() const override { return bytes_.size(); }
    std::size_t read_at(std::uint64_t offset, char* to, std::size_t count) const override {
        const std::size_t got = MemorySource(bytes_).read_at(offset, to, count);
        if (got > 0) bytes_.back() = '\0';
        return got;
    }

private:
    mutable std::string bytes_;
};

}  // namespace

TEST_CASE("a script that becomes binary while it is looked at ends in an exception without its name") {
    const Changing file("#!/old/bin/python\nprint()\n");
    CHECK_THROWS_WITH_AS(plan_file(file, Prefixes({{"/old", "/a/new/one"}}, {}), {.name = "x"}),
                         "x: the file changed while it was read", Error);
}

}  // namespace reseal::text_file_test
