// SPDX-License-Identifier: BSL-1.0
#include "codec/codec.hpp"

#include "codec/formats.hpp"

namespace reseal::codec {

std::unique_ptr<Codec> make_decoder(Compression compression) {
    switch (compression) {
        case Compression::none: break;
        case Compression::gzip: return gzip_decoder();
        case Compression::bzip2: return bzip2_decoder();
        case Compression::xz: return xz_decoder();
        case Compression::zstd: return zstd_decoder();
    }
    return nullptr;
}

std::unique_ptr<Codec> make_encoder(const Choice& choice) {
    switch (choice.compression) {
        case Compression::none: break;
        case Compression::gzip: return gzip_encoder(choice.level);
        case Compression::bzip2: return bzip2_encoder(choice.level);
        case Compression::xz: return xz_encoder(choice.level);
        case Compression::zstd: return zstd_encoder(choice.level);
    }
    return nullptr;
}

}  // namespace reseal::codec
