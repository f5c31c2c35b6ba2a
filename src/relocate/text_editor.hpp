// SPDX-License-Identifier: BSL-1.0
#pragma once
// A text file in which prefixes are replaced by others of any length, as a stream. Its first line, where that is a `#!` line,
// is held until it is whole (64 KiB at most; a longer one is text like any other) and written in the form that kernels take. A
// prefix does not reach over the end of that line. All else is searched as binary files are: leftmost, longest, not again.
#include <cstdint>
#include <optional>
#include <reseal/relocation.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "relocate/shebang.hpp"
#include "relocate/text_search.hpp"

namespace reseal::relocate {

struct TextOptions {
    ShebangStyle shebang = ShebangStyle::automatic;
    Platform platform = Platform::linux_;
};

/// What became of a text file.
struct TextChanges {
    std::uint64_t size_before = 0, size_after = 0;
    std::vector<PrefixField> fields;              ///< of the file before, ascending, none of a `#!` line
    std::optional<std::uint64_t> shebang_length;  ///< bytes of the `#!` line before, its end included, where there is one
    std::string shebang;                          ///< that line, where a prefix stands in it
    ShebangForm form = ShebangForm::plain;        ///< and how it was written
    bool changed = false;                         ///< whether a byte differs
};

class TextEditor {
public:
    static constexpr std::size_t max_first_line = std::size_t{64} << 10;

    TextEditor(Prefixes prefixes, TextOptions options);

    /// Hands over the next chunk. Drain next() until it returns false before the next feed() or end(); `chunk` must stay alive
    /// until then.
    void feed(std::string_view chunk);
    /// No more input. Drain next() once more afterwards.
    void end();
    /// The next bytes that go out, never empty; false when more input is needed. They hold until the next call.
    bool next(std::string_view& out);

    /// Of what has been drained so far; all of it after the end.
    const TextChanges& changes() const { return changes_; }

private:
    void gather(std::string_view& chunk);
    void decide(bool shebang);
    void edit_first_line();

    Prefixes prefixes_;
    TextOptions options_;
    TextSearch search_;
    std::string line_;       // the first line, until it is whole
    bool in_line_ = true;    // whether more may belong to it
    bool waiting_ = false;   // whether it is to be searched with all else, before rest_
    std::string ready_;      // what goes out in its place
    bool is_ready_ = false;  // and has not gone yet
    std::string_view rest_;  // of the chunk, not searched yet
    bool ended_ = false, over_ = false;
    TextChanges changes_;
};

}  // namespace reseal::relocate
