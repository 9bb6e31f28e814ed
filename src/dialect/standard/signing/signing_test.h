// The published vectors of the scheme, for the tests of this folder.
#pragma once

#include "dialect/standard/signing/signature.h"

namespace hookreel::dialect::standard {

// The vector that the libraries of Standard Webhooks and of Svix test themselves with.
inline const Message vector_message{"msg_p5jXN8AQM9LWM0D4loKWxJek", from_unix_seconds(1614265330),
                                    "{\"test\": 2432232314}"};

inline const std::string vector_secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
inline const std::string vector_signature = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";

// The key pair of test 1 of RFC 8032, 7.1, and its signature of the same message, computed by the
// formulas of section 5.1 there and no library.
inline const std::string vector_private_key = "whsk_nWGxne/9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A=";
inline const std::string vector_public_key = "whpk_11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=";
inline const std::string vector_ed25519_signature =
    "v1a,fldxM4gAKugP6nnt1hdz3sgGfZ6d99nzrMFnZOELIxbzEHoVmAb2ADpkJK7zgPePmPsle0zV9jSeGlHFG2NVAw==";

}  // namespace hookreel::dialect::standard
