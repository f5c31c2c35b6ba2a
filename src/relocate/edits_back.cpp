// SPDX-License-Identifier: BSL-1.0
// Where a prefix stands now, and what belongs there, out of where it stood.
#include <algorithm>
#include <map>

#include "relocate/encoding.hpp"
#include "relocate/former_file.hpp"
#include "relocate/moved_shebang.hpp"
#include "relocate/placed_edit.hpp"
#include "relocate/source_bytes.hpp"

namespace reseal::relocate {
namespace {

// Of the string that prefixes stand in; a longer one was not moved up, because nobody would have held it back.
constexpr std::uint64_t max_string = std::uint64_t{16} << 20;
constexpr std::uint64_t max_suffix = 7;                     // Spack's
constexpr std::uint64_t max_file = std::uint64_t{1} << 62;  // so that sums of offsets and lengths mean what they say

/// A pair in one encoding, and what stands in its place where nothing behind it moved.
struct Placed {
    std::string from, to;
    std::string behind, front;  ///< with slashes; empty where `to` is longer
    Encoding encoding;
};

struct Place {
    std::uint64_t offset;
    const Placed* what;
};

/// A file may hold millions of fields of a few pairs: what they are is kept once.
class Places {
public:
    /// Of fields that may lie anywhere, but in their order; false where a file cannot have them.
    bool add(const FormerFile& former, const std::vector<PrefixPair>& pairs) {
        std::uint64_t behind = former.first_line.size();
        list_.reserve(former.fields.size());
        for (const PrefixField& field : former.fields) {
            if (field.pair >= pairs.size() || field.offset < behind || field.offset > max_file) return false;
            const Placed* what = placed(field.pair, field.encoding, pairs[field.pair]);
            if (what == nullptr) return false;
            behind = field.offset + what->from.size();
            list_.push_back({field.offset, what});
        }
        return true;
    }
    const std::vector<Place>& list() const { return list_; }

private:
    const Placed* placed(std::size_t number, Encoding encoding, const PrefixPair& pair) {
        const auto found = known_.find({number, encoding});
        if (found != known_.end()) return &found->second;
        std::optional<std::string> from = encode(pair.from, encoding), to = encode(pair.to, encoding);
        if (!from || !to) return nullptr;
        Placed placed{std::move(*from), std::move(*to), {}, {}, encoding};
        if (placed.to.size() <= placed.from.size()) {
            const std::string slashes = units((placed.from.size() - placed.to.size()) / width(encoding), '/', encoding);
            placed.behind = placed.to + slashes;
            placed.front = slashes + placed.to;
        }
        return &known_.emplace(std::pair(number, encoding), std::move(placed)).first->second;
    }

