#include "bench/vod_server.h"

#include <unistd.h>

#include "dialect/tencent_vod/protocol/signature.h"

namespace hookreel::bench {
namespace {

const model::KeyPair keys{"AKIDbench", "benchsecret"};

}  // namespace

app::Config server_config(const std::string& folder) {
    app::Config config;
    config.data_dir = folder;
    config.port = 0;
    config.secret_id = keys.secret_id;
    config.secret_key = keys.secret_key;
    return config;
}

Task<Result<http::ClientResponse>> call(VodServer& server, std::string action, std::string body) {
    const dialect::tencent_vod::ApiCall signed_call{action, server.url.authority(), body};
    http::ClientRequest request;
    request.method = "POST";
    request.url = server.url;
    request.headers = dialect::tencent_vod::sign_tc3(signed_call, keys, SystemClock().now());
    request.body = std::move(body);
    co_return co_await server.client.send(std::move(request));
}

void write_text(int descriptor, const std::string& text) {
    if (::write(descriptor, text.data(), text.size()) != static_cast<ssize_t>(text.size()))
        ::_exit(3);
}

std::string read_line(int descriptor) {
    std::string line;
    for (char c = 0; ::read(descriptor, &c, 1) == 1 && c != '\n';)
        line += c;
    return line;
}

}  // namespace hookreel::bench
