// SPDX-License-Identifier: BSL-1.0
#pragma once
// Bytes of a compressed stream in, what they stand for out. All members of the stream are read; one that is cut short or
// corrupt, and anything behind the last that is no padding, is an error.
#include <cstdint>
#include <memory>
#include <optional>
#include <reseal/sink.hpp>
#include <string>
#include <string_view>

#include "codec/codec.hpp"

namespace reseal::codec {

class Decompressor final : public Sink {
public:
    /// `next` must outlive it. `name` names the stream in errors. With none the bytes pass as they are.
    Decompressor(Compression compression, Sink& next, std::string name);

    /// Throws Error (ErrorCode::malformed); what `next` throws passes through. Where a stream is cut short or goes on with
    /// something else, the error has the offset in it. Of what is corrupt it says how much was unpacked, which is all that does
    /// not depend on how the stream was cut; that has gone to `next` by then.
    void write(std::string_view bytes) override;
    /// The stream ends here.
    void finish();

private:
    void decode(std::string_view& bytes);
    Progress step(std::string_view bytes);
    void skip_padding(std::string_view& bytes);
    void keep_head(std::string_view bytes);
    [[noreturn]] void fail(const std::string& what, std::optional<std::uint64_t> offset) const;

    Compression compression_;
    Sink& next_;
    std::string name_;
    std::unique_ptr<Codec> member_;  // none between two
    bool further_ = false;           // whether a member has been read before
    std::string head_;               // the first bytes of a further one
    std::uint64_t padding_ = 0;      // bytes of it since the last one
    std::uint64_t offset_ = 0;       // of the compressed stream
    std::uint64_t member_at_ = 0;
    std::uint64_t made_ = 0;  // bytes unpacked
    std::unique_ptr<char[]> buffer_;
};

}  // namespace reseal::codec
