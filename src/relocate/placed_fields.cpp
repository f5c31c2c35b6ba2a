// SPDX-License-Identifier: BSL-1.0
#include "relocate/placed_fields.hpp"

#include <algorithm>

#include "relocate/source_bytes.hpp"
#include "relocate/source_chunks.hpp"

namespace reseal::relocate {
namespace {

constexpr std::size_t step = 4096;  // most strings are shorter

class Placing {
public:
    Placing(const Source& file, const Prefixes& prefixes, const std::string& name, FieldDecider& decider)
        : file_(file), index_(prefixes.index()), name_(name), size_(file.size()), decider_(decider) {}

    /// False when it does not stand there.
    bool place(const PrefixField& field) {
        const std::optional<std::size_t> rule = index_.rule_of(field.pair, field.encoding);
        if (!rule || decider_.fields().size() == FieldDecider::max_fields) return false;
        const std::string_view from = index_.rules()[*rule].from;
        if (field.offset < at_ || field.offset > size_ || from.size() > size_ - field.offset) return false;
        advance(field.offset);
        const std::string bytes = source_bytes(file_, at_, from.size());
        if (bytes != from) return false;
        decider_.take({.old = bytes, .to = bytes, .prefix = true, .pair = field.pair, .encoding = field.encoding});
        at_ += bytes.size();
        return true;
    }

    void finish() {
        advance(size_);
        decider_.end();
    }

    void read_heads() {
        ImageHeads& heads = decider_.heads();
        while (heads.settled() < size_) {
            const std::uint64_t head = heads.settled();
            heads.skip();
            std::uint64_t at = head;
            while (heads.settled() == head && at < size_) {
                const std::string bytes = source_bytes(file_, at, step);
                if (bytes.empty()) return;
                heads.read(bytes);
                at += bytes.size();
            }
            if (heads.settled() == head) return;  // the file ends in it
        }
    }

private:
    /// What belongs to strings is read, the rest is passed over.
    void advance(std::uint64_t to) {
        while (at_ < to && decider_.open()) {
            const std::string bytes =
                source_bytes(file_, at_, static_cast<std::size_t>(std::min<std::uint64_t>(to - at_, step)));
            if (bytes.empty()) throw Error(ErrorCode::io, "the file became shorter while it was read", name_, at_);
            decider_.take({.old = bytes, .to = bytes});
            at_ += bytes.size();
        }
        decider_.skip(to - at_);
        at_ = to;
    }

    const Source& file_;
    const PrefixIndex& index_;
    const std::string& name_;
    std::uint64_t size_;
    std::uint64_t at_ = 0;
    FieldDecider& decider_;
};

}  // namespace

std::optional<std::uint64_t> place_fields(const Source& file, const Prefixes& prefixes,
                                          const std::vector<PrefixField>& positions, const std::string& name,
                                          FieldDecider& decider) {
    Placing placing(file, prefixes, name, decider);
    placing.read_heads();
    for (const PrefixField& each : positions)
        if (!placing.place(each)) return each.offset;
    placing.finish();
    for (std::size_t i = 0; i < positions.size(); ++i)
        if (decider.fields()[i].end != positions[i].end) return positions[i].offset;
    return {};
}

}  // namespace reseal::relocate
