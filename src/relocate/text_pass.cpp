// SPDX-License-Identifier: BSL-1.0
#include "relocate/text_pass.hpp"

namespace reseal::relocate {

TextPass::TextPass(const Prefixes& prefixes, const FileOptions& options, Sink* out)
    : editor_(prefixes, {options.shebang, options.platform}), name_(options.name), out_(out) {
    if (out != nullptr && options.digest_after) after_.emplace(HashType::sha256);
}

void TextPass::write(std::string_view bytes) {
    editor_.feed(bytes);
    drain();
}

void TextPass::finish() {
    editor_.end();
    drain();
}

void TextPass::drain() {
    for (std::string_view bytes; editor_.next(bytes);) {
        if (after_) after_->update(bytes);
        if (out_ != nullptr) out_->write(bytes);
    }
}

FileRelocation TextPass::result() {
    const TextChanges& changes = editor_.changes();
    FileRelocation result;
    result.mode = FileMode::text;
    result.size_before = changes.size_before;
    result.size_after = changes.size_after;
    result.fields = changes.fields;
    if (!changes.shebang.empty()) result.shebang_length = changes.shebang_length;
    result.changed = changes.changed;
    result.entry.path = name_;
    result.entry.substitutions = changes.fields.size();
    if (after_) result.sha256_after = after_->finish().bytes();
    return result;
}

}  // namespace reseal::relocate
