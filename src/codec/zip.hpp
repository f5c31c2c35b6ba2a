// SPDX-License-Identifier: BSL-1.0
#pragma once
// A zip file read from its first byte to its last, as it comes out of a pipe: the headers in front of the members say where
// those are, the directory at the end is not needed (PKWARE APPNOTE 6.3.9, 4.3). Push parser: feed(), next() until it returns
// false, at last end().
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "codec/codec.hpp"

namespace reseal::codec {

/// So many bytes tell a zip file; one without a member is none.
constexpr std::string_view zip_magic{"PK\3\4", 4};

class Zip {
public:
    /// A part of what a member expands to.
    struct Piece {
        std::string_view bytes;  ///< holds until the next call
        bool first = false, last = false;
        std::string_view unread;  ///< with `last`: why there is no more of it. The end of a sentence
        bool by_us = false;       ///< with `unread`: others might read it
    };

    void feed(std::string_view chunk) { chunk_ = chunk; }
    bool next(Piece& piece);
    void end();

    /// Of the member that the last piece belongs to.
    const std::string& name() const { return name_; }
    /// Whether its bytes stand in the zip file as they are.
    bool stored() const { return method_ == 0; }
    /// Why the rest of the file cannot be read: the end of a sentence.
    const std::optional<std::string>& malformed() const { return malformed_; }

private:
    enum class Expect { header, fields, data, descriptor, nothing };

    bool gather(std::size_t count);
    std::string_view available() const;
    void consume(std::size_t count);
    bool begin_member();
    bool read_size(std::string_view extra, bool behind_expanded);
    void choose_decoder();
    bool data(Piece& piece);
    bool skip(Piece& piece);
    bool stop(Piece& piece, std::string why, bool by_us);
    void member_done();
    bool descriptor();
    void fail(std::string what);

    std::string_view chunk_;  // what is left of it
    std::string pending_;     // bytes in front of it that had to wait
    std::size_t pending_at_ = 0;
    Expect expect_ = Expect::header;
    std::string name_, why_;
    bool first_ = false;  // the member has not been handed out yet
    bool told_ = false;   // its last piece has
    bool sized_ = false;  // how long it is stands in front of it, and not behind
    std::uint16_t flags_ = 0, method_ = 0;
    std::uint64_t left_ = 0;              // compressed bytes to come, where that is known
    std::uint64_t taken_ = 0, made_ = 0;  // of the member: compressed bytes read, bytes they stand for
    std::unique_ptr<Codec> decoder_;
    std::unique_ptr<char[]> buffer_;
    std::optional<std::string> malformed_;
};

}  // namespace reseal::codec
