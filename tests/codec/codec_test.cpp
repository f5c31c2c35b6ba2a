// SPDX-License-Identifier: BSL-1.0
// What must hold in every format: nothing is lost, and no damage goes unnoticed.
#include <doctest/doctest.h>
#include <lzma.h>

#include <optional>
#include <random>
#include <reseal/error.hpp>
#include <reseal/sink.hpp>
#include <string>

#include "codec/compressed.hpp"
#include "codec/decompressor.hpp"
#include "support/effort.hpp"

namespace reseal::codec_test {
using namespace codec;

namespace {

constexpr Compression formats[] = {Compression::gzip, Compression::bzip2, Compression::xz, Compression::zstd};

/// Half of it compresses, half does not.
std::string sample(std::size_t size) {
    std::mt19937 random(3);
    std::string bytes;
    while (bytes.size() < size) {
        bytes += "/nix/store/0bqks4v5sjb8cxnqjmwyrmv2ssd0lr7w-hello/lib\n";
        for (int i = 0; i < 40; ++i) bytes += static_cast<char>(random());
    }
    bytes.resize(size);
    return bytes;
}

struct Result {
    std::string bytes, failure;
    std::optional<std::uint64_t> offset;
    bool operator==(const Result&) const = default;
};

Result decompressed(const std::string& stream, Compression compression, std::size_t chunk = 100'000) {
    StringSink out;
    Decompressor decompressor(compression, out, "file");
    Result result;
    try {
        for (std::size_t at = 0; at < stream.size(); at += chunk)
            decompressor.write(std::string_view(stream).substr(at, chunk));
        decompressor.finish();
    } catch (const Error& error) {
        CHECK(error.error() == ErrorCode::malformed);
        CHECK(error.entry() == "file");
        result.failure = error.what();
        result.offset = error.offset();
    }
    result.bytes = out.bytes;
    return result;
}

std::string cut_short(Compression compression) {
    return "file: the " + std::string(name(compression)) + " stream is cut short";
}

}  // namespace

TEST_CASE("bytes are lost on the way through a format") {
    for (const Compression compression : formats) {
        CAPTURE(name(compression));
        for (const std::size_t size : {0u, 1u, 100u, 300'000u, 1'000'000u}) {
            const std::string bytes = sample(size), stream = compressed(bytes, compression);
            CHECK(detect(stream) == compression);
            for (const std::size_t chunk : {1u, 7u, 4096u, 10'000'000u}) {
                if (chunk < 100 && size > 300'000) continue;
                const Result result = decompressed(stream, compression, chunk);
                CHECK(result.failure == "");
                CHECK((result.bytes == bytes));
            }
        }
    }
}

TEST_CASE("the output depends on how the input was cut, or on the day") {
    const std::string bytes = sample(500'000);
    for (const Compression compression : formats) {
        CAPTURE(name(compression));
        const Levels range = levels(compression);
        for (const int level : {range.least, range.usual}) {
            const std::string stream = compressed(bytes, {compression, level});
            for (const std::size_t chunk : {13u, 4096u, 1'000'000u})
                CHECK((compressed(bytes, {compression, level}, chunk) == stream));
        }
    }
    // A gzip header without time and name, from no system in particular.
    CHECK(compressed("", Compression::gzip).substr(0, 10) == std::string("\x1f\x8b\x08\0\0\0\0\0\0\xff", 10));
}

TEST_CASE("a stream that is cut short passes for a whole one") {
    const std::string bytes = sample(3000);
    for (const Compression compression : formats) {
        CAPTURE(name(compression));
        const std::string stream = compressed(bytes, compression), twice = stream + stream;
        for (std::size_t size = 1; size < twice.size(); size += support::step(1)) {
            if (size == stream.size()) continue;
            CAPTURE(size);
            const Result result = decompressed(twice.substr(0, size), compression);
            CHECK(result.failure == cut_short(compression) + " (offset " + std::to_string(size) + ")");
            CHECK((bytes + bytes).starts_with(result.bytes));
        }
    }
}

TEST_CASE("a damaged byte goes unnoticed") {
    const std::string bytes = sample(3000);
    for (const Compression compression : formats) {
        CAPTURE(name(compression));
        const std::string stream = compressed(bytes, compression);
        std::size_t harmless = 0;
        for (std::size_t at = 0; at < stream.size(); at += support::step(1)) {
            for (const int bit : {0, 3, 7}) {
                std::string damaged = stream;
                damaged[at] = static_cast<char>(damaged[at] ^ (1 << bit));
                const Result result = decompressed(damaged, compression);
                if (result.failure.empty()) {
                    CAPTURE(at);
                    CAPTURE(bit);
                    CHECK((result.bytes == bytes));  // a time or a flag that means nothing
                    ++harmless;
                }
            }
        }
        CHECK(harmless < 40);
    }
}

TEST_CASE("only the first of several members is read") {
    const std::string a = sample(5000), b = "another";
    for (const Compression compression : formats) {
        CAPTURE(name(compression));
        const std::string stream = compressed(a, compression) + compressed("", compression) + compressed(b, compression);
        for (const std::size_t chunk : {1u, 11u, 100'000u}) {
            const Result result = decompressed(stream, compression, chunk);
            CHECK(result.failure == "");
            CHECK((result.bytes == a + b));
        }
    }
    const std::string skipped("\x50\x2a\x4d\x18\x03\0\0\0abc", 11);
    CHECK(decompressed(skipped + compressed(b, Compression::zstd) + skipped, Compression::zstd, 1).bytes == b);
}

TEST_CASE("padding is refused where the format has it, or taken where it has none") {
    const std::string a = "some bytes";
    const std::string gzip = compressed(a, Compression::gzip), xz = compressed(a, Compression::xz);
    const auto joined = [](std::string first, const std::string& second, const std::string& third) {
        return first.append(second).append(third);
    };
    for (const std::size_t zeros : {1u, 4u, 512u, 10'000u}) {
        CAPTURE(zeros);
        const std::string padding(zeros, '\0');
        CHECK(decompressed(gzip + padding, Compression::gzip, 3).bytes == a);
        CHECK(decompressed(gzip + padding, Compression::gzip, 3).failure == "");
        CHECK(decompressed(joined(gzip, padding, gzip), Compression::gzip).bytes == a + a);
        CHECK(decompressed(xz + padding, Compression::xz, 3).failure.empty() == (zeros % 4 == 0));
        CHECK(decompressed(joined(xz, padding, xz), Compression::xz).failure.empty() == (zeros % 4 == 0));
        CHECK(decompressed(compressed(a, Compression::zstd) + padding, Compression::zstd).failure != "");
        const std::string bzip2 = compressed(a, Compression::bzip2);
        CHECK(decompressed(bzip2 + padding, Compression::bzip2, 3).failure == "");
        CHECK(decompressed(joined(bzip2, padding, bzip2), Compression::bzip2).bytes == a + a);
    }
}

TEST_CASE("what follows a stream and is none is passed over") {
    for (const Compression compression : formats) {
        CAPTURE(name(compression));
        const std::string stream = compressed("some bytes", compression);
        for (const char* more : {"garbage behind the end", "x"}) {
            const Result result = decompressed(stream + more, compression);
            CHECK(result.bytes == "some bytes");
            CHECK(result.failure.starts_with("file: the " + std::string(name(compression)) + " stream is "));
            CHECK(result.offset >= stream.size());
            CHECK(decompressed(stream + more, compression, 1) == result);
        }
        CHECK(decompressed(stream + "garbage behind the end", compression).failure.find("is followed by something else") !=
              std::string::npos);
    }
}

TEST_CASE("a stream that asks for gigabytes gets them") {
    // An xz block with a dictionary of 4 GiB − 1, the largest there is.
    const auto sealed = [](std::string bytes) {
        std::uint32_t crc = lzma_crc32(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size(), 0);
        for (int i = 0; i < 4; ++i, crc >>= 8) bytes += static_cast<char>(crc);
        return bytes;
    };
    const std::string xz =
        std::string("\xfd\x37zXZ\0", 6) + sealed(std::string("\0\4", 2)) + sealed(std::string("\x02\0\x21\x01\x28\0\0\0", 8));
    CHECK(decompressed(xz, Compression::xz).failure == "file: the xz stream needs more than 256 MiB of memory");
    // A zstd frame with a window of 3.75 TiB.
    CHECK(decompressed(std::string("\x28\xb5\x2f\xfd\0\xff\x01\0\0", 9), Compression::zstd).failure ==
          "file: the zstd stream needs more than 128 MiB of memory");
}

TEST_CASE("what the next sink throws is taken for damage") {
    struct Full final : Sink {
        void write(std::string_view) override { throw Error(ErrorCode::io, "full"); }
    } full;
    const std::string stream = compressed(sample(100'000), Compression::gzip);
    Decompressor decompressor(Compression::gzip, full, "file");
    try {
        decompressor.write(stream);
        FAIL("nothing was thrown");
    } catch (const Error& error) {
        CHECK(error.error() == ErrorCode::io);
    }
}

TEST_CASE("how much comes before damage, or what is said of it, depends on how the stream was cut") {
    const std::string bytes = sample(1'000'000);
    for (const Compression compression : formats) {
        const std::string whole = compressed(bytes, compression);
        std::mt19937 random(11);
        for (std::size_t i = 0; i < support::rounds(12); ++i) {
            std::string bad = whole;
            const std::size_t at = random() % bad.size();
            bad[at] = static_cast<char>(bad[at] ^ 0x40);
            CAPTURE(name(compression));
            CAPTURE(at);
            const Result one = decompressed(bad, compression, bad.size());
            for (const std::size_t chunk : {1u, 1000u, 70'000u}) CHECK((decompressed(bad, compression, chunk) == one));
            if (one.failure.find("is corrupt") != std::string::npos)
                CHECK(one.failure.find(" behind " + std::to_string(one.bytes.size()) + " unpacked bytes: ") !=
                      std::string::npos);
        }
    }
}

}  // namespace reseal::codec_test
