// SPDX-License-Identifier: BSL-1.0
#include "fs/spooled_file.hpp"

#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>
#include <reseal/error.hpp>
#include <string>

#include "fs/folder.hpp"
#include "support/octets.hpp"

namespace reseal::spooled_file_test {
using fs::SpooledFile;

namespace {

std::string part(const Source& source, std::uint64_t offset, std::size_t count) {
    std::string out(count, '?');
    out.resize(source.read_at(offset, out.data(), count));
    return out;
}

/// Where temporary files go, for as long as it lives.
struct Temporaries {
    support::Folder folder;
    std::string before = std::getenv("TMPDIR") != nullptr ? std::getenv("TMPDIR") : "";
    explicit Temporaries(const std::string& below = "") { ::setenv("TMPDIR", (folder.path() + below).c_str(), 1); }
    ~Temporaries() {
        if (before.empty()) ::unsetenv("TMPDIR");
        else ::setenv("TMPDIR", before.c_str(), 1);
    }
};

constexpr std::size_t most = SpooledFile::most_in_memory;

}  // namespace

TEST_CASE("a stream is read at any offset, whether it stayed in memory or not") {
    Temporaries temporaries;
    const std::string bytes = ::support::noise(most + 100'000, 1);
    for (std::size_t size : {std::size_t{0}, std::size_t{1}, most - 1, most, most + 1, bytes.size()})
        for (std::size_t chunk : {std::size_t{65521}, std::size_t{1} << 23}) {
            CAPTURE(size);
            CAPTURE(chunk);
            SpooledFile file;
            for (std::size_t at = 0; at < size; at += chunk)
                file.write(std::string_view(bytes).substr(at, std::min(chunk, size - at)));
            CHECK(file.size() == size);
            CHECK(file.held() == (size <= most ? size : 0));
            CHECK(part(file, 0, size + 10) == bytes.substr(0, size));
            CHECK(part(file, size / 2, 1000) == bytes.substr(size / 2, std::min<std::size_t>(1000, size - size / 2)));
            CHECK(part(file, size, 1).empty());
            CHECK(part(file, ~std::uint64_t{0}, 1).empty());
            CHECK(std::filesystem::is_empty(temporaries.folder.path()));  // it has no name
        }
}

TEST_CASE("nowhere to put what is too much for memory") {
    Temporaries temporaries("/missing");
    SpooledFile file;
    file.write(std::string(most, 'x'));
    CHECK_THROWS_AS(file.write("x"), reseal::Error);
}

TEST_CASE("a regular file is not copied") {
    support::Folder folder;
    fs::InputFile in(folder.write("x", "0123456789"));
    const std::unique_ptr<Source> source = fs::spooled(in, 4);
    folder.write("x", "abcdefghij");
    CHECK(source->size() == 10);
    CHECK(part(*source, 0, 10) == "abcdefghij");
}

TEST_CASE("of an endless stream more is kept than was asked for") {
    fs::InputFile zeros("/dev/zero");
    CHECK(fs::spooled(zeros, 1000)->size() == 1000);
    CHECK(fs::spooled(zeros, SpooledFile::most_in_memory + 1)->size() == SpooledFile::most_in_memory + 1);
    fs::InputFile nothing("/dev/null");
    CHECK(fs::spooled(nothing, 1000)->size() == 0);
}

}  // namespace reseal::spooled_file_test
