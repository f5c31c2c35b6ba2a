// SPDX-License-Identifier: BSL-1.0
#include "digest/digest.hpp"

#include <algorithm>
#include <reseal/error.hpp>
#include <utility>
#include <variant>

#include "bytes/hex.hpp"
#include "digest/libcrypto.hpp"
#include "digest/sodium.hpp"

namespace reseal {

std::size_t digest_size(HashType type) {
    switch (type) {
        case HashType::sha1: return 20;
        case HashType::sha256: return 32;
        case HashType::sha256_truncated: return 20;
        case HashType::sha384: return 48;
        case HashType::sha512: return 64;
    }
    return 0;
}

std::string_view name(HashType type) {
    switch (type) {
        case HashType::sha1: return "sha1";
        case HashType::sha256: return "sha256";
        case HashType::sha256_truncated: return "sha256-truncated";
        case HashType::sha384: return "sha384";
        case HashType::sha512: return "sha512";
    }
    return "unknown";
}

namespace digest {

HashType whole(HashType type) { return type == HashType::sha256_truncated ? HashType::sha256 : type; }

namespace {

// The one place that decides who computes what: SHA-512 always by libsodium, the rest by libcrypto, which is four times as
// fast where the processor has instructions for them; SHA-256 by libsodium where libcrypto is not there.
enum class Library { none, libcrypto, sodium };
Library library(HashType type) {
    if (type == HashType::sha512) return Library::sodium;
    if (Libcrypto::has(whole(type))) return Library::libcrypto;
    return Sodium::has(whole(type)) ? Library::sodium : Library::none;
}

[[noreturn]] void unavailable(HashType type) {
    throw Error(ErrorCode::misuse, "this build cannot compute the hash " + std::string(name(type)));
}

Digest cut(Digest value, HashType type) { return type == HashType::sha256_truncated ? value.prefix(digest_size(type)) : value; }

}  // namespace

Digest::Digest(std::string_view bytes) : size_(static_cast<unsigned char>(bytes.size())) {
    if (bytes.size() > bytes_.size()) throw Error(ErrorCode::misuse, "a digest has at most 64 bytes");
    std::copy(bytes.begin(), bytes.end(), bytes_.begin());
}

std::string Digest::hex() const { return to_hex(bytes()); }

bool available(HashType type) { return library(type) != Library::none; }

struct Hasher::State {
    explicit State(HashType hash_type) : type(hash_type), running(start(hash_type)) {}

    using Running = std::variant<Libcrypto, Sodium>;
    static Running start(HashType type) {
        switch (library(type)) {
            case Library::libcrypto: return Libcrypto(whole(type));
            case Library::sodium: return Sodium(whole(type));
            case Library::none: break;
        }
        unavailable(type);
    }

    HashType type;
    Running running;
};

namespace {

template <class State>
State& going(const std::unique_ptr<State>& state) {
    if (!state) throw Error(ErrorCode::misuse, "a hasher was used after finish()");
    return *state;
}

}  // namespace

Hasher::Hasher(HashType type) : state_(std::make_unique<State>(type)) {}
Hasher::Hasher(const Hasher& other) : state_(other.state_ ? std::make_unique<State>(*other.state_) : nullptr) {}
Hasher::Hasher(Hasher&&) noexcept = default;
Hasher& Hasher::operator=(Hasher other) noexcept {
    state_ = std::move(other.state_);
    return *this;
}
Hasher::~Hasher() = default;

void Hasher::update(std::string_view bytes) {
    std::visit([bytes](auto& running) { running.update(bytes); }, going(state_).running);
}

Digest Hasher::finish() {
    State& state = going(state_);
    const Digest value = cut(std::visit([](auto& running) { return running.finish(); }, state.running), state.type);
    state_.reset();
    return value;
}

Digest digest(HashType type, std::string_view bytes) {
    switch (library(type)) {
        case Library::libcrypto: return cut(Libcrypto::digest(whole(type), bytes), type);
        case Library::sodium: return cut(Sodium::digest(whole(type), bytes), type);
        case Library::none: break;
    }
    unavailable(type);
}

}  // namespace digest
}  // namespace reseal
