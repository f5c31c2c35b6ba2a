// SPDX-License-Identifier: BSL-1.0
#include <reseal/hint.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "support/fat_builder.hpp"
#include "support/image_builder.hpp"
#include "support/octets.hpp"
#include "support/shapes.hpp"
#include "support/testdata.hpp"

namespace reseal::hint_test {
using support::build;
using support::ImageSpec;
using support::primary;

namespace {

std::vector<Hint::Image> hint(const std::string& file) { return read_hint(MemorySource(file)).images; }

support::DirectorySpec alternate(std::uint8_t hash_type, unsigned shift, std::uint32_t n = 0) {
    support::DirectorySpec directory;
    directory.slot = 0x1000 + n;
    directory.hash_type = hash_type;
    directory.page_shift = shift;
    return directory;
}

class CountingSource final : public Source {
public:
    explicit CountingSource(const std::string& bytes) : memory_(bytes) {}
    std::uint64_t size() const override { return memory_.size(); }
    std::size_t read_at(std::uint64_t offset, char* to, std::size_t count) const override {
        total += count;
        return memory_.read_at(offset, to, count);
    }
    mutable std::uint64_t total = 0;

private:
    MemorySource memory_;
};

}  // namespace

TEST_CASE("how the linker's programs are hashed") {
    const std::vector<Hint::Image> thin = hint(support::testdata("a/exe.arm64"));
    REQUIRE(thin.size() == 1);
    CHECK(thin[0].offset == 0);
    CHECK(thin[0].page_hashes == std::vector<PageHash>{{4096, HashType::sha256}});
    const std::vector<Hint::Image> fat = hint(support::testdata("a/fat"));
    REQUIRE(fat.size() == 2);
    CHECK(fat[0].offset == 4096);
    CHECK(fat[1].offset == 32768);
}

TEST_CASE("every CodeDirectory, in the index's order") {
    ImageSpec spec;
    primary(spec).hash_type = 1;
    spec.signature.directories.push_back(alternate(2, 14));
    spec.signature.directories.push_back(alternate(4, 12, 1));
    const std::vector<Hint::Image> found = hint(build(spec).bytes);
    REQUIRE(found.size() == 1);
    CHECK(found[0].page_hashes ==
          std::vector<PageHash>{{4096, HashType::sha1}, {16384, HashType::sha256}, {4096, HashType::sha384}});
}

TEST_CASE("one way of hashing once") {
    ImageSpec spec;
    spec.signature.directories.push_back(alternate(2, 12));
    CHECK(hint(build(spec).bytes).at(0).page_hashes.size() == 1);
}

TEST_CASE("every shape has a hint") {
    for (const support::Shape& shape : support::shapes()) {
        CAPTURE(shape.name);
        const std::vector<Hint::Image> found = hint(build(shape.spec).bytes);
        REQUIRE(found.size() == 1);
        for (const support::DirectorySpec& directory : shape.spec.signature.directories) {
            const PageHash wanted{1U << directory.page_shift, static_cast<HashType>(directory.hash_type)};
            CHECK(std::count(found[0].page_hashes.begin(), found[0].page_hashes.end(), wanted) == 1);
        }
    }
}

TEST_CASE("what is odd is left out") {
    CHECK(hint("").empty());
    CHECK(hint("text").empty());
    CHECK(hint(support::testdata("a/unsigned.arm64")).empty());
    CHECK(hint(support::testdata("a/half-signed")).size() == 1);
    ImageSpec spec;
    primary(spec).page_shift = 13;
    CHECK(hint(build(spec).bytes).empty());
    spec.signature.directories.push_back(alternate(1, 12));
    CHECK(hint(build(spec).bytes).at(0).page_hashes == std::vector<PageHash>{{4096, HashType::sha1}});
    spec = {};
    primary(spec).hash_type = 5;
    CHECK(hint(build(spec).bytes).empty());
    spec = {};
    spec.cryptid = 1;
    CHECK(hint(build(spec).bytes).empty());
    spec = {};
    spec.signature.pokes = {{0, "????"}};
    CHECK(hint(build(spec).bytes).empty());
    spec.signature.pokes = {{8, support::be32(0xffffffff)}};  // an index that goes on into the blobs
    CHECK(hint(build(spec).bytes).size() == 1);
    spec.signature.pokes = {{16, support::be32(0xfffffff0)}};
    CHECK(hint(build(spec).bytes).empty());
}

TEST_CASE("a file cut anywhere has a hint or none, never a crash") {
    const std::string file = support::testdata("a/exe.arm64");
    for (std::size_t size = 0; size < file.size(); size += size < 2000 ? 1 : 97) CHECK(hint(file.substr(0, size)).empty());
}

TEST_CASE("neither code nor slots are read") {
    ImageSpec spec;
    spec.code_size = 4'000'000;
    const std::string file = build(spec).bytes;
    const CountingSource source(file);
    CHECK(read_hint(source).images.size() == 1);
    CHECK(source.total < 4096);
}

}  // namespace reseal::hint_test
