// SPDX-License-Identifier: BSL-1.0
#pragma once
// Any bytes in, one compressed stream out: the same for the same bytes, however they were cut.
#include <memory>
#include <reseal/sink.hpp>
#include <string_view>

#include "codec/codec.hpp"

namespace reseal::codec {

class Compressor final : public Sink {
public:
    /// `next` must outlive it. Until choose() the bytes pass as they are.
    explicit Compressor(Sink& next) : next_(next) {}

    /// Before the first write().
    void choose(const Choice& choice);
    void write(std::string_view bytes) override;
    /// The stream ends here: its trailer goes out.
    void finish();

private:
    void run(std::string_view bytes, bool last);

    Sink& next_;
    std::unique_ptr<Codec> codec_;
    std::unique_ptr<char[]> buffer_;
};

}  // namespace reseal::codec
