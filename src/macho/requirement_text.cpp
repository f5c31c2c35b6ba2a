// SPDX-License-Identifier: BSL-1.0
#include "macho/requirement_text.hpp"

#include <array>
#include <optional>

#include "bytes/reader.hpp"
#include "macho/constants.hpp"
#include "macho/hex.hpp"
#include "macho/range.hpp"
#include "macho/requirement_terms.hpp"

namespace reseal::macho {
namespace {

constexpr std::uint32_t magic_requirement = 0xfade0c00, form_expression = 1;

struct Operation {
    enum : std::uint32_t {
        never,
        always,
        identifier,
        anchor_apple,
        anchor_hash,
        info_value,
        both,
        either,
        cdhash,
        negation,
        info_field,
        certificate_field,
        trusted_certificate,
        trusted_certificates,
        certificate_generic,
        anchor_apple_generic,
        entitlement_field,
        certificate_policy,
        named_anchor,
        named_code,
        platform,
        notarized,
        certificate_date,
        legacy,
    };
};
// What a reader that does not know an operation may do: its data has a length of its own.
constexpr std::uint32_t operation_mask = 0x00ffffff, counts_as_false = 0x80000000, may_be_skipped = 0x40000000;

/// How tightly what stands around an expression binds it.
enum class Level { primary, both, either };

class RequirementPrinter {
public:
    explicit RequirementPrinter(std::string_view blob) : reader_(blob, bytes::Order::big) {}

    Parsed<std::string> run() {
        reader_.seek(8);
        if (const std::uint32_t form = reader_.u32(); reader_.ok() && form != form_expression)
            return Defect{Code::blob_malformed, 8, "a requirement of form " + std::to_string(form)};
        expression(Level::either, 0);
        if (!defect_ && !reader_.ok()) fail("a requirement that ends within an expression");
        if (defect_) return *defect_;
        return text_;
    }

private:
    void fail(std::string what) {
        if (!defect_) defect_ = Defect{Code::blob_malformed, reader_.offset(), std::move(what)};
    }

    std::string_view data() {
        const std::uint32_t size = reader_.u32();
        const std::string_view bytes = reader_.take(size);
        if (size % 4 != 0) reader_.skip(4 - size % 4);
        return bytes;
    }

    void certificate() {
        const auto slot = static_cast<std::int32_t>(reader_.u32());
        text_ += "certificate ";
        if (slot == 0) text_ += "leaf";
        else if (slot == -1) text_ += "root";
        else text_ += std::to_string(slot);
    }

    void object(std::string_view kind) {
        const std::optional<std::string> oid = object_identifier(data());
        if (!oid && reader_.ok()) fail("an object identifier that is none");
        text_ += kind;
        if (oid) text_ += *oid;
        text_ += ']';
    }

    void key() {
        text_ += '[';
        text_ += requirement_word(data(), true);
        text_ += ']';
    }

    void compared(std::string_view how, std::string_view behind = {}) {
        text_ += how;
        text_ += requirement_word(data());
        text_ += behind;
    }

    void match() {
        const std::uint32_t operation = reader_.u32();
        switch (operation) {
            case 0: text_ += " /* exists */"; return;
            case 1: return compared(" = ");
            case 2: return compared(" ~ ");
            case 3: return compared(" = ", "*");
            case 4: return compared(" = *");
            case 5: return compared(" < ");
            case 6: return compared(" > ");
            case 7: return compared(" <= ");
            case 8: return compared(" >= ");
            case 14: text_ += " absent"; return;
            default: break;
        }
        constexpr std::uint32_t first_of_dates = 9;
        constexpr std::array<std::string_view, 5> dates = {" = ", " < ", " > ", " <= ", " >= "};
        if (operation < first_of_dates || operation - first_of_dates >= dates.size())
            return fail("match operation " + std::to_string(operation));
        text_ += dates[operation - first_of_dates];
        text_ += requirement_date(static_cast<std::int64_t>(reader_.u64()));
    }

    void two(Level own, std::string_view word, Level around, std::size_t depth) {
        const bool enclosed = around < own;
        if (enclosed) text_ += '(';
        expression(own, depth);
        text_ += word;
        expression(own, depth);
        if (enclosed) text_ += ')';
    }

