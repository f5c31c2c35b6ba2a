// SPDX-License-Identifier: BSL-1.0
#pragma once
// The reference scan to beat: in a window of 32 bytes the last one that is no digit of base 32 is looked for from the right,
// and the next window begins behind it; a window without one is looked up, taken out of the set at its first hit, and moved on
// by one. The last 32 bytes are kept and searched again together with the first 32 that come next.
#include <algorithm>
#include <array>
#include <cstddef>
#include <set>
#include <string>
#include <string_view>
#include <utility>

namespace bench {

class RefScan {
public:
    explicit RefScan(std::set<std::string> hashes) : hashes_(std::move(hashes)) {
        for (const char c : std::string_view("0123456789abcdfghijklmnpqrsvwxyz")) digit_[static_cast<unsigned char>(c)] = true;
    }

    void write(std::string_view data) {
        const std::size_t size = std::min(data.size(), length);
        std::string seam = kept_;
        seam += data.substr(0, size);
        search(seam);
        search(data);
        kept_ = kept_.substr(std::min(kept_.size() + size - std::min(kept_.size() + size, length), kept_.size()));
        kept_ += data.substr(data.size() - size);
    }

    const std::set<std::string>& seen() const { return seen_; }

private:
    static constexpr std::size_t length = 32;

    void search(std::string_view text) {
        for (std::size_t i = 0; i + length <= text.size();) {
            std::size_t j = length;
            while (j > 0 && digit_[static_cast<unsigned char>(text[i + j - 1])]) --j;
            if (j > 0) {
                i += j;
                continue;
            }
            std::string window(text.substr(i, length));
            if (hashes_.erase(window) > 0) seen_.insert(std::move(window));
            ++i;
        }
    }

    std::array<bool, 256> digit_{};
    std::set<std::string> hashes_, seen_;
    std::string kept_;
};

}  // namespace bench
