// SPDX-License-Identifier: BSL-1.0
// The members of a zip file, whoever cut it and whatever is wrong with it.
#include <doctest/doctest.h>
#include <zlib.h>

#include <algorithm>
#include <memory>
#include <random>
#include <span>
#include <string>
#include <vector>

#include "bytes/endian.hpp"
#include "codec/formats.hpp"
#include "codec/zip.hpp"

namespace reseal::zip_test {
using codec::Zip;

namespace {

std::string little(std::uint64_t value, std::size_t size) {
    std::string out(8, '\0');
    bytes::store<std::uint64_t>(out.data(), value, bytes::Order::little);
    return out.substr(0, size);
}

std::string deflated(const std::string& bytes) {
    z_stream stream{};
    REQUIRE(deflateInit2(&stream, 9, Z_DEFLATED, -15, 8, Z_DEFAULT_STRATEGY) == Z_OK);
    std::string out(deflateBound(&stream, bytes.size()), '\0');
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
    stream.avail_in = static_cast<uInt>(bytes.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    REQUIRE(deflate(&stream, Z_FINISH) == Z_STREAM_END);
    out.resize(stream.total_out);
    deflateEnd(&stream);
    return out;
}

struct Shape {
    bool deflate = true, behind = false, zip64 = false;
};

std::string member(const std::string& name, const std::string& bytes, Shape shape) {
    const std::string packed = shape.deflate ? deflated(bytes) : bytes;
    const std::string sizes = little(packed.size(), 4) + little(bytes.size(), 4);
    const std::string extra = shape.zip64 ? "\x99\x99" + little(3, 2) + "abc" + little(1, 2) + little(16, 2) +
                                                little(bytes.size(), 8) + little(packed.size(), 8)
                                          : std::string();
    std::string out = std::string(codec::zip_magic) + little(20, 2) + little(shape.behind ? 8 : 0, 2) +
                      little(shape.deflate ? 8 : 0, 2) + little(0, 8);
    out += shape.behind ? little(0, 8) : shape.zip64 ? std::string(8, '\xff') : sizes;
    out += little(name.size(), 2) + little(extra.size(), 2) + name + extra + packed;
    if (shape.behind) out += "PK\7\x08" + little(0, 4) + sizes;
    return out;
}

const std::string the_end = std::string("PK\1\2") + std::string(42, '\0') + "PK\5\6" + std::string(18, '\0');

struct Member {
    std::string name, bytes, unread;
    bool operator==(const Member&) const = default;
};
struct Result {
    std::vector<Member> members;
    std::string malformed;
    bool operator==(const Result&) const = default;
};

Result read(std::string_view file, std::size_t chunk) {
    Zip zip;
    Result out;
    bool open = false;
    const auto drain = [&] {
        Zip::Piece piece;
        while (zip.next(piece)) {
            CHECK(piece.first != open);
            if (piece.first) out.members.push_back({zip.name(), "", ""});
            out.members.back().bytes += piece.bytes;
            out.members.back().unread += piece.unread;
            open = !piece.last;
        }
    };
    for (; !file.empty(); file.remove_prefix(std::min(chunk, file.size()))) {
        zip.feed(file.substr(0, chunk));
        drain();
    }
    zip.end();
    out.malformed = zip.malformed().value_or("");
    return out;
}

std::string sample(std::size_t size) {
    std::mt19937 random(3);
    std::string bytes(size, '\0');
    for (char& c : bytes) c = static_cast<char>(random() % 5);
    return bytes;
}

}  // namespace

TEST_CASE("a member depends on how the file was cut, or is lost") {
    std::string file;
    std::vector<Member> expected;
    for (const Shape shape : {Shape{}, {false, false, false}, {true, true, false}, {true, false, true}, {false, false, true}})
        for (const std::size_t size : {0u, 1u, 200'000u}) {
            const Member each{"m" + std::to_string(expected.size()), sample(size), ""};
            file += member(each.name, each.bytes, shape);
            expected.push_back(each);
        }
    file += the_end;
    for (const std::size_t chunk :
         {std::size_t{1}, std::size_t{2}, std::size_t{7}, std::size_t{4096}, std::size_t{65537}, file.size()}) {
        CAPTURE(chunk);
        CHECK((read(file, chunk) == Result{expected, ""}));
    }
}

TEST_CASE("a member that fills the buffer to its last byte is corrupt") {
    struct Method {
        std::uint16_t number;
        std::unique_ptr<codec::Codec> (*encoder)(int);
    };
    const auto packed = [](const Method& method, const std::string& bytes) {
        if (method.number == 0) return bytes;
        if (method.number == 8) return deflated(bytes);
        const std::unique_ptr<codec::Codec> encoder = method.encoder(1);
        std::string out(bytes.size() + 10'000, '\0');
        std::size_t taken = 0, made = 0;
        for (codec::Progress progress; !progress.ended; taken += progress.taken, made += progress.made)
            progress = encoder->run(std::string_view(bytes).substr(taken), std::span(out).subspan(made), true);
        out.resize(made);
        return out;
    };
    const auto zip_of = [](std::uint16_t number, const std::string& data, std::size_t size) {
        return std::string(codec::zip_magic) + little(20, 2) + little(0, 2) + little(number, 2) + little(0, 8) +
               little(data.size(), 4) + little(size, 4) + little(1, 2) + little(0, 2) + "m" + data + member("n", "next", {}) +
               the_end;
    };
    for (const Method& method : {Method{0, nullptr}, Method{8, nullptr}, Method{12, codec::bzip2_encoder},
                                 Method{93, codec::zstd_encoder}, Method{95, codec::xz_encoder}})
        for (const std::size_t size : {65'536u, 131'072u, 300'000u})
            for (const std::string& bytes : {sample(size), std::string(size, 'z')}) {
                CAPTURE(method.number);
                CAPTURE(size);
                const std::string file = zip_of(method.number, packed(method, bytes), bytes.size());
                for (const std::size_t chunk : {std::size_t{1}, std::size_t{4096}, file.size()})
                    CHECK((read(file, chunk) == Result{{{"m", bytes, ""}, {"n", "next", ""}}, ""}));
            }
}

TEST_CASE("a cut goes unnoticed, or takes what came before it") {
    const std::string first = member("a", "hello", {}), second = member("b", "world", {.behind = true});
    const std::string file = first + second + the_end;
    for (std::size_t size = 0; size < first.size() + second.size() + 4; ++size) {
        CAPTURE(size);
        const Result result = read(std::string_view(file).substr(0, size), 3);
        CHECK(result.malformed == "is cut short");
        if (size >= first.size()) {
            REQUIRE(!result.members.empty());
            CHECK((result.members[0] == Member{"a", "hello", ""}));
        }
    }
    CHECK(read(file, 3).malformed.empty());
}

TEST_CASE("a member that cannot be read takes the next with it") {
    std::string bad = member("bad", sample(1000), {});
    const std::string good = member("good", "hello", {}) + the_end;
    bad[33] = '\xff';
    for (const std::size_t chunk : {1u, 10u, 100'000u}) {
        const Result corrupt = read(bad + good, chunk);
        REQUIRE(corrupt.members.size() == 2);
        CHECK(corrupt.members[0].unread.starts_with("is corrupt: "));
        CHECK((corrupt.members[1] == Member{"good", "hello", ""}));
        CHECK(corrupt.malformed.empty());
    }
    std::string encrypted = member("secret", "hello", {});
    encrypted[6] = 1;
    CHECK((read(encrypted + good, 9) == Result{{{"secret", "", "is encrypted"}, {"good", "hello", ""}}, ""}));
    std::string unknown = member("new", "hello", {});
    unknown[8] = 97;
    CHECK((read(unknown + good, 9) == Result{{{"new", "", "is compressed by method 97"}, {"good", "hello", ""}}, ""}));
    // Stored, and its size stands behind it: nobody can tell where that is.
    const Result endless = read(member("s", "hello", {.deflate = false, .behind = true}) + good, 9);
    CHECK(endless.members == std::vector<Member>{{"s", "", "does not say how long it is"}});
    CHECK(endless.malformed == "cannot be read behind member 's'");
    std::string shorter = member("c", sample(1000), {});
    bytes::store<std::uint32_t>(shorter.data() + 18, 10, bytes::Order::little);
    CHECK(read(shorter + good, 9).members[0].unread == "is cut short");
}

TEST_CASE("sizes behind a member that are not its own are taken for the next member") {
    std::string file = member("a", "hello", {.behind = true});
    file[file.size() - 1] = 1;
    CHECK(read(file + the_end, 5).malformed == "is corrupt: the sizes behind member 'a' are not its own");
}

TEST_CASE("a zip64 field that is short or missing is read past its end") {
    const std::string good = member("a", "hello", {.zip64 = true}) + the_end;
    for (const std::size_t size : {0u, 8u, 15u}) {
        std::string bad = good;
        bytes::store<std::uint16_t>(bad.data() + 30 + 1 + 7 + 2, static_cast<std::uint16_t>(size), bytes::Order::little);
        CHECK(read(bad, 5).malformed == "is corrupt: member 'a' does not say how long it is");
    }
}

TEST_CASE("any single byte that is wrong leads out of bounds or never ends") {
    const std::string file = member("a", sample(300), {}) + member("b", "hello", {.behind = true}) +
                             member("c", "hello", {.deflate = false, .zip64 = true}) + the_end;
    for (std::size_t at = 0; at < file.size(); ++at)
        for (const int bit : {0, 3, 7}) {
            std::string bad = file;
            bad[at] = static_cast<char>(bad[at] ^ 1 << bit);
            CHECK((read(bad, 1) == read(bad, bad.size())));
        }
}

}  // namespace reseal::zip_test
