// SPDX-License-Identifier: BSL-1.0
#pragma once
// A call for each chunk, as a sink.
#include <functional>
#include <reseal/sink.hpp>
#include <string_view>

namespace reseal::bytes {

class Call final : public Sink {
public:
    explicit Call(std::function<void(std::string_view)> call) : call_(std::move(call)) {}
    void write(std::string_view bytes) override { call_(bytes); }

private:
    std::function<void(std::string_view)> call_;
};

}  // namespace reseal::bytes
