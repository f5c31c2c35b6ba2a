// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <string>
#include <string_view>

namespace reseal {

/// Where bytes go. One verb, and it is total: write() takes every byte or throws.
class Sink {
public:
    virtual ~Sink() = default;
    virtual void write(std::string_view bytes) = 0;
};

/// A sink that keeps what it gets.
class StringSink final : public Sink {
public:
    void write(std::string_view more) override { bytes.append(more); }
    std::string bytes;
};

}  // namespace reseal
