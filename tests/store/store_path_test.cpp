// SPDX-License-Identifier: BSL-1.0
// The published examples of store paths, and what must not become one.
#include <doctest/doctest.h>

#include <reseal/error.hpp>
#include <reseal/store.hpp>

#include "digest/digest.hpp"
#include "support/tree.hpp"

namespace reseal::store_path_test {
using store::ContentAddress;
using store::Hash;
using store::Method;
using store::References;

namespace {

const std::string nix = "/nix/store";

Hash hash(HashType type, std::string_view bytes) { return {type, std::string(digest::digest(type, bytes).bytes())}; }

std::string hash_part(std::string_view name, const ContentAddress& address, const References& references = {}) {
    return store::content_path(nix, name, address, references).hash_part;
}

template <class Action>
std::string failure(Action action) {
    try {
        action();
    } catch (const Error& error) {
        CHECK(error.error() == ErrorCode::misuse);
        return error.what();
    }
    return "";
}

}  // namespace

TEST_CASE("a content address with references to others and itself gives another path than Nix") {
    const References references{{store::parse_store_path("g1w7hy3qg1w7hy3qg1w7hy3qg1w7hy3q-bar")}, true};
    CHECK(store::content_path(nix, "foo", {Method::nar, hash(HashType::sha256, "(...)")}, references).in(nix) ==
          "/nix/store/n5wkd9frr45pa74if5gpz9j7mifg27fh-foo");
}

TEST_CASE("a method or hash type gives another path than Nix") {
    const std::string nar = support::nar(support::file("", "abc"));
    CHECK(hash_part("x", {Method::flat, hash(HashType::sha256, "abc")}) == "wg5dqh07jh5lgg9nvzq5skm9i3qkhl00");
    CHECK(hash_part("x", {Method::text, hash(HashType::sha256, "abc")}) == "vylz2d5mzcgx8z67q4xi43zhzf5zrld5");
    CHECK(hash_part("x", {Method::text, hash(HashType::sha256, "abc")},
                    {{store::parse_store_path("zc842j0rz61mjsp3h3wp5ly71ak6qgdn-bar")}, false}) ==
          "n1gn6n1r08cp26qbmivqgp7bmlcfzfcw");
    if (digest::available(HashType::sha1))
        CHECK(hash_part("x", {Method::nar, hash(HashType::sha1, nar)}) == "zzwiva0k0wxi8cmx7hwci90vkbg346b7");
    CHECK(hash_part("x", {Method::nar, hash(HashType::sha256, nar)}) == "kgxxdczi0qmgi6fr45i5kq3c45mkm2bv");
}

TEST_CASE("a typed path is another than Nix's") {
    const Hash zero{HashType::sha256, std::string(32, '\0')};
    const std::string drv = "rewrite:dc04vv14dak1c1r48qa0m23vr9jy8sm0-foo.drv:";
    CHECK(store::typed_path(nix, drv + "name:out", zero, "foo").hash_part == "imk6rjyq200053c3l5zj9qbmn8xf3b8x");
    CHECK(store::typed_path(nix, drv + "zc842j0rz61mjsp3h3wp5ly71ak6qgdn-foo", zero, "foo").hash_part ==
          "33vbc7pp9za543m4hrlbxz6z8g828rpk");
}

TEST_CASE("the order in which references come, or one that comes twice, changes the path") {
    const auto a = store::parse_store_path("g1w7hy3qg1w7hy3qg1w7hy3qg1w7hy3q-bar");
    const auto b = store::parse_store_path("zc842j0rz61mjsp3h3wp5ly71ak6qgdn-bar");
    const ContentAddress address{Method::nar, hash(HashType::sha256, "x")};
    CHECK(hash_part("x", address, {{a, b}, false}) == hash_part("x", address, {{b, a, b}, false}));
    CHECK(hash_part("x", address, {{a, b}, false}) != hash_part("x", address, {{a}, false}));
    CHECK(hash_part("x", address, {{a}, true}) != hash_part("x", address, {{a}, false}));
}

TEST_CASE("references are taken where a method knows none") {
    const store::StorePath other = store::parse_store_path("zc842j0rz61mjsp3h3wp5ly71ak6qgdn-bar");
    const Hash sha256 = hash(HashType::sha256, ""), sha512{HashType::sha512, std::string(64, '\0')};
    CHECK(failure([&] { hash_part("x", {Method::flat, sha256}, {{other}, false}); }) ==
          "the method flat with sha256 takes no references; only nar with sha256 and text do");
    CHECK(failure([&] { hash_part("x", {Method::flat, sha256}, {{}, true}); }).find("takes no references") !=
          std::string::npos);
    CHECK(failure([&] {
              hash_part("x", {Method::nar, sha512}, {{other}, false});
          }).find("nar with sha512 takes no references") != std::string::npos);
    CHECK(failure([&] { hash_part("x", {Method::text, sha512}); }) == "the method text takes sha256 only, not sha512");
    CHECK(failure([&] { hash_part("x", {Method::text, sha256}, {{}, true}); }) ==
          "the method text takes no reference to the path itself");
    CHECK(hash_part("x", {Method::nar, sha512}).size() == store::hash_part_size);
}

TEST_CASE("a content address does not read as it was written") {
    for (const Method method : {Method::nar, Method::flat, Method::text}) {
        const ContentAddress address{method, hash(HashType::sha256, "abc")};
        CHECK(store::parse_content_address(address.text()) == address);
    }
    CHECK(ContentAddress{Method::nar, hash(HashType::sha256, "abc")}.text() ==
          "fixed:r:sha256:1b8m03r63zqhnjf7l5wnldhh7c134ap5vpj0850ymkq1iyzicy5s");
    CHECK(failure([] { store::parse_content_address("fixed:git:sha1:x"); }) ==
          "the method git is not supported; nar, flat and text are");
    CHECK(failure([] { store::parse_content_address("sha256:x"); }).starts_with("not a content address: 'sha256:x'"));
    CHECK(failure([] { store::parse_method("git"); }) == "the method git is not supported; nar, flat and text are");
    CHECK(failure([] { store::parse_method("Nar"); }) == "no such method: 'Nar'; nar, flat or text");
}

TEST_CASE("a name that no store path may have is taken") {
    for (const char* right : {"foo", ".foo", "..foo", "a.b-c_d?e=f+g", "0", "...", ".a-b"})
        CHECK(store::name_defect(right) == "");
    CHECK(store::name_defect(std::string(211, 'x')) == "");
    CHECK(store::name_defect("") == "it is empty");
    CHECK(store::name_defect(std::string(212, 'x')) == "it has 212 bytes, 211 are allowed");
    for (const char* dots : {".", ".-", ".-x"}) CHECK(store::name_defect(dots) == "it begins with '.' by itself");
    for (const char* dots : {"..", "..-", "..-x"}) CHECK(store::name_defect(dots) == "it begins with '..' by itself");
    for (const char* wrong : {"a/b", "a b", "a\n", "a\xc3\xa4", "a~"})
        CHECK(store::name_defect(wrong).find("character") != std::string::npos);
    CHECK(store::name_defect(std::string_view("a\0b", 3)).find("character") != std::string::npos);
}

TEST_CASE("what is no store path is taken for one") {
    const std::string base = "zc842j0rz61mjsp3h3wp5ly71ak6qgdn-bar";
    CHECK(store::parse_store_path(base).base() == base);
    CHECK(store::parse_store_path("/nix/store/" + base, nix) == store::parse_store_path(base));
    for (const std::string& wrong :
         {std::string(), base.substr(0, 32), base.substr(0, 33), base.substr(1), std::string("e").append(base.substr(1)),
          "/nix/store/" + base, base + "/x", base.substr(0, 32) + "_bar"})
        CHECK(failure([&] {
                  store::parse_store_path(wrong);
              }).starts_with(std::string("not a store path: '").append(wrong).append("'")));
    CHECK(failure([&] { store::parse_store_path("/gnu/store/" + base, nix); }).ends_with("it does not lie in /nix/store"));
    CHECK(failure([&] { store::parse_store_path("/nix/storex" + base, nix); }).ends_with("it does not lie in /nix/store"));
}

TEST_CASE("a version of Nix hashes positions where it does not, or the other way round") {
    for (const char* with : {"2.3", "2.16", "2.16.1", "1.11", "2.35", "2.36.0", "3.0"}) CHECK(store::hashes_positions(with));
    for (const char* without : {"2.17", "2.20.1", "2.34", "lix"}) CHECK_FALSE(store::hashes_positions(without));
    for (const char* wrong : {"", "2", "2.", "2.x", ".35", "2.35.", "2.35.1.1", "Lix", " 2.35", "-2.3", "2.35pre"})
        CHECK(
            failure([&] { store::hashes_positions(wrong); }).starts_with("not a version of Nix: '" + std::string(wrong) + "'"));
}

}  // namespace reseal::store_path_test
