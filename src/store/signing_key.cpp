// SPDX-License-Identifier: BSL-1.0
#include "store/signing_key.hpp"

#include <fcntl.h>
#include <sodium.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <optional>
#include <reseal/error.hpp>

#include "fs/descriptor.hpp"
#include "fs/io_error.hpp"
#include "fs/new_file.hpp"

namespace reseal::store {
namespace {

constexpr std::size_t secret_size = crypto_sign_SECRETKEYBYTES;
constexpr std::size_t signature_size = crypto_sign_BYTES;
constexpr int variant = sodium_base64_VARIANT_ORIGINAL;

void initialise() { [[maybe_unused]] static const int once = sodium_init(); }

/// Room for a key's file that is zeroed when it goes.
class Zeroed {
public:
    static constexpr std::size_t room = 4096;

    Zeroed() = default;
    Zeroed(const Zeroed&) = delete;
    Zeroed& operator=(const Zeroed&) = delete;
    ~Zeroed() { sodium_memzero(bytes, sizeof bytes); }

    std::string_view text() const { return {bytes, size}; }

    char bytes[room];
    std::size_t size = 0;
};

/// Both halves of "NAME:BASE64"; nothing where it is no such thing.
struct Halves {
    std::string_view name, base64;
};
std::optional<Halves> halves(std::string_view text) {
    const std::size_t colon = text.find(':');
    if (colon == text.npos || !key_name_defect(text.substr(0, colon)).empty()) return {};
    return Halves{text.substr(0, colon), text.substr(colon + 1)};
}

/// Exactly `size` bytes, canonically written.
bool decode(std::string_view base64, unsigned char* to, std::size_t size) {
    std::size_t count = 0;
    return base64.size() == (size + 2) / 3 * 4 &&
           sodium_base642bin(to, size, base64.data(), base64.size(), nullptr, &count, nullptr, variant) == 0 && count == size;
}

template <std::size_t size>
std::string encode(const std::array<unsigned char, size>& bytes) {
    std::string text(sodium_base64_ENCODED_LEN(size, variant), '\0');
    sodium_bin2base64(text.data(), text.size(), bytes.data(), size, variant);
    text.pop_back();
    return text;
}

const unsigned char* octets(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }

std::string_view without_blanks(std::string_view text) {
    while (!text.empty() && std::string_view(" \t\r\n").find(text.back()) != text.npos) text.remove_suffix(1);
    return text;
}

void read_all(int fd, Zeroed& out, const std::string& name) {
    for (;;) {
        const ssize_t count = ::read(fd, out.bytes + out.size, Zeroed::room - out.size);
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) throw fs::io_error(name, "read");
        if (count == 0) return;
        out.size += static_cast<std::size_t>(count);
        if (out.size == Zeroed::room) throw Error(ErrorCode::malformed, "not a secret key: it is too long", name);
    }
}

std::string mode_warning(int fd, const std::string& name) {
    struct stat status{};
    if (::fstat(fd, &status) != 0 || !S_ISREG(status.st_mode) || (status.st_mode & 0077) == 0) return {};
    char mode[8];
    std::snprintf(mode, sizeof mode, "%04o", static_cast<unsigned>(status.st_mode & 07777));
    return name + ": a secret key that others may get at (mode " + mode + "); chmod 600 it";
}

}  // namespace

struct SigningKey::Secret {
    std::string name;
    std::array<unsigned char, secret_size> bytes{};

    Secret() = default;
    Secret(const Secret&) = delete;
    Secret& operator=(const Secret&) = delete;
    ~Secret() { sodium_memzero(bytes.data(), bytes.size()); }
};

std::string key_name_defect(std::string_view name) {
    constexpr std::size_t longest = 255;
    if (name.empty()) return "it is empty";
    if (name.size() > longest) return "it has more than " + std::to_string(longest) + " bytes";
    for (const char c : name)
        if (c <= ' ' || c > '~' || c == ':') return "letters, digits and signs but ':' are allowed, no blanks";
    return {};
}

