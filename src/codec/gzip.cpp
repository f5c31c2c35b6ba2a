// SPDX-License-Identifier: BSL-1.0
#include <zlib.h>

#include <algorithm>
#include <limits>
#include <new>

#include "codec/formats.hpp"

namespace reseal::codec {
namespace {

constexpr int window_bits = 15, with_gzip = 16;

/// zlib counts in 32 bits.
template <class Size>
uInt room(Size size) {
    return static_cast<uInt>(std::min<std::size_t>(size, std::numeric_limits<uInt>::max()));
}

class Gzip : public Codec {
public:
    Progress run(std::string_view in, std::span<char> out, bool last) final {
        stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(in.data()));
        stream_.avail_in = room(in.size());
        stream_.next_out = reinterpret_cast<Bytef*>(out.data());
        stream_.avail_out = room(out.size());
        const uInt offered = stream_.avail_in, free = stream_.avail_out;
        const int status = step(last && offered == in.size());
        if (status == Z_MEM_ERROR) throw std::bad_alloc();
        const Progress progress{offered - stream_.avail_in, free - stream_.avail_out, status == Z_STREAM_END};
        // What stands before a fault goes out first, however the input was cut; asked again, zlib says the same again.
        if (status != Z_OK && status != Z_STREAM_END && status != Z_BUF_ERROR && progress.made == 0)
            throw Failure(stream_.msg != nullptr ? stream_.msg : "it cannot be read");
        return progress;
    }

protected:
    virtual int step(bool last) = 0;
    z_stream stream_{};
};

class Decoder final : public Gzip {
public:
    explicit Decoder(int form) {
        if (inflateInit2(&stream_, form) != Z_OK) throw std::bad_alloc();
    }
    ~Decoder() override { inflateEnd(&stream_); }

private:
    int step(bool) override { return inflate(&stream_, Z_NO_FLUSH); }
};

class Encoder final : public Gzip {
public:
    explicit Encoder(int level) {
        constexpr int usual_memory = 8, unknown_system = 255;
        if (deflateInit2(&stream_, level, Z_DEFLATED, window_bits + with_gzip, usual_memory, Z_DEFAULT_STRATEGY) != Z_OK)
            throw std::bad_alloc();
        header_.os = unknown_system;
        deflateSetHeader(&stream_, &header_);
    }
    ~Encoder() override { deflateEnd(&stream_); }

private:
    int step(bool last) override { return deflate(&stream_, last ? Z_FINISH : Z_NO_FLUSH); }
    gz_header header_{};  // no time, no name
};

}  // namespace

std::unique_ptr<Codec> gzip_decoder() { return std::make_unique<Decoder>(window_bits + with_gzip); }
std::unique_ptr<Codec> deflate_decoder() { return std::make_unique<Decoder>(-window_bits); }
std::unique_ptr<Codec> gzip_encoder(int level) { return std::make_unique<Encoder>(level); }

}  // namespace reseal::codec
