// SPDX-License-Identifier: BSL-1.0
#pragma once
// A strict checker of embedded signatures that shares no code with the library: what verify() says is tested against it, and
// what a Rewriter writes must pass it. It hashes every page of every CodeDirectory, each time.
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace support {

struct CheckedDirectory {
    std::uint32_t slot = 0;  ///< in the SuperBlob
    unsigned hash_type = 0;
    unsigned page_shift = 0;
    std::uint64_t code_slots = 0;
    std::vector<std::int64_t> bad;        ///< ascending: code slots ≥ 0, special slots < 0
    std::vector<std::int64_t> unchecked;  ///< special slots that seal something outside of the file
    std::string cdhash;                   ///< 20 bytes in hex
    bool operator==(const CheckedDirectory&) const = default;
};

struct CheckedImage {
    std::uint64_t offset = 0;  ///< of the slice in its file
    std::uint32_t cputype = 0;
    bool has_signature = false;
    std::vector<CheckedDirectory> directories;
    std::vector<std::string> problems;  ///< of the structure, a sentence each
    bool cms = false;                   ///< CMS-signed: the blob is longer than its 8 bytes of header
    bool cms_bound = false;             ///< and holds the digest of the primary CodeDirectory
    bool operator==(const CheckedImage&) const = default;

    /// Every slot right and the structure sound. An unsigned image is good; so is one whose CMS blob is unbound.
    bool good() const;
};

struct Checked {
    std::vector<CheckedImage> images;   ///< by offset; none: not Mach-O
    std::vector<std::string> problems;  ///< of the table of slices
    bool operator==(const Checked&) const = default;

    bool good() const;
    /// Good, and at least one image is signed: what a test asserts of its input before it trusts the output.
    bool good_and_signed() const;
    /// For a failing assertion.
    std::string text() const;
};

Checked check(std::string_view file);

}  // namespace support
