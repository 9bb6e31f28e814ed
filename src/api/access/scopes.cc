#include "api/access/scopes.h"

namespace hookreel::api {

std::vector<std::string> Scopes::texts() const {
    std::vector<std::string> all;
    for (std::size_t i = 0; i < names(static_cast<Scope*>(nullptr)).size(); ++i)
        if (bits_ & (1u << i)) all.emplace_back(name(static_cast<Scope>(i)));
    return all;
}

Result<Scopes> parse_scopes(const std::vector<std::string>& names) {
    Scopes scopes;
    for (const std::string& text : names) {
        const Result<Scope> scope = parse_enum<Scope>(text);
        if (!scope) return fail(scope.error());
        scopes.add(*scope);
    }
    return scopes;
}

Scopes scopes_of(Role role) {
    Scopes scopes{Scope::applications_read, Scope::endpoints_read, Scope::events_read,
                  Scope::queues_read, Scope::deliveries_read};
    if (role == Role::viewer) return scopes;
    for (const Scope scope : {Scope::endpoints_write, Scope::events_publish, Scope::queues_write,
                              Scope::queues_consume, Scope::deliveries_write, Scope::media_write})
        scopes.add(scope);
    if (role == Role::owner) scopes.add(Scope::admin);
    return scopes;
}

}  // namespace hookreel::api
