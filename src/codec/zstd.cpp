// SPDX-License-Identifier: BSL-1.0
#include <zstd.h>
#include <zstd_errors.h>

#include <algorithm>
#include <new>

#include "codec/formats.hpp"

namespace reseal::codec {
namespace {

std::size_t checked(std::size_t code) {
    switch (ZSTD_getErrorCode(code)) {
        case ZSTD_error_no_error: return code;
        case ZSTD_error_memory_allocation: throw std::bad_alloc();
        case ZSTD_error_frameParameter_windowTooLarge: throw Unsupported("needs more than 128 MiB of memory");
        case ZSTD_error_dictionary_wrong: throw Unsupported("needs a dictionary");
        default: throw Failure(ZSTD_getErrorName(code));
    }
}

class Decoder final : public Codec {
public:
    Decoder() : context_(ZSTD_createDCtx(), ZSTD_freeDCtx) {
        if (!context_) throw std::bad_alloc();
        wanted_ = checked(ZSTD_initDStream(context_.get()));
    }

    // Where it fails, libzstd does not say what it had made by then. So it gets a block at a time, and none while it has more
    // to hand out: what stands before a fault goes out, however the input was cut.
    Progress run(std::string_view in, std::span<char> out, bool) override {
        if (!filled_) return step(in.substr(0, wanted_), out);
        const Progress rest = step({}, out);
        return rest.made > 0 || rest.ended ? rest : step(in.substr(0, wanted_), out);
    }

private:
    Progress step(std::string_view offered, std::span<char> out) {
        ZSTD_inBuffer from{offered.data(), offered.size(), 0};
        ZSTD_outBuffer to{out.data(), out.size(), 0};
        wanted_ = checked(ZSTD_decompressStream(context_.get(), &to, &from));
        filled_ = to.pos == to.size;
        return {from.pos, to.pos, wanted_ == 0};
    }

    std::size_t wanted_;  // bytes to the end of a header or block
    bool filled_ = false;
    // Windows beyond 128 MiB are refused unless one asks for them.
    std::unique_ptr<ZSTD_DCtx, std::size_t (*)(ZSTD_DCtx*)> context_;
};

class Encoder final : public Codec {
public:
    explicit Encoder(int level) : context_(ZSTD_createCCtx(), ZSTD_freeCCtx) {
        if (!context_) throw std::bad_alloc();
        checked(ZSTD_CCtx_setParameter(context_.get(), ZSTD_c_compressionLevel, level));
        checked(ZSTD_CCtx_setParameter(context_.get(), ZSTD_c_checksumFlag, 1));
    }

    Progress run(std::string_view in, std::span<char> out, bool last) override {
        ZSTD_inBuffer from{in.data(), in.size(), 0};
        ZSTD_outBuffer to{out.data(), out.size(), 0};
        const std::size_t left = checked(ZSTD_compressStream2(context_.get(), &to, &from, last ? ZSTD_e_end : ZSTD_e_continue));
        return {from.pos, to.pos, last && left == 0};
    }

private:
    std::unique_ptr<ZSTD_CCtx, std::size_t (*)(ZSTD_CCtx*)> context_;
};

}  // namespace

std::unique_ptr<Codec> zstd_decoder() { return std::make_unique<Decoder>(); }
std::unique_ptr<Codec> zstd_encoder(int level) { return std::make_unique<Encoder>(level); }

}  // namespace reseal::codec
