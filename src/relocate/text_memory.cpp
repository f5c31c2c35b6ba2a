// SPDX-License-Identifier: BSL-1.0
#include "relocate/text_memory.hpp"

#include <algorithm>
#include <array>
#include <memory>
#include <reseal/error.hpp>
#include <utility>

#include "relocate/moved_shebang.hpp"
#include "relocate/prefix_index.hpp"
#include "relocate/source_bytes.hpp"
#include "relocate/text_search.hpp"

namespace reseal::relocate {
namespace {

constexpr std::size_t buffer_size = std::size_t{64} << 10;

/// The first line of a file that begins with `#!`, its end included; nothing where it is longer than the editor would keep.
std::string first_line(const Source& file) {
    if (source_bytes(file, 0, 2) != "#!") return {};
    std::string line = source_bytes(file, 0, TextEditor::max_first_line);
    const std::size_t end = line.find('\n');
    if (end != std::string::npos) line.resize(end + 1);
    else if (line.size() == TextEditor::max_first_line) line.clear();
    return line;
}

/// The needle of a pair in an encoding.
class Needles {
public:
    explicit Needles(const PrefixIndex& index) : index_(index), at_(index.pairs().size()) {
        for (std::size_t i = 0; i < index.rules().size(); ++i)
            at_[index.needle(i).pair][static_cast<std::size_t>(index.needle(i).encoding)] = i;
    }
    std::optional<std::size_t> find(const PrefixField& field) const {
        const auto encoding = static_cast<std::size_t>(field.encoding);
        return field.pair < at_.size() && encoding < all_encodings.size() ? at_[field.pair][encoding] : std::nullopt;
    }
    const std::string& from(std::size_t needle) const { return index_.rules()[needle].from; }
    const std::string& to(std::size_t needle) const { return index_.needle(needle).to; }

private:
    const PrefixIndex& index_;
    std::vector<std::array<std::optional<std::size_t>, all_encodings.size()>> at_;
};

class Planner {
public:
    Planner(const Source& now, const TextMemory& memory, const Prefixes& placed, const Prefixes& next, TextOptions options)
        : now_(now), memory_(memory), placed_(placed), next_(next), options_(options) {
        const auto same = [](const PrefixPair& one, const PrefixPair& other) { return one.from == other.from; };
        if (!std::equal(placed.pairs().begin(), placed.pairs().end(), next.pairs().begin(), next.pairs().end(), same))
            throw Error(ErrorCode::misuse, "a text is moved from other placeholders than those it was moved from before");
    }

    TextMove plan() {
        move_.size_before = now_.size();
        const bool head = find_head();
        move_.by_memory = head && find_fields();
        if (!move_.by_memory) search(head);
        move_.size_after = move_.size_before - move_.head_before + move_.head.size();
        for (const TextMove::Edit& edit : move_.edits) {
            const PrefixIndex& index = move_.prefixes.index();
            move_.size_after = move_.size_after - edit.length + index.needle(edit.needle).to.size();
        }
        return std::move(move_);
    }

private:
    /// The line that was written in place of the remembered one.
    bool find_head() {
        if (memory_.shebang.empty()) return true;
        const std::optional<Shebang> placed = moved_shebang(memory_.shebang, placed_),
                                     next = moved_shebang(memory_.shebang, next_);
        if (!placed || !next) return false;
        for (const ShebangForm form : {ShebangForm::plain, ShebangForm::env, ShebangForm::exec}) {
            const std::string line = placed->text(form);
            if (source_bytes(now_, 0, line.size()) != line) continue;
            if (!memory_.shebang.ends_with('\n') && now_.size() != line.size()) continue;
            move_.head_before = line.size();
            move_.head = next->text(next->form(options_.shebang, options_.platform));
            move_.changed = move_.head != line;
            move_.memory.shebang = memory_.shebang;
            return true;
        }
        return false;
    }

    /// Whether every prefix stands where the memory leads to. A memory that does not hold together leads nowhere.
    bool find_fields() {
        const Needles placed(placed_.index()), next(next_.index());
        std::uint64_t then = memory_.shebang.size(), at = move_.head_before;
        bool changed = move_.changed;
        for (const PrefixField& field : memory_.fields) {
            const std::optional<std::size_t> was = placed.find(field), will = next.find(field);
            if (!was || !will || field.offset < then || field.offset - then > now_.size() - at) return false;
            at += field.offset - then;
            const std::string& here = placed.to(*was);
            if (source_bytes(now_, at, here.size()) != here) return false;
            move_.edits.push_back({at, here.size(), *will});
            changed = changed || here != next.to(*will);
            then = field.offset + placed.from(*was).size();
            at += here.size();
        }
        move_.prefixes = next_;
        move_.changed = changed;
        move_.memory = memory_;
        return true;
    }

