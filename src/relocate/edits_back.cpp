// SPDX-License-Identifier: BSL-1.0
// Where a prefix stands now, and what belongs there, out of where it stood.
#include <algorithm>

#include "relocate/encoding.hpp"
#include "relocate/former_file.hpp"
#include "relocate/moved_shebang.hpp"
#include "relocate/source_bytes.hpp"

namespace reseal::relocate {
namespace {

// Of the string that prefixes stand in; a longer one was not moved up, because nobody would have held it back.
constexpr std::uint64_t max_string = std::uint64_t{16} << 20;
constexpr std::uint64_t max_suffix = 7;                     // Spack's
constexpr std::uint64_t max_file = std::uint64_t{1} << 62;  // so that sums of offsets and lengths mean what they say

using Edits = std::vector<PlacedEdit>;
using Fields = std::vector<PrefixField>;

/// A pair in the encoding of a field.
struct Place {
    std::uint64_t offset;
    std::string from, to;
    Encoding encoding;
};

/// Of fields that may lie anywhere, but in their order.
std::optional<std::vector<Place>> places_of(const FormerFile& former, const std::vector<PrefixPair>& pairs) {
    std::vector<Place> places;
    std::uint64_t behind = former.first_line.size();
    for (const PrefixField& field : former.fields) {
        if (field.pair >= pairs.size() || field.offset < behind || field.offset > max_file) return {};
        std::optional<std::string> from = encode(pairs[field.pair].from, field.encoding);
        std::optional<std::string> to = encode(pairs[field.pair].to, field.encoding);
        if (!from || !to) return {};
        behind = field.offset + from->size();
        places.push_back({field.offset, std::move(*from), std::move(*to), field.encoding});
    }
    return places;
}

/// What stands in the place of one prefix, nothing behind it moved: it, or the new one and slashes.
bool in_place(const Place& place, std::string_view now) {
    if (now == place.from) return true;
    if (place.to.size() > place.from.size()) return false;
    const std::string slashes = units((place.from.size() - place.to.size()) / width(place.encoding), '/', place.encoding);
    return now == place.to + slashes || now == slashes + place.to;
}

/// What Spack makes of a prefix close to its string's end: the new one, `suffix` and a NUL, and behind them all as it was.
bool cut_short(const Place& place, std::string_view now, const std::string& suffix) {
    std::string cut = place.to + suffix.substr(0, suffix.find('\0'));  // in a wide string a NUL comes early
    cut += '\0';
    return cut.size() <= place.from.size() && now == cut + place.from.substr(cut.size());
}

/// One string in which everything behind the prefixes has moved up; empty: it has not.
std::string moved_down(const std::vector<Place>& places, std::size_t first, std::size_t last, std::string_view now) {
    std::string former;
    std::size_t at = 0;  // in `now`
    for (std::size_t i = first; i < last; ++i) {
        if (now.compare(at, places[i].to.size(), places[i].to) != 0) return {};
        at += places[i].to.size();
        former += places[i].from;
        const std::uint64_t next = i + 1 < last ? places[i + 1].offset : places[first].offset + now.size();
        const std::uint64_t between = next - places[i].offset - places[i].from.size();
        if (between > now.size() - at) return {};
        former += now.substr(at, static_cast<std::size_t>(between));
        at += static_cast<std::size_t>(between);
    }
    if (now.find_first_not_of('\0', at) != now.npos) return {};
    return former;
}

/// Whether everything behind the prefixes of one string has moved up: then NULs stand at its end, where none was. What stands
/// at a prefix does not tell: `/new/lib` may be `/newx/lib` that moved, or `/newxlib` with a slash in it.
bool has_moved(const Source& now, const std::vector<Place>& places, std::size_t first, std::size_t last, std::uint64_t end) {
    bool shorter = false;
    for (std::size_t i = first; i < last; ++i) shorter = shorter || places[i].to.size() < places[i].from.size();
    const std::size_t unit = width(places[first].encoding);
    if (!shorter || end < places[first].offset + unit) return false;
    return source_bytes(now, end - unit, unit) == std::string(unit, '\0');
}

bool add_string(const Source& now, const std::vector<Place>& places, std::size_t first, std::size_t last, std::uint64_t end,
                Edits& edits) {
    Edits found;
    if (has_moved(now, places, first, last, end)) {
        const std::uint64_t begin = places[first].offset;
        if (end - begin > max_string) return false;
        std::string bytes = source_bytes(now, begin, static_cast<std::size_t>(end - begin));
        std::string former = moved_down(places, first, last, bytes);
        if (former.size() != bytes.size() || former.empty()) return false;
        found = {{begin, std::move(bytes), std::move(former)}};
    } else {
        for (std::size_t i = first; i < last; ++i) {
            std::string bytes = source_bytes(now, places[i].offset, places[i].from.size());
            const std::uint64_t behind = places[i].offset + places[i].from.size();
            const bool stayed =
                in_place(places[i], bytes) ||
                (end >= behind && end - behind <= max_suffix &&
                 cut_short(places[i], bytes, source_bytes(now, behind, static_cast<std::size_t>(end - behind))));
            if (!stayed) return false;
            if (bytes != places[i].from) found.push_back({places[i].offset, std::move(bytes), places[i].from});
        }
    }
    edits.insert(edits.end(), std::make_move_iterator(found.begin()), std::make_move_iterator(found.end()));
    return true;
}

std::optional<Edits> binary_edits(const Source& now, const FormerFile& former, const std::vector<Place>& places) {
    if (!places.empty() && places.back().offset + places.back().from.size() > now.size()) return {};
    Edits edits;
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

std::optional<Edits> text_edits(const Source& now, const FormerFile& former, const Prefixes& placed,
                                const std::vector<Place>& places) {
    Edits edits;
    std::uint64_t at = 0, was = former.first_line.size();
    if (was > 0) {
        std::optional<std::string> line = placed_line(now, former.first_line, placed);
        if (!line) return {};
        at = line->size();
        edits.push_back({0, std::move(*line), former.first_line});
    }
    for (const Place& place : places) {
        at += place.offset - was;
        if (source_bytes(now, at, place.to.size()) != place.to) return {};
        edits.push_back({at, place.to, place.from});
        at += place.to.size();
        was = place.offset + place.from.size();
    }
    return edits;
}

}  // namespace

std::optional<Edits> edits_back(const Source& now, const FormerFile& former, const Prefixes& placed) {
    if (former.mode == FileMode::unknown) return {};
    const std::optional<std::vector<Place>> places = places_of(former, placed.pairs());
    if (!places) return {};
    return former.mode == FileMode::text ? text_edits(now, former, placed, *places) : binary_edits(now, former, *places);
}

}  // namespace reseal::relocate
