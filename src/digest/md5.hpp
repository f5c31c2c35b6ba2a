// SPDX-License-Identifier: BSL-1.0
#pragma once
// MD5, which says nothing about who made a file; package managers write it down beside SHA-256.
#include <memory>
#include <string>
#include <string_view>

namespace reseal::digest {

class Md5 {
public:
    /// Whether libcrypto is there and gives it.
    static bool available();

    /// Needs available().
    Md5();
    void update(std::string_view bytes);
    /// 16 bytes. Only once.
    std::string finish();

private:
    struct Free {
        void operator()(void* context) const;
    };
    std::unique_ptr<void, Free> context_;
};

}  // namespace reseal::digest
