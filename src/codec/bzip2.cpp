// SPDX-License-Identifier: BSL-1.0
#include <bzlib.h>

#include <algorithm>
#include <limits>
#include <new>

#include "codec/formats.hpp"

namespace reseal::codec {
namespace {

/// bzlib counts in 32 bits.
unsigned room(std::size_t size) {
    return static_cast<unsigned>(std::min<std::size_t>(size, std::numeric_limits<unsigned>::max()));
}

class Bzip2 : public Codec {
public:
    Progress run(std::string_view in, std::span<char> out, bool last) final {
        stream_.next_in = const_cast<char*>(in.data());
        stream_.avail_in = room(in.size());
        stream_.next_out = out.data();
        stream_.avail_out = room(out.size());
        const unsigned offered = stream_.avail_in, free = stream_.avail_out;
        const int status = fault_ != BZ_OK ? fault_ : step(last && offered == in.size());
        const Progress progress{offered - stream_.avail_in, free - stream_.avail_out, status == BZ_STREAM_END};
        if (status < 0 && progress.made > 0) {
            fault_ = status;  // what stands before it goes out first, however the input was cut
            return progress;
        }
        if (status == BZ_MEM_ERROR) throw std::bad_alloc();
        if (status == BZ_DATA_ERROR_MAGIC) throw Failure("a magic number is wrong");
        if (status < 0) throw Failure("a checksum or a code is wrong");
        return progress;
    }

protected:
    virtual int step(bool last) = 0;
    bz_stream stream_{};

private:
    int fault_ = BZ_OK;
};

class Decoder final : public Bzip2 {
public:
    Decoder() {
        if (BZ2_bzDecompressInit(&stream_, 0, 0) != BZ_OK) throw std::bad_alloc();
    }
    ~Decoder() override { BZ2_bzDecompressEnd(&stream_); }

private:
    int step(bool) override { return BZ2_bzDecompress(&stream_); }
};

class Encoder final : public Bzip2 {
public:
    explicit Encoder(int level) {
        if (BZ2_bzCompressInit(&stream_, level, 0, 0) != BZ_OK) throw std::bad_alloc();
    }
    ~Encoder() override { BZ2_bzCompressEnd(&stream_); }

private:
    int step(bool last) override {
        // Without input and not at the end bzlib calls it an error.
        if (!last && stream_.avail_in == 0) return BZ_OK;
        return BZ2_bzCompress(&stream_, last ? BZ_FINISH : BZ_RUN);
    }
};

}  // namespace

std::unique_ptr<Codec> bzip2_decoder() { return std::make_unique<Decoder>(); }
std::unique_ptr<Codec> bzip2_encoder(int level) { return std::make_unique<Encoder>(level); }

}  // namespace reseal::codec
