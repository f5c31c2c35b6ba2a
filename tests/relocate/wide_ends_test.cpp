// SPDX-License-Identifier: BSL-1.0
// Wide prefixes where a file ends: whole, cut within the last unit, and cut within what stands behind.
#include <doctest/doctest.h>

#include <string>
#include <utility>
#include <vector>

#include "relocate/encoding.hpp"
#include "relocate/former_file.hpp"
#include "relocate/moved.hpp"
#include "support/effort.hpp"

namespace reseal::wide_ends_test {
using namespace std::string_literals;
using relocate::encode;
using relocate::Encoding;
using support::Moved;
using support::moved_every_way;

namespace {

const std::string from = "/o/x", to = "/n", behind_filled = "/n//", front_filled = "///n";

bool little(Encoding encoding) { return encoding == Encoding::utf16le || encoding == Encoding::utf32le; }

/// A text in an encoding, `offset` bytes into a file that ends `cut` bytes too early.
struct Ending {
    Encoding encoding;
    std::size_t offset, cut;
    std::string lead, behind;

    std::string file(const std::string& prefix) const {
        const std::string whole = std::string(offset, 'A') + encode(lead + prefix + behind, encoding).value();
        return whole.substr(0, whole.size() - cut);
    }
    std::size_t bytes_behind() const { return relocate::width(encoding) * behind.size(); }
    /// In little units the last NULs may be missing: with those before it, it is one in big units.
    bool found() const {
        if (cut <= bytes_behind()) return true;
        return cut < bytes_behind() + relocate::width(encoding) && little(encoding) && !lead.empty();
    }
};

std::vector<Ending> endings() {
    std::vector<Ending> out;
    for (const Encoding encoding : {Encoding::utf16le, Encoding::utf16be, Encoding::utf32le, Encoding::utf32be})
        for (std::size_t offset = 0; offset < 2 * relocate::width(encoding); ++offset)
            for (const std::string& lead : {""s, "x"s})
                for (const std::string& behind : {""s, "/a"s, "-b"s, "\0"s, "/a\0"s, "\0\0"s})
                    for (std::size_t cut = 0; cut <= relocate::width(encoding) + 1; ++cut)
                        out.push_back({encoding, offset, cut, lead, behind});
    std::vector<Ending> some;
    for (std::size_t i = 0; i < out.size(); i += support::step(1)) some.push_back(out[i]);
    return some;
}

void come_back(const std::string& file, const Prefixes& prefixes) {
    const MemorySource source(file);
    const FileOptions options{.mode = FileMode::binary};
    const FilePlan plan = plan_file(source, prefixes, options);
    if (!plan.result.changed) return;  // nobody remembers it
    StringSink out, home;
    relocate_file(source, plan, out);
    const Prefixes back({{from, from}}, prefixes.options());
    const relocate::FormerFile former = relocate::former_file(source, plan.result);
    REQUIRE(relocate::move_again(MemorySource(out.bytes), former, prefixes, back, options, home));
    CHECK(home.bytes == file);
}

}  // namespace

TEST_CASE("a wide prefix that ends the file is missed, or one that is cut short is taken for one") {
    const Prefixes prefixes({{from, to}}, {.wide = true});
    for (const Ending& each : endings()) {
        CAPTURE(name(each.encoding));
        CAPTURE(each.offset);
        CAPTURE(each.cut);
        CAPTURE(each.lead);
        CAPTURE(each.behind);
        const std::string file = each.file(from);
        const Moved moved = moved_every_way(file, prefixes);
        if (!each.found()) {
            CHECK(moved.output == file);
        } else if (each.behind != "-b") {
            CHECK(moved.output == each.file(behind_filled));
        } else if (each.cut <= relocate::width(each.encoding)) {
            CHECK(moved.output == each.file(front_filled));
        } else {  // of the unit behind it only a part is there
            CHECK((moved.output == each.file(front_filled) || moved.output == each.file(behind_filled)));
        }
        CHECK(moved.result.fields.size() == (each.found() ? 1 : 0));
        come_back(file, prefixes);
    }
}

TEST_CASE("what becomes of a wide prefix at the end of the file depends on the chunks, or cannot be taken back") {
    constexpr std::pair<Padding, Tail> ways[] = {
        {Padding::nul, Tail::left}, {Padding::nul, Tail::patched}, {Padding::nul, Tail::slash}, {Padding::spack, Tail::slash}};
    for (const auto& [padding, tail] : ways)
        for (const Ending& each : endings()) {
            if (each.offset >= relocate::width(each.encoding) || each.lead.empty()) continue;
            const Prefixes prefixes({{from, to}}, {.padding = padding, .tail = tail, .wide = true});
            const std::string file = each.file(from);
            CAPTURE(name(each.encoding));
            CAPTURE(static_cast<int>(padding));
            CAPTURE(static_cast<int>(tail));
            CAPTURE(each.cut);
            CAPTURE(each.lead);
            CAPTURE(each.behind.size());
            const Moved moved = moved_every_way(file, prefixes);
            CHECK(moved.output.size() == file.size());
            if (!each.found()) CHECK(moved.output == file);
            come_back(file, prefixes);
        }
}

}  // namespace reseal::wide_ends_test
