// SPDX-License-Identifier: BSL-1.0
#include "relocate/text_pass.hpp"

namespace reseal::relocate {
namespace {

std::string changed_form(ShebangForm form) {
    std::string what = "no kernel would take the new prefix in the first line: ";
    return what +=
           form == ShebangForm::env ? "env looks for the interpreter in $PATH now" : "a shell starts the interpreter now";
}

}  // namespace

TextPass::TextPass(const Prefixes& prefixes, const FileOptions& options, Sink* out)
    : editor_(prefixes, {options.shebang, options.platform}), name_(options.name), out_(out) {
    if (out != nullptr && options.digest_after) after_.emplace(HashType::sha256);
}

void TextPass::write(std::string_view bytes) {
    kind_.feed(bytes);
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
    if (changes.form != ShebangForm::plain)
        result.findings.push_back({Severity::note, name_, 0, Code::shebang_changed_form, changed_form(changes.form)});
    if (payload() && changes.size_after != changes.size_before) {
        result.refused = true;
        result.entry.status = EntryStatus::refused;
        result.findings.push_back({Severity::error, name_, *kind_.nul(), Code::script_payload,
                                   "a script whose length must not change, because other bytes follow it"});
    }
    return result;
}

}  // namespace reseal::relocate
