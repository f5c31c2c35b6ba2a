// SPDX-License-Identifier: BSL-1.0
#include "bundle/path_pattern.hpp"

#include <algorithm>
#include <optional>

#include "bytes/ascii.hpp"

namespace reseal::bundle {

/// Recursive descent; each part of the pattern becomes code that goes on behind its own end.
class PatternCompiler {
public:
    explicit PatternCompiler(std::string_view text) : text_(text) {}

    PathPattern::Compiled run() {
        if (text_.size() > max_pattern_bytes) return "longer than " + std::to_string(max_pattern_bytes) + " bytes";
        Code code = alternatives(0);
        if (fault_.empty() && at_ < text_.size()) fail("a parenthesis too many");
        if (!fault_.empty()) return fault_;
        code.push_back({Op::match});
        pattern_.code_ = std::move(code);
        return std::move(pattern_);
    }

private:
    using Code = PathPattern::Code;
    using Op = PathPattern::Op;

    bool more() const { return fault_.empty() && at_ < text_.size(); }
    void fail(std::string what) {
        if (fault_.empty()) fault_ = std::move(what);
    }

    static std::int32_t length(const Code& code) { return static_cast<std::int32_t>(code.size()); }
    static void append(Code& to, const Code& more) { to.insert(to.end(), more.begin(), more.end()); }
    static Code split(std::int32_t first, std::int32_t second) { return {{.op = Op::split, .first = first, .second = second}}; }
    static Code jump(std::int32_t first) { return {{.op = Op::jump, .first = first}}; }

    Code alternatives(std::size_t depth) {
        Code code = sequence(depth);
        while (more() && text_[at_] == '|') {
            ++at_;
            const Code other = sequence(depth);
            Code both = split(1, length(code) + 2);
            append(both, code);
            append(both, jump(length(other) + 1));
            append(both, other);
            code = std::move(both);
        }
        return code;
    }

    Code sequence(std::size_t depth) {
        Code code;
        while (more() && text_[at_] != '|' && text_[at_] != ')') append(code, repeated(depth));
        return code;
    }

    Code repeated(std::size_t depth) {
        Code code = single(depth);
        while (more() && std::string_view("*+?").find(text_[at_]) != std::string_view::npos) {
            const char how = text_[at_++];
            Code whole;
            if (how != '+') whole = split(1, length(code) + (how == '*' ? 2 : 1));
            append(whole, code);
            if (how == '*') append(whole, jump(-length(code) - 1));
            if (how == '+') append(whole, split(-length(code), 1));
            code = std::move(whole);
        }
        return code;
    }

    Code single(std::size_t depth) {
        const char c = text_[at_++];
        switch (c) {
            case '^': return {{Op::begin}};
            case '$': return {{Op::end}};
            case '.': return {{Op::any}};
            case '(': return group(depth + 1);
            case '[': return bracket();
            case '*':
            case '+':
            case '?': fail(std::string("nothing that ") + c + " could repeat"); return {};
            case '{': fail("a count in braces"); return {};
            case '\\': return escaped();
            default: return literal(c);
        }
    }

    static Code literal(char c) { return {{.op = Op::byte, .byte = static_cast<unsigned char>(c)}}; }

    Code group(std::size_t depth) {
        if (depth > max_pattern_depth) {
            fail("groups within groups without end");
            return {};
        }
        Code code = alternatives(depth);
        if (at_ >= text_.size()) fail("a parenthesis that is not closed");
        else ++at_;
        return code;
    }

    Code escaped() {
        if (at_ >= text_.size() || is_letter(text_[at_]) || is_digit(text_[at_])) {
            fail("a backslash that quotes nothing");
            return {};
        }
        return literal(text_[at_++]);
    }

    std::optional<unsigned char> member(bool first) {
        if (at_ >= text_.size() || (text_[at_] == ']' && !first)) return {};
        const char c = text_[at_++];
        if (c == '[' && at_ < text_.size() && std::string_view(":.=").find(text_[at_]) != std::string_view::npos)
            fail("a class of characters");
        return static_cast<unsigned char>(c);
    }

    Code bracket() {
        std::bitset<256> set;
        const bool negated = at_ < text_.size() && text_[at_] == '^';
        if (negated) ++at_;
        bool first = true;
        for (std::optional<unsigned char> from = member(first); from && fault_.empty(); from = member(first)) {
            first = false;
            std::optional<unsigned char> to = from;
            if (text_.substr(at_).size() >= 2 && text_[at_] == '-' && text_[at_ + 1] != ']') {
                ++at_;
                to = member(false);
                if (*to < *from) fail("a range that ends before it begins");
            }
            for (unsigned each = *from; each <= *to; ++each) set.set(each);
        }
        if (at_ >= text_.size()) fail("a bracket that is not closed");
        else ++at_;
        pattern_.sets_.push_back(negated ? ~set : set);
        return {{.op = Op::set, .set = static_cast<std::uint32_t>(pattern_.sets_.size() - 1)}};
    }

    std::string_view text_;
    std::size_t at_ = 0;
    std::string fault_;
    PathPattern pattern_;
};

PathPattern::Compiled PathPattern::compile(std::string_view text) { return PatternCompiler(text).run(); }

bool PathPattern::takes(const Instruction& each, unsigned char byte) const {
    switch (each.op) {
        case Op::byte: return each.byte == byte;
        case Op::any: return true;
        case Op::set: return sets_[each.set][byte];
        default: return false;
    }
}

bool PathPattern::reach(std::uint32_t start, std::size_t at, std::size_t size, std::vector<std::uint32_t>& to,
                        PatternScratch& scratch) const {
    scratch.waiting.assign(1, start);
    while (!scratch.waiting.empty()) {
        const std::uint32_t place = scratch.waiting.back();
        scratch.waiting.pop_back();
        if (scratch.seen[place] == scratch.round) continue;
        scratch.seen[place] = scratch.round;
        ++scratch.steps;
        const Instruction& each = code_[place];
        const auto go_on = [&](std::int32_t distance) {
            scratch.waiting.push_back(static_cast<std::uint32_t>(static_cast<std::int64_t>(place) + distance));
        };
        switch (each.op) {
            case Op::match: return true;
            case Op::begin:
                if (at == 0) go_on(1);
                break;
            case Op::end:
                if (at == size) go_on(1);
                break;
            case Op::jump: go_on(each.first); break;
            case Op::split:
                go_on(each.second);
                go_on(each.first);
                break;
            default: to.push_back(place);
        }
    }
    return false;
}

bool PathPattern::found_in(std::string_view path, PatternScratch& scratch) const {
    // A match may begin anywhere, unless the pattern begins by asking for the beginning.
    const bool anchored = code_.front().op == Op::begin;
    if (scratch.seen.size() < code_.size()) scratch.seen.resize(code_.size());
    scratch.now.clear();
    ++scratch.round;
    for (std::size_t at = 0;; ++at) {
        if ((at == 0 || !anchored) && reach(0, at, path.size(), scratch.now, scratch)) return true;
        if (at == path.size() || (anchored && scratch.now.empty())) return false;
        ++scratch.round;
        scratch.next.clear();
        for (const std::uint32_t place : scratch.now) {
            ++scratch.steps;
            if (takes(code_[place], static_cast<unsigned char>(path[at])) &&
                reach(place + 1, at + 1, path.size(), scratch.next, scratch))
                return true;
        }
        std::swap(scratch.now, scratch.next);
    }
}

}  // namespace reseal::bundle
