// SPDX-License-Identifier: BSL-1.0
#pragma once
// The hashes of code signatures behind one small type. Which library computes which is decided in digest.cpp and nowhere
// else.
#include <array>
#include <compare>
#include <memory>
#include <reseal/hash_type.hpp>
#include <string>
#include <string_view>

namespace reseal::digest {

/// A hash value: digest_size(type) bytes.
class Digest {
public:
    Digest() = default;
    explicit Digest(std::string_view bytes);  // at most 64 bytes
    std::string_view bytes() const { return {bytes_.data(), size_}; }
    /// The first `count` bytes (a cdhash is the first 20).
    Digest prefix(std::size_t count) const { return Digest(bytes().substr(0, count)); }
    std::string hex() const;
    bool operator==(const Digest& other) const { return bytes() == other.bytes(); }

private:
    std::array<char, 64> bytes_{};
    unsigned char size_ = 0;
};

/// What is computed for `type`: a truncated hash is the beginning of a whole one.
HashType whole(HashType type);

/// Whether this build can compute `type`.
bool available(HashType type);

/// A running hash; a copy goes on by itself from the same state.
class Hasher {
public:
    /// Throws Error (ErrorCode::misuse) unless available(type).
    explicit Hasher(HashType type);
    Hasher(const Hasher&);
    Hasher(Hasher&&) noexcept;
    Hasher& operator=(Hasher) noexcept;
    ~Hasher();

    void update(std::string_view bytes);
    /// The digest of all bytes so far. The hasher is done with: assign a new one to go on.
    Digest finish();

private:
    struct State;
    std::unique_ptr<State> state_;
};

/// The digest of `bytes`, without a heap allocation a call where the library allows it.
Digest digest(HashType type, std::string_view bytes);

}  // namespace reseal::digest
