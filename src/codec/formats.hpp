// SPDX-License-Identifier: BSL-1.0
#pragma once
// What each file of a format gives to make_decoder() and make_encoder().
#include <memory>

#include "codec/codec.hpp"

namespace reseal::codec {

std::unique_ptr<Codec> gzip_decoder();
/// Of the bare stream that is within gzip and zip (RFC 1951).
std::unique_ptr<Codec> deflate_decoder();
std::unique_ptr<Codec> gzip_encoder(int level);
std::unique_ptr<Codec> bzip2_decoder();
std::unique_ptr<Codec> bzip2_encoder(int level);
std::unique_ptr<Codec> xz_decoder();
std::unique_ptr<Codec> xz_encoder(int level);
std::unique_ptr<Codec> zstd_decoder();
std::unique_ptr<Codec> zstd_encoder(int level);

}  // namespace reseal::codec
