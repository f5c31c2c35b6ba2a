// SPDX-License-Identifier: BSL-1.0
#pragma once
// A compressed stream as a sink: what the bytes stand for goes on to the next one.
#include <reseal/sink.hpp>
#include <string>
#include <string_view>

#include "codec/expander.hpp"

namespace reseal::codec {

class Decompressor final : public Sink {
public:
    /// `next` must outlive it. The rest as for Expander.
    Decompressor(Compression compression, Sink& next, std::string name)
        : expander_(compression, std::move(name)), next_(next) {}

    /// Throws as Expander does; what `next` throws passes through.
    void write(std::string_view bytes) override;
    /// The stream ends here.
    void finish() { expander_.finish(); }

private:
    Expander expander_;
    Sink& next_;
};

}  // namespace reseal::codec
