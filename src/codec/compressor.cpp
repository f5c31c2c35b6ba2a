// SPDX-License-Identifier: BSL-1.0
#include "codec/compressor.hpp"

namespace reseal::codec {
namespace {

constexpr std::size_t buffer_size = std::size_t{256} * 1024;

}  // namespace

void Compressor::choose(const Choice& choice) {
    codec_ = make_encoder(choice);
    if (codec_) buffer_.reset(new char[buffer_size]);
}

void Compressor::write(std::string_view bytes) {
    if (codec_) run(bytes, false);
    else next_.write(bytes);
}

void Compressor::finish() {
    if (codec_) run({}, true);
}

void Compressor::run(std::string_view bytes, bool last) {
    for (;;) {
        const Progress progress = codec_->run(bytes, {buffer_.get(), buffer_size}, last);
        bytes.remove_prefix(progress.taken);
        if (progress.made > 0) next_.write({buffer_.get(), progress.made});
        if (last ? progress.ended : bytes.empty() && progress.made < buffer_size) return;
    }
}

}  // namespace reseal::codec
