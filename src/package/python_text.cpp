// SPDX-License-Identifier: BSL-1.0
#include "package/python_text.hpp"

#include <reseal/error.hpp>

#include "package/text_place.hpp"

namespace reseal::package {

void PythonText::fail(const std::string& why, std::size_t offset) const {
    throw Error(ErrorCode::malformed, text_place(text_, offset) + ": " + why, file_);
}

void PythonText::skip() {
    while (!at_end()) {
        const char byte = text_[at_];
        if (byte == ' ' || byte == '\t' || byte == '\f' || byte == '\n' || byte == '\r') {
            ++at_;
        } else if (byte == '#') {
            at_ = std::min(text_.find_first_of("\r\n", at_), text_.size());
        } else if (left().starts_with("\\\n") || left().starts_with("\\\r\n")) {
            at_ = text_.find('\n', at_) + 1;
        } else {
            return;
        }
    }
}

bool PythonText::take(char wanted) {
    if (!left().starts_with(wanted)) return false;
    ++at_;
    return true;
}

void PythonText::expect(char wanted) {
    if (take(wanted)) return;
    std::string what(at_end() ? "the text ends where '" : "'");
    what.append(1, wanted).append(at_end() ? "' should stand" : "' is expected; only literals are read here, no expressions");
    fail(what);
}

}  // namespace reseal::package
