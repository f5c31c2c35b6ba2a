// SPDX-License-Identifier: BSL-1.0
#include "codec/zip.hpp"

#include <algorithm>
#include <utility>

#include "bytes/reader.hpp"
#include "codec/formats.hpp"

namespace reseal::codec {
namespace {

using bytes::Order;
using bytes::Reader;

constexpr std::size_t buffer_size = std::size_t{64} * 1024;
constexpr std::size_t signature_size = 4, header_size = 30, longest_descriptor = 24;
constexpr std::uint16_t encrypted = 1, sizes_behind = 1 << 3;
constexpr std::uint32_t in_extra = 0xffffffff;  // a size that stands in the zip64 extra field
constexpr std::uint16_t zip64_field = 1;

enum Method : std::uint16_t { stored_method = 0, deflate_method = 8, bzip2_method = 12, zstd_method = 93, xz_method = 95 };

/// What begins the directory and what may stand between it and the members (4.3.11, 4.3.12, 4.3.14, 4.3.16).
bool ends_members(std::string_view signature) {
    for (const std::string_view each : {"PK\6\x08", "PK\1\2", "PK\6\6", "PK\5\6"})
        if (signature == each) return true;
    return false;
}

std::unique_ptr<Codec> decoder_of(std::uint16_t method) {
    switch (method) {
        case deflate_method: return deflate_decoder();
        case bzip2_method: return bzip2_decoder();
        case zstd_method: return zstd_decoder();
        case xz_method: return xz_decoder();
        default: return nullptr;
    }
}

}  // namespace

/// Whether `count` bytes are there to be looked at in one piece.
bool Zip::gather(std::size_t count) {
    if (pending_at_ == pending_.size()) {
        pending_.clear();
        pending_at_ = 0;
    }
    const std::size_t held = pending_.size() - pending_at_;
    if (held < count) {
        const std::size_t more = std::min(count - held, chunk_.size());
        pending_.append(chunk_.substr(0, more));
        chunk_.remove_prefix(more);
    }
    return pending_.size() - pending_at_ >= count;
}

std::string_view Zip::available() const {
    return pending_at_ < pending_.size() ? std::string_view(pending_).substr(pending_at_) : chunk_;
}

void Zip::consume(std::size_t count) {
    if (pending_at_ < pending_.size()) pending_at_ += count;
    else chunk_.remove_prefix(count);
}

void Zip::fail(std::string what) {
    malformed_ = std::move(what);
    expect_ = Expect::nothing;
}

bool Zip::next(Piece& piece) {
    piece = {};
    for (;;) {
        switch (expect_) {
            case Expect::header: {
                if (!gather(signature_size)) return false;
                const std::string_view signature = available().substr(0, signature_size);
                if (ends_members(signature)) expect_ = Expect::nothing;
                else if (signature == zip_magic) expect_ = Expect::fields;
                else fail("is corrupt: what follows a member is neither another nor the directory");
                break;
            }
            case Expect::fields:
                if (!begin_member()) return false;
                break;
            case Expect::data: return data(piece);
            case Expect::descriptor:
                if (!descriptor()) return false;
                break;
            case Expect::nothing: return false;
        }
    }
}

void Zip::end() {
    if (expect_ != Expect::nothing) fail("is cut short");
}

/// False without all of the header.
bool Zip::begin_member() {
    if (!gather(header_size)) return false;
    Reader fixed(available().substr(0, header_size), Order::little);
    fixed.skip(signature_size + 2);
    const std::uint16_t flags = fixed.u16(), method = fixed.u16();
    fixed.skip(8);  // time, date, checksum
    const std::uint32_t compressed = fixed.u32(), expanded = fixed.u32();
    const std::size_t name = fixed.u16(), extra = fixed.u16();  // at most 65535 each
    if (!gather(header_size + name + extra)) return false;

    flags_ = flags;
    method_ = method;
    name_ = available().substr(header_size, name);
    left_ = compressed;
    sized_ = (flags_ & sizes_behind) == 0;
    const bool expanded_in_extra = expanded == in_extra;
    const bool fits =
        !sized_ || left_ != in_extra || read_size(available().substr(header_size + name, extra), expanded_in_extra);
    consume(header_size + name + extra);
    if (!fits) {
        fail("is corrupt: member '" + name_ + "' does not say how long it is");
        return true;
    }
    taken_ = made_ = 0;
    first_ = true;
    told_ = false;
    why_.clear();
    choose_decoder();
    expect_ = Expect::data;
    return true;
}

/// The compressed size where it is too large for the header. False where it should be and is not.
bool Zip::read_size(std::string_view extra, bool behind_expanded) {
    Reader fields(extra, Order::little);
    while (fields.left() >= 4) {
        const std::uint16_t kind = fields.u16(), size = fields.u16();
        Reader sizes(fields.take(size), Order::little);
        if (kind != zip64_field) continue;
        if (behind_expanded) sizes.skip(8);
        left_ = sizes.u64();
        return sizes.ok();
    }
    return false;
}

void Zip::choose_decoder() {
    decoder_ = (flags_ & encrypted) != 0 ? nullptr : decoder_of(method_);
    if (decoder_ && !buffer_) buffer_.reset(new char[buffer_size]);
    if ((flags_ & encrypted) != 0) why_ = "is encrypted";
    else if (!decoder_ && method_ != stored_method) why_ = "is compressed by method " + std::to_string(method_);
    else if (!decoder_ && !sized_) why_ = "does not say how long it is";
}

/// Says once that no more of the member can be read; what follows it can where its size is known.
bool Zip::stop(Piece& piece, std::string why, bool by_us) {
    why_ = std::move(why);
    piece.first = std::exchange(first_, false);
    piece.last = told_ = true;
    piece.unread = why_;
    piece.by_us = by_us;
    decoder_.reset();
    if (!sized_) fail("cannot be read behind member '" + name_ + "'");
    return true;
}

bool Zip::skip(Piece& piece) {
    while (left_ > 0 && !available().empty()) {
        const auto count = static_cast<std::size_t>(std::min<std::uint64_t>(left_, available().size()));
        consume(count);
        left_ -= count;
    }
    if (left_ > 0) return false;
    member_done();
    return next(piece);
}

bool Zip::data(Piece& piece) {
    if (told_) return skip(piece);
    if (!why_.empty()) return stop(piece, why_, (flags_ & encrypted) == 0);

    std::string_view in = available();
    if (sized_) in = in.substr(0, static_cast<std::size_t>(std::min<std::uint64_t>(left_, in.size())));
    Progress progress;
    if (decoder_) {
        try {
            progress = decoder_->run(in, {buffer_.get(), buffer_size}, false);
        } catch (const Failure& failure) {
            return stop(piece, "is corrupt: " + std::string(failure.what()), false);
        }
        piece.bytes = {buffer_.get(), progress.made};
    } else {
        progress = {in.size(), in.size(), in.size() == left_};
        piece.bytes = in;
    }
    consume(progress.taken);
    if (sized_) left_ -= progress.taken;
    taken_ += progress.taken;
    made_ += progress.made;
    if (progress.taken == 0 && progress.made == 0 && !progress.ended) {
        if (sized_ && left_ == 0) return stop(piece, "is cut short", false);
        if (!in.empty()) return stop(piece, "is corrupt: nothing comes of it", false);
        if (pending_at_ == pending_.size() && chunk_.empty()) return false;
        return data(piece);  // what waited is used up, the chunk is not
    }
    piece.first = std::exchange(first_, false);
    piece.last = told_ = progress.ended;
    if (progress.ended && !sized_) member_done();
    return true;
}

void Zip::member_done() {
    decoder_.reset();
    expect_ = (flags_ & sizes_behind) != 0 ? Expect::descriptor : Expect::header;
}

/// Checksum and sizes behind a member, with or without a signature, of 32 or 64 bits: the one that fits what was read. False
/// without as many bytes as it may have; a file that goes on properly has them.
bool Zip::descriptor() {
    if (!gather(longest_descriptor)) return false;
    const std::string_view bytes = available();
    const std::size_t with_signature = bytes.starts_with("PK\7\x08") ? signature_size : 0;
    for (const std::size_t front : {with_signature, std::size_t{0}}) {
        for (const bool is_long : {true, false}) {
            Reader fields(bytes.substr(front + 4), Order::little);
            const std::uint64_t compressed = is_long ? fields.u64() : fields.u32();
            const std::uint64_t expanded = is_long ? fields.u64() : fields.u32();
            const std::uint64_t mask = is_long ? ~std::uint64_t{0} : 0xffffffff;
            if (!fields.ok() || compressed != (taken_ & mask) || expanded != (made_ & mask)) continue;
            consume(front + 4 + (is_long ? 16 : 8));
            expect_ = Expect::header;
            return true;
        }
    }
    fail("is corrupt: the sizes behind member '" + name_ + "' are not its own");
    return true;
}

}  // namespace reseal::codec
