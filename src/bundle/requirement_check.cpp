// SPDX-License-Identifier: BSL-1.0
#include "bundle/requirement_check.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include "bytes/hex.hpp"

namespace reseal::bundle {
namespace {

enum class Truth { no, unknown, yes };  // ascending: and is the least, or the greatest

struct Token {
    enum class Kind { end, word, text, hash, sign } kind = Kind::end;
    std::string value;               // without quotes; of a hash its bytes
    std::size_t begin = 0, end = 0;  // in the requirement

    bool is(std::string_view sign_or_word) const { return (kind == Kind::word || kind == Kind::sign) && value == sign_or_word; }
};

bool in_word(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '.' || c == '_' || c == '-';
}

class RequirementScanner {
public:
    explicit RequirementScanner(std::string_view text) : text_(text) { advance(); }

    const Token& token() const { return token_; }
    const std::string& fault() const { return fault_; }
    void fail(std::string what) {
        if (fault_.empty()) fault_ = std::move(what);
        token_ = {};
        at_ = text_.size();
    }

    void advance() {
        skip_blanks();
        token_ = {};
        token_.begin = at_;
        if (at_ < text_.size()) read();
        token_.end = at_;
    }

private:
    void skip_blanks() {
        while (at_ < text_.size()) {
            if (std::string_view(" \t\r\n").find(text_[at_]) != std::string_view::npos) ++at_;
            else if (text_.substr(at_, 2) == "/*") skip_to("*/", 2);
            else if (text_.substr(at_, 2) == "//" || text_[at_] == '#') skip_to("\n", 1);
            else return;
        }
    }
    void skip_to(std::string_view end, std::size_t size) {
        const std::size_t found = text_.find(end, at_ + size);
        at_ = found == std::string_view::npos ? text_.size() : found + end.size();
    }

    void read() {
        const char c = text_[at_];
        if (c == '"') return read_quoted();
        if (c == 'H' && text_.substr(at_, 2) == "H\"") {
            ++at_;
            read_quoted();
            const std::optional<std::string> bytes = from_hex(token_.value);
            if (!bytes) return fail("a hash that is none");
            token_.value = *bytes;
            token_.kind = Token::Kind::hash;
            return;
        }
        if (in_word(c)) {
            const std::size_t begin = at_;
            while (at_ < text_.size() && in_word(text_[at_])) ++at_;
            token_.kind = Token::Kind::word;
            token_.value = text_.substr(begin, at_ - begin);
            return;
        }
        const std::string_view two = text_.substr(at_, 2);
        const std::size_t size = two == "&&" || two == "||" || two == "<=" || two == ">=" || two == "=>" ? 2 : 1;
        token_.kind = Token::Kind::sign;
        token_.value = text_.substr(at_, size);
        at_ += size;
    }

    void read_quoted() {
        token_.kind = Token::Kind::text;
        for (++at_; at_ < text_.size(); ++at_) {
            if (text_[at_] == '"') {
                ++at_;
                return;
            }
            if (text_[at_] == '\\' && at_ + 1 < text_.size()) ++at_;
            token_.value += text_[at_];
        }
        fail("a string that does not end");
    }

    std::string_view text_;
    std::size_t at_ = 0;
    Token token_;
    std::string fault_;
};

class RequirementEvaluator {
public:
    RequirementEvaluator(std::string_view text, const CodeFacts& code) : text_(text), scanner_(text), code_(code) {}

    RequirementResult run() {
        using Answer = RequirementResult::Answer;
        const Truth truth = either(0);
        if (scanner_.token().kind != Token::Kind::end) scanner_.fail("something behind its end");
        if (!scanner_.fault().empty()) return {Answer::malformed, {scanner_.fault()}};
        if (truth == Truth::unknown) return {Answer::unchecked, std::move(asked_)};
        return {truth == Truth::yes ? Answer::met : Answer::unmet, {}};
    }

private:
    bool accept(std::string_view one, std::string_view other) {
        if (!scanner_.token().is(one) && !scanner_.token().is(other)) return false;
        scanner_.advance();
        return true;
    }

    Truth either(std::size_t depth) {
        Truth truth = both(depth);
        while (accept("or", "||")) truth = std::max(truth, both(depth));
        return truth;
    }

    Truth both(std::size_t depth) {
        Truth truth = primary(depth);
        while (accept("and", "&&")) truth = std::min(truth, primary(depth));
        return truth;
    }

    Truth primary(std::size_t depth) {
        if (depth >= max_requirement_nesting) {
            scanner_.fail("expressions within expressions without end");
            return Truth::unknown;
        }
        if (accept("!", "!")) {
            const Truth truth = primary(depth + 1);
            return truth == Truth::yes ? Truth::no : truth == Truth::no ? Truth::yes : truth;
        }
        if (accept("(", "(")) {
            const Truth truth = either(depth + 1);
            if (!accept(")", ")")) scanner_.fail("a parenthesis that is not closed");
            return truth;
        }
        if (accept("always", "true")) return Truth::yes;
        if (accept("never", "false")) return Truth::no;
        if (accept("identifier", "identifier")) return identifier();
        if (accept("cdhash", "cdhash")) return cdhash();
        return other();
    }

    static Truth truth(bool value) { return value ? Truth::yes : Truth::no; }

    Truth identifier() {
        accept("=", "=");
        const Token token = scanner_.token();
        if (token.kind != Token::Kind::text && token.kind != Token::Kind::word) scanner_.fail("an identifier that is none");
        else scanner_.advance();
        return truth(token.value == code_.identifier);
    }

    Truth cdhash() {
        accept("=", "=");
        const Token token = scanner_.token();
        if (token.kind != Token::Kind::hash) scanner_.fail("a cdhash that is none");
        else scanner_.advance();
        return truth(std::find(code_.cdhashes.begin(), code_.cdhashes.end(), token.value) != code_.cdhashes.end());
    }

    /// What asks for more than is known here: read past, and remembered.
    Truth other() {
        const Token first = scanner_.token();
        if (first.kind != Token::Kind::word || first.is("and") || first.is("or")) {
            scanner_.fail("no expression where one should be");
            return Truth::unknown;
        }
        std::size_t end = first.end;
        const auto goes_on = [&] {
            const Token& token = scanner_.token();
            return token.kind != Token::Kind::end && !token.is("and") && !token.is("or") && !token.is("&&") &&
                   !token.is("||") && !token.is("(") && !token.is(")");
        };
        for (; goes_on(); scanner_.advance()) end = scanner_.token().end;
        constexpr std::array<std::string_view, 3> of_certificates = {"anchor", "certificate", "cert"};
        const bool asks_for_one =
            std::find(of_certificates.begin(), of_certificates.end(), first.value) != of_certificates.end();
        if (asks_for_one && !code_.certified) return Truth::no;
        constexpr std::size_t most_asked = 16;
        if (asked_.size() < most_asked) asked_.emplace_back(text_.substr(first.begin, end - first.begin));
        return Truth::unknown;
    }

    std::string_view text_;
    RequirementScanner scanner_;
    const CodeFacts& code_;
    std::vector<std::string> asked_;
};

}  // namespace

RequirementResult check_requirement(std::string_view text, const CodeFacts& code) {
    if (text.size() > max_requirement_text)
        return {RequirementResult::Answer::malformed, {"longer than " + std::to_string(max_requirement_text) + " bytes"}};
    return RequirementEvaluator(text, code).run();
}

}  // namespace reseal::bundle
