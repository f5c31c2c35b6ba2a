// SPDX-License-Identifier: BSL-1.0
// Law 5 over the whole gallery: everything that may be resealed becomes its twin.
#include <doctest/doctest.h>

#include "corner.hpp"
#include "support/fat_builder.hpp"
#include "support/oracle.hpp"
#include "support/shapes.hpp"

namespace reseal::corner_shapes_test {
using namespace support;

TEST_CASE("every shape becomes its twin, with no error and no slot left stale") {
    for (const NamedFile& file : twin_files()) {
        CAPTURE(file.name);
        REQUIRE(check(file.b).good_and_signed());
        const corner::Outcome out = corner::rewrite(file.a);
        CHECK_FALSE(out.refused);
        CHECK(out.bytes == file.b);
        CHECK(out.report.entries.at(0).status == EntryStatus::resealed);
    }
}

TEST_CASE("the cdhashes in the report are those of the twins") {
    for (const Shape& shape : shapes()) {
        CAPTURE(shape.name);
        const Twins files = twins(shape.spec, path_a, path_b);
        const corner::Outcome out = corner::rewrite(files.a);
        const Checked before = check(files.a), after = check(files.b);
        REQUIRE(out.image().codedirectories.size() == after.images[0].directories.size());
        for (const CodeDirectoryReport& directory : out.image().codedirectories)
            for (std::size_t i = 0; i < after.images[0].directories.size(); ++i) {
                if (after.images[0].directories[i].slot != directory.slot) continue;
                CHECK(directory.cdhash_before == before.images[0].directories[i].cdhash);
                CHECK(directory.cdhash_after == after.images[0].directories[i].cdhash);
            }
    }
}

}  // namespace reseal::corner_shapes_test