    void expression(Level around, std::size_t depth) {
        if (defect_ || !reader_.ok()) return;
        if (++depth > max_requirement_depth) return fail("expressions within expressions without end");
        const std::uint32_t whole = reader_.u32(), operation = whole & operation_mask;
        if (!reader_.ok()) return;
        switch (operation) {
            case Operation::never: text_ += "never"; return;
            case Operation::always: text_ += "always"; return;
            case Operation::identifier: return compared("identifier ");
            case Operation::anchor_apple: text_ += "anchor apple"; return;
            case Operation::anchor_apple_generic: text_ += "anchor apple generic"; return;
            case Operation::trusted_certificates: text_ += "anchor trusted"; return;
            case Operation::notarized: text_ += "notarized"; return;
            case Operation::legacy: text_ += "legacy"; return;
            case Operation::named_anchor: return compared("anchor apple ");
            case Operation::named_code: return compared("(", ")");
            case Operation::both: return two(Level::both, " and ", around, depth);
            case Operation::either: return two(Level::either, " or ", around, depth);
            case Operation::negation: text_ += "! "; return expression(Level::primary, depth);
            case Operation::platform:
                text_ += "platform = ";
                text_ += std::to_string(static_cast<std::int32_t>(reader_.u32()));
                return;
            case Operation::cdhash:
                text_ += "cdhash ";
                text_ += requirement_hash(data());
                return;
            case Operation::anchor_hash:
                certificate();
                text_ += " = ";
                text_ += requirement_hash(data());
                return;
            case Operation::trusted_certificate:
                certificate();
                text_ += " trusted";
                return;
            default: return field(whole, operation, around, depth);
        }
    }

    void field(std::uint32_t whole, std::uint32_t operation, Level around, std::size_t depth) {
        switch (operation) {
            case Operation::info_value:
                text_ += "info";
                key();
                return compared(" = ");
            case Operation::info_field:
                text_ += "info";
                key();
                return match();
            case Operation::entitlement_field:
                text_ += "entitlement";
                key();
                return match();
            case Operation::certificate_field:
                certificate();
                key();
                return match();
            case Operation::certificate_generic:
                certificate();
                object("[field.");
                return match();
            case Operation::certificate_policy:
                certificate();
                object("[policy.");
                return match();
            case Operation::certificate_date:
                certificate();
                object("[timestamp.");
                return match();
            default: return unknown(whole, around, depth);
        }
    }

    void unknown(std::uint32_t whole, Level around, std::size_t depth) {
        if ((whole & (counts_as_false | may_be_skipped)) == 0) return fail("operation " + std::to_string(whole));
        data();
        if ((whole & counts_as_false) != 0) text_ += "never ";
        text_ += "/* operation ";
        text_ += std::to_string(whole & operation_mask);
        text_ += " */";
        if ((whole & counts_as_false) != 0) return;
        text_ += ' ';
        expression(around, depth);
    }

    bytes::Reader reader_;
    std::string text_;
    std::optional<Defect> defect_;
};

/// A blob with its header; what lies behind its length is not looked at.
Parsed<std::string_view> checked_requirements(std::string_view blob, std::uint32_t wanted, std::uint64_t least) {
    bytes::Reader reader(blob, bytes::Order::big);
    const std::uint32_t magic = reader.u32(), length = reader.u32();
    if (!reader.ok() || magic != wanted)
        return Defect{Code::blob_malformed, 0,
                      reader.ok() ? "no requirements but magic " + hex(magic) : "too short for requirements"};
    if (length < least || length > blob.size() || length > max_requirements_size)
        return Defect{Code::blob_malformed, 4, "requirements of " + std::to_string(length) + " bytes"};
    return blob.substr(0, length);
}

}  // namespace

Parsed<std::string> requirement_text(std::string_view blob) {
    const Parsed<std::string_view> whole = checked_requirements(blob, magic_requirement, 12);
    if (!whole) return whole.defect();
    return RequirementPrinter(*whole).run();
}

std::string Requirement::line() const {
    constexpr std::array<std::string_view, 6> names = {"", "host", "guest", "designated", "library", "plugin"};
    std::string whole;
    if (type > 0 && type < names.size()) whole = names.at(type);
    else whole.append("/* type ").append(std::to_string(type)).append(" */");
    return whole.append(" => ").append(text);
}

Parsed<std::vector<Requirement>> requirements_of(std::string_view blob) {
    const Parsed<std::string_view> whole = checked_requirements(blob, magic_requirements, 12);
    if (!whole) return whole.defect();
    bytes::Reader reader(*whole, bytes::Order::big);
    reader.seek(8);
    const std::uint32_t count = reader.u32();
    if (count > max_requirements || count > (whole->size() - 12) / 8)
        return Defect{Code::blob_malformed, 8, "a set of " + std::to_string(count) + " requirements"};
    std::vector<Requirement> found;
    std::vector<Range> places;
    for (std::uint32_t i = 0; i < count; ++i) {
        const std::uint64_t at = reader.offset();
        const std::uint32_t type = reader.u32(), offset = reader.u32();
        bytes::Reader head(*whole, bytes::Order::big);
        head.seek(offset);
        head.u32();
        const Range range{offset, head.u32()};
        if (!head.ok() || offset < 12 + 8 * std::uint64_t{count} || !range.within(whole->size()))
            return Defect{Code::blob_malformed, at, "a requirement that lies outside of its set"};
        for (const Range& other : places)
            if (other.overlaps(range)) return Defect{Code::blob_malformed, at, "requirements that overlap"};
        places.push_back(range);
        const Parsed<std::string> text = requirement_text(whole->substr(offset, static_cast<std::size_t>(range.size)));
        if (!text) return text.defect().behind(offset);
        found.push_back({type, *text});
    }
    return found;
}

}  // namespace reseal::macho
