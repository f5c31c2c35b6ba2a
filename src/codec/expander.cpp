// SPDX-License-Identifier: BSL-1.0
#include "codec/expander.hpp"

#include <algorithm>
#include <reseal/error.hpp>
#include <utility>

namespace reseal::codec {
namespace {

constexpr std::size_t buffer_size = std::size_t{256} * 1024;
constexpr std::uint64_t xz_padding = 4;  // its padding comes in multiples of this

/// What may follow a member: a tape's zeros, xz's own padding. To zstd's own tool zeros are an error.
bool has_padding(Compression compression) { return compression != Compression::zstd; }

}  // namespace

Expander::Expander(Compression compression, std::string name) : compression_(compression), name_(std::move(name)) {
    if (compression_ == Compression::none) return;
    member_ = make_decoder(compression_);
    buffer_.reset(new char[buffer_size]);
}

std::string_view Expander::next(std::string_view& bytes) {
    if (compression_ == Compression::none) return std::exchange(bytes, {});
    for (;;) {
        if (!member_) {
            skip_padding(bytes);
            if (bytes.empty()) return {};
            begin_member();
        }
        keep_head(bytes);
        const Progress progress = step(bytes);
        bytes.remove_prefix(progress.taken);
        offset_ += progress.taken;
        made_ += progress.made;
        if (progress.ended) {
            member_.reset();
            further_ = true;
            padding_ = 0;
        }
        if (progress.made > 0) return {buffer_.get(), progress.made};  // a fault may wait for what stands before it
        if (progress.ended) continue;
        if (bytes.empty()) return {};
        if (progress.taken == 0) fail("is corrupt: nothing comes of it", {});
    }
}

void Expander::begin_member() {
    if (compression_ == Compression::xz && padding_ % xz_padding != 0)
        fail("has padding that is no multiple of 4 bytes", offset_);
    member_ = make_decoder(compression_);
    member_at_ = offset_;
    head_.clear();
}

Progress Expander::step(std::string_view bytes) {
    try {
        return member_->run(bytes, {buffer_.get(), buffer_size}, false);
    } catch (const Unsupported& failure) {
        fail(failure.what(), {});
    } catch (const Failure& failure) {
        if (further_ && detect(head_) != compression_) fail("is followed by something else", member_at_);
        fail("is corrupt behind " + std::to_string(made_) + " unpacked bytes: " + failure.what(), {});
    }
}

/// Not fewer of the first bytes than the codec has seen, or as many as it takes to detect a format.
void Expander::keep_head(std::string_view bytes) {
    if (!further_ || head_.size() >= detect_bytes) return;
    const std::size_t known = head_.size() - static_cast<std::size_t>(offset_ - member_at_);
    head_.append(bytes.substr(std::min(known, bytes.size()), detect_bytes - head_.size()));
}

void Expander::skip_padding(std::string_view& bytes) {
    if (!has_padding(compression_)) return;
    const std::size_t zeros = std::min(bytes.find_first_not_of('\0'), bytes.size());
    bytes.remove_prefix(zeros);
    padding_ += zeros;
    offset_ += zeros;
}

void Expander::finish() {
    if (member_) fail("is cut short", offset_);
    if (compression_ == Compression::xz && padding_ % xz_padding != 0) fail("is cut short in its padding", offset_);
}

void Expander::fail(const std::string& what, std::optional<std::uint64_t> offset) const {
    throw Error(ErrorCode::malformed, "the " + std::string(codec::name(compression_)) + " stream " + what, name_, offset);
}

}  // namespace reseal::codec
