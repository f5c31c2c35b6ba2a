// SPDX-License-Identifier: BSL-1.0
#pragma once
// Bytes that wait: more come in behind, the first ones go. Each is moved a bounded number of times, however few go at once.
#include <cstddef>
#include <string>
#include <string_view>

namespace reseal::relocate {

class ByteQueue {
public:
    std::string_view view() const { return std::string_view(bytes_).substr(gone_); }
    std::size_t size() const { return bytes_.size() - gone_; }
    bool empty() const { return size() == 0; }

    void append(std::string_view more) { bytes_.append(more); }
    void drop(std::size_t count) {
        gone_ += count;
        if (gone_ < bytes_.size() - gone_) return;
        bytes_.erase(0, gone_);
        gone_ = 0;
    }

private:
    std::string bytes_;
    std::size_t gone_ = 0;
};

}  // namespace reseal::relocate
