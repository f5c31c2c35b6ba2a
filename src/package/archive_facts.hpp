// SPDX-License-Identifier: BSL-1.0
#pragma once
// By what package managers know an archive again. Found out by another reading: its parts are not unpacked in their order, nor
// all of them.
#include <atomic>
#include <cstdint>
#include <functional>
#include <future>
#include <optional>
#include <string>

namespace reseal::package {

struct ArchiveFacts {
    std::uint64_t size = 0;
    std::string sha256;              ///< 32 bytes
    std::optional<std::string> md5;  ///< 16 bytes; none where nothing computes it
};

/// `archive`: as name_of_input() has it. None for what is no regular file. Throws Error, or Stopped when `stop` said so.
std::optional<ArchiveFacts> find_facts(const std::string& archive, const std::function<bool()>& stop);

/// The same by a thread of its own, beside the unpacking: MD5 goes no faster than decompression.
class FactsBeside {
public:
    FactsBeside(const std::string& archive, const std::function<bool()>& stop);
    FactsBeside(const FactsBeside&) = delete;
    FactsBeside& operator=(const FactsBeside&) = delete;
    /// Nobody wants them any more.
    ~FactsBeside() { given_up_ = true; }

    /// As find_facts(). Only once.
    std::optional<ArchiveFacts> get() { return facts_.get(); }

private:
    std::atomic<bool> given_up_ = false;
    std::future<std::optional<ArchiveFacts>> facts_;  // goes first, and waits for its thread
};

}  // namespace reseal::package
