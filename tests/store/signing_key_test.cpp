// SPDX-License-Identifier: BSL-1.0
// Keys: the signatures of Nix and of RFC 8032, what must not become a key, and what must not become known of one.
#include <doctest/doctest.h>
#include <sys/stat.h>

#include <fstream>
#include <reseal/error.hpp>

#include "fs/folder.hpp"
#include "store/narinfo.hpp"
#include "store/signing_key.hpp"

namespace reseal::signing_key_test {
using store::PublicKey;
using store::SigningKey;

namespace {

// Made by `nix-store --generate-binary-cache-key` of Nix 2.8.
const std::string secret = "test-1:EqFHCIfy6qzhZB9n1KktQOzUV8a+e120U5p9lVLdJOZM6eF1eFtjSTKfbP7ocEYlOLMFFtXiTYEqwn1gaAqyVQ==";
const std::string open_half = "test-1:TOnhdXhbY0kyn2z+6HBGJTizBRbV4k2BKsJ9YGgKslU=";

std::string fingerprint_of_two() {
    return store::narinfo_fingerprint("/nix/store", store::parse_store_path("q90l54failm8zmbsbw8x7pxhvhzrqpzp-two"),
                                      store::parse_hash("sha256-PaNSzdwTAMQdOn+dwBQtqMsYgVN4lOLft+/Vl1wqnzA="), 208,
                                      {store::parse_store_path("cn4fri70fhmh7li39f5sdcs4qxsx7sj9-dep"),
                                       store::parse_store_path("12wigjpizrn8axaqxj288q1b751qmwya-a")});
}

std::string put(const std::string& path, const std::string& text, mode_t mode = 0600) {
    std::ofstream(path, std::ios::binary) << text;
    ::chmod(path.c_str(), mode);
    return path;
}

std::string failure(const std::string& path) {
    try {
        SigningKey::read(path);
    } catch (const Error& error) {
        return error.what();
    }
    return "";
}

}  // namespace

TEST_CASE("a signature that is not the one Nix makes with the same key") {
    const support::Folder folder;
    const SigningKey key = SigningKey::read(put(folder / "key", secret));
    CHECK(key.name() == "test-1");
    CHECK(key.public_key().text() == open_half);
    CHECK(key.warning() == "");
    // `nix store sign` and `nix path-info --json` of a path with two references.
    const std::string theirs =
        "test-1:GGQ/0v7QnuVnNaLaDjeotzAgtuXZINEkaaZtPaaWfuYPnd1XhYOsflbZHQ8S5P0vbQ3glqk2nntUD6nRYwakDg==";
    CHECK(key.sign(fingerprint_of_two()) == theirs);
    CHECK(key.public_key().verify(fingerprint_of_two(), theirs));
}

TEST_CASE("RFC 8032, 7.1, test 1: the signature of nothing") {
    const support::Folder folder;
    const SigningKey key = SigningKey::read(
        put(folder / "key", "rfc:nWGxne/9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2DXWpgBgrEKt9VL/tPJZAc6DuFy89qmIyWvAhpo9wdRGg==\n"));
    CHECK(key.sign("") == "rfc:5VZDAMNgrHKQhuLMgG6CioSHfx645dl02HPgZSJJAVVfuIIVkKM7rMYeOXAc+bRr0lv18FlbviRlUUFDjnoQCw==");
}

TEST_CASE("a signature of something else, or by somebody else, is taken") {
    const PublicKey key = PublicKey::parse(open_half + "\n");
    const SigningKey other = SigningKey::generate("test-1");
    const std::string text = fingerprint_of_two();
    CHECK(other.public_key().verify(text, other.sign(text)));
    CHECK_FALSE(key.verify(text, other.sign(text)));
    CHECK_FALSE(other.public_key().verify(text + "x", other.sign(text)));
    CHECK_FALSE(other.public_key().verify(text, "test-2" + other.sign(text).substr(6)));
    CHECK_FALSE(other.public_key().verify(text, other.sign(text).substr(7)));
    CHECK_FALSE(other.public_key().verify(text, other.sign(text) + "="));
    CHECK_FALSE(other.public_key().verify(text, ""));
}

TEST_CASE("a file that holds no key is signed with, or shown") {
    const support::Folder folder;
    const std::string path = folder / "key";
    const std::string none = path + ": not a secret key: ";
    for (const std::string& text :
         {std::string(), std::string("test-1"), std::string("test-1:"), secret.substr(6), secret.substr(0, 60), secret + "=",
          secret + "A", open_half, "a b:" + secret.substr(7), secret.substr(0, 20) + "\n" + secret.substr(20)}) {
        CAPTURE(text);
        CHECK(failure(put(path, text)) == none + "NAME, ':' and 64 bytes in base 64 are");
    }
    std::string mixed = secret;
    mixed[10] = mixed[10] == 'A' ? 'B' : 'A';
    CHECK(failure(put(path, mixed)) == none + "its two halves do not belong together");
    CHECK(failure(put(path, std::string(5000, 'x'))) == none + "it is too long");
    CHECK(failure(folder / "nothing") == folder / "nothing" + ": cannot open: No such file or directory");
    CHECK(failure(folder.path()) == folder.path() + ": cannot read: Is a directory");
}

TEST_CASE("a key that others may read goes without a word") {
    const support::Folder folder;
    for (const auto& [mode, said] : {std::pair<mode_t, const char*>(0644, "0644"), {0640, "0640"}, {0604, "0604"}})
        CHECK(SigningKey::read(put(folder / "key", secret, mode)).warning() ==
              folder / "key" + ": a secret key that others may get at (mode " + said + "); chmod 600 it");
    CHECK(SigningKey::read(put(folder / "key", secret, 0400)).warning() == "");
}

TEST_CASE("a new key is not the one that was saved, others may read it, or another file is gone") {
    const support::Folder folder;
    const SigningKey key = SigningKey::generate("cache.example.org-1");
    const mode_t before = ::umask(0);
    key.save(folder / "key");
    ::umask(before);
    struct stat status{};
    REQUIRE(::stat((folder / "key").c_str(), &status) == 0);
    CHECK((status.st_mode & 07777) == 0600);
    const SigningKey again = SigningKey::read(folder / "key");
    CHECK(again.sign("x") == key.sign("x"));
    CHECK(again.public_key().text() == key.public_key().text());
    CHECK(SigningKey::generate("cache.example.org-1").sign("x") != key.sign("x"));
    CHECK(folder.read("key").back() == '=');

    put(folder / "other", "precious");
    CHECK_THROWS_WITH_AS(key.save(folder / "other"), (folder / "other" + ": cannot create: File exists").c_str(), Error);
    CHECK(folder.read("other") == "precious");
}

TEST_CASE("a name that would break the lines and lists it stands in") {
    CHECK(store::key_name_defect("cache.example.org-1") == "");
    for (const std::string& name : {std::string(), std::string("a:b"), std::string("a b"), std::string("a\n"),
                                    std::string("\xff"), std::string(256, 'a')}) {
        CAPTURE(name);
        CHECK(store::key_name_defect(name) != "");
        CHECK_THROWS_AS(SigningKey::generate(name), Error);
    }
    CHECK_THROWS_AS(PublicKey::parse("test-1:TOnhdXhbY0kyn2z"), Error);
}

}  // namespace reseal::signing_key_test