    /// For what was placed; `head`: in all but the first line, which is known.
    void search(bool head) {
        move_.edits.clear();
        std::vector<PrefixPair> pairs;
        for (std::size_t i = 0; i < placed_.pairs().size(); ++i) {
            const std::string& here = placed_.pairs()[i].to;
            if (here.empty() ||
                std::any_of(pairs.begin(), pairs.end(), [&](const PrefixPair& pair) { return pair.from == here; }))
                continue;
            pairs.push_back({here, next_.pairs()[i].to});
            from_.push_back(i);
        }
        move_.prefixes = Prefixes(std::move(pairs), next_.options());
        std::uint64_t start = move_.head_before;
        if (!head || memory_.shebang.empty()) start = search_first_line();
        search_behind(start);
    }

    std::size_t search_first_line() {
        const std::string line = first_line(now_);
        const std::vector<ShebangHit> hits = shebang_hits(line, move_.prefixes);
        if (hits.empty()) return line.size();
        const Shebang shebang(line, hits);
        move_.head_before = line.size();
        move_.head = shebang.text(shebang.form(options_.shebang, options_.platform));
        move_.changed = move_.head != line;
        std::size_t at = 0;
        for (const ShebangHit& hit : hits) {
            move_.memory.shebang.append(line, at, hit.at - at).append(placed_.pairs()[from_[hit.pair]].from);
            at = hit.at + hit.length;
        }
        move_.memory.shebang.append(line, at);
        return line.size();
    }

    void search_behind(std::uint64_t start) {
        const Needles placed(placed_.index());
        // Offsets of the file as if its placeholders stood in it.
        std::uint64_t at = start, then = move_.memory.shebang.empty() ? start : move_.memory.shebang.size();
        TextSearch search(move_.prefixes);
        const auto drain = [&] {
            for (Stretch each; search.next(each); at += each.old.size()) {
                PrefixField field{.offset = then, .pair = each.prefix ? from_[each.pair] : 0, .encoding = each.encoding};
                const std::optional<std::size_t> was = each.prefix ? placed.find(field) : std::nullopt;
                then += was ? placed.from(*was).size() : each.old.size();
                if (!was) continue;
                move_.edits.push_back({at, each.old.size(), each.needle});
                move_.memory.fields.push_back(field);
                move_.changed = move_.changed || each.to != each.old;
            }
        };
        const auto buffer = std::make_unique<char[]>(buffer_size);
        for (std::uint64_t read = start; read < now_.size();) {
            const std::size_t count = now_.read_at(read, buffer.get(), buffer_size);
            if (count == 0) break;
            search.feed({buffer.get(), count});
            drain();
            read += count;
        }
        search.end();
        drain();
    }

    const Source& now_;
    const TextMemory& memory_;
    const Prefixes& placed_;
    const Prefixes& next_;
    TextOptions options_;
    std::vector<std::size_t> from_;  // by pair of what is sought, the pair of the placeholders
    TextMove move_;
};

void copy(const Source& from, std::uint64_t at, std::uint64_t count, char* buffer, Sink& out) {
    while (count > 0) {
        const std::size_t got = from.read_at(at, buffer, static_cast<std::size_t>(std::min<std::uint64_t>(count, buffer_size)));
        if (got == 0) throw Error(ErrorCode::io, "the file is shorter than it was", {}, at);
        out.write({buffer, got});
        at += got;
        count -= got;
    }
}

}  // namespace

TextMemory memory_of(const TextChanges& changes) { return {changes.fields, changes.shebang}; }

TextMove plan_text_move(const Source& now, const TextMemory& memory, const Prefixes& placed, const Prefixes& next,
                        TextOptions options) {
    return Planner(now, memory, placed, next, options).plan();
}

void write_text_move(const Source& now, const TextMove& move, Sink& out) {
    const auto buffer = std::make_unique<char[]>(buffer_size);
    if (!move.head.empty()) out.write(move.head);
    std::uint64_t at = move.head_before;
    for (const TextMove::Edit& edit : move.edits) {
        copy(now, at, edit.offset - at, buffer.get(), out);
        out.write(move.prefixes.index().needle(edit.needle).to);
        at = edit.offset + edit.length;
    }
    copy(now, at, move.size_before - at, buffer.get(), out);
}

}  // namespace reseal::relocate
