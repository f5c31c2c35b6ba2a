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

}  // namespace reseal::spooled_file_test
