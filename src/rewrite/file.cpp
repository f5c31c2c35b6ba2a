// SPDX-License-Identifier: BSL-1.0
#include "rewrite/file.hpp"

#include <algorithm>
#include <utility>

namespace reseal::rewrite {

File::File(std::string path, const Options& options, CommandPlaces places) : options_(options), places_(places) {
    entry_.path = std::move(path);
    head_open_ = options_.seal;
    if (options_.seal) open_image(0, std::nullopt);  // until the head says that it is not one image
}

void File::edit() {
    ++entry_.substitutions;
    if (options_.positions) entry_.positions.push_back(position_);
}

Step File::take(const match::Piece& piece) {
    // The head is looked at beside what happens to it anyway: a thin or plain file never waits for it.
    std::size_t room = head_open_ ? macho::fat_bytes_wanted(head_before_) - head_before_.size() : piece.bytes.size();
    Step step = take_part(piece.part(0, std::min(room, piece.bytes.size())));
    match::Piece part = piece.part(0, step.taken);
    if (head_open_) {
        held_ += step.out;
        read_head(part);
        step.out = head_open_ ? std::string_view() : held_;
    } else {
        held_ = {};
    }
    if (part.changed()) {
        if (defect_) refuse_table(*defect_);
        if (dyld_cache_)
            note_once(Code::dyld_cache, position_, "an edit lies in a dyld shared cache, whose signature is not repaired");
    }
    position_ += step.taken;
    return step;
}

Step File::take_part(const match::Piece& piece) {
    if (image_ && closed_) image_.reset();  // only now: what it gave last had to go out first
    std::uint64_t room = piece.bytes.size();
    if (fat_) {
        if (slice_ == fat_->slices.size()) return take_between(piece, room);
        const macho::Range& slice = fat_->slices[slice_].range;
        if (position_ < slice.offset) return take_between(piece, slice.offset - position_);
        if (!image_) open_image(slice.offset, slice.size);
        room = slice.end() - position_;
    }
    if (!image_) return {piece.bytes.size(), piece.bytes};  // the table of slices is broken, or nobody asked
    Step step = image_->take(piece.part(0, static_cast<std::size_t>(std::min<std::uint64_t>(room, piece.bytes.size()))));
    refused_ = refused_ || image_->refused();
    if (fat_ && step.taken == room) {
        // Holds at most a head cut short: an image that knows its size waits for no signature that would not fit.
        std::string_view held = image_->end();
        if (step.out.empty()) step.out = held;
        close_image();
        ++slice_;
    }
    return step;
}

Step File::take_between(const match::Piece& piece, std::uint64_t room) {
    match::Piece part = piece.part(0, static_cast<std::size_t>(std::min<std::uint64_t>(room, piece.bytes.size())));
    if (part.changed()) note_once(Code::outside_slices, position_, "an edit lies outside the slices of a universal file");
    return {part.bytes.size(), part.bytes};
}

std::string_view File::end() {
    if (!head_open_) held_ = {};
    if (image_ && !closed_) {
        held_ += image_->end();
        close_image();
    }
    if (downgraded_ && cms_signed_)
        findings_.push_back({Severity::note, entry_.path, 0, Code::adhoc_mixed,
                             "slices with a CMS and with an ad-hoc signature now stand side by side"});
    auto resealed = [](const ImageReport& image) {
        return image.status == ImageStatus::resealed || image.status == ImageStatus::downgraded ||
               image.status == ImageStatus::unbound;
    };
    if (refused_) entry_.status = EntryStatus::refused;
    else if (std::any_of(entry_.images.begin(), entry_.images.end(), resealed)) entry_.status = EntryStatus::resealed;
    return held_;
}

void File::read_head(const match::Piece& part) {
    head_before_ += part.old;
    head_after_ += part.bytes;
    if (head_before_.size() < macho::fat_bytes_wanted(head_before_) && (head_before_.size() < 8 || macho::is_fat(head_before_)))
        return;
    head_open_ = false;
    dyld_cache_ = head_before_.starts_with("dyld_v1");
    if (macho::is_fat(head_before_)) read_table();
    head_before_ = {};
    head_after_ = {};
}

void File::read_table() {
    macho::Parsed<macho::FatTable> table = macho::parse_fat(head_before_);
    if (table && table->slices.empty()) return;  // a Java class
    image_.reset();
    bool edited = head_after_ != head_before_;
    if (!table) {
        defect_ = table.defect();
        if (edited) refuse_table(*defect_);
        return;
    }
    if (edited) {
        macho::Parsed<macho::FatTable> after = macho::parse_fat(head_after_);
        if (!macho::is_fat(head_after_) || !after || *after != *table) {
            refuse_table({Code::fat_edited, 0, "an edit changes the table of slices"});
            if (!refused_) return;
        }
    }
    fat_ = std::move(*table);
    std::erase_if(fat_->slices, [](const macho::Slice& slice) { return slice.range.size == 0; });
}

void File::open_image(std::uint64_t offset, std::optional<std::uint64_t> size) {
    const auto uuid = options_.uuids.empty() ? options_.uuids.end() : options_.uuids.find({entry_.path, offset});
    image_.emplace(offset, size, options_, uuid == options_.uuids.end() ? nullptr : &uuid->second, places_);
    closed_ = false;
}

void File::close_image() {
    closed_ = true;
    refused_ = refused_ || image_->refused();
    work_ += image_->work();
    if (!image_->is_macho()) return;
    const ImageReport& report = image_->report();
    entry_.images.push_back(report);
    uuid_ = uuid_ || report.uuid;
    downgraded_ = downgraded_ || report.status == ImageStatus::downgraded;
    cms_signed_ = cms_signed_ || image_->cms_signed();
    for (const macho::Range& each : image_->erased()) erased_.push_back({report.offset + each.offset, each.size});
    for (const seal::Remark& remark : image_->remarks())
        findings_.push_back({remark.severity, entry_.path, report.offset + remark.offset, remark.code, remark.what});
}

void File::refuse(const macho::Defect& defect) {
    if (std::exchange(refused_, true)) return;
    findings_.push_back({Severity::error, entry_.path, defect.offset, defect.code, defect.what});
}

/// The slices cannot be found, so nothing in them can be sealed.
void File::refuse_table(const macho::Defect& defect) {
    if (options_.unsealable == UnsealablePolicy::refuse) return refuse(defect);
    note_once(defect.code, defect.offset, defect.what + "; the hashes of its slices were left as they were");
}

void File::note_once(Code code, std::uint64_t offset, std::string what) {
    for (const Finding& each : findings_)
        if (each.code == code) return;
    findings_.push_back({Severity::note, entry_.path, offset, code, std::move(what)});
}

}  // namespace reseal::rewrite
