// SPDX-License-Identifier: BSL-1.0
#include "package/limits.hpp"

#include <algorithm>
#include <reseal/error.hpp>

namespace reseal::package {
namespace {

/// Before this nothing is said of a ratio: headers alone are mostly zeros.
constexpr std::uint64_t ratio_free = std::uint64_t{1} << 20;

/// What names, times and owners of an entry take, and of any archive its end, on top of --max-bytes.
constexpr std::uint64_t framing_of_entry = 4096, framing_free = std::uint64_t{64} << 20;

[[noreturn]] void stop(std::string what, std::uint64_t limit, const char* option, const std::string& where) {
    what.append(" than ").append(std::to_string(limit)).append(" (").append(option).append(")");
    throw Error(ErrorCode::malformed, what, where);
}

}  // namespace

void Meter::unpacked(std::uint64_t bytes, const std::string& where) {
    unpacked_ += std::min(bytes, UINT64_MAX - unpacked_);
    if (unpacked_ > ratio_free && unpacked_ / std::max<std::uint64_t>(packed_, 1) >= limits_.max_ratio)
        stop("more bytes come of each byte of the archive", limits_.max_ratio, "--max-ratio", where);
    bound_framing(unpacked_ - std::min(contents_, unpacked_), where);
}

void Meter::streamed(std::uint64_t bytes, const std::string& where) {
    packed(bytes);
    bound_framing(packed_ - std::min(packed_, unpacked_), where);
}

void Meter::bound_framing(std::uint64_t bytes, const std::string& where) const {
    const std::uint64_t free = framing_free + std::min(entries_, UINT64_MAX / framing_of_entry / 2) * framing_of_entry;
    if (bytes > free && bytes - free > limits_.max_bytes)
        stop("beside the contents of its files it is more bytes", limits_.max_bytes, "--max-bytes", where);
}

void Meter::contents(std::uint64_t bytes, const std::string& where) {
    announce(bytes, where);
    contents_ += bytes;
}

void Meter::announce(std::uint64_t bytes, const std::string& where) const {
    if (bytes > limits_.max_bytes - contents_) stop("with this file it is more bytes", limits_.max_bytes, "--max-bytes", where);
}

void Meter::entry(const std::string& where) {
    if (entries_ == limits_.max_entries) stop("there are more entries", limits_.max_entries, "--max-entries", where);
    ++entries_;
}

}  // namespace reseal::package
