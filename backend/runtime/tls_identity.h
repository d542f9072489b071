// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>

struct ssl_ctx_st;

namespace runtime {

class TlsError : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

// A certificate chain with its key, ready to serve TLS 1.2 and 1.3. Immutable: connections keep the one that they began
// with.
class TlsIdentity {
public:
    struct Files {
        std::string certificate; // PEM: the certificate first, then its chain
        std::string key;         // PEM, without a passphrase

        bool areGiven() const { return !certificate.empty(); }
    };

    // Throws TlsError with the file and what is wrong with it.
    explicit TlsIdentity(const Files& files);

    ssl_ctx_st* context() const { return m_context.get(); }
    // For Qt, which makes a context of its own.
    const std::string& certificatePem() const { return m_certificatePem; }
    const std::string& keyPem() const { return m_keyPem; }

private:
    std::string m_certificatePem, m_keyPem;
    std::shared_ptr<ssl_ctx_st> m_context;
};

// The identity in force. current() may be called from any thread; reloadIfChanged() from one, every few seconds.
class TlsIdentityHolder {
public:
    explicit TlsIdentityHolder(TlsIdentity::Files files); // throws TlsError

    std::shared_ptr<const TlsIdentity> current() const { return m_current.load(); }

    // Files that cannot be used (half written, not a pair) leave the identity as it is, and are tried again when they
    // change again.
    enum class Reload : std::uint8_t { Unchanged, Loaded, Failed };
    Reload reloadIfChanged(std::string& problem);

private:
    TlsIdentity::Files m_files;
    std::string m_seen; // what the files looked like when they were last read
    std::atomic<std::shared_ptr<const TlsIdentity>> m_current;
};

} // namespace runtime
