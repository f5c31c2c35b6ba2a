// SPDX-License-Identifier: BSL-1.0
#pragma once
// Hashes and counts what is written to it.
#include <cstdint>
#include <reseal/sink.hpp>
#include <reseal/store.hpp>
#include <string_view>

#include "digest/digest.hpp"

namespace reseal::store {

class HashSink final : public Sink {
public:
    explicit HashSink(HashType type) : type_(type), hasher_(type) {}

    void write(std::string_view bytes) override {
        size_ += bytes.size();
        hasher_.update(bytes);
    }
    /// So many bytes have come.
    std::uint64_t size() const { return size_; }
    /// Their hash; afterwards the sink is done with. A copy goes on by itself.
    Hash finish() { return {type_, std::string(hasher_.finish().bytes())}; }

private:
    HashType type_;
    digest::Hasher hasher_;
    std::uint64_t size_ = 0;
};

}  // namespace reseal::store
