// SPDX-License-Identifier: BSL-1.0
#pragma once
// What a compressed stream stands for; one that is not compressed stands for itself.
#include <optional>
#include <string>

#include "codec/expander.hpp"
#include "package/limits.hpp"
#include "package/stream.hpp"

namespace reseal::package {

class Expanded final : public Stream {
public:
    /// `packed` and `meter`, which counts what comes out, must outlive it. `name` names it in errors.
    Expanded(Stream& packed, Meter& meter, std::string name) : packed_(packed), meter_(meter), name_(std::move(name)) {}

    /// Throws Error (ErrorCode::malformed), for a stream that is cut short too.
    std::string_view read() override;
    /// Whether it is compressed; known once something was read.
    bool compressed() const { return compression_ != codec::Compression::none; }

private:
    std::string_view begin();

    Stream& packed_;
    Meter& meter_;
    std::string name_;
    codec::Compression compression_ = codec::Compression::none;
    std::optional<codec::Expander> expander_;
    std::string head_;
    std::string_view bytes_;  // what the expander has not taken
    bool ended_ = false;
};

}  // namespace reseal::package
