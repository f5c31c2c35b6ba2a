// SPDX-License-Identifier: BSL-1.0
#include "relocate/binary_pass.hpp"

#include <utility>

namespace reseal::relocate {
namespace {

Options rewrite_options(const FileOptions& options) {
    Options out;
    out.format = Format::plain;
    out.cms = options.cms;
    out.stale = options.stale;
    out.name = options.name;
    out.hint = options.hint;
    return out;
}

}  // namespace

BinaryPass::BinaryPass(const PrefixIndex& index, const std::vector<PrefixField>& fields, const FileOptions& options, Sink* out,
                       PlacedEdits linkage)
    : options_(rewrite_options(options)),
      filler_(index, fields),
      linkage_(std::move(linkage)),
      placer_(linkage_.list()),
      file_(options.name, options_, linkage_.empty() ? rewrite::CommandPlaces::fixed : rewrite::CommandPlaces::may_move),
      out_(out) {
    if (out != nullptr && options.digest_after) after_.emplace(HashType::sha256);
}

void BinaryPass::write(std::string_view bytes) {
    size_ += bytes.size();
    filler_.feed(bytes);
    drain();
}

void BinaryPass::finish() {
    filler_.end();
    drain();
    emit(file_.end());
}

void BinaryPass::drain() {
    for (match::Piece piece; filler_.next(piece);) {
        while (!piece.bytes.empty()) {
            const match::Piece part = placer_.take(piece);
            for (; edits_ < filler_.replaced() + placer_.begun(); ++edits_) file_.edit();
            pass_on(part);
            piece = piece.part(part.bytes.size(), piece.bytes.size() - part.bytes.size());
        }
    }
}

void BinaryPass::pass_on(match::Piece piece) {
    changed_ = changed_ || piece.changed();
    while (!piece.bytes.empty()) {
        const rewrite::Step step = file_.take(piece);
        emit(step.out);
        piece = piece.part(step.taken, piece.bytes.size() - step.taken);
    }
}

void BinaryPass::emit(std::string_view bytes) {
    refused_ = refused_ || file_.refused();
    if (bytes.empty() || refused_ || out_ == nullptr) return;
    if (after_) after_->update(bytes);
    out_->write(bytes);
}

FileRelocation BinaryPass::result() {
    FileRelocation result;
    result.mode = FileMode::binary;
    result.size_before = result.size_after = size_;
    result.changed = changed_;
    result.refused = refused_ || file_.refused();
    result.entry = file_.entry();
    if (result.refused) result.entry.status = EntryStatus::refused;
    if (!changed_) result.entry.images.clear();  // nobody looked into them
    result.findings = file_.findings();
    if (after_ && !result.refused) result.sha256_after = after_->finish().bytes();
    return result;
}

}  // namespace reseal::relocate