    std::map<std::pair<std::size_t, Encoding>, Placed> known_;
    std::vector<Place> list_;
};

/// Whether nothing behind the prefix moved: it stands there, or the new one and slashes.
bool in_place(const Placed& what, std::string_view now) {
    return now == what.from || (!now.empty() && (now == what.behind || now == what.front));
}

/// What Spack makes of a prefix close to its string's end: the new one, `suffix` and a NUL, and behind them all as it was.
bool cut_short(const Placed& what, std::string_view now, const std::string& suffix) {
    std::string cut = what.to + suffix.substr(0, suffix.find('\0'));  // in a wide string a NUL comes early
    cut += '\0';
    return cut.size() <= what.from.size() && now == cut + what.from.substr(cut.size());
}

/// One string in which everything behind the prefixes has moved up; empty: it has not.
std::string moved_down(const std::vector<Place>& places, std::size_t first, std::size_t last, std::string_view now) {
    std::string former;
    std::size_t at = 0;  // in `now`
    for (std::size_t i = first; i < last; ++i) {
        if (now.compare(at, places[i].what->to.size(), places[i].what->to) != 0) return {};
        at += places[i].what->to.size();
        former += places[i].what->from;
        const std::uint64_t next = i + 1 < last ? places[i + 1].offset : places[first].offset + now.size();
        const std::uint64_t between = next - places[i].offset - places[i].what->from.size();
        if (between > now.size() - at) return {};
        former += now.substr(at, static_cast<std::size_t>(between));
        at += static_cast<std::size_t>(between);
    }
    if (now.find_first_not_of('\0', at) != now.npos) return {};
    return former;
}

bool stand_in_place(const Source& now, const std::vector<Place>& places, std::size_t first, std::size_t last) {
    for (std::size_t i = first; i < last; ++i)
        if (!in_place(*places[i].what, source_bytes(now, places[i].offset, places[i].what->from.size()))) return false;
    return true;
}

/// Whether everything behind the prefixes of one string has moved up: then NULs stand at its end, where none was. What stands
/// at a prefix does not tell: `/new/lib` may be `/newx/lib` that moved, or `/newxlib` with a slash in it.
bool has_moved(const Source& now, const std::vector<Place>& places, std::size_t first, std::size_t last, std::uint64_t end) {
    bool shorter = false;
    for (std::size_t i = first; i < last; ++i) shorter = shorter || places[i].what->to.size() < places[i].what->from.size();
    const std::size_t unit = width(places[first].what->encoding);
    if (!shorter || end < places[first].offset + unit) return false;
    const std::string nul(unit, '\0');
    if (source_bytes(now, end - unit, unit) != nul) return false;
    // Where the file ends within a unit, there may be as many NULs although nothing moved: of that unit and of the one before.
    const std::uint64_t beyond = (end - places[first].offset) % unit;
    if (end < now.size() || beyond == 0 || end - beyond - unit < places[first].offset) return true;
    return source_bytes(now, end - beyond - unit, unit) == nul || !stand_in_place(now, places, first, last);
}

bool add_string(const Source& now, const std::vector<Place>& places, std::size_t first, std::size_t last, std::uint64_t end,
                PlacedEdits& edits) {
    if (has_moved(now, places, first, last, end)) {
        const std::uint64_t begin = places[first].offset;
        if (end - begin > max_string) return false;
        const std::string bytes = source_bytes(now, begin, static_cast<std::size_t>(end - begin));
        const std::string former = moved_down(places, first, last, bytes);
        if (former.size() != bytes.size() || former.empty()) return false;
        edits.add(begin, bytes, former);
    } else {
        for (std::size_t i = first; i < last; ++i) {
            const std::string bytes = source_bytes(now, places[i].offset, places[i].what->from.size());
            const std::uint64_t behind = places[i].offset + places[i].what->from.size();
            const bool stayed =
                in_place(*places[i].what, bytes) ||
                (end >= behind && end - behind <= max_suffix &&
                 cut_short(*places[i].what, bytes, source_bytes(now, behind, static_cast<std::size_t>(end - behind))));
            if (!stayed) return false;
            if (bytes != places[i].what->from) edits.add(places[i].offset, bytes, places[i].what->from);
        }
    }
    return true;
}

std::optional<PlacedEdits> binary_edits(const Source& now, const FormerFile& former, const std::vector<Place>& places) {
    if (!places.empty() && places.back().offset + places.back().what->from.size() > now.size()) return {};
    PlacedEdits edits;
    for (std::size_t first = 0; first < places.size();) {
        const std::uint64_t end = former.fields[first].end;
        std::size_t last = first + 1;
        while (last < places.size() && former.fields[last].end == end) ++last;
        if (end > now.size() || !add_string(now, places, first, last, end, edits)) return {};
        first = last;
    }
    return edits;
}

/// What was written in place of the first line.
std::optional<std::string> placed_line(const Source& now, const std::string& first_line, const Prefixes& placed) {
    const std::optional<Shebang> line = moved_shebang(first_line, placed);
    if (!line) return {};
    for (const ShebangForm form : {ShebangForm::plain, ShebangForm::env, ShebangForm::exec}) {
        std::string text = line->text(form);
        if (source_bytes(now, 0, text.size()) == text) return text;
    }
    return {};
}

std::optional<PlacedEdits> text_edits(const Source& now, const FormerFile& former, const Prefixes& placed,
                                      const std::vector<Place>& places) {
    PlacedEdits edits;
    std::uint64_t at = 0, was = former.first_line.size();
    if (was > 0) {
        std::optional<std::string> line = placed_line(now, former.first_line, placed);
        if (!line) return {};
        at = line->size();
        edits.add(0, *line, former.first_line);
    }
    for (const Place& place : places) {
        at += place.offset - was;
        const Placed& what = *place.what;
        if (source_bytes(now, at, what.to.size()) != what.to) return {};
        edits.add(at, what.to, what.from);
        at += what.to.size();
        was = place.offset + what.from.size();
    }
    return edits;
}

}  // namespace

std::optional<PlacedEdits> edits_back(const Source& now, const FormerFile& former, const Prefixes& placed) {
    if (former.mode == FileMode::unknown) return {};
    Places places;
    if (!places.add(former, placed.pairs())) return {};
    return former.mode == FileMode::text ? text_edits(now, former, placed, places.list())
                                         : binary_edits(now, former, places.list());
}

}  // namespace reseal::relocate
