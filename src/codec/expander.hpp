// SPDX-License-Identifier: BSL-1.0
#pragma once
// Bytes of a compressed stream in, what they stand for out, a buffer at a time for whoever asks. All members of the stream are
// read; one that is cut short or corrupt, and anything behind the last that is no padding, is an error.
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "codec/codec.hpp"

namespace reseal::codec {

class Expander {
public:
    /// `name` names the stream in errors. With none the bytes pass as they are.
    Expander(Compression compression, std::string name);

    /// The next bytes unpacked, which hold until the next call; takes what it needs from the front of `bytes`. Empty: all of
    /// `bytes` is taken, and nothing comes before there are more. Throws Error (ErrorCode::malformed): where a stream is cut
    /// short or goes on with something else, the error has the offset in it; of what is corrupt it says how much was unpacked,
    /// which is all that does not depend on how the stream was cut; that has been handed out by then.
    std::string_view next(std::string_view& bytes);
    /// The stream ends here.
    void finish();

private:
    void begin_member();
    Progress step(std::string_view bytes);
    void skip_padding(std::string_view& bytes);
    void keep_head(std::string_view bytes);
    [[noreturn]] void fail(const std::string& what, std::optional<std::uint64_t> offset) const;

    Compression compression_;
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
