// SPDX-License-Identifier: BSL-1.0
#include "cli/refs_scan.hpp"

#include <algorithm>

namespace reseal::cli {
namespace {

// A place is known when so many bytes have come behind its first: the width of UTF-32 between 32 characters.
constexpr std::uint64_t reach = 125;

/// Where `name` stands first in `bytes` without a byte of the targets, which ascend; else where `bytes` end.
std::size_t find_between(std::string_view bytes, std::string_view name, const std::vector<container::Target>& targets) {
    std::size_t at = bytes.find(name);
    for (const container::Target& target : targets)
        if (at < target.offset + target.size && at + name.size() > target.offset)
            at = bytes.find(name, target.offset + target.size);
    return std::min(at, bytes.size());
}

}  // namespace

const char* name(Part part) {
    switch (part) {
        case Part::contents: return "contents";
        case Part::name: return "name";
        case Part::target: return "target";
        case Part::framing: return "framing";
    }
    return "";
}

RefsScan::RefsScan(const std::vector<std::string>& hash_parts, RefsOptions options, Format format)
    : options_(options),
      scanner_(hash_parts, {.wide = options.wide, .positions = options.positions}),
      demux_(format, "."),
      inside_(options.inside
                  ? std::make_unique<Inside>(hash_parts, ReferenceOptions{.wide = options.wide, .positions = options.positions})
                  : nullptr) {}

// The search goes over the whole stream, as Nix's does, and not over its parts: names, targets and whatever else there is count
// without being asked for.
void RefsScan::write(std::string_view chunk) {
    scanner_.write(chunk);
    demux_.feed(chunk);
    runs();
    settle(false);
}

std::optional<Error> RefsScan::finish() {
    scanner_.finish();
    demux_.end();
    runs();
    if (in_file_ && inside_) inside_->end();
    settle(true);
    if (const container::Malformed* malformed = demux_.malformed())
        return Error(ErrorCode::malformed, malformed->what, malformed->entry, malformed->offset);
    return {};
}

const std::vector<InsideReference>& RefsScan::inside() const {
    static const std::vector<InsideReference> none;
    return inside_ ? inside_->references() : none;
}

const std::vector<Unread>& RefsScan::unread() const {
    static const std::vector<Unread> none;
    return inside_ ? inside_->unread() : none;
}

void RefsScan::runs() {
    container::Run run;
    while (demux_.next(run)) {
        if (options_.positions) note(run);
        offset_ += run.bytes.size();
        if (!inside_ || run.kind != container::RunKind::contents) continue;
        if (run.first) inside_->begin(demux_.parser().path());
        in_file_ = !run.last;
        inside_->write(run.bytes);
        if (run.last) inside_->end();
    }
    // What follows belongs to no entry any more.
    if (options_.positions && demux_.malformed()) add_framing();
}

void RefsScan::note(const container::Run& run) {
    if (run.kind == container::RunKind::contents) {
        if (run.first) add(offset_, Part::contents, offset_);
    } else if (run.kind == container::RunKind::header) {
        note_header(run);
    } else {
        add_framing();
    }
}

/// The name may stand in front of the targets, between them or behind.
void RefsScan::note_header(const container::Run& run) {
    const container::Parser& parser = demux_.parser();
    std::vector<container::Target> targets = parser.targets();
    std::sort(targets.begin(), targets.end(), [](const auto& one, const auto& other) { return one.offset < other.offset; });
    const std::vector<std::string_view> names = parser.names();
    const std::uint64_t name = names.empty() ? 0 : offset_ + find_between(run.bytes, names[0], targets);
    if (!names.empty()) add(offset_, Part::name, name);
    for (const container::Target& target : targets) {
        const std::uint64_t begin = offset_ + target.offset, end = begin + target.size;
        add(begin, Part::target, begin);
        if (name >= end) add(end, Part::name, name);
        else add(end, Part::framing, 0);
    }
}

void RefsScan::add_framing() {
    if (segments_.empty() || segments_.back().part != Part::framing) add(offset_, Part::framing, 0);
}

void RefsScan::add(std::uint64_t begin, Part part, std::uint64_t zero) {
    segments_.push_back({begin, part, demux_.parser().path(), zero});
}

/// Says of what was found since the last time where it stands, and forgets the entries that are not needed any more.
void RefsScan::settle(bool all) {
    if (!options_.positions && !all) return;
    for (const Reference& each : scanner_.take()) {
        found_[each.hash_part].count += each.count;
        for (const std::uint64_t position : each.positions) waiting_.push_back({each.hash_part, position});
    }
    // The parser may be behind: it waits for the whole of a name, and for what tells one kind of archive from another.
    const auto later = std::stable_partition(waiting_.begin(), waiting_.end(),
                                             [&](const Waiting& each) { return all || each.position < offset_; });
    for (auto each = waiting_.begin(); each != later; ++each) found_[each->hash_part].places.push_back(place(each->position));
    waiting_.erase(waiting_.begin(), later);
    const auto behind = segment_behind(offset_ - std::min(offset_, reach));
    if (behind != segments_.begin()) segments_.erase(segments_.begin(), behind - 1);
}

std::deque<RefsScan::Segment>::const_iterator RefsScan::segment_behind(std::uint64_t position) const {
    return std::upper_bound(segments_.begin(), segments_.end(), position,
                            [](std::uint64_t at, const Segment& segment) { return at < segment.begin; });
}

Place RefsScan::place(std::uint64_t position) const {
    const auto behind = segment_behind(position);
    if (behind == segments_.begin()) return {"", Part::framing, position};
    const Segment& segment = *(behind - 1);
    if (position < segment.zero) return {segment.path, Part::framing, position};
    return {segment.path, segment.part, position - segment.zero};
}

}  // namespace reseal::cli
