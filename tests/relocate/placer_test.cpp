// SPDX-License-Identifier: BSL-1.0
// Edits decided beforehand, put into a file however it is cut.
#include "relocate/placer.hpp"

#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <vector>

namespace reseal::placer_test {
using relocate::PlacedEdit;
using relocate::Placer;

namespace {

struct Placed {
    std::string bytes, old;
    bool as_planned, finished;
};

Placed placed(const std::string& file, const std::vector<PlacedEdit>& edits, std::size_t chunk) {
    Placer placer(edits);
    Placed out{};
    const std::string replaced(file.size(), '#');  // what an earlier stage would make of every byte
    for (std::size_t at = 0; at < file.size();) {
        const std::size_t count = std::min(chunk, file.size() - at);
        const match::Piece piece{std::string_view(replaced).substr(at, count), std::string_view(file).substr(at, count)};
        for (std::size_t done = 0; done < count;) {
            const match::Piece part = placer.take(piece.part(done, count - done));
            REQUIRE(!part.bytes.empty());
            out.bytes += part.bytes;
            out.old += part.old;
            done += part.bytes.size();
        }
        at += count;
    }
    out.as_planned = placer.as_planned();
    out.finished = placer.finished();
    return out;
}

}  // namespace

TEST_CASE("placed edits count more than what a piece makes of their bytes, however the file is cut") {
    const std::string file = "abcdefghij";
    const std::vector<PlacedEdit> edits = {{0, "ab", "AB"}, {2, "c", "C"}, {5, "fgh", "FGH"}};
    for (std::size_t chunk = 1; chunk <= file.size(); ++chunk) {
        const Placed out = placed(file, edits, chunk);
        CHECK(out.bytes == "ABC##FGH##");
        CHECK(out.old == file);
        CHECK(out.as_planned);
        CHECK(out.finished);
    }
}

TEST_CASE("a file that is no longer the one the edits were placed for is noticed") {
    CHECK_FALSE(placed("abcdefghij", {{5, "fgX", "FGH"}}, 10).as_planned);
    CHECK_FALSE(placed("abcdef", {{5, "fgh", "FGH"}}, 3).finished);
    CHECK_FALSE(placed("abc", {{5, "fgh", "FGH"}}, 3).finished);
}

}  // namespace reseal::placer_test
