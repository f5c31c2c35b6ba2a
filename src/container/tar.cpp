// SPDX-License-Identifier: BSL-1.0
#include "container/tar.hpp"

#include <algorithm>
#include <utility>

namespace reseal::container {
namespace {

std::uint64_t padding_behind(std::uint64_t size) { return -size % tar_block; }

/// Types whose entries have no contents, whatever the size field says (old writers put a link's size there).
bool never_has_contents(char type) {
    return type == '1' || type == '2' || type == '3' || type == '4' || type == '5' || type == '6';
}

void repair_checksum(std::string& header, std::size_t block) {
    if (!TarHeader(std::string_view(header).substr(block, tar_block)).checksum_right())
        write_tar_checksum(header.data() + block);
}

constexpr char symbolic_link = '2', hard_link = '1', gnu_sparse = 'S', gnu_directory = 'D', gnu_continued = 'M';

}  // namespace

bool Tar::begins(std::string_view block) {
    TarHeader header(block);
    return header.has_magic() ? header.has_checksum() : header.checksum_right() && !header.zeros();
}

bool Tar::next(Run& run) {
    if (std::exchange(held_out_, false)) {
        held_.clear();
        block_ = 0;
    }
    while (!malformed_) {
        switch (part_) {
            case Part::behind:
                if (chunk_.empty()) return cut_off(run);
                run = {RunKind::behind, std::exchange(chunk_, {})};
                return true;
            case Part::contents: return take_contents(run);
            case Part::padding: {
                if (chunk_.empty()) return false;
                std::size_t count = std::min(padding_, chunk_.size());
                run = {RunKind::framing, chunk_.substr(0, count)};
                chunk_.remove_prefix(count);
                offset_ += count;
                padding_ -= count;
                if (padding_ == 0) part_ = Part::block;
                return true;
            }
            case Part::extension:
                if (!collect(wanted_)) return false;
                if (!take_extension() && behind(run)) return true;
                if (!malformed_ && extension_ == 'g' && alone_) return hand_out(run, RunKind::framing);
                continue;
            case Part::block:
                if (!collect(block_ + tar_block)) return cut_off(run);
                if (take_block(run) || behind(run)) return true;
                continue;
        }
    }
    return false;
}

void Tar::end() {
    if (malformed_) return;
    const bool in_header = part_ != Part::contents && part_ != Part::padding;
    if (seen_end_ && !in_header) {  // the contents end here; if it was an archive's entry, of an older one
        left_ = padding_ = 0;
        if (part_ == Part::padding) part_ = Part::block;
        cut_behind_ = true;
        return;
    }
    if (part_ == Part::behind || seen_end_) {
        // Less than a header behind the end: not ours to judge.
        cut_behind_ = part_ == Part::block && held_.empty() && zero_blocks_ < 2;
        part_ = Part::behind;
        chunk_ = held_;
        return;
    }
    const bool between = part_ == Part::block && held_.empty();
    const std::string known = extended_.path ? std::string(held(*extended_.path)) : std::string();
    offset_ += held_.size();
    fail(between ? "the archive ends too early: its two blocks of zeros are missing" : "the archive ends too early",
         in_header && !grows_ ? known : path_);
}

/// What fails to begin an entry behind zeros is behind the archive.
bool Tar::behind(Run& run) {
    if (!malformed_ || (zero_blocks_ == 0 && !seen_end_)) return false;
    malformed_.reset();
    return hand_out(run, RunKind::behind);
}

/// Says once that what stands behind the end is cut short.
bool Tar::cut_off(Run& run) {
    if (!std::exchange(cut_behind_, false)) return false;
    run = {RunKind::behind, {}};
    return true;
}

/// Has the first `count` bytes of held_ come?
bool Tar::collect(std::size_t count) {
    std::size_t more = std::min(count - held_.size(), chunk_.size());
    held_.append(chunk_.substr(0, more));
    chunk_.remove_prefix(more);
    return held_.size() == count;
}

bool Tar::hand_out(Run& run, RunKind kind) {
    run = {kind, held_};
    offset_ += held_.size();
    held_out_ = true;
    if (kind == RunKind::header) zero_blocks_ = 0;
    part_ = kind == RunKind::behind ? Part::behind : Part::block;
    return true;
}

/// True with a run to hand out.
bool Tar::take_block(Run& run) {
    TarHeader header(std::string_view(held_).substr(block_, tar_block));
    if (grows_) {  // another block of a sparse file's map
        grows_ = held_[block_ + TarHeader::map_goes_on_offset] != '\0';
        if (grows_ && held_.size() > tar_max_extension) return fail("a sparse map of more than 1 MiB", path_), false;
        block_ += tar_block;
        if (grows_) return false;
        hand_out(run, RunKind::header);
        part_ = Part::contents;
        return true;
    }
    if (header.zeros()) {
        extended_ = {};  // an extended header without an entry says nothing of any
        seen_end_ = ++zero_blocks_ >= 2 || seen_end_;
        return hand_out(run, RunKind::framing);
    }
    if (header.checksum_right()) return take_header(run, header);
    return fail("a header whose checksum is wrong", header.has_magic() ? own_path(header) : std::string()), false;
}

bool Tar::take_header(Run& run, const TarHeader& header) {
    std::optional<std::uint64_t> size = header.size();
    if (!size) return fail("a header with a size that is no number", own_path(header)), false;
    char type = header.type();
    if (type == 'x' || type == 'X' || type == 'g' || type == 'L' || type == 'K') {
        if (*size > tar_max_extension || held_.size() > tar_max_extension)
            return fail("extended headers of more than " + std::to_string(tar_max_extension) + " bytes", own_path(header)),
                   false;
        extension_ = type;
        alone_ = block_ == 0;
        left_ = *size;
        if (type != 'g' && !header.link().empty())
            extended_.link_fields.push_back({block_ + TarHeader::link_offset, header.link().size()});
        block_ += tar_block;
        wanted_ = block_ + static_cast<std::size_t>(*size + padding_behind(*size));
        part_ = Part::extension;
        return false;
    }

    path_ = own_path(header);
    symbolic_ = type == symbolic_link;
    more_names_.clear();
    if (!global_.path.empty() && !extended_.path_told)
        more_names_.push_back(extended_.path ? std::string(held(*extended_.path)) : header.path());
    take_links(header);
    uneditable_ = {};
    if (extended_.sparse || global_.sparse || type == gnu_sparse) uneditable_ = "a GNU sparse file";
    if (type == gnu_continued) uneditable_ = "a file that began in another volume";
    left_ = extended_.size ? *extended_.size : never_has_contents(type) ? 0 : *size;
    padding_ = static_cast<std::size_t>(padding_behind(left_));
    framed_ = type == gnu_directory;
    first_ = true;
    bool has_contents = !never_has_contents(type) || left_ > 0;
    extended_ = {};
    if (type == gnu_sparse && header.sparse_map_goes_on()) {
        grows_ = true;
        block_ += tar_block;
        return false;
    }
    hand_out(run, RunKind::header);
    if (has_contents) part_ = Part::contents;
    return true;
}

/// Where the entry's target stands. Beside one in an extended header the headers' own link fields say it as well as they can.
void Tar::take_links(const TarHeader& header) {
    const Target in_header{block_ + TarHeader::link_offset, header.link().size()};
    beginnings_.clear();
    others_.clear();
    target_ = extended_.link.value_or(in_header);
    const bool outer = !global_.link.empty() && !extended_.link_told;
    outer_target_ = outer && symbolic_ ? global_.link : std::string();
    if (header.type() == hard_link) {
        more_names_.emplace_back(held(target_));
        if (outer) more_names_.push_back(global_.link);
    }
    if (!extended_.link) return;
    if (in_header.size > 0) extended_.link_fields.push_back(in_header);
    for (const Target& field : extended_.link_fields)
        (held(target_).starts_with(held(field)) ? beginnings_ : others_).push_back(field);
}

/// False when it does not hold together.
bool Tar::take_extension() {
    std::size_t begin = block_, size = static_cast<std::size_t>(left_);
    block_ = wanted_;
    part_ = Part::block;
    if (extension_ == 'L' || extension_ == 'K') {
        std::string_view text = std::string_view(held_).substr(begin, size);
        Target at{begin, std::min(text.find('\0'), size)};
        (extension_ == 'L' ? extended_.path : extended_.link) = at;
        return true;
    }
    const TarHeader own(std::string_view(held_).substr(begin - tar_block, tar_block));
    std::optional<std::vector<PaxRecord>> records = parse_pax(std::string_view(held_).substr(begin, size));
    if (!records) return fail("extended header records that do not hold together", own.path()), false;
    for (const PaxRecord& record : *records) {
        if (extension_ == 'g') {
            if (record.key == "size" && !record.value.empty())
                return fail("a global header that gives every entry one size", own.path()), false;
            take_default(record);
        } else if (!take_record(record, begin)) {
            return fail("an extended header with a size that is no number", own.path()), false;
        }
    }
    return true;
}

void Tar::take_default(const PaxRecord& record) {
    if (record.key == "path" || record.key == "GNU.sparse.name") global_.path = record.value;
    if (record.key == "linkpath") global_.link = record.value;
    if (record.key.starts_with("GNU.sparse.")) global_.sparse = true;
}

/// An empty value takes back what was said before: the header's own holds (POSIX pax(1)).
bool Tar::take_record(const PaxRecord& record, std::size_t begin) {
    std::optional<Target> at;
    if (!record.value.empty()) at = {begin + record.offset, record.value.size()};
    if (record.key == "path" || record.key == "GNU.sparse.name") {
        extended_.path = at;
        extended_.path_told = true;
    } else if (record.key == "linkpath") {
        extended_.link = at;
        extended_.link_told = true;
    } else if (record.key == "size") {
        extended_.size = pax_number(record.value);
        if (at && !extended_.size) return false;
    }
    if (record.key.starts_with("GNU.sparse.")) extended_.sparse = true;
    return true;
}

bool Tar::take_contents(Run& run) {
    if (chunk_.empty() && left_ > 0) return false;
    std::string_view bytes = chunk_.substr(0, static_cast<std::size_t>(std::min<std::uint64_t>(left_, chunk_.size())));
    chunk_.remove_prefix(bytes.size());
    left_ -= bytes.size();
    offset_ += bytes.size();
    run = {framed_ ? RunKind::framing : RunKind::contents, bytes, std::exchange(first_, false), left_ == 0};
    if (left_ == 0) part_ = padding_ > 0 ? Part::padding : Part::block;
    return true;
}

std::vector<std::string_view> Tar::names() const {
    std::vector<std::string_view> all{path_};
    all.insert(all.end(), more_names_.begin(), more_names_.end());
    return all;
}

std::vector<Target> Tar::targets() const {
    std::vector<Target> all;
    if (!symbolic_) return all;
    if (target_.size > 0) all.push_back(target_);
    all.insert(all.end(), others_.begin(), others_.end());
    return all;
}

void Tar::amend(std::string& header) const {
    for (const Target& field : beginnings_) header.replace(field.offset, field.size, header, target_.offset, field.size);
    for (const std::vector<Target>& fields : {beginnings_, others_})
        for (const Target& field : fields) repair_checksum(header, field.offset - TarHeader::link_offset);
    repair_checksum(header, header.size() - tar_block);
}

/// What the entry that `header` begins is called.
std::string Tar::own_path(const TarHeader& header) const {
    if (!global_.path.empty() && !extended_.path_told) return global_.path;
    return extended_.path ? std::string(held(*extended_.path)) : header.path();
}

void Tar::fail(std::string what, std::string entry) { malformed_ = Malformed{std::move(what), std::move(entry), offset_}; }

}  // namespace reseal::container
