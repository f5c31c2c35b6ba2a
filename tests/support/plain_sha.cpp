// SPDX-License-Identifier: BSL-1.0
#include "support/plain_sha.hpp"

#include <array>
#include <bit>
#include <cstddef>
#include <vector>

namespace support {
namespace {

constexpr std::array<std::uint32_t, 64> k256{
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5, 0xd807aa98, 0x12835b01,
    0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc,
    0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da, 0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147,
    0x06ca6351, 0x14292967, 0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070, 0x19a4c116, 0x1e376c08,
    0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3, 0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208,
    0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

constexpr std::array<std::uint64_t, 80> k512{
    0x428a2f98d728ae22, 0x7137449123ef65cd, 0xb5c0fbcfec4d3b2f, 0xe9b5dba58189dbbc, 0x3956c25bf348b538, 0x59f111f1b605d019,
    0x923f82a4af194f9b, 0xab1c5ed5da6d8118, 0xd807aa98a3030242, 0x12835b0145706fbe, 0x243185be4ee4b28c, 0x550c7dc3d5ffb4e2,
    0x72be5d74f27b896f, 0x80deb1fe3b1696b1, 0x9bdc06a725c71235, 0xc19bf174cf692694, 0xe49b69c19ef14ad2, 0xefbe4786384f25e3,
    0x0fc19dc68b8cd5b5, 0x240ca1cc77ac9c65, 0x2de92c6f592b0275, 0x4a7484aa6ea6e483, 0x5cb0a9dcbd41fbd4, 0x76f988da831153b5,
    0x983e5152ee66dfab, 0xa831c66d2db43210, 0xb00327c898fb213f, 0xbf597fc7beef0ee4, 0xc6e00bf33da88fc2, 0xd5a79147930aa725,
    0x06ca6351e003826f, 0x142929670a0e6e70, 0x27b70a8546d22ffc, 0x2e1b21385c26c926, 0x4d2c6dfc5ac42aed, 0x53380d139d95b3df,
    0x650a73548baf63de, 0x766a0abb3c77b2a8, 0x81c2c92e47edaee6, 0x92722c851482353b, 0xa2bfe8a14cf10364, 0xa81a664bbc423001,
    0xc24b8b70d0f89791, 0xc76c51a30654be30, 0xd192e819d6ef5218, 0xd69906245565a910, 0xf40e35855771202a, 0x106aa07032bbd1b8,
    0x19a4c116b8d2d0c8, 0x1e376c085141ab53, 0x2748774cdf8eeb99, 0x34b0bcb5e19b48a8, 0x391c0cb3c5c95a63, 0x4ed8aa4ae3418acb,
    0x5b9cca4f7763e373, 0x682e6ff3d6b2b8a3, 0x748f82ee5defb2fc, 0x78a5636f43172f60, 0x84c87814a1f0ab72, 0x8cc702081a6439ec,
    0x90befffa23631e28, 0xa4506cebde82bde9, 0xbef9a3f7b2c67915, 0xc67178f2e372532b, 0xca273eceea26619c, 0xd186b8c721c0c207,
    0xeada7dd6cde0eb1e, 0xf57d4f7fee6ed178, 0x06f067aa72176fba, 0x0a637dc5a2c898a6, 0x113f9804bef90dae, 0x1b710b35131c471b,
    0x28db77f523047d84, 0x32caab7b40c72493, 0x3c9ebe0a15c9bebc, 0x431d67c49c100d4c, 0x4cc5d4becb3e42b6, 0x597f299cfc657e2a,
    0x5fcb6fab3ad6faec, 0x6c44198c4a475817};

// The message, a one bit, zeros, and the length in bits in the last `length_bytes` of a block.
std::string padded(std::string_view message, std::size_t block, std::size_t length_bytes) {
    std::string out(message);
    out += '\x80';
    while (out.size() % block != block - length_bytes) out += '\0';
    out.append(length_bytes - 8, '\0');
    const std::uint64_t bits = std::uint64_t{message.size()} * 8;
    for (int shift = 56; shift >= 0; shift -= 8) out += static_cast<char>(bits >> shift);
    return out;
}

// Big-endian words.
template <class Word>
std::vector<Word> words(const std::string& bytes) {
    std::vector<Word> out(bytes.size() / sizeof(Word));
    for (std::size_t i = 0; i < bytes.size(); ++i)
        out[i / sizeof(Word)] = static_cast<Word>((out[i / sizeof(Word)] << 8) | static_cast<unsigned char>(bytes[i]));
    return out;
}
template <class Word, std::size_t count>
std::string big_endian(const std::array<Word, count>& state) {
    std::string out;
    for (Word word : state)
        for (int shift = 8 * (static_cast<int>(sizeof(Word)) - 1); shift >= 0; shift -= 8)
            out += static_cast<char>(word >> shift);
    return out;
}

// What differs between SHA-256 and SHA-512 (FIPS 180-4, 4.1.2 and 4.1.3): the rotations.
struct Sha256 {
    using Word = std::uint32_t;
    static constexpr std::size_t rounds = 64;
    static Word k(std::size_t t) { return k256[t]; }
    static Word big0(Word x) { return std::rotr(x, 2) ^ std::rotr(x, 13) ^ std::rotr(x, 22); }
    static Word big1(Word x) { return std::rotr(x, 6) ^ std::rotr(x, 11) ^ std::rotr(x, 25); }
    static Word small0(Word x) { return std::rotr(x, 7) ^ std::rotr(x, 18) ^ (x >> 3); }
    static Word small1(Word x) { return std::rotr(x, 17) ^ std::rotr(x, 19) ^ (x >> 10); }
};
struct Sha512 {
    using Word = std::uint64_t;
    static constexpr std::size_t rounds = 80;
    static Word k(std::size_t t) { return k512[t]; }
    static Word big0(Word x) { return std::rotr(x, 28) ^ std::rotr(x, 34) ^ std::rotr(x, 39); }
    static Word big1(Word x) { return std::rotr(x, 14) ^ std::rotr(x, 18) ^ std::rotr(x, 41); }
    static Word small0(Word x) { return std::rotr(x, 1) ^ std::rotr(x, 8) ^ (x >> 7); }
    static Word small1(Word x) { return std::rotr(x, 19) ^ std::rotr(x, 61) ^ (x >> 6); }
};

template <class Kind>
std::string sha2(std::string_view message, std::array<typename Kind::Word, 8> h) {
    using Word = typename Kind::Word;
    const std::vector<Word> m = words<Word>(padded(message, 16 * sizeof(Word), 2 * sizeof(Word)));
    for (std::size_t block = 0; block < m.size(); block += 16) {
        std::array<Word, Kind::rounds> w{};
        for (std::size_t t = 0; t < 16; ++t) w[t] = m[block + t];
        for (std::size_t t = 16; t < Kind::rounds; ++t)
            w[t] = Kind::small1(w[t - 2]) + w[t - 7] + Kind::small0(w[t - 15]) + w[t - 16];
        auto [a, b, c, d, e, f, g, last] = h;
        for (std::size_t t = 0; t < Kind::rounds; ++t) {
            const Word t1 = last + Kind::big1(e) + ((e & f) ^ (~e & g)) + Kind::k(t) + w[t];
            const Word t2 = Kind::big0(a) + ((a & b) ^ (a & c) ^ (b & c));
            last = g, g = f, f = e, e = d + t1, d = c, c = b, b = a, a = t1 + t2;
        }
        h = {h[0] + a, h[1] + b, h[2] + c, h[3] + d, h[4] + e, h[5] + f, h[6] + g, h[7] + last};
    }
    return big_endian(h);
}

}  // namespace

std::string plain_sha1(std::string_view message) {
    std::array<std::uint32_t, 5> h{0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0};
    const std::vector<std::uint32_t> m = words<std::uint32_t>(padded(message, 64, 8));
    for (std::size_t block = 0; block < m.size(); block += 16) {
        std::array<std::uint32_t, 80> w{};
        for (std::size_t t = 0; t < 16; ++t) w[t] = m[block + t];
        for (std::size_t t = 16; t < 80; ++t) w[t] = std::rotl(w[t - 3] ^ w[t - 8] ^ w[t - 14] ^ w[t - 16], 1);
        auto [a, b, c, d, e] = h;
        for (std::size_t t = 0; t < 80; ++t) {
            const std::uint32_t f = t < 20 ? (b & c) ^ (~b & d) : t < 40 || t >= 60 ? b ^ c ^ d : (b & c) ^ (b & d) ^ (c & d);
            const std::uint32_t k = t < 20 ? 0x5a827999 : t < 40 ? 0x6ed9eba1 : t < 60 ? 0x8f1bbcdc : 0xca62c1d6;
            const std::uint32_t next = std::rotl(a, 5) + f + e + k + w[t];
            e = d, d = c, c = std::rotl(b, 30), b = a, a = next;
        }
        h = {h[0] + a, h[1] + b, h[2] + c, h[3] + d, h[4] + e};
    }
    return big_endian(h);
}

std::string plain_sha256(std::string_view message) {
    return sha2<Sha256>(message,
                        {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19});
}

std::string plain_sha384(std::string_view message) {
    return sha2<Sha512>(message, {0xcbbb9d5dc1059ed8, 0x629a292a367cd507, 0x9159015a3070dd17, 0x152fecd8f70e5939,
                                  0x67332667ffc00b31, 0x8eb44a8768581511, 0xdb0c2e0d64f98fa7, 0x47b5481dbefa4fa4})
        .substr(0, 48);
}

std::string plain_sha512(std::string_view message) {
    return sha2<Sha512>(message, {0x6a09e667f3bcc908, 0xbb67ae8584caa73b, 0x3c6ef372fe94f82b, 0xa54ff53a5f1d36f1,
                                  0x510e527fade682d1, 0x9b05688c2b3e6c1f, 0x1f83d9abfb41bd6b, 0x5be0cd19137e2179});
}

std::string plain_hash(std::uint8_t hash_type, std::string_view message) {
    switch (hash_type) {
        case 1: return plain_sha1(message);
        case 2: return plain_sha256(message);
        case 3: return plain_sha256(message).substr(0, 20);
        case 4: return plain_sha384(message);
        case 5: return plain_sha512(message);
        default: return {};
    }
}

}  // namespace support