PublicKey PublicKey::parse(std::string_view text) {
    PublicKey key;
    const std::optional<Halves> parts = halves(without_blanks(text));
    if (!parts || !decode(parts->base64, key.bytes.data(), key.bytes.size()))
        throw Error(ErrorCode::malformed, "not a public key: NAME, ':' and 32 bytes in base 64 are");
    key.name = parts->name;
    return key;
}

std::string PublicKey::text() const { return name + ":" + encode(bytes); }

bool PublicKey::verify(std::string_view fingerprint, std::string_view signature) const {
    initialise();
    const std::optional<Halves> parts = halves(signature);
    std::array<unsigned char, signature_size> raw;
    return parts && parts->name == name && decode(parts->base64, raw.data(), raw.size()) &&
           crypto_sign_verify_detached(raw.data(), octets(fingerprint), fingerprint.size(), bytes.data()) == 0;
}

SigningKey SigningKey::read(const std::filesystem::path& path) {
    initialise();
    const std::string& name = path.native();
    const fs::Descriptor file(::open(name.c_str(), O_RDONLY | O_CLOEXEC));
    if (!file) throw fs::io_error(name, "open");
    Zeroed text;
    read_all(file.get(), text, name);

    const auto secret = std::make_shared<Secret>();
    const std::optional<Halves> parts = halves(without_blanks(text.text()));
    if (!parts || !decode(parts->base64, secret->bytes.data(), secret_size))
        throw Error(ErrorCode::malformed, "not a secret key: NAME, ':' and 64 bytes in base 64 are", name);
    secret->name = parts->name;

    // The second half is the public key; one that is not the first half's would give the secret away with two signatures.
    std::array<unsigned char, 32> derived;
    Zeroed again;
    static_assert(secret_size <= Zeroed::room);
    crypto_sign_seed_keypair(derived.data(), reinterpret_cast<unsigned char*>(again.bytes), secret->bytes.data());
    if (!std::equal(derived.begin(), derived.end(), secret->bytes.begin() + 32))
        throw Error(ErrorCode::malformed, "not a secret key: its two halves do not belong together", name);

    SigningKey key;
    key.secret_ = secret;
    key.warning_ = mode_warning(file.get(), name);
    return key;
}

SigningKey SigningKey::generate(std::string_view name) {
    initialise();
    if (const std::string defect = key_name_defect(name); !defect.empty())
        throw Error(ErrorCode::misuse, "not a name of a key: '" + std::string(name) + "': " + defect);
    const auto secret = std::make_shared<Secret>();
    std::array<unsigned char, 32> ignored;
    crypto_sign_keypair(ignored.data(), secret->bytes.data());
    secret->name = name;
    SigningKey key;
    key.secret_ = secret;
    return key;
}

std::string SigningKey::name() const { return secret_->name; }

PublicKey SigningKey::public_key() const {
    PublicKey key{secret_->name, {}};
    std::copy(secret_->bytes.begin() + 32, secret_->bytes.end(), key.bytes.begin());
    return key;
}

std::string SigningKey::sign(std::string_view fingerprint) const {
    std::array<unsigned char, signature_size> raw;
    crypto_sign_detached(raw.data(), nullptr, octets(fingerprint), fingerprint.size(), secret_->bytes.data());
    return secret_->name + ":" + encode(raw);
}

void SigningKey::save(const std::filesystem::path& path) const {
    Zeroed text;
    std::copy(secret_->name.begin(), secret_->name.end(), text.bytes);
    text.size = secret_->name.size();
    text.bytes[text.size++] = ':';
    sodium_bin2base64(text.bytes + text.size, Zeroed::room - text.size, secret_->bytes.data(), secret_size, variant);
    text.size += sodium_base64_ENCODED_LEN(secret_size, variant) - 1;
    fs::write_new_file(path.native(), text.text(), 0600);
}

}  // namespace reseal::store
