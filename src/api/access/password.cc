#include "api/access/password.h"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <cstdlib>

#include "base/digest.h"
#include "base/random.h"

namespace hookreel::api {
namespace {

constexpr int log2_n = 15;
constexpr int block_size = 8;
constexpr int parallel = 1;
constexpr std::size_t salt_bytes = 16;
constexpr std::size_t hash_bytes = 32;
constexpr std::uint64_t memory_bytes_max = 64 * 1024 * 1024;

std::string scrypt(std::string_view password, std::string_view salt) {
    std::string out(hash_bytes, '\0');
    const int done = EVP_PBE_scrypt(
        password.data(), password.size(), reinterpret_cast<const unsigned char*>(salt.data()),
        salt.size(), 1u << log2_n, block_size, parallel, memory_bytes_max,
        reinterpret_cast<unsigned char*>(out.data()), out.size());
    if (done != 1) std::abort();  // Constant parameters that OpenSSL takes.
    return out;
}

std::string head() {
    return fmt::format("scrypt${}${}${}$", log2_n, block_size, parallel);
}

bool is_right(const std::string& password, const std::string& kept) {
    const std::string begin = head();
    const std::size_t middle = kept.rfind('$');
    if (!kept.starts_with(begin) || middle < begin.size()) {
        // As slow as with a hash, so that nobody learns which accounts exist.
        scrypt(password, std::string(salt_bytes, 's'));
        return false;
    }
    const Result<std::string> salt = from_base64(kept.substr(begin.size(), middle - begin.size()));
    const Result<std::string> hash = from_base64(kept.substr(middle + 1));
    return salt && hash && constant_time_equal(scrypt(password, *salt), *hash);
}

}  // namespace

template <class Work>
Task<Result<std::invoke_result_t<Work&>>> Passwords::run(Work work) {
    using Value = std::invoke_result_t<Work&>;
    if (waiting_.fetch_add(1) >= waiting_max) {
        waiting_.fetch_sub(1);
        co_return fail(Code::unavailable, "Too many log-ins wait; try again in a few seconds.");
    }
    auto start = [this, &work](std::move_only_function<void(Value)> done) {
        asio::post(thread_, [this, &work, done = std::move(done)]() mutable {
            Value value = work();
            waiting_.fetch_sub(1);
            done(std::move(value));
        });
    };
    co_return co_await await_callback<Value>(std::move(start));
}

Task<Result<std::string>> Passwords::hash(std::string password) {
    auto work = [&password] {
        const std::string salt = random_bytes(salt_bytes);
        return head() + base64(salt) + "$" + base64(scrypt(password, salt));
    };
    co_return co_await run(work);
}

Task<Result<bool>> Passwords::verify(std::string password, std::string kept) {
    auto work = [&password, &kept] { return is_right(password, kept); };
    co_return co_await run(work);
}

}  // namespace hookreel::api
