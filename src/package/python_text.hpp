// SPDX-License-Identifier: BSL-1.0
#pragma once
// Python source, read as literals and nothing else: what conda-pack leaves in bin/conda-unpack is a program, and nobody runs it
// here. Tokens are taken one after the other; whatever is not a literal of the expected kind is an error with line and column.
#include <string>
#include <string_view>

namespace reseal::package {

/// A place inside brackets of a Python text: line ends are white space there.
class PythonText {
public:
    /// Reads `text` from `at` on. Both texts must outlive this.
    PythonText(std::string_view text, std::size_t at, const std::string& file) : text_(text), at_(at), file_(file) {}

    /// Past white space, line ends, comments and continued lines.
    void skip();
    /// Whether `wanted` stood here; if so it is taken.
    bool take(char wanted);
    /// … else an error that says what was expected.
    void expect(char wanted);
    /// One or more literals side by side, which Python joins: str as UTF-8, with the surrogates U+DC80 to U+DCFF as the raw
    /// bytes that os.fsencode() makes of them; bytes as they are. f-strings and \N{…} are errors.
    std::string string();

    bool at_end() const { return at_ == text_.size(); }
    std::size_t offset() const { return at_; }
    /// Throws Error (ErrorCode::malformed, entry the file): `line L, column C: <why>`, of here or of `offset`.
    [[noreturn]] void fail(const std::string& why) const { fail(why, at_); }
    [[noreturn]] void fail(const std::string& why, std::size_t offset) const;

private:
    struct Kind {
        bool raw = false, bytes = false;
        std::size_t prefix = 0;  // characters of it
    };
    std::string_view left() const { return text_.substr(at_); }
    bool kind(Kind& kind) const;
    void literal(std::string& out, const Kind& kind);
    void line_end(std::string& out);
    void escape(std::string& out, bool bytes);
    unsigned long hex(std::size_t digits);

    std::string_view text_;
    std::size_t at_;
    const std::string& file_;
};

}  // namespace reseal::package
