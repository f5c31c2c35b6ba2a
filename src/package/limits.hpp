// SPDX-License-Identifier: BSL-1.0
#pragma once
// What an archive may make of a disk. All archives of one unpacking count together.
#include <cstdint>
#include <string>

namespace reseal::package {

struct Limits {
    std::uint64_t max_bytes = std::uint64_t{64} << 30;  ///< that all files hold together
    std::uint64_t max_entries = 2'000'000;
    std::uint64_t max_ratio = 1000;  ///< bytes unpacked for each byte of archive read
};

/// Counts, and throws Error (ErrorCode::malformed) naming the option as soon as a limit is passed. `where`: the entry.
class Meter {
public:
    explicit Meter(Limits limits) : limits_(limits) {}

    /// Bytes of an archive that were read.
    void packed(std::uint64_t bytes) { packed_ += bytes; }
    /// Likewise, one after the other: bounded as well, for it may be that nothing comes out of them.
    void streamed(std::uint64_t bytes, const std::string& where);
    /// Bytes that came out of them, of files and of what stands between and behind, which is bounded like the files are: an
    /// archive need not end.
    void unpacked(std::uint64_t bytes, const std::string& where);
    /// Bytes of files; they count as unpacked, holes included.
    void contents(std::uint64_t bytes, const std::string& where);
    void entry(const std::string& where);
    /// Refuses a file that says it has more bytes than may come.
    void announce(std::uint64_t bytes, const std::string& where) const;

private:
    void bound_framing(std::uint64_t bytes, const std::string& where) const;

    Limits limits_;
    std::uint64_t packed_ = 0, unpacked_ = 0, contents_ = 0, entries_ = 0;
};

}  // namespace reseal::package
