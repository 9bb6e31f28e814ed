// Blobs of the database, as a disk that lies gives them back: events and pages of the attempt log.
#include <cstdint>
#include <cstdlib>

#include "store/sqlite/file/log_page.h"
#include "store/sqlite/file/pack.h"

namespace {

using namespace hookreel;

void look_at_events(std::string_view bytes) {
    const auto letters = store::read_letters(bytes);
    const auto keys = store::read_keys(bytes);
    if (letters.has_value() != keys.has_value()) std::abort();
    if (!letters) return;
    if (letters->size() != keys->size()) std::abort();
    const auto every_second = store::read_letters(bytes, 0x5555555555555555);
    if (!every_second || every_second->size() != letters->size()) std::abort();
    for (unsigned slot = 0; slot < letters->size(); ++slot) {
        const store::Letter& letter = *letters->at(slot);
        if (store::key_hash(letter.key) != keys->at(slot)) std::abort();
        if ((every_second->at(slot) != nullptr) != (slot % 2 == 0)) std::abort();
        const auto alone = store::read_letter(bytes, slot);
        if (!alone || (*alone)->id != letter.id || *(*alone)->body != *letter.body) std::abort();
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    look_at_events(bytes);
    for (const int form : {1, 2})
        if (const auto attempts = store::read_attempts(bytes, static_cast<store::LogForm>(form)))
            if (attempts->size() > size) std::abort();
    return 0;
}
