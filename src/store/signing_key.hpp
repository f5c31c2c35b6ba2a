// SPDX-License-Identifier: BSL-1.0
#pragma once
// Keys in the format of Nix: "NAME:BASE64", Ed25519. A secret is never part of a message, and its bytes are zeroed when the
// last copy of the key goes.
#include <array>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

namespace reseal::store {

/// Why `name` cannot be the name of a key; empty when it can.
std::string key_name_defect(std::string_view name);

struct PublicKey {
    std::string name;
    std::array<unsigned char, 32> bytes{};

    /// Throws Error (ErrorCode::malformed).
    static PublicKey parse(std::string_view text);
    std::string text() const;
    /// Whether `signature`, "NAME:BASE64", is one by this key over `fingerprint`.
    bool verify(std::string_view fingerprint, std::string_view signature) const;
};

class SigningKey {
public:
    /// Of a file or a pipe; blanks at its end do not count. Throws Error (io, malformed) naming the file.
    static SigningKey read(const std::filesystem::path& path);
    /// A new one. Throws Error (ErrorCode::misuse) with key_name_defect().
    static SigningKey generate(std::string_view name);

    std::string name() const;
    PublicKey public_key() const;
    /// "NAME:BASE64".
    std::string sign(std::string_view fingerprint) const;
    /// Writes the secret to a new file that only its owner may read. What is there already is an error. Throws Error
    /// (ErrorCode::io); nothing is left then.
    void save(const std::filesystem::path& path) const;
    /// A sentence for the user when others may read the file that the key came from; else empty.
    const std::string& warning() const { return warning_; }

private:
    struct Secret;
    SigningKey() = default;

    std::shared_ptr<const Secret> secret_;
    std::string warning_;
};

}  // namespace reseal::store
