// SPDX-License-Identifier: BSL-1.0
#include <lzma.h>

#include <new>

#include "codec/formats.hpp"

namespace reseal::codec {
namespace {

class Xz : public Codec {
public:
    ~Xz() override { lzma_end(&stream_); }

    Progress run(std::string_view in, std::span<char> out, bool last) final {
        stream_.next_in = reinterpret_cast<const std::uint8_t*>(in.data());
        stream_.avail_in = in.size();
        stream_.next_out = reinterpret_cast<std::uint8_t*>(out.data());
        stream_.avail_out = out.size();
        const lzma_ret status = fault_ != LZMA_OK ? fault_ : lzma_code(&stream_, last && finishes() ? LZMA_FINISH : LZMA_RUN);
        const Progress progress{in.size() - stream_.avail_in, out.size() - stream_.avail_out, status == LZMA_STREAM_END};
        if (status != LZMA_OK && status != LZMA_STREAM_END && status != LZMA_BUF_ERROR && progress.made > 0) {
            fault_ = status;  // what stands before it goes out first, however the input was cut
            return progress;
        }
        switch (status) {
            case LZMA_OK:
            case LZMA_STREAM_END:
            case LZMA_BUF_ERROR: break;
            case LZMA_MEM_ERROR: throw std::bad_alloc();
            case LZMA_MEMLIMIT_ERROR: throw Unsupported("needs more than 256 MiB of memory");
            case LZMA_OPTIONS_ERROR: throw Unsupported("has options that this build's liblzma does not know");
            case LZMA_UNSUPPORTED_CHECK: throw Unsupported("has a checksum that this build's liblzma does not know");
            default: throw Failure("a checksum or a code is wrong");
        }
        return progress;
    }

protected:
    virtual bool finishes() const = 0;
    lzma_stream stream_ = LZMA_STREAM_INIT;

private:
    lzma_ret fault_ = LZMA_OK;
};

class Decoder final : public Xz {
public:
    Decoder() {
        if (lzma_stream_decoder(&stream_, max_decoder_memory, LZMA_TELL_UNSUPPORTED_CHECK) != LZMA_OK) throw std::bad_alloc();
    }

private:
    bool finishes() const override { return false; }
};

class Encoder final : public Xz {
public:
    explicit Encoder(int level) {
        if (lzma_easy_encoder(&stream_, static_cast<std::uint32_t>(level), LZMA_CHECK_CRC64) != LZMA_OK) throw std::bad_alloc();
    }

private:
    bool finishes() const override { return true; }
};

}  // namespace

std::unique_ptr<Codec> xz_decoder() { return std::make_unique<Decoder>(); }
std::unique_ptr<Codec> xz_encoder(int level) { return std::make_unique<Encoder>(level); }

}  // namespace reseal::codec
