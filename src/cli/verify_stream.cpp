// SPDX-License-Identifier: BSL-1.0
#include "cli/verify_stream.hpp"

#include <algorithm>
#include <reseal/error.hpp>
#include <utility>

#include "macho/fat.hpp"
#include "macho/header.hpp"

namespace reseal::cli {
namespace {

constexpr std::size_t magic_size = 4;

}  // namespace

VerifyStream::VerifyStream(fs::InputFile& in)
    : in_(in),
      head_(in.read_at_least(codec::detect_bytes)),
      compression_(codec::detect(head_)),
      expander_(compression_, in.name()),
      demux_(Format::automatic, in.name()),
      chunk_(head_) {}

std::optional<StreamedFile> VerifyStream::next() {
    container::Run run;
    do {
        while (demux_.next(run))
            if (run.kind == container::RunKind::contents)
                if (std::optional<StreamedFile> file = take(run)) return file;
        if (const container::Malformed* malformed = demux_.malformed())
            throw Error(ErrorCode::malformed, malformed->what,
                        in_.name() + (malformed->entry.empty() ? "" : ":" + malformed->entry), malformed->offset);
    } while (feed());
    return {};
}

bool VerifyStream::feed() {
    if (ended_ || nothing_to_come()) return false;
    std::string_view bytes = expander_.next(chunk_);
    while (bytes.empty()) {
        chunk_ = in_.read();
        if (chunk_.empty()) {
            expander_.finish();
            demux_.end();
            ended_ = true;
            return true;
        }
        bytes = expander_.next(chunk_);
    }
    demux_.feed(bytes);
    return true;
}

/// One file that is not of the kind: the rest of it, which may be very long, says nothing more. What is compressed is read to
/// its end, to see whether it is whole.
bool VerifyStream::nothing_to_come() const {
    return compression_ == codec::Compression::none && decided_ && !file_ && demux_.format() == Format::plain;
}

/// The file that ends with this run, if it is of the kind.
std::optional<StreamedFile> VerifyStream::take(const container::Run& run) {
    if (run.first) {
        first_bytes_.clear();
        file_.reset();
        decided_ = false;
    }
    std::string_view bytes = run.bytes;
    if (!decided_) {
        const std::string_view more = bytes.substr(0, magic_size - first_bytes_.size());
        first_bytes_ += more;
        bytes.remove_prefix(more.size());
        if (first_bytes_.size() == magic_size) decide();
    }
    if (file_ && file_->unreadable.empty()) keep(bytes);
    return run.last ? std::exchange(file_, std::nullopt) : std::nullopt;
}

void VerifyStream::decide() {
    decided_ = true;
    if (!macho::is_thin(first_bytes_) && !macho::is_fat(first_bytes_)) return;
    file_.emplace();
    if (demux_.format() != Format::plain) file_->entry = demux_.parser().path();
    file_->unreadable = demux_.parser().uneditable();
    file_->contents = std::make_unique<fs::SpooledFile>();
    limit_ = {};
    file_->contents->write(first_bytes_);
}

void VerifyStream::keep(std::string_view bytes) {
    file_->contents->write(bytes);
    if (!file_->entry && limit_.exceeded(*file_->contents)) refuse_stream(in_.name());  // an archive says how long each is
}

}  // namespace reseal::cli
