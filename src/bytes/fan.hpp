// SPDX-License-Identifier: BSL-1.0
#pragma once
// Any number of sinks as one.
#include <reseal/sink.hpp>
#include <string_view>
#include <vector>

namespace reseal::bytes {

/// It holds pointers: whoever adds a sink keeps it.
class Fan final : public Sink {
public:
    void add(Sink& sink) { sinks_.push_back(&sink); }
    void write(std::string_view bytes) override {
        for (Sink* sink : sinks_) sink->write(bytes);
    }

private:
    std::vector<Sink*> sinks_;
};

}  // namespace reseal::bytes
