// SPDX-License-Identifier: BSL-1.0
#include "rewrite/image.hpp"

#include <algorithm>

#include "macho/arch.hpp"
#include "macho/superblob.hpp"
#include "seal/sealer.hpp"

namespace reseal::rewrite {

Image::Image(std::uint64_t offset, std::optional<std::uint64_t> size, const Options& options, const std::string* uuid,
             CommandPlaces places)
    : offset_(offset), size_(size), options_(options), new_uuid_(uuid), places_(places) {
    report_.offset = offset;
}

Step Image::take(const match::Piece& piece) {
    if (part_ == Part::behind && signature_) signature_.reset();  // it has gone out
    if (part_ != Part::head) head_after_ = {};
    std::uint64_t room = piece.bytes.size();
    if (part_ == Part::head) room = head_room();
    else if (part_ == Part::code) room = header_->signature->offset - position_;
    else if (part_ == Part::signature) room = header_->signature->size - signature_->size();
    std::size_t count = static_cast<std::size_t>(std::min<std::uint64_t>(room, piece.bytes.size()));

    match::Piece part = piece.part(0, count);
    position_ += count;
    if (part_ == Part::head || part_ == Part::code)
        self_in_code_ = self_in_code_ || (part.rule != nullptr && part.rule_index == options_.self_rule);
    std::string_view out = part.bytes;
    switch (part_) {
        case Part::head:
            head_before_ += part.old;
            head_after_ += part.bytes;
            out = {};
            if (head_room() == 0) {
                read_head();
                out = head_after_;
            }
            break;
        case Part::code: add_code(part); break;
        case Part::signature:
            signature_->add(part);
            out = signature_->size() == header_->signature->size ? finish_signature() : std::string_view();
            break;
        case Part::behind:
            if (part.changed())
                note_once(Code::behind_signature, position_ - count, "an edit lies behind the signature: no hash covers it");
            break;
        case Part::unsealed: touch_unsealed(part); break;
    }
    return {count, out};
}

std::string_view Image::end() {
    std::string_view held;
    if (part_ == Part::head) held = head_after_;
    if (part_ == Part::signature) held = signature_->after();
    if (part_ == Part::code || part_ == Part::signature) {
        if (part_ == Part::code) pages_->end();
        bool edited = signature_ && signature_->edited();
        if (pages_->first_change() || edited)
            refuse({Code::truncated, position_,
                    "the stream ends before the signature does: " + std::to_string(position_) + " of " +
                        std::to_string(header_->signature->end()) + " bytes"});
        work_ = pages_->work();
    }
    return held;
}

/// How many bytes are missing until the header is whole.
std::size_t Image::head_room() const {
    std::size_t wanted = macho::header_bytes_wanted(head_before_);
    if (places_ == CommandPlaces::may_move) wanted = std::max(wanted, macho::header_bytes_wanted(head_after_));
    return wanted - head_before_.size();
}

/// Whether the header says the same before and after the edits.
bool Image::same_header() const {
    std::optional<macho::Header> after = macho::parse_header(head_after_, size_);
    if (after && places_ == CommandPlaces::may_move) {
        after->commands_end = header_->commands_end;
        if (after->uuid && header_->uuid) after->uuid->offset = header_->uuid->offset;
        if (after->defect && header_->defect) after->defect->offset = header_->defect->offset;
    }
    return header_ == after;
}

void Image::read_head() {
    header_ = macho::parse_header(head_before_, size_);
    match::Piece head{head_after_, head_before_};
    part_ = Part::unsealed;
    if (header_) {
        report_.arch = macho::arch_name(header_->cputype, header_->cpusubtype);
        if (head.changed() && !same_header())
            refuse({Code::header_edited, 0, "an edit changes what the header says of the signature"});
        else if (header_->signature && !header_->defect && put_uuid()) begin_code();
        touch_unsealed(head);
    }
    head_before_ = {};
}

/// False when it refuses the image.
bool Image::put_uuid() {
    if (!header_->uuid || (new_uuid_ == nullptr && !options_.self_rule)) return true;
    const auto at = static_cast<std::size_t>(header_->uuid->offset), size = static_cast<std::size_t>(header_->uuid->size);
    uuid_.emplace();
    uuid_->before = head_before_.substr(at, size);
    if (new_uuid_ != nullptr) {
        if (head_after_.compare(at, size, uuid_->before) != 0) {
            refuse({Code::header_edited, at, "an edit lies in the UUID, which is to be another one"});
            return false;
        }
        head_after_.replace(at, size, *new_uuid_);
        if (options_.self_rule) derived_uuid_.emplace(*header_->uuid);
    }
    uuid_->after = head_after_.substr(at, size);
    return true;
}

void Image::begin_code() {
    part_ = Part::code;
    auto known = std::find_if(options_.hint.images.begin(), options_.hint.images.end(),
                              [&](const Hint::Image& each) { return each.offset == offset_; });
    pages_.emplace(known == options_.hint.images.end() ? std::vector<PageHash>() : known->page_hashes);
    if (header_->info_plist) info_plist_.emplace(*header_->info_plist);
    add_code({head_after_, head_before_});  // the head is code too
}

void Image::add_code(const match::Piece& piece) {
    if (info_plist_) info_plist_->add(position_ - piece.bytes.size(), piece);
    if (derived_uuid_) derived_uuid_->add(position_ - piece.bytes.size(), piece.bytes);
    pages_->add(piece);
    if (position_ < header_->signature->offset) return;
    pages_->end();
    part_ = Part::signature;
    signature_.emplace(header_->signature->size);
}

std::string_view Image::finish_signature() {
    part_ = Part::behind;
    if (derived_uuid_) uuid_->derived = derived_uuid_->finish();
    if (new_uuid_ != nullptr || self_in_code_) report_.uuid = std::move(uuid_);
    if (pages_->first_change() || signature_->edited()) {
        seal::Touched touched{*header_, offset_, *pages_, info_plist_ ? &*info_plist_ : nullptr};
        const bool keep = options_.unsealable == UnsealablePolicy::keep;
        const std::string as_replaced = keep ? signature_->after() : std::string();
        seal::Sealed sealed = seal::seal(touched, *signature_, options_.cms, options_.stale);
        if (keep && seal::unsealable(sealed)) {
            signature_->after() = as_replaced;
            sealed.status = ImageStatus::unsealed;
            for (seal::Remark& each : sealed.remarks) each = seal::left(std::move(each));
        }
        report_.status = sealed.status;
        report_.codedirectories = std::move(sealed.directories);
        for (const macho::Range& each : sealed.erased) erased_.push_back({header_->signature->offset + each.offset, each.size});
        remarks_.insert(remarks_.end(), sealed.remarks.begin(), sealed.remarks.end());
    }
    if (macho::Parsed<macho::SuperBlob> super = macho::parse_superblob(signature_->after())) cms_signed_ = super->cms_signed();
    work_ = pages_->work();
    pages_.reset();
    info_plist_.reset();
    return signature_->after();
}

/// An edit in an image that has no signature, or one that cannot be resealed whatever it holds.
void Image::touch_unsealed(const match::Piece& piece) {
    if (part_ != Part::unsealed || !header_ || !piece.changed()) return;
    if (report_.status == ImageStatus::refused || report_.status == ImageStatus::unsealed) return;
    if (header_->defect) return refuse(*header_->defect);
    if (header_->must_be_signed())
        note_once(Code::unsigned_arm64, 0, "edited, for arm64, and without a signature: the system will not run it");
    report_.status = ImageStatus::unsigned_;
}

void Image::note_once(Code code, std::uint64_t offset, const char* what) {
    for (const seal::Remark& each : remarks_)
        if (each.code == code) return;
    remarks_.push_back({Severity::note, code, offset, what});
}

/// The image cannot be sealed, whatever was replaced in it.
void Image::refuse(macho::Defect defect) {
    const bool keep = options_.unsealable == UnsealablePolicy::keep;
    report_.status = keep ? ImageStatus::unsealed : ImageStatus::refused;
    report_.codedirectories.clear();
    remarks_.push_back(seal::refusal(std::move(defect)));
    if (keep) remarks_.back() = seal::left(std::move(remarks_.back()));
}

}  // namespace reseal::rewrite
