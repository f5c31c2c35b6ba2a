// SPDX-License-Identifier: BSL-1.0
#include "relocate/text_editor.hpp"

#include <algorithm>
#include <utility>

#include "relocate/moved_shebang.hpp"

namespace reseal::relocate {

// What stands before a first line does as well before a second one: no word goes on.
TextEditor::TextEditor(Prefixes prefixes, TextOptions options)
    : prefixes_(std::move(prefixes)), options_(options), search_(prefixes_) {}

void TextEditor::feed(std::string_view chunk) {
    while (in_line_ && !chunk.empty()) gather(chunk);
    rest_ = chunk;
}

void TextEditor::end() {
    if (in_line_) decide(line_.starts_with("#!"));
    ended_ = true;
}

void TextEditor::gather(std::string_view& chunk) {
    // Two bytes tell whether more are worth keeping.
    const std::size_t wanted =
        line_.size() < 2 ? 2 - line_.size() : std::min(chunk.find('\n'), max_first_line - line_.size() - 1) + 1;
    const std::string_view more = chunk.substr(0, wanted);
    line_.append(more);
    chunk.remove_prefix(more.size());
    const bool shebang = line_ == "#" || line_.starts_with("#!");
    if (shebang && line_.ends_with('\n')) decide(true);
    else if (!shebang || line_.size() == max_first_line) decide(false);
}

void TextEditor::decide(bool shebang) {
    in_line_ = false;
    if (shebang) edit_first_line();
    else waiting_ = !line_.empty();
}

void TextEditor::edit_first_line() {
    ready_ = line_;
    if (const std::optional<Shebang> shebang = moved_shebang(line_, prefixes_)) {
        changes_.form = shebang->form(options_.shebang, options_.platform);
        changes_.shebang = line_;
        ready_ = shebang->text(changes_.form);
    }
    is_ready_ = true;
    changes_.shebang_length = line_.size();
    changes_.size_before = line_.size();
    changes_.size_after = ready_.size();
    changes_.changed = ready_ != line_;
}

bool TextEditor::next(std::string_view& out) {
    if (std::exchange(is_ready_, false)) {
        out = ready_;
        return true;
    }
    Stretch stretch;
    for (;;) {
        while (search_.next(stretch)) {
            if (stretch.prefix) {
                changes_.fields.push_back({.offset = changes_.size_before, .pair = stretch.pair, .encoding = stretch.encoding});
                changes_.changed = changes_.changed || stretch.to != stretch.old;
            }
            changes_.size_before += stretch.old.size();
            changes_.size_after += stretch.to.size();
            out = stretch.to;
            if (!out.empty()) return true;
        }
        if (std::exchange(waiting_, false)) search_.feed(line_);
        else if (!rest_.empty()) search_.feed(std::exchange(rest_, {}));
        else if (ended_ && !std::exchange(over_, true)) search_.end();
        else return false;
    }
}

}  // namespace reseal::relocate
