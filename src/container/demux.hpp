// SPDX-License-Identifier: BSL-1.0
#pragma once
// A stream taken apart: finds out by its first bytes what it is, unless it is told, and then reads it with the parser for that.
#include <memory>
#include <optional>
#include <reseal/options.hpp>
#include <string>
#include <string_view>

#include "container/parser.hpp"

namespace reseal::container {

class Demux {
public:
    /// `name` is what a plain stream is called.
    Demux(Format format, std::string name);

    /// As Parser has them. The first bytes wait until it is known what they begin.
    void feed(std::string_view chunk);
    bool next(Run& run);
    void end();

    /// Why the stream is no archive of its kind, as far as is known.
    const Malformed* malformed() const { return parser_ && parser_->malformed() ? &*parser_->malformed() : nullptr; }
    /// Whether the first bytes have decided; they have once there was a run.
    bool known() const { return parser_ != nullptr; }
    /// nar, tar or plain once it is known.
    Format format() const { return format_; }
    /// Only once there was a run, or an end.
    const Parser& parser() const { return *parser_; }

private:
    void begin(Format format);

    Format format_;
    std::string name_;
    std::string head_;       // until the format is known, and until it has been read
    std::string_view rest_;  // the chunk, while the parser reads head_
    std::unique_ptr<Parser> parser_;
    bool ended_ = false;
};

}  // namespace reseal::container
